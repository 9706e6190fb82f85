"""Each kind of entity into the case: one reader for each."""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.case import DENIED, NO, PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.durations import days
from knowledge.intake.changes import Changes, Entity
from knowledge.urgency import most_urgent

LATELY = 7  # days: a report dated so is one of now
_BODY_MEASURE = re.compile(r"\b(?:weight|height|bmi|edss)\b", re.I)


def _medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    identifier, role = entity["value"], entity.get("role", "current")
    known = case.medicines.get(identifier)
    if known and role in ("asked", "other_person") and not correcting:
        return
    if known and role == "negated":
        changes.corrected.append(identifier)
        known.status = "negated"
        return
    if correcting and role == "current":
        for other in case.medicines.values():
            if other.id != identifier and other.status == "current" and other.id not in entity.get("keeps", ()):
                other.status = "negated"
                changes.corrected.append(other.id)
    use = known or MedicineUse(identifier)
    use.status, use.words = role, entity.get("text", use.words)
    for name, value in (entity.get("status_time") or {}).items():
        setattr(use, name, value)
    case.medicines[identifier] = use
    if identifier in case.medicine_hints:
        case.medicine_hints.clear()
    (changes.corrected if known and correcting else changes.added).append(identifier)


def _other_result(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    """A result that no rule speaks about is shown and passed on in the person's words; body measures are no results."""
    if not _BODY_MEASURE.search(entity["value"]) and entity["value"] not in case.not_understood:
        case.not_understood.append(entity["value"])
        changes.added.append("other_lab_result")


def _unknown_medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.unknown_medicines:
        case.unknown_medicines.append(entity["value"])
        changes.added.append(entity["value"])


def _hint(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if not case.taken():
        candidates = entity.get("candidates") or entity["value"]
        for candidate in candidates if isinstance(candidates, list) else [candidates]:
            if candidate not in case.medicine_hints:
                case.medicine_hints.append(candidate)
        changes.added.append("medicine_hint")


def _other_medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.other_medicines:
        case.other_medicines.append(entity["value"])
        changes.added.append(entity["value"])


def _symptom(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    identifier, role = entity["value"], entity.get("role", "present")
    known = case.findings.get(identifier)
    if role == "past" and (entity.get("attributes") or {}).get("trend") == "gone":  # "the fever has gone": not there now
        role = "negated"
    if role in ("present", "negated"):
        status = PRESENT if role == "present" else DENIED
        if known and known.status == PRESENT and status == DENIED:
            changes.corrected.append(identifier)
        elif not known or known.status != status:
            changes.added.append(identifier)
        attributes = {**(known.attributes if known and status == PRESENT else {}), **(entity.get("attributes") or {})}
        if known and attributes != known.attributes:
            changes.added.append(identifier)
        case.findings[identifier] = Finding(identifier, status, attributes, entity.get("text", ""))
    elif role in ("past", "other_person", "hypothetical") and known and correcting:
        del case.findings[identifier]
        changes.corrected.append(identifier)


def _lab(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    value = entity["value"]
    test, status = value["test"], value.get("status", "current")
    known = case.labs.get(test)
    if known and known.value is not None and not correcting and days(value.get("ago", "P0D")) > LATELY:
        status = "previous"  # an older report after a newer one
    if status == "previous" and known:
        known.previous = value.get("value")
        changes.added.append(test)
    elif status == "previous" and value.get("value") is not None:
        case.labs.setdefault(f"{test}", LabResult(test, None, previous=value["value"], flag=None, needs=None))
    elif status == "current" or status == "asked" and isinstance(value.get("value"), int | float):  # "is 0.6 ok?" tells it
        flag = value.get("flag")
        number = value.get("value") if isinstance(value.get("value"), int | float) and value.get("unit") != "x ULN" else None
        category = value.get("value") if isinstance(value.get("value"), str) else flag if flag in ("positive", "negative") else None
        earlier = value.get("previous")
        if earlier is None and known and not correcting:
            earlier = known.value if known.value is not None and known.value != number else known.previous
        case.labs[test] = LabResult(
            test, number, value.get("unit"), value.get("comparator") or "=", flag, earlier, value.get("reference"),
            value.get("times_uln"), category, value.get("diastolic"), value.get("duration"), value.get("needs"), entity.get("text", ""),
        )
        (changes.corrected if known and correcting else changes.added).append(test)


def _temperature(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity.get("role", "present") == "present":
        case.temperature = float(entity["value"]["value"])
        changes.added.append("fever")
        if case.temperature < 38.0 and "fever" in case.findings and correcting:
            del case.findings["fever"]


def _fact(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    role = entity.get("role", "present")
    if role in ("present", "negated"):
        case.facts[entity["value"]] = YES if role == "present" else NO
        changes.added.append(entity["value"])


def _red_flag(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity.get("role", "present") in ("present", "other_person"):
        known = "" if correcting else case.red_flags.get(entity["value"], "")
        case.red_flags[entity["value"]] = most_urgent(known or None, entity.get("urgency")) or ""
        changes.added.append(entity["value"])


def _doubt(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.red_flag_doubts and entity["value"] not in case.red_flags:
        case.red_flag_doubts.append(entity["value"])
        changes.added.append(entity["value"])


def _symptom_doubt(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.findings:
        case.symptom_doubts[entity["value"]] = entity["text"]
        changes.added.append(entity["value"])


def _unknown_complaint(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.not_understood:
        case.not_understood.append(entity["value"])
        changes.added.append(entity["value"])


def _age(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    case.age_years = float(entity["value"])
    changes.added.append("age")


def _sex(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    case.sex = entity["value"]
    changes.added.append("sex")


READERS: dict[str, Callable[[Case, Entity, Changes, bool], None]] = {
    "medicine": _medicine, "unknown_medicine": _unknown_medicine, "medicine_hint": _hint, "other_medicine": _other_medicine,
    "symptom": _symptom, "lab_result": _lab, "temperature": _temperature, "fact": _fact, "red_flag": _red_flag,
    "red_flag_doubt": _doubt, "symptom_doubt": _symptom_doubt, "unknown_complaint": _unknown_complaint, "other_lab_result": _other_result,
    "age": _age, "sex": _sex,
}
