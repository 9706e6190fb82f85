"""Tells an operator what is configured and what is missing, asks each provider, and sends a test message: `make channel-check`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import click
from pydantic import ValidationError
from slack_sdk.errors import SlackClientError

from assistant.channels.inbox import Answer, Incoming
from assistant.channels.outbound import ApiError, reason
from assistant.channels.switchboard import CHANNELS, REFUSED, Refusal, channel_class, credentials, missing
from assistant.settings import Settings

TEST = "This is a test message of the MS medicine safety assistant. If you can read it, this channel works. You need not answer."
FAILURES = (ApiError, aiohttp.ClientError, SlackClientError, TimeoutError, OSError)

Say = Callable[[str], None]


@click.command()
@click.option("--to", "recipient", default="", help="channel=address: where a test message goes, such as sms=+441632960001")
def main(recipient: str) -> None:
    """Check the channels. Ends with 1 when one that is on would not work."""
    sys.exit(0 if check(recipient, click.echo) else 1)


def check(recipient: str, say: Say) -> bool:
    """Write one line or more about each channel; return whether all that are on work."""
    try:
        settings = Settings()
    except ValidationError as error:
        for part in error.errors(include_input=False):
            say(f"{part['loc'][0] if part['loc'] else 'Settings'}: {part['msg']}")
        return False
    on = [name.strip() for name in settings.channels.split(",") if name.strip()]
    fine = _page_and_rest(settings, say) & _file(settings, say)
    for name in CHANNELS:
        fine &= _channel(name, on, settings, say)
    for name in set(on) - set(CHANNELS):
        say(f"{name}: refused: {REFUSED.get(name, 'there is no such channel.')}")
        fine = False
    return (_test_message(recipient, on, settings, say) if recipient else _how_to_test(say)) and fine


def _page_and_rest(settings: Settings, say: Say) -> bool:
    say("page: on, at /chat/")
    closed = settings.production and not settings.token
    guard = "with a token" if settings.token else "off: ASSISTANT_API_TOKEN is not set" if closed else "open to this machine only"
    say(f"rest: {guard}")
    return True


def _file(settings: Settings, say: Say) -> bool:
    """Whether credentials.yml by itself would let the server start."""
    try:
        credentials(settings.model_copy(update={"channels": ""}))
    except Refusal as refusal:
        say(str(refusal))
        return False
    return True


def _channel(name: str, on: list[str], settings: Settings, say: Say) -> bool:
    lacks = missing(name, settings.production)
    if name not in on:
        say(f"{name}: off" + ("" if lacks else f"; all its settings are there: add {name} to ASSISTANT_CHANNELS to switch it on"))
        return True
    if lacks:
        say(f"{name}: on, but it would not start:")
        for lack in lacks:
            say(f"    {lack}")
        return False
    kind = channel_class(name)
    channel = kind(kind.settings_type())
    answer = asyncio.run(_tried(channel, channel.probe))
    say(f"{name}: on; {answer}")
    if kind.warning:
        say(f"    {kind.warning}")
    return not answer.startswith("NOT")


async def _tried(channel: Any, work: Callable[[], Awaitable[str]]) -> str:
    """Run the work with an open connection; in words what came of it."""
    try:
        await channel.connect()
        return await work()
    except FAILURES as error:
        return f"NOT working: {_why(error)}"
    finally:
        await channel.disconnect()


def _why(error: BaseException) -> str:
    response = getattr(error, "response", None)
    return str(response["error"]) if isinstance(error, SlackClientError) and response else reason(error)


def _how_to_test(say: Say) -> bool:
    say("To send a test message: make channel-check to=sms=+441632960001 (or telegram=chat, whatsapp=number, slack=user, matrix=room)")
    return True


def _test_message(recipient: str, on: list[str], settings: Settings, say: Say) -> bool:
    name, _, address = recipient.partition("=")
    if name not in CHANNELS or not address:
        say(f"I cannot send to {name or 'nobody'}: write it as channel=address, with one of {', '.join(CHANNELS)}.")
        return False
    if lacks := missing(name, settings.production):
        say(f"{name}: no test message: {' '.join(lacks)}")
        return False
    kind = channel_class(name)
    channel = kind(kind.settings_type())

    async def send() -> str:
        await channel.probe()
        await channel.deliver(Incoming(f"test {time.time()}", address, "", channel.address_of(address)), Answer([TEST]))
        return "test message sent"

    answer = asyncio.run(_tried(channel, send))
    say(f"{name}: {answer}")
    return not answer.startswith("NOT")


if __name__ == "__main__":
    main()
