"""The clinic's own numbers in the words that the model says by itself, without an action: those of the red flags."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent

import knowledge
from assistant.domain import spoken_numbers
from knowledge.clinic import load_clinic
from knowledge.yaml_files import read_yaml

WORDING = Path(knowledge.__file__).with_name("content") / "wording" / "en.yml"


def give_numbers(agent: Agent) -> None:
    """Let every conversation of a loaded agent begin with the numbers of `clinic.yml` instead of those of several countries."""
    contact = read_yaml(WORDING.read_text(encoding="utf-8"))["contact"]
    values = spoken_numbers(load_clinic(), contact)
    for slot in agent.domain.slots:
        if slot.name in values:
            slot.initial_value = slot.value = values[slot.name]
