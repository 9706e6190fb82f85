"""Each rule beside the words that must make it fire and the near miss that must not (tests/content, mirrored by name)."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from edges import rules_by_key
from examples import EXAMPLES, Example, all_examples, fired
from test_edges import own_rules

from knowledge import schema
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge, Rule
from knowledge.urgency import LEVELS

KNOWN_FAILURES = EXAMPLES / "known_failures.yml"
WITHOUT = EXAMPLES / "without_example.yml"
MOST_WITHOUT = 13  # may only shrink
LEVEL_IN_NAME = re.compile(r"^([a-z_]+?)(_\d+)?$")  # same_day_2
MOST_KNOWN_FAILURES = 42  # may only shrink


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


def test_every_rule_has_a_sentence_that_fires_it_and_one_that_spares_it(knowledge, examples):
    kinds = defaultdict(set)
    for example in examples:
        kinds[example.rule].add(example.fires)
    names = {rule.id: f"{owner}: {name}" for (owner, name), rule in rules_by_key(knowledge).items()}
    missing = {names[rule.id] for rule in own_rules(knowledge) if kinds[rule.id] != {True, False}}
    without = set(yaml.safe_load(WITHOUT.read_text(encoding="utf-8")))
    assert not missing - without, sorted(missing - without)
    assert not without - missing, f"these have examples now, take them off {WITHOUT.name}: {sorted(without - missing)}"
    assert len(without) <= MOST_WITHOUT


def test_each_rule_has_the_level_that_its_example_or_its_name_says(knowledge, examples):
    expected = {example.rule: example.urgency for example in examples if example.urgency}
    wrong = []
    for rule in own_rules(knowledge):
        said = said_level(rule, expected)
        if said in LEVELS and said != rule.urgency:
            wrong.append(f"{rule.id} is {rule.urgency}, its example says {said}: {rule.text}")
    assert not wrong, "\n".join(wrong)


def said_level(rule: Rule, expected: dict[str, str]) -> str:
    """The level that the rule's example states, or its own name: `same_day_2`."""
    return expected.get(rule.id) or LEVEL_IN_NAME.sub(r"\1", rule.id.rpartition(".")[2])
