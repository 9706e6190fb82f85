"""Messages from a provider become turns: each is answered once, those of one person in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
from rasa.core.tracker_store import TrackerStore

from assistant.channels.conversations import Conversations
from assistant.channels.guard import Message, OnNewMessage, RateLimit, Refused, TooFast, say
from assistant.channels.ledger import Ledger
from assistant.channels.outbound import ApiError, reason
from assistant.channels.texts import Strings, in_words, split
from knowledge.database import conversation_key

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """One message as the provider delivers it. `text` is None for what is no words: a picture, a voice message, a file.

    `instead` names the sentence that is answered then.
    """

    id: str  # the provider's own: the same each time the message is delivered
    sender: str  # the provider's name of the person: one conversation each
    text: str | None
    address: str  # where the answer goes
    at: float = field(default_factory=time.time)
    instead: str = "only_text"


@dataclass(frozen=True)
class Answer:
    """What goes back: the text in parts, and the words of the options that the last part lists by number."""

    parts: list[str]
    options: list[str] = field(default_factory=list)


Deliver = Callable[[Incoming, Answer], Awaitable[None]]


class Inbox:
    """The messages of one channel, from the provider to the answer's delivery."""

    def __init__(self, channel: str, on_new_message: OnNewMessage, ledger: Ledger, record_key: str, strings: Strings) -> None:
        """Answer as the input channel of this name; `record_key` makes the senders' pseudonyms."""
        self._channel, self._ledger, self._record_key, self._strings = channel, ledger, record_key, strings
        self._conversations = Conversations(on_new_message, channel, lambda _: None)
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._told_too_fast = RateLimit(limit=1, seconds=30)
        self.store: TrackerStore | None = None  # set when the server has started

    def key(self, sender: str) -> str:
        """Return the conversation's id: it names the channel, and nobody can tell or guess the person behind it."""
        return f"{self._channel}-{conversation_key(f'{self._channel}:{sender}', self._record_key)[:40]}"

    async def take(self, incoming: Incoming, deliver: Deliver, limit: int, size: Callable[[str], int] = len) -> None:
        """Answer one message and deliver the answer in parts of at most `limit`. Delivered again, it is not answered again.

        Never raises; an answer that cannot be delivered is logged, without what it says.
        """
        lock = self._order.setdefault(incoming.sender, asyncio.Lock())
        async with lock:
            mark = f"answered {incoming.sender} {incoming.id}"
            if await self._ledger.get(mark) is not None:
                return
            try:
                if answer := await self._answer(incoming, limit, size):
                    await deliver(incoming, answer)
                await self._ledger.put(mark)
            except (ApiError, aiohttp.ClientError, TimeoutError) as error:
                logger.error("An answer over %s could not be delivered: %s", self._channel, reason(error))

    async def _answer(self, incoming: Incoming, limit: int, size: Callable[[str], int]) -> Answer | None:
        """The answer; None for messages beyond any typing speed, after the first one was told so."""
        if incoming.text is None:
            return Answer(split(say(incoming.instead), limit, size))
        key = self.key(incoming.sender)
        turn_id = sha256(incoming.id.encode()).hexdigest()[:32]
        try:
            turn, _ = await self._conversations.say(key, incoming.text, turn_id, self.store)
        except TooFast as error:
            return Answer(split(str(error), limit, size)) if self._told_too_fast.allows(key) else None
        except Refused as error:
            return Answer(split(str(error), limit, size))
        return Answer(split(in_words(turn.messages, self._strings), limit, size), _options(turn.messages))


def _options(messages: list[Message]) -> list[str]:
    offered: list[dict[str, Any]] = next((said["buttons"] for said in reversed(messages) if said.get("buttons")), [])
    return [str(button["title"]) for button in offered]
