"""Laboratory numbers: units, CTCAE grades, plausibility. Pure functions over a test's content
(`content/labs/<id>.yml`).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

Test = Mapping[str, Any]

# Only the units laboratories print, in pint's own notation: its full registry takes a second to load and knows no
# cells.
_DEFINITIONS = """
pico- = 1e-12 = p-
nano- = 1e-9 = n-
micro- = 1e-6 = u-
milli- = 1e-3 = m-
deci- = 1e-1 = d-
kilo- = 1e3 = k-
meter = [length] = m
gram = [mass] = g
second = [time] = s
minute = 60 * second = min
mole = [substance] = mol
liter = 1e-3 * meter ** 3 = L
katal = mole / second = kat
enzyme_unit = micromole / minute = U
international_unit = [activity] = IU
pascal = kilogram / meter / second ** 2 = Pa
mmHg = 133.322387415 * pascal
""".strip().splitlines()
_COUNTED = {"10": "1e", "cells": "1", "lakh": "1e5"}


def library(documents: Iterable[Mapping[str, Any]]) -> tuple[dict[str, dict], list[str]]:
    """Tests by id, with shared unit lists filled in, and the names of other tests, from all documents of
    `content/labs/`.

    Raises KeyError when a test names a unit list that no document defines.
    """
    documents = list(documents)
    lists = {name: units for document in documents for name, units in document.get("unit_lists", {}).items()}
    tests = {
        document["id"]: {**document, "units": _units(document, lists)} for document in documents if "id" in document
    }
    others = [str(name) for document in documents for name in document.get("other_tests", [])]
    return tests, others


def _units(document: Test, lists: Mapping[str, list]) -> list[dict]:
    units = document.get("units", [])
    return lists[units] if isinstance(units, str) else units


def unit_key(text: str) -> str:
    """One spelling of a unit: 'x10^9/L', 'x10(9)/l', '10e9 / L' and '10*9/L' all give '109/l'."""
    key = re.sub(r"[\s^*()x×,]|(?<=10)e", "", text.lower().replace("µ", "u").replace("μ", "u"))
    return (
        re.sub(r"\.$", "", key.replace("mcl", "ul").replace("microlitre", "ul").replace("microliter", "ul"))
        .replace("litre", "l")
        .replace("liter", "l")
    )


def unit_names(test: Test) -> dict[str, str]:
    """Every accepted spelling (as `unit_key`) of the test's units -> the unit's own name."""
    return {
        unit_key(spelling): unit["unit"]
        for unit in reversed(test.get("units", []))
        for spelling in (*unit.get("spellings", []), unit["unit"])
    }


def factor(test: Test, unit: str) -> float:
    """What a value in `unit` is multiplied by to be in the test's canonical unit. Raises KeyError for an unknown
    unit.
    """
    content = next((entry for entry in test.get("units", []) if entry["unit"] == unit), None)
    if content is None:
        raise KeyError(f"{test['id']} is not measured in {unit}")
    if "factor" in content or unit == test["canonical_unit"]:
        return float(content.get("factor", 1))
    return _ratio(unit, test["canonical_unit"])


def to_canonical(test: Test, value: float, unit: str) -> float:
    """The value in the test's canonical unit, to 4 significant digits of the conversion. KeyError for an unknown
    unit.
    """
    scale = factor(test, unit)
    return value if scale == 1 else float(f"{value * scale:.4g}")


@cache
def _ratio(unit: str, canonical: str) -> float:
    registry = _registry()
    ratio = registry.parse_expression(_expression(unit)) / registry.parse_expression(_expression(canonical))
    return float(f"{ratio.to('').magnitude:.6g}")


def _expression(unit: str) -> str:
    unit = re.sub(r"^10\^(\d+)", r"1e\1", unit)
    return re.sub(r"^(cells|lakh)", lambda match: _COUNTED[match[0]], unit)


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(_DEFINITIONS, cache_folder=None)


def limits(test: Test, sex: str | None = None) -> tuple[float | None, float | None]:
    """Lower and upper limit of the usual range (canonical unit). `sex` is "female", "male" or None.

    With ranges by sex and no sex known, the wider of the two: nobody is called abnormal on a guess.
    """
    usual = test.get("reference_range", {})
    if sex in usual:
        return usual[sex]["low"], usual[sex]["high"]
    if "female" in usual:
        return (
            min(usual[key]["low"] for key in ("female", "male")),
            max(usual[key]["high"] for key in ("female", "male")),
        )
    return usual.get("low"), usual.get("high")


def distance_from_usual(test: Test, value: float) -> float:
    """How many times a value lies under the lower or over the upper limit of the usual range; at most 1 within it, 0 without a range."""
    low, high = limits(test)
    return max(low / max(value, 1e-9) if low else 0, value / high if high else 0)


def grade(
    test: Test, value: float, sex: str | None = None, *, uln: float | None = None, lln: float | None = None
) -> int | None:
    """CTCAE v5 grade of a value in the canonical unit: 0 (no grade) to 4, or None when CTCAE does not grade the test.

    `uln` and `lln` are the laboratory's own limits, if known. Edges as CTCAE writes them: a decrease band is
    low <= value < high, an increase band is low < value <= high ("> 3 to 5 x ULN": exactly 3 is grade 1).
    """
    content = test.get("ctcae", {})
    if not content.get("grades"):
        return None
    usual_low, usual_high = limits(test, sex)
    low, high = (usual_low if lln is None else lln), (usual_high if uln is None else uln)
    if content["direction"] == "decrease":
        below = [
            band["grade"] for band in content["grades"] if value < (low if band["high"] == "LLN" else band["high"])
        ]
        above = _above(content.get("increase", []), value, high)
        return max([*below, *above], default=0)
    return max(_above(content["grades"], value / high), default=0)


def _above(bands: Iterable[Mapping[str, Any]], value: float, uln: float | None = None) -> list[int]:
    """Grades of the increase bands whose lower edge the value exceeds; a band `over: ULN` counts from that limit."""
    return [band["grade"] for band in bands if value > band["low"] + (uln or 0 if band.get("over") == "ULN" else 0)]


def plausible(test: Test, value: float) -> bool:
    """Whether a value in the canonical unit can occur in a living adult (`plausible`), typing slips apart."""
    bounds = test.get("plausible")
    return bounds is None or bounds["min"] <= value <= bounds["max"]


def doubtful(test: Test, value: float) -> bool:
    """Whether a value in the canonical unit should be read back first: impossible, or a likely slip (`confirm`)."""
    limit = test.get("confirm", {})
    slip = value > limit.get("above", float("inf")) or value < limit.get("below", float("-inf"))
    return slip or not plausible(test, value)


def infer_unit(test: Test, value: float) -> str | None:
    """The unit of a bare number, only when exactly one reading is plausible (`readings_without_unit`), else None."""
    units = [r["unit"] for r in test.get("readings_without_unit", []) if r["from"] <= value < r["to"]]
    return units[0] if len(units) == 1 else None
