"""What the messaging channels share: their start and end, the inbox, and how a provider's request is taken."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from pydantic import Field
from pydantic_settings import BaseSettings
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.channels.guard import OnNewMessage
from assistant.channels.inbox import Answer, Inbox, Incoming
from assistant.channels.ledger import Ledger
from assistant.channels.outbound import Api
from assistant.channels.page import Strings
from assistant.settings import get_settings
from knowledge.clinic import load_clinic

logger = logging.getLogger(__name__)

MAX_BODY = 256 * 1024  # bytes of a provider's request: a text over the limit still arrives, to be refused in words
ACKNOWLEDGE_SECONDS = 2.5  # Slack asks for an answer within 3, Twilio within 15
NONSENSE = (ValueError, KeyError, TypeError, AttributeError, SanicException)  # what reading a malformed request raises
FINISH_SECONDS = 10.0  # for answers on their way when the server stops

PUBLIC_URL = Field(pattern=r"^https?://[^/]+.*[^/]$", validation_alias="ASSISTANT_PUBLIC_URL")


class ChannelSettings(BaseSettings):
    """The settings of one channel, from the environment only."""


class Messaging:
    """Mixed into an input channel. A subclass checks who sends, turns requests into `Incoming` and delivers the parts."""

    settings_type: ClassVar[type[ChannelSettings]]
    checks_sender: ClassVar[bool] = True
    limit: ClassVar[int]  # of one part, measured by `size`
    warning: ClassVar[str | None] = None  # what the operator reads at each start
    inbox: Inbox

    @staticmethod
    def size(part: str) -> int:
        """Return how long a part is, in the provider's own measure."""
        return len(part)

    async def connect(self) -> None:
        """Get ready to call the provider."""

    async def disconnect(self) -> None:
        """Let go of the connections."""

    async def open(self) -> None:
        """Begin when the server has started."""
        await self.connect()

    async def close(self) -> None:
        """End when the server stops."""
        await self.disconnect()

    async def probe(self) -> str:
        """Ask the provider, without changing anything, and return in words what it says. Raises what a call raises."""
        raise NotImplementedError

    def address_of(self, name: str) -> str:
        """Return the address of a person whom an operator named."""
        return name

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the parts in order. Raises ApiError when the provider refuses one."""
        raise NotImplementedError

    def routes(self, name: str, on_new_message: OnNewMessage, blueprint: Blueprint | None = None) -> Blueprint:
        """Make the inbox; return a blueprint that opens and closes the channel with the server."""
        clinic = load_clinic()
        strings = Strings().table(clinic.languages[0], clinic.country)
        ledger = Ledger(get_settings().tracker_database_url, name)
        # The key under which the actions, maybe in another process, keep assessments.
        self.inbox = Inbox(name, on_new_message, ledger, os.environ.get("ASSISTANT_SECRET", "development"), strings)
        self.ledger, self._running = ledger, set[asyncio.Task[None]]()
        blueprint = blueprint or Blueprint(f"{name}_channel")
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    async def _start(self, app: Sanic) -> None:
        self.inbox.store = app.ctx.agent.tracker_store if getattr(app.ctx, "agent", None) else None
        if self.warning:
            print(self.warning, flush=True)
        await self.open()

    async def _stop(self, _: Sanic) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=FINISH_SECONDS)
        await self.close()

    def begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Run work that outlives the request; the server's stop waits for it."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def take(self, incoming: Incoming) -> asyncio.Task[None]:
        """Answer a message, in the order of arrival."""
        return self.begin(self.inbox.take(incoming, self.deliver, self.limit, self.size))

    async def taken(self, incoming: Incoming) -> None:
        """Answer a message; return when it is delivered, or when the provider would not wait any longer.

        While the provider waits it still holds the message itself: if this process dies, it delivers it again.
        """
        await asyncio.wait({self.take(incoming)}, timeout=ACKNOWLEDGE_SECONDS)


class Calling(Messaging):
    """A channel that calls its provider over `api`."""

    api: Api

    async def connect(self) -> None:
        """Get ready to call the provider."""
        await self.api.open()

    async def disconnect(self) -> None:
        """Let go of the connections."""
        await self.api.close()


class WebhookChannel(Calling, InputChannel):
    """A channel whose provider calls /webhooks/<name>/webhook for each message."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Create the channel from the environment; it takes nothing from credentials.yml, where no secret belongs."""
        return cls(cls.settings_type())  # type: ignore[call-arg]

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the webhook."""
        routes = self.routes(self.name(), on_new_message)
        routes.add_route(checked(self.authentic, self.receive), "/webhook", methods=["POST"], name="receive")
        return routes

    def authentic(self, request: Request) -> bool:
        """Tell whether the request is the provider's."""
        raise NotImplementedError

    async def receive(self, request: Request) -> HTTPResponse:
        """Take an authentic request. Raises ValueError for one that makes no sense."""
        raise NotImplementedError


Handler = Callable[[Request], Awaitable[HTTPResponse]]


def checked(authentic: Callable[[Request], bool], handler: Handler) -> Handler:
    """Return the handler behind the checks: a body that is not too large, the provider's mark, a form that makes sense."""

    async def check(request: Request) -> HTTPResponse:
        if refused := too_large(request):
            return refused
        try:
            return await handler(request) if authentic(request) else text("not allowed", 401)
        except NONSENSE as error:
            return not_understood(request, error)

    return check


def too_large(request: Request) -> HTTPResponse | None:
    """Refuse a body that no message of a person can need."""
    return text("too large", 413) if len(request.body) > MAX_BODY else None


def not_understood(_: Request, error: Exception) -> HTTPResponse:
    """Refuse a request that makes no sense; only the kind of the error is logged."""
    logger.error("A provider's request made no sense: %s", type(error).__name__)
    return text("not understood", 400)
