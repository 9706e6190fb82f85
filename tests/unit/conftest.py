"""The content as it stands, read and compiled once. Who changes it takes a copy."""

from typing import Any

import pytest

from knowledge import schema
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge


@pytest.fixture(scope="session")
def data() -> dict[str, Any]:
    """The content folder as data."""
    return schema.load()


@pytest.fixture(scope="session")
def knowledge(data: dict[str, Any]) -> Knowledge:
    """The content, compiled."""
    return Knowledge(data, "1-test")


@pytest.fixture(scope="session")
def reader(data: dict[str, Any]) -> Reader:
    """Finds medicines, symptoms and results in words."""
    return Reader(vocabulary_of(data))
