"""Why the assistant answers as it does, for the people who review it: rules that fired or nearly did, part by part, and the
questions that were weighed. Pure, like what it explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.case import Case, MedicineUse
from knowledge.conditions import Combined, Condition, View
from knowledge.interview import Question, considered, waiting_rules
from knowledge.release import Knowledge, Rule
from knowledge.triage import Assessment, Match, assess
from knowledge.urgency import rank

MOST_NEAR = 8  # rules that nearly fired, best fitting first


@dataclass(frozen=True)
class Part:
    """A condition in words, whether it holds (None: not known), and what it is made of. `kind` is all, any, not, count or one.

    `assumed`: it is not known, and the more dangerous reading is taken.
    """

    words: str
    holds: bool | None
    kind: str = "one"
    parts: tuple[Part, ...] = ()
    assumed: bool = False


@dataclass(frozen=True)
class Reason:
    """One rule, or a finding's own level, and why it holds. `missing` names what is not known yet."""

    id: str
    text: str
    urgency: str
    about: str  # the risk, symptom or test it belongs to, in words
    rule: bool
    lowers: bool = False
    part: Part | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """All that is behind one answer."""

    assessment: Assessment
    held: str | None = None  # the level given before, where nothing else holds it up
    fired: list[Reason] = field(default_factory=list)
    near: list[Reason] = field(default_factory=list)
    questions: list[tuple[Question, str]] = field(default_factory=list)  # with the verdict: asked next, asked before, changes nothing


def explain(case: Case, knowledge: Knowledge) -> Explanation:
    """The reasons for the answer to this case."""
    view, now = View(case, knowledge.names), assess(case, knowledge)
    fired = [_reason(match, view, knowledge) for match in now.matches]
    held = case.floor if rank(case.floor) > max((rank(reason.urgency) for reason in fired), default=0) else None
    return Explanation(now, held, fired, list(_near(view, now, knowledge)), list(considered(case, knowledge)))


def tree(condition: Condition, view: View | None = None, use: MedicineUse | None = None, careful: bool = True) -> Part:
    """The condition part by part; without a `view` nothing is known."""
    holds = condition.evaluate(view, use, careful) if view is not None else None
    assumed = view is not None and holds is True and condition.evaluate(view, use, False) is None
    if not isinstance(condition, Combined):
        return Part(with_plain_lengths(condition.describe()), holds, assumed=assumed)
    inner = tuple(tree(part, view, use, careful and condition.kind != "not") for part in condition.parts)
    words = {"all": "all of", "any": "any of", "not": "not", "count": f"{condition.needed} or more of"}[condition.kind]
    return Part(words, holds, condition.kind, inner, assumed)


_LENGTH = re.compile(r"\bP(?:T(\d+)([HM])|(\d+)([DWMY]))\b")
_UNITS = {"TH": "hour", "TM": "minute", "D": "day", "W": "week", "M": "month", "Y": "year"}


def with_plain_lengths(text: str) -> str:
    """ISO 8601 lengths of time in a text as people say them: "within PT24H" becomes "within 24 hours"."""

    def words(found: re.Match[str]) -> str:
        number, unit = found[1] or found[3], f"T{found[2]}" if found[1] else found[4]
        return f"{number} {_UNITS[unit]}{'' if number == '1' else 's'}"

    return _LENGTH.sub(words, text)


def _reason(match: Match, view: View, knowledge: Knowledge) -> Reason:
    if match.rule is None:
        name = name_of(match.id.removeprefix("two_signs."), knowledge)
        text = "two moderate signs of one serious risk" if match.id.startswith("two_signs.") else "its own level"
        return Reason(match.id, text, match.urgency, name, rule=False)
    lowers = bool(match.rule.lowers)
    part = tree(match.rule.condition, view, match.use, careful=not lowers)
    return Reason(match.id, match.rule.text, match.urgency, owner_of(match.rule, knowledge), True, lowers, part)


def _near(view: View, now: Assessment, knowledge: Knowledge) -> Iterator[Reason]:
    """Rules above the present level that wait for something that is not known."""
    waiting = [entry for entry in waiting_rules(view, knowledge) if rank(entry.rule.urgency) > rank(now.urgency)]
    for entry in waiting[:MOST_NEAR]:
        rule, condition = entry.rule, entry.rule.condition
        missing = dict.fromkeys(f"{leaf.id} {leaf.detail}".strip().replace("_", " ") for leaf in condition.unknown(view, entry.use))
        part = tree(condition, view, entry.use)
        yield Reason(rule.id, rule.text, rule.urgency, owner_of(rule, knowledge), True, part=part, missing=tuple(missing))


def owner_of(rule: Rule, knowledge: Knowledge) -> str:
    """What the rule belongs to, in words."""
    return name_of(rule.owner, knowledge)


def name_of(identifier: str, knowledge: Knowledge) -> str:
    """A risk, symptom, test, topic, flag or medicine in words that staff use."""
    if risk := knowledge.risk(identifier):
        medicine = knowledge.medicine_names.get(risk.medicine, risk.medicine)
        return f"{medicine}: {risk.data.get('name') or risk.data.get('lay_name', identifier)}"
    for table in (knowledge.symptoms, knowledge.labs, knowledge.topics, knowledge.red_flags):
        if identifier in table:
            return str(table[identifier].get("name", identifier.replace("_", " ")))
    return knowledge.medicine_names.get(identifier) or identifier.replace("_", " ")
