"""Matrix, over the client-server interface (https://spec.matrix.org/v1.11/client-server-api/). Rooms are not end-to-end encrypted."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import quote
from weakref import WeakValueDictionary

import aiohttp
from pydantic import Field, SecretStr
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from assistant.channels.guard import OnNewMessage, say
from assistant.channels.inbox import Answer, Incoming
from assistant.channels.messaging import Calling, ChannelSettings
from assistant.channels.outbound import CALL_SECONDS, Api, ApiError, pause, reason

logger = logging.getLogger(__name__)

API = "/_matrix/client/v3"
DEVICE = "assistant"  # always the same: the server then knows a message that is sent twice by its transaction id
CHECKING_DEVICE = "assistant-check"  # logging in ends the token that a device had before
WAIT_SECONDS = 30  # how long the server holds a request while nothing happens
TYPING_SECONDS = 20
UNDELIVERED_SECONDS = 24 * 60 * 60.0  # a home server may be away for long; answers wait for it
MOST_MISSED = 500  # messages of one room that are fetched after a long absence
WANTED = ["m.room.message", "m.room.encrypted", "m.room.member"]
NOTHING: dict[str, list[str]] = {"types": []}
FILTER = json.dumps({
    "presence": NOTHING, "account_data": NOTHING,
    "room": {"timeline": {"limit": 50, "types": WANTED}, "state": {"types": ["m.room.member"], "lazy_load_members": True},
             "ephemeral": NOTHING, "account_data": NOTHING},
})  # fmt: skip

Event = dict[str, Any]


class MatrixSettings(ChannelSettings):
    """The assistant's account, and the servers whose people may invite it."""

    homeserver: str = Field(pattern=r"^https?://[^/]+$", validation_alias="MATRIX_HOMESERVER")
    user: str = Field(pattern=r"^@[^:]+:.+$", validation_alias="MATRIX_USER")
    password: SecretStr = Field(validation_alias="MATRIX_PASSWORD")
    allowed_servers: str = Field("", validation_alias="MATRIX_ALLOWED_SERVERS")

    @property
    def allowed(self) -> set[str]:
        """The names of the servers; the account's own when none is set."""
        named = {name.strip() for name in self.allowed_servers.split(",") if name.strip()}
        return named or {_server_of(self.user)}


class MatrixApi(Api):
    """The home server. A token that has ended is renewed by whoever reads, so that a refused call is worth another try."""

    def may_work_later(self, error: BaseException) -> bool:
        """Tell whether another try can help."""
        return super().may_work_later(error) or (isinstance(error, ApiError) and error.status == 401)


class MatrixChannel(Calling, InputChannel):
    """One room with one person is one conversation."""

    settings_type = MatrixSettings
    limit = 4_000  # characters; the server takes 65,536 bytes with everything around them
    warning = "Matrix rooms are not end-to-end encrypted: whoever runs a home server of a room can read what patients write there."

    def __init__(self, settings: MatrixSettings) -> None:
        """Speak as the account that `settings` name."""
        self.settings = settings
        self.api = MatrixApi(settings.homeserver, keep_trying=UNDELIVERED_SECONDS)
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._new_rooms: set[str] = set()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "matrix"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Create the channel from the environment; it takes nothing from credentials.yml, where no secret belongs."""
        return cls(MatrixSettings())  # type: ignore[call-arg]

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return a blueprint without an address: this channel fetches its messages."""
        return self.routes(self.name(), on_new_message)

    async def open(self) -> None:
        """Begin to read."""
        await self.connect()
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        """End reading. What is not answered yet is read again at the next start."""
        self._reading.cancel()
        await self.disconnect()

    async def probe(self) -> str:
        """Ask which versions the server speaks, then whether the password is right."""
        versions = (await self.api.call("GET", "/_matrix/client/versions"))["versions"]
        await self._log_in(CHECKING_DEVICE)
        allowed = ", ".join(sorted(self.settings.allowed))
        return f"the home server speaks {versions[-1]} and knows {self.settings.user}; people of {allowed} may invite it"

    # Reading

    async def _read(self) -> None:
        """Read for ever, from where the last process had answered everything."""
        since = await self.ledger.recall("next batch")
        settled: asyncio.Task[None] | None = None
        try:
            while True:
                news = await self._sync(since)
                work = [self.begin(step) for step in self._steps(news, since)]
                since = news["next_batch"]
                settled = self.begin(self._settle(settled, work, since))
        except (ApiError, aiohttp.ClientError) as error:
            logger.error("Matrix does not let this server in: %s. Messages are not read until the next start.", reason(error))

    async def _settle(self, before: asyncio.Task[None] | None, work: list[asyncio.Task[None]], batch: str) -> None:
        """Remember the place once all before it is answered: a restart begins there, and messages in between are not lost."""
        waiting = {*work, *([before] if before else [])}
        if waiting:
            await asyncio.wait(waiting)
        await self.ledger.put("next batch", batch)

    async def _sync(self, since: str | None) -> dict[str, Any]:
        """Return what is new; try again, with growing pauses, for as long as the server is away."""
        wanted = {"filter": FILTER, "timeout": str(WAIT_SECONDS * 1000 if since else 0), **({"since": since} if since else {})}
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(self.api.may_work_later), wait=pause, before_sleep=_tell_of_failure, reraise=True
        ):
            with attempt:
                if not self.api.headers:
                    await self._log_in()
                try:
                    return await self.api.call("GET", f"{API}/sync", params=wanted, seconds=WAIT_SECONDS + CALL_SECONDS)
                except ApiError as error:
                    if error.status == 401:
                        self.api.headers = {}
                    raise
        raise AssertionError("unreachable")

    async def _log_in(self, device: str = DEVICE) -> None:
        login = {
            "type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.settings.user},
            "password": self.settings.password.get_secret_value(), "device_id": device, "initial_device_display_name": "Assistant",
        }  # fmt: skip
        answer = await self.api.call("POST", f"{API}/login", json=login)
        self.api.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    def _steps(self, news: dict[str, Any], since: str | None) -> Iterator[Any]:
        """What to do about the news. At the very first start, rooms of an earlier time are left as they are."""
        rooms = news.get("rooms", {})
        for room, invite in rooms.get("invite", {}).items():
            yield self._invited(room, invite.get("invite_state", {}).get("events", []))
        for room, joined in rooms.get("join", {}).items():
            if since is not None:
                yield self._in_room(room, joined.get("timeline", {}), since)

    # Rooms

    async def _invited(self, room: str, state: list[Event]) -> None:
        """Join a person of an allowed server, and say who can read along; decline anybody else."""
        inviter = next((e["sender"] for e in state if e["type"] == "m.room.member" and e["state_key"] == self.settings.user), "")
        encrypted = any(event["type"] == "m.room.encryption" for event in state)
        try:
            if _server_of(inviter) not in self.settings.allowed:
                await self.api.insist("POST", f"{API}/rooms/{quote(room)}/leave", json={})
                return
            self._new_rooms.add(room)
            await self.api.insist("POST", f"{API}/rooms/{quote(room)}/join", json={})
            await self._write(room, say("cannot_decrypt" if encrypted else "not_encrypted"), f"hello {room}")
        except (ApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("An invitation could not be answered: %s", reason(error))

    async def _in_room(self, room: str, timeline: dict[str, Any], since: str) -> None:
        """Answer what one room's person wrote, in order."""
        async with self._order.setdefault(room, asyncio.Lock()):
            try:
                events = await self._missed(room, timeline, since) + timeline.get("events", [])
                if not await self._alone_with_a_person(room, events):
                    return
            except (ApiError, aiohttp.ClientError, TimeoutError) as error:
                logger.error("A room could not be read: %s", reason(error))
                return
            for event in events:
                if incoming := self._incoming(room, event):
                    await self._typing(room, True)
                    await self.inbox.take(incoming, self.deliver, self.limit)
                    await self._typing(room, False)

    async def _missed(self, room: str, timeline: dict[str, Any], since: str) -> list[Event]:
        """Messages between the last reading and a timeline that begins later; of a room just joined, none."""
        if room in self._new_rooms:
            self._new_rooms.discard(room)
            return []
        missed: list[Event] = []
        place = timeline.get("prev_batch") if timeline.get("limited") else None
        while place and len(missed) < MOST_MISSED:
            wanted = {"dir": "b", "from": place, "to": since, "limit": "100", "filter": json.dumps({"types": WANTED})}
            page = await self.api.insist("GET", f"{API}/rooms/{quote(room)}/messages", params=wanted)
            missed += page.get("chunk", [])
            place = page.get("end") if page.get("chunk") else None
        return missed[::-1]

    async def _alone_with_a_person(self, room: str, events: list[Event]) -> bool:
        """Tell whether the room has one other person; leave it, with a sentence, when others can read along."""
        if not events:
            return False
        members = (await self.api.insist("GET", f"{API}/rooms/{quote(room)}/joined_members"))["joined"]
        if len(members) <= 2:
            return True
        await self._write(room, say("one_person"), f"leave {events[-1]['event_id']}")
        await self.api.insist("POST", f"{API}/rooms/{quote(room)}/leave", json={})
        return False

    def _incoming(self, room: str, event: Event) -> Incoming | None:
        """Return an event as a message; None for what is the assistant's own, another program's, or no message."""
        if event["sender"] == self.settings.user or "event_id" not in event:
            return None
        content = event.get("content", {})
        if event["type"] == "m.room.encrypted":
            return Incoming(event["event_id"], room, None, room, instead="cannot_decrypt")
        if event["type"] != "m.room.message" or content.get("msgtype") in (None, "m.notice"):
            return None  # programs write notices, and answer none
        relation = content.get("m.relates_to")
        relation = relation if isinstance(relation, dict) else {}
        newer = content.get("m.new_content")
        if relation.get("rel_type") == "m.replace" and isinstance(newer, dict):
            content, relation = newer, {}
        return Incoming(event["event_id"], room, _words(content, "m.in_reply_to" in relation), room)

    async def _typing(self, room: str, typing: bool) -> None:
        """Show, or stop showing, that an answer is on its way. It is a courtesy: a failure is no matter."""
        path = f"{API}/rooms/{quote(room)}/typing/{quote(self.settings.user)}"
        body = {"typing": typing, **({"timeout": TYPING_SECONDS * 1000} if typing else {})}
        try:
            await self.api.call("PUT", path, json=body, seconds=2.0)
        except (ApiError, aiohttp.ClientError, TimeoutError):
            return

    # Writing

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the parts. After a restart the same part has the same transaction id, by which the server knows it."""
        for number, part in enumerate(answer.parts):
            await self._write(incoming.address, part, f"{incoming.id} {number}")

    async def _write(self, room: str, text: str, transaction: str) -> None:
        content = {"msgtype": "m.text", "body": text, "format": "org.matrix.custom.html", "formatted_body": as_html(text)}
        path = f"{API}/rooms/{quote(room)}/send/m.room.message/{sha256(transaction.encode()).hexdigest()[:32]}"
        await self.api.insist("PUT", path, json=content)


def as_html(text: str) -> str:
    """Return a plain text as HTML: paragraphs, and lists where lines are numbered or have a dash."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        kind = "ol" if re.match(r"\d+\. ", line) else "ul" if line.startswith("- ") else "p" if line else ""
        line = re.sub(r"^(\d+\.|-) ", "", line) if kind in ("ol", "ul") else line
        if blocks and blocks[-1][0] == kind:
            blocks[-1][1].append(escape(line))
        else:
            blocks.append((kind, [escape(line)]))
    return "".join(_block(kind, lines) for kind, lines in blocks if kind)


def _block(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{'<br>'.join(lines)}</p>"
    return f"<{kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{kind}>"


def _words(content: dict[str, Any], replies: bool) -> str | None:
    """A message's own words, without those that a reply quotes; None when it is a picture or a file."""
    if content.get("msgtype") not in ("m.text", "m.emote"):
        return None
    body = str(content.get("body", ""))
    return re.sub(r"\A(> .*\n)+\n?", "", body) if replies else body


def _server_of(user: str) -> str:
    return user.partition(":")[2]


def _tell_of_failure(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    if error:
        logger.warning("Matrix is away (%s); try %d", reason(error), state.attempt_number)
