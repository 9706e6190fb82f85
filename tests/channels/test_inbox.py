"""Each message is answered once and in order, over redeliveries, restarts and a database that is away."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from loops import in_its_own_loop
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from assistant.channels.inbox import Answer, Inbox, Incoming
from assistant.channels.ledger import Ledger
from assistant.channels.outbound import ApiError
from assistant.channels.page import Strings
from assistant.tracker_store import ConversationStore

T = Strings().table("en", "GB")


class Desk:
    """An inbox whose assistant repeats what it hears, with the database of an earlier one."""

    def __init__(self, url: str) -> None:
        self.store: TrackerStore = ConversationStore(Domain.empty(), host=url)
        self.inbox = Inbox("test", self._hear, Ledger(url, "test"), "a key", T)
        self.inbox.store = self.store
        self.heard: list[str] = []
        self.delivered: list[tuple[str, str]] = []
        self.fails: list[Exception] = []

    async def _hear(self, message: UserMessage) -> None:
        text = message.text or ""
        self.heard.append(text)
        await asyncio.sleep(random.random() / 50)
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(text, message_id=message.message_id))
        tracker.update(BotUttered(f"You said {text}"))
        await self.store.save(tracker)
        await message.output_channel.send_response(message.sender_id, {"text": f"You said {text}"})

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        await asyncio.sleep(random.random() / 50)
        if self.fails:
            raise self.fails.pop()
        self.delivered += [(incoming.address, part) for part in answer.parts]

    async def take(self, *messages: Incoming) -> None:
        await asyncio.gather(*(self.inbox.take(message, self.deliver, 500) for message in messages))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/conversations.db"


def message(number: int, sender: str = "+441632960001") -> Incoming:
    return Incoming(f"id-{number}", sender, f"message {number}", sender)


def test_messages_of_one_person_keep_their_order_and_other_people_do_not_wait(url: str) -> None:
    desk = Desk(url)
    people = [f"+44163296000{n}" for n in range(5)]
    in_its_own_loop(desk.take(*(message(n, who) for n in range(6) for who in people)))
    for who in people:
        assert [text for to, text in desk.delivered if to == who] == [f"You said message {n}" for n in range(6)]
    firsts = [to for to, _ in desk.delivered[:10]]
    assert len(set(firsts)) > 1


def test_a_message_is_answered_once_however_often_it_comes(url: str) -> None:
    desk = Desk(url)
    in_its_own_loop(desk.take(*[message(1)] * 5))
    assert desk.delivered == [("+441632960001", "You said message 1")] and len(desk.heard) == 1


def test_after_a_restart_it_is_still_answered_once(url: str) -> None:
    in_its_own_loop(Desk(url).take(message(1)))
    later = Desk(url)
    in_its_own_loop(later.take(message(1), message(2)))
    assert later.delivered == [("+441632960001", "You said message 2")]


def test_an_answer_that_was_not_delivered_goes_out_when_the_message_comes_again(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The assistant is not asked a second time: the stored turn is what the person is owed."""
    desk = Desk(url)
    desk.fails = [ApiError(503, {}, {})]
    in_its_own_loop(desk.take(message(1)))
    assert desk.delivered == []
    assert "could not be delivered: HTTP 503" in caplog.text and "message 1" not in caplog.text
    later = Desk(url)
    in_its_own_loop(later.take(message(1)))
    assert later.delivered == [("+441632960001", "You said message 1")] and later.heard == []


def test_a_message_that_is_too_long_is_refused_in_words_and_not_read(url: str) -> None:
    desk = Desk(url)
    in_its_own_loop(desk.take(Incoming("1", "a", "x" * 8_001, "a")))
    assert "too long" in desk.delivered[0][1] and "999" in " ".join(part for _, part in desk.delivered)
    assert desk.heard == []


def test_a_flood_is_answered_with_one_sentence(url: str) -> None:
    desk = Desk(url)
    in_its_own_loop(desk.take(*(message(n) for n in range(40))))
    assert len(desk.heard) == 20
    assert [text for _, text in desk.delivered if "faster than I can read" in text][1:] == []
    assert len(desk.delivered) == 21


def test_without_a_database_a_message_is_answered_once(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk("postgresql+psycopg2://somebody:PASSWORD@127.0.0.1:9/nothing")
    desk.store = ConversationStore(Domain.empty(), host="sqlite://")
    in_its_own_loop(desk.take(message(1), message(1)))
    assert desk.delivered == [("+441632960001", "You said message 1")]
    assert "PASSWORD" not in caplog.text


def test_people_are_pseudonyms(url: str, tmp_path: Path) -> None:
    desk = Desk(url)
    in_its_own_loop(desk.take(message(1)))
    key = desk.inbox.key("+441632960001")
    assert key.startswith("test-") and "441632960001" not in key
    assert key != desk.inbox.key("+441632960002")
    assert b"441632960001" not in (tmp_path / "conversations.db").read_bytes()
