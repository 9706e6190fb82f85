"""Where conversations are kept: Rasa's SQL tracker store, made to survive a database that comes and goes and long conversations."""
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session, sessionmaker

from assistant.settings import get_settings

CONNECT_SECONDS = 2  # a turn has to end with the safe text before the patient gives up
RECENT = 80  # events; a turn writes about 20

_for_a_turn: ContextVar[bool] = ContextVar("for_a_turn", default=False)


@contextmanager
def short_memory() -> Iterator[None]:
    """Inside, a conversation is read as a turn needs it: the slots and the last turns. So the hundredth turn costs what the first did."""
    token = _for_a_turn.set(True)
    try:
        yield
    finally:
        _for_a_turn.reset(token)


class ConversationStore(SQLTrackerStore):
    """Named in endpoints.yml. `url` is a whole SQLAlchemy URL; without one it is TRACKER_DATABASE_URL.

    Unlike its parent it starts while the database is away, creates its tables once it is there, checks pooled
    connections before use, and keeps patients' words out of error messages.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        self.engine = create_engine(host or get_settings().tracker_database_url)
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._tables_exist = False
        TrackerStore.__init__(self, domain, event_broker, **kwargs)

    @contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session that is closed at the end. Raises SQLAlchemyError when the database is away."""
        if not self._tables_exist:
            self.Base.metadata.create_all(self.engine)
            self._tables_exist = True
        with self.sessionmaker() as session:
            yield session

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation; within `short_memory` only what a turn needs of it."""
        tracker = self._recent(sender_id) if _for_a_turn.get() else await super().retrieve(sender_id)
        if tracker is not None:
            tracker.stored = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are new since the tracker was read or saved."""
        await super().save(tracker)
        tracker.stored = len(tracker.events)

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        stored = getattr(tracker, "stored", None)
        if stored is None:
            return super()._additional_events(session, tracker)
        return itertools.islice(tracker.events, stored, None)

    def _recent(self, sender_id: str) -> DialogueStateTracker | None:
        """The value of each slot, and the events since the last but one time the assistant listened."""
        row = self.SQLEvent
        with self.session_scope() as session:
            rows = session.query(row).filter(row.sender_id == sender_id).order_by(row.id.desc()).limit(RECENT).all()[::-1]
            if not rows:
                return None
            begin = _begin(rows)
            older = session.query(sa.func.max(row.id)).filter(
                row.sender_id == sender_id, row.type_name == SlotSet.type_name, row.id < rows[begin].id).group_by(row.action_name)
            slots = session.query(row).filter(row.id.in_(older)).order_by(row.id).all()
        events = [json.loads(event.data) for event in [*slots, *rows[begin:]]]
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)


def _begin(rows: list[Any]) -> int:
    """Where to cut: at the last but one time the assistant listened, and never behind the start of the session."""
    started = max((place for place, row in enumerate(rows) if row.type_name == SessionStarted.type_name), default=0)
    listened = [place for place, row in enumerate(rows)
                if row.type_name == ActionExecuted.type_name and row.action_name == ACTION_LISTEN_NAME and place > started]
    return listened[-2] if len(listened) > 1 else started


def create_engine(url: str) -> sa.Engine:
    """An engine that connects only when used. The folder of an SQLite file is made."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(
            parsed, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": CONNECT_SECONDS}
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, hide_parameters=True, connect_args={"timeout": CONNECT_SECONDS})
    sa.event.listen(engine, "connect", _write_ahead)
    return engine


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
