"""Tables in pasted reports: a column for each test and a line for each date, or a column for each date and a line for each test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.language.lab_groups import Group
from knowledge.language.lab_items import Item

Date = tuple[int, int, int]  # year, month, day; 0 for what was not written

_DATE = re.compile(
    r"\b(?:(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<d2>\d{1,2})[-/. ](?P<m2>\d{1,2}"
    r"|[a-z]{3})[a-z]*(?:[-/. ](?P<y2>(?:20)?\d\d))?"
    r"|(?P<m3>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:(?P<d3>\d{1,2})(?!\d))?(?:,? ?(?P<y3>20\d\d))?)\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ONLY_DATES = re.compile(
    r"(?:dates?|tests?|results?|names?|units?|components?|ref(?:erence)?|normal|range|interval|flags?|previous|latest|current|[\s|:,()])*")


@dataclass
class _Line:
    names: list[Item]
    numbers: list[Item]
    others: list[Item]  # units, ranges, flag letters
    dates: list[Date]
    only_dates: bool


def take_tables(plain: str, items: list[Item]) -> tuple[list[Group], list[Item]]:
    """The results that stand in tables, one group a test with its numbers in order of time, and the items outside."""
    if plain.count("\n") < 1:
        return [], items
    lines = [*_lines(plain, items)]
    groups: list[Group] = []
    used: set[int] = set()
    for number, header in enumerate(lines):
        rows = lines[number + 1:]
        made = _tests_in_columns(header, rows) or _dates_in_columns(header, rows)
        groups += made
        used |= {id(item) for group in made for item in (*group.names, *group.parts)}
    return groups, [item for item in items if id(item) not in used] if used else items


def _lines(plain: str, items: list[Item]) -> Iterator[_Line]:
    start, at = 0, 0
    for text in plain.split("\n"):
        end = start + len(text)
        mine = []
        while at < len(items) and items[at].start < end:
            mine.append(items[at])
            at += 1
        dates = {found.span(): date for found in _DATE.finditer(text) if (date := _when(found))}
        inside = {at for first, last in dates for at in range(start + first, start + last)}
        if mine or text.strip():
            yield _Line(
                [item for item in mine if item.kind == "name"],
                [item for item in mine if item.kind == "number" and item.start not in inside],
                [item for item in mine if item.kind in ("unit", "range", "letter")],
                [*dates.values()], bool(_ONLY_DATES.fullmatch(_DATE.sub(" ", text))))
        start = end + 1


def _when(match: re.Match[str]) -> Date | None:
    """The date, or None when it is none."""
    year = match["y"] or match["y2"] or match["y3"]
    month = match["m"] or match["m2"] or match["m3"]
    day = int(match["d"] or match["d2"] or match["d3"] or 0)
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1 if month in _MONTHS else 0
    written = year or not month.isdigit() or "/" in match[0]  # "1.2" is a result
    if not (1 <= number <= 12 and day <= 31 and written):
        return None
    return int(year or 0) % 100, number, day


def date_of_line(plain: str, at: int) -> Date | None:
    """The first date in the line around a position, looking at most 100 characters each way."""
    start, end = plain.rfind("\n", max(0, at - 100), at) + 1 or max(0, at - 100), plain.find("\n", at, at + 100)
    found = _DATE.finditer(plain, start, end if end >= 0 else min(len(plain), at + 100))
    return next((date for match in found if (date := _when(match))), None)


def in_order_of_time(dates: list[Date]) -> list[int]:
    """Positions of the dates, earliest first. Without years, December stands before the January that follows it."""
    months = [month for _, month, _ in dates]
    turned = not all(year for year, _, _ in dates) and max(months) - min(months) > 6
    keys = [(0, month + 12 * (month <= 6), day) for _, month, day in dates] if turned else dates
    return sorted(range(len(dates)), key=lambda at: keys[at])


def _tests_in_columns(header: _Line, rows: list[_Line]) -> list[Group]:
    if len(header.names) < 2 or header.numbers:
        return []
    table: list[_Line] = []
    for row in rows:
        if row.names or len(row.numbers) != len(header.names):
            break
        table.append(row)
    if len(table) < 2:  # a single line of numbers is read like a sentence
        return []
    if all(row.dates for row in table):
        table = [table[at] for at in in_order_of_time([row.dates[0] for row in table])]
    groups = []
    for column, name in enumerate(header.names):
        after = header.names[column + 1].start if column + 1 < len(header.names) else 10**9
        unit = [item for item in header.others if item.kind == "unit" and name.end <= item.start < after]
        groups.append(Group([name], [*_in_order([row.numbers[column] for row in table]), *unit, *_letter_of(table[-1], column)]))
    return groups


def _letter_of(row: _Line, column: int) -> list[Item]:
    number = row.numbers[column]
    after = row.numbers[column + 1].start if column + 1 < len(row.numbers) else 10**9
    return [item for item in row.others if item.kind == "letter" and number.end <= item.start < after]


def _dates_in_columns(header: _Line, rows: list[_Line]) -> list[Group]:
    if len(header.dates) < 2 or header.names or not header.only_dates:
        return []
    order = in_order_of_time(header.dates)
    groups = []
    for row in rows:
        if len(row.names) != 1 or len(row.numbers) != len(header.dates):
            if row.names:
                continue
            break
        kept = [item for item in row.others if item.kind != "letter"]
        groups.append(Group(row.names, [*_in_order([row.numbers[column] for column in order]), *kept, *_letter_of(row, order[-1])]))
    return groups


def _in_order(numbers: list[Item]) -> list[Item]:
    """Numbers in order of time: the last is the result, the others came before it."""
    for number in numbers:
        number.status, number.dated = "previous", True
    numbers[-1].status = "current"
    return numbers
