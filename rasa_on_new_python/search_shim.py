"""Rasa searches the whole project for test stories, the environment in it too."""
from collections.abc import Callable
from pathlib import Path
from typing import Any


def apply(data: Any) -> None:
    """Change Rasa's `rasa.shared.data` in place."""
    search = data._find_data_files_in_directory

    def search_what_is_seen(directory: str, fits: Callable[[str], bool]) -> set[str]:
        return search(directory, lambda path: not _is_hidden(Path(path).relative_to(directory)) and fits(path))

    data._find_data_files_in_directory = search_what_is_seen


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parent.parts)
