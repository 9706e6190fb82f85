"""Finding medicines in what people write: which one, its role in the sentence, and since when.

`medicine_names` finds the names, `medicine_roles` says what the person does with each, `medicine_times` since when.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.language.medicine_names import CLASS, DESCRIBED, THERAPY, MedicineNames, Mention
from knowledge.language.medicine_roles import set_roles
from knowledge.language.medicine_times import tie
from knowledge.language.text import normalise
from knowledge.language.time import find_times

Entity = dict[str, Any]


class MedicineFinder:
    """Finds medicines and their times. Built once from the content; `find` keeps no state between calls."""

    def __init__(self, names: list[dict[str, Any]], other_medicines: dict[str, Any]) -> None:
        """`names`: the files `content/names/<id>.yml` as loaded; `other_medicines`: `other_medicines.yml` as loaded."""
        self._names = MedicineNames(names, other_medicines)
        self._courses = frozenset(entry["id"] for entry in names if entry.get("courses"))

    def find(self, text: str, today: date) -> list[Entity]:
        """Entities of one message, in order, with offsets into `text`.

        `medicine` (value: therapy id; `role`; `status_time` when said), `medicine_hint` (value: candidate ids),
        `other_medicine` (value: generic name), `unknown_medicine` (value: the words as typed), and those `duration` and
        `time_since` entities that belong to a medicine: they share its `group`.
        """
        plain = normalise(text)
        mentions, unknown = self._names.find(plain)
        therapies = [one for one in mentions if one.name.kind == THERAPY]
        times = find_times(text, today)
        set_roles(plain, therapies, times, self._courses)
        found = tie(plain, therapies, times)
        found += [_medicine(one) for one in therapies]
        found += [_other(one) for one in mentions if one.name.kind != THERAPY]
        found += [{"entity": "unknown_medicine", "start": start, "end": end, "value": text[start:end]} for start, end in unknown]
        return sorted(found, key=lambda entity: int(entity["start"]))


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
