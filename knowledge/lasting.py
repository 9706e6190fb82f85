"""Making what lasts as long as the process: the content of a release, the reader made from it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_alive() -> Iterator[None]:
    """What is made here stays: to look for garbage among a million new objects takes a third of the time, and finds none."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()
