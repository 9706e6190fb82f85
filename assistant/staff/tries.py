"""Conversations in which staff try the assistant: the patients' own model and dialogue, apart from every patient's record.

They live in memory only, each under the session of who is signed in, and none of their assessments is stored.
"""

from __future__ import annotations

import asyncio
import copy
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore

from actions.memory import state_from
from actions.turn import TRYING
from assistant.channels import conversations, guard
from assistant.staff.understood import Row, rows
from assistant.stories import play
from assistant.stories.result import Turn
from knowledge.database import Store
from knowledge.reasons import Explanation, explain

MOST_TRIES = 50  # kept in memory; the one nobody used for longest goes first


@dataclass
class Said:
    """One turn: as the patient sees it, as a story keeps it, what was read, and why it was answered so."""

    shown: conversations.Turn
    kept: Turn
    read: list[Row]
    why: Explanation


@dataclass
class Try:
    """One conversation. The lock keeps two messages sent at once in order."""

    key: str
    turns: list[Said] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def story_turns(self) -> list[Turn]:
        """What a story is drafted from."""
        return [said.kept for said in self.turns]


class Tries:
    """All of them, by the session of who tries."""

    def __init__(self, store: Store) -> None:
        """Explain with the active release of `store`."""
        self._store = store
        self._open: OrderedDict[str, Try] = OrderedDict()
        self._agents: tuple[Agent, Agent] | None = None

    def of(self, session: str) -> Try:
        """The conversation of a session; a new one if it has none."""
        one = self._open.setdefault(session, Try(f"try-{secrets.token_urlsafe(16)}"))
        self._open.move_to_end(session)
        while len(self._open) > MOST_TRIES:
            self._forget(next(iter(self._open)))
        return one

    def begin_again(self, session: str) -> None:
        """Forget the conversation of a session."""
        if session in self._open:
            self._forget(session)

    def _forget(self, session: str) -> None:
        gone = self._open.pop(session)
        if self._agents:
            self._agents[1].tracker_store.store.pop(gone.key, None)

    async def say(self, session: str, text: str, agent: Agent) -> Said:
        """Answer one message. Raises guard.Refused, in words, for a text that cannot be taken."""
        words, one = guard.clean(text), self.of(session)
        async with one.lock:
            said = await self._answer(one, words, self._apart(agent))
            one.turns.append(said)
            return said

    async def _answer(self, one: Try, words: str, agent: Agent) -> Said:
        before = time.perf_counter()
        turn = conversations.Turn(secrets.token_urlsafe(9), time.time(), words)
        turn.messages = await guard.answer(agent.handle_message, words, one.key, TRYING, turn.id)
        seconds = time.perf_counter() - before
        tracker = await agent.tracker_store.retrieve(one.key)
        kept = play.turn_of(tracker, turn.messages, seconds)
        return await asyncio.to_thread(self._explained, turn, kept, tracker.current_slot_values())

    def _explained(self, turn: conversations.Turn, kept: Turn, slots: dict[str, Any]) -> Said:
        knowledge = self._store.knowledge()
        return Said(turn, kept, rows(kept.says, kept.entities, knowledge), explain(state_from(slots).case, knowledge))

    def _apart(self, agent: Agent) -> Agent:
        """The same loaded model with conversations of its own, in memory."""
        if self._agents is None or self._agents[0] is not agent:
            self._agents = (agent, _twin(agent))
        return self._agents[1]


def _twin(agent: Agent) -> Agent:
    twin, processor = copy.copy(agent), copy.copy(agent.processor)
    vars(processor).pop("handle_message", None)  # what outage.py put there leads to the patients' conversations
    twin.processor, twin.lock_store = processor, InMemoryLockStore()
    twin.tracker_store = processor.tracker_store = InMemoryTrackerStore(agent.domain)
    processor.lock_store = twin.lock_store
    return twin
