"""Coroutines in tests that share a process with others."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_its_own_loop(coroutine: Coroutine) -> Any:
    """The result of a coroutine, also where another test of the process keeps an event loop open."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
