"""Where conversations are kept: Rasa's SQL tracker store, made to survive a database that comes and goes."""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.orm import Session, sessionmaker

from assistant.settings import get_settings

CONNECT_SECONDS = 2  # a turn has to end with the safe text before the patient gives up


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
