"""Corrections that name nothing, answers that are none, and "go back" said twice."""

from __future__ import annotations

import pytest
from conversing import answer_no, text_of, told, turn

from knowledge.case import DENIED


@pytest.mark.parametrize(("story", "correction", "test", "value"), [
    ("on kesimpta, neutrophils 0.08", "sorry 0.8 not 0.08", "absolute_neutrophil_count", 0.8),
    ("on rebif, hb 9.8", "my husband checked, it was 12.8", "hemoglobin", 12.8),
    ("on rebif, hb 98 g/l", "sorry, it was 128", "hemoglobin", 12.8),
])
def test_a_number_alone_corrects_the_result_it_can_be_about(story: str, correction: str, test: str, value: float) -> None:
    state = answer_no(told(story))
    turn(state, correction)
    assert state.case.labs[test].value == pytest.approx(value)


def test_of_two_results_a_number_corrects_the_one_it_names_and_else_none() -> None:
    state = told("on tecfidera, alt 95, lymphocytes 0.3")
    turn(state, "sorry, 0.8 not 0.3")
    assert (state.case.labs["absolute_lymphocyte_count"].value, state.case.labs["alt"].value) == (0.8, 95)
    turn(state, "it was 70")
    assert (state.case.labs["absolute_lymphocyte_count"].value, state.case.labs["alt"].value) == (0.8, 95)


def test_a_time_alone_corrects_the_dose_it_can_be_about() -> None:
    state = answer_no(told("on ocrevus, my last infusion was yesterday and i have a rash"))
    turn(state, "no it was 3 weeks ago")
    assert state.case.medicines["ocrelizumab"].since_last_dose in ("P3W", "P21D")


def test_a_time_alone_belongs_to_the_complaint_and_answers_no_question_about_signs() -> None:
    state = told("i take tysabri", "my hand is clumsy", "three weeks")
    assert state.case.findings["clumsiness"].attributes["duration"] == "P3W" and state.question.startswith("danger")


def test_an_item_of_the_list_is_corrected_by_its_number() -> None:
    state = told("on rebif, my platelets are 90", "what did you understand?")
    assert "platelets 90" in text_of(turn(state, "2 is wrong"))
    turn(state, "platelets 190")
    assert state.case.labs["platelets"].value == 190 and state.case.labs["platelets"].previous is None


@pytest.mark.parametrize("said", ["no wait i meant kesimpta", "i can't cope any more, i have not slept", "this is useless you stupid bot"])
def test_what_is_no_answer_denies_no_danger_sign(said: str) -> None:
    state = told("on ocrevus and i have a rash")
    assert state.question and state.question.startswith("danger")
    turn(state, said)
    assert not [name for name, finding in state.case.findings.items() if finding.status == DENIED]
    assert (state.assessment or {}).get("urgency") != "emergency"


def test_a_danger_question_that_was_passed_over_is_asked_once_more() -> None:
    state = told("on mavenclad, temp 38.5", "my dog died last week")
    assert state.question and state.question.startswith("danger")


def test_go_back_goes_back_further_each_time() -> None:
    state = told("on tysabri, rash on my leg", "no", "no", "go back")
    assert state.question.startswith("signs")
    turn(state, "go back")
    assert state.question.startswith("danger") and not [item for item in state.case.findings.values() if item.status == DENIED]
    turn(state, "go back")
    assert state.question == "medicine" and not state.case.findings


@pytest.mark.parametrize("said", ["im really worried", "please help me", "😢"])
def test_a_sentence_is_no_medicine(said: str) -> None:
    assert not told("hi", said).case.unknown_medicines


def test_the_medicine_is_not_what_was_noticed() -> None:
    state = told("hi", "i have a rash", "go back", "on ocrevus")
    assert state.question == "noticed" and state.assessment is None


@pytest.mark.parametrize(("story", "correction", "before", "after", "side"), [
    ("on gilenya, my ankles are swollen", "not my ankles, my hands", "ankle_swelling", "fluid_swelling", None),
    ("on gilenya, my ankles are swollen", "no, i mean my hands, not my ankles", "ankle_swelling", "fluid_swelling", None),
    ("on tysabri, my arm has been weak for weeks", "not in my arm, it's in my leg", "arm_weakness", "leg_weakness", None),
    ("on ocrevus, my left eye is sore", "not my left eye, my right", None, "eye_pain", "right"),
    ("on ocrevus, my left eye is sore", "not the left, the right", None, "eye_pain", "right"),
])
def test_a_contrast_corrects_the_complaint_without_naming_it_again(
        story: str, correction: str, before: str | None, after: str, side: str | None) -> None:
    state = told(story)
    turn(state, correction)
    findings = state.case.findings
    assert findings[after].status == "present" and findings[after].attributes.get("side") == side
    assert before is None or findings[before].status == DENIED


def test_a_contrast_with_words_that_fit_no_complaint_is_asked_about_and_takes_nothing_away() -> None:
    state = told("on gilenya, my ankles are swollen")
    assert "instead of" in text_of(turn(state, "not my ankles, my carburettor"))
    assert state.case.findings["ankle_swelling"].status == "present"


@pytest.mark.parametrize("said", ["ok i called them", "the ambulance is on its way", "we're at a&e now"])
def test_who_has_help_is_not_told_again_to_call(said: str) -> None:
    state = told("i have crushing chest pain on gilenya")
    assert "glad that you have help" in text_of(turn(state, said)) and state.case.floor == "emergency"


@pytest.mark.parametrize("said", ["yes she's breathing fine", "both eyes"])
def test_a_yes_that_names_no_danger_sign_is_no_emergency(said: str) -> None:
    state = told("on gilenya, she has a cough")
    assert state.question and state.question.startswith("danger")
    turn(state, said)
    assert (state.assessment or {}).get("urgency") != "emergency" and state.question


def test_a_correction_of_the_medicine_takes_no_pregnancy_back() -> None:
    state = told("i'm pregnant and on gilenya", "that's wrong")
    assert state.question == "retract"
    turn(state, "no i meant mavenclad")
    assert "pregnancy_on_teratogen" in state.case.red_flags and [use.id for use in state.case.taken()] == ["cladribine"]
    assert (state.assessment or {})["urgency"] == "same_day"
