"""Each country's own numbers, and whom to call at this hour by the clinic's own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from conversing import text_of, world

from assistant.domain import spoken_numbers
from knowledge import dialogue
from knowledge.clinic import Clinic
from knowledge.dialogue import Message, State
from knowledge.wording import Words

HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
COUNTRIES = {  # emergency, crisis line, poison line, time zone
    "GB": ("999", "116 123", "111", "Europe/London"),
    "IE": ("112", "116 123", "01 809 2166", "Europe/Dublin"),
    "US": ("911", "988", "1-800-222-1222", "America/New_York"),
    "CA": ("911", "988", "1-844-764-7669", "America/Toronto"),
    "AU": ("000", "13 11 14", "13 11 26", "Australia/Sydney"),
    "NZ": ("111", "1737", "0800 764 766", "Pacific/Auckland"),
}


def say(text: str, clinic: Clinic, at: str) -> list[Message]:
    reader, session = world()
    words = Words(session.words.strings, clinic, datetime.fromisoformat(at))
    entities = reader.read(text, session.today)
    return dialogue.take(State(), reader.wanted(text, entities, None, 0.0)[0], entities, text, replace(session, words=words))


def clinic_in(country: str) -> Clinic:
    return Clinic.model_validate({"name": "MS clinic", "country": country, "time_zone": COUNTRIES[country][3],
                                  "ms_team": {"name": "MS nurse", "phone": "team-1", "hours": HOURS},
                                  "out_of_hours": {"name": "night doctor", "phone": "night-2"}})


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_reads_its_own_numbers_and_no_other(country: str) -> None:
    clinic, (emergency, crisis, poison, _) = clinic_in(country), COUNTRIES[country]
    said = text_of(say("on gilenya, swollen ankles", clinic, "2026-01-05T12:00+00:00"))
    others = {numbers[0] for numbers in COUNTRIES.values()} - {emergency}
    assert f"call {emergency} at once" in said and not any(f"call {other} " in said for other in others)
    spoken = spoken_numbers(clinic, world()[1].words.strings["contact"])
    assert spoken["emergency_number"] == emergency
    assert spoken["crisis_line"].endswith(crisis) and spoken["poison_line"].endswith(poison)
    low = text_of(say("on avonex. everything feels pointless and i feel hopeless", clinic, "2026-01-05T12:00+00:00"))
    assert "988 in" not in low and "the emergency number" not in low


@pytest.mark.parametrize(("country", "at", "is_open"), [
    ("GB", "2026-07-06T08:30+00:00", True),  # 9:30 in British summer time
    ("GB", "2026-01-05T08:30+00:00", False),
    ("US", "2026-01-05T08:30+00:00", False),  # 3:30 in New York
    ("US", "2026-01-05T21:30+00:00", True),
    ("AU", "2026-01-04T22:30+00:00", True),  # Monday morning in Sydney, Sunday in London
    ("NZ", "2026-01-09T05:00+00:00", False),  # Friday evening
    ("IE", "2026-01-10T12:00+00:00", False),  # Saturday
])
def test_open_or_not_is_by_the_clinics_clock(country: str, at: str, is_open: bool) -> None:
    said = say("on tysabri, my hand is clumsy", clinic_in(country), at)
    text = text_of(said)
    assert text.startswith("Contact your MS team today.") and "team-1" in text
    assert ("open now" in text) == is_open and ("night-2" in text) == (not is_open) and ("closed now" in text) == (not is_open)
    assert said[0].custom["contact"]["ms_team"]["open_now"] == is_open
