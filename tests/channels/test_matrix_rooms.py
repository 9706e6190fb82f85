"""The Matrix channel against a real Synapse: who may invite, which rooms it stays in, waits, lost tokens, odd events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from homeserver import Homeserver, need_synapse
from loops import in_its_own_loop
from rasa.core.channels.channel import UserMessage

from assistant.channels.check import TEST, check
from assistant.channels.ledger import Ledger
from assistant.channels.matrix import MatrixChannel, MatrixSettings, as_html

numbers = count(1)


class Person:
    """A Matrix account, spoken for with plain requests."""

    def __init__(self, homeserver: Homeserver, name: str, admin: bool = False) -> None:
        self.user = f"@{name}:localhost"
        headers = {"Authorization": f"Bearer {homeserver.register(name, admin)}"}
        self.client = httpx.AsyncClient(base_url=homeserver.url, headers=headers, timeout=30)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.client.request(method, path if path.startswith("/_") else f"/_matrix/client/v3{path}", json=body)
        return answer.raise_for_status().json()

    async def invite(self, *users: str) -> str:
        return (await self.call("POST", "/createRoom", {"invite": list(users), "is_direct": True}))["room_id"]

    async def say(self, room: str, text: str, kind: str = "m.room.message", **content: Any) -> str:
        """Write; return the id of the event."""
        body = {"msgtype": "m.text", "body": text, **content}
        return (await self.call("PUT", f"/rooms/{quote(room)}/send/{kind}/{uuid4().hex}", body))["event_id"]

    async def heard(self, room: str) -> list[str]:
        """What others wrote in the room, oldest first."""
        page = await self.call("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=500")
        events = [event for event in reversed(page["chunk"]) if event["type"] == "m.room.message" and event["sender"] != self.user]
        return [event["content"]["body"] for event in events]

    async def waits(self, room: str, holds: Callable[[list[str]], bool], seconds: float = 20) -> list[str]:
        """Wait until what was heard is as wanted."""
        async with asyncio.timeout(seconds):
            while not holds(heard := await self.heard(room)):
                await asyncio.sleep(0.1)
        return heard

    async def membership(self, room: str, user: str) -> str:
        return (await self.call("GET", f"/rooms/{quote(room)}/state/m.room.member/{quote(user)}"))["membership"]


class Bot:
    """The channel in this process, with an assistant that repeats what it hears."""

    def __init__(self, homeserver: Homeserver, folder: Path, **more: str) -> None:
        name = f"bot{next(numbers)}-{uuid4().hex[:6]}"
        self.homeserver, self.user = homeserver, f"@{name}:localhost"
        variables = {**homeserver.settings(name), **more}
        self.settings = MatrixSettings(**{name: value for name, value in variables.items() if name.startswith("MATRIX_")})
        self.url = f"sqlite:///{folder}/conversations.db"
        self.heard: list[str] = []

    async def _hear(self, message: UserMessage) -> None:
        self.heard.append(message.text or "")
        await message.output_channel.send_response("", {"text": f"You said {message.text}"})

    @asynccontextmanager
    async def reads(self) -> AsyncIterator[MatrixChannel]:
        """The channel, reading until the block ends."""
        channel = MatrixChannel(self.settings)
        channel.blueprint(self._hear)
        channel.ledger = channel.inbox._ledger = Ledger(self.url, "matrix")
        await channel.open()
        try:
            yield channel
        finally:
            await asyncio.wait({*channel._running, asyncio.create_task(asyncio.sleep(0.2))}, timeout=5)
            await channel.close()


@pytest.fixture
def synapse(homeserver: Homeserver | None) -> Homeserver:
    need_synapse()
    assert homeserver
    return homeserver


@pytest.fixture
def pat(synapse: Homeserver) -> Person:
    return Person(synapse, f"person{next(numbers)}-{uuid4().hex[:6]}")


def test_an_invitation_from_a_server_that_is_not_allowed_is_declined(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    async def story() -> None:
        bot = Bot(synapse, tmp_path, MATRIX_ALLOWED_SERVERS="clinic.example, other.example")
        async with bot.reads():
            room = await pat.invite(bot.user)
            async with asyncio.timeout(20):
                while await pat.membership(room, bot.user) == "invite":
                    await asyncio.sleep(0.1)
            assert await pat.membership(room, bot.user) == "leave"
        assert bot.heard == []

    in_its_own_loop(story())


def test_a_room_with_a_third_person_is_left(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    third = Person(synapse, f"third-{uuid4().hex[:6]}")

    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            await pat.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": third.user})
            await third.call("POST", f"/rooms/{quote(room)}/join", {})
            heard = await pat.waits(room, lambda heard: len(heard) == 2)
            assert "one person only" in heard[1]
            async with asyncio.timeout(20):
                while await pat.membership(room, bot.user) == "join":
                    await asyncio.sleep(0.1)
            await pat.say(room, "can you still hear me?")
            await asyncio.sleep(0.5)
        assert bot.heard == []

    in_its_own_loop(story())


def test_a_wait_that_the_server_asks_for_is_kept_and_nothing_is_lost(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    """Synapse lets this assistant write once in a second."""
    admin = Person(synapse, f"admin-{uuid4().hex[:6]}", admin=True)

    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            limit = {"messages_per_second": 1, "burst_count": 1}
            await admin.call("POST", f"/_synapse/admin/v1/users/{quote(bot.user)}/override_ratelimit", limit)
            begun = asyncio.get_running_loop().time()
            for number in range(4):
                await pat.say(room, f"message {number}")
            heard = await pat.waits(room, lambda heard: len(heard) == 5, 40)
            seconds = asyncio.get_running_loop().time() - begun
            assert heard[1:] == [f"You said message {number}" for number in range(4)]
            assert seconds >= 2, f"four answers in {seconds:.1f} s: no limit was felt"

    in_its_own_loop(story())


def test_a_token_that_has_ended_is_renewed(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads() as channel:
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            await channel.api.call("POST", "/_matrix/client/v3/logout/all", json={})
            await pat.say(room, "are you there?")
            assert (await pat.waits(room, lambda heard: len(heard) == 2))[1] == "You said are you there?"

    in_its_own_loop(story())


def test_a_server_that_goes_and_comes_back_is_found_again(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            synapse.stop()
            await asyncio.sleep(0.5)
            await asyncio.to_thread(synapse.start)
            await pat.say(room, "hello again")
            assert (await pat.waits(room, lambda heard: len(heard) == 2, 40))[1] == "You said hello again"

    in_its_own_loop(story())


def test_many_messages_of_a_long_absence_are_each_answered_once_in_order(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    """More than the server gives at once, so the rest is fetched."""

    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            await pat.say(room, "before")
            await pat.waits(room, lambda heard: len(heard) == 2)
        for number in range(14):
            await pat.say(room, f"message {number}")
        for number in range(55):
            await pat.say(room, f"from a program {number}", msgtype="m.notice")
        async with bot.reads():
            await pat.waits(room, lambda heard: len(heard) == 16)
        assert bot.heard == ["before", *(f"message {number}" for number in range(14))]
        async with bot.reads():
            await asyncio.sleep(1)
        assert len(await pat.heard(room)) == 16

    in_its_own_loop(story())


def test_odd_events_are_answered_in_words_or_left_alone(synapse: Homeserver, pat: Person, tmp_path: Path) -> None:
    async def story() -> None:
        bot = Bot(synapse, tmp_path)
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            await pat.say(room, "I am a program", msgtype="m.notice")
            await pat.say(room, "x", "org.example.unknown")
            await pat.say(room, "photo.jpg", msgtype="m.image", url="mxc://localhost/x")
            heard = await pat.waits(room, lambda heard: len(heard) == 2)
            assert "only read words" in heard[1]
            await pat.say(room, "", "m.room.encrypted", algorithm="m.megolm.v1.aes-sha2", ciphertext="x")
            assert "cannot read what you write" in (await pat.waits(room, lambda heard: len(heard) == 3))[2]
            reply = {"m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}}
            first = await pat.say(room, "> <@bot:localhost> Chest pain?\n\nno, my toe", **reply)
            new, old = {"msgtype": "m.text", "body": "neuts 0.7"}, {"rel_type": "m.replace", "event_id": first}
            await pat.say(room, "* neuts 0.7", **{"m.new_content": new, "m.relates_to": old})
            await pat.waits(room, lambda heard: len(heard) == 5)
        assert bot.heard == ["no, my toe", "neuts 0.7"]

    in_its_own_loop(story())


def test_a_wrong_password_is_told_to_the_operator(synapse: Homeserver, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with Bot(synapse, tmp_path, MATRIX_PASSWORD="CANARY").reads():
            await asyncio.sleep(1)

    with caplog.at_level(logging.ERROR):
        in_its_own_loop(story())
    assert "Matrix does not let this server in: HTTP 403, M_FORBIDDEN" in caplog.text and "CANARY" not in caplog.text


def test_the_check_asks_the_server_and_sends_a_test_message(
    synapse: Homeserver, pat: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(synapse, tmp_path)
    lines: list[str] = []

    async def story() -> None:
        async with bot.reads():
            room = await pat.invite(bot.user)
            await pat.waits(room, lambda heard: len(heard) == 1)
            for field, value in (("HOMESERVER", synapse.url), ("USER", bot.user), ("PASSWORD", bot.settings.password.get_secret_value())):
                monkeypatch.setenv(f"MATRIX_{field}", value)
            monkeypatch.setenv("ASSISTANT_CHANNELS", "matrix")
            assert await asyncio.to_thread(check, f"matrix={room}", lines.append)
            assert (await pat.waits(room, lambda heard: len(heard) == 2))[1] == TEST

    in_its_own_loop(story())
    assert any("knows @bot" in line for line in lines) and any("not end-to-end encrypted" in line for line in lines)


def test_plain_text_becomes_paragraphs_and_lists() -> None:
    html = as_html("Call <b>999</b> now.\nGo.\n\n- one\n- two\n\n1. Yes\n2. No")
    assert html == "<p>Call &lt;b&gt;999&lt;/b&gt; now.<br>Go.</p><ul><li>one</li><li>two</li></ul><ol><li>Yes</li><li>No</li></ol>"
