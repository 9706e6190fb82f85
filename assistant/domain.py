"""Writes Rasa's files from the content: one intent with an example, one rule and one response for each red flag.

`python -m assistant.domain` after a change of the red flags; a test holds the files at what this writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge import schema
from knowledge.clinic import Clinic
from knowledge.dialogue import RED_FLAG, TURNS
from knowledge.wording import number_in_words

NUMBER_SLOTS = {"emergency": "emergency_number", "crisis": "crisis_line", "poison": "poison_line"}  # as the content and the domain say
ACTIONS = {intent: f"action_{turn}" for intent, turn in TURNS.items()}
FOR_TODAY = ("report", "correct")  # what a message with a red flag is that is no emergency
READ_FOR_CERTAIN = (RED_FLAG, "other_language")  # how the intents begin that are read, never guessed
SLOTS = ("medicines", "findings", "lab_results", "context", "follow_up_question", "assessment")
ENTITIES = (
    "medicine",
    "medicine_hint",
    "unknown_medicine",
    "other_medicine",
    "symptom",
    "lab_result",
    "other_lab_result",
    "red_flag",
    "red_flag_doubt",
    "symptom_doubt",
    "temperature",
    "duration",
    "time_since",
    "fact",
    "age",
    "sex",
    "unknown_complaint",
)
HEAD = "# Written by `python -m assistant.domain` from knowledge/content. Change the content or that program, not this file.\n"


def domain(flags: list[dict[str, Any]], words: dict[str, Any]) -> dict[str, Any]:
    """The Rasa domain. `words` are those of the content, with those about numbers where the country is not known."""
    at_once = "{headline} {whom}".format(**words["urgency"]["emergency"])
    slots: dict[str, Any] = {name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]} for name in SLOTS}
    # Set by Rasa itself, so that a red flag is remembered even if no action runs in its turn.
    seen = {"type": "from_entity", "entity": "red_flag"}
    slots["red_flag_seen"] = {"type": "any", "influence_conversation": False, "mappings": [{**seen, "not_intent": list(FOR_TODAY)}]}
    slots["red_flag_for_today"] = {"type": "any", "influence_conversation": False, "mappings": [{**seen, "intent": list(FOR_TODAY)}]}
    for slot, value in spoken_numbers(Clinic.of_no_country(), words["contact"]).items():
        slots[slot] = {"type": "any", "influence_conversation": False, "initial_value": value, "mappings": [{"type": "custom"}]}
    responses = {f"utter_emergency_{flag['id']}": [{"text": _instruction(flag, at_once)}] for flag in flags}
    return {
        "version": "3.1",
        "session_config": {"session_expiration_time": 1440, "carry_over_slots_to_new_session": True},
        "intents": [*(name for name in ACTIONS if name != "nlu_fallback"), *(f"{RED_FLAG}{flag['id']}" for flag in flags)],
        "entities": list(ENTITIES),
        "slots": slots,
        "responses": responses,
        "actions": sorted({*ACTIONS.values(), "action_flag"}),
    }


def rules(flags: list[dict[str, Any]]) -> dict[str, Any]:
    """One rule per intent. No rule waits for a slot."""
    listed = [{"rule": name, "steps": [{"intent": name}, {"action": action}]} for name, action in ACTIONS.items()]
    listed += [
        {
            "rule": f"red flag {flag['id']}",
            "steps": [{"intent": f"{RED_FLAG}{flag['id']}"}, {"action": f"utter_emergency_{flag['id']}"}, {"action": "action_flag"}],
        }
        for flag in flags
    ]
    return {"version": "3.1", "rules": listed}


def read_for_certain(flags: list[dict[str, Any]]) -> dict[str, Any]:
    """Two examples of each intent that is read, never guessed: Rasa's own commands want them."""
    said = {f"emergency_{flag['id']}": [*flag["phrases"], flag["name"].lower()][:2] for flag in flags}
    said["other_language"] = ["j'ai de la fièvre et je prends Ocrevus", "tengo fiebre y tomo Ocrevus"]
    return {"version": "3.1", "nlu": [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
                                      for name, texts in said.items()]}


def _instruction(flag: dict[str, Any], at_once: str) -> str:
    """What is said when this flag is an emergency: its own words, unless they are those for a flag that can wait until today."""
    text = flag["instruction"] if flag["urgency"] == "emergency" else at_once
    for name, slot in NUMBER_SLOTS.items():
        text = text.replace(f"{{{name}}}", f"{{{slot}}}")
    return text


def spoken_numbers(clinic: Clinic, contact: dict[str, str]) -> dict[str, str]:
    """What stands in the slots that the red flags' words name: the numbers of the clinic's country."""
    return {slot: number_in_words(name, clinic, contact) for name, slot in NUMBER_SLOTS.items()}


def files() -> dict[Path, str]:
    """The files and what must stand in them."""
    data = schema.load()
    flags = data["red_flags"]
    made = {"domain.yml": domain(flags, data["wording"]["en"]), "data/rules.yml": rules(flags),
            "data/nlu/read_for_certain.yml": read_for_certain(flags)}
    return {Path(name): _text(data) for name, data in made.items()}


def _text(data: dict[str, Any]) -> str:
    return HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path}.")
