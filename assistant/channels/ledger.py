"""What a messaging channel must know after a restart: which messages are answered, and up to where it has read."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256

import sqlalchemy as sa
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from assistant.tracker_store import create_engine

logger = logging.getLogger(__name__)

KEPT_SECONDS = 30 * 24 * 60 * 60  # no provider delivers a message again after that long
RECALL_SECONDS = 60.0
KEPT_IN_MEMORY = 10_000  # marks that stay known while the database is away

_TABLES = sa.MetaData()
_MARKS = sa.Table(
    "channel_marks",
    _TABLES,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


class Ledger:
    """Marks of one channel in the database of the conversations. A database that is away never holds up an answer."""

    def __init__(self, url: str, channel: str) -> None:
        """Keep the marks of `channel` in the database at `url`; it is opened at first use."""
        self._engine, self._channel = create_engine(url), channel
        self._ready = False
        self._recent: OrderedDict[str, str] = OrderedDict()

    async def get(self, name: str) -> str | None:
        """Return what was put under `name`, None when nothing was."""
        mark = _mark(name)
        if mark in self._recent:
            return self._recent[mark]
        return await self._tried(self._read, mark)

    async def recall(self, name: str) -> str | None:
        """Return what was put under `name`; wait for a database that is away, but not longer than RECALL_SECONDS."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(sa.exc.SQLAlchemyError), wait=wait_fixed(2), stop=stop_after_delay(RECALL_SECONDS),
            retry_error_callback=lambda _: logger.error("%s starts without its memory: the database is away", self._channel),
        ):  # fmt: skip
            with attempt:
                return await asyncio.to_thread(self._read, _mark(name))
        return None

    async def put(self, name: str, value: str = "") -> None:
        """Remember `value` under `name`. Names are kept as hashes: they may hold a telephone number."""
        mark = _mark(name)
        self._recent[mark] = value
        self._recent.move_to_end(mark)
        if len(self._recent) > KEPT_IN_MEMORY:
            self._recent.popitem(last=False)
        await self._tried(self._write, mark, value)

    async def _tried(self, work: Callable[..., str | None], *arguments: str) -> str | None:
        """Run the work beside the event loop; None when the database is away."""
        try:
            return await asyncio.to_thread(work, *arguments)
        except sa.exc.SQLAlchemyError as error:
            logger.error("The marks of %s are in memory only: %s", self._channel, type(error).__name__)
            return None

    def _read(self, mark: str) -> str | None:
        with self._connection() as connection:
            found = sa.select(_MARKS.c.value).where(_MARKS.c.channel == self._channel, _MARKS.c.mark == mark)
            return connection.execute(found).scalar_one_or_none()

    def _write(self, mark: str, value: str) -> None:
        with self._connection() as connection:
            same = sa.and_(_MARKS.c.channel == self._channel, _MARKS.c.mark == mark)
            connection.execute(sa.delete(_MARKS).where(sa.or_(same, _MARKS.c.at < time.time() - KEPT_SECONDS)))
            connection.execute(sa.insert(_MARKS).values(channel=self._channel, mark=mark, value=value, at=time.time()))

    def _connection(self) -> AbstractContextManager[sa.Connection]:
        if not self._ready:
            _TABLES.create_all(self._engine)
            self._ready = True
        return self._engine.begin()


def _mark(name: str) -> str:
    return sha256(name.encode()).hexdigest()
