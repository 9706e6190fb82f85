"""The same conversations over every channel: the plain text that arrives carries all that matters by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from patients import MatrixPatient, PagePatient, Patient, RestPatient, SlackPatient, SmsPatient, TelegramPatient, WhatsAppPatient
from talks import Server, Talk

from knowledge.clinic import load_clinic
from knowledge.urgency import LEVELS

PATIENTS: list[type[Patient]] = [RestPatient, PagePatient, TelegramPatient, SmsPatient, WhatsAppPatient, SlackPatient, MatrixPatient]
FLUSHING = "I take Tecfidera and my face goes red and hot after each tablet"
BEGINNINGS = {
    "emergency": (FLUSHING, "two"),  # of the danger signs that are asked: trouble breathing
    "same_day": ("on aubagio, ALT 210",),
    "soon": ("lemtrada 2 years ago. TSH 0.05 but i feel fine, pulse normal",),
    "routine": ("Gilenya: ALT 70, upper limit 40. No symptoms",),
    "self_care": ("tecfidera makes my face go bright red and hot about half an hour after the tablet, then it goes",),
}
RED_FLAG = "I have chest pain going down my arm"
OPTIONS = ("no, none of these", "none of these", "the same", "no")  # what a well person answers, first that is offered


@dataclass
class Told:
    """A conversation that led to advice: what was said and the card that came of it."""

    said: list[str]
    card: dict[str, Any]


@pytest.fixture(scope="session")
def stories(server: Server) -> dict[str, Told]:
    """For each urgency a conversation that ends in it, found over REST, where the card is there to compare with."""
    return {urgency: _until_advised(server, urgency, beginning) for urgency, beginning in BEGINNINGS.items()}


def _until_advised(server: Server, urgency: str, beginning: tuple[str, ...]) -> Told:
    talk = Talk(server, f"reference-{urgency}")
    said = list(beginning)
    talk(*beginning)
    while not talk.urgency and len(said) < 9:
        offered = {button["title"].lower(): button["title"] for part in talk.answers[-1] for button in part.get("buttons", [])}
        title = next((offered[f"no, {word}" if f"no, {word}" in offered else word] for word in OPTIONS if word in offered), "no")
        said.append(title)
        talk(title)
    assert talk.urgency == urgency, f"{urgency}: {said} led to {talk.urgency}"
    return Told(said, talk.assessment)


@pytest.fixture(params=PATIENTS, ids=lambda kind: kind.__name__)
def patient(request: pytest.FixtureRequest, server: Server) -> Patient:
    """A person on one of the channels."""
    return request.param(server)


def read(patient: Patient, *messages: str) -> str:
    """Send the messages; the last answer as one text. Each part of each answer is short enough and none is empty."""
    parts: list[str] = []
    for message in messages:
        parts = patient.say(message)
        assert parts and all(part.strip() for part in parts), f"nothing arrived for {message!r}"
        assert max(map(len, parts)) <= patient.limit
    return "\n".join(parts)


@pytest.mark.parametrize("urgency", LEVELS)
def test_the_text_carries_the_level_the_action_the_number_and_the_first_risk(
    patient: Patient, stories: dict[str, Told], urgency: str
) -> None:
    card = stories[urgency].card
    text = read(patient, *stories[urgency].said).lower()
    clinic = load_clinic()
    number = clinic.emergency_number if urgency == "emergency" else clinic.ms_team.phone
    assert card["headline"].lower().rstrip(".") in text
    assert number in text
    risk = next(risk for risk in card["risks"] if risk["rules"] or risk["matched"])
    assert risk["lay_name"].lower() in text
    if urgency == "emergency":
        assert "do not drive yourself" in text
    assert text.index(card["headline"].lower().rstrip(".")) < text.index(risk["lay_name"].lower()), "urgency first"


def test_a_red_flag_reads_as_its_own_words_at_once(patient: Patient) -> None:
    text = read(patient, RED_FLAG)
    assert "Call 999, 112 or 911 now" in text and "Do not take aspirin" in text


@pytest.mark.parametrize("choice", ["2", "two", "the second one"])
def test_an_option_is_picked_by_its_number(patient: Patient, choice: str) -> None:
    question = read(patient, FLUSHING)
    assert "Trouble breathing or wheezing" in question
    if patient.numbers_options:
        assert "2. Trouble breathing or wheezing" in question
    assert "Call 999, 112 or 911 now" in read(patient, choice)


def test_a_number_picks_what_is_offered_below_an_answer(patient: Patient, stories: dict[str, Told]) -> None:
    read(patient, *stories["routine"].said)
    assert "Note for the MS team" in read(patient, "2")


@pytest.mark.parametrize("text", ["?", "...", "\N{GRINNING FACE}", "/restart", "<b>x</b> & *y*", "x" * 8_000, "x" * 9_000])
def test_whatever_is_written_gets_words_back(patient: Patient, text: str) -> None:
    assert read(patient, text)
