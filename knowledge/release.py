"""A knowledge release, compiled: content data in, rules that answer fast out. Pure; reads no file and no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from knowledge.case import MedicineUse
from knowledge.conditions import Combined, Condition, Fact, Names, Taking, View, compile_condition
from knowledge.urgency import rank

SERIOUSNESS = {"boxed": 3, "serious": 2, "moderate": 1}


@dataclass(frozen=True)
class Rule:
    """One compiled rule. `subject` is the symptom or test whose own default it speaks about, if any."""

    id: str
    text: str
    urgency: str
    condition: Condition
    data: dict[str, Any]
    origin: str  # medicine | effect | pregnancy | after_stopping | symptom | lab | topic | person
    lowers: frozenset[str] = frozenset()
    subject: str | None = None
    owner: str = ""  # id of the risk, effect, topic, symptom or test it belongs to
    lowering: bool = False  # it explains what `lowers` names, or gives its own symptom less than that symptom's default

    @cached_property
    def mentions(self) -> frozenset[str]:
        """Ids of all that its condition asks about."""
        return frozenset(leaf.id for leaf in self.condition.leaves())

    @cached_property
    def parts(self) -> tuple[Condition, ...]:
        """The single conditions it is made of."""
        pending, found = [self.condition], []
        while pending:
            part = pending.pop()
            if isinstance(part, Combined):
                pending += part.parts
            else:
                found.append(part)
        return tuple(found)

    @cached_property
    def before_start(self) -> bool:
        """It speaks also before the first dose: "not taking it", or the next course is due."""
        not_taking = any(isinstance(part, Taking) and not part.wanted for part in self.parts)
        return not_taking or any(isinstance(part, Fact) and part.id == "course_due" for part in self.parts)

    def holds(self, view: View, use: MedicineUse | None = None, careful: bool = True) -> bool:
        """Whether its condition is true."""
        return self.condition.may_hold(view) and self.condition.holds(view, use, careful)


@dataclass
class Risk:
    """A risk (or common effect) of one medicine with its rules, signs and the window in which it can run."""

    id: str
    medicine: str
    data: dict[str, Any]
    rules: list[Rule]
    signs: frozenset[str]
    window: dict[str, Any] = field(default_factory=dict)
    effect: bool = False

    @cached_property
    def weight(self) -> int:
        return SERIOUSNESS.get(self.data.get("seriousness", ""), 0)

    @cached_property
    def mentions(self) -> frozenset[str]:
        """Ids of all that its rules ask about."""
        return frozenset().union(*(rule.mentions for rule in self.rules))

    @cached_property
    def milder_rules(self) -> list[Rule]:
        """Its rules below `same_day`."""
        return [rule for rule in self.rules if rank(rule.urgency) < rank("same_day")]


class RuleIndex:
    """Rules with their risk (None: of no medicine), found by what they cannot hold without."""

    def __init__(self, entries: Iterable[tuple[Rule, Risk | None]] = ()):
        self._entries = list(entries)
        self._always: set[int] = set()
        self._about: dict[str, set[int]] = defaultdict(set)
        for number, (rule, _) in enumerate(self._entries):
            needs = rule.condition.shortest_needs
            if not needs:
                self._always.add(number)
            for identifier in needs[0] if needs else ():
                self._about[identifier].add(number)

    def about(self, told: frozenset[str]) -> list[tuple[Rule, Risk | None]]:
        """In the order of the content, the rules that can hold when nothing else was told."""
        found = self._always.union(*(self._about[identifier] for identifier in self._about.keys() & told))
        return [self._entries[number] for number in sorted(found)]


class Knowledge:
    """Everything `assess` needs, from the data of one release (`schema.load` or the database give it)."""

    def __init__(self, data: dict[str, Any], release: str = "unreleased"):
        self.data = data
        self.release = release
        self.symptoms = {item["id"]: item for item in data["symptoms"]}
        self.facts = {item["id"]: item for item in data["facts"]}
        self.labs = {item["id"]: item for item in data["labs"]}
        self.red_flags = {item["id"]: item for item in data["red_flags"]}
        self.topics = {item["id"]: item for item in data["topics"]}
        self.medicines = {item["id"]: item for item in data["medicines"]}
        self.medicine_names = {item["id"]: item.get("name", item["id"]) for item in data["names"]}
        self.names = names_of(data)
        self.risks: dict[str, list[Risk]] = {item: list(self._risks_of(item)) for item in self.medicines}
        self.symptom_rules = self._by_subject("symptom", data["symptoms"])
        self.lab_rules = self._by_subject("lab", data["labs"])
        self.general_rules = list(self._general_rules())
        self.raising = self._index(lowering=False)
        self.lowering = self._index(lowering=True)
        self.flag_rules = {
            flag: [self._rule(rule, f"flag_{flag}.{n}", "red_flag", flag) for n, rule in enumerate(item.get("urgency_rules", []))]
            for flag, item in self.red_flags.items()
        }

    def _index(self, lowering: bool) -> dict[str, RuleIndex]:
        """Rules that explain a finding, or the others: by medicine, and under "" those of no medicine."""
        by_medicine = {
            medicine: RuleIndex((rule, risk) for risk in risks for rule in risk.rules if bool(rule.lowers) == lowering)
            for medicine, risks in self.risks.items()
        }
        return {**by_medicine, "": RuleIndex((rule, None) for rule in self.general_rules if bool(rule.lowers) == lowering)}

    def all_rules(self) -> Iterator[Rule]:
        """Every compiled rule of the release."""
        for risks in self.risks.values():
            for risk in risks:
                yield from risk.rules
        for rules in (*self.symptom_rules.values(), *self.lab_rules.values(), *self.flag_rules.values()):
            yield from rules
        yield from self.general_rules

    def risk(self, identifier: str) -> Risk | None:
        """The risk or effect with this id."""
        return self._risk_index.get(identifier)

    def _risks_of(self, medicine: str) -> Iterator[Risk]:
        item = self.medicines[medicine]
        for risk in item["risks"]:
            yield self._risk(risk, medicine, "medicine")
        for effect in item.get("common_effects", []):
            yield self._risk(effect, medicine, "effect")
        for section in ("pregnancy", "after_stopping"):
            block = item.get(section) or {}
            if block.get("rules"):
                yield self._risk(
                    {**block, "id": f"{medicine}_{section}", "name": _SECTION_NAMES[section], "lay_name": _SECTION_NAMES[section]},
                    medicine,
                    section,
                )

    def _risk(self, data: dict[str, Any], medicine: str, origin: str) -> Risk:
        shared = [
            {**rule, "id": f"{data['id']}.{rule['id']}"}
            for block in data.get("shared_rules", [])
            for rule in self.data["shared_rules"][block]["rules"]
        ]
        rules = [self._rule(rule, rule["id"], origin, data["id"]) for rule in (*shared, *data.get("rules", []))]
        risk = Risk(
            data["id"], medicine, data, rules, frozenset(data.get("signs", [])), data.get("window") or {}, effect=origin != "medicine"
        )
        self._risk_index[risk.id] = risk
        return risk

    @property
    def _risk_index(self) -> dict[str, Risk]:
        return self.__dict__.setdefault("_risks_by_id", {})

    def _by_subject(self, origin: str, items: list[dict[str, Any]]) -> dict[str, list[Rule]]:
        rules: dict[str, list[Rule]] = defaultdict(list)
        for item in items:
            for number, rule in _with_condition(item):
                identifier = rule.get("id", f"{item['id']}.{number}")
                rules[item["id"]].append(self._rule(rule, identifier, origin, item["id"], subject=item["id"]))
        return dict(rules)

    def _general_rules(self) -> Iterator[Rule]:
        for topic in self.data["topics"]:
            for number, rule in _with_condition(topic):
                yield self._rule(rule, rule.get("id", f"{topic['id']}.{number}"), "topic", topic["id"])
        for rule in self.data["person_rules"]:
            yield self._rule(rule, rule["id"], "person", rule["id"])

    def _rule(self, rule: dict[str, Any], identifier: str, origin: str, owner: str, subject: str | None = None) -> Rule:
        return Rule(
            id=identifier,
            text=rule["text"],
            urgency=rule["urgency"],
            data=rule,
            origin=origin,
            owner=owner,
            condition=compile_condition(rule["when"], self.names),
            lowers=frozenset(rule.get("lowers", [])),
            subject=subject,
            lowering=bool(rule.get("lowers")) or origin == "symptom" and rank(rule["urgency"]) < rank(self.symptoms[owner]["urgency"]),
        )


def _with_condition(item: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The rules of an item with their number, without those that another rule carries."""
    return [(number, rule) for number, rule in enumerate(item.get("rules", []), 1) if rule.get("when") is not None]


_SECTION_NAMES = {"pregnancy": "pregnancy and this medicine", "after_stopping": "after stopping this medicine"}


def names_of(data: dict[str, Any]) -> Names:
    """The ids that conditions may name, with the tree of symptoms laid flat."""
    symptoms = {item["id"]: item for item in data["symptoms"]}
    children: dict[str, list[str]] = defaultdict(list)
    for item in data["symptoms"]:
        if item.get("parent"):
            children[item["parent"]].append(item["id"])

    def descendants(identifier: str) -> set[str]:
        return {identifier}.union(*(descendants(child) for child in children[identifier]))

    return Names(
        symptoms=symptoms,
        descendants={identifier: frozenset(descendants(identifier)) for identifier in symptoms},
        facts={item["id"]: item for item in data["facts"]},
        labs={item["id"]: item for item in data["labs"]},
        symptom_groups=data["groups"]["symptoms"],
        medicine_groups=data["groups"]["medicines"],
        medicines=frozenset(item["id"] for item in data["medicines"]) | frozenset(item["id"] for item in data["names"]),
        red_flags=frozenset(item["id"] for item in data["red_flags"]),
    )
