"""Content broken on purpose: a number or a length of time in a rule moved a little, a window made shorter or longer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from knowledge.durations import days

LENGTHS = {"within", "before", "over", "lasting_over", "lasting_under", "after_dose_within"}
NUMBERS = {"below", "at_most", "above", "at_least", "above_uln", "at_least_uln", "at_most_uln",
           "fall_by", "rise_by", "fall_percent", "rise_percent"}
SMALLER, LARGER = 0.9, 1.12


def mutations(node: Any, factor: float, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Places in a condition that can be broken: (kind, path, new value)."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in NUMBERS and isinstance(value, int | float) and value and not isinstance(value, bool):
                yield "threshold moved", (*path, key), value * (factor if path[-1:] != ("temperature",) else factor**0.1)
            elif key in LENGTHS and isinstance(value, str):
                yield "window moved", (*path, key), moved(value, factor)
            else:
                yield from mutations(value, factor, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from mutations(value, factor, (*path, number))


def moved(length: str, factor: float) -> str:
    """A length of time made shorter or longer."""
    return f"PT{max(1, round(days(length) * 86400 * factor))}S"


def with_value(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at one place."""
    other = copy.deepcopy(node)
    place = other
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return other
