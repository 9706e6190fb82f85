"""Over all medicines: what a rule still needs to know is asked when it could raise the urgency, and nothing is asked in vain.

`never_asked.txt` names the rules whose open conditions no conversation of this kind asks for, with why. It may only shrink.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversing import world

from knowledge import schema
from knowledge.case import Case, Finding, LabResult, MedicineUse
from knowledge.conditions import Leaf, View
from knowledge.intake import take_in
from knowledge.interview import BASICS, Question, next_question
from knowledge.release import Knowledge, Rule
from knowledge.triage import assess
from knowledge.urgency import rank

NEVER_ASKED = {line.split()[0] for line in Path(__file__).with_name("never_asked.txt").read_text().splitlines()
               if line and not line.startswith("#")}
HARMLESS = {"onset": "slowly", "severity": "mild", "trend": "the same", "pattern": "new", "side": "both sides", "duration": "a few days",
            "after_dose": "later"}
TIMES = ("2 hours ago", "3 weeks ago", "4 months ago", "10 years ago")


def knowledge() -> Knowledge:
    return world()[1].knowledge


def begin(medicine: str, symptom: str) -> Case:
    """Who takes this and has noticed that, and has told no more."""
    return Case(medicines={medicine: MedicineUse(medicine)}, findings={symptom: Finding(symptom)})


def answered(case: Case, question: Question, text: str) -> Case:
    after = copy.deepcopy(case)
    if question.id.startswith("results:"):
        after.labs[question.about[0]] = LabResult(question.about[0], 0.1)
    take_in(after, [], text, question, knowledge(), world()[1].today)
    return after


def harmless(question: Question) -> str:
    """The answer of somebody who has nothing more."""
    kind, _, rest = question.id.partition(":")
    return HARMLESS[rest.partition(".")[2]] if kind == "quality" else TIMES[2] if kind in ("last_dose", "first_dose") else "no"


def interview(medicine: str, symptom: str) -> Iterator[tuple[Case, Question]]:
    """Each question with the case in which it is asked, all answered harmlessly."""
    case = begin(medicine, symptom)
    while (question := next_question(case, knowledge())) is not None:
        yield case, question
        kept = case.labs
        case = answered(case, question, harmless(question))
        case.labs = kept
        case.asked.append(question.id)
        assert len(case.asked) <= 5


def matters(case: Case, question: Question) -> bool:
    """Two answers lead to another urgency, or to another leading risk."""
    typed = {"temperature": ("38.2", "39.6"), "last_dose": TIMES, "first_dose": TIMES}
    said = typed.get(question.id.partition(":")[0], question.options)
    if question.id == "earlier_medicine" or question.lowers:
        return True  # tried by `next_question` with all other medicines, or together with the other facts that lower it
    results = [assess(answered(case, question, text), knowledge()) for text in said]
    results.append(assess(case, knowledge()))
    return len({(result.urgency, result.leading) for result in results}) > 1


def raises(case: Case, leaf: Leaf) -> bool:
    """Whether knowing this alone would make it more urgent."""
    more = copy.deepcopy(case)
    if leaf.kind == "symptom":
        more.findings[leaf.id] = Finding(leaf.id)
    elif leaf.kind == "fact":
        more.facts[leaf.id] = leaf.detail
    else:
        return False
    return rank(assess(more, knowledge()).urgency) > rank(assess(case, knowledge()).urgency)


def starts(rule: Rule, medicine: str) -> Iterator[tuple[str, set[str]]]:
    """Each symptom that leaves the rule open, with what is then open of it, if any of that could raise the urgency."""
    for symptom in sorted({leaf.id for leaf in rule.condition.leaves() if leaf.kind == "symptom"}):
        case = begin(medicine, symptom)
        view, use = View(case, knowledge().names), case.medicines[medicine]
        if rule.condition.evaluate(view, use, True) is None:
            leaves = list(rule.condition.unknown(view, use))
            if any(raises(case, leaf) for leaf in leaves):
                yield symptom, {medicine if leaf.kind == "time" else leaf.id for leaf in leaves}


@pytest.mark.parametrize("medicine", sorted(path.stem for path in (schema.CONTENT / "medicines").glob("*.yml")))
def test_what_a_rule_needs_is_asked_and_nothing_in_vain(medicine: str) -> None:
    asked: dict[str, set[str]] = {}

    def about(symptom: str) -> set[str]:
        if symptom not in asked:
            questions = list(interview(medicine, symptom))
            vain = [question.id for case, question in questions if not question.id.startswith(BASICS) and not matters(case, question)]
            assert not vain, f"{symptom} on {medicine}: {vain}"
            asked[symptom] = {item for _, question in questions for item in question.about}
        return asked[symptom]

    risks = knowledge().risks[medicine]
    missed = set()
    for risk in risks:
        for rule in risk.rules:
            opened = [] if rule.lowers else list(starts(rule, medicine))
            if opened and not any(wanted & about(symptom) for symptom, wanted in opened):
                missed.add(rule.id)
    known = {rule for rule in NEVER_ASKED if any(rule in {item.id for item in risk.rules} for risk in risks)}
    assert missed == known, f"never asked, and not listed: {missed - known}; listed, and asked: {known - missed}"
