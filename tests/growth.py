"""Whether work grows with the length of a text only: a ratio within one run, so that a slow or busy machine does not decide."""

import time
from collections.abc import Callable

LONGEST = 8000  # characters a message may have
TRIES = 4  # a ratio that other programs on the machine disturbed is taken again
LEAST = 0.005  # seconds: less than this says nothing about growth


def assert_grows_with_length_only(work: Callable[[str], object], piece: str) -> None:
    """`work` on `LONGEST` characters of the repeated `piece` takes less than 8 times as long as on a quarter of them.

    Steady growth gives 4, growth with the square 16. Times are of this thread's processor.
    """
    long = (piece * LONGEST)[:LONGEST]
    work(piece)  # what is made once is not counted
    for _ in range(TRIES):
        quarter, whole = (max(_seconds(work, text), LEAST) for text in (long[: LONGEST // 4], long))
        if whole < 8 * quarter:
            return
    raise AssertionError(f"{quarter:.3f} s for a quarter, {whole:.3f} s for the whole of {piece!r} repeated")


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began
