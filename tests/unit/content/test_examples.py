"""Each rule beside the words that must make it fire and the near miss that must not (tests/content, mirrored by name)."""

from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from examples import EXAMPLES, Example, all_examples, fired

from knowledge import schema
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge

KNOWN_FAILURES = EXAMPLES / "known_failures.yml"
MOST_KNOWN_FAILURES = 45  # may only shrink


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(schema.load())


@pytest.fixture(scope="module")
def examples(knowledge) -> list[Example]:
    return list(all_examples(knowledge))


@pytest.fixture(scope="module")
def failing(knowledge, examples) -> dict[str, str]:
    """The examples that do not hold: `rule fires` or `rule spares` -> file and sentence."""
    reader = Reader(vocabulary_of(knowledge.data))
    return {
        f"{example.rule} {'fires' if example.fires else 'spares'}": f"{example.file}: {example.text}"
        for example in examples
        if (example.rule in fired(example.text, knowledge, reader)) != example.fires
    }


def known_failures() -> set[str]:
    return set(yaml.safe_load(Path(KNOWN_FAILURES).read_text(encoding="utf-8")) or [])


def test_every_example_holds(failing):
    new = {name: text for name, text in failing.items() if name not in known_failures()}
    assert not new, "\n".join(f"{name}  ({text})" for name, text in sorted(new.items()))


def test_the_list_of_known_failures_only_shrinks(failing):
    cured = known_failures() - failing.keys()
    assert not cured, f"these hold now, take them off {KNOWN_FAILURES.name}: {sorted(cured)}"
    assert len(known_failures()) <= MOST_KNOWN_FAILURES


def test_no_example_is_about_a_rule_that_does_not_exist(knowledge, examples):
    rules = {rule.id for rule in knowledge.all_rules()}
    assert not {f"{example.file}: {example.rule}" for example in examples if example.rule not in rules}


def test_every_medicine_rule_has_a_sentence_that_fires_it_and_one_that_spares_it(knowledge, examples):
    kinds = defaultdict(set)
    for example in examples:
        kinds[example.rule].add(example.fires)
    shared = {(block, rule["id"]) for block, content in knowledge.data["shared_rules"].items() for rule in content["rules"]}
    missing = set()
    for risks in knowledge.risks.values():
        for risk in risks:
            own = {rule["id"] for rule in risk.data.get("rules", []) if rule.get("when") is not None}
            missing |= {rule for rule in own if kinds[rule] != {True, False}}
    users = {block: risk.id for risks in knowledge.risks.values() for risk in risks for block in risk.data.get("shared_rules", [])}
    missing |= {f"{users[block]}.{rule}" for block, rule in shared if block in users and kinds[f"{users[block]}.{rule}"] != {True, False}}
    assert not missing, sorted(missing)
