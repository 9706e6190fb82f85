"""The note for the MS team in SBAR order, made from the record alone, and the list of what was understood."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from knowledge.case import DENIED, Case
from knowledge.interview import medicine_name
from knowledge.record import Advice, Finding, Measure, Medication, Record, record_of
from knowledge.release import Knowledge
from knowledge.wording import Words, name_of, told, use_in_words

MOST_SAYINGS = 6
STATES = {"active": "taken now", "stopped": "taken before", "intended": "planned", "unknown": "not known to the assistant"}
COURSES = {"worse": "getting worse", "same": "unchanged", "better": "getting better", "gone": "gone now"}


def summary_card(case: Case, assessment: dict[str, Any] | None, knowledge: Knowledge, words: Words) -> dict[str, Any]:
    """Situation, Background, Assessment, Recommendation as sections of lines, the same as text to copy, and the record behind them."""
    record = record_of(case, assessment, knowledge, words.now)
    heading = f"Note for the MS team, {words.now:%d %B %Y, %H:%M}"
    parts = sections(record)
    text = "\n\n".join([heading, *("\n".join([part["title"], *(f"- {line}" for line in part["lines"])]) for part in parts)])
    return {"type": "summary", "title": heading, "sections": parts, "text": text, "record": asdict(record)}


def sections(record: Record) -> list[dict[str, Any]]:
    """The record in SBAR order: titles and lines."""
    advice = record.advice
    return [
        {"title": "Situation", "lines": _situation(record) or ["Nothing reported yet."]},
        {"title": "Background", "lines": _background(record) or ["MS medicine not known."]},
        {"title": "Assessment (by a computer program, not by a clinician)", "lines": _assessed(record, advice)},
        {"title": "Recommendation", "lines": list(advice.actions) if advice else ["Not finished."]},
    ]


def _situation(record: Record) -> list[str]:
    who = "In a carer's words" if record.for_other else "In the person's words"
    lines = [f"{who}: “{said.text}”" for said in record.sayings[:MOST_SAYINGS]]
    lines += [f"Reported: {_finding(finding)}" for finding in record.findings if finding.present]
    lines += [f"Result: {_measure(measure)}" for measure in record.measures]
    for present, label in ((False, "Denied"), (None, "Asked, not clear")):
        names = [f"{finding.name} (gone now)" if finding.course == "gone" else finding.name
                 for finding in record.findings if finding.present is present]
        lines += [f"{label}: {', '.join(names)}"] if names else []
    return lines + ([f"Contact number {record.contact} about this"] if record.contact > 1 else [])


def _background(record: Record) -> list[str]:
    lines = [_medication(medication) for medication in record.medications]
    lines += ["Takes no MS medicine"] if record.no_medicine else []
    lines += ["Other medicines: " + ", ".join(record.other_medicines)] if record.other_medicines else []
    lines += [f"Age {record.age_years:g}"] if record.age_years else []
    return lines + ([f"Sex: {record.sex}"] if record.sex else [])


def _assessed(record: Record, advice: Advice | None) -> list[str]:
    if advice is None:
        return ["No advice was given yet."]
    lines = [f"Urgency: {advice.headline}", *advice.reasons, *(f"Not understood: “{said}”" for said in record.not_understood)]
    return [*lines, f"Knowledge release {advice.release}, model {advice.model or 'none'}"]


def _finding(finding: Finding) -> str:
    side = "both sides" if finding.side == "both" else f"{finding.side} side" if finding.side else None
    details = (side, finding.onset, finding.severity, f"since {_date(finding.since)}" if finding.since else None,
               COURSES.get(finding.course or ""))
    return ", ".join([finding.name, *filter(None, details)])


def _measure(measure: Measure) -> str:
    number = f"{measure.comparator or ''}{measure.value:g} {measure.unit or ''}".strip() if measure.value is not None else None
    before = f", before: {measure.previous:g}" if measure.previous is not None else ""
    return f"{measure.name} {number or measure.text}{before} (told on {_date(measure.told_on)})"


def _medication(medication: Medication) -> str:
    times = [f"{label} {_date(day)}" for label, day in
             (("first dose about", medication.first), ("last dose about", medication.last), ("stopped about", medication.stopped)) if day]
    name = medication.name if medication.code else f"Medicine in the person's words: “{medication.name}”"
    return f"{name}: {STATES[medication.status]}" + (f" ({', '.join(times)})" if times else "")


def _date(day: str | None) -> str:
    return f"{datetime.fromisoformat(str(day)):%d %B %Y}"


def understood_card(case: Case, knowledge: Knowledge) -> dict[str, Any]:
    """Each understood item with the words that change it."""
    items = [{"label": "Medicine", "value": use_in_words(use, knowledge), "change": f"not {medicine_name(use.id, knowledge)}"}
             for use in case.taken()]
    items += [{"label": "Medicine", "value": f"“{said}” (not known to me)", "change": "change my medicine"}
              for said in case.unknown_medicines]
    items += [{"label": "You have", "value": said, "change": f"I don't have {said.split(',')[0]}"} for said in told(case, knowledge)]
    denied = [name_of(finding.id, knowledge) for finding in case.findings.values() if finding.status == DENIED]
    if denied:
        items.append({"label": "You don't have", "value": ", ".join(denied), "change": "that's wrong"})
    items += [{"label": "Warning sign", "value": name_of(flag, knowledge), "change": "that's wrong"} for flag in case.red_flags]
    return {"type": "understood", "items": items}
