"""The format of a story file: read, checked with plain words, and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from rapidfuzz.process import extractOne

from knowledge.release import Knowledge
from knowledge.urgency import LEVELS
from knowledge.yaml_files import ContentError, Mistake, YamlFile, plain

STORIES = Path("stories")
FRAGMENTS = "fragments.yml"
KNOWN_FAILURES = "known_failures.yml"
NONE_YET = "none yet"
CONTACTS = ("emergency", "ms_team", "out_of_hours", "crisis_line")
EXPECTATIONS = ("urgency", "asks", "first_risk", "risks", "not_risks", "words", "not_words", "sources", "contact", "understood")

Words = str | list[str]  # a list means: any one of them


class Step(BaseModel):
    """One turn: what is said or done, and what is expected of the answer."""

    model_config = ConfigDict(extra="forbid")
    says: str | None = None
    answers: dict[str, str] | None = None  # whatever is asked until there is an urgency: kind of question, or a word in it -> answer
    later: str | None = None  # "2 days": the person writes again after that time
    urgency: str | None = None  # a level, "at least soon", "at most same_day" or "none yet"
    asks: list[Words] = []  # kinds of question (medicine, noticed, danger, signs, last_dose ...) or words in it; "nothing"
    first_risk: str | None = None  # the risk that leads
    risks: list[str] = []  # ids of risks that are named
    not_risks: list[str] = []
    words: list[Words] = []
    not_words: list[str] = []
    sources: list[str] = []  # "any", an id, or words of a title
    contact: list[Literal[CONTACTS]] = []  # type: ignore[valid-type]
    understood: list[str] = []  # ids of medicines, symptoms, results, facts; "no fever" for what was denied
    line: int = Field(1, exclude=True)

    @field_validator("asks", "risks", "not_risks", "words", "not_words", "sources", "contact", "understood", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("urgency")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = re.sub("^at (least|most) ", "", value)
        if value != NONE_YET and level not in LEVELS:
            raise ValueError(f"write {', '.join(LEVELS)}, or 'at least soon', 'at most same_day', 'none yet'")
        return value

    @field_validator("later")
    @classmethod
    def _known_time(cls, value: str) -> str:
        if not re.fullmatch(r"\d+ (hour|day|week)s?", value):
            raise ValueError("write a time such as '2 days'")
        return value

    @model_validator(mode="after")
    def _does_one_thing(self) -> Step:
        if sum(thing is not None for thing in (self.says, self.answers, self.later)) != 1:
            raise ValueError("a step has one of 'says', 'answers', 'later' or 'use'")
        if self.later and self.expects():
            raise ValueError("nothing is said in a step with 'later', so nothing can be expected there")
        return self

    def expects(self) -> bool:
        """Whether the step expects anything."""
        return any(getattr(self, name) for name in EXPECTATIONS)


class Story(BaseModel):
    """One conversation. `path` is its file below `stories/`, without the ending."""

    model_config = ConfigDict(extra="forbid")
    path: str
    why: str = ""  # where the expectation comes from, or what went wrong once
    who: str = "patient"
    steps: list[Step] = Field(min_length=1)

    @property
    def title(self) -> str:
        """The file name as a sentence."""
        words = self.path.rpartition("/")[2].replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def folder(self) -> str:
        """The behaviour or medicine the story is about."""
        return self.path.rpartition("/")[0]

    @property
    def expected_urgencies(self) -> list[str]:
        """The urgencies expected, in the order of the steps."""
        return [step.urgency for step in self.steps if step.urgency]

    @model_validator(mode="after")
    def _expects_something(self) -> Story:
        if not any(step.expects() for step in self.steps):
            raise ValueError("the story expects nothing: add for example 'urgency: same_day' to its last step")
        return self

    def mentions(self, word: str) -> bool:
        """Whether the word is in its path, or anywhere in its text."""
        return word.lower() in f"{self.path} {self.model_dump_json()}".lower()


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
    return yaml.safe_dump({**data, "steps": steps}, sort_keys=False, allow_unicode=True, width=130)


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
    """The step itself, or the steps of the fragment it names; expectations beside `use` belong to the last of them."""
    if not isinstance(step, dict) or "use" not in step:
        return [step]
    name = step["use"]
    if name not in fragments:
        raise ContentError([Mistake(file.name, file.line((*place, "use")), f"there is no fragment '{name}'{_near(name, fragments)}")])
    *first, last = fragments[name]
    return [*first, {**last, **{key: value for key, value in step.items() if key != "use"}}]


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
                plain_name = name.removeprefix("no ")
                if plain_name not in names[kind]:
                    yield Mistake(file.name, file.line((*place, key)), f"there is no '{plain_name}'{_near(plain_name, names[kind])}")


def _near(word: str, known: Iterable[str]) -> str:
    best = extractOne(word, list(known), score_cutoff=60)
    return f"; did you mean '{best[0]}'?" if best else ""
