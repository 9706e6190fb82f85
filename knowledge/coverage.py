"""What is encoded for each therapy: risks, rules, symptoms, tests, citations, and what nobody has reviewed yet."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.release import Knowledge, Rule


def lines(knowledge: Knowledge, medicine: str | None = None, clauses: bool = False) -> Iterator[str]:
    """The report, line by line. `clauses` adds each rule's words beside its machine condition."""
    for identifier in sorted(knowledge.medicines):
        if medicine in (None, identifier):
            yield from _medicine(identifier, knowledge, clauses)
    if medicine is None:
        if clauses:
            for name, groups in (("Symptoms", knowledge.symptom_rules), ("Tests", knowledge.lab_rules)):
                yield name
                for rules in groups.values():
                    yield from (_clause(rule) for rule in rules)
            yield "MS itself and the whole person"
            yield from (_clause(rule) for rule in knowledge.general_rules)
        yield from _totals(knowledge)


def _medicine(identifier: str, knowledge: Knowledge, clauses: bool) -> Iterator[str]:
    risks = knowledge.risks[identifier]
    rules = [rule for risk in risks for rule in risk.rules]
    leaves = [leaf for rule in rules for leaf in rule.condition.leaves()]
    symptoms = {leaf.id for leaf in leaves if leaf.kind in ("symptom", "qualifier")} | {sign for risk in risks for sign in risk.signs}
    tests = {leaf.id for leaf in leaves if leaf.kind == "lab"}
    cites = sum(len(risk.data.get("cite", [])) for risk in risks)
    yield (
        f"{identifier}: {sum(not risk.effect for risk in risks)} risks, {sum(risk.effect for risk in risks)} effects and facts, "
        f"{len(rules)} rules, {len(symptoms)} symptoms, {len(tests)} tests, {cites} citations"
    )
    if clauses:
        for risk in risks:
            yield f"  {risk.id}" + (f" (window {risk.window})" if risk.window else "")
            yield from (_clause(rule) for rule in risk.rules)


def _clause(rule: Rule) -> str:
    lowers = f" [explains {', '.join(sorted(rule.lowers))}]" if rule.lowers else ""
    return f"    {rule.urgency:<10} {rule.text}\n               = {rule.condition.describe()}{lowers}"


def _totals(knowledge: Knowledge) -> Iterator[str]:
    rules = list(knowledge.all_rules())
    reviewed = sum(bool(rule.data.get("review")) for rule in rules)
    label = sum(rule.data.get("basis") in ("label", "guideline") for rule in rules)
    yield (
        f"{len(knowledge.medicines)} therapies, {len(rules)} rules: {label} rest on a label or guideline statement, "
        f"{len(rules) - label} are triage proposals; {reviewed} reviewed by a clinician. Not clinically validated, not a medical device."
    )
