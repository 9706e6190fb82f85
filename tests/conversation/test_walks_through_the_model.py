"""Whatever is said in whatever order, through the trained model: a reply at every turn, emergencies at once, no advice below one given.

`make test` walks a short way, `make test-long` thousands of turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flags import FLAG_MESSAGES
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from in_process import Assistant, assistant
from sayings import ANSWERS, INJECTED, SAID, TAKES_BACK

from actions.memory import state_from
from knowledge import schema
from knowledge.dialogue import RETRACT
from knowledge.interview import question_by_id
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS, rank

URGENT_WORDS = ("999", "today", "same-day", "same day")


@pytest.fixture(scope="module")
def here(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant of all walks."""
    with pytest.MonkeyPatch.context() as patch, assistant(tmp_path_factory.mktemp("walk"), patch) as started:
        yield started


def walk_with(here: Assistant) -> type[RuleBasedStateMachine]:
    """A person who says anything to this assistant. `floor` is the most urgent level given since the last correction."""
    knowledge = Knowledge(schema.load())
    levels = {flag: item["urgency"] for flag, item in knowledge.red_flags.items()}

    class Walk(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.sender, self.floor, self.told = uuid4().hex, 0, []
            self.slots = here.slots_of_nobody()

        def say(self, text: str) -> str:
            self.told.append(text)
            answer = here.say(self.sender, text)
            said = "\n".join(message["text"] for message in answer if message.get("text"))
            assert said.strip(), f"silence after {self.told}"
            assert "Something went wrong" not in said and "Traceback" not in said, f"failed after {self.told}"
            self.slots = here.slots(self.sender)
            self.check()
            return said

        def check(self) -> None:
            """The slots hold a case, a question that can be asked and an assessment of the contract."""
            state = state_from(self.slots)
            case = state.case
            assert set(case.medicines) <= set(knowledge.medicines) and set(case.labs) <= set(knowledge.labs)
            assert set(case.findings) <= set(knowledge.symptoms) and set(case.red_flags) <= set(knowledge.red_flags)
            assert state.question in (None, RETRACT) or question_by_id(state.question, case, knowledge), state.question
            given = state.assessment
            if given:
                assert given["urgency"] in LEVELS and given["contact"] and given["sources"] and given["model"]
                assert rank(given["urgency"]) >= self.floor, f"{given['urgency']} below what was given: {self.told}"
                self.floor = rank(given["urgency"])

        @rule(text=st.sampled_from(SAID + ANSWERS + INJECTED))
        def says(self, text: str) -> None:
            taken_back = text in TAKES_BACK or self.slots.get("follow_up_question") == RETRACT
            begins_anew = text in ("start again", "/restart", "  /session_start")  # the slash is taken away, the wish to start is read
            if taken_back or begins_anew and self.floor < rank("emergency"):
                self.floor = 0
            self.say(text)

        @rule(text=st.text(max_size=60))
        def types_anything(self, text: str) -> None:
            if self.slots.get("follow_up_question") != RETRACT:
                self.say(text)

        @rule(flag=st.sampled_from(sorted(FLAG_MESSAGES)))
        def is_in_danger(self, flag: str) -> None:
            said = self.say(FLAG_MESSAGES[flag])
            assert any(words in said.lower() for words in URGENT_WORDS), (self.told, said)
            given = self.slots["assessment"]
            assert rank(given["urgency"]) >= rank(levels[flag]), (self.told, given["urgency"])
            assert flag in self.slots["context"]["red_flags"] and not self.slots["follow_up_question"], self.told

        @rule(place=st.integers(0, 5))
        def presses_a_button(self, place: int) -> None:
            state = state_from(self.slots)
            question = question_by_id(state.question, state.case, knowledge) if state.question not in (None, RETRACT) else None
            if question and question.options:
                self.say(question.options[place % len(question.options)])

    return Walk


@pytest.fixture
def walk(here: Assistant) -> Callable[[int, int], None]:
    """Walk so many ways of so many steps each."""
    return lambda ways, steps: run_state_machine_as_test(walk_with(here), settings=settings(
        max_examples=ways, stateful_step_count=steps, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck)))


def test_a_short_walk(walk: Callable[[int, int], None]) -> None:
    walk(8, 25)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thousands_of_turns(walk: Callable[[int, int], None]) -> None:
    walk(60, 60)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_four_hundredth_turn_costs_what_the_first_did(here: Assistant) -> None:
    """The same fifty messages eight times; this program's processor time, so that other work of the machine does not count."""
    messages, sender, blocks = (SAID + ANSWERS)[:50], uuid4().hex, []
    for text in messages:
        here.say(uuid4().hex, text)  # what is made once is not counted
    for _ in range(8):
        before = time.process_time()
        for text in messages:
            here.say(sender, text)
        blocks.append(time.process_time() - before)
    print("seconds for 50 turns each:", [round(seconds, 2) for seconds in blocks])
    assert blocks[-1] <= 1.5 * blocks[0], blocks
