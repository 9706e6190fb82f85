"""The five levels of urgency, most urgent first. These ids are the contract's and are used everywhere."""

LEVELS = ("emergency", "same_day", "soon", "routine", "self_care")
_RANK = {level: len(LEVELS) - index for index, level in enumerate(LEVELS)}


def rank(level: str | None) -> int:
    """5 for `emergency` down to 1 for `self_care`; 0 when no level is known."""
    return _RANK.get(level or "", 0)


def most_urgent(*levels: str | None) -> str | None:
    """The most urgent of the levels given; None when there is none."""
    return max(levels, key=rank, default=None)


def raised(level: str, by: int = 1, at_most: str = "same_day") -> str:
    """`level` made more urgent by some steps, but not beyond `at_most` (and never lowered)."""
    target = min(rank(level) + by, rank(at_most))
    return LEVELS[len(LEVELS) - max(target, rank(level))]


def least_urgent(*levels: str) -> str:
    """The least urgent of the levels given."""
    return min(levels, key=rank)
