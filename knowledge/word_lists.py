"""Checks of the word lists of the content: what would break the reading of a message, or be read as something else than a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.yaml_files import Mistake, YamlFile

RED_FLAGS = "content/red_flags.yml"
_TABLE = "rows"  # lists of a table hold numbers and gaps
_Path = tuple[Any, ...]


def word_mistakes(files: Iterable[YamlFile]) -> Iterator[Mistake]:
    """Members of word lists that are no words, and phrases and groups of the red flags that nothing could match."""
    for file in files:
        yield from _no_words(file, file.data, ())
        if file.name == RED_FLAGS:
            yield from _flag_mistakes(file)


def _no_words(file: YamlFile, node: Any, path: _Path) -> Iterator[Mistake]:
    """What YAML takes for a number or a truth value in a list of words: `true`, `null`, `3`, `10:30`. Quotes make it a word."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key != _TABLE:
                yield from _no_words(file, value, (*path, key))
    elif isinstance(node, list):
        words = any(isinstance(member, str) for member in node)
        for number, member in enumerate(node):
            if isinstance(member, dict | list):
                yield from _no_words(file, member, (*path, number))
            elif member is None or isinstance(member, bool) or words and not isinstance(member, str):
                yield _no_word(file, (*path, number), member)


def _no_word(file: YamlFile, path: _Path, member: Any) -> Mistake:
    return Mistake(file.name, file.line(path), f"'{member}' is no word here: put it in quotes")


def _flag_mistakes(file: YamlFile) -> Iterator[Mistake]:
    """Phrases and word groups of the red flags of small words only, and groups that do not exist."""
    data = file.data
    spelt = (((key, typed), meant) for key in ("spellings", "forms") for typed, meant in data[key].items())
    yield from (_no_word(file, path, meant) for path, meant in spelt if not isinstance(meant, str))
    fillers = {_bare(word) for word in data["fillers"]}
    for path, entry in _entries(data):
        if entry.isupper() and path[0] != "words":
            if entry not in data["words"]:
                yield Mistake(file.name, file.line(path), f"there is no word group {entry}")
        elif all(_bare(word) in fillers for word in entry.split()):
            yield Mistake(file.name, file.line(path), f"'{entry}' holds only small words (fillers), which nothing is found by")


def _entries(data: dict[str, Any]) -> Iterator[tuple[_Path, str]]:
    """What the finder looks for by its telling words, or names as a word group, with its place in the file."""
    places: list[_Path] = [("words", name) for name in data["words"]] + [("background",), ("apart",)]
    for number, flag in enumerate(data["red_flags"]):
        place = ("red_flags", number)
        places += [(*place, key) for key in ("phrases", "unless", "eased")]
        for form in ("patterns", "unclear"):
            for count, pattern in enumerate(flag.get(form, ())):
                inside = [(*place, form, count, key) for key in ("near", "unless")]
                places += inside if isinstance(pattern, dict) else [(*place, form, count)]
    for place in places:
        yield from (((*place, number), entry) for number, entry in enumerate(_at(data, place)) if isinstance(entry, str))


def _at(node: Any, path: _Path) -> Any:
    for part in path:
        node = node.get(part, ()) if isinstance(node, dict) else node[part]
    return node


def _bare(word: str) -> str:
    return word.lower().replace("'", "")
