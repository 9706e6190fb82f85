"""What was read in a message, in rows that staff can check: what, who, when, how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.reasons import name_of, with_plain_lengths
from knowledge.release import Knowledge

KINDS = {
    "medicine": "Medicine", "medicine_hint": "Medicine?", "unknown_medicine": "Unknown medicine", "other_medicine": "Other medicine",
    "symptom": "Symptom", "lab_result": "Result", "other_lab_result": "Other result", "red_flag": "Red flag", "red_flag_doubt": "Red flag?",
    "temperature": "Temperature", "duration": "How long", "time_since": "When", "fact": "Fact", "age": "Age", "sex": "Sex",
    "unknown_complaint": "Not understood",
}  # fmt: skip
MORE_OF_A_RESULT = ("previous", "reference", "times_uln", "duration")
TIMES = {"since_first_dose": "first dose {} ago", "since_last_dose": "last dose {} ago", "since_stop": "stopped {} ago"}


@dataclass(frozen=True)
class Row:
    """One thing that was read. `role` is the contract's (present, negated, past ...); `details` are times and qualities."""

    kind: str
    name: str
    role: str
    details: str
    words: str
    alarm: bool = False


def rows(text: str, entities: list[dict[str, Any]], knowledge: Knowledge) -> list[Row]:
    """The entities of a message as rows, in the order of its words; times that belong to a medicine are told there."""
    return [_row(text, entity, knowledge) for entity in entities if not (entity["entity"] == "time_since" and entity.get("group"))]


def _row(text: str, entity: dict[str, Any], knowledge: Knowledge) -> Row:
    kind, value = entity["entity"], entity.get("value")
    words = text[entity["start"] : entity["end"]] if "start" in entity and "end" in entity else ""
    role = str(entity.get("role") or (value.get("status") if isinstance(value, dict) else "") or "")
    title, alarm = KINDS.get(kind, kind.replace("_", " ")), kind in ("red_flag", "red_flag_doubt")
    return Row(title, _name(kind, value, knowledge), role.replace("_", " "), _details(entity), words, alarm)


def _name(kind: str, value: Any, knowledge: Knowledge) -> str:
    if kind in ("lab_result", "other_lab_result") and isinstance(value, dict):
        return f"{name_of(str(value.get('test')), knowledge)} {_number(value)}".strip()
    if kind == "temperature" and isinstance(value, dict):
        return f"{value['value']} °C"
    if kind in ("duration", "time_since"):
        return with_plain_lengths(str(value))
    return name_of(str(value), knowledge) if isinstance(value, str) else str(value)


def _number(value: dict[str, Any]) -> str:
    parts = (value.get("comparator"), value.get("value"), value.get("unit"), value.get("flag"))
    return " ".join(str(part) for part in parts if part is not None)


def _details(entity: dict[str, Any]) -> str:
    value = entity.get("value")
    told = [TIMES[name].format(length) for name, length in (entity.get("status_time") or {}).items() if name in TIMES and length]
    told += [f"{name.replace('_', ' ')} {item}" for name, item in (entity.get("attributes") or {}).items()]
    if isinstance(value, dict):
        told += [f"{name.replace('_', ' ')} {value[name]}" for name in MORE_OF_A_RESULT if value.get(name)]
    return with_plain_lengths(", ".join(told))
