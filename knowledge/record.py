"""The record of one contact for the MS team: one structured whole from which the note, the printable page and a later export are made.

Each class stands for one FHIR R4 resource and each field for one element of it, so that an export is a renaming:

    Record      Composition and its document Bundle: at -> date; age_years, sex -> Patient; contact -> Encounter
    Saying      Communication from the patient: text -> payload.contentString; at -> sent
    Medication  MedicationStatement: code, system, name -> medicationCodeableConcept; status -> status; first, stopped ->
                effectivePeriod.start, .end; last -> dosage.extension (last dose); words -> note
    Finding     Observation of a symptom: code, system, name -> code; present -> valueBoolean (None: dataAbsentReason); since ->
                effectivePeriod.start; onset, severity, course, side -> component; words -> note
    Measure     Observation, laboratory or vital sign: code, system, name -> code; value, unit, comparator -> valueQuantity; text ->
                valueString; flag -> interpretation; reference -> referenceRange; previous -> component; told_on ->
                effectiveDateTime; words -> note
    Advice      Communication to the patient: urgency -> priority; headline, actions -> payload; reasons -> reasonCode; at -> sent;
                release, model -> sender, a Device with these versions

Condition is not used: the assistant never diagnoses. Codes are those of the content (`basis: recalled`): check them before an export.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from knowledge.case import DENIED, PRESENT, UNCLEAR, YES, Case
from knowledge.durations import days
from knowledge.interview import medicine_name
from knowledge.release import Knowledge
from knowledge.wording import name_of

ATC, LOINC, HPO = "http://www.whocc.no/atc", "http://loinc.org", "http://human-phenotype-ontology.org"
OWN = "urn:ms-medicine-safety-assistant"  # ids of the content, where no other code is known
MEDICATION_STATUS = {"current": "active", "past": "stopped", "planned": "intended"}


@dataclass(frozen=True)
class Saying:
    """What the person wrote, word for word."""

    text: str
    at: str


@dataclass(frozen=True)
class Medication:
    """A medicine as the person says they take it. `first`, `last` and `stopped` are dates (ISO 8601) or None."""

    name: str
    code: str | None
    system: str | None
    status: str  # of FHIR: active | stopped | intended | unknown
    first: str | None = None
    last: str | None = None
    stopped: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Finding:
    """A symptom, fact or danger sign: present, denied (False) or asked and not clear (None). `since` is a date."""

    name: str
    code: str
    system: str
    present: bool | None
    since: str | None = None
    onset: str | None = None
    severity: str | None = None
    course: str | None = None
    side: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Measure:
    """A result as the person told it. The date of the test itself is not known: `told_on` is the date of the contact."""

    name: str
    code: str
    system: str
    told_on: str
    value: float | None = None
    unit: str | None = None
    comparator: str | None = None
    text: str | None = None
    flag: str | None = None
    previous: float | None = None
    reference: tuple[float | None, float | None] | None = None
    words: str = ""


@dataclass(frozen=True)
class Advice:
    """What the assistant advised, and the release of the content that it came from."""

    urgency: str
    headline: str
    actions: tuple[str, ...]
    reasons: tuple[str, ...]
    at: str
    release: str
    model: str | None


@dataclass(frozen=True)
class Record:
    """One contact."""

    at: str
    contact: int
    age_years: float | None
    sex: str | None
    sayings: tuple[Saying, ...] = ()
    medications: tuple[Medication, ...] = ()
    no_medicine: bool = False
    other_medicines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    measures: tuple[Measure, ...] = ()
    not_understood: tuple[str, ...] = ()
    advice: Advice | None = None
    for_other: bool = False


def record_of(case: Case, assessment: dict[str, Any] | None, knowledge: Knowledge, now: datetime) -> Record:
    """The record of `case` and of the assessment given, at `now` by the clinic's clock."""
    at = now.isoformat(timespec="minutes")
    return Record(
        at, case.contact_count, case.age_years, case.sex,
        tuple(Saying(text, at) for text in case.words),
        (*(_medication(use, knowledge, now) for use in case.medicines.values() if use.status in MEDICATION_STATUS),
         *(Medication(words, None, None, "unknown", words=words) for words in case.unknown_medicines)),
        case.no_medicine,
        tuple(case.other_medicines),
        tuple(_findings(case, knowledge, now)),
        tuple(_measures(case, knowledge, now)),
        tuple(dict.fromkeys([*case.not_understood, *case.symptom_doubts.values()])),
        _advice(assessment, at) if assessment else None,
        case.for_other,
    )


def _day(duration: str | None, now: datetime) -> str | None:
    """The date so long before now."""
    try:
        return (now - timedelta(days=days(duration))).date().isoformat() if duration else None
    except (ValueError, OverflowError):
        return None


def _medication(use: Any, knowledge: Knowledge, now: datetime) -> Medication:
    atc = knowledge.medicines[use.id].get("codes", {}).get("atc")
    return Medication(medicine_name(use.id, knowledge), atc or use.id, ATC if atc else OWN, MEDICATION_STATUS[use.status],
                      _day(use.since_first_dose, now), _day(use.since_last_dose, now), _day(use.since_stop, now), use.words)


def _findings(case: Case, knowledge: Knowledge, now: datetime):
    for flag in case.red_flags:
        yield Finding(name_of(flag, knowledge), flag, OWN, True)
    for finding in case.findings.values():
        told = {name: value for name, value in finding.attributes.items() if value != UNCLEAR}
        hpo = knowledge.symptoms.get(finding.id, {}).get("hpo")
        yield Finding(name_of(finding.id, knowledge), hpo or finding.id, HPO if hpo else OWN,
                      {PRESENT: True, DENIED: False, UNCLEAR: None}[finding.status], _day(told.get("duration"), now), told.get("onset"),
                      told.get("severity"), told.get("trend"), told.get("side"), finding.words)
    for name, value in case.facts.items():
        if value == YES and not knowledge.facts.get(name, {}).get("opposite"):
            yield Finding(name_of(name, knowledge), name, OWN, True)


def _measures(case: Case, knowledge: Knowledge, now: datetime):
    today = now.date().isoformat()
    if case.temperature is not None:
        yield Measure("temperature", "8310-5", LOINC, today, case.temperature, "°C")
    for result in case.labs.values():
        loinc = (knowledge.labs[result.test].get("loinc") or {}).get("primary")
        text = f"{result.times_uln:g} times the upper limit" if result.times_uln is not None else result.category or result.flag
        yield Measure(
            name_of(result.test, knowledge), loinc or result.test, LOINC if loinc else OWN, today, result.value,
            result.unit if result.unit not in ("index", "category") else None, result.comparator if result.comparator != "=" else None,
            None if result.value is not None else text or "not clear", result.flag, result.previous,
            tuple(result.reference) if result.reference else None, result.words)  # type: ignore[arg-type]


def _advice(assessment: dict[str, Any], at: str) -> Advice:
    reasons = [f"{risk['name']}: {', '.join(risk['matched'])}" if risk["matched"] else risk["name"] for risk in assessment["risks"]]
    return Advice(assessment["urgency"], assessment["headline"], tuple(assessment["actions"]), tuple(reasons), at,
                  assessment["knowledge_release"], assessment["model"])
