"""Spellings made up here for every name of every therapy, and everything around them that is no therapy."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from wordfreq import top_n_list

from knowledge.language.medicines import MedicineFinder
from knowledge.yaml_files import read_yaml

NAMES = Path(__file__).parents[3] / "knowledge" / "content" / "names"
TODAY = date(2026, 11, 22)
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (("ph", "f"), ("f", "ph"), ("c", "k"), ("k", "c"), ("y", "i"), ("i", "y"), ("i", "ee"), ("x", "ks"), ("z", "s"), ("s", "z"),
          ("ou", "u"), ("a", "e"), ("e", "a"), ("o", "a"), ("u", "o"), ("e", "i"), ("i", "e"), ("th", "t"), ("v", "b"), ("ia", "ea"),
          ("er", "a"), ("mm", "m"), ("ate", "at"), ("ine", "een"))
FRAMES = ("i take {} for my ms", "been on {} 2 years", "stopped {} in may", "{} makes me flush", "hi, {}, is it safe")
# Taken by people with MS or near them, and not in the tests' labelled messages.
OTHERS = [
    "apomorphine", "azacitidine", "bortezomib", "bumetanide", "cabergoline", "calcitriol", "clobazam", "clomipramine", "dabrafenib",
    "dalteparin", "darunavir", "dasatinib", "dexketoprofen", "dimenhydrinate", "docetaxel", "dolutegravir", "dosulepin", "doxazosin",
    "dronedarone", "eletriptan", "eltrombopag", "entacapone", "epirubicin", "eplerenone", "ergotamine", "fluvastatin", "formoterol",
    "galantamine", "glimepiride", "goserelin", "haloperidol", "hyoscine", "idarubicin", "imipenem", "ipratropium", "ketotifen",
    "labetalol", "lamivudine", "linagliptin", "linezolid", "lurasidone", "melphalan", "meropenem", "midazolam", "midodrine", "nefopam",
    "nilotinib", "nystatin", "olmesartan", "opicapone", "oxazepam", "panitumumab", "perampanel", "phenelzine", "pimozide",
    "pitavastatin", "prasugrel", "procyclidine", "quinapril", "ranolazine", "rasagiline", "rotigotine", "safinamide", "salmeterol",
    "silodosin", "sucralfate", "sunitinib", "telmisartan", "tetrabenazine", "tibolone", "tolcapone", "torasemide", "triamcinolone",
    "trospium", "vardenafil", "vigabatrin", "vildagliptin", "voriconazole", "xylometazoline", "zuclopenthixol", "exforia", "genvoya",
    "levitra", "latuda", "caduet", "bexsero", "boostrix", "entresto", "trelegy", "tagrisso", "zometa", "temodar", "orkambi"]


def _load(path: Path) -> Any:
    return read_yaml(path.read_text(encoding="utf-8"))


THERAPIES = [_load(path) for path in sorted(NAMES.glob("*.yml")) if path.stem != "other_medicines"]


@pytest.fixture(scope="module")
def finder() -> MedicineFinder:
    return MedicineFinder(THERAPIES, _load(NAMES / "other_medicines.yml"))


def _therapies(finder: MedicineFinder, text: str) -> set[str]:
    found = finder.find(text, TODAY)
    return {one for entity in found if entity["entity"] in ("medicine", "medicine_hint")
            for one in ([entity["value"]] if isinstance(entity["value"], str) else entity["value"])}


def _names() -> Iterator[str]:
    for therapy in THERAPIES:
        for kind in ("generic", "brands", "biosimilars"):
            yield from (name.lower() for name in therapy.get(kind, ()) if len(name) > 5 and name.isalpha())


def _slips(name: str) -> list[str]:
    """The name as thumbs and ears leave it: one letter dropped, doubled, swapped, a neighbour of its key, or written as heard."""
    typed = [name[:at] + name[at + 1:] for at in range(1, len(name))]
    typed += [name[:at] + name[at] + name[at:] for at in range(len(name))]
    typed += [name[:at] + name[at + 1] + name[at] + name[at + 2:] for at in range(1, len(name) - 1) if name[at] != name[at + 1]]
    for row in ROWS:
        typed += [name[:at] + key + name[at + 1:] for at, letter in enumerate(name) if letter in row
                  for key in row[max(0, row.index(letter) - 1):row.index(letter) + 2] if key != letter]
    typed += [name[:at] + heard + name[at + len(said):] for said, heard in SOUNDS for at in [name.find(said, 1)] if at > 0]
    return typed


def test_names_are_read_however_they_are_typed(finder: MedicineFinder) -> None:
    chance = random.Random(4)
    missed, wrong, tried = [], [], 0
    for name in _names():
        therapy = _therapies(finder, f"i take {name} for my ms")
        typed = chance.sample(_slips(name), 4) + [f"my{name}", f"the{name}", f"{name}and", f"{name}240mg"]
        if len(name) > 8:
            typed += [chance.choice(_slips(chance.choice(_slips(name)))), name[:-3], f"{name[:4]} {name[4:]}"]
        for one in typed:
            found = _therapies(finder, chance.choice(FRAMES).format(one))
            tried += 1
            missed += [one] * (found != therapy)
            wrong += [one] * bool(found - therapy)
    assert len(missed) <= 0.02 * tried, missed
    assert len(wrong) <= 0.001 * tried, wrong


def test_no_everyday_word_is_a_therapy(finder: MedicineFinder) -> None:
    words = [word for word in top_n_list("en", 12_000) if word.isalpha() and len(word) > 4]
    meant = {"transplant", "steroids", "steroid", "transplants"} | {  # ways to name a therapy, or to describe one
        word for form in ("tablet", "pill", "capsule", "injection", "needle", "shot", "pen", "infusion", "drip", "jab")
        for word in (form, form + "s")}
    assert [word for word in words if word not in meant and _therapies(finder, f"i take {word} every day")] == []


def test_no_other_medicine_is_a_therapy_however_it_is_typed(finder: MedicineFinder) -> None:
    chance = random.Random(5)
    typed = [one for name in OTHERS for one in (name, *chance.sample(_slips(name), 3))]
    taken = [one for one in typed if _therapies(finder, f"i take {one} 50mg")]
    assert not set(taken) & set(OTHERS)
    assert len(taken) <= 0.005 * len(typed), taken
