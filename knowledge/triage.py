"""assess(case, knowledge) -> Assessment. Pure and deterministic: the same case and release give the same answer.

How an urgency comes about:
1. Everything that can raise it speaks: red flags, rules of each medicine whose window is open, each finding's and
   each result's own rules and default, rules about MS itself and about the whole person. The most urgent wins.
2. Only a rule that names what it explains (`lowers`) can lower that finding's own level, and only by explicit
   statements (docs/safety.md lists them all). It never silences a rule that rests on anything else.
3. What was not understood, or a medicine that is not known, means at least `routine`. `self_care` needs the more
   urgent findings of the leading risk to have been denied.
4. A level once given is the floor until an explicit correction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from knowledge.case import UNCLEAR, YES, Case, MedicineUse
from knowledge.conditions import Combined, Symptom, Takes, View
from knowledge.durations import days
from knowledge.release import Knowledge, Risk, Rule, RuleIndex
from knowledge.urgency import least_urgent, most_urgent, raised, rank

SLOW = 180  # days
DEFAULT_AFTER_STOPPING = "P6M"  # a risk without a stated window is looked at for half a year after stopping


# A finding -> the medicines that explain it (None: explained for all of them), each with the rank of the level they explain it at.
Explained = dict[str, dict[str | None, int]]


@dataclass(slots=True)
class Match:
    """One reason for the urgency: a rule that fired, or a finding's own default level."""

    id: str
    urgency: str
    evidence: frozenset[str]
    rule: Rule | None = None
    risk: Risk | None = None
    use: MedicineUse | None = None


@dataclass
class Assessment:
    """The result. `matches` are all reasons, most urgent first; `risks` the risks to show, leading one first."""

    urgency: str | None
    matches: list[Match] = field(default_factory=list)
    risks: list[tuple[Risk, list[Match]]] = field(default_factory=list)
    red_flags: list[str] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    must_deny: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def leading(self) -> str | None:
        return self.risks[0][0].id if self.risks else None


def assess(case: Case, knowledge: Knowledge) -> Assessment:
    """The urgency and its reasons for one case."""
    view = View(case, knowledge.names)
    explained, lowering = _explained(view, knowledge)
    matches = [match for match in _raising(view, knowledge) if not _explained_away(match, explained, view)]
    matches += _own_levels(view, knowledge, explained) + lowering
    matches += _together(view, matches, knowledge)
    urgency = most_urgent(*(match.urgency for match in matches))
    notes: list[str] = []
    urgency = _again_or_worse(view, urgency, notes)
    unknown = [*case.not_understood, *case.symptom_doubts.values(), *case.unknown_medicines]
    if unknown and rank(urgency) < rank("routine"):
        urgency = "routine"
    risks = _risks_to_show(view, knowledge, matches)
    must_deny = _must_deny(view, knowledge, matches, risks) if urgency == "self_care" else []
    if must_deny:
        urgency = "routine"
    urgency = most_urgent(urgency, case.floor)
    matches.sort(key=lambda match: (-rank(match.urgency), match.rule is None, match.id))
    in_content = list(knowledge.red_flags)
    flags = sorted(case.red_flags, key=lambda flag: (-rank(_flag_urgency(view, knowledge, flag)), in_content.index(flag)))
    return Assessment(urgency, matches, risks, flags, list(unknown), must_deny, notes)


def _explained_away(match: Match, explained: Explained, view: View) -> bool:
    """All that the reason rests on is explained as less urgent, for the medicine it is about. An emergency never is."""
    if not explained or not match.evidence or match.urgency == "emergency" or not match.evidence <= explained.keys():
        return False
    about = {match.use.id} if match.use else _medicines_named(match.rule, view)
    by = [{name for name, level in explained[item].items() if level < rank(match.urgency)} for item in match.evidence]
    return all(names and (None in names or about <= names) for names in by)


def _medicines_named(rule: Rule | None, view: View) -> set[str | None]:
    """The person's medicines that a rule of no medicine file rests on, such as "fever with any immune-depleting drug"."""
    taken = {use.id for use in view.case.taken()}
    return {item for part in (rule.parts if rule else ()) if isinstance(part, Takes) for item in part.medicines & taken}


def uses(case: Case, knowledge: Knowledge, risk: Risk) -> MedicineUse | None:
    """The person's use of the risk's medicine if this risk can run now, else None. An unknown time counts as open."""
    use = case.medicines.get(risk.medicine)
    if use is None or use.status not in ("current", "past"):
        return None
    return use if _window_open(use, risk, knowledge.medicines[risk.medicine]) else None


def _window_open(use: MedicineUse, risk: Risk, medicine: dict[str, Any]) -> bool:
    elapsed = use.since_stop if use.status == "past" and use.since_stop else use.since_last_dose
    if elapsed is None:
        return True
    after_stop, after_dose = risk.window.get("after_last_dose"), risk.window.get("onset_within")
    if use.status == "current" and not medicine.get("pulsed"):
        # A new dose opens the window anew; only a reaction bound to the dose itself (no `after_last_dose`) runs out.
        return after_stop is not None or after_dose is None or days(elapsed) <= days(after_dose)
    if after_stop is None and after_dose is None:
        if medicine.get("pulsed"):
            return True
        after_stop = medicine.get("past_use_window") or DEFAULT_AFTER_STOPPING
    return days(elapsed) <= max(days(limit) for limit in (after_stop, after_dose) if limit)


def _raising(view: View, knowledge: Knowledge) -> list[Match]:
    flags = view.case.red_flags
    matches = [Match(flag, _flag_urgency(view, knowledge, flag), frozenset((flag,))) for flag in sorted(flags)]
    running = _running(view, knowledge, knowledge.raising)
    return matches + [_match(rule, view, use, risk) for rule, use, risk in running if rule.holds(view, use)]


def _running(view: View, knowledge: Knowledge, index: dict[str, RuleIndex]) -> Iterator[tuple[Rule, MedicineUse | None, Risk | None]]:
    """The rules that can hold: of the person's medicines whose risk can run now, before a first dose, and those of no medicine."""
    planned = [use for use in view.case.medicines.values() if use.status == "planned"]
    for use in [*(view.case.assumed() if index is knowledge.raising else view.case.taken()), *planned]:
        for rule, risk in index[use.id].about(view.told) if use.id in index else ():
            if rule.before_start if use.status == "planned" else _window_open(use, risk, knowledge.medicines[use.id]):
                yield rule, use, risk
    for rule, _ in index[""].about(view.told):
        yield rule, None, None


def _match(rule: Rule, view: View, use: MedicineUse | None, risk: Risk | None) -> Match:
    return Match(rule.id, rule.urgency, frozenset(rule.condition.evidence(view, use)), rule, risk, use)


def _flag_urgency(view: View, knowledge: Knowledge, flag: str) -> str:
    """A flag's own level; its urgency rules may raise it, and lower it only from an explicit statement."""
    own = view.case.red_flags[flag] or knowledge.red_flags[flag]["urgency"]  # the words may say "over days": same_day
    fired = [rule.urgency for rule in knowledge.flag_rules[flag] if rule.holds(view, careful=rank(rule.urgency) >= rank(own))]
    return most_urgent(*fired) or own


def _lowering_rules(view: View, knowledge: Knowledge):
    yield from _running(view, knowledge, knowledge.lowering)
    for identifier in view.present:
        yield from ((rule, None, None) for rule in knowledge.symptom_rules.get(identifier, ()) if rule.lowering)
    for test in view.case.labs:
        yield from ((rule, None, None) for rule in knowledge.lab_rules.get(test, ()) if rule.lowers)


def _explained(view: View, knowledge: Knowledge) -> tuple[Explained, list[Match]]:
    """The findings that a lowering rule explains, each with the medicines that explain it, and the matches of those rules.

    A finding is explained only if the rule holds without the other findings: one more finding never explains another.
    """
    explained: Explained = {}
    matches = []
    for rule, use, risk in _lowering_rules(view, knowledge):
        if rule.holds(view, use, careful=False):
            names = rule.lowers or frozenset((rule.subject or "",))
            names -= _other_results(rule, view, use, knowledge)
            for name in names:
                forms = _no_worse_forms(name, knowledge)
                if rule.holds(view.with_only(forms), use, careful=False):
                    for form, medicine in product(forms, {use.id} if use else _medicines_named(rule, view) or {None}):
                        levels = explained.setdefault(form, {})
                        levels[medicine] = max(rank(rule.urgency), levels.get(medicine, 0))
            matches.append(Match(rule.id, rule.urgency, names, rule, risk, use))
    return explained, matches


def _other_results(rule: Rule, view: View, use: MedicineUse | None, knowledge: Knowledge) -> frozenset[str]:
    """Results that the rule speaks about but did not rest on this time: a mildly raised AST does not explain the ALT."""
    results = frozenset(leaf.id for leaf in rule.condition.leaves() if leaf.kind == "lab")
    return results - frozenset(rule.condition.evidence(view, use))


def _no_worse_forms(name: str, knowledge: Knowledge) -> set[str]:
    """What is named, and its narrower forms that are not more urgent by themselves: chills do not explain rigors."""
    own = knowledge.symptoms.get(name)
    if own is None:
        return {name}
    narrower = knowledge.names.descendants[name]
    return {item for item in narrower if rank(knowledge.symptoms[item]["urgency"]) <= rank(own["urgency"])}


def _own_levels(view: View, knowledge: Knowledge, explained: Explained) -> list[Match]:
    """Each finding's and each result's own level where nothing explains it."""
    matches = []
    for identifier in sorted(view.present):
        symptom = knowledge.symptoms.get(identifier)
        if symptom is None:
            continue
        fired = [
            rule
            for rule in _rules_of_symptom(identifier, knowledge)
            if not rule.lowering and rule.holds(view)
        ]
        own = [Match(rule.id, rule.urgency, frozenset(rule.condition.evidence(view, None)) | {identifier}, rule) for rule in fired]
        matches += [match for match in own if not _explained_away(match, explained, view)]
        if identifier not in explained:
            level = least_urgent(symptom["urgency"], "routine") if identifier in view.usual else symptom["urgency"]
            matches.append(Match(identifier, level, frozenset((identifier,))))
    for test in sorted(view.case.labs):
        rules = [rule for rule in knowledge.lab_rules.get(test, ()) if not rule.lowers and rule.holds(view)]
        kept = [rule for rule in rules if not (test in explained and frozenset(rule.condition.evidence(view, None)) <= explained.keys())]
        matches += [Match(rule.id, rule.urgency, frozenset(rule.condition.evidence(view, None)) | {test}, rule) for rule in kept]
        if not rules and test not in explained:
            matches.append(Match(test, "routine", frozenset((test,))))
    return matches


def _rules_of_symptom(identifier: str, knowledge: Knowledge) -> list[Rule]:
    """The symptom's own rules and those of the broader symptoms it belongs to."""
    rules = list(knowledge.symptom_rules.get(identifier, ()))
    parent = knowledge.symptoms[identifier].get("parent")
    return rules + _rules_of_symptom(parent, knowledge) if parent else rules


def _together(view: View, matches: list[Match], knowledge: Knowledge) -> list[Match]:
    """Two findings at `soon` that are both signs of one serious risk of the person's medicine make it `same_day`."""
    moderate = {item for match in matches if match.urgency == "soon" for item in match.evidence}
    found: list[Match] = []
    for use in view.case.taken() if len(moderate) > 1 else ():
        for risk in knowledge.risks.get(use.id, ()):
            shared = risk.signs & moderate if risk.weight >= 2 else frozenset()
            if len(shared) > 1 and _unrelated(shared, risk, knowledge) and _window_open(use, risk, knowledge.medicines[use.id]):
                found.append(Match(f"two_signs.{risk.id}", "same_day", shared, None, risk, use))
    return found


def _unrelated(findings: frozenset[str], risk: Risk, knowledge: Knowledge) -> bool:
    """Whether two of the findings are separate signs: neither is a form of the other, and no rule of the risk already
    gives both together a level below `same_day` ("numbness, tingling or burning: soon")."""
    descendants = knowledge.names.descendants

    def joined(one: str, other: str) -> bool:
        forms = one in descendants.get(other, ()) or other in descendants.get(one, ())
        return forms or any({one, other} <= rule.mentions for rule in risk.milder_rules)

    return any(not joined(one, other) for one, other in combinations(sorted(findings), 2))


def _slow(told: dict[str, str]) -> bool:
    """Told as gradual, over half a year or more."""
    lasting = told.get("duration")
    return told.get("onset") == "gradual" and lasting not in (None, UNCLEAR) and days(lasting) >= SLOW


def _again_or_worse(view: View, urgency: str | None, notes: list[str]) -> str | None:
    creeping = "gradual_ms_progression" in view.present  # that it gets slowly worse is what it is
    worse = any(told.get("trend") == "worse" and name != "gradual_ms_progression" and not (creeping and _slow(told))
                for name, told in view.present.items())
    if urgency and worse and rank(urgency) < rank("same_day"):
        notes.append("worse")
        urgency = raised(urgency)
    if urgency and view.case.contact_again and rank(urgency) < rank("same_day"):
        notes.append("again")
        urgency = raised(urgency)
    return urgency


def _risks_to_show(view: View, knowledge: Knowledge, matches: list[Match]) -> list[tuple[Risk, list[Match]]]:
    """Risks with a rule that fired, then risks and effects that list a present finding as a sign; most urgent and specific first."""
    by_risk: dict[str, tuple[Risk, list[Match]]] = {}
    for match in matches:
        if match.risk is not None:
            by_risk.setdefault(match.risk.id, (match.risk, []))[1].append(match)
    found = set(view.present) | set(view.case.labs) | set(view.case.red_flags)
    results = {item for match in matches if rank(match.urgency) > rank("self_care") for item in match.evidence & set(view.case.labs)}
    for use in view.case.taken():
        for risk in knowledge.risks.get(use.id, ()):
            fits = not (risk.signs.isdisjoint(found) and risk.mentions.isdisjoint(results))
            if fits and risk.id not in by_risk and _window_open(use, risk, knowledge.medicines[use.id]):
                by_risk[risk.id] = (risk, [])

    def order(entry: tuple[Risk, list[Match]]):
        risk, fired = entry
        strongest = max((rank(match.urgency) for match in fired), default=0)
        evidence = {item for match in fired for item in match.evidence}
        # Strongest first; then what explains more of the story, the more serious, the higher share of its signs, the present medicine.
        explains = evidence | (risk.signs & found)
        share = len(explains) / (len(risk.signs | evidence) or 1)
        current = risk.medicine in view.case.medicines and view.case.medicines[risk.medicine].status == "current"
        return (-strongest, risk.effect, -len(explains), -risk.weight, -share, not current, risk.id)

    return sorted(by_risk.values(), key=order)


def _must_deny(view: View, knowledge: Knowledge, matches: list[Match], risks) -> list[str]:
    """The danger signs of what leads here that have not been denied yet: `self_care` waits for them."""
    if view.case.facts.get("otherwise_well") == YES:
        return []
    open_signs: list[str] = []
    for rule in danger_rules(view, knowledge, matches, risks):
        for part in alternatives(rule):
            known = part.id in view.denied or view.symptom(part.id) if isinstance(part, Symptom) else True
            if not known and not part.qualifiers and part.id not in open_signs:
                open_signs.append(part.id)
    return open_signs


def danger_rules(view: View, knowledge: Knowledge, matches: list[Match], risks) -> list[Rule]:
    """Rules of emergency level of the risks that fired, the leading one first; without one, of the findings themselves."""
    fired = {match.risk.id for match in matches if match.risk is not None}
    leading = [risk for risk, _ in risks if risk.id in fired]
    rules = [rule for risk in leading for rule in risk.rules]
    if not leading:
        rules = [rule for identifier in sorted(view.present) for rule in knowledge.symptom_rules.get(identifier, ())]
    return [rule for rule in rules if rule.urgency == "emergency"]


def alternatives(rule: Rule):
    """The single findings each of which would complete the rule, given that its subject is present."""
    pending = [rule.condition]
    while pending:
        part = pending.pop(0)
        if isinstance(part, Combined) and part.kind in ("any", "all"):
            pending = part.parts + pending
        else:
            yield part
