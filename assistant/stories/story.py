"""What a story is made of. Knows no files and no assistant: also older versions of both can be tried with it."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.urgency import LEVELS

NONE_YET = "none yet"
CONTACTS = ("emergency", "ms_team", "out_of_hours", "crisis_line")
EXPECTATIONS = ("urgency", "asks", "first_risk", "risks", "not_risks", "words", "not_words", "sources", "contact", "understood")

Words = str | list[str]  # a list means: any one of them


class Step(BaseModel):
    """One turn: what is said or done, and what is expected of the answer."""

    model_config = ConfigDict(extra="forbid")
    says: str | None = Field(None, max_length=8_000)
    answers: dict[str, str] | None = None  # until nothing is asked any more: kind or subject of a question, or words in it -> answer
    most_questions: int | None = None  # with `answers`: so many questions at most
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
    understood: list[str] = []  # ids of medicines, symptoms, results, facts; "no fever": denied; "past rituximab": taken before
    line: int = Field(1, exclude=True)

    @field_validator("asks", "risks", "not_risks", "words", "not_words", "sources", "contact", "understood", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("urgency")
    @classmethod
    def _known_level(cls, value: str | None) -> str | None:
        level = re.sub("^at (least|most) ", "", value or NONE_YET)
        if level != NONE_YET and level not in LEVELS:
            raise ValueError(f"write {', '.join(LEVELS)}, or 'at least soon', 'at most same_day', 'none yet'")
        return value

    @field_validator("later")
    @classmethod
    def _known_time(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\d+ (hour|day|week)s?", value):
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
