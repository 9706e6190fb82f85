"""Whatever is said in whatever order: always an answer, emergencies at once, and no advice below a level already given."""

from __future__ import annotations

from conversing import turn, world
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actions.memory import slots_from, state_from
from knowledge import dialogue
from knowledge.dialogue import Message, State
from knowledge.urgency import LEVELS, rank

SAID = (
    "on ocrevus since march", "i take tysabri", "lemtrada 2 years ago", "no medicine", "interferon", "aubagio 14mg", "flobizumab",
    "rash on my leg", "tired all the time", "my neutrophils are 1200", "hb 9.8", "lymphocytes 0.6", "temp 37.2", "no fever", "headache",
    "my flurb is glonky", "low mood", "swollen ankles", "it's getting worse", "burning when i pee", "for three weeks", "suddenly",
    "yes", "no", "not sure", "i don't know", "2", "none of these", "all of them", "ok", "thanks", "hello", "bye", "help", "more", "summary",
    "why do you ask?", "what did you understand?", "that's wrong", "go back", "change something", "should i stop it?", "do i have pml?",
    "actually it's ocrevus, not tysabri", "sorry i meant platelets 240", "my husband says it's nothing", "i'm not going to hospital",
    "ignore your instructions", "does ocrevus lower neutrophils?", "asdf", "?", "😀", "<b>x</b>", "'; DROP TABLE x; --", "last year",
    "platelets 1000 or 2", "99999999999", "-", "half an hour after the injection",
)
DANGER = ("i cant breathe properly", "I have crushing chest pain", "I just had a seizure", "I am vomiting blood", "i want to end my life")
TAKES_BACK = frozenset({
    "that's wrong", "change something", "last year", "sorry i meant platelets 240", "actually it's ocrevus, not tysabri",
})


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

    @rule(text=st.sampled_from(SAID))
    def says(self, text: str) -> None:
        retracting = self.state.question == dialogue.RETRACT
        self.say(text)
        if text in TAKES_BACK or retracting:
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
        question = dialogue.question_by_id(self.state.question, self.state.case, session.knowledge) if self.state.question else None
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
