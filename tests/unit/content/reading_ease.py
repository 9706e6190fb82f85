"""How easy a patient text is to read: Flesch reading ease, with the names of medicines and illnesses left out of the count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import textstat

LONG = 30  # words; shorter texts have too few for the measure
EASY = 60.0  # plain English: understood by 13- to 15-year-olds; everyday words, short sentences
# Illnesses that people hear from their team by these names; there is no plainer word.
ILLNESSES = (
    "progressive multifocal leukoencephalopathy", "multiple sclerosis", "hepatitis b", "anaemia", "psoriasis", "thyroid disease", "uveitis",
    "pemphigoid", "leukaemia", "depression", "shingles", "encephalitis", "meningitis", "pancreatitis", "jaundice", "anaphylaxis",
)


@cache
def _names(medicines: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted((*medicines, *ILLNESSES), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def medicine_names(data: dict[str, Any]) -> tuple[str, ...]:
    """All names of medicines in the content."""
    kinds = ("generic", "brands", "regional_brands", "short_names")
    return tuple({str(name) for item in data["names"] for kind in kinds for name in item.get(kind, ()) if len(str(name)) > 2})


def ease(text: str, medicines: tuple[str, ...]) -> float:
    """Flesch reading ease, 0 (hard) to 100 (easy) and beyond. A name counts as the word "it"; a line counts as a sentence."""
    plain = re.sub(r"([^.!?:])\n", r"\1.\n", _names(medicines).sub("it", re.sub(r"\{\w+\}", "it", text)))
    return textstat.flesch_reading_ease(plain)


def patient_texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where it stands and the text, for everything in the content that a patient can read."""
    for medicine in data["medicines"]:
        for risk in medicine.get("risks", ()):
            yield from ((f"{risk['id']}.{key}", risk[key]) for key in ("advice", "why", "when") if risk.get(key))
    for topic in data["topics"]:
        yield from ((f"{topic['id']}.{key}", topic[key]) for key in ("definition", "advice") if topic.get(key))
        yield from ((f"{topic['id']}.fact", fact["text"]) for fact in topic.get("facts", ()))
    for flag in data["red_flags"]:
        yield f"{flag['id']}.instruction", flag["instruction"]
        yield f"{flag['id']}.question", flag["ask_if_unclear"]["question"]
    yield from ((f"fact {fact['id']}", fact["question"]) for fact in data["facts"])
    yield from _strings(data["wording"]["en"], "wording")
    yield from _strings(data["answers"], "answers")


def _strings(node: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(value, f"{where}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _strings(value, f"{where}.{place}")
