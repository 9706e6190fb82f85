"""The order of the tests: files that take minutes come first, so that processes which share the files out end together."""

from pathlib import Path

import pytest

LONG = ("conversation", "cli", "browser", "channels", "vignettes")  # folders


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of `LONG` first, in their order."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return LONG.index(folder) if folder in LONG else len(LONG)
