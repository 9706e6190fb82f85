"""Writes Rasa's files from the content: one intent with an example, one rule and one response for each red flag.

`python -m assistant.domain` after a change of the red flags; a test holds the files at what this writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge import schema

SMALL_TURNS = (
    "greet",
    "goodbye",
    "thanks",
    "help",
    "human",
    "small_talk",
    "out_of_scope",
    "dose_advice",
    "diagnosis",
    "prompt_injection",
    "refuse",
)
ACTIONS = {  # intent -> action
    "report": "action_triage",
    "affirm": "action_triage",
    "deny": "action_triage",
    "dont_know": "action_triage",
    "nlu_fallback": "action_triage",
    "correct": "action_correct",
    "ask": "action_answer",
    "more": "action_more",
    "summary": "action_summary",
    "understood": "action_understood",
    "why": "action_why",
    "go_back": "action_go_back",
    "start_over": "action_start_over",
    "other_language": "action_other_language",
    **dict.fromkeys(SMALL_TURNS, "action_small_turn"),
}
READ_FOR_CERTAIN = ("emergency_", "other_language")  # how the intents begin that are read, never guessed
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


def domain(flags: list[dict[str, Any]]) -> dict[str, Any]:
    """The Rasa domain."""
    slots: dict[str, Any] = {name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]} for name in SLOTS}
    # Set by Rasa itself, so that a red flag is remembered even if no action runs in its turn.
    slots["red_flag_seen"] = {"type": "any", "influence_conversation": False, "mappings": [{"type": "from_entity", "entity": "red_flag"}]}
    slots["emergency_number"] = {
        "type": "any",
        "influence_conversation": False,
        "initial_value": "999, 112 or 911",
        "mappings": [{"type": "custom"}],
    }
    responses = {f"utter_emergency_{flag['id']}": [{"text": _instruction(flag)}] for flag in flags}
    return {
        "version": "3.1",
        "session_config": {"session_expiration_time": 1440, "carry_over_slots_to_new_session": True},
        "intents": [*(name for name in ACTIONS if name != "nlu_fallback"), *(f"emergency_{flag['id']}" for flag in flags)],
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
            "steps": [{"intent": f"emergency_{flag['id']}"}, {"action": f"utter_emergency_{flag['id']}"}, {"action": "action_flag"}],
        }
        for flag in flags
    ]
    return {"version": "3.1", "rules": listed}


def read_for_certain(flags: list[dict[str, Any]]) -> dict[str, Any]:
    """Two examples of each intent that is read, never guessed: Rasa's own commands want them."""
    said = {f"emergency_{flag['id']}": flag["phrases"][:2] for flag in flags}
    said["other_language"] = ["j'ai de la fièvre et je prends Ocrevus", "tengo fiebre y tomo Ocrevus"]
    return {"version": "3.1", "nlu": [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
                                      for name, texts in said.items()]}


def _instruction(flag: dict[str, Any]) -> str:
    return flag["instruction"].replace("{emergency}", "{emergency_number}")


def files() -> dict[Path, str]:
    """The files and what must stand in them."""
    flags = schema.load()["red_flags"]
    made = {"domain.yml": domain(flags), "data/rules.yml": rules(flags), "data/nlu/read_for_certain.yml": read_for_certain(flags)}
    return {Path(name): _text(data) for name, data in made.items()}


def _text(data: dict[str, Any]) -> str:
    return HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path}.")
