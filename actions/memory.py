"""The conversation's slots and the dialogue's state: one into the other, without loss."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa_sdk.events import SlotSet

from knowledge.case import PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.dialogue import State

# Parts of the case that live in `context` under their own names; the contract's names are derived beside them.
_KEPT = (
    "no_medicine",
    "medicine_hints",
    "other_medicines",
    "facts",
    "red_flags",
    "red_flag_doubts",
    "symptom_doubts",
    "temperature",
    "age_years",
    "sex",
    "words",
    "asked",
    "contact_count",
    "contact_again",
    "for_other",
    "of_others",
    "floor",
)
_SEEN = {"red_flag_for_today": "same_day", "red_flag_seen": "emergency"}  # slots that Rasa sets by itself, and their level
# What the dialogue itself remembers.
_TURNS = ("history", "missed", "unanswered", "pending", "refused", "stayed", "read", "repeated", "about", "inquiry", "offered",
          "amending", "vain", "at")


def state_from(slots: dict[str, Any]) -> State:
    """The state that the slots hold; an empty one when nothing was said yet."""
    context = slots.get("context") or {}
    case = Case(**{name: context[name] for name in _KEPT if name in context})
    for use in slots.get("medicines") or []:
        if use["id"]:
            case.medicines[use["id"]] = MedicineUse(**use)
        else:
            case.unknown_medicines.append(use["words"])
    for finding in slots.get("findings") or []:
        if finding["id"]:
            case.findings[finding["id"]] = Finding(**finding)
        else:
            case.not_understood.append(finding["words"])
    for result in slots.get("lab_results") or []:
        case.labs[result["test"]] = LabResult(**result)
    missed = [(slots.get(slot), level) for slot, level in _SEEN.items() if slots.get(slot) not in (None, *case.red_flags)]
    case.red_flags.update(missed)  # no action ran when it was said: it comes before any open question
    return State(
        case,
        None if missed else slots.get("follow_up_question"),
        slots.get("assessment"),
        **{name: context[name] for name in _TURNS if name in context},
    )


def slots_from(state: State) -> list[dict[str, Any]]:
    """The events that store the state."""
    case = state.case
    medicines = [asdict(use) for use in case.medicines.values()]
    medicines += [{"id": None, "status": "current", "words": words} for words in case.unknown_medicines]
    findings = [asdict(finding) for finding in case.findings.values()]
    findings += [{"id": None, "status": PRESENT, "words": words} for words in case.not_understood]
    values = {
        "medicines": medicines,
        "findings": findings,
        "lab_results": [asdict(result) for result in case.labs.values()],
        "context": {
            **_contract_context(case),
            **{name: getattr(case, name) for name in _KEPT},
            **{name: getattr(state, name) for name in _TURNS},
        },
        "follow_up_question": state.question,
        "assessment": state.assessment,
        **dict.fromkeys(_SEEN, next(reversed(case.red_flags), None)),
    }
    return [SlotSet(name, value) for name, value in values.items()]


def _contract_context(case: Case) -> dict[str, Any]:
    def found(*names: str) -> bool:
        return any(name in case.findings and case.findings[name].status == PRESENT for name in names)

    index, status = case.labs.get("jcv_index"), case.labs.get("jcv_antibody")
    return {
        "pregnancy": "yes" if found("pregnancy_confirmed") else "possible" if found("possible_pregnancy") else None,
        "breastfeeding": case.facts.get("breastfeeding"),
        "fever": found("fever") or (case.temperature is not None and case.temperature >= 38.0),
        "jcv_index": index.value if index else None,
        "jcv_status": (status.category or status.flag) if status else None,
        "infection": found("infection", "chest_infection", "urinary_infection") or case.facts.get("infection") == YES,
    }
