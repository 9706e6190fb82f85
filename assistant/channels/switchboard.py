"""Which channels are on, and which are refused at start: those that anybody could use in a patient's name, or that lose advice."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from assistant.access import OWN_MACHINE
from assistant.settings import Settings

# The channels of ASSISTANT_CHANNELS.
CHANNELS = {
    "telegram": "assistant.channels.telegram.TelegramChannel",
    "sms": "assistant.channels.twilio.SmsChannel",
    "whatsapp": "assistant.channels.twilio.WhatsAppChannel",
    "slack": "assistant.channels.slack.SlackChannel",
    "matrix": "assistant.channels.matrix.MatrixChannel",
}
OWN = "assistant."  # how the names of this project's channels begin

_ANYBODY = "it does not check who sends, so anybody could write in a patient's name."
# Rasa 3.6.21's own channels. Each reason was read in its source.
REFUSED = {
    "facebook": "it lets the sender choose how its signature is checked, and speaks a version of the interface (2.12) that has ended.",
    "mattermost": _ANYBODY,
    "rocketchat": _ANYBODY,
    "hangouts": "it tells people apart by their display name, so two patients of one name would share a conversation.",
    "socketio": "a visitor can take over another's conversation, and with session_persistence it never answers. "
    "The patient page at /chat/ has a channel of its own.",
    "callback": f"{_ANYBODY} It also posts each answer to an address without any check.",
    "telegram": "it fails at every message and does not check who sends. Set ASSISTANT_CHANNELS=telegram instead.",
    "twilio": "it does not check Twilio's signature. Set ASSISTANT_CHANNELS=sms or whatsapp instead.",
    "twilio_voice": "it does not check Twilio's signature.",
    "webexteams": "it does not check a signature.",
    "slack": "it answers a message that is delivered twice two times, and drops cards. Set ASSISTANT_CHANNELS=slack instead.",
    "rasa": "it belongs to Rasa X, which is no longer made.",
    "botframework": "it drops cards, and nobody has held it to this project's tests.",
}
REFUSED_IN_PRODUCTION = {
    "rest": f"{_ANYBODY} Use assistant.channels.rest.RestChannel with ASSISTANT_API_TOKEN instead.",
    "cmdline": "it belongs to a terminal, not to a server.",
}


class Refusal(Exception):
    """The server must not start like this. The text says why, one reason a line."""


def credentials(settings: Settings, file: Path = Path("credentials.yml")) -> dict[str, Any]:
    """Return Rasa's channels: those of credentials.yml and those of ASSISTANT_CHANNELS. Raises Refusal."""
    listed = yaml.safe_load(file.read_text("utf-8")) or {}
    names = [name.strip() for name in settings.channels.split(",") if name.strip()]
    reasons = [*_not_to_be_used(listed, settings), *_not_ready(names, settings)]
    if reasons:
        raise Refusal("\n".join(reasons))
    return {**listed, **{CHANNELS[name]: {} for name in names}}


def _not_to_be_used(listed: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Why channels of credentials.yml can't be on."""
    for name in listed:
        if reason := REFUSED.get(name) or (REFUSED_IN_PRODUCTION.get(name) if settings.production else None):
            yield f"The channel {name} in credentials.yml is refused: {reason}"
        elif settings.production and not name.startswith(OWN) and not _checks_sender(name):
            yield (f"The channel {name} in credentials.yml is refused in production: nothing says that it checks who sends. "
                   "Make sure that it does, then set checks_sender = True on its class.")  # fmt: skip


def _not_ready(names: list[str], settings: Settings) -> Iterator[str]:
    """Why channels of ASSISTANT_CHANNELS can't be on."""
    for name in names:
        if name not in CHANNELS:
            reason = REFUSED.get(name) or f"there is no such channel. There are {', '.join(CHANNELS)}."
            yield f"The channel {name} in ASSISTANT_CHANNELS is refused: {reason}"
        else:
            yield from (f"The channel {name} is not ready: {reason}" for reason in missing(name, settings.production))


def missing(name: str, production: bool) -> list[str]:
    """Return what keeps a channel of ASSISTANT_CHANNELS from starting; empty when nothing does."""
    try:
        found = channel_class(name).settings_type()
    except ValidationError as error:
        return [f"{_variable(part['loc'])} {_complaint(part)}" for part in error.errors(include_input=False)]
    addresses = {"ASSISTANT_PUBLIC_URL": getattr(found, "public_url", ""), "MATRIX_HOMESERVER": getattr(found, "homeserver", "")}
    return [f"{variable} must begin with https:// in production." for variable, url in addresses.items()
            if production and url.startswith("http://") and urlsplit(url).hostname not in OWN_MACHINE]  # fmt: skip


def channel_class(name: str) -> Any:
    """Return the class of a channel of ASSISTANT_CHANNELS."""
    module, _, kind = CHANNELS[name].rpartition(".")
    return getattr(import_module(module), kind)


def _variable(place: tuple[Any, ...]) -> str:
    return str(place[0]) if place else "its settings:"


def _complaint(part: Any) -> str:
    """What is wrong, without the value: it may be a secret."""
    return "is missing." if part["type"] == "missing" else f"is not valid: {part['msg']}."


def _checks_sender(path: str) -> bool:
    module, _, kind = path.rpartition(".")
    try:
        return bool(getattr(getattr(import_module(module), kind), "checks_sender", False))
    except (ImportError, AttributeError, ValueError):
        return False
