"""A story's expectations as fields of a form, and back. What the form has no field for stays as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from assistant.stories.story import CONTACTS, NONE_YET
from knowledge.reasons import name_of
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS

AS_WRITTEN = "as written"  # a question the form has no choice for
FIRST, NAMED, ABSENT = "first_risk", "risks", "not_risks"
BOUNDS = {"": "exactly", "at least": "at least", "at most": "at most"}
ASKS = {  # kinds of question, in words
    "medicine": "which medicine", "which_medicine": "which of several medicines", "noticed": "what was noticed",
    "danger": "danger signs", "signs": "other signs", "quality": "how bad, how long, getting worse", "fact": "a fact about the person",
    "temperature": "the temperature", "last_dose": "when the last dose was", "first_dose": "when it was started",
    "results": "blood results", "earlier_medicine": "an earlier medicine", "unit": "the unit of a result",
    "doubt": "whether a danger sign was meant", "meant": "what was meant", "retract": "whether something is taken back",
}  # fmt: skip

Data = dict[str, Any]


@dataclass(frozen=True)
class RiskField:
    """One risk and what is expected of it: `first_risk`, `risks`, `not_risks` or nothing."""

    id: str
    name: str
    expected: str


@dataclass(frozen=True)
class StepFields:
    """What the form shows of one step. `number` counts from 0, `said` is what is done in it."""

    number: int
    said: str
    bound: str = ""
    level: str = ""
    asks: str = ""
    risks: list[RiskField] = field(default_factory=list)
    words: str = ""
    not_words: str = ""
    contact: list[str] = field(default_factory=list)


def read(text: str) -> Data | None:
    """The story's file as it is written, not checked; None when it is no list of steps."""
    try:
        data = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    steps = data.get("steps") if isinstance(data, dict) else None
    return data if isinstance(steps, list) and all(isinstance(step, dict) for step in steps) else None


def fields_of(data: Data, likely: list[str], knowledge: Knowledge) -> Iterator[StepFields]:
    """The fields of each step in which something can be expected. `likely` are ids of the risks to choose from."""
    for number, step in enumerate(data["steps"]):
        if "later" in step:
            continue
        bound, _, level = str(step.get("urgency", "")).rpartition(" ") if step.get("urgency") != NONE_YET else ("", "", NONE_YET)
        asks = step.get("asks", "")
        expected = {name: kind for kind in (ABSENT, NAMED, FIRST) for name in _list(step.get(kind))}
        named = [RiskField(name, name_of(name, knowledge), expected.get(name, "")) for name in dict.fromkeys([*expected, *likely])]
        yield StepFields(
            number, str(step.get("says") or ", ".join(f"{key}: {step[key]}" for key in ("use", "answers") if key in step)), bound, level,
            asks if asks in ("", "nothing", *ASKS) else AS_WRITTEN, named, _lines(step.get("words")), _lines(step.get("not_words")),
            _list(step.get("contact")),
        )  # fmt: skip


def with_fields(data: Data, form: Mapping[str, list[str]]) -> Data:
    """The story as the form says; a step the form does not show stays as it is."""
    steps = [_step(step, number, form) if f"level-{number}" in form else step for number, step in enumerate(data["steps"])]
    return {**data, "steps": steps}


def differ(one: Data, other: Data) -> bool:
    """Whether two stories expect something else; 'x' and a list of only 'x' are the same."""
    return _plain(one) != _plain(other)


def _step(step: Data, number: int, form: Mapping[str, list[str]]) -> Data:
    def first(name: str) -> str:
        return next(iter(form.get(f"{name}-{number}", ())), "")

    level, asks = first("level"), first("asks")
    chosen = {name.split("-", 2)[2]: values[0] for name, values in form.items() if name.startswith(f"risk-{number}-")}
    leads = [name for name, kind in chosen.items() if kind == FIRST]
    given = {
        "urgency": f"{first('bound')} {level}".strip() if level in LEVELS else level,
        "asks": step.get("asks") if asks == AS_WRITTEN else asks,
        FIRST: leads[0] if leads else "",
        NAMED: _in_order([*leads[1:], *(name for name, kind in chosen.items() if kind == NAMED)], step.get(NAMED)),
        ABSENT: _in_order([name for name, kind in chosen.items() if kind == ABSENT], step.get(ABSENT)),
        "words": _words(first("words")),
        "not_words": [line.strip() for line in first("not_words").splitlines() if line.strip()],
        "contact": _in_order([name for name in form.get(f"contact-{number}", ()) if name in CONTACTS], step.get("contact")),
    }  # fmt: skip
    own = {key: value for key, value in step.items() if key not in given or given[key]}
    return {**own, **{key: _single(value) for key, value in given.items() if value}}


def _in_order(chosen: list[str], written: Any) -> list[str]:
    """What was written stays in its order, what is new comes after it."""
    before = [name for name in _list(written) if name in chosen]
    return [*before, *(name for name in chosen if name not in before)]


def _words(lines: str) -> list[str | list[str]]:
    """One expectation a line; `call | ring` means either."""
    split = [[part.strip() for part in line.split("|") if part.strip()] for line in lines.splitlines()]
    return [parts[0] if len(parts) == 1 else parts for parts in split if parts]


def _lines(words: Any) -> str:
    return "\n".join(item if isinstance(item, str) else " | ".join(item) for item in _list(words))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value


def _plain(data: Data) -> Iterable[Any]:
    steps = [{key: _single(value) for key, value in step.items()} for step in data["steps"]]
    return {**data, "steps": steps}
