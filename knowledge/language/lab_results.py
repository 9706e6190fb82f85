"""Finds laboratory results in what people write: one line of chat, or a pasted report.

The text is cut into items (`lab_items`): test names (`lab_names`), numbers, ranges, words like "low" or "positive", with
the plain text between them. A name starts a group; the numbers and words that belong to it follow or stand right before
it (`lab_groups`). What the words around a number say ("was", "normal range", "if it drops below") decides its status
(`lab_status`).
"""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge import labs
from knowledge.language.lab_groups import Group, group_items
from knowledge.language.lab_items import NUMBER, Item, number_in, other_items, sentence_at
from knowledge.language.lab_names import TestNames
from knowledge.language.lab_status import ASKED, is_result_range, mark_numbers, status_of
from knowledge.language.lab_tables import date_of_line, in_order_of_time, take_tables
from knowledge.language.lab_times import age_of_result, ages_of, latest, months_of
from knowledge.language.text import normalise

_TEMPERATURE = ("temp", "temperature")  # read by its own finder; here it only claims its number
_COMMA_LINE = re.compile(r"(?m)^(?=[^,\n]*[a-z])[^,\n]{2,60}(?:,[^,\n ]{0,30}){2,}$")  # a table's line in a comma-separated file
_LEADER = re.compile(r"(?<!\.)\.{3,}(?=\s?[<>]?\d)")  # "ALT (SGPT)....233"
_COLUMN = re.compile(r" +(?:a|abn|abnormal|h|l|\*)? +|\|[ a*|]*")
_DENIED = re.compile(r"\b(?:no|not|never|without|isn't|isnt|wasn't|wasnt)(?: had| been| any| longer| signs? of)* $")
_BLANK = {"test": None, "value": None, "unit": None, "comparator": None, "flag": None, "status": "current"}
_ALIKE = 0.2  # of the latest number
_EARLIER = re.compile(r"\b(?:was|were|used to be|had been|previously|before that) (?:always |\w+ly )?$")
_CHANGE = re.compile(
    rf"(?: (?:has|have|had|is|are|count|level|s|'s|ve|just))* (?:(?P<verb>dropped|fell|fallen|"
    rf"down|decreased|reduced|gone down|went down|up|risen|rose|increased|gone up|went up) (?:by |"
    rf"about |nearly |almost |over |more than )*(?P<size>half|(?P<amount>{NUMBER}) ?(?:%|per "
    rf"?cent))|(?P<whole>doubled|halved))"
)


class LabFinder:
    """`LabFinder(documents of content/labs).find(text)` -> lab_result and other_lab_result entities, in text order.

    A lab_result has value {"test","value","unit","comparator","flag","status"}, with value and unit canonical, and when
    said "reference" [low, high] (canonical), "times_uln", "previous", "diastolic" (blood pressure), "needs": "unit"
    (number kept as typed, unit None) or "confirm" (implausible, or a percentage). A qualitative result has no number: its
    flag is positive or negative, and a category of the test ("2+", "trace") stands in value.
    """

    def __init__(self, documents: Iterable[Mapping[str, Any]]):
        self._tests, others = labs.library(documents)
        self._units = {test_id: labs.unit_names(test) for test_id, test in self._tests.items()}
        self._names = TestNames(self._tests, others)
        self._options = self._names.options

    def find(self, text: str) -> list[dict]:
        """Entities with offsets into `text`. Never raises on any text; time grows with its length."""
        plain = _COMMA_LINE.sub(lambda line: line[0].replace(",", "|"), normalise(text))
        plain = _LEADER.sub(lambda dots: " " * len(dots[0]), plain)
        tables, items = take_tables(plain, self._items(plain))
        groups = [*tables, *group_items(plain, items, self._readable)]
        entities = [entity for group in groups for entity in self._resolve(plain, group)]
        entities = _latest_of_each(plain, entities, self._tests)
        return _without_repeats(sorted(entities, key=lambda entity: (entity["start"], entity["end"])))

    def _items(self, plain: str) -> list[Item]:
        names = list(self._names.find(plain))
        items, at = [], 0
        for name in [*names, None]:
            until = name.start if name else len(plain)
            items.extend(other_items(plain, at, until))
            if name:
                items.append(name)
                at = name.end
        return items

    def _readable(self, test: str, item: Item) -> bool:
        """Whether the unit written after a number, if any, can be this test's (or a percentage, or unknown in
        print).
        """
        if item.kind == "times":
            return item.unit is None or self._tests[test].get("ctcae", {}).get("unit") == "x ULN"
        if item.unit is None:
            return True
        key = labs.unit_key(item.unit)
        return key in self._units[test] or key in ("%", "percent") or ("/" in item.unit and key not in ("/min", "/10"))

    def _resolve(self, plain: str, group: Group) -> Iterator[dict]:
        names, parts = group.names, group.parts
        numbers = [p for p in parts if p.kind in ("number", "times", "grade", "pressure")]
        if len(names) == 1:
            for own in _by_person(plain, names[0], parts):
                yield from self._result(plain, names[0], own)
        elif len(numbers) == len(names):
            for name, number in zip(names, numbers, strict=True):
                yield from self._result(plain, name, [number])
        elif (told := self._told_in_turn(plain, group, numbers)):
            for name, own in told:
                yield from self._result(plain, name, own)
        elif numbers and not (
            len(numbers) == 1
            and (
                numbers[0].kind == "times"
                or re.search(
                    r"\bboth\b|\ball\b", plain[names[0].start - 6 if names[0].start > 6 else 0 : numbers[0].start]
                )
            )
        ):
            for name in names[:-1]:  # "low platelets, neuts 0.9": the first says its result itself
                if self._options.get(name.value[0], {}).get("implied", {}).get(name.value[1]):
                    yield from self._result(plain, name, [])
            yield from self._result(plain, names[-1], parts)
        else:
            for name in names:
                yield from self._result(plain, name, parts)

    def _told_in_turn(self, plain: str, group: Group, numbers: list[Item]) -> list[tuple[Item, list[Item]]]:
        """Each name with its numbers where all are told again at another time: "ALT and AST were 45 and 38 in May, now 210 and 160"."""
        names, size = group.names, len(group.names)
        if len(numbers) % size or any(item.kind != "number" for item in numbers):
            return []
        times = [*zip(*[iter(numbers)] * size, strict=True)]
        ages = ages_of(plain, [*names, *group.parts], numbers)
        by_time = [next((age for age in ages[at : at + size] if age is not None), None) for at in range(0, len(ages), size)]
        if not any(age is not None for age in by_time):
            return []
        last = latest(by_time, lambda at: max(
            self._danger(self._tests[name.value[0]], item, None) for name, item in zip(names, times[at], strict=True) if name.value[0]))
        for at, told in enumerate(times):
            for item in told:
                item.status, item.dated = "current" if at == last else "previous", True
        return [(name, [told[column] for told in times]) for column, name in enumerate(names)]

    def _result(self, plain: str, name: Item, parts: list[Item]) -> Iterator[dict]:
        test, key = name.value
        shown = [p for p in parts if p.kind != "unit"]
        start = min([name.start, *(p.start for p in shown)])
        end = max([name.end, *(p.end for p in parts if p.kind != "range")])
        if test is None:
            if key not in _TEMPERATURE and any(p.kind == "number" for p in parts):
                yield _entity("other_lab_result", start, end, plain[start:end])
            return
        options = self._options[test]
        result = _BLANK | {"test": test}
        number = self._set_numbers(plain, name, parts, result)
        sentence = sentence_at(plain, number.start if number else name.start)  # "what is a normal IgG? Mine is 4.3"
        if any(p.kind == "range" or p.status == "reference" for p in parts):  # "normal platelets are 150-400": no verdict on this person's
            parts = [p for p in parts if not (p.kind == "flag" and p.value == "normal" and p.start < name.start)]
        parts = _without_earlier_words(plain, _without_words_of_limits(plain, parts))
        if number:  # "normal (2.9) in May but 0.4 now": the word is said of the number before
            parts = [p for p in parts if not (p.kind == "flag" and p.value == "normal" and any(
                q.kind == "number" and p.end <= q.start < number.start for q in parts))]
        self._set_flag(test, key, parts, result)
        if result["value"] is None and key in options["implied"] and _DENIED.search(plain, max(0, name.start - 24), name.start):
            result["flag"] = "negative" if options["implied"][key] == "positive" else "normal"  # "no neutropenia"
        change = _CHANGE.match(plain[name.end : name.end + 70])
        if change and result["value"] is None:
            size = {"half": 50, "doubled": 100, "halved": 50}.get(change["size"] or change["whole"]) or number_in(
                change["amount"]
            )
            rise = change["whole"] == "doubled" or bool(
                re.match("up|ris|rose|incr|gone up|went up", change["verb"] or "x")
            )
            result.update(flag="high" if rise else "low", change_percent=size if rise else -size)
        meant = self._tests[test].get("number_means")  # "JCV positive, 2.3", "JCV 2.3": the number is the index
        indices = [p for p in parts if p.kind == "number"] if meant else []
        if result["value"] is None and result["flag"] is None and "diastolic" not in result:
            if indices:
                yield from self._result(plain, Item("name", name.start, name.end, (meant, key)), indices)
            if indices or not (ASKED.search(sentence) or re.match(r"^\W*(?:is|are|was)\b.*\?", sentence)):
                return
            result["status"] = "asked"
        elif result["status"] in ("current", "reference"):
            told = status_of(plain, name, sentence, result)
            result["status"] = told if result["status"] == "current" or told == "asked" else "reference"
        if result["status"] == "other_person" and parts and re.search(r"\bmine\b", plain[name.end : parts[0].start]):
            result["status"] = "current"
        if result["status"] == "reference" or (result["status"] == "asked" and result["value"] is None):
            result["flag"] = None
        if key in options["weak_names"] and result.get("needs"):
            return  # "watch says 6000 steps", "watch says 10 to 9": nothing that this test can be
        if key in options["confirm_names"] and isinstance(result["value"], float | int):
            result.setdefault("needs", "confirm")
        yield _entity("lab_result", start, end, result)
        if indices:
            yield from self._result(plain, Item("name", name.start, name.end, (meant, key)), indices)

    def _set_numbers(self, plain: str, name: Item, parts: list[Item], result: dict) -> Item | None:
        """Fills in what the numbers say; the number that is the result, if there is one."""
        test = self._tests[name.value[0]]
        ranges = [p for p in parts if p.kind == "range"]
        detached = next((p.unit for p in parts if p.kind == "unit"), None) or next(
            (r.unit for r in ranges if r.unit), None
        )
        numbers = [p for p in parts if p.kind in ("number", "times", "grade", "pressure")]
        if "canonical_unit" in test and test["canonical_unit"] == "category":
            numbers = [p for p in numbers if p.kind == "grade"]
        else:
            numbers = [p for p in numbers if p.kind != "grade"]
        counts = [p for p in numbers if p.unit != "%"]
        if counts and len(counts) < len(numbers) and not test.get("percent_of"):
            numbers = counts  # "lymphocytes 18% (0.5)"
        numbers = self._without_conversions(test, numbers)
        limit = mark_numbers(plain, name, parts, numbers, lambda item: self._danger(test, item, detached))
        current = [p for p in numbers if p.status == "current"]
        said = [r for r in ranges if is_result_range(plain, name, r)]
        if not numbers and said:  # "ejection fraction 45-50%": the end further from the usual
            low, high = labs.limits(test)
            middle = ((low or 0) + (high or low or 0)) / 2
            unit = said[0].unit or detached
            worse = max(said[0].value, key=lambda v: abs(self._convert(test, v, unit)[0] - middle))
            current, ranges = [Item("number", said[0].start, said[0].end, worse, unit)], []
        if not current and numbers:
            kind = {p.status for p in numbers}
            current = [numbers[-1]]
            result["status"] = "reference" if kind == {"reference"} else "previous"
        if not current:
            return None
        chosen = current[-1]
        if chosen.kind == "grade":
            result.update(value=chosen.value if chosen.value in test["categories"] else None, flag="positive")
            return chosen
        if chosen.kind == "pressure":
            result.update(value=chosen.value[0], diastolic=chosen.value[1], unit=test["canonical_unit"])
        elif chosen.kind == "times":
            result.update(value=chosen.value, unit="x ULN", times_uln=chosen.value, flag="high", comparator=chosen.sign)
        else:
            self._set_value(test, chosen, detached, result)
            if name.value[1] in ("diastolic", "bottom number"):
                result.update(diastolic=result["value"], value=None)
        earlier = [
            p for p in numbers if p.status == "previous" and p is not chosen and p.kind in ("number", "pressure")
        ]
        if earlier:
            if earlier[-1].kind == "pressure":
                result["previous"] = earlier[-1].value[0]
            else:
                before: dict = {}
                self._set_value(test, earlier[-1], chosen.unit or detached, before)
                result["previous"] = before["value"]
        if alike := _months_alike(plain, numbers, chosen):
            result["duration"], result["alike_from"] = f"P{alike[0]}M", alike[1]
        unit = (ranges[0].unit if ranges else None) or chosen.unit or detached
        if ranges and chosen.kind == "number":
            result["reference"] = [self._convert(test, v, unit)[0] for v in ranges[0].value]
        elif limit is not None and chosen.kind == "number":
            result["reference"] = [self._convert(test, v, unit)[0] if v is not None else None for v in limit]
        return chosen

    def _without_conversions(self, test: Mapping[str, Any], numbers: list[Item]) -> list[Item]:
        """The numbers without those that say the one before in another unit: "0.4 (400 per microlitre)"."""
        kept: list[Item] = []
        for item in numbers:
            before = kept[-1] if kept and kept[-1].kind == item.kind == "number" and item.unit else None
            if before is None or before.value == item.value or not math.isclose(
                    self._convert(test, before.value, before.unit)[0], self._convert(test, item.value, item.unit)[0], rel_tol=0.02):
                kept.append(item)
        return kept

    def _danger(self, test: Mapping[str, Any], item: Item, detached: str | None) -> float:
        if item.kind == "pressure":
            return item.value[0]
        return labs.distance_from_usual(test, self._convert(test, item.value, item.unit or detached)[0])

    def _set_value(self, test: Mapping[str, Any], item: Item, detached: str | None, result: dict) -> None:
        unit = item.unit or detached
        value, name, needs = self._convert(test, item.value, unit)
        result.update(value=value, unit=name, comparator=item.sign)
        if needs:
            result["needs"] = needs

    def _convert(self, test: Mapping[str, Any], value: float, unit: str | None) -> tuple[float, str | None, str | None]:
        """(value, unit, needs) in the canonical unit; the number as typed with unit None when its unit stays open."""
        key = labs.unit_key(unit) if unit else ""
        known = self._units[test["id"]].get(key)
        if known is None and key in ("%", "percent"):
            return (value, test["canonical_unit"], None) if test.get("percent_of") else (value, "%", "confirm")
        if known == "cells/uL" and key in ("cells",) and value < 50:
            known = None
        if known is None:
            if test.get("ratio_below") and value < test["ratio_below"]:
                return value, None, "unit"
            known = labs.infer_unit(test, value)
        if known is None:
            if (
                "readings_without_unit" in test
                and not unit
                and labs.doubtful(test, value)
                and labs.plausible(test, value)
            ):
                return value, test["canonical_unit"], "confirm"
            return value, None, "unit"
        converted = labs.to_canonical(test, value, known)
        if known == "cells/uL" and not labs.plausible(test, converted * 1000) and converted == 0:
            return value, None, "unit"
        return converted, test["canonical_unit"], "confirm" if labs.doubtful(test, converted) else None

    def _set_flag(self, test_id: str, key: str, parts: list[Item], result: dict) -> None:
        test, options = self._tests[test_id], self._options[test_id]
        number = isinstance(result["value"], int | float)
        flags = [p.value for p in parts if p.kind in ("flag", "letter")]
        categories = test.get("categories", [])
        category = test["canonical_unit"] == "category" if "canonical_unit" in test else False
        if number:
            words = [p.value for p in parts if p.kind == "letter" or p.kind == "flag" and not p.unit]
            usable = [f for f in words if f in ("low", "high", "normal", "abnormal")]
            if usable and not result["flag"]:
                result["flag"] = next((flag for flag in usable if flag in ("low", "high")), usable[0])  # "flagged low"
            return
        implied = options["implied"].get(key)
        if category:
            self._set_category(options, key, flags, implied, categories, result)
            return
        usable = [f for f in flags if f in ("low", "high", "normal", "abnormal")]
        if result["flag"] is None:
            result["flag"] = usable[-1] if usable else implied
        if test_id == "egfr" and result["flag"] == "abnormal" and key not in ("egfr", "gfr"):
            result["flag"] = "abnormal"

    def _set_category(
        self, options: Mapping, key: str, flags: list[str], implied: str | None, categories: list[str], result: dict
    ) -> None:
        said = [
            f for f in flags if f in ("positive", "negative", "indeterminate", "trace", "visible", "normal", "abnormal")
        ]
        if key in options["grade_names"]:
            implied = "positive"
        flag = said[-1] if said else implied if not result["flag"] else None
        if flag in ("indeterminate", "trace", "visible"):
            if flag in categories or flag == "indeterminate":
                result["value"] = flag if flag in categories else "equivocal" if "equivocal" in categories else "unsure"
            result["flag"] = "positive" if flag == "visible" else result["flag"]
        elif flag and result["value"] is None:
            result["flag"] = {"normal": "normal", "abnormal": "abnormal"}.get(flag, flag)
        component = options["components"].get(key)
        if component and result["flag"] in ("positive", "negative"):
            words = {"positive": "detected", "negative": "not detected"} if component == "HBV DNA" else {}
            result["value"] = f"{component} {words.get(result['flag'], result['flag'])}"


def _without_words_of_limits(plain: str, parts: list[Item]) -> list[Item]:
    """"ALT 250 (normal <40)", "platelets 90 (lower limit 150)": a word between result and limit is said of the limit."""
    ordered = sorted(parts, key=lambda part: part.start)
    for before, after in itertools.pairwise(ordered):
        if before.kind == after.kind == "flag" and _COLUMN.fullmatch(plain, before.end, after.start):
            ordered.remove(after)  # "POSITIVE A NEGATIVE": the result, its flag, and what is usual
            break
    return [part for before, part, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)
            if not (part.kind == "flag" and before and before.kind == "number" and after and after.status == "reference")]


def _without_earlier_words(plain: str, parts: list[Item]) -> list[Item]:
    """"Positive now, was negative for years": of two words the one that is said of the past goes."""
    words = [part for part in parts if part.kind == "flag"]
    before = [part for part in words if _EARLIER.search(plain, max(0, part.start - 25), part.start)]
    return parts if len(before) == len(words) else [part for part in parts if part not in before]


def _by_person(plain: str, name: Item, parts: list[Item]) -> list[list[Item]]:
    """The parts of a group, cut where "mine" turns from another person's result to one's own."""
    if status_of(plain, name, sentence_at(plain, name.start), _BLANK | {"value": 0}) != "other_person":
        return [parts]
    for index, part in enumerate(parts):
        before = [other.end for other in parts[:index] if other.kind == "number"]
        if before and part.kind == "number" and re.search(r"\bmine\b", plain[before[-1] : part.start]):
            return [parts[:index], parts[index:]]
    return [parts]


def _entity(kind: str, start: int, end: int, value: Any) -> dict:
    return {"entity": kind, "start": start, "end": end, "value": value}


def _months_alike(plain: str, numbers: list[Item], chosen: Item) -> tuple[int, int] | None:
    """For how many months a dated course of numbers has been about as it is now, no further away than a fifth, and where that begins."""
    passed = months_of(plain, numbers) if all(item.kind == "number" for item in numbers) else []
    if not passed or chosen is not numbers[-1]:
        return None
    unlike = [at for at, item in enumerate(numbers) if abs(item.value - chosen.value) > _ALIKE * chosen.value]
    first = unlike[-1] + 1 if unlike else 0
    return passed[-1] - passed[first], numbers[first].start


def _latest_of_each(plain: str, entities: list[dict], tests: Mapping[str, Any]) -> list[dict]:
    """One current result for each test that is told more than once: the latest, with the one before as `previous`."""
    told: dict[tuple[str, str | None], list[int]] = {}
    for place, entity in enumerate(entities):
        result = entity["value"] if entity["entity"] == "lab_result" else {"status": None}
        if result["status"] == "current" and isinstance(result["value"], int | float):
            told.setdefault((result["test"], result["unit"]), []).append(place)
    earlier: set[int] = set()
    for (test, _), places in told.items():
        if len(places) > 1:
            *before, last = _in_order(plain, entities, places, tests[test])
            entities[last]["value"].setdefault("previous", entities[before[-1]]["value"]["value"])
            earlier.update(before)
    return [entity for place, entity in enumerate(entities) if place not in earlier]


def _in_order(plain: str, entities: list[dict], places: list[int], test: Mapping[str, Any]) -> list[int]:
    """The places of one test's results, the latest last: by the dates in their lines, else by the words of time with them."""
    dates = [date_of_line(plain, entities[place]["start"]) for place in places]
    known = [date for date in dates if date]
    if len(known) == len(places) and len(set(known)) > 1:
        return [places[at] for at in in_order_of_time(known)]
    ages = [age_of_result(*_words_around(plain, entities, place)) for place in places]
    at = latest(ages, lambda at: labs.distance_from_usual(test, entities[places[at]]["value"]["value"]))
    return [place for place in places if place != places[at]] + [places[at]]


def _words_around(plain: str, entities: list[dict], place: int) -> tuple[str, str, str]:
    """The words that lead to a result in its sentence, those it is told in, and those behind it."""
    start, end = entities[place]["start"], entities[place]["end"]
    floor = max((entity["end"] for entity in entities[:place] if entity["end"] <= start), default=0)
    until = min((entity["start"] for entity in entities[place + 1:] if entity["start"] >= end), default=len(plain))
    before = re.split(r"[!?;\n]|\.(?!\d)", plain[max(floor, start - 80) : start])[-1]
    return before, plain[start:end], re.split(r"[!?;\n,]|\.(?!\d)", plain[end : min(until, end + 40)])[0]


def _without_repeats(entities: list[dict]) -> list[dict]:
    """Drops a percentage or a bare "high" where the same test's number is there too, as in a report that prints both."""
    numbers: dict[str, set[str]] = {}
    for entity in entities:
        value = entity["value"]
        if entity["entity"] == "lab_result" and value["unit"] is not None and value["status"] == "current":
            numbers.setdefault(value["test"], set()).add(value["unit"])
    return [entity for entity in entities if not _repeats(entity, numbers)]


def _repeats(entity: dict, numbers: Mapping[str, set[str]]) -> bool:
    if entity["entity"] != "lab_result":
        return False
    value, units = entity["value"], numbers.get(entity["value"]["test"], set())
    if value["unit"] == "%":
        return bool(units - {"%"}) and value["test"] != "lvef"
    return bool(units) and value["value"] is None and "diastolic" not in value and "change_percent" not in value
