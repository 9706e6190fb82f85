"""The record behind the note for the MS team: everything the note says comes from it."""

from __future__ import annotations

from dataclasses import fields

from conversing import answer_no, told, turn, world

from knowledge import record
from knowledge.record import record_of
from knowledge.summary import sections

STORY = "on tysabri for 3 years, stopped rebif in 2019, left arm numb for 2 weeks, alt 95, temp 37.2, no rash"


def test_the_record_holds_words_medicines_findings_results_and_advice() -> None:
    state = answer_no(told(STORY))
    _, session = world()
    made = record_of(state.case, state.assessment, session.knowledge, session.words.now)
    medicines = {item.name.split()[0]: item for item in made.medications}
    assert medicines["Tysabri"].status == "active" and medicines["Tysabri"].system == record.ATC and medicines["Rebif"].status == "stopped"
    assert [item.text for item in made.sayings][0] == STORY
    numb = next(item for item in made.findings if item.present and item.since)
    assert numb.since == "2025-12-22" and numb.words
    alt = next(item for item in made.measures if item.name == "ALT")
    assert (alt.value, alt.unit, alt.system, alt.told_on) == (95, "U/L", record.LOINC, "2026-01-05")
    assert any(item.present is False for item in made.findings)
    assert made.advice and made.advice.release == "1-test" and made.advice.urgency == (state.assessment or {})["urgency"]


def test_every_field_is_mapped_to_a_resource_in_the_words_of_the_module() -> None:
    for kind in (record.Saying, record.Medication, record.Finding, record.Measure, record.Advice):
        described = (record.__doc__ or "").partition(f"    {kind.__name__} ")[2].partition("\n\n")[0]
        assert all(field.name in described for field in fields(kind)), kind


def test_the_note_is_made_from_the_record_alone() -> None:
    state = answer_no(told(STORY))
    card = turn(state, "summary")[0].custom or {}
    _, session = world()
    made = record_of(state.case, state.assessment, session.knowledge, session.words.now)
    assert card["sections"] == sections(made) and all(line in card["text"] for part in card["sections"] for line in part["lines"])
    assert [part["title"].split()[0] for part in card["sections"]] == ["Situation", "Background", "Assessment", "Recommendation"]
