"""Each rule beside the words that must make it fire and the near miss that must not (tests/content, mirrored by name)."""

import re
from collections import defaultdict

import pytest
from edges import rules_by_key
from examples import Example, all_examples, fired
from test_edges import own_rules

from knowledge.release import Rule
from knowledge.urgency import LEVELS

LEVEL_IN_NAME = re.compile(r"^([a-z_]+?)(_\d+)?$")  # same_day_2


@pytest.fixture(scope="module")
def examples(knowledge) -> list[Example]:
    return list(all_examples(knowledge))


def test_every_example_holds(knowledge, reader, examples):
    failing = {
        f"{example.rule} {'fires' if example.fires else 'spares'}  ({example.file}: {example.text})"
        for example in examples
        if (example.rule in fired(example.text, knowledge, reader)) != example.fires
    }
    assert not failing, "\n".join(sorted(failing))


def test_no_example_is_about_a_rule_that_does_not_exist(knowledge, examples):
    rules = {rule.id for rule in knowledge.all_rules()}
    assert not {f"{example.file}: {example.rule}" for example in examples if example.rule not in rules}


def test_every_rule_has_a_sentence_that_fires_it_and_one_that_spares_it(knowledge, examples):
    kinds = defaultdict(set)
    for example in examples:
        kinds[example.rule].add(example.fires)
    names = {rule.id: f"{owner}: {name}" for (owner, name), rule in rules_by_key(knowledge).items()}
    missing = {names[rule.id] for rule in own_rules(knowledge) if kinds[rule.id] != {True, False}}
    assert not missing, sorted(missing)


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
