"""Breaks the content on purpose, rule by rule, and shows that examples or the fact pack's ledger notice."""

import copy
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge import schema
from knowledge.case import Case
from knowledge.conditions import View, compile_condition
from knowledge.durations import days
from knowledge.intake import take_in
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "content"))
from examples import TODAY, all_examples
from test_fact_pack import LEDGER, plain

pytestmark = pytest.mark.long
LENGTHS = {"within", "before", "over", "lasting_over", "lasting_under", "after_dose_within"}
NUMBERS = {"below", "at_most", "above", "at_least", "above_uln", "at_least_uln", "at_most_uln", "fall_percent", "rise_percent"}
LEAST = {"rule deleted": 0.8, "urgency lowered": 0.8, "threshold moved": 0.64, "window shortened": 0.18}  # measured; may only grow


def mutations(node, path=()):
    """Places in a condition that can be broken: (kind, path, new value)."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
                yield "threshold moved", (*path, key), value * (0.5 if key in ("below", "at_most", "at_most_uln") else 2)
            elif key in LENGTHS and isinstance(value, str):
                factor = 3 if key in ("before", "over", "lasting_over") else 1 / 3
                yield "window shortened", (*path, key), f"PT{max(1, round(days(value) * 24 * 60 * factor))}M"
            else:
                yield from mutations(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from mutations(value, (*path, number))


def with_value(node, path, value):
    other = copy.deepcopy(node)
    place = other
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return other


def test_broken_content_is_noticed(capsys):
    knowledge = Knowledge(schema.load())
    reader = Reader(vocabulary_of(knowledge.data))
    rules = {rule.id: rule for rule in knowledge.all_rules()}
    told = {}
    for example in all_examples(knowledge):
        case = Case()
        take_in(case, reader.read(example.text, TODAY), example.text, None, knowledge, TODAY)
        told.setdefault(example.rule, []).append(case)
    ledger = yaml.load(LEDGER.read_text(encoding="utf-8"), yaml.CSafeLoader)["clauses"]
    in_ledger = {(plain(text), urgency) for entries in ledger.values() for urgency, text in entries}
    tried, noticed, missed = Counter(), Counter(), []

    def answers(rule, condition):
        risk = knowledge.risk(rule.owner)
        return [condition.evaluate(View(case, knowledge.names), case.medicines.get(risk.medicine) if risk else None, True)
                for case in told.get(rule.id, ())]

    def record(kind, rule, seen):
        tried[kind] += 1
        noticed[kind] += seen
        if not seen:
            missed.append(f"{kind}: {rule.id}")

    for rule in random.Random(7).sample(sorted(rules.values(), key=lambda rule: rule.id), 900):
        known = (plain(rule.text), rule.urgency) in in_ledger
        record("rule deleted", rule, known or rule.id in told)
        if rule.urgency != LEVELS[-1]:
            lower = LEVELS[LEVELS.index(rule.urgency) + 1]
            record("urgency lowered", rule, known and (plain(rule.text), lower) not in in_ledger)
        for kind, path, value in list(mutations(rule.data["when"]))[:3] if rule.id in told else ():
            changed = compile_condition(with_value(rule.data["when"], path, value), knowledge.names)
            record(kind, rule, answers(rule, rule.condition) != answers(rule, changed))
    with capsys.disabled():
        for kind in tried:
            print(f"\n{kind}: {noticed[kind]} of {tried[kind]} noticed ({noticed[kind] / tried[kind]:.0%})", end="")
    for kind, least in LEAST.items():
        assert noticed[kind] >= least * tried[kind], [line for line in missed if line.startswith(kind)][:40]
