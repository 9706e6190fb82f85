"""The trained assistant in this process: the model, the actions, a conversation database, and what every channel does around them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loops import Loop
from talks import databases


class Assistant:
    """Talk to it with `say`; `slots` is what the conversation remembers. Nothing in it depends on the time of the machine's other work."""

    def __init__(self, agent: Any, loop: Loop) -> None:
        self.agent, self.loop = agent, loop

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """The messages that answer `text`, taken and given as the channels do."""
        from assistant.channels.guard import answer, clean

        return self.loop.run(answer(self.agent.handle_message, clean(text), sender, "rest"))

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of the conversation as they are stored."""
        tracker = self.loop.run(self.agent.tracker_store.retrieve(sender))
        return tracker.current_slot_values()

    def slots_of_nobody(self) -> dict[str, Any]:
        """The slots before the first message."""
        return {slot.name: slot.initial_value for slot in self.agent.domain.slots}


@contextmanager
def assistant(folder: Path, monkeypatch: Any) -> Iterator[Assistant]:
    """The assistant with databases of its own in `folder`."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from actions import turn
    from assistant.endpoints import InProcessActions, prepare_rasa
    from assistant.numbers import give_numbers
    from assistant.outage import prepare_for_outage
    from assistant.tracker_store import ConversationStore
    from assistant.training import model_file

    settings = {**databases(folder), "ASSISTANT_MODEL": model_file().name}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    turn.store.cache_clear()
    configure_structlog(logging.ERROR)  # Rasa's own, for each step of each turn: slow, and it would hide what failed
    prepare_rasa()
    loop = Loop()
    store = ConversationStore(None, settings["TRACKER_DATABASE_URL"])
    agent = Agent.load(str(model_file()), action_endpoint=InProcessActions(), tracker_store=store)
    give_numbers(agent)
    prepare_for_outage(agent)
    yield Assistant(agent, loop)
    loop.close()
    turn.store.cache_clear()
