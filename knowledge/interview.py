"""next_question(case, knowledge): the one question whose answer could still change the answer.

A candidate question comes from what a rule does not know yet. It is asked only if, of its possible answers, two lead
to a different urgency or leading risk: that is tried out with `assess`, so no question is asked in vain.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.case import DENIED, NO, PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.conditions import Leaf, View
from knowledge.release import Knowledge, Rule
from knowledge.triage import Assessment, assess, uses
from knowledge.urgency import rank

MOST_QUESTIONS = 5
MOST_SIGNS_IN_ONE = 5
YES_NO = ("Yes", "No", "Not sure")
BASICS = ("medicine", "noticed", "which_medicine", "unit", "doubt")


@dataclass(frozen=True)
class Question:
    """One question. `options` are button titles; a number or the words themselves pick one."""

    id: str
    text: str
    options: tuple[str, ...] = ()
    why: str = ""
    decides_emergency: bool = False
    about: tuple[str, ...] = field(default=())


def next_question(case: Case, knowledge: Knowledge) -> Question | None:
    """The next question to ask, or None when no answer could change the urgency or the leading risk."""
    for question in _basics(case, knowledge):
        if question.id not in case.asked:
            return question
    if len([item for item in case.asked if not item.startswith(BASICS)]) >= MOST_QUESTIONS:
        return None
    now = assess(case, knowledge)
    if now.urgency == "emergency":
        return None
    for question, answers in _candidates(case, knowledge, now):
        if question.id not in case.asked and _matters(case, knowledge, now, answers):
            return question
    return None


def question_by_id(identifier: str, case: Case, knowledge: Knowledge) -> Question | None:
    """The question with this id as it would be asked now; None for an id that is not a question's."""
    kind, _, rest = identifier.partition(":")
    makers = {
        "signs": lambda: _signs_question(rest.split("+"), knowledge, False),
        "quality": lambda: _quality_question(*rest.split("."), knowledge),
        "fact": lambda: _fact_question(rest, knowledge),
        "last_dose": lambda: _time_question("last_dose", rest, knowledge),
        "first_dose": lambda: _time_question("first_dose", rest, knowledge),
        "results": lambda: _result_question(rest, knowledge),
        "earlier_medicine": lambda: _earlier_question(),
    }
    if kind in makers:
        return makers[kind]()
    return next((question for question in _basics(case, knowledge, every=True) if question.id == identifier), None)


def _basics(case: Case, knowledge: Knowledge, every: bool = False) -> Iterator[Question]:
    for flag in case.red_flag_doubts:
        yield _doubt_question(flag, knowledge)
    for result in case.labs.values():
        if result.needs:
            yield _unit_question(result, knowledge)
    if every or (case.medicine_hints and not case.taken()):
        yield _which_medicine(case, knowledge)
    if every or not (case.taken() or case.unknown_medicines or case.no_medicine or case.medicine_hints):
        yield Question("medicine", "Which MS medicine do you take, or did you take last?",
                       ("I don't take one", "I'm not sure"),
                       "Each MS medicine has its own risks. Some can show up years later.")
    if every or not case.has_complaint():
        yield Question("noticed", "What have you noticed? It can be a symptom, a blood result or a worry.", (),
                       "I can only check what you tell me.")


def _doubt_question(flag: str, knowledge: Knowledge) -> Question:
    item = knowledge.red_flags[flag]
    text = item["ask_if_unclear"]["question"]
    return Question(f"doubt:{flag}", text, YES_NO, "It could be an emergency, so I want to be sure.", True, (flag,))


def _unit_question(result: LabResult, knowledge: Knowledge) -> Question:
    test = knowledge.labs[result.test]
    if result.needs == "unit":
        units = tuple(dict.fromkeys([test["canonical_unit"], *_common_units(test)]))[:4]
        return Question(f"unit:{result.test}", f"Which unit stands next to your {_lab_name(test)}?", (*units, "I'm not sure"),
                        "The same number means different things in different units.", about=(result.test,))
    return Question(f"unit:{result.test}", f"Please check your {_lab_name(test)}: is “{result.words}” right?",
                    ("Yes, that is right", "No", "I'm not sure"),
                    "The number looks unusual. A decimal point may be missing.", about=(result.test,))


def _common_units(test: dict) -> list[str]:
    names = [unit["unit"] if isinstance(unit, dict) else str(unit) for unit in test.get("units", [])]
    return [name for name in names if name != test["canonical_unit"]]


def _lab_name(test: dict) -> str:
    return test.get("lay_name") or test["name"][0].lower() + test["name"][1:]


def _which_medicine(case: Case, knowledge: Knowledge) -> Question:
    names = tuple(medicine_name(hint, knowledge) for hint in case.medicine_hints[:5])
    return Question("which_medicine", "Which of these is your medicine?", (*names, "None of these", "I'm not sure"),
                    "Medicines that sound alike can have different risks.")


def medicine_name(identifier: str, knowledge: Knowledge) -> str:
    """The name to show a patient for a medicine id."""
    return knowledge.medicine_names.get(identifier) or identifier.replace("_", " ")


# Candidate questions, most dangerous first


def _candidates(case: Case, knowledge: Knowledge, now: Assessment) -> Iterator[tuple[Question, list[Case]]]:
    view = View(case, knowledge.names)
    if now.must_deny:
        signs = now.must_deny[:MOST_SIGNS_IN_ONE]
        yield _signs_question(signs, knowledge, True), _sign_answers(case, signs)
    ranked = sorted(_open_rules(view, knowledge, now), key=lambda entry: entry[0], reverse=True)
    for level in ("emergency", "same_day", "soon"):
        if rank(level) <= rank(now.urgency):
            break
        yield from _at_level(level, ranked, view, knowledge)
    yield from _other_medicines(case, knowledge)


def _at_level(level, ranked, view: View, knowledge: Knowledge):
    signs: list[str] = []
    single: list[Leaf] = []
    for _, rule, use in ranked:
        if rule.urgency != level:
            continue
        unknown = list(rule.condition.unknown(view, use))
        for leaf in unknown:
            if leaf.kind == "symptom" and _completes(leaf, rule, view, use, knowledge) and leaf.id not in signs:
                signs.append(leaf.id)
            elif leaf.kind in ("qualifier", "fact", "time", "lab", "temperature") and leaf not in single:
                single.append(leaf)
    emergency = level == "emergency"
    signs = _without_narrower(signs, knowledge)
    for start in range(0, min(len(signs), 2 * MOST_SIGNS_IN_ONE), MOST_SIGNS_IN_ONE):
        chunk = signs[start : start + MOST_SIGNS_IN_ONE]
        yield _signs_question(chunk, knowledge, emergency), _sign_answers(view.case, chunk)
    for leaf in single:
        entry = _single(leaf, view, knowledge, emergency)
        if entry:
            yield entry


def _open_rules(view: View, knowledge: Knowledge, now: Assessment) -> Iterator[tuple[tuple, Rule, MedicineUse | None]]:
    """Rules that are not decided and touch what the person told, with a score: urgency, known evidence, seriousness."""
    found = set(view.present) | set(view.case.labs) | {name for name, value in view.case.facts.items() if value == YES}
    for use in view.case.taken():
        for risk in knowledge.risks.get(use.id, ()):
            touched = len(risk.signs & found) + sum(bool(rule.evidence_needed & found) for rule in risk.rules)
            if touched and uses(view.case, knowledge, risk):
                for rule in risk.rules:
                    if not rule.lowers and rule.condition.evaluate(view, use, True) is None:
                        yield (rank(rule.urgency), len(rule.evidence_needed & found), risk.weight, touched, rule.id), rule, use
    for identifier in view.present:
        for rule in knowledge.symptom_rules.get(identifier, ()):
            if rule.condition.evaluate(view, None, True) is None:
                yield (rank(rule.urgency), 1, 0, 1, rule.id), rule, None
    for test in view.case.labs:
        for rule in knowledge.lab_rules.get(test, ()):
            if not rule.lowers and rule.condition.evaluate(view, None, True) is None:
                yield (rank(rule.urgency), 1, 0, 1, rule.id), rule, None
    for rule in knowledge.general_rules:
        if not rule.lowers and rule.evidence_needed & found and rule.condition.evaluate(view, None, True) is None:
            yield (rank(rule.urgency), len(rule.evidence_needed & found), 0, 1, rule.id), rule, None


def _completes(leaf: Leaf, rule: Rule, view: View, use: MedicineUse | None, knowledge: Knowledge) -> bool:
    """Whether this sign alone would make the rule true."""
    trial = copy.copy(view)
    trial.present = {**view.present, leaf.id: {}}
    return bool(rule.condition.evaluate(trial, use, True))


def _without_narrower(signs: list[str], knowledge: Knowledge) -> list[str]:
    descendants = knowledge.names.descendants
    return [sign for sign in signs if not any(sign != other and sign in descendants[other] for other in signs)]


def _other_medicines(case: Case, knowledge: Knowledge):
    """Earlier medicines are asked about when a risk of theirs could still explain what the person noticed."""
    if "earlier_medicine" in case.asked or not case.taken():
        return
    found = {finding.id for finding in case.findings.values() if finding.status == PRESENT} | set(case.labs)
    trials = []
    for medicine, risks in knowledge.risks.items():
        window = knowledge.medicines[medicine].get("past_use_window") or knowledge.medicines[medicine].get("pulsed")
        if window and medicine not in case.medicines and any(risk.signs & found and risk.weight >= 2 for risk in risks):
            trial = copy.deepcopy(case)
            trial.medicines[medicine] = MedicineUse(medicine, "past")
            trials.append(trial)
    yield _earlier_question(), [case, *trials]


def _earlier_question() -> Question:
    return Question("earlier_medicine", "Did you take another MS medicine before, in the last few years? If so, which one and until when?",
                    ("No", "I'm not sure"), "Some risks of an earlier medicine still run after it is stopped.")


def _matters(case: Case, knowledge: Knowledge, now: Assessment, answers: list[Case]) -> bool:
    """Two answers lead to a different urgency or, for the same one, to another leading risk."""
    outcomes = set()
    for answer in answers:
        result = assess(answer, knowledge)
        outcomes.add((result.urgency, result.leading if rank(result.urgency) > rank(now.urgency) else None))
        if len(outcomes) > 1:
            return True
    return False


# The questions and the answers they can have


def _signs_question(signs: list[str], knowledge: Knowledge, emergency: bool) -> Question:
    names = [knowledge.symptoms[sign]["name"] for sign in signs if sign in knowledge.symptoms]
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
    options = (*YES_NO,) if len(names) == 1 else ("No, none of these", *[name[0].upper() + name[1:] for name in names], "Not sure")
    lead = "Do you also have " if len(names) == 1 else "Do you have any of these: "
    return Question("signs:" + "+".join(signs), f"{lead}{listed}?", options,
                    "These signs would make it more urgent.", emergency, tuple(signs))


def _sign_answers(case: Case, signs: list[str]) -> list[Case]:
    answers = [_with_findings(case, dict.fromkeys(signs, DENIED))]
    answers += [_with_findings(case, {sign: PRESENT}) for sign in signs]
    return answers


def _with_findings(case: Case, statuses: dict[str, str]) -> Case:
    trial = copy.copy(case)
    trial.findings = {**case.findings, **{name: Finding(name, status) for name, status in statuses.items()}}
    return trial


_QUALITY_TEXT = {
    "onset": "Did it come on suddenly, within seconds or minutes ({name})?",
    "severity": "How bad is it ({name})?",
    "trend": "Is it getting worse ({name})?",
    "pattern": "Is this new for you, or has it been the same for a long time ({name})?",
    "side": "Is it on one side or on both sides ({name})?",
    "duration": "How long have you had it ({name})?",
    "after_dose": "How long after your last dose did it start ({name})?",
}
_QUALITY_OPTIONS = {
    "onset": ("Suddenly", "Slowly", "Not sure"),
    "severity": ("Mild", "Moderate", "Severe", "Not sure"),
    "trend": ("Getting worse", "The same", "Getting better", "Not sure"),
    "pattern": ("New", "The same as usual", "Not sure"),
    "side": ("One side", "Both sides", "Not sure"),
    "duration": ("Less than a day", "A few days", "About 2 weeks", "Longer", "Not sure"),
    "after_dose": ("Within an hour", "Within a day", "Within 2 days", "Later", "Not sure"),
}
QUALITY_ANSWERS: dict[str, dict[str, str]] = {
    "onset": {"suddenly": "sudden", "slowly": "gradual"},
    "severity": {"mild": "mild", "moderate": "moderate", "severe": "severe"},
    "trend": {"getting worse": "worse", "the same": "same", "getting better": "better"},
    "pattern": {"new": "new", "the same as usual": "usual"},
    "side": {"one side": "one", "both sides": "both"},
    "duration": {"less than a day": "PT12H", "a few days": "P3D", "about 2 weeks": "P14D", "longer": "P30D"},
    "after_dose": {"within an hour": "PT1H", "within a day": "PT24H", "within 2 days": "PT48H", "later": "P7D"},
}


def _quality_question(symptom: str, attribute: str, knowledge: Knowledge, emergency: bool = False) -> Question:
    name = knowledge.symptoms[symptom]["name"]
    return Question(f"quality:{symptom}.{attribute}", _QUALITY_TEXT[attribute].format(name=name), _QUALITY_OPTIONS[attribute],
                    "How it started and how long it has lasted tells how urgent it is.", emergency, (symptom,))


def _fact_question(identifier: str, knowledge: Knowledge, emergency: bool = False) -> Question:
    fact = knowledge.facts[identifier]
    return Question(f"fact:{identifier}", fact["question"], YES_NO, fact.get("why", "It changes how urgent this is."), emergency,
                    (identifier,))


def _time_question(what: str, medicine: str, knowledge: Knowledge) -> Question:
    name = medicine_name(medicine, knowledge) if medicine else "your medicine"
    if what == "first_dose":
        return Question(f"first_dose:{medicine}", f"When was your first dose of {name}?", ("I'm not sure",),
                        "Some reactions come only after the first dose.", about=(medicine,))
    return Question(f"last_dose:{medicine}", f"When was your last dose or infusion of {name}?", ("I'm not sure",),
                    "Some risks run only for a certain time after a dose.", about=(medicine,))


def _result_question(test: str, knowledge: Knowledge) -> Question:
    name = _lab_name(knowledge.labs[test])
    return Question(f"results:{test}", f"Do you have a recent result for your {name}? If so, what is it?", ("No result", "I'm not sure"),
                    "This blood value can change how urgent it is.", about=(test,))


def _single(leaf: Leaf, view: View, knowledge: Knowledge, emergency: bool) -> tuple[Question, list[Case]] | None:
    case = view.case
    if leaf.kind == "qualifier":
        attribute = {"lasting_over": "duration", "lasting_under": "duration", "after_dose_within": "after_dose"}.get(leaf.detail, leaf.detail)
        return _quality_question(leaf.id, attribute, knowledge, emergency), _quality_answers(case, leaf.id, attribute)
    if leaf.kind == "fact":
        return _fact_question(leaf.id, knowledge, emergency), [_with_fact(case, leaf.id, value) for value in (YES, NO)]
    if leaf.kind == "time" and leaf.detail:
        what = "first_dose" if leaf.id in ("first_dose", "treatment") else "last_dose"
        attribute = "since_first_dose" if what == "first_dose" else "since_last_dose"
        answers = [_with_time(case, leaf.detail, attribute, length) for length in ("PT2H", "P20D", "P4M", "P10Y")]
        return _time_question(what, leaf.detail, knowledge), answers
    if leaf.kind == "temperature":
        return _signs_question(["fever"], knowledge, emergency), _sign_answers(case, ["fever"])
    if leaf.kind == "lab" and leaf.id in ("absolute_neutrophil_count", "platelets"):
        low = LabResult(leaf.id, 0.4 if leaf.id == "absolute_neutrophil_count" else 20.0)
        trial = copy.copy(case)
        trial.labs = {**case.labs, leaf.id: low}
        return _result_question(leaf.id, knowledge), [case, trial]
    return None


def _quality_answers(case: Case, symptom: str, attribute: str) -> list[Case]:
    answers = []
    for value in QUALITY_ANSWERS[attribute].values():
        trial = copy.copy(case)
        finding = case.findings.get(symptom) or Finding(symptom)
        trial.findings = {**case.findings, symptom: Finding(symptom, PRESENT, {**finding.attributes, attribute: value})}
        answers.append(trial)
    return answers


def _with_fact(case: Case, identifier: str, value: str) -> Case:
    trial = copy.copy(case)
    trial.facts = {**case.facts, identifier: value}
    return trial


def _with_time(case: Case, medicine: str, attribute: str, length: str) -> Case:
    trial = copy.deepcopy(case)
    setattr(trial.medicines[medicine], attribute, length)
    return trial
