"""People answer as people do: half a yes, a hedged no, two at once, or none of it."""

import pytest
from talks import Talk

ASKED = "on tysabri, rash on my leg"  # leads to the list of danger signs


@pytest.mark.parametrize("answer", ["nope", "nah not really", "none of those love", "don't think so", "nah, nothing like that"])
def test_a_no_in_any_words_denies_the_list(talk: Talk, answer: str) -> None:
    talk(ASKED, answer)
    assert "denied" in talk.findings.values() and talk.urgency != "emergency"
    assert not talk.question.startswith("danger")


@pytest.mark.parametrize("answer", ["yeah a bit", "both", "only when i stand up", "i think so", "a couple of them"])
def test_half_a_yes_is_asked_which_and_a_second_one_counts(talk: Talk, answer: str) -> None:
    asked = talk(ASKED, answer)
    assert "Which of these" in asked and "999" in asked and talk.urgency is None
    talk(answer)
    assert talk.urgency == "emergency"


def test_half_a_yes_that_names_something_else_denies_nothing(talk: Talk) -> None:
    talk(ASKED, "only when i cough")
    assert talk.question.startswith("danger") and "denied" not in talk.findings.values() and talk.findings["cough"] == "present"


def test_a_yes_to_danger_signs_is_enough_and_names_no_sign_that_was_not_told(talk: Talk) -> None:
    assert "999" in talk(ASKED, "yes")
    assert talk.urgency == "emergency" and list(talk.findings.values()).count("present") == 1


def test_two_are_picked_by_number(talk: Talk) -> None:
    talk(ASKED, "1 and 2")
    assert talk.urgency == "emergency" and list(talk.findings.values()).count("present") == 3


def test_playing_down_is_no_answer(talk: Talk) -> None:
    for message in ("it's probably nothing", "i'm fine"):
        assert "Do you have any of these" in talk(*([] if talk.answers else [ASKED]), message)
        assert "denied" not in talk.findings.values()


def test_anger_is_met_with_a_person_to_call(talk: Talk) -> None:
    assert "nurse line" in talk(ASKED, "fuck off you stupid bot")
    assert talk.question and talk.findings["rash"] == "present"


def test_ok_after_the_answer_repeats_nothing_but_the_advice(talk: Talk) -> None:
    talk("on aubagio, my hair is falling out")
    for _ in range(5):
        if talk.urgency:
            break
        talk("nope")
    assert talk("ok").startswith("All right.") and talk("nah not really").startswith("All right.")
