"""What every channel does with a message: never a command, never cut, never left without an answer."""

import asyncio
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import in_its_own_loop
from rasa.core.channels.channel import UserMessage

from assistant.channels import guard
from assistant.channels.guard import EMPTY_TEXT, MAX_TEXT, RateLimit, Refused, TooLong, answer, clean, speakable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/restart", "restart"),
        ("//x", "x"),
        ("  / / restart", "restart"),
        ("／restart", "restart"),
        ("\u2044restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\ufeff\u202e//restart", "restart"),
        ('/inform{"medicine":"x"}', 'inform{"medicine":"x"}'),
        ("and/or 120/80", "and/or 120/80"),
        ("<b>hi</b>'; DROP TABLE events; --", "<b>hi</b>'; DROP TABLE events; --"),
        ("platelets 30 x 10⁹/L, ½ a tablet", "platelets 30 x 10⁹/L, ½ a tablet"),
        ("cafe\u0301", "café"),
        ("a\x00b\ud800c", "abc"),
        ("😀😀", "😀😀"),
        ("", EMPTY_TEXT),
        (" \n\t ", EMPTY_TEXT),
        ("///", EMPTY_TEXT),
    ],
)
def test_a_message_is_words_and_nothing_else(typed: str, read: str) -> None:
    assert clean(typed) == read


@given(st.text(max_size=60, alphabet=st.characters(codec=None)))
def test_no_text_ever_becomes_a_command_or_vanishes(typed: str) -> None:
    words = clean(typed)
    assert words
    assert not words.startswith("/")
    assert not unicodedata.normalize("NFKC", words).strip().startswith("/")
    words.encode()  # what can't be encoded can't be stored
    assert clean(words) == words


def test_eight_thousand_characters_fit_and_one_more_is_refused_whole_with_the_emergency_number() -> None:
    assert clean("x" * MAX_TEXT) == "x" * MAX_TEXT
    with pytest.raises(TooLong, match="999, 112 or 911"):
        clean("x" * (MAX_TEXT + 1))


@pytest.mark.parametrize("thing", [None, 7, ["hi"], {"text": "hi"}, True])
def test_what_is_not_text_is_refused(thing: object) -> None:
    with pytest.raises(Refused, match="must be a text"):
        clean(thing)


def test_buttons_send_words_that_can_be_typed() -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "no"}]
    said = speakable({"text": "How?", "buttons": buttons})
    assert said["buttons"] == [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "no"}]


def _answer(bot: object) -> list[dict]:
    return in_its_own_loop(answer(bot, "hello", "someone", "rest"))  # type: ignore[arg-type]


def test_a_silent_bot_gives_the_safe_sentence() -> None:
    async def silent(_: UserMessage) -> None:
        return None

    assert "999, 112 or 911" in _answer(silent)[0]["text"]


def test_what_was_said_before_a_failure_is_kept() -> None:
    async def fails_late(message: UserMessage) -> None:
        await message.output_channel.send_response("someone", {"text": "Call now.\n\nDo not drive."})
        raise RuntimeError("too late")

    first, second = _answer(fails_late)
    assert first == {"text": "Call now.\n\nDo not drive."}
    assert "999, 112 or 911" in second["text"]


def test_a_bot_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_: UserMessage) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(guard, "ANSWER_SECONDS", 0.05)
    assert "999, 112 or 911" in _answer(hangs)[0]["text"]


def test_without_content_and_clinic_the_numbers_are_still_there(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    for key in ("safe", "too_long", "too_fast"):
        assert "999, 112 or 911" in guard.say(key)


def test_a_failure_leaves_no_patient_text_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def tells(_: UserMessage) -> None:
        raise ValueError("canary-4711")

    _answer(tells)
    assert "ValueError" in caplog.text
    assert "canary-4711" not in caplog.text


def test_rate_limit_counts_each_key_apart_and_recovers() -> None:
    limit = RateLimit(limit=2, seconds=0.05)
    assert [limit.allows("a"), limit.allows("a"), limit.allows("a"), limit.allows("b")] == [True, True, False, True]
    in_its_own_loop(asyncio.sleep(0.06))
    assert limit.allows("a")


def test_the_numbers_are_those_of_the_clinic_that_the_operator_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "other.yml"
    file.write_text("{name: X, country: DE, ms_team: {name: MS-Team, phone: '030 1'}, out_of_hours: {name: Notdienst, phone: '116117'}}")
    monkeypatch.setenv("CLINIC_FILE", str(file))
    assert "112" in guard.say("safe") and "030 1" in guard.say("safe") and "999" not in guard.say("safe")
