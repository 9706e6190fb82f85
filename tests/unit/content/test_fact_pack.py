"""Nothing of the fact pack was dropped: each of its conditions (tests/content/fact_pack.yml) is the text of a rule here."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

LEDGER = Path(__file__).parents[2] / "content" / "fact_pack.yml"
MOST_EXCEPTIONS = 23  # may only shrink


@pytest.fixture(scope="module")
def ledger() -> dict[str, Any]:
    return yaml.load(LEDGER.read_text(encoding="utf-8"), yaml.CSafeLoader)


def plain(text: Any) -> str:
    return re.sub(r"[^a-z0-9<>=.%+]+", " ", str(text).lower()).strip()


def clauses(node: Any) -> Iterator[tuple[str, str | None]]:
    """Every text with the urgency beside it, and every plain note (schedules and thresholds carry no urgency)."""
    if isinstance(node, dict):
        for key in ("text", "meaning", "note"):
            if isinstance(node.get(key), str):
                yield plain(node[key]), node.get("urgency")
        node = node.values()
    elif not isinstance(node, list):
        return
    for item in node:
        if isinstance(item, str):
            yield plain(item), None
        else:
            yield from clauses(item)


def part_of(source: str, data: dict[str, Any]) -> Any:
    kind, _, medicine = source.partition("/")
    if kind == "dmt":
        return [[item for item in data["medicines"] if item["id"] == medicine], data["shared_rules"]]
    key = {"symptoms": "symptoms", "labs_a": "labs", "labs_b": "labs", "ms_itself": "topics", "red_flags": "red_flags"}[kind]
    return [data[key], data["words"]]


def test_every_condition_of_the_fact_pack_is_the_text_of_a_rule_with_its_urgency(ledger, data):
    excepted = {(entry["source"], plain(entry["text"])) for entry in ledger["exceptions"]}
    dropped = []
    for source, entries in ledger["clauses"].items():
        here = set(clauses(part_of(source, data)))
        texts = {text for text, _ in here}
        for urgency, text in entries:
            known = (plain(text), urgency) in here if urgency else plain(text) in texts
            if not known and (source, plain(text)) not in excepted:
                dropped.append(f"{source}: {urgency}: {text}")
    assert not dropped, "\n".join(dropped)


def test_exceptions_are_few_and_each_has_a_reason(ledger):
    assert len(ledger["exceptions"]) <= MOST_EXCEPTIONS
    assert all(len(entry["reason"]) > 20 for entry in ledger["exceptions"])


def test_the_ledger_is_whole(ledger):
    counts = Counter({source.split("/")[0]: 0 for source in ledger["clauses"]})
    for source, entries in ledger["clauses"].items():
        counts[source.split("/")[0]] += len(entries)
    assert len([source for source in ledger["clauses"] if source.startswith("dmt/")]) == 29
    assert counts == {"dmt": 1272, "symptoms": 396, "ms_itself": 63, "labs_b": 60, "labs_a": 49, "red_flags": 16}


def test_what_another_rule_carries_says_which(data):
    carried = [node for node in _rules(data) if node.get("carried_elsewhere") is not None]
    assert all(len(node["carried_elsewhere"]) > 10 for node in carried)
    assert len(carried) <= 60, "a rule without a condition of its own should stay the exception"


def _rules(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if {"text", "urgency"} <= node.keys():
            yield node
        node = node.values()
    elif not isinstance(node, list):
        return
    for item in node:
        yield from _rules(item)
