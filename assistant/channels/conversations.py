"""The conversations of the web channel: their turns, kept in order, answered once, replayed and deleted."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered

from assistant.channels.guard import Message, OnNewMessage, RateLimit, TooFast, answer, clean, speakable

SESSION_SECONDS = 24 * 60 * 60  # renewed at each visit; WCAG 2.2.1 exempts limits above 20 hours
KEPT_TURNS = 200  # per conversation, for replay
KEPT_CONVERSATIONS = 2_000  # in memory; others are read back from the tracker store

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass
class Turn:
    """What a person sent (`you`, None when the assistant began) and everything the assistant answered."""

    id: str
    time: float
    you: str | None
    messages: list[Message] = field(default_factory=list)


class Sessions:
    """Makes the random keys of conversations and the signed tokens that alone lead back to them."""

    def __init__(self, secret: str) -> None:
        """Sign with `secret`."""
        self._signer = URLSafeTimedSerializer(secret, salt="conversation")

    def new(self) -> str:
        """Return a new conversation key that nobody can guess."""
        return f"web-{secrets.token_urlsafe(24)}"

    def sign(self, key: str) -> str:
        """Return a token for `key` that is good for SESSION_SECONDS."""
        return str(self._signer.dumps(key))

    def read(self, token: object) -> str | None:
        """Return the key a token stands for; None when it is forged, too old or no token at all."""
        if not isinstance(token, str):
            return None
        try:
            return str(self._signer.loads(token, max_age=SESSION_SECONDS))
        except BadSignature:
            return None


class Conversation:
    """One person's turns. The lock keeps two messages sent at once in order, each with its own answer."""

    def __init__(self) -> None:
        """Begin without turns; `load` brings in the stored ones."""
        self.lock = asyncio.Lock()
        self.turns: deque[Turn] = deque(maxlen=KEPT_TURNS)
        self._loaded = False

    async def load(self, key: str, store: TrackerStore | None) -> None:
        """Read the earlier turns back from the tracker store, once; tried again later when the store is away."""
        if self._loaded or store is None:
            return
        try:
            tracker = await store.retrieve_full_tracker(key)
        except Exception:  # the person must be able to write on while the database is away
            return
        earlier = turns_of(tracker.events) if tracker else []
        self.turns.extendleft(turn for turn in reversed(earlier) if not self.find(turn.id))
        self._loaded = True

    def find(self, turn_id: str) -> Turn | None:
        """Return the turn of this id; None when it is unknown."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)

    def after(self, turn_id: object) -> list[Turn]:
        """Return the turns after the one of this id; all of them when it is unknown."""
        turns = list(self.turns)
        place = next((i for i, turn in enumerate(turns) if turn.id == turn_id), -1)
        return turns[place + 1 :]


class Conversations:
    """All conversations of the web channel in this process; the tracker store is where they last."""

    def __init__(self, on_new_message: OnNewMessage, channel: str, forget_assessments: Callable[[str], Any]) -> None:
        """Answer through `on_new_message`, as the input channel of this name; `forget` also asks the given function."""
        self._on_new_message, self._channel, self._forget_assessments = on_new_message, channel, forget_assessments
        self._open: OrderedDict[str, Conversation] = OrderedDict()
        self._per_person = RateLimit(limit=20, seconds=30)

    async def get(self, key: str, store: TrackerStore | None) -> Conversation:
        """Return the conversation, with its earlier turns read back from `store` when this process lacks them."""
        conversation = self._open.setdefault(key, Conversation())
        self._open.move_to_end(key)
        self._close_oldest()
        await conversation.load(key, store)
        return conversation

    def _close_oldest(self) -> None:
        """Let go of conversations nobody used for long, but never of one that is being answered."""
        for key in list(self._open)[: max(0, len(self._open) - KEPT_CONVERSATIONS)]:
            if not self._open[key].lock.locked():
                del self._open[key]

    async def say(self, key: str, text: object, turn_id: object, store: TrackerStore | None) -> tuple[Turn, bool]:
        """Answer one message; return its turn and whether it is new. The same id again returns the same turn.

        Raises Refused, in words, for a text that can't be taken or comes too fast.
        """
        words = clean(text)
        conversation = await self.get(key, store)
        known = turn_id if isinstance(turn_id, str) and _ID.fullmatch(turn_id) else secrets.token_urlsafe(12)
        async with conversation.lock:
            if turn := conversation.find(known):
                return turn, False
            if not self._per_person.allows(key):
                raise TooFast
            turn = Turn(known, time.time(), words)
            turn.messages = await answer(self._on_new_message, words, key, self._channel, known)
            conversation.turns.append(turn)
            return turn, True

    async def forget(self, key: str, store: TrackerStore | None) -> None:
        """Delete a conversation everywhere: in memory, in the tracker store and among the assessments."""
        conversation = await self.get(key, None)
        async with conversation.lock:
            if store is not None:
                delete_tracker(key, store)
            self._forget_assessments(key)
            conversation.turns.clear()
            self._open.pop(key, None)


def turns_of(events: Any) -> list[Turn]:
    """Rebuild turns from tracker events."""
    turns: list[Turn] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append(Turn(event.message_id or _made_up_id(event), event.timestamp, event.text))
        elif isinstance(event, BotUttered):
            if not turns:
                turns.append(Turn(_made_up_id(event), event.timestamp, None))
            if said := speakable({"text": event.text, **event.data}):
                turns[-1].messages.append(said)
    return turns


def _made_up_id(event: Event) -> str:
    return f"at-{event.timestamp}"


def delete_tracker(key: str, store: TrackerStore) -> None:
    """Delete all events of a conversation. Rasa 3.6 has no such function, so each kind of store has its own way.

    Raises NotImplementedError for a store this project does not use: deletion must never be claimed and not done.
    """
    while inner := getattr(store, "_tracker_store", None):  # Rasa wraps the configured store
        store = inner
    if isinstance(store, InMemoryTrackerStore):
        store.store.pop(key, None)
    elif isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == key).delete()
            session.commit()
    else:
        raise NotImplementedError(f"Deleting from {type(store).__name__} is not supported.")
