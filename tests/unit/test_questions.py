"""Questions answered from the content: right, qualified, short, sourced, and never telling anyone to stop."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyphen
import pytest
import yaml

from knowledge.questions import ASPECTS, answer_question, hits
from knowledge.release import Knowledge

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "knowledge" / "content" / "answers"
QUESTIONS = [item for path in sorted((ROOT / "tests/language/questions").glob("*.yml")) for item in yaml.safe_load(path.read_text("utf-8"))]
MOST_WORDS = 95
EASY = 60  # Flesch reading ease
HYPHENS = pyphen.Pyphen(lang="en_US")
STOP = re.compile(r"\b(stop (taking|your|it|the)|skip (a|your|the)|take \d+ ?mg|double your|halve your)\b", re.IGNORECASE)
CALMING = re.compile(r"\b(nothing to worry|harmless for you|no need to call|don't worry|it is safe for you)\b", re.IGNORECASE)


def _entities(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"entity": "medicine", "value": name, "role": "asked", "start": 0, "end": 0} for name in item.get("medicines", [])]


def _all_answers(knowledge: Knowledge) -> Iterator[str]:
    for item in QUESTIONS:
        yield answer_question(item["question"], _entities(item), knowledge) or ""
    for medicine in knowledge.medicines:
        entities = _entities({"medicines": [medicine]})
        for word in ("side effects", "check", "vaccines", "pregnancy", "alcohol", "how long", "interact", "what is"):
            yield answer_question(f"{word}?", entities, knowledge) or ""
        for effect in knowledge.data["answers"]["effects"]:
            yield answer_question(f"can it cause {effect['words'][0].rstrip('*')}?", entities, knowledge) or ""


@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: item["question"])
def test_question_is_answered_as_its_sources_allow(knowledge: Knowledge, item: dict[str, Any]) -> None:
    answer = answer_question(item["question"], _entities(item), knowledge)
    assert answer, "no answer"
    assert [part for part in item.get("says", []) if part.lower() not in answer.lower()] == [], answer
    assert [part for part in item.get("never", []) if part.lower() in answer.lower()] == []


def test_every_claim_of_the_ledger_is_asked(knowledge: Knowledge) -> None:
    asked = {claim for item in QUESTIONS for claim in item.get("claims", [])}
    assert {claim["id"] for claim in knowledge.data["claims"] if claim["verdict"] != "out_of_scope"} - asked == set()


def test_every_answer_is_short_sourced_and_never_tells_anyone_to_stop_or_calms(knowledge: Knowledge) -> None:
    for answer in filter(None, _all_answers(knowledge)):
        said, _, source = answer.partition(" Source: ")
        assert source, answer
        assert len(said.split()) <= MOST_WORDS, (len(said.split()), answer)
        assert not STOP.search(said) and not CALMING.search(said), answer


def _reading_ease(text: str) -> float:
    """Flesch reading ease, with syllables from hyphenation."""
    words = re.findall(r"[A-Za-z]+", text)
    syllables = sum(HYPHENS.inserted(word).count("-") + 1 for word in words)
    sentences = max(1, len(re.findall(r"[.?!:;](?:\s|$)", text)))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def test_curated_answers_are_easy_to_read() -> None:
    items = yaml.safe_load((ANSWERS / "general.yml").read_text("utf-8"))["answers"]
    assert [(item["id"], round(_reading_ease(item["answer"]))) for item in items if _reading_ease(item["answer"]) < EASY] == []


def test_every_medicine_has_each_aspect_that_people_ask_about(knowledge: Knowledge) -> None:
    blocks = knowledge.data["answers"]["medicines"]
    for medicine in set(knowledge.medicines) - {"daclizumab"}:  # withdrawn in 2018
        known = {aspect for block in blocks if medicine in block["for"] for aspect in block}
        assert set(ASPECTS) - {"alcohol"} - known == set(), medicine


def test_every_effect_and_source_that_answers_name_exists(knowledge: Knowledge) -> None:
    for effect in knowledge.data["answers"]["effects"]:
        assert any(hits(medicine, effect, knowledge) for medicine in knowledge.medicines), effect["id"]
        assert set(effect.get("symptoms", ())) <= set(knowledge.symptoms) and set(effect.get("tests", ())) <= set(knowledge.labs), effect[
            "id"
        ]
    for item in knowledge.data["answers"]["answers"]:
        assert {cite["source"] for cite in item["cite"]} <= set(knowledge.data["sources"]), item["id"]


def test_a_question_about_something_else_has_no_answer(knowledge: Knowledge) -> None:
    assert answer_question("who won the football?", [], knowledge) is None


def test_own_medicine_stands_in_when_none_is_named(knowledge: Knowledge) -> None:
    answer = answer_question("what checks do I need on it?", [], knowledge, taking=["alemtuzumab"])
    assert answer and "48 months" in answer
