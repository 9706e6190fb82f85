"""Corrections by contrast: "not my ankles, my hands". What is wrong is named, and what is right, but not what is the matter there."""

from __future__ import annotations

import re

from knowledge.language.text import word_set

_MY = r"(?:my|the|his|her|their)"
_PART = r"((?:\w+ ){0,2}\w+)"
_IN = r"(?:in |on |with |at )?"
_CONTRASTS = (  # the group named `right` is what holds
    re.compile(rf"\bnot {_IN}{_MY} (?P<wrong>{_PART})[ ,;.-]+(?:no |but |it'?s |i mean(?:t)? )*{_IN}{_MY} (?P<right>{_PART})\W*$"),
    re.compile(rf"{_IN}{_MY} (?P<right>{_PART})[ ,;.-]+(?:and )?not {_IN}{_MY} (?P<wrong>{_PART})\W*$"),
)
_SMALL = word_set("a all am an and are at been feel feeling feels felt get got has have i in is it it's its keep keeps like my of on one so"
                  " some that that's the they to very was were with")
_SIDES = frozenset({"left", "right"})
_ONE_FORM = {"feet": "foot"}


def contrast(words: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """What is wrong and what is right in normalised `words`: ({"ankle"}, {"hand"}). None where nothing is contrasted."""
    match = next(filter(None, (pattern.search(words) for pattern in _CONTRASTS)), None)
    return (telling_words(match["wrong"]), telling_words(match["right"])) if match else None


def telling_words(words: str) -> frozenset[str]:
    """The words that carry the meaning, in one form: "my ankles are swollen" is {"ankle", "swollen"}."""
    found = re.findall(r"[a-z']+", words.lower())
    return frozenset(_ONE_FORM.get(word) or (word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word)
                     for word in found if word not in _SMALL)


def instead(words: frozenset[str], wrong: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    """The `words` of a complaint with what is right in the place of what was wrong; None if they do not name that."""
    place = wrong - _SIDES
    return (words - wrong) | (right - _SIDES or place) if place and place <= words else None


def side(words: frozenset[str]) -> dict[str, str]:
    """The side among the words as an attribute of a symptom: {"side": "left"}; empty if there is none."""
    named = words & _SIDES
    return {"side": "left" if "left" in named else "right"} if named else {}
