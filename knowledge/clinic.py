"""What one clinic sets in `clinic.yml`: names, numbers, hours. Read once at start, checked, then plain data."""

from __future__ import annotations

import os
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# ITU and national numbering plans; 112 also works in the UK and the EU.
EMERGENCY_NUMBERS = {"US": "911", "CA": "911", "MX": "911", "GB": "999", "HK": "999", "AU": "000", "NZ": "111", "SG": "995", "IL": "101",
                     "JP": "119", "KR": "119", "CN": "120", "BR": "192"}
CRISIS_LINES = {
    "US": ("988 Suicide and Crisis Lifeline", "988"),
    "CA": ("9-8-8 Suicide Crisis Helpline", "988"),
    "GB": ("Samaritans", "116 123"),
    "IE": ("Samaritans", "116 123"),
    "AU": ("Lifeline", "13 11 14"),
    "NZ": ("1737, need to talk?", "1737"),
    "DE": ("TelefonSeelsorge", "116 123"),
}
POISON_LINES = {
    "US": ("Poison Help", "1-800-222-1222"),
    "CA": ("Poison Centre", "1-844-764-7669"),
    "GB": ("NHS", "111"),
    "AU": ("Poisons Information", "13 11 26"),
    "NZ": ("National Poisons Centre", "0800 764 766"),
    "IE": ("Poisons Information Line", "01 809 2166"),
}


class Line(BaseModel):
    """One telephone line and, where it is not always open, its hours per weekday ("09:00-17:00")."""

    model_config = ConfigDict(extra="forbid")
    name: str
    phone: str
    hours: dict[str, str] | None = None

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        for day, span in (value or {}).items():
            if day not in DAYS:
                raise ValueError(f"'{day}' is not a weekday; use {', '.join(DAYS)}")
            _span(span)
        return value


def _span(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


class Clinic(BaseModel):
    """The whole of `clinic.yml`."""

    model_config = ConfigDict(extra="forbid", ignored_types=(cached_property,))
    name: str
    country: str | None = None
    time_zone: str = "UTC"
    languages: list[str] = ["en"]
    ms_team: Line
    out_of_hours: Line
    neurologist: str | None = None
    crisis_line: Line | None = None
    retention_days: int = 30
    allowed_origins: list[str] = []

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @classmethod
    def of_no_country(cls) -> Clinic:
        """A clinic that has set nothing: texts made for it name the numbers of several countries."""
        nobody = Line(name="MS team", phone="")
        return cls(name="", ms_team=nobody, out_of_hours=nobody)

    @property
    def emergency_number(self) -> str:
        """The country's number; all three when the country is not known."""
        if self.country is None:
            return "999, 112 or 911"
        return EMERGENCY_NUMBERS.get(self.country.upper(), "112")

    @property
    def emergency_numbers(self) -> list[str]:
        """The numbers one by one, for call buttons."""
        return self.emergency_number.replace(" or ", ", ").split(", ")

    @property
    def crisis(self) -> Line | None:
        """The crisis line of the clinic or of its country, if one is known."""
        if self.crisis_line:
            return self.crisis_line
        known = CRISIS_LINES.get((self.country or "").upper())
        return Line(name=known[0], phone=known[1]) if known else None

    @property
    def poison(self) -> Line | None:
        """The poison line of the country, if one is known."""
        known = POISON_LINES.get((self.country or "").upper())
        return Line(name=known[0], phone=known[1]) if known else None

    def is_open(self, now: datetime) -> bool:
        """Whether the MS team answers at `now` (an aware datetime) by the clinic's own clock."""
        if self.ms_team.hours is None:
            return True
        local = now.astimezone(ZoneInfo(self.time_zone))
        span = self.ms_team.hours.get(DAYS[local.weekday()])
        if span is None:
            return False
        start, end = _span(span)
        return start <= local.time() < end

    def hours_in_words(self) -> str:
        """Opening hours in one line: "Mon to Fri 09:00-17:00"."""
        groups: list[list[str]] = []
        for day in DAYS:
            span = (self.ms_team.hours or {}).get(day)
            if span is None:
                continue
            if groups and groups[-1][2] == span and DAYS.index(groups[-1][1]) == DAYS.index(day) - 1:
                groups[-1][1] = day
            else:
                groups.append([day, day, span])
        return ", ".join(
            f"{first.title()} to {last.title()} {span}" if first != last else f"{first.title()} {span}" for first, last, span in groups
        )


def load_clinic(path: Path | str | None = None) -> Clinic:
    """Read and check `clinic.yml`, or the file that CLINIC_FILE names. Raises pydantic.ValidationError with the place of each mistake."""
    path = path or os.environ.get("CLINIC_FILE", "clinic.yml")
    return Clinic.model_validate(yaml.safe_load(Path(path).read_text(encoding="utf-8")))
