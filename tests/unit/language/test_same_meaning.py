"""What changes the writing and not the meaning: a message read twice must say the same. A floor per kind of change."""

import functools
import itertools
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.language.symptoms import SymptomFinder
from knowledge.yaml_files import read_yaml

ROOT = Path(__file__).parents[3]
_CONTRACTED = (
    ("can't", "cant"), ("can't", "cannot"), ("can't", "can’t"), ("don't", "dont"), ("don't", "do not"), ("don't", "don’t"),
    ("haven't", "havent"), ("haven't", "have not"), ("isn't", "isnt"), ("isn't", "is not"), ("won't", "wont"), ("won't", "will not"),
    ("i've", "ive"), ("i've", "i have"), ("i'm", "im"), ("i'm", "i am"), ("it's", "its"), ("it's", "it is"), ("doesn't", "does not"),
)  # fmt: skip
_FILLERS = ("um", "erm", "well", "honestly", "basically", "to be honest")


def _load(path: Path) -> dict | list:
    return read_yaml(path.read_text("utf-8"))


@functools.cache
def _finder() -> SymptomFinder:
    paths = sorted((ROOT / "knowledge/content/symptoms").glob("*.yml"))
    return SymptomFinder([entry for path in paths for entry in _load(path)["symptoms"]])


@functools.cache
def _texts() -> list[str]:
    paths = sorted([*(ROOT / "tests/language/symptoms").glob("*.yml"), *(ROOT / "tests/language/status").glob("*.yml")])
    paths = [path for path in paths if path.stem != "voices_mixed"]  # there the ends of the sentences carry the meaning
    texts = [message["text"] for path in paths for message in _load(path) if message.get("symptoms")]
    return random.Random(4).sample(texts, 400)


@functools.cache
def _meaning(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((entity["value"], entity["role"]) for entity in _finder().find(text))


def _capitals(text: str, _: random.Random) -> str:
    return text.upper()


def _first_letters(text: str, _: random.Random) -> str:
    return text.title()


def _full_stop(text: str, _: random.Random) -> str:
    return text if text.endswith("?") else text.rstrip(".!") + "."


def _without_punctuation(text: str, _: random.Random) -> str:
    return re.sub(r"[,.;:!?]+(?=\s|$)", "", text)


def _contractions(text: str, chance: random.Random) -> str:
    forms = [pair for pair in [*_CONTRACTED, *((right, left) for left, right in _CONTRACTED)] if re.search(rf"\b{pair[0]}\b", text)]
    if not forms:
        return text
    old, new = chance.choice(forms)
    return re.sub(rf"\b{old}\b", new, text)


def _filler_before(text: str, chance: random.Random) -> str:
    return f"{chance.choice(_FILLERS)} {text}"


def _filler_inside(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    words.insert(chance.randrange(len(words)), chance.choice(("um", "erm", "like", "really", "just")))
    return " ".join(words)


def _typo(text: str, chance: random.Random) -> str:
    """Two neighbouring letters swapped, or one dropped or doubled, inside one word of six letters or more."""
    long = list(re.finditer(r"[a-z]{6,}", text))
    if not long:
        return text
    match = chance.choice(long)
    word, at = match.group(), chance.randrange(1, len(match.group()) - 2)
    kinds = (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:])
    return text[: match.start()] + chance.choice(kinds) + text[match.end() :]


@pytest.mark.parametrize(
    ("change", "floor"),
    [
        (_capitals, 1.0),
        (_first_letters, 1.0),
        (_full_stop, 0.99),
        (_without_punctuation, 0.88),
        (_contractions, 0.96),
        (_filler_before, 0.98),
        (_filler_inside, 0.92),
        (_typo, 0.86),
    ],
)
def test_the_meaning_stays(change: Callable[[str, random.Random], str], floor: float) -> None:
    chance = random.Random(11)
    changed = [(text, new) for text in _texts() if (new := change(text, chance)) != text]
    same = sum(_meaning(text) == _meaning(new) for text, new in changed)
    print(f"{change.__name__}: {same / max(1, len(changed)):.3f} of {len(changed)}")
    assert same >= floor * len(changed)


def test_the_order_of_sentences_does_not_matter() -> None:
    pairs = list(itertools.pairwise(text.rstrip(".") for text in _texts()))
    same = sum(_meaning(f"{one}. {other}") == _meaning(f"{other}. {one}") for one, other in pairs)
    print(f"order: {same / len(pairs):.3f} of {len(pairs)}")
    assert same >= 0.96 * len(pairs)
