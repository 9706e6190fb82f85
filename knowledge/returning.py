"""Who comes back after a clear gap: what is remembered, what still counts of the same matter, and what does not of a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from knowledge.case import PRESENT, YES, Case, MedicineUse
from knowledge.durations import days
from knowledge.interview import medicine_name
from knowledge.questions import is_told
from knowledge.release import Knowledge
from knowledge.triage import assess
from knowledge.wording import Words, name_of, told

CONTACT_ENDS_AFTER = timedelta(hours=4)  # messages closer together belong to one contact
LASTING = ("pregnancy_confirmed", "possible_pregnancy")  # findings that a new matter does not end
MOST_REMEMBERED = 3
OFTEN = 14  # days between doses at most, of a medicine that may have been taken again meanwhile


def gap(at: str | None, now: datetime) -> timedelta | None:
    """How long the person was away, if that was long enough to end a contact. `at` is the time of the last message (ISO 8601)."""
    away = now - datetime.fromisoformat(at) if at else timedelta()
    return away if away >= CONTACT_ENDS_AFTER else None


def complaints_in(entities: list[dict[str, Any]]) -> set[str]:
    """The symptoms and tests that a message tells as present."""
    named = {entity["value"] for entity in entities if entity["entity"] in ("symptom", "red_flag") and is_told(entity)}
    named |= {entity["value"]["test"] for entity in entities if entity["entity"] == "lab_result" and is_told(entity)}
    return (named - {"no_symptom"}) | {"fever" for entity in entities if entity["entity"] == "temperature" and is_told(entity)}


def is_same(complaints: set[str], case: Case, knowledge: Knowledge) -> bool:
    """Whether one of the complaints, in a broader or narrower form, is one that the case holds."""
    known = {finding.id for finding in case.findings.values() if finding.status == PRESENT} | set(case.labs) | set(case.red_flags)
    known |= {"fever"} if case.temperature is not None else set()
    narrower = knowledge.names.descendants
    return any(one in narrower.get(other, (other,)) or other in narrower.get(one, (one,)) for one in complaints for other in known)


def remembered(case: Case, knowledge: Knowledge) -> str:
    """What was told, in a few words: "chest pain, on Gilenya"; empty if there was no complaint."""
    said = told(case, knowledge) or [name_of(flag, knowledge) for flag in case.red_flags]
    said = [item for item in said if not item.startswith("“")][:MOST_REMEMBERED] or said[:1]
    names = ", ".join(medicine_name(use.id, knowledge) for use in case.taken())
    return f"{'; '.join(said)}, on {names}" if said and names else "; ".join(said)


def how_long(away: timedelta, words: Words) -> str:
    """"earlier today", "yesterday" or "5 days ago", by the clinic's calendar."""
    passed = (words.now.date() - (words.now - away).date()).days
    return words.say("back.today") if passed == 0 else words.say("back.yesterday") if passed == 1 else words.say("back.days", days=passed)


def same_matter(case: Case, away: timedelta, knowledge: Knowledge) -> Case:
    """The case of a second contact about the same: what was present stands, what was denied then is asked anew."""
    present = {name: finding for name, finding in case.findings.items() if finding.status == PRESENT}
    facts = {name: value for name, value in case.facts.items() if value == YES and not knowledge.facts.get(name, {}).get("opposite")}
    facts.pop("otherwise_well", None)
    return replace(case, medicines=_aged(case.medicines, away), findings=present, facts=facts, temperature=None, asked=[],
                   red_flag_doubts=[], symptom_doubts={}, contact_again=True, contact_count=case.contact_count + 1)


def new_matter(case: Case, away: timedelta, knowledge: Knowledge) -> Case:
    """A case with what lasts: medicines, age, a pregnancy, and results that are no emergency by themselves.

    An emergency of the last contact and its words do not colour the new matter.
    """
    fresh = Case(medicines=_aged(case.medicines, away), no_medicine=case.no_medicine, unknown_medicines=list(case.unknown_medicines),
                 other_medicines=list(case.other_medicines), age_years=case.age_years, sex=case.sex, for_other=case.for_other,
                 findings={name: case.findings[name] for name in LASTING if name in case.findings},
                 labs={name: replace(result, needs=None) for name, result in case.labs.items()}, contact_count=case.contact_count)
    now = assess(fresh, knowledge)
    if now.urgency == "emergency":
        for match in now.matches:
            if match.urgency == "emergency":
                fresh.labs = {name: result for name, result in fresh.labs.items() if name not in match.evidence}
    return fresh


def _aged(medicines: dict[str, MedicineUse], away: timedelta) -> dict[str, MedicineUse]:
    """Each use with its times moved on. A last dose a day ago may not be the last one by now: then nobody knows."""
    def later(duration: str | None) -> str | None:
        return f"P{round(days(duration) + away / timedelta(days=1))}D" if duration else None

    def last_dose(use: MedicineUse) -> str | None:
        known = use.since_last_dose and (use.status == "past" or days(use.since_last_dose) > OFTEN)
        return later(use.since_last_dose) if known else None

    return {name: replace(use, since_first_dose=later(use.since_first_dose), since_stop=later(use.since_stop),
                          since_last_dose=last_dose(use), time_unclear=False) for name, use in medicines.items()}
