"""Matrix end to end: the whole assistant, a real Synapse, and patients with matrix-nio."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from patients import MatrixPatient
from talks import Server

FLUSHING = "I take Tecfidera and my face goes red and hot after each tablet"


@pytest.fixture
def pat(server: Server) -> MatrixPatient:
    return MatrixPatient(server)


def people(server: Server, many: int) -> list[MatrixPatient]:
    """So many people, each in their own room with the assistant."""
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(lambda _: MatrixPatient(server), range(many)))


def test_a_person_is_welcomed_and_told_who_can_read_along(pat: MatrixPatient) -> None:
    welcome = pat.received[0]["text"]
    assert "could read what you write here" in welcome and "999, 112 or 911" in welcome


def test_a_whole_triage_with_html_numbers_and_a_typing_notice(pat: MatrixPatient) -> None:
    assert "1. " in "\n".join(pat.say("hello"))
    assert "2. Trouble breathing or wheezing" in "\n".join(pat.say(FLUSHING))
    question = pat.received[-1]
    assert question["kind"] == "m.text"
    assert "<ol><li>Swelling of the face, lips, tongue or throat</li><li>Trouble breathing" in question["html"]
    text = "\n".join(pat.say("No, none of these"))
    for _ in range(6):
        text = text if "01632 960 123" in text else "\n".join(pat.say("the same"))
    assert "01632 960 123" in text and "You told me: flushing" in text
    assert "Note for the MS team" in "\n".join(pat.say("summary"))
    typing = [event["typing"] for event in pat.world.events if event.get("room") == pat.room and "typing" in event]
    assert ["@bot:localhost"] in typing


def test_an_emergency_in_the_middle_of_a_question(pat: MatrixPatient) -> None:
    pat.say(FLUSHING)
    text = pat.say("wait, my chest hurts and the pain goes down my arm")[0]
    assert text.startswith("Call 999, 112 or 911 now.")
    assert "What this could be" in text or "Do not drive" in text


def test_twenty_rooms_at_once_get_each_their_own_answer(server: Server) -> None:
    pats = people(server, 20)
    medicines = ["Ocrevus", "Tysabri", "Gilenya", "Aubagio", "Kesimpta"] * 4
    begun = time.monotonic()
    for person, medicine in zip(pats, medicines, strict=True):
        person.write(f"I take {medicine} and I have a headache")
        person.write("what did you understand?")
    for person in pats:
        person.wait(3)
    seconds = time.monotonic() - begun
    for person, medicine in zip(pats, medicines, strict=True):
        texts = [event["text"] for event in person.received[1:]]
        understood = next(n for n, text in enumerate(texts) if "This is what I understood" in text)
        assert understood > 0 and medicine in texts[understood], "answered in order, each about their own medicine"
        others = set(medicines) - {medicine}
        assert not any(other in text for other in others for text in texts)
    print(f"20 rooms, 40 messages: {seconds:.1f} s")
    assert seconds < 60


def test_messages_written_while_the_assistant_is_down_are_answered_once(server: Server) -> None:
    pat, other = people(server, 2)
    pat.say(FLUSHING)
    answered = len(pat.received)
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    pat.write("two")
    other.write("I take Ocrevus and have a cold")
    other.write("what did you understand?")
    time.sleep(1)
    assert len(pat.received) == answered
    server.start()
    assert "Call 999, 112 or 911 now" in pat.wait(answered + 1)[answered], "the question from before is still open"
    assert "This is what I understood" in other.wait(3)[-1] and "Ocrevus" in other.received[-1]["text"]
    many = len(other.received)
    pat.say("what did you understand?")
    assert len(other.received) == many
    assert sum("Call 999, 112 or 911 now." in event["text"] for event in pat.received[:answered + 1]) == 1
    log = server.log.read_text()
    assert "not end-to-end encrypted" in log
    assert "Ocrevus" not in log and pat.room not in log and pat.name not in log
