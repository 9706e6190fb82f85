"""A running server reads with the words of the active release: another one is taken up within seconds, beside the turns."""
import asyncio
import logging

from assistant.components.patient_reader import take_up
from knowledge.database import NoRelease, Store
from knowledge.reading import vocabulary_of

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds


async def follow_releases(store: Store, look_every: float = LOOK_EVERY) -> None:
    """Look again and again which release is active, and read with its words. While the database is away the old ones stay."""
    known: int | None = None
    while True:
        try:
            known = await asyncio.to_thread(_follow, store, known)
        except Exception as error:
            logger.warning("the active release cannot be looked up: %s", type(error).__name__)
        await asyncio.sleep(look_every)


def _follow(store: Store, known: int | None) -> int:
    active = store.active_id()
    if active is None:
        raise NoRelease
    if active != known and take_up(vocabulary_of(store.content(active))):
        logger.info("reading with the words of release %s", active)
    return active
