"""The nine conversations that every release must hold, step by step and with everything in the first message."""

import pytest
from talks import Talk


def both_ways(*messages: str) -> pytest.MarkDecorator:
    """The same story told in steps and at once."""
    return pytest.mark.parametrize("told", [messages, (", ".join(messages),)], ids=["in steps", "at once"])


def answer_no(talk: Talk, most: int = 5) -> int:
    """Deny everything that is asked until there is an answer; how many questions that took."""
    for asked in range(most + 1):
        if talk.urgency:
            return asked
        talk("no, none of these")
    raise AssertionError(f"no answer after {most} questions")


@both_ways("ocrelizumab", "neuts 0.7, temperature 38.4")
def test_fever_with_low_neutrophils_is_an_emergency(talk: Talk, told: tuple[str, ...]) -> None:
    text = talk(*told)
    assert "Call 999, 112 or 911 now" in text
    assert talk.urgency == "emergency" and "ocrelizumab_neutropenia" in talk.risks
    assert talk.medicines == {"ocrelizumab": "current"}


@both_ways("Lemtrada, last course 2 years ago", "loads of bruises and tiny red dots on my legs")
def test_bruises_after_lemtrada_are_for_today(talk: Talk, told: tuple[str, ...]) -> None:
    assert "platelets" in talk(*told)
    assert talk.urgency == "same_day" and talk.risks[0] == "alemtuzumab_itp"


@both_ways("Rebif", "Hb 9.8, tired")
def test_anaemia_is_explained_with_what_is_not_known(talk: Talk, told: tuple[str, ...]) -> None:
    talk(*told)
    assert answer_no(talk) <= 3
    assert talk.is_at_least("routine")
    assert any(risk.startswith("ms_anaemia") for risk in talk.risks), talk.risks
    assert "9.8" in talk.text or "anaemia" in talk.text


@both_ways("mitoxantrone 6 years ago", "breathless on the stairs, ankles swollen")
def test_the_heart_years_after_mitoxantrone(talk: Talk, told: tuple[str, ...]) -> None:
    assert "heart" in talk(*told)
    assert talk.is_at_least("same_day") and talk.risks[0] == "mitoxantrone_cardiotoxicity"
    assert talk.medicines == {"mitoxantrone": "past"}


@both_ways("Tecfidera", "red and hot face half an hour after the tablet")
def test_flushing_is_self_care_once_the_danger_signs_are_denied(talk: Talk, told: tuple[str, ...]) -> None:
    asked = talk(*told)
    assert talk.urgency is None and all(word in asked.lower() for word in ("swelling", "breathing", "faint")), asked
    assert "999" in asked  # a question that decides an emergency carries the number
    text = talk("no, none of these")
    assert talk.urgency == "self_care" and "if you get" in text
    assert "Call 999, 112 or 911 now" in talk("and my tongue is swelling")
    assert talk.urgency == "emergency"


@both_ways("Tysabri", "my left hand got clumsy over three weeks")
def test_pml_is_named_without_reassurance(talk: Talk, told: tuple[str, ...]) -> None:
    text = talk(*told)
    assert talk.urgency == "same_day" and talk.risks[0] == "natalizumab_pml"
    assert "brain infection" in text and "PML" in text
    assert not any(word in text.lower() for word in ("don't worry", "do not worry", "harmless", "nothing serious"))


@both_ways("i'm on tysabri", "i cant breathe properly")
def test_breathing_trouble_interrupts(talk: Talk, told: tuple[str, ...]) -> None:
    text = talk(*told)
    assert "Call 999, 112 or 911 now" in text and not talk.question
    assert talk.urgency == "emergency" and talk.medicines == {"natalizumab": "current"}


def test_breathing_trouble_interrupts_a_question_about_results(talk: Talk) -> None:
    talk("i'm on azathioprine", "hb 9.8")
    for _ in range(4):
        if talk.question.startswith("results"):
            break
        talk("no, none of these")
    assert talk.question.startswith("results")
    text = talk("i cant breathe properly")
    assert "Call 999, 112 or 911 now" in text and "result" not in text and not talk.question
    assert talk.slots["lab_results"][0]["value"] == 9.8 and talk.medicines == {"azathioprine": "current"}


@both_ways("i'm on flobizumab", "my flurb is glonky")
def test_what_is_not_understood_is_kept_in_the_persons_words(talk: Talk, told: tuple[str, ...]) -> None:
    talk(*told)
    answer_no(talk)
    assert talk.is_at_least("routine") and "Contact" in talk.text or "Mention it to your MS team" in talk.text
    kept = str([talk.slots["medicines"], talk.slots["findings"]])
    assert "flobizumab" in kept and "my flurb is glonky" in kept
    assert "flurb is glonky" in talk("summary")


@both_ways("gilenya", "no fever, no rash, just wondering if my lymphocytes 0.6 on gilenya are ok")
def test_an_expected_result_is_explained(talk: Talk, told: tuple[str, ...]) -> None:
    talk(*told)
    assert answer_no(talk) <= 3
    assert "expected effect" in talk.text and talk.urgency == "routine"
    assert talk.findings["fever"] == "denied" and talk.findings["rash"] == "denied"
