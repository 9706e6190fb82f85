"""What is known about one patient so far. Plain data: it survives a slot, a database and a replay unchanged."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

PRESENT, DENIED, UNCLEAR = "present", "denied", "unclear"
YES, NO = "yes", "no"


@dataclass
class MedicineUse:
    """One medicine and how the person stands to it. Times are ISO 8601 durations before now."""

    id: str
    status: str = "current"  # current | past | planned | asked | negated | other_person
    since_last_dose: str | None = None
    since_first_dose: str | None = None
    since_stop: str | None = None
    time_unclear: bool = False  # asked, and the person does not know
    words: str = ""


@dataclass
class Finding:
    """A symptom: present, denied or asked and unclear; `attributes` as in the entity (onset, duration, severity ...)."""

    id: str
    status: str = PRESENT
    attributes: dict[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def is_gone(self) -> bool:
        """It was there and has passed."""
        return self.status == DENIED and self.attributes.get("trend") == "gone"


@dataclass
class LabResult:
    """One test result in its canonical unit. `flag` stands where there is no number."""

    test: str
    value: float | None = None
    unit: str | None = None
    comparator: str = "="
    flag: str | None = None
    previous: float | None = None
    reference: list[float | None] | None = None
    times_uln: float | None = None
    category: str | None = None
    diastolic: float | None = None  # the lower number of a blood pressure; `value` is the upper one
    duration: str | None = None  # how long it has been so
    needs: str | None = None  # "unit" or "confirm": not used for a lower urgency until answered
    words: str = ""


@dataclass
class Case:
    """All that one conversation has told. `facts` and `red_flags` map ids to yes/no/unclear and to an urgency."""

    medicines: dict[str, MedicineUse] = field(default_factory=dict)
    no_medicine: bool = False
    unknown_medicines: list[str] = field(default_factory=list)
    medicine_hints: list[str] = field(default_factory=list)
    other_medicines: list[str] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    labs: dict[str, LabResult] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    red_flags: dict[str, str] = field(default_factory=dict)
    red_flag_doubts: list[str] = field(default_factory=list)
    symptom_doubts: dict[str, str] = field(default_factory=dict)  # a grave symptom that may be meant -> the person's words
    temperature: float | None = None
    age_years: float | None = None
    sex: str | None = None
    not_understood: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    contact_count: int = 1
    contact_again: bool = False
    for_other: bool = False  # a carer writes: what "she" takes and has is the patient's
    of_others: list[dict[str, Any]] = field(default_factory=list)  # symptoms told of somebody else, until it shows that a carer writes
    floor: str | None = None  # the urgency already given; only an explicit correction takes it away

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `Case.from_dict` reads it back to an equal case."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Case:
        """The case that `to_dict` wrote. Unknown keys raise TypeError: a stored case must not lose anything unseen."""
        known = dict(data)
        known["medicines"] = {k: MedicineUse(**v) for k, v in data.get("medicines", {}).items()}
        known["findings"] = {k: Finding(**v) for k, v in data.get("findings", {}).items()}
        known["labs"] = {k: LabResult(**v) for k, v in data.get("labs", {}).items()}
        return cls(**known)

    def taken(self) -> list[MedicineUse]:
        """The medicines whose risks can run: current and past ones."""
        return [use for use in self.medicines.values() if use.status in ("current", "past")]

    def assumed(self) -> list[MedicineUse]:
        """The medicines whose risks may run: those taken, or else the one that a description such as "steroids" can only mean."""
        hinted = [MedicineUse(self.medicine_hints[0], time_unclear=True)] if len(self.medicine_hints) == 1 else []
        return self.taken() or hinted

    def has_complaint(self) -> bool:
        """Whether there is anything to triage: a finding, a result, a flag or words that were not understood."""
        present = any(finding.status == PRESENT or finding.is_gone for finding in self.findings.values())
        facts = any(value == YES for name, value in self.facts.items() if name != "otherwise_well")
        return bool(present or self.labs or self.red_flags or self.not_understood or self.symptom_doubts or facts or self.temperature)
