"""Breaks every rule of the content on purpose and counts how often examples, edges or the fact pack's ledger notice."""

import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge import schema
from knowledge.conditions import View, compile_condition
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "content"))
from edges import all_edges, owner_of
from examples import all_examples, case_told
from mutations import mutations, with_value
from test_edges import own_rules
from test_examples import said_level
from test_fact_pack import LEDGER, plain

pytestmark = pytest.mark.long
FACTORS = (0.5, 0.8, 1.25, 2)
LEAST = {"rule deleted": 0.99, "urgency lowered": 0.99, "threshold moved": 0.99, "window moved": 0.99}  # measured; may only grow


def test_broken_content_is_noticed(capsys):
    knowledge = Knowledge(schema.load())
    reader = Reader(vocabulary_of(knowledge.data))
    examples = list(all_examples(knowledge))
    told = {}
    for example in examples:
        told.setdefault(example.rule, []).append(case_told(example.text, knowledge, reader))
    for edge in all_edges(knowledge):
        told.setdefault(edge.rule.id, []).extend(edge.case(knowledge, fires) for fires in (True, False))
    ledger = yaml.load(LEDGER.read_text(encoding="utf-8"), yaml.CSafeLoader)["clauses"]
    in_ledger = {(plain(text), urgency) for entries in ledger.values() for urgency, text in entries}
    levels = {example.rule: example.urgency for example in examples if example.urgency}
    tried, noticed, missed = Counter(), Counter(), []

    def answers(rule, condition):
        return [condition.holds(View(case, knowledge.names), case.medicines.get(owner_of(rule, knowledge) or ""), not rule.lowering)
                for case in told.get(rule.id, ())]

    def record(kind, rule, seen):
        tried[kind] += 1
        noticed[kind] += seen
        if not seen:
            missed.append(f"{kind}: {rule.id}")

    for rule in own_rules(knowledge):
        known = (plain(rule.text), rule.urgency) in in_ledger
        record("rule deleted", rule, known or rule.id in told)
        if rule.urgency != LEVELS[-1]:
            lower = LEVELS[LEVELS.index(rule.urgency) + 1]
            by_example = said_level(rule, levels) in LEVELS
            record("urgency lowered", rule, by_example or known and (plain(rule.text), lower) not in in_ledger)
        before = answers(rule, rule.condition)
        for factor in FACTORS:
            for kind, path, value in mutations(rule.data["when"], factor):
                changed = compile_condition(with_value(rule.data["when"], path, value), knowledge.names)
                record(kind, rule, answers(rule, changed) != before)
    with capsys.disabled():
        for kind in tried:
            print(f"\n{kind}: {noticed[kind]} of {tried[kind]} noticed ({noticed[kind] / tried[kind]:.1%})", end="")
    for kind, least in LEAST.items():
        assert noticed[kind] >= least * tried[kind], [line for line in missed if line.startswith(kind)][:40]
