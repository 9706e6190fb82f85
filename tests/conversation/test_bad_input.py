"""Whatever is typed gets an answer in words, and what was told before is still there."""

import pytest
from talks import Talk

HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "five thousand characters": "my legs are numb and " * 238,
    "nine thousand characters": "x" * 9_000,
    "emoji only": "😀😭💉",
    "a command": "/restart",
    "an intent": '/inform{"medicine":"x"}',
    "html": "<script>alert('x')</script><b>hello</b>",
    "sql": "'; DROP TABLE events; --",
    "a template": "{{7*7}} ${7*7} %s %(x)s {emergency}",
    "a null byte": "tired\x00of this",
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_bad_input_gets_an_answer_and_loses_nothing(talk: Talk, message: str) -> None:
    talk("on tysabri, rash on my leg")
    before = talk.slots
    text = talk(message)
    if "restart" in message:
        talk("go back")  # without its slash it is a wish to start again, and nothing is lost by that
    after = talk.slots
    assert after["medicines"] == before["medicines"] and talk.findings["rash"] == "present"
    assert "Traceback" not in text and "Something went wrong" not in text
    talk("no, none of these")


def test_a_message_that_is_too_long_is_refused_with_the_number(talk: Talk) -> None:
    assert "999" in talk("x" * 9_000) and "8,000" in talk.text


def test_two_results_and_two_medicines_in_one_message(talk: Talk) -> None:
    talk("was on tysabri until last year, now on ocrevus. my lymphocytes are 0.7 and platelets 140")
    assert talk.medicines == {"natalizumab": "past", "ocrelizumab": "current"}
    assert {result["test"]: result["value"] for result in talk.slots["lab_results"]} == {"absolute_lymphocyte_count": 0.7, "platelets": 140}


@pytest.mark.parametrize("message", [
    "hello", "?", "i'm lost", "asdf qwer", "1", "yes", "no", "tell me more", "summary", "why do you ask?", "go back",
])
def test_any_first_message_is_answered(talk: Talk, message: str) -> None:
    assert talk(message)
    assert talk("i cant breathe properly").count("999")
