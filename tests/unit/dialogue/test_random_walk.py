"""Whatever is said in whatever order: always an answer, emergencies at once, and no advice below a level already given."""

from __future__ import annotations

from conversing import turn, world
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sayings import ANSWERS, DANGER, SAID, TAKES_BACK

from actions.memory import slots_from, state_from
from knowledge import dialogue
from knowledge.dialogue import Message, State
from knowledge.interview import question_by_id
from knowledge.urgency import LEVELS, rank


class Walk(RuleBasedStateMachine):
    """A person who says anything. `floor` is the most urgent level given since the last correction."""

    @initialize()
    def begin(self) -> None:
        self.state, self.floor = State(), 0

    def say(self, text: str) -> list[Message]:
        self.state = state_from({event["name"]: event["value"] for event in slots_from(self.state)})  # as slots carry it
        messages = turn(self.state, text)
        assert messages and any(message.text or message.custom for message in messages), f"silence after {text!r}"
        return messages

    @rule(text=st.sampled_from(SAID + ANSWERS))
    def says(self, text: str) -> None:
        retracting = self.state.question == dialogue.RETRACT
        self.say(text)
        if text in TAKES_BACK or retracting or text == "start again" and self.floor < rank("emergency"):
            self.floor = 0

    @rule(text=st.sampled_from(DANGER))
    def is_in_danger(self, text: str) -> None:
        self.say(text)
        assert (self.state.assessment or {}).get("urgency") == "emergency", text
        assert self.state.question is None
        self.floor = rank("emergency")

    @rule(place=st.integers(0, 5))
    def presses_a_button(self, place: int) -> None:
        _, session = world()
        question = question_by_id(self.state.question, self.state.case, session.knowledge) if self.state.question else None
        if question and question.options:
            self.say(question.options[place % len(question.options)])

    @invariant()
    def advice_never_falls(self) -> None:
        given = self.state.assessment
        if given:
            assert given["urgency"] in LEVELS and given["contact"] and given["sources"]
            assert rank(given["urgency"]) >= self.floor, f"{given['urgency']} after an emergency"


Walk.TestCase.settings = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
TestWalk = Walk.TestCase
