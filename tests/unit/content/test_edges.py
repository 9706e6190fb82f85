"""Both sides of each number and each length of time in the rules: tests/content/edges states them without reading the rules."""

from collections import defaultdict

import pytest
from edges import Edge, all_edges, owner_of, rules_by_key, speaks
from mutations import LARGER, SMALLER, moved, mutations, with_value

from knowledge.conditions import Condition, View, compile_condition
from knowledge.durations import days
from knowledge.release import Knowledge, Rule

# Windows whose rules all carry a time of their own, or that close with the last dose: nothing speaks at their edge alone.
NO_EDGE = {"glatiramer_device_error", "natalizumab_pml_iris", "rituximab_serum_sickness"}


@pytest.fixture(scope="module")
def edges(knowledge) -> dict[str, list[Edge]]:
    found = defaultdict(list)
    for edge in all_edges(knowledge):
        found[edge.rule.id].append(edge)
    return found


def test_each_rule_speaks_on_one_side_and_not_on_the_other(knowledge, edges):
    wrong = [str(edge) for found in edges.values() for edge in found
             if not speaks(edge.rule, edge.case(knowledge, True), knowledge) or speaks(edge.rule, edge.case(knowledge, False), knowledge)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("factor", [SMALLER, LARGER])
def test_a_number_or_length_moved_a_little_is_noticed(knowledge, edges, factor):
    unnoticed = []
    for rule in own_rules(knowledge):
        before = answers(rule, rule.condition, edges[rule.id], knowledge)
        for _, path, value in mutations(rule.data["when"], factor):
            other = compile_condition(with_value(rule.data["when"], path, value), knowledge.names)
            if answers(rule, other, edges[rule.id], knowledge) == before:
                unnoticed.append(f"{rule.id}: {path[-1]} moved to {value} in “{rule.text}”")
    assert not unnoticed, f"write an edge in tests/content/edges for these:\n{chr(10).join(unnoticed)}"


def own_rules(knowledge: Knowledge) -> list[Rule]:
    """Each written rule once: a shared rule with the last medicine that uses it."""
    keys = rules_by_key(knowledge)
    blocks = knowledge.data["shared_rules"]
    shared = {rule.id for (owner, _), rule in keys.items() if owner in blocks}
    copies = {f"{risk.id}.{rule['id']}" for risks in knowledge.risks.values() for risk in risks
              for block in risk.data.get("shared_rules", []) for rule in blocks[block]["rules"]}
    return [rule for rule in {rule.id: rule for rule in keys.values()}.values() if rule.id in shared or rule.id not in copies]


def answers(rule: Rule, condition: Condition, edges: list[Edge], knowledge: Knowledge) -> list[bool]:
    found = []
    for edge in edges:
        for fires in (True, False):
            case = edge.case(knowledge, fires)
            use = case.medicines.get(owner_of(rule, knowledge) or "")
            found.append(condition.holds(View(case, knowledge.names), use, not rule.lowering))
    return found


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_window_made_shorter_or_longer_is_noticed(knowledge, edges, factor):
    unnoticed = []
    for risk in (risk for risks in knowledge.risks.values() for risk in risks if risk.id not in NO_EDGE):
        limits = [name for name in ("after_last_dose", "onset_within") if name in risk.window]
        if not limits:
            continue
        limit = max(limits, key=lambda name: days(risk.window[name]))
        window = risk.window
        risk.window = {**window, limit: moved(window[limit], factor) if window[limit] != "P0M" else "P3D"}
        about = [edge for rule in risk.rules for edge in edges[rule.id]]
        same = all(speaks(edge.rule, edge.case(knowledge, fires), knowledge) is fires for edge in about for fires in (True, False))
        risk.window = window
        if same:
            unnoticed.append(f"{risk.id}: {limit} {window[limit]}")
    assert not unnoticed, unnoticed
