"""What still works while the database is away: an emergency gets its advice, anything else the channel's safe text.

A message with a red flag is kept in memory and said again before the person's next message that can be stored: then the conversation
knows it. What was answered already is not heard twice. Only if the process ends before the database is back is it lost.
"""
import logging
from collections import OrderedDict
from functools import partial

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.tracker_store import short_memory

logger = logging.getLogger(__name__)

EMERGENCY = "emergency_"  # how the intents of red flags begin
MOST_CARRIED = 1_000  # people


class Carried:
    """Each person's last red flag that could not be stored."""

    def __init__(self) -> None:
        self._messages: OrderedDict[str, tuple[UserMessage, bool]] = OrderedDict()  # and whether it was answered

    def keep(self, message: UserMessage, answered: bool) -> None:
        self._messages[message.sender_id] = (message, answered)
        if len(self._messages) > MOST_CARRIED:
            self._messages.popitem(last=False)

    async def say(self, usual: object, now: UserMessage) -> None:
        """Let the conversation hear it before `now`. Raises what the turn raises, and keeps it then."""
        if kept := self._messages.get(now.sender_id):
            message, answered = kept
            channel = CollectingOutputChannel() if answered else now.output_channel
            await usual(UserMessage(message.text, channel, now.sender_id, input_channel=message.input_channel))  # type: ignore[operator]
            del self._messages[now.sender_id]


def prepare_for_outage(agent: Agent) -> None:
    """Change a loaded agent so that an error of its tracker store is not swallowed, and a turn reads no more than it needs.

    By default Rasa goes on with an empty conversation, which in the middle of a triage means wrong advice.
    """
    agent.tracker_store._on_tracker_store_error = _raise  # type: ignore[attr-defined]
    agent.processor.handle_message = partial(_handle, agent.processor, agent.processor.handle_message, Carried())  # type: ignore


async def _handle(processor: MessageProcessor, usual: object, carried: Carried, message: UserMessage) -> object:
    """A turn. If it fails before anything was said, an emergency is answered without the conversation."""
    try:
        with short_memory():
            await carried.say(usual, message)
            return await usual(message)  # type: ignore[operator]
    except Exception as error:
        logger.error("turn failed: %s", type(error).__name__, exc_info=True)
        spoken = bool(getattr(message.output_channel, "messages", None))
        parsed = await processor.parse_message(message)
        emergency = str(parsed["intent"]["name"]).startswith(EMERGENCY)
        if any(entity["entity"] == "red_flag" for entity in parsed["entities"]):
            carried.keep(message, answered=emergency or spoken)
        if spoken or not emergency:
            raise
        await _answer_emergency(processor, message)
        return None


async def _answer_emergency(processor: MessageProcessor, message: UserMessage) -> None:
    """Run the turn on an empty conversation that is kept nowhere."""
    tracker = DialogueStateTracker(message.sender_id, processor.domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
    await processor._handle_message_with_tracker(message, tracker)
    await processor._run_prediction_loop(message.output_channel, tracker)


def _raise(error: Exception) -> None:
    raise error
