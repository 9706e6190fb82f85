"""The clinic's own numbers in the words that the model says by itself, without an action: those of the red flags."""

from __future__ import annotations

from rasa.core.agent import Agent

from assistant.domain import spoken_numbers
from knowledge.clinic import load_clinic
from knowledge.wording import strings_as_written


def give_numbers(agent: Agent) -> None:
    """Let every conversation of a loaded agent begin with the numbers of `clinic.yml` instead of those of several countries."""
    values = spoken_numbers(load_clinic(), strings_as_written()["contact"])
    for slot in agent.domain.slots:
        if slot.name in values:
            slot.initial_value = slot.value = values[slot.name]
