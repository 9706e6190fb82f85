"""Who doubts, is lost, goes back or tells two things at once hears where they stand."""

from __future__ import annotations

import pytest
from conversing import answer_no, text_of, told, turn, world

from knowledge.dialogue import AFTER_ANSWER
from knowledge.urgency import LEVELS

DOUBTS = ("are you sure?", "what now?", "really?", "what should i do now?")


@pytest.mark.parametrize("said", DOUBTS)
def test_a_doubt_is_answered_with_the_advice_its_reason_its_source_and_whom_to_ask(said: str) -> None:
    state, words = answer_no(told("on tysabri, my hand is clumsy for three weeks")), world()[1].words
    given = state.assessment
    answer = turn(state, said)
    text = text_of(answer)
    assert text.startswith(given["headline"]) and words.whom(given["urgency"]) in text
    assert "PML" in text and words.say("answer.source", title=given["risks"][0]["sources"][0]["title"]) in text
    assert words.say("answer.can_be_wrong") in text and answer[-1].buttons == AFTER_ANSWER
    assert state.assessment == given and state.question is None


def test_the_second_time_is_short_and_another_turn_between_makes_it_whole_again() -> None:
    state = answer_no(told("on tysabri, my hand is clumsy for three weeks"))
    whole, short = text_of(turn(state, "are you sure?")), text_of(turn(state, "really?"))
    assert state.assessment["headline"] in short and len(short.split()) < len(whole.split())
    turn(state, "thank you")
    assert text_of(turn(state, "are you sure?")) == whole


def test_a_doubted_emergency_leaves_no_time_to_doubt() -> None:
    state, words = told("i have crushing chest pain on gilenya"), world()[1].words
    for _ in range(2):
        said = turn(state, "are you sure?")
        assert state.assessment["headline"] in text_of(said) and not said[-1].buttons and state.case.floor == "emergency"
    assert words.say("answer.no_time_to_doubt") in text_of(turn(told("i have crushing chest pain on gilenya"), "are you sure?"))


def test_before_any_advice_a_doubt_hears_the_open_question() -> None:
    state = told("i have a rash")
    before = state.question
    assert world()[1].words.say("no_advice_yet") in text_of(turn(state, "what now?"))
    assert state.question == before and state.assessment is None


def test_go_back_says_what_was_taken_back_and_where_one_stands() -> None:
    state = answer_no(told("on tysabri, my hand is clumsy for three weeks", "what about driving"))
    turn(state, "my ankle is swollen as well")
    said = text_of(turn(state, "go back"))
    assert "my ankle is swollen as well" in said and state.assessment["headline"] in said
    assert "ankle_swelling" not in state.case.findings


@pytest.mark.parametrize("back", ["go back", "undo that", "i pressed the wrong button"])
def test_going_back_lowers_no_emergency(back: str) -> None:
    state = told("on gilenya, my ankles are swollen", "i have crushing chest pain")
    for _ in range(4):
        turn(state, back)
        assert state.case.floor == "emergency" and state.assessment["urgency"] == "emergency"


def test_going_back_keeps_a_level_once_given() -> None:
    state = answer_no(told("on tysabri, my hand is clumsy for three weeks"))
    level = LEVELS.index(state.assessment["urgency"])
    for _ in range(4):
        turn(state, "go back")
        assert state.assessment is None or LEVELS.index(state.assessment["urgency"]) <= level


@pytest.mark.parametrize("asked", ["are my lymphocytes ok?", "is 0.6 too low?"])
def test_a_question_about_own_results_shows_them_beside_the_usual_range(asked: str) -> None:
    state = answer_no(told("on tecfidera, lymphocytes 0.6"))
    said = text_of(turn(state, asked))
    assert "0.6" in said and "usual" in said and world()[1].words.say("own_result.low") in said


def test_of_two_matters_in_one_message_both_are_answered() -> None:
    state = told("on gilenya")
    said = text_of(turn(state, "my ankles are swollen and can i have the flu jab?"))
    assert "ankle_swelling" in state.case.findings and "vaccin" in said.lower()


def test_of_two_people_in_one_message_each_is_told_what_comes_next() -> None:
    said = text_of(turn(told("on gilenya"), "my ankles are swollen and my husband has a fever"))
    assert world()[1].words.say("one_at_a_time") in said


def test_that_something_is_wrong_but_not_what_does_not_show_the_list_for_ever() -> None:
    state = told("i take ocrevus and my legs feel heavy")
    assert state.question
    said = [text_of(turn(state, "that's wrong")) for _ in range(3)]
    lead = world()[1].words.say("understood_lead")
    assert [lead in text for text in said] == [True, False, False]
    assert state.question is None and "today" in said[-1]


def test_results_without_a_name_are_all_shown() -> None:
    state = told("i take gilenya", "my alt was 180 and lymphocytes 0.3")
    said = text_of(turn(state, "are my results ok?"))
    assert "ALT 180" in said and "lymphocytes 0.3" in said


def test_what_is_not_there_now_is_not_asked_for_again() -> None:
    state = told("i take lemtrada and i have chest pain", "that was last year", "no, not now", "my ankles are swollen")
    assert "chest_pain" in state.case.findings and "chest pain" not in text_of(turn(state, "why do you ask?")).lower()
