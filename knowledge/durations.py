"""ISO 8601 durations as days, so that a rule's window and a person's answer can be compared."""

from functools import lru_cache

import isodate

DAYS_IN_A_MONTH = 30.4375  # mean length, so that P48M and P4Y are the same window


@lru_cache(maxsize=4096)
def days(duration: str) -> float:
    """Length in days of an ISO 8601 duration such as `P18M` or `PT48H`. Raises ValueError for anything else."""
    parsed = isodate.parse_duration(duration)
    if isinstance(parsed, isodate.Duration):
        months = float(parsed.months) + 12 * float(parsed.years)
        return months * DAYS_IN_A_MONTH + parsed.tdelta.total_seconds() / 86400
    return parsed.total_seconds() / 86400


def in_words(duration: str) -> str:
    """A duration as a person says it: `P18M` -> "18 months", `PT48H` -> "48 hours"."""
    parsed = isodate.parse_duration(duration)
    years, months = (int(parsed.years), int(parsed.months)) if isinstance(parsed, isodate.Duration) else (0, 0)
    rest = parsed.tdelta if isinstance(parsed, isodate.Duration) else parsed
    hours, minutes = divmod(rest.seconds // 60, 60)
    weeks, spare = divmod(rest.days, 7)
    day_part = [(weeks, "week")] if weeks and not spare else [(rest.days, "day")]
    parts = [(years, "year"), (months, "month"), *day_part, (hours, "hour"), (minutes, "minute")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " and ".join(said) or "less than a minute"
