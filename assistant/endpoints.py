"""How Rasa reaches the custom actions: in its own process or over HTTP; and what the patient reads if that fails."""
import asyncio
import functools
import logging
from collections.abc import Awaitable
from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import orjson
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from assistant.settings import Settings
from knowledge.clinic import load_clinic
from knowledge.wording import Words, safe_text, strings_as_written

logger = logging.getLogger(__name__)

ACTION_SECONDS = 3.0  # shorter than the lock on a conversation (60 s), and than a worried person waits
LAST_WORDS = "Something went wrong on my side. If you feel very ill, call 999, 112 or 911. Otherwise call your MS team today."
SAID_ALREADY = "action_flag"  # runs after the red flag's own words: an apology on top would only confuse


class InProcessActions(EndpointConfig):
    """Runs the actions of a package (module path) in this process. Input and output are those of the HTTP protocol."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url=f"package:{package}")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *_args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run the action that `json` names. Never raises; see `answer_or_apology`."""
        return await answer_or_apology(self._run(kwargs["json"]), kwargs["json"]["next_action"])

    async def _run(self, call: dict[str, Any]) -> Any:
        # Through JSON and back, as over HTTP: an action must not change the tracker or answer with odd objects.
        answer = await self._executor.run(_as_json(call))
        return _as_json(answer)


class RemoteActions(EndpointConfig):
    """Calls an action server by URL."""

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Call the server. Never raises; see `answer_or_apology`."""
        return await answer_or_apology(super().request(*args, **kwargs), kwargs["json"]["next_action"])


def action_endpoint(settings: Settings) -> EndpointConfig:
    """The endpoint that the settings ask for."""
    return RemoteActions(url=settings.action_server_url) if settings.action_server_url else InProcessActions()


async def answer_or_apology(answer: Awaitable[Any], action: str = "") -> dict[str, Any]:
    """The action's answer `{"events", "responses"}`; the safe one if it fails, is malformed or takes over 3 s.

    Only the kind of the error is logged: its message may hold what the patient wrote.
    """
    try:
        async with asyncio.timeout(ACTION_SECONDS):
            result = await answer
        _check_format(result)
        return result
    except Exception as error:
        logger.error("action failed: %s", type(error).__name__, exc_info=True)
        return {"events": [], "responses": []} if action == SAID_ALREADY else safe_answer()


def safe_answer() -> dict[str, Any]:
    """One message with the numbers to call, and no event: what was learnt stays as it is."""
    try:
        response = {"text": _clinics_safe_text()}
    except Exception as error:
        logger.error("no safe text from the content: %s", type(error).__name__, exc_info=True)
        response = {"text": LAST_WORDS}
    return {"events": [], "responses": [response]}


def prepare_rasa() -> None:
    """Change how Rasa calls an action: a short request, and no check of the constant answer schema at every call.

    Both cost more than the actions themselves: the check 17 ms a call, the request a copy of the whole conversation.
    Rasa also looks through all its classes for that of each event it reads: here it does so once for each kind.
    """
    RemoteAction._action_call_format = _short_call  # type: ignore[method-assign]
    RemoteAction._validate_action_result = _already_validated  # type: ignore[method-assign]
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(functools.cache(Event.resolve_by_type))  # type: ignore[method-assign]


def _clinics_safe_text() -> str:
    """Read when it is needed, and from files only: neither the database nor the actions may work at this moment."""
    clinic = load_clinic()
    return safe_text(Words(strings_as_written(), clinic, datetime.now(ZoneInfo(clinic.time_zone))))


def _short_call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Slots, the latest message and the events of this turn; actions of this project need no more."""
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = _events_of_this_turn(tracker)  # type: ignore[typeddict-item]
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "domain": {},
        "version": rasa.__version__,
    }


def _events_of_this_turn(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        events.append(event.as_dict())
        if isinstance(event, UserUttered):
            break
    return events[::-1]


def _already_validated(_self: RemoteAction, _result: Any) -> bool:
    return True


def _as_json(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY))


def _check_format(result: Any) -> None:
    """Raise where the answer is not what Rasa's schema allows. Each event is held against its own kind, not against all of them."""
    _ANSWER_FORMAT.validate(result)
    for event in result.get("events", ()):
        _EVENT_FORMATS[event["event"]].validate(event)


def _compiled(schema: dict[str, Any]) -> jsonschema.protocols.Validator:
    return jsonschema.validators.validator_for(schema)(schema)


_SCHEMA = deepcopy(RemoteAction.action_response_format_spec())
_EVENT_FORMATS = {kind["properties"]["event"]["const"]: _compiled(kind) for kind in _SCHEMA["properties"]["events"]["items"].pop("oneOf")}
_ANSWER_FORMAT = _compiled(_SCHEMA)
