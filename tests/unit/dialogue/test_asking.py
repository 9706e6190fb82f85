"""Questions that go on, that stand beside what is told, or that come instead of an answer."""

from __future__ import annotations

import pytest
from conversing import text_of, told, turn, world

from knowledge.dialogue import RETRACT, State, take


def test_a_question_goes_on_with_another_effect_or_another_medicine() -> None:
    state = told("can tecfidera give me cancer?")
    assert "shingles" in text_of(turn(state, "and shingles?")).lower()
    assert "shingles" not in state.case.findings
    state = told("can i breastfeed on ocrevus?")
    assert "Kesimpta" in text_of(turn(state, "what about kesimpta?"))
    assert not state.case.taken()


def test_a_vaccine_is_asked_for_after_another_and_a_goodbye_is_asked_nothing() -> None:
    state = told("can i have the shingles jab on gilenya")
    assert "Live vaccines" in text_of(turn(state, "ok and flu?"))
    assert "?" not in text_of(turn(state, "thank you bye"))


def test_that_it_is_gone_now_is_confirmed_once_before_the_alarm_falls() -> None:
    state = told("Copaxone, injection 10 min ago, chest tight heart racing, sweaty")
    assert "999" in text_of(turn(state, "ok gone now")) and state.question == RETRACT


def test_who_says_what_they_take_while_asking_is_not_asked_for_it_again() -> None:
    state = told("im on tecfidera. can it give me cancer?")
    assert [use.id for use in state.case.taken()] == ["dimethyl_fumarate"]


def test_an_effect_of_the_medicines_is_never_out_of_scope() -> None:
    reader, session = world()
    text = "do i have to worry about pml"
    said = text_of(take(State(), "out_of_scope", reader.read(text, session.today), text, session))
    assert "Tysabri" in said and "Source" in said


def test_a_question_instead_of_an_answer_decides_nothing() -> None:
    state = told("im on tysabri, had it 3 yrs. keep dropping things with my right hand last 10 days", "no", "no fever")
    assert state.question == "quality:clumsiness.onset"
    turn(state, "is it a relapse?")
    assert state.assessment["urgency"] == "same_day" and "onset" not in state.case.findings["clumsiness"].attributes
    assert state.question == "quality:clumsiness.onset"


@pytest.mark.parametrize("text", [
    "fingolimod missed 3 days when on hols, can i just take it tonight?", "been without my fingolimod a fortnight",
    "I missed two weeks of gilenya", "havent had my gilenya for 5 days, pharmacy ran out", "didnt take gilenya since monday",
])
def test_days_without_a_medicine_are_missed_doses_of_it(text: str) -> None:
    state = told(text)
    assert [use.id for use in state.case.taken()] == ["fingolimod"]
    assert state.assessment["urgency"] == "same_day"


@pytest.mark.parametrize("text", ["missed 3 days of work with a cold, on gilenya", "on gilenya, missed a week at the gym"])
def test_days_away_from_work_are_no_missed_doses(text: str) -> None:
    assert "missed_doses" not in told(text).case.facts


def test_a_question_goes_on_from_the_first_one() -> None:
    state = told("can tecfidera give me cancer?", "what about kesimpta?")
    said = text_of(turn(state, "and copaxone?"))
    assert "Copaxone" in said and "Kesimpta" not in said and "Tecfidera" not in said


def test_a_dose_of_another_medicine_is_no_complaint() -> None:
    state = told("i take tecfidera")
    said = text_of(turn(state, "what is the dose of baclofen?"))
    assert world()[1].words.say("dose_advice") in said and state.assessment is None
    assert not state.case.not_understood
