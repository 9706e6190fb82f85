"""Second thoughts at any time: the case changes, it is assessed again, and what changed is said."""

from talks import Talk


def test_user_changes_the_medicine(talk: Talk) -> None:
    talk("on tysabri, my left hand got clumsy over three weeks")
    assert talk.risks[0] == "natalizumab_pml"
    assert "That changes my advice" in talk("actually it's ocrevus, not tysabri")
    assert talk.medicines == {"natalizumab": "negated", "ocrelizumab": "current"}
    assert talk.risks and not any(risk.startswith("natalizumab") for risk in talk.risks)


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


def test_user_is_not_sure_whether_it_is_over(talk: Talk) -> None:
    talk("on gilenya, chest pain", "that was last year")
    assert "999" in talk("not sure") and talk.urgency == "emergency"


def test_user_writes_about_a_neighbour_who_is_cared_for(talk: Talk) -> None:
    talk("on gilenya, chest pain")
    assert "999" in talk("it's my neighbour, she's with the ambulance") and talk.question == "retract"
    talk("no, not now")
    assert "chest_pain" not in talk.findings and not talk.slots["context"]["red_flags"]


def test_user_plays_it_down(talk: Talk) -> None:
    talk("on gilenya, chest pain")
    for message in ("my husband says it's nothing", "probably just wind", "i'm fine honestly", "ok i feel ok"):
        assert "999" in talk(message) and talk.urgency == "emergency"


def test_user_says_a_symptom_was_a_mistake(talk: Talk) -> None:
    talk("on tecfidera, rash and itching")
    talk("actually I don't have a rash")
    assert talk.findings["rash"] == "denied" and talk.findings["itching"] == "present"


def test_user_asks_what_was_understood_and_says_it_is_wrong(talk: Talk) -> None:
    talk("on tysabri, rash on my leg")
    listed = talk("what did you understand?")
    assert "Tysabri" in listed and "rash" in listed
    assert "rash" in talk("that's wrong")


def test_user_goes_back_and_starts_again(talk: Talk) -> None:
    talk("on tysabri, rash on my leg", "no, none of these")
    talk("go back")
    assert talk.question.startswith("danger") and "denied" not in talk.findings.values()
    talk("start again")
    assert not talk.medicines and not talk.findings and talk.question == "medicine"
