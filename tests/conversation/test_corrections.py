"""Second thoughts, where the slots tell more than the words; the others are told in stories/corrections."""

from talks import Talk


def test_user_corrects_a_value(talk: Talk) -> None:
    talk("on rebif, my platelets are 40")
    assert talk.is_at_least("same_day")
    text = talk("sorry, I meant platelets 240")
    assert talk.slots["lab_results"][0]["value"] == 240 and "That changes my advice" in text
    assert talk.urgency in ("routine", "self_care", "soon")


def test_user_takes_an_emergency_back_after_one_question(talk: Talk) -> None:
    talk("ocrevus, neuts 0.7, temp 38.4")
    assert talk.urgency == "emergency"
    asked = talk("no wait, the fever was last month")
    assert "999" in asked and talk.question == "retract" and talk.urgency == "emergency"
    talk("no, not now")
    assert talk.urgency == "same_day" and talk.slots["lab_results"][0]["value"] == 0.7


def test_user_writes_about_a_neighbour_who_is_cared_for(talk: Talk) -> None:
    talk("on gilenya, chest pain")
    assert "999" in talk("it's my neighbour, she's with the ambulance") and talk.question == "retract"
    talk("no, not now")
    assert talk.findings["chest_pain"] == "denied" and not talk.slots["context"]["red_flags"]


def test_user_goes_back_and_starts_again(talk: Talk) -> None:
    talk("on tysabri, rash on my leg", "no, none of these")
    talk("go back")
    assert talk.question.startswith("danger") and "denied" not in talk.findings.values()
    talk("start again")
    assert not talk.medicines and not talk.findings and talk.question == "medicine"
