"""Releases of the content and stored assessments in a database: SQLite by default, PostgreSQL by URL.

A release is the whole content as it was checked, with its hash, date, note and who activated it. One release is
active. A server asks `Store.knowledge()` at each turn and takes up a new release without a restart.
"""

from __future__ import annotations

import hmac
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, String, Text, create_engine, delete, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential

from knowledge.case import Case
from knowledge.release import Knowledge
from knowledge.schema import content_hash

DEFAULT_URL = "sqlite:///var/knowledge.db"


class NoRelease(RuntimeError):
    """No release is active yet: run `python -m knowledge build`."""


class Base(DeclarativeBase):
    pass


class Release(Base):
    """One checked version of the content. `content` is compressed JSON."""

    __tablename__ = "releases"
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(Text, default="")
    loaded_by: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def name(self) -> str:
        """How people refer to it: number and the first letters of its hash."""
        return f"{self.id}-{self.hash[:8]}"


class Activation(Base):
    """Which release became active, when and by whom. The newest row is the active one; rows are never changed."""

    __tablename__ = "activations"
    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class StoredAssessment(Base):
    """One assessment with its case and release, under a pseudonymous key of the conversation."""

    __tablename__ = "assessments"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    urgency: Mapped[str] = mapped_column(String(20))
    case: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)


def conversation_key(sender: str, secret: str) -> str:
    """A key that names a conversation without telling who it is: HMAC-SHA256 of the sender, 64 hexadecimal digits."""
    return hmac.new(secret.encode(), sender.encode(), sha256).hexdigest()


class Store:
    """Access to one database. Opening it does nothing; the first use connects, with retries for up to `patience` seconds."""

    def __init__(self, url: str = DEFAULT_URL, patience: float = 5.0):
        self.url, self.patience = url, patience
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        self._compiled: tuple[int, Knowledge] | None = None

    @property
    def engine(self) -> Engine:
        """The engine, made at first use. SQLite gets its folder."""
        if self._engine is None:
            url = make_url(self.url)
            if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction."""
        with sessionmaker(self.engine, expire_on_commit=False).begin() as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest version. Retries while the database is away, then raises OperationalError."""
        from alembic import command  # only needed here, and slow to import
        from alembic.config import Config

        @retry(
            retry=retry_if_exception_type(OperationalError),
            stop=stop_after_delay(self.patience),
            wait=wait_exponential(0.2, max=2),
            reraise=True,
        )
        def upgrade() -> None:
            with self.engine.begin() as connection:
                config = Config()
                config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

        upgrade()

    def add(self, data: dict[str, Any], note: str = "", by: str = "") -> Release:
        """Store checked content as a release; the same content again gives the release that is there."""
        digest = content_hash(data)
        known = self._release_with(digest)
        if known:
            return known
        release = Release(hash=digest, loaded_at=datetime.now(UTC), note=note, loaded_by=by, content=zlib.compress(orjson.dumps(data), 6))
        try:
            with self.session() as session:
                session.add(release)
            return release
        except IntegrityError:  # another process stored the same content at this moment
            stored = self._release_with(digest)
            if stored is None:
                raise
            return stored

    def _release_with(self, digest: str) -> Release | None:
        with self.session() as session:
            return session.scalar(select(Release).where(Release.hash == digest))

    def activate(self, release_id: int, by: str = "", note: str = "") -> None:
        """Make a release active. Two at once end in one: the row with the higher number wins for everybody."""
        with self.session() as session:
            if session.get(Release, release_id) is None:
                raise KeyError(f"there is no release {release_id}")
            session.add(Activation(release_id=release_id, at=datetime.now(UTC), by=by, note=note))

    def active_id(self) -> int | None:
        """The number of the active release, or None."""
        with self.session() as session:
            return session.scalar(select(Activation.release_id).order_by(Activation.id.desc()).limit(1))

    def roll_back(self, by: str = "") -> int:
        """Activate the release that was active before the present one; gives its number."""
        with self.session() as session:
            rows = list(session.scalars(select(Activation.release_id).order_by(Activation.id.desc())))
        earlier = next((item for item in rows if item != rows[0]), None) if rows else None
        if earlier is None:
            raise NoRelease("there is no earlier release to go back to")
        self.activate(earlier, by, "rolled back")
        return earlier

    def releases(self) -> list[Release]:
        """All releases, newest first."""
        with self.session() as session:
            return list(session.scalars(select(Release).order_by(Release.id.desc())))

    def content(self, release_id: int) -> dict[str, Any]:
        """The data of one release."""
        with self.session() as session:
            release = session.get(Release, release_id)
            if release is None:
                raise KeyError(f"there is no release {release_id}")
            return orjson.loads(zlib.decompress(release.content))

    def knowledge(self) -> Knowledge:
        """The active release, compiled. Kept until another one is activated. Raises NoRelease when there is none."""
        active = self.active_id()
        if active is None:
            raise NoRelease("no release is active: run `python -m knowledge build`")
        with self._lock:
            if self._compiled is None or self._compiled[0] != active:
                self._compiled = (active, self.compiled(active))
            return self._compiled[1]

    def compiled(self, release_id: int) -> Knowledge:
        """One release, compiled."""
        data = self.content(release_id)
        return Knowledge(data, f"{release_id}-{content_hash(data)[:8]}")

    def save_assessment(self, conversation: str, case: Case, result: dict[str, Any]) -> int:
        """Store an assessment; gives its number for `replay`."""
        release_id = int(str(result["knowledge_release"]).partition("-")[0])
        with self.session() as session:
            row = StoredAssessment(
                conversation=conversation,
                at=datetime.now(UTC),
                release_id=release_id,
                urgency=result["urgency"],
                case=case.to_dict(),
                result=result,
            )
            session.add(row)
            session.flush()
            return row.id

    def assessment(self, number: int) -> StoredAssessment:
        """One stored assessment. Raises KeyError when there is none with this number."""
        with self.session() as session:
            row = session.get(StoredAssessment, number)
            if row is None:
                raise KeyError(f"there is no assessment {number}")
            return row

    def earlier(self, conversation: str, before: datetime | None = None) -> list[StoredAssessment]:
        """Stored assessments of a conversation, newest first."""
        with self.session() as session:
            query = select(StoredAssessment).where(StoredAssessment.conversation == conversation)
            if before:
                query = query.where(StoredAssessment.at < before)
            return list(session.scalars(query.order_by(StoredAssessment.id.desc())))

    def forget(self, conversation: str) -> int:
        """Delete all assessments of a conversation; gives how many."""
        with self.session() as session:
            return session.execute(delete(StoredAssessment).where(StoredAssessment.conversation == conversation)).rowcount

    def forget_older_than(self, days: int) -> int:
        """Delete assessments older than the clinic's retention; gives how many."""
        with self.session() as session:
            limit = datetime.now(UTC) - timedelta(days=days)
            return session.execute(delete(StoredAssessment).where(StoredAssessment.at < limit)).rowcount
