"""How a story went: its turns, and where they differ from what was expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.stories.story import Story


@dataclass
class Turn:
    """One message and its answer. `assessment` is the contract's, and stands from the turn on in which an urgency was given."""

    says: str
    intent: str
    entities: list[dict[str, Any]]
    replies: list[str]
    buttons: list[str]
    question: str | None
    assessment: dict[str, Any] | None
    known: list[str]  # what the conversation knows: ids; "no fever" for what was denied
    seconds: float
    step: int = 0  # of the story, counted from 0

    @property
    def text(self) -> str:
        """All that was answered."""
        return "\n".join(self.replies)

    @property
    def urgency(self) -> str | None:
        """The urgency given so far."""
        return (self.assessment or {}).get("urgency")


@dataclass
class Difference:
    """An expectation that was not met, at a turn (counted from 0)."""

    turn: int
    line: int
    what: str
    expected: str
    got: str


@dataclass
class Result:
    """A story as it went."""

    story: Story
    turns: list[Turn] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differences

    @property
    def urgencies(self) -> list[str | None]:
        """The urgency that stood after each step."""
        after = {turn.step: turn.urgency for turn in self.turns}
        standing: list[str | None] = []
        for step in range(len(self.story.steps)):
            standing.append(after.get(step, standing[-1] if standing else None))
        return standing

    @property
    def questions_before_answer(self) -> int | None:
        """How many questions came before an urgency was given; None if none was."""
        first = next((number for number, turn in enumerate(self.turns) if turn.urgency), None)
        return None if first is None else sum(bool(turn.question) for turn in self.turns[:first])

    @property
    def seconds(self) -> float:
        """How long the assistant took to answer, in all."""
        return sum(turn.seconds for turn in self.turns)
