"""Coroutines in tests that share a process with others: the browser's library keeps an event loop running in the main thread."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_a_thread(work: Callable[..., Any], *given: Any) -> Any:
    """The result of a function that runs an event loop itself."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *given).result()


def in_its_own_loop(coroutine: Coroutine) -> Any:
    """The result of one coroutine."""
    return in_a_thread(asyncio.run, coroutine)


class Loop:
    """An event loop that lives on in a thread of its own."""

    def __init__(self) -> None:
        self._loop, self._thread = asyncio.new_event_loop(), ThreadPoolExecutor(1)

    def run(self, work: Awaitable) -> Any:
        """The result of one coroutine."""
        return self._thread.submit(self._loop.run_until_complete, work).result()

    def close(self) -> None:
        """End the loop and its thread."""
        self._thread.submit(self._loop.close).result()
        self._thread.shutdown()
