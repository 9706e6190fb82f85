"""YAML files that people write: read with line numbers, so that a mistake is named with file, line and plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


class WordsStayWords(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's reading of yes, no and 2026-11-22: words, not truth values and dates. Patients say them, and they are keys here.

    A key that stands twice is a mistake: of two lists of words the first would be lost without a word.
    """

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node."""
        keys = [key.value for key, _ in node.value if isinstance(key.value, str)]
        if twice := next((key for key, _ in node.value if isinstance(key.value, str) and keys.count(key.value) > 1), None):
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice.value!r} stands twice", twice.start_mark)
        return super().construct_mapping(node, deep)


WordsStayWords.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
    ]
    for first, resolvers in WordsStayWords.yaml_implicit_resolvers.items()
}


def read_yaml(text: str) -> Any:
    """What a file of the content holds. Everything that reads one does it by this: "off" in a list is a word everywhere."""
    return yaml.load(text, Loader=WordsStayWords)


@dataclass(frozen=True)
class Mistake:
    """One mistake in the content."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ContentError(ValueError):
    """The content cannot be used. `mistakes` lists all that was found."""

    def __init__(self, mistakes: list[Mistake]):
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class YamlFile:
    """One YAML file with the line of each node, so that a mistake can be pointed at."""

    def __init__(self, path: Path, root: Path, loader: Any = WordsStayWords, text: str | None = None):
        self.name = str(path.relative_to(root.parent))
        self._loader = loader
        self._text = path.read_text(encoding="utf-8") if text is None else text
        try:
            self.data = yaml.load(self._text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise ContentError([Mistake(self.name, mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}")]) from error

    @cached_property
    def node(self) -> Any:
        """The tree with line numbers; only needed to point at a mistake."""
        return yaml.compose(self._text, Loader=self._loader)

    def line(self, path: tuple[Any, ...]) -> int:
        """The line of the deepest node that exists on `path`."""
        node = self.node
        for part in path:
            below = _child(node, part)
            if below is None:
                break
            node = below
        return node.start_mark.line + 1 if node is not None else 1


def _child(node: Any, part: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


_MESSAGES = {
    "extra_forbidden": "'{last}' is not a key that belongs here",
    "missing": "'{last}' is missing",
    "literal_error": "'{input}' is not one of the values allowed for '{last}'",
}


def plain(problem: Any, where: tuple[Any, ...]) -> str:
    """One of pydantic's complaints, about the place `where`, in words for whoever wrote the file."""
    template = _MESSAGES.get(problem["type"])
    if template:
        return template.format(last=where[-1], input=problem.get("input"))
    return f"'{where[-1]}': {re.sub('^Input', 'it', problem['msg'])}"
