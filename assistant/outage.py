"""What still works while the database is away: an emergency gets its advice, anything else the channel's safe text."""
import logging
from functools import partial

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

EMERGENCY = "emergency_"  # how the intents of red flags begin


def prepare_for_outage(agent: Agent) -> None:
    """Change a loaded agent so that an error of its tracker store is not swallowed.

    By default Rasa goes on with an empty conversation, which in the middle of a triage means wrong advice.
    """
    agent.tracker_store._on_tracker_store_error = _raise  # type: ignore[attr-defined]
    agent.processor.handle_message = partial(_handle, agent.processor, agent.processor.handle_message)  # type: ignore


async def _handle(processor: MessageProcessor, usual: object, message: UserMessage) -> object:
    """A turn. If it fails before anything was said, an emergency is answered without the conversation."""
    try:
        return await usual(message)  # type: ignore[operator]
    except Exception as error:
        logger.error("turn failed: %s", type(error).__name__, exc_info=True)
        if getattr(message.output_channel, "messages", None) or not await _answer_emergency(processor, message):
            raise
        return None


async def _answer_emergency(processor: MessageProcessor, message: UserMessage) -> bool:
    """Run the turn on an empty conversation that is kept nowhere, if the message alone is an emergency."""
    tracker = DialogueStateTracker(message.sender_id, processor.domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
    await processor._handle_message_with_tracker(message, tracker)
    if tracker.latest_message is None or not (tracker.latest_message.intent_name or "").startswith(EMERGENCY):
        return False
    await processor._run_prediction_loop(message.output_channel, tracker)
    return True


def _raise(error: Exception) -> None:
    raise error
