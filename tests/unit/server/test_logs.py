"""Nothing a patient wrote and no password reaches the log."""
import logging
import subprocess
import sys

import pytest

from assistant.logs import DiscreetFormatter

LEAKY = '''
import logging, warnings
from assistant.logs import configure_logs, hush
configure_logs()
import sanic.log
hush("sanic")
import structlog
text = "CANARY i cant breathe"
try:
    raise ValueError(text)
except ValueError:
    logging.getLogger("rasa.core.processor").exception(f"failed on {text}")
    logging.getLogger("sanic.error").exception("uri %s", text)
    logging.getLogger("asyncio").error(text, stack_info=True, exc_info=True)
    logging.getLogger("assistant.endpoints").error("action failed: %s", "ValueError", exc_info=True)
    structlog.get_logger().exception("rest.message.received.failure", text=text, sender=text, event_info=text)
warnings.warn(text)
'''


def test_the_canary_is_in_no_log_line() -> None:
    done = subprocess.run([sys.executable, "-c", LEAKY], capture_output=True, text=True, timeout=60, check=True)
    written = done.stdout + done.stderr
    assert "CANARY" not in written, written
    for trace_of in ("rasa.core.processor", "sanic.error", "asyncio", "assistant.endpoints: action failed: ValueError"):
        assert trace_of in written
    assert "rest.message.received.failure" in written


@pytest.mark.parametrize(
    ("name", "shown"), [("assistant.server", True), ("knowledge.triage", True), ("rasa.core", False)]
)
def test_only_own_messages_are_written_out(name: str, shown: bool) -> None:
    record = logging.LogRecord(name, logging.ERROR, "agent.py", 7, "what %s", ("happened",), None, "load")
    line = DiscreetFormatter().format(record)
    assert ("what happened" in line) is shown
    assert shown or "in load, line 7" in line
