"""Finding medicines in what people write: which one, its role in the sentence, and since when.

`medicine_names` finds the names, `medicine_roles` says what the person does with each, `medicine_times` since when.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from knowledge.durations import days
from knowledge.language.medicine_names import CLASS, DESCRIBED, THERAPY, MedicineNames, Mention, Name
from knowledge.language.medicine_roles import A_YEAR, set_roles
from knowledge.language.medicine_times import tie
from knowledge.language.text import normalise
from knowledge.language.time import find_times, in_the_same_unit

Entity = dict[str, Any]
_BESIDE = 5  # characters from a name to a time right behind it: " for "


class MedicineFinder:
    """Finds medicines and their times. Built once from the content; `find` keeps no state between calls."""

    def __init__(self, names: list[dict[str, Any]], other_medicines: dict[str, Any]) -> None:
        """`names`: the files `content/names/<id>.yml` as loaded; `other_medicines`: `other_medicines.yml` as loaded."""
        self._names = MedicineNames(names, other_medicines)
        self._courses = frozenset(entry["id"] for entry in names if entry.get("courses"))

    def find(self, text: str, today: date, told: list[Entity] | None = None) -> list[Entity]:
        """Entities of one message, in order, with offsets into `text`. `told`: its times (`find_times`) if they are read already.

        `medicine` (value: therapy id; `role`; `status_time` when said), `medicine_hint` (value: candidate ids),
        `other_medicine` (value: generic name), `unknown_medicine` (value: the words as typed), and those `duration` and
        `time_since` entities that belong to a medicine: they share its `group`.
        """
        plain = normalise(text)
        mentions, unknown = self._names.find(plain)
        _name_the_described(mentions)
        therapies = [one for one in mentions if one.name.kind == THERAPY]
        told = find_times(text, today) if told is None else told
        times = [{**time} for time in told if time["value"] != "PT0M"]  # seconds are no time of a medicine
        times += _told_short(plain, therapies, times)
        set_roles(plain, therapies, times, self._courses)
        found = tie(plain, therapies, times, self._courses)
        for one in therapies:
            if one.role == "current" and one.name.ids[0] in self._courses and days(one.times.get("since_last_dose", "P0D")) >= A_YEAR:
                one.role = "past"
        found += [_medicine(one) for one in therapies]
        found += [_other(one) for one in mentions if one.name.kind != THERAPY and not _NOT_THAT.search(plain, 0, one.start)]
        found += [{"entity": "unknown_medicine", "start": start, "end": end, "value": text[start:end]} for start, end in unknown]
        return sorted(found, key=lambda entity: int(entity["start"]))


_NOT_THAT = re.compile(r"\bnot (?:an?|for an?) $")  # "cellcept for my MS, not a transplant"


def _told_short(text: str, mentions: list[Mention], times: list[Entity]) -> list[Entity]:
    """The lengths of a row that leaves out their unit after the first: "avonex nine years, gilenya four"."""
    found: list[Entity] = []
    length = ""
    for mention in mentions:
        beside = [time for time in times if time["entity"] == "duration" and 0 <= time["start"] - mention.end <= _BESIDE]
        short = None if beside or not length else in_the_same_unit(text, mention.end, length)
        found += [short] if short else []
        length = beside[0]["value"] if beside else length
    return found


def _name_the_described(mentions: list[Mention]) -> None:
    """A description ("monthly drip", "steroids") is the therapy it fits when the same message names that one."""
    named = {one.name.ids[0] for one in mentions if one.name.kind == THERAPY}
    for before, mention in zip([None, *mentions], mentions, strict=False):
        beside = before is not None and before.name.kind == THERAPY and 0 <= mention.start - before.end <= 2
        fitting = set(before.name.ids) if before and beside else named.intersection(mention.name.ids)
        if mention.name.kind in (CLASS, DESCRIBED) and len(fitting) == 1:
            mention.name = Name(THERAPY, tuple(fitting))


def _medicine(mention: Mention) -> Entity:
    entity: Entity = {"entity": "medicine", "start": mention.start, "end": mention.end, "value": mention.name.ids[0],
                      "role": mention.role}
    if mention.times:
        entity["status_time"] = mention.times
    if mention.group:
        entity["group"] = mention.group
    return entity


def _other(mention: Mention) -> Entity:
    place = {"start": mention.start, "end": mention.end}
    if mention.name.kind in (CLASS, DESCRIBED):
        return {"entity": "medicine_hint", **place, "value": list(mention.name.ids)}
    return {"entity": "other_medicine", **place, "value": mention.name.ids[0]}
