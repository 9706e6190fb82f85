"""Cases on both sides of each number and each length of time of a rule (tests/content/edges, mirrored by name).

A case is written with the ids of the content: `{takes: {fingolimod: {last_dose: P2M}}, fever: yes, cough: no, platelets: 49}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.case import DENIED, PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.conditions import View
from knowledge.release import Knowledge, Rule
from knowledge.triage import assess
from knowledge.yaml_files import read_yaml

EDGES = Path(__file__).parents[2] / "content" / "edges"
TIMES = {"last_dose": "since_last_dose", "first_dose": "since_first_dose", "stopped": "since_stop"}


@dataclass(frozen=True)
class Edge:
    """Two cases that differ in one number or length only: in the first the rule speaks, in the second it does not."""

    file: str
    rule: Rule
    given: dict[str, Any]
    fires: dict[str, Any]
    spares: dict[str, Any]

    def case(self, knowledge: Knowledge, fires: bool) -> Case:
        return case_of({"given": self.given, "edge": self.fires if fires else self.spares}, knowledge, owner_of(self.rule, knowledge))

    def __str__(self) -> str:
        return f"{self.file}: {self.rule.id} with {self.given} fires at {self.fires}, not at {self.spares}"


def owner_of(rule: Rule, knowledge: Knowledge) -> str | None:
    """The medicine whose rule it is, if any."""
    risk = knowledge.risk(rule.owner)
    return risk.medicine if risk and rule.origin in ("medicine", "effect", "pregnancy", "after_stopping") else None


def all_edges(knowledge: Knowledge) -> Iterator[Edge]:
    """Every edge; those of shared rules with the last medicine that uses them."""
    rules = rules_by_key(knowledge)
    for path in sorted(EDGES.rglob("*.yml")):
        file = str(path.relative_to(EDGES))
        for owner, entries in (read_yaml(path.read_text(encoding="utf-8")) or {}).items():
            for entry in entries:
                for edge in entry["edges"]:
                    yield Edge(file, rules[owner, entry["rule"]], edge.get("given", {}), edge["fires"], edge["spares"])


def rules_by_key(knowledge: Knowledge) -> dict[tuple[str, str], Rule]:
    """Rules by what they belong to and their own name: an id, a shared rule's id within its block, or the rule's text."""
    found: dict[tuple[str, str], Rule] = {}
    blocks = {risk.id: set(risk.data.get("shared_rules", [])) for risks in knowledge.risks.values() for risk in risks}
    for rule in knowledge.all_rules():
        if owner_of(rule, knowledge) is None:
            found[rule.owner, rule.id if rule.origin == "person" else rule.text] = rule
            continue
        found[rule.owner, rule.id] = rule
        suffix = rule.id.rpartition(".")[2]
        for block in blocks[rule.owner]:
            if any(shared["id"] == suffix and shared["text"] == rule.text for shared in knowledge.data["shared_rules"][block]["rules"]):
                found[block, suffix] = rule
    return found


def case_of(parts: dict[str, dict[str, Any]], knowledge: Knowledge, own: str | None = None) -> Case:
    """The case that some mappings describe together; a later one adds to an earlier. `own` stands for the word `own`."""
    case = Case()
    for part in parts.values():
        for name, value in part.items():
            _add(case, name, value, knowledge, own)
    return case


def _add(case: Case, name: str, value: Any, knowledge: Knowledge, own: str | None) -> None:
    if name in ("takes", "took"):
        for medicine, times in ({value: {}} if isinstance(value, str) else value).items():
            identifier = own if medicine == "own" and own else medicine
            use = case.medicines.setdefault(identifier, MedicineUse(identifier))
            use.status = "current" if name == "takes" else "past"
            for when, length in times.items():
                setattr(use, TIMES[when], length)
    elif name in ("temperature", "sex"):
        setattr(case, name, value)
    elif name == "age":
        case.age_years = value
    elif name == "again":
        case.contact_again = value == YES
    elif name == "red_flag":
        case.red_flags[value] = ""
    elif name in knowledge.facts:
        case.facts[name] = value
    elif name in knowledge.labs:
        result = case.labs.setdefault(name, LabResult(name, unit=knowledge.labs[name]["canonical_unit"]))
        for part, number in (value if isinstance(value, dict) else {"value": value}).items():
            setattr(result, part, number)
    else:
        assert name in knowledge.symptoms, f"nothing is called {name}"
        finding = case.findings.setdefault(name, Finding(name))
        finding.status = DENIED if value == "no" else PRESENT
        finding.attributes |= value if isinstance(value, dict) else {}


def speaks(rule: Rule, case: Case, knowledge: Knowledge) -> bool:
    """Whether the rule is among the reasons for the case's urgency; a red flag's own rules speak only through the flag."""
    if rule.origin == "red_flag":
        return rule.holds(View(case, knowledge.names))
    return any(match.rule is not None and match.rule.id == rule.id for match in assess(case, knowledge).matches)
