"""What people say at the wrong moment: beside the question, of another thing, half a sentence, a number alone."""

from __future__ import annotations

import pytest
from conversing import answer_no, text_of, told, turn, world

from knowledge.case import DENIED
from knowledge.dialogue import RETRACT
from knowledge.urgency import rank
from knowledge.wording import MOST_WORDS_OF_A_TURN


@pytest.mark.parametrize("said", ["is that normal?", "which one is the worst?", "so is it bad?", "i don't understand", "what"])
def test_a_question_beside_the_open_one_is_no_answer_and_no_miss(said: str) -> None:
    state = told("on gilenya, i have a headache")
    asked = state.question
    assert world()[1].words.say("no_advice_yet") in text_of(turn(state, said))
    assert state.question == asked and not state.missed


def test_whoever_asks_on_and_on_is_not_kept_at_one_question() -> None:
    state = told("on gilenya, i have a headache")
    for _ in range(12):
        turn(state, "is that normal?")
    assert state.assessment is not None or not state.question.startswith("danger:sudden")


def test_after_an_answer_a_question_that_nothing_answers_shows_where_the_person_stands() -> None:
    state = answer_no(told("on tysabri, my hand is clumsy for three weeks"))
    assert text_of(turn(state, "do i need to tell anyone?")).startswith(state.assessment["headline"])


def test_what_about_the_baby_is_asked_of_the_persons_own_medicine() -> None:
    state = told("on aubagio, my period is three weeks late")
    assert "harm the baby" in text_of(turn(state, "ok but what about the baby"))


@pytest.mark.parametrize(("first", "said", "attribute", "value"), [
    ("lemtrada", "2015 i think", "since_last_dose", "P11Y"), ("i had lemtrada", "about 6 years back", "since_last_dose", "P6Y"),
    ("i take gilenya", "for 3 years", "since_first_dose", "P3Y")])
def test_a_long_time_right_after_a_medicine_is_the_medicines(first: str, said: str, attribute: str, value: str) -> None:
    state = told(first)
    text = text_of(turn(state, said))
    assert getattr(next(iter(state.case.taken())), attribute) == value
    assert state.question == "noticed" and not state.case.not_understood and world()[1].words.say("noted_and_open") in text


def test_another_medicine_is_noted_and_is_not_what_was_noticed() -> None:
    state = told("i take copaxone", "sorry i mean avonex", "no wait actually its plegridy now, avonex was before")
    assert state.question == "noticed" and state.assessment is None
    assert {use.id: use.status for use in state.case.taken()} == {"interferon_beta_1a_im": "past", "peginterferon_beta_1a": "current"}


@pytest.mark.parametrize(("said", "part"), [("my eye", "eye"), ("both legs", "legs"), ("it's not my tummy its my chest", "chest")])
def test_a_part_of_the_body_alone_is_asked_about(said: str, part: str) -> None:
    state = told("i take ocrevus")
    assert world()[1].words.say("what_about_part", part=part) == text_of(turn(state, said))
    assert state.assessment is None and not state.case.not_understood


@pytest.mark.parametrize("said", ["noticed nothing just curious", "nothing really, just checking", "no symptoms"])
def test_nothing_noticed_is_no_complaint(said: str) -> None:
    assert not told("i take ocrevus", said).case.not_understood


def test_a_fever_told_with_a_thermometer_counts() -> None:
    state = told("i take ocrevus", "🌡️ 39")
    assert state.case.temperature == 39 and rank(state.assessment["urgency"]) >= rank("same_day")


def test_a_number_behind_the_list_that_is_to_be_corrected_picks_no_answer() -> None:
    state = told("ocrevus, chesty cough for 2 weeks", "that's wrong")
    assert "cough" in text_of(turn(state, "2"))
    assert not [finding for finding in state.case.findings.values() if finding.status == DENIED]


def test_the_list_is_not_shown_again_to_who_corrects_what_cannot_be_taken_in() -> None:
    state = answer_no(told("i had lemtrada 2 years ago and now bruises"))
    assert "1." in text_of(turn(state, "that's wrong"))
    assert "1." not in text_of(turn(state, "the bruises are old, from football"))


@pytest.mark.parametrize("said", ["no fever", "no rash, no fever"])
def test_a_no_to_one_sign_denies_no_other(said: str) -> None:
    state = told("on gilenya, i have a headache")
    turn(state, said)
    assert "confusion" not in state.case.findings and state.question.startswith("danger")


def test_a_no_to_one_sign_answers_no_question_about_standing() -> None:
    state = told("on ocrevus, neutrophils 1.3")
    assert state.question == "fact:able_to_stand"
    turn(state, "no fever")
    assert state.case.facts.get("able_to_stand") is None and state.case.floor != "emergency"


def test_no_its_fine_otherwise_denies_the_danger_signs() -> None:
    state = told("on tecfidera, my face goes bright red", "no its fine otherwise")
    assert state.case.findings["throat_swelling"].status == DENIED and state.case.facts["otherwise_well"] == "yes"


@pytest.mark.parametrize(("said", "value"), [("200 i mean", 200), ("sorry its 200 not 20", 200)])
def test_a_number_that_made_it_an_emergency_can_be_corrected(said: str, value: float) -> None:
    state = told("on lemtrada, platelets 20")
    assert state.case.floor == "emergency"
    turn(state, said)
    assert state.case.labs["platelets"].value == value and state.assessment["urgency"] == "self_care"


@pytest.mark.parametrize("said", ["the hospital is 40 miles away", "my house is 12 on the left"])
def test_a_number_of_something_else_corrects_no_result(said: str) -> None:
    state = told("on lemtrada, platelets 20", said)
    assert state.case.labs["platelets"].value == 20 and state.case.floor == "emergency"


def test_the_confirming_question_about_a_result_names_the_number_and_takes_another() -> None:
    state = told("on lemtrada, platelets 20", "that's wrong")
    assert state.question == RETRACT
    turn(state, "no, it's 200")
    assert state.case.labs["platelets"].value == 200 and state.case.floor != "emergency"


def test_an_emergency_that_has_passed_is_still_for_today() -> None:
    state = told("crushing chest pain and my arm is heavy", "ok its all gone now")
    assert state.question == RETRACT
    turn(state, "no, not now")
    assert state.case.floor == "same_day" and state.assessment["urgency"] == "same_day"


def test_another_thing_that_is_over_takes_no_emergency_back() -> None:
    state = told("my dad is on ocrevus and is confused since this morning", "he had a water infection last month")
    assert state.question is None and state.case.floor == "emergency"


def test_who_refuses_and_explains_it_away_hears_the_reason_once() -> None:
    state = told("crushing chest pain")
    refused = world()[1].words.say("refuse", headline=state.assessment["headline"])
    assert text_of(turn(state, "no i don't want to call an ambulance, its indigestion")) == refused


def test_who_will_call_hears_that_it_is_good_and_who_puts_it_off_does_not() -> None:
    words = world()[1].words
    assert text_of(turn(told("crushing chest pain"), "ok ill call")) == words.say("emergency.will_call")
    assert text_of(turn(told("crushing chest pain"), "i'll call tomorrow")) == words.say("emergency.stay")


@pytest.mark.parametrize(("said", "pictures"), [
    ("[image]", True), ("it's a photo of my rash", True), ("the picture went dark on my left side", False)])
def test_who_sends_a_picture_hears_that_only_words_are_read(said: str, pictures: bool) -> None:
    assert (world()[1].words.say("no_pictures") in text_of(turn(told("i take ocrevus"), said))) is pictures


def test_where_it_stands_names_only_what_was_told() -> None:
    state = told("on tysabri, leg weakness for 10 days getting worse, i think it is a relapse")
    assert "cannot walk" not in text_of(turn(state, "are you sure?")).split("Do you have")[0]


@pytest.mark.parametrize("said", [
    "my ankles are swollen and i am on gilenya, chest feels tight when i walk, and can i have the flu jab?",
    "my mum has a rash on tecfidera and i am on ocrevus with a cough and fever 38.5 since tuesday"])
def test_an_answer_with_all_beside_it_stays_short(said: str) -> None:
    assert len(text_of(turn(told(), said)).split()) <= MOST_WORDS_OF_A_TURN


def test_usual_results_are_called_so() -> None:
    state = answer_no(told("on tecfidera, alt 300"))
    assert world()[1].words.say("answer.usual_results") in text_of(turn(state, "its 30 not 300"))


def test_older_reports_do_not_take_the_place_of_the_newest() -> None:
    state = told("my results: wbc 3.1, neuts 1.4, lymph 0.5", "and last year: wbc 6, neuts 4, lymph 1.6")
    assert {test: (result.value, result.previous) for test, result in state.case.labs.items()} == {
        "white_cell_count": (3.1, 6), "absolute_neutrophil_count": (1.4, 4), "absolute_lymphocyte_count": (0.5, 1.6)}
