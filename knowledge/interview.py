"""next_question(case, knowledge): the one question whose answer could still change the answer.

A candidate question comes from what a rule does not know yet. It is asked only if, of its possible answers, two lead
to a different urgency or leading risk: that is tried out with `assess`, so no question is asked in vain.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from knowledge.case import DENIED, NO, PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.conditions import Leaf, View
from knowledge.release import Knowledge, Rule
from knowledge.triage import Assessment, assess, uses
from knowledge.urgency import rank

MOST_QUESTIONS = 5
USUAL_QUESTIONS = 3  # beyond these only a question that decides an emergency is worth a tired person's effort
MOST_SIGNS_IN_ONE = 5
PLAUSIBLE = 1.0  # what is told, or the content's own `ask` list, speaks for the question
YES_NO = ("Yes", "No", "Not sure")
CAN_OR_NOT = ("Yes, I can", "No, I cannot", "Not sure")  # after a list of dangers "no" is soon said once too often
YES_OR_NO = ("danger", "signs", "fact", "doubt", "meant")  # kinds of questions that a bare no answers
BASICS = ("medicine", "noticed", "which_medicine", "unit", "doubt", "meant")


@dataclass(frozen=True)
class Question:
    """One question. `options` are button titles; a number or the words themselves pick one."""

    id: str
    text: str
    options: tuple[str, ...] = ()
    why: str = ""
    decides_emergency: bool = False
    about: tuple[str, ...] = field(default=())
    items: tuple[tuple[str, ...], ...] = ()  # the signs behind each option of a list
    lowers: bool = False  # an answer could make it less urgent


def next_question(case: Case, knowledge: Knowledge, now: Assessment | None = None) -> Question | None:
    """The next question to ask, or None when no answer could change the urgency or the leading risk.

    `now` is the case's assessment where it is known already.
    """
    for question in _basics(case, knowledge):
        if question.id not in case.asked:
            return question
    left = _questions_left(case)
    now = now or assess(case, knowledge)
    if not left or now.urgency == "emergency":
        return None
    for question, answers in _candidates(case, knowledge, now):
        if question.id in case.asked:
            continue
        worth_it = question.decides_emergency or question.lowers or left > MOST_QUESTIONS - USUAL_QUESTIONS
        if worth_it and _matters(now, (assess(answer, knowledge) for answer in answers)):
            return question
    return None


def _questions_left(case: Case) -> int:
    return max(0, MOST_QUESTIONS - len([item for item in case.asked if not item.startswith(BASICS)]))


def question_by_id(identifier: str, case: Case, knowledge: Knowledge) -> Question | None:
    """The question with this id as it would be asked now; None for an id that is not a question's."""
    kind, _, rest = identifier.partition(":")
    makers = {
        "signs": lambda: _signs_question(rest.split("+"), case, knowledge, False),
        "danger": lambda: _signs_question(rest.split("+"), case, knowledge, True),
        "quality": lambda: _quality_question(*rest.split("."), case, knowledge),
        "fact": lambda: _fact_question(rest, case, knowledge),
        "last_dose": lambda: _time_question("last_dose", rest, knowledge),
        "temperature": lambda: _temperature_question(),
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
    for symptom, words in case.symptom_doubts.items():
        yield _meant_question(symptom, words, knowledge)
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


def _meant_question(symptom: str, words: str, knowledge: Knowledge) -> Question:
    name = knowledge.symptoms[symptom]["name"]
    text = f"You wrote “{words}”. Do you mean this: {name}?"
    return Question(f"meant:{symptom}", text, YES_NO, "It could be an emergency, so I want to be sure.", True, (symptom,))


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
    return test["lay_names"][0]


def _which_medicine(case: Case, knowledge: Knowledge) -> Question:
    names = tuple(medicine_name(hint, knowledge) for hint in case.medicine_hints[:5])
    if len(names) == 1:
        return Question("which_medicine", f"Do you mean {names[0]}?", YES_NO, "Medicines that sound alike can have different risks.")
    return Question("which_medicine", "Which of these is your medicine?", (*names, "None of these", "I'm not sure"),
                    "Medicines that sound alike can have different risks.")


def medicine_name(identifier: str, knowledge: Knowledge) -> str:
    """The name to show a patient for a medicine id."""
    return knowledge.medicine_names.get(identifier) or identifier.replace("_", " ")


# Candidate questions: most dangerous first, and of those the most plausible for what the person told

Candidate = tuple[Question, list[Case]]


@dataclass(frozen=True)
class OpenRule:
    """A rule that is not decided yet. `weight` tells how well what is known fits it: 0 not at all, 2 and more well."""

    rule: Rule
    use: MedicineUse | None
    weight: float


def _candidates(case: Case, knowledge: Knowledge, now: Assessment) -> Iterator[Candidate]:
    view = View(case, knowledge.names)
    opened = sorted(_open_rules(view, knowledge), key=lambda entry: (-entry.weight, entry.rule.id))
    explained = now.urgency == "self_care" and any(match.rule is not None and match.rule.lowers for match in now.matches)
    for level in ("emergency",) if explained else ("emergency", "same_day", "soon"):  # what is explained needs its dangers denied, no more
        if rank(level) <= rank(now.urgency):
            break
        yield from _at_level(level, [entry for entry in opened if entry.rule.urgency == level], view, knowledge, now.must_deny)
        if level == "emergency":
            yield from lowering_questions(case, knowledge, now)
    yield from _times(now, case, knowledge)
    for leaf in _single_leaves(opened, ("lab",), view):
        yield from _ask_result(leaf, case, knowledge)
    yield from _other_medicines(case, knowledge)


def lowering_questions(case: Case, knowledge: Knowledge, now: Assessment) -> Iterator[Candidate]:
    """What is still open of a rule that would make it less urgent, such as a fever the night after an injection."""
    view = View(case, knowledge.names)
    for use in case.taken():
        for risk in knowledge.risks.get(use.id, ()):
            for rule in risk.rules if uses(case, knowledge, risk) else ():
                if rule.lowers & view.present.keys() and rank(rule.urgency) < rank(now.urgency):
                    yield from _to_lower(rule, use, view, knowledge)


def _to_lower(rule: Rule, use: MedicineUse, view: View, knowledge: Knowledge) -> Iterator[Candidate]:
    """The first open fact of a lowering rule, if the rule would hold once all that is open were answered in its favour."""
    if rule.condition.evaluate(view, use, False) is not None:
        return
    unknown = list(dict.fromkeys(rule.condition.unknown(view, use)))
    leaves = [leaf for leaf in unknown if leaf.kind in ("fact", "time", "symptom") or leaf.detail == "after_dose_within"]
    facts = [leaf for leaf in leaves if leaf.kind == "fact"]
    favourable = copy.deepcopy(view.case)
    for leaf in leaves:
        if leaf.kind == "fact":
            favourable.facts[leaf.id] = leaf.detail
        elif leaf.kind == "time" and leaf.id == "last_dose":
            favourable.medicines[use.id].since_last_dose = "PT6H"
        elif leaf.kind == "symptom" and leaf.id not in view.present:
            favourable.findings[leaf.id] = Finding(leaf.id, DENIED)
        elif leaf.kind == "qualifier" and leaf.id in view.present:  # a fever may be known by its temperature alone
            finding = favourable.findings.setdefault(leaf.id, Finding(leaf.id, PRESENT))
            finding.attributes = {**finding.attributes, "after_dose": "PT1H"}
    if not rule.condition.evaluate(View(favourable, knowledge.names), favourable.medicines[use.id], False):
        return
    outcomes = [favourable, view.case]
    started = [leaf for leaf in leaves if leaf.kind == "qualifier" and leaf.id in view.present]
    if started:
        yield replace(_quality_question(started[0].id, "after_dose", view.case, knowledge), lowers=True), outcomes
    elif any(leaf.kind == "time" and leaf.id == "last_dose" for leaf in leaves):
        yield replace(_time_question("last_dose", use.id, knowledge), lowers=True), outcomes
    for leaf in facts:
        yield replace(_fact_question(leaf.id, view.case, knowledge), lowers=True), outcomes
    signs = _at_most_five([leaf.id for leaf in leaves if leaf.kind == "symptom" and leaf.id not in view.present], knowledge)
    if signs:
        yield replace(_signs_question(signs, view.case, knowledge, False), lowers=True), outcomes


def could_be_lowered(case: Case, knowledge: Knowledge, now: Assessment, following: Question) -> bool:
    """Whether an open question could still make the answer less urgent: then the level is not given out yet.

    `following` is what `next_question` chose: only behind a question about danger is there one it has not tried already.
    """
    if following.lowers or not following.decides_emergency:
        return following.lowers
    return any(
        question.id not in case.asked and _matters(now, (assess(answer, knowledge) for answer in answers))
        for question, answers in lowering_questions(case, knowledge, now)
    )


def _at_level(level: str, opened: list[OpenRule], view: View, knowledge: Knowledge, must_deny: list[str]) -> Iterator[Candidate]:
    """The signs of one level in one question, then single facts of the rules that fit. Signs are asked about twice at most:
    the dangerous ones, and the others."""
    danger = level == "emergency"
    asked_before = any(item.startswith("danger:" if danger else "signs:") for item in view.case.asked)
    signs = [] if asked_before else _plausible_signs(opened, view, knowledge)
    signs = _at_most_five(list(dict.fromkeys([*must_deny, *signs])) if danger else signs, knowledge)
    if signs:
        yield _signs_question(signs, view.case, knowledge, danger), _sign_answers(view.case, signs)
    for leaf in _single_leaves(opened, tuple(_SINGLE), view):
        yield from _SINGLE[leaf.kind](leaf, view.case, knowledge)


def _single_leaves(opened: list[OpenRule], kinds: tuple[str, ...], view: View) -> list[Leaf]:
    """What the fitting rules still do not know, of these kinds, each once."""
    fitting = [entry for entry in opened if entry.weight >= PLAUSIBLE]
    leaves = (leaf for entry in fitting for leaf in entry.rule.condition.unknown(view, entry.use))
    return list(dict.fromkeys(leaf for leaf in leaves if leaf.kind in kinds))


def _times(now: Assessment, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    """The time of a dose, where the present urgency only assumes it."""
    for match in now.matches:
        if match.rule is not None and match.use is not None and match.urgency == now.urgency:
            for leaf in match.rule.condition.unknown(View(case, knowledge.names), match.use):
                if leaf.kind == "time":
                    yield from _ask_time(leaf, case, knowledge)


def _plausible_signs(opened: list[OpenRule], view: View, knowledge: Knowledge) -> list[str]:
    """Signs each of which alone would complete a rule, best fitting first."""
    expected = _asked_with(view, knowledge)
    weights: dict[str, float] = {}
    for entry in opened:
        for leaf in entry.rule.condition.unknown(view, entry.use):
            if leaf.kind == "symptom" and _completes(leaf, entry, view):
                weights[leaf.id] = weights.get(leaf.id, PLAUSIBLE * (leaf.id in expected)) + entry.weight
    fitting = [sign for sign in weights if weights[sign] >= PLAUSIBLE and _can_have(sign, view.case, knowledge)]
    return _without_narrower(sorted(fitting, key=lambda sign: (-weights[sign], sign)), knowledge)


def _can_have(sign: str, case: Case, knowledge: Knowledge) -> bool:
    """What a person can say yes or no to; who takes tablets is not asked about injection sites."""
    if sign in knowledge.names.symptom_groups["not_asked"]:
        return False
    routes = [str(knowledge.medicines[use.id].get("route", "")) for use in case.taken() if use.id in knowledge.medicines]
    return not sign.startswith("injection_site") or any("inject" in route or "subcut" in route for route in routes)


def _asked_with(view: View, knowledge: Knowledge) -> set[str]:
    """What the content names as worth asking beside the present findings, in broader and narrower forms."""
    named = {item for found in view.present for item in knowledge.symptoms.get(found, {}).get("ask", ())}
    descendants = knowledge.names.descendants
    return {name for item in named for name in descendants.get(item, ())}


def _open_rules(view: View, knowledge: Knowledge) -> Iterator[OpenRule]:
    """Rules that are not decided and have to do with what the person told."""
    found = set(view.present) | set(view.case.labs) | {name for name, value in view.case.facts.items() if value == YES}
    for use in view.case.taken():
        for risk in knowledge.risks.get(use.id, ()):
            shown = len(risk.signs & found)
            share = (0.5 + 0.5 * risk.weight) * shown / max(len(risk.signs), 3)
            if uses(view.case, knowledge, risk):
                yield from _undecided(risk.rules, view, use, found, share)
    for identifier in view.present:
        yield from _undecided(knowledge.symptom_rules.get(identifier, ()), view, None, found | {identifier}, 0.5)
    for test in view.case.labs:
        yield from _undecided(knowledge.lab_rules.get(test, ()), view, None, found | {test}, 0.5)
    yield from _undecided([rule for rule in knowledge.general_rules if rule.mentions & found], view, None, found, 0.0)


def _undecided(rules: Iterable[Rule], view: View, use: MedicineUse | None, found: set[str], base: float) -> Iterator[OpenRule]:
    vague = set(view.names.symptom_groups["says_little"])
    for rule in rules:
        evidence = rule.mentions & found
        weight = base + (0.0 if not evidence else PLAUSIBLE / 2 if evidence <= vague else PLAUSIBLE)
        if weight and not rule.lowers and rule.condition.evaluate(view, use, True) is None:
            yield OpenRule(rule, use, weight)


def _completes(leaf: Leaf, entry: OpenRule, view: View) -> bool:
    """Whether this sign alone would make the rule true."""
    return entry.rule.holds(view.with_finding(leaf.id), entry.use)


def _without_narrower(signs: list[str], knowledge: Knowledge) -> list[str]:
    descendants = knowledge.names.descendants
    return [sign for sign in signs if not any(sign != other and sign in descendants[other] for other in signs)]


def _other_medicines(case: Case, knowledge: Knowledge):
    """Earlier medicines are asked about when a risk of theirs could still explain what the person noticed."""
    if "earlier_medicine" in case.asked or not case.taken() or any(use.status == "past" for use in case.medicines.values()):
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


def _matters(now: Assessment, outcomes: Iterable[Assessment]) -> bool:
    """Two answers lead to a different urgency or, above the present one, to another leading risk. Stops at the second."""
    seen = set()
    for result in outcomes:
        seen.add((result.urgency, result.leading if rank(result.urgency) > rank(now.urgency) else None))
        if len(seen) > 1:
            return True
    return False


# What staff see of the choice

MOST_SHOWN = 8


def considered(case: Case, knowledge: Knowledge) -> Iterator[tuple[Question, str]]:
    """The questions that were weighed, most dangerous first, each with the verdict: next, later, asked before, changes nothing."""
    chosen = next_question(case, knowledge)
    if chosen is not None:
        yield chosen, "next"
    now = assess(case, knowledge)
    if now.urgency == "emergency":
        return
    seen = {chosen.id} if chosen else set()
    for question, answers in _candidates(case, knowledge, now):
        if question.id not in seen and len(seen) < MOST_SHOWN:
            seen.add(question.id)
            matters = question.id not in case.asked and _matters(now, (assess(answer, knowledge) for answer in answers))
            yield question, "asked before" if question.id in case.asked else "later" if matters else "changes nothing"


def waiting_rules(view: View, knowledge: Knowledge) -> list[OpenRule]:
    """The rules that wait for something not known yet, best fitting first."""
    return sorted(_open_rules(view, knowledge), key=lambda entry: (-entry.weight, -rank(entry.rule.urgency), entry.rule.id))


# The questions and the answers they can have


def _leads_to_emergency(answers: list[Case], knowledge: Knowledge) -> bool:
    return any(assess(answer, knowledge).urgency == "emergency" for answer in answers)


def _signs_question(signs: list[str], case: Case, knowledge: Knowledge, danger: bool) -> Question:
    items = _grouped([sign for sign in signs if sign in knowledge.symptoms], knowledge)
    labels = [label for label, _ in items]
    emergency = danger or _leads_to_emergency(_sign_answers(case, signs), knowledge)
    identifier, why = ("danger:" if danger else "signs:") + "+".join(signs), "These signs would make it more urgent."
    if len(items) == 1:
        text = f"Do you also have this: {labels[0][0].lower() + labels[0][1:]}?"
        return Question(identifier, text, YES_NO, why, emergency, tuple(signs))
    text = "\n".join(["Do you have any of these?", *(f"- {label}" for label in labels)])
    return Question(identifier, text, (*labels, "No, none of these", "Not sure"), why, emergency, tuple(signs),
                    tuple(tuple(members) for _, members in items))


def _grouped(signs: list[str], knowledge: Knowledge) -> list[tuple[str, list[str]]]:
    """Signs that people name in one breath share a line: its label and its members, most urgent member first."""
    lines: dict[str, list[str]] = {}
    for sign in signs:
        lines.setdefault(_line_of(sign, signs, knowledge), []).append(sign)
    return [(label, sorted(members, key=lambda sign: -rank(knowledge.symptoms[sign]["urgency"]))) for label, members in lines.items()]


def _line_of(sign: str, signs: list[str], knowledge: Knowledge) -> str:
    for line in knowledge.data["wording"]["en"]["asked_together"]:
        if sign in line["signs"] and len(set(signs) & set(line["signs"])) > 1:
            return line["text"]
    return _sentence(knowledge.symptoms[sign]["name"])


def _at_most_five(signs: list[str], knowledge: Knowledge) -> list[str]:
    return [sign for _, members in _grouped(signs, knowledge)[:MOST_SIGNS_IN_ONE] for sign in members]


def _sentence(name: str) -> str:
    return name[0].upper() + name[1:]


def _sign_answers(case: Case, signs: list[str]) -> list[Case]:
    answers = [_with_findings(case, dict.fromkeys(signs, DENIED))]
    answers += [_with_findings(case, {sign: PRESENT}) for sign in signs]
    return answers


def _with_findings(case: Case, statuses: dict[str, str]) -> Case:
    trial = copy.copy(case)
    trial.findings = {**case.findings, **{name: Finding(name, status) for name, status in statuses.items()}}
    return trial


_QUALITY_TEXT = {
    "onset": "About “{name}”: did it come on suddenly, within seconds or minutes?",
    "severity": "About “{name}”: how bad is it?",
    "trend": "About “{name}”: is it getting worse?",
    "pattern": "About “{name}”: is it new for you, or has it been the same for a long time?",
    "side": "About “{name}”: is it on one side or on both sides?",
    "duration": "About “{name}”: how long have you had it?",
    "after_dose": "About “{name}”: how long after your last dose did it start?",
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


def _quality_question(symptom: str, attribute: str, case: Case, knowledge: Knowledge) -> Question:
    name = knowledge.symptoms[symptom]["name"]
    emergency = _leads_to_emergency(_quality_answers(case, symptom, attribute, knowledge), knowledge)
    return Question(f"quality:{symptom}.{attribute}", _QUALITY_TEXT[attribute].format(name=name), _QUALITY_OPTIONS[attribute],
                    "How it started and how long it has lasted tells how urgent it is.", emergency, (symptom,))


def _fact_question(identifier: str, case: Case, knowledge: Knowledge) -> Question:
    fact = knowledge.facts[identifier]
    emergency = _leads_to_emergency(_fact_answers(case, identifier), knowledge)
    options = CAN_OR_NOT if fact["question"].startswith("Can you") else YES_NO
    return Question(f"fact:{identifier}", fact["question"], options, fact.get("why", "It changes how urgent this is."), emergency,
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


_OF_NOW = ("severity", "trend")


def _is_over(symptom: str, case: Case, knowledge: Knowledge) -> bool:
    """It was told how the complaint settled, and a rule of the medicine is about just that: it is neither bad nor getting worse now."""
    episodes = {name for name, value in case.facts.items() if value == YES and knowledge.facts[name].get("episode")}
    rules = (rule for use in case.taken() for risk in knowledge.risks.get(use.id, ()) for rule in risk.rules) if episodes else ()
    return any(symptom in rule.lowers and episodes & {leaf.id for leaf in rule.condition.leaves()} for rule in rules)


def _ask_quality(leaf: Leaf, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    attribute = {"lasting_over": "duration", "lasting_under": "duration", "after_dose_within": "after_dose"}.get(leaf.detail, leaf.detail)
    if attribute in _OF_NOW and _is_over(leaf.id, case, knowledge):
        return
    yield _quality_question(leaf.id, attribute, case, knowledge), _quality_answers(case, leaf.id, attribute, knowledge)


def _ask_fact(leaf: Leaf, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    if not knowledge.facts[leaf.id].get("told_only"):
        yield _fact_question(leaf.id, case, knowledge), _fact_answers(case, leaf.id)


def _ask_time(leaf: Leaf, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    if leaf.detail:
        what = "first_dose" if leaf.id in ("first_dose", "treatment") else "last_dose"
        attribute = "since_first_dose" if what == "first_dose" else "since_last_dose"
        answers = [_with_time(case, leaf.detail, attribute, length) for length in ("PT2H", "P20D", "P4M", "P10Y")]
        yield _time_question(what, leaf.detail, knowledge), answers


def _temperature_question() -> Question:
    return Question("temperature", "How high is your temperature, if you have measured it?", ("I have not measured it",),
                    "How high a fever is tells how urgent it is.", about=("fever",))


def _ask_fever(leaf: Leaf, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    fever = case.findings.get("fever")
    if fever and fever.status == PRESENT:
        yield _temperature_question(), [replace(case, temperature=degrees) for degrees in (38.2, 39.5)]
        return
    yield _signs_question(["fever"], case, knowledge, False), _sign_answers(case, ["fever"])


def _ask_result(leaf: Leaf, case: Case, knowledge: Knowledge) -> Iterator[Candidate]:
    """A blood count that many people have had lately; other results are taken when they are offered."""
    if leaf.id in _ALARMING:
        trial = copy.copy(case)
        trial.labs = {**case.labs, leaf.id: LabResult(leaf.id, _ALARMING[leaf.id])}
        yield _result_question(leaf.id, knowledge), [case, trial]


_ALARMING = {"absolute_neutrophil_count": 0.4, "platelets": 20.0}  # 10^9/L
_SINGLE: dict[str, Callable[[Leaf, Case, Knowledge], Iterator[Candidate]]] = {
    "qualifier": _ask_quality, "fact": _ask_fact, "time": _ask_time, "temperature": _ask_fever,
}


def _quality_answers(case: Case, symptom: str, attribute: str, knowledge: Knowledge) -> list[Case]:
    answers = []
    for value in QUALITY_ANSWERS[attribute].values():
        if _ruled_out(symptom, value, case, knowledge):
            continue
        trial = copy.copy(case)
        finding = case.findings.get(symptom) or Finding(symptom)
        trial.findings = {**case.findings, symptom: Finding(symptom, PRESENT, {**finding.attributes, attribute: value})}
        answers.append(trial)
    return answers


def _ruled_out(symptom: str, value: str, case: Case, knowledge: Knowledge) -> bool:
    """Who said no to "severe tummy pain" is not asked how bad it is."""
    forms = (finding.id for finding in case.findings.values() if finding.status == DENIED)
    narrower = knowledge.names.descendants.get(symptom, frozenset())
    return any(form in narrower and {"sudden", "severe"} & set(form.split("_")) == {value} for form in forms)


def _fact_answers(case: Case, identifier: str) -> list[Case]:
    return [_with_fact(case, identifier, value) for value in (YES, NO)]


def _with_fact(case: Case, identifier: str, value: str) -> Case:
    trial = copy.copy(case)
    trial.facts = {**case.facts, identifier: value}
    return trial


def _with_time(case: Case, medicine: str, attribute: str, length: str) -> Case:
    trial = copy.deepcopy(case)
    setattr(trial.medicines[medicine], attribute, length)
    return trial
