"""Logs without patients' words: no message text, no tracker, no password, no local variables.

Rasa and its libraries put such things into their messages. So of their records only the place in the code is written,
of an exception only its type and where it passed, of Rasa's structured records the event and harmless keys.
This project's own records are written as they are: they must not contain what a patient wrote.
"""
import logging
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

OWN = ("assistant", "actions", "knowledge")
HARMLESS_KEYS = frozenset({"event", "level", "timestamp", "intent_name", "action_name", "policy_name", "rules"})

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Formats a record as `time level logger: message`, with a foreign message replaced by its place in the code."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.partition(".")[0] in OWN
        message = record.getMessage() if own else f"in {record.funcName}, line {record.lineno}"
        changed = {"msg": message, "args": None, "exc_text": None, "stack_info": None}
        return super().format(logging.makeLogRecord({**record.__dict__, **changed}))

    def formatException(self, ei: _ExcInfo) -> str:
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)
        path = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:])
        return f"{kind.__name__ if kind else 'no exception'} at {path}"


def configure_logs() -> None:
    """Send all logs to standard error in the discreet form: this project's from INFO, others' from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    warnings.showwarning = _drop_warning
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _only_harmless,
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )


def hush(library: str) -> None:
    """Take from a library's loggers the handlers and levels it gave itself, so that the rules above hold for it."""
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == library]:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


def _drop_warning(*_arguments: Any, **_options: Any) -> None:
    """Warnings are for developers, and some of Rasa's quote the message."""


def _only_harmless(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key in HARMLESS_KEYS}
