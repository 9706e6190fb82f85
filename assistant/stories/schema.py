"""The format of a story file: read, checked with plain words, and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from rapidfuzz.process import extractOne

from assistant.stories.story import Step, Story
from knowledge.release import Knowledge
from knowledge.yaml_files import ContentError, Mistake, YamlFile, plain

STORIES = Path("stories")
FRAGMENTS = "fragments.yml"
KNOWN_FAILURES = "known_failures.yml"


class _Dumper(yaml.SafeDumper):
    """Writes a list of words on one line."""

    def represent_list(self, items: list[Any]) -> yaml.Node:
        return self.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=all(isinstance(item, str) for item in items))


_Dumper.add_representer(list, _Dumper.represent_list)


def load(root: Path = STORIES, knowledge: Knowledge | None = None) -> list[Story]:
    """All stories below `root`, by path. With `knowledge`, ids must exist in it. Raises ContentError with every mistake."""
    mistakes: list[Mistake] = []
    fragments = _fragments(root, mistakes)
    names = known_names(knowledge) if knowledge else None
    stories = []
    for path in sorted(root.rglob("*.yml")):
        if path.parent == root:
            if path.name not in (FRAGMENTS, KNOWN_FAILURES):
                mistakes.append(Mistake(str(path), 1, "a story belongs into a folder named for a behaviour or a medicine"))
            continue
        try:
            name = path.relative_to(root).with_suffix("").as_posix()
            stories.append(_story(YamlFile(path, root, yaml.BaseLoader), name, fragments, names))
        except ContentError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ContentError(mistakes)
    return stories


def read(text: str, path: str, root: Path = STORIES, knowledge: Knowledge | None = None) -> Story:
    """The story in `text`, as if it stood in the file `path`. Raises ContentError."""
    file = YamlFile(root / f"{path}.yml", root, yaml.BaseLoader, text)
    return _story(file, path, _fragments(root, []), known_names(knowledge) if knowledge else None)


def known_names(knowledge: Knowledge) -> dict[str, set[str]]:
    """The ids a story may use, by kind: `risks` and `understood`."""
    risks = {risk.id for risks in knowledge.risks.values() for risk in risks} | set(knowledge.topics)
    things = {*knowledge.medicines, *knowledge.symptoms, *knowledge.labs, *knowledge.facts, *knowledge.red_flags}
    return {"risks": risks, "understood": things}


def known_failures(root: Path = STORIES) -> dict[str, str]:
    """Stories that do not pass yet, with the reason."""
    path = root / KNOWN_FAILURES
    return (YamlFile(path, root, yaml.BaseLoader).data or {}) if path.exists() else {}


def as_yaml(story: Story) -> str:
    """The text of the story's file."""
    data = story.model_dump(exclude={"path"}, exclude_defaults=True)
    steps = [{key: value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value
              for key, value in step.items()} for step in data.pop("steps")]
    return dumped({**data, "steps": steps})


def dumped(data: dict[str, Any]) -> str:
    """The text of a story file with this in it; words that stand for one another are on one line."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=130)


def write(story: Story, root: Path = STORIES) -> Path:
    """Save the story under its path. Raises ValueError for a path outside `root`, FileExistsError for one that is taken."""
    if not re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)+", story.path):
        raise ValueError(f"'{story.path}' is not a folder and a sentence in small letters, with _ between the words")
    target = root / f"{story.path}.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(as_yaml(story))
    return target


def path_of(folder: str, title: str) -> str:
    """The path of a story from the folder and the sentence that names it."""
    return f"{_slug(folder)}/{_slug(title)}"


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower().replace("'", "").replace("’", "")).strip("_")[:80]


def _fragments(root: Path, mistakes: list[Mistake]) -> dict[str, list[dict[str, Any]]]:
    path = root / FRAGMENTS
    if not path.exists():
        return {}
    file = YamlFile(path, root, yaml.BaseLoader)
    for name, steps in (file.data or {}).items():
        try:
            Story(path=name, steps=steps, why="")
        except ValidationError as error:
            mistakes += [Mistake(file.name, file.line((name, *problem["loc"][1:])), _words(problem)) for problem in error.errors()
                         if problem["loc"]]  # a fragment may expect nothing
    return file.data or {}


def _story(file: YamlFile, path: str, fragments: dict[str, Any], names: dict[str, set[str]] | None) -> Story:
    data = file.data if isinstance(file.data, dict) else {}
    places: list[tuple[Any, ...]] = []
    steps = []
    given = data.get("steps")
    for number, step in enumerate(given if isinstance(given, list) else []):
        place = ("steps", number)
        used = _used(step, fragments, file, place)
        steps += used
        places += [place] * len(used)
    try:
        story = Story.model_validate({**data, "path": path, "steps": steps} if isinstance(given, list) else {**data, "path": path})
    except ValidationError as error:
        raise ContentError(list(_mistakes(error, file, places))) from None
    for step, place in zip(story.steps, places, strict=True):
        step.line = file.line(place)
    unknown = list(_unknown(story, names, file, places)) if names else []
    if unknown:
        raise ContentError(unknown)
    return story


def _used(step: Any, fragments: dict[str, Any], file: YamlFile, place: tuple[Any, ...]) -> list[Any]:
    """The step itself, or the steps of the fragment it names; what stands beside `use` belongs to the last of them."""
    if not isinstance(step, dict) or "use" not in step:
        return [step]
    name = step["use"]
    if name not in fragments:
        raise ContentError([Mistake(file.name, file.line((*place, "use")), f"there is no fragment '{name}'{_near(name, fragments)}")])
    *first, last = fragments[name]
    own = {key: value for key, value in step.items() if key != "use"}
    if isinstance(own.get("answers"), dict):
        own["answers"] = {**own["answers"], **{key: value for key, value in last.get("answers", {}).items() if key not in own["answers"]}}
    return [*first, {**last, **own}]


def _mistakes(error: ValidationError, file: YamlFile, places: list[tuple[Any, ...]]) -> Iterator[Mistake]:
    for problem in error.errors():
        where = problem["loc"]
        if len(where) > 1 and where[0] == "steps" and isinstance(where[1], int):
            where = (*places[where[1]], *where[2:])
        yield Mistake(file.name, file.line(where), _words(problem))


def _words(problem: Any) -> str:
    last = problem["loc"][-1] if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        fields = {*Step.model_fields, "use"} - {"line"} if "steps" in problem["loc"] else {*Story.model_fields} - {"path"}
        return f"'{last}' is not a key that belongs here{_near(str(last), fields)}"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return plain(problem, problem["loc"] or ("story",))


def _unknown(story: Story, names: dict[str, set[str]], file: YamlFile, places: list[tuple[Any, ...]]) -> Iterator[Mistake]:
    for step, place in zip(story.steps, places, strict=True):
        for key, kind in (("first_risk", "risks"), ("risks", "risks"), ("not_risks", "risks"), ("understood", "understood")):
            value = getattr(step, key)
            for name in [value] if isinstance(value, str) else value or []:
                plain_name = name.removeprefix("no ").removeprefix("past ")
                if plain_name not in names[kind]:
                    yield Mistake(file.name, file.line((*place, key)), f"there is no '{plain_name}'{_near(plain_name, names[kind])}")


def _near(word: str, known: Iterable[str]) -> str:
    best = extractOne(word, list(known), score_cutoff=60)
    return f"; did you mean '{best[0]}'?" if best else ""
