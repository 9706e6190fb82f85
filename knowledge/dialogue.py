"""One turn of the conversation: what was read in, what is said out. Pure: Rasa, the shell and the tests all call this."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge import wording
from knowledge.case import PRESENT, Case
from knowledge.intake import Changes, has_contacted, is_vague, keep_words, take_in
from knowledge.interview import BASICS, CAN_OR_NOT, Question, could_be_lowered, medicine_name, next_question, question_by_id
from knowledge.language.intent import intent_of
from knowledge.language.other_languages import detect, is_danger, safe_sentence
from knowledge.language.short_answers import (
    chosen_options,
    is_cross,
    is_half_yes,
    is_no,
    is_nod,
    is_several,
    is_short,
    is_unsure,
    is_yes,
    plain,
)
from knowledge.questions import answer_question, is_told
from knowledge.release import Knowledge
from knowledge.summary import summary_card, understood_card
from knowledge.triage import Assessment, assess
from knowledge.urgency import most_urgent, rank

AFTER_ANSWER = ("Tell me more", "Summary for my MS team", "Change something")
ANSWERED_BY = ("thanks", "small_talk", "out_of_scope", "greet", "prompt_injection")  # what a short answer is taken for by mistake
RETRACT = "retract"  # the open question: is the emergency over, or not this person's?
STILL_THERE = ("Yes, now", "No, not now", "Not sure")
# Said after an emergency, these take it back. They only lead to the confirming question, never lower anything alone.
_DENIES = re.compile(
    r"\b((with|in|by) (the |an )?(ambulance|paramedics?|hospital|a ?& ?e)|(ambulance|paramedics?|doctor|nurse)s? (is|are|'s|has|have)"
    r"|(not|isn't|wasn't) (me|mine|real|happening|now|true)|(it's|it is|it was|that's|that was) my \w+|(was|were) joking|a joke"
    r"|only (asking|testing|a test)|all (over|gone|fine) now|it'?s (over|gone|stopped)|it (has |'s )?(gone|passed|stopped|went away)"
    r"|didn't mean|by mistake|misunderst\w+)\b")
_TAKES_BACK = re.compile(
    r"\b((last|a|\d+|two|three|few|many) (year|month|week|summer|winter)s?( ago)?|(years|months|weeks|ages|long time) ago|in (19|20)\d\d)\b"
    rf"|{_DENIES.pattern}")


@dataclass
class Message:
    """One thing said: text, buttons (titles that can as well be typed) and an optional card."""

    text: str | None = None
    buttons: tuple[str, ...] = ()
    custom: dict[str, Any] | None = None


@dataclass
class State:
    """What a conversation remembers: the case, the open question, the assessment given, and the case before the last answer."""

    case: Case = field(default_factory=Case)
    question: str | None = None
    assessment: dict[str, Any] | None = None
    previous: dict[str, Any] | None = None
    missed: int = 0
    pending: list[dict[str, Any]] = field(default_factory=list)  # a correction that waits for its confirmation
    refused: int = 0
    offered: list[str] = field(default_factory=list)  # the buttons last shown while no question is open: a number picks one


@dataclass
class Session:
    """What a turn needs from outside: the knowledge, the words and the day."""

    knowledge: Knowledge
    words: wording.Words
    today: date
    model: str | None = None
    earlier: list[Case] = field(default_factory=list)  # cases of contacts before this one, for `contact_again`


def triage(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool = False,
           flag_said: bool = False) -> list[Message]:
    """Take a message into the case, assess, then warn, ask or answer. Changes `state` in place.

    `flag_said` tells that a red flag's own words were already spoken in this turn.
    """
    knowledge, case = session.knowledge, state.case
    if not flag_said and state.question is None and (choice := chosen_options(text, tuple(state.offered))) and choice[0] in AFTER_ANSWER:
        return _chosen(state, choice[0], session)
    if state.question == RETRACT:
        state.question = None
        if not flag_said:
            return _retracted(state, entities, text, session)
    if not flag_said and not correcting and case.floor == "emergency" and _takes_back(entities, text):
        return retract(state, entities, session)
    question = question_by_id(state.question, case, knowledge) if state.question else None
    if question is not None and not entities and not state.missed and _said_by_habit(question, text):
        state.missed = 1
        return [Message(f"{session.words.say('surely_not')} {_asked(question, session).text}", question.options)]
    state.previous = {"case": case.to_dict(), "question": state.question}
    changes = take_in(case, entities, text, question, knowledge, session.today, correcting)
    if correcting and not changes.anything:
        return understood(state, session)
    if correcting and not case.red_flags:
        case.floor = None
    _nothing_read(case, question, text, entities, changes)
    _contacts_again(case, entities, text, session)
    now = assess(case, knowledge)
    if now.urgency == "emergency" or (flag_said and case.red_flags):
        return _urgent(state, now, session, flag_said, changes)
    messages = _go_on(state, question, changes, now, session, text)
    return _with_aside(messages, text, entities, session)


def _said_by_habit(question: Question, text: str) -> bool:
    """A bare "no" where no is the danger: people go on saying no after a list of dangers."""
    return question.options == CAN_OR_NOT and question.decides_emergency and is_no(text) and len(plain(text).split()) < 3


def _chosen(state: State, choice: str, session: Session) -> list[Message]:
    """What one of the buttons under an answer stands for, picked by its number."""
    return dict(zip(AFTER_ANSWER, (more, summary, understood), strict=True))[choice](state, session)


def _takes_back(entities: list[dict[str, Any]], text: str) -> bool:
    reported = ("symptom", "temperature", "lab_result", "red_flag_doubt", "symptom_doubt")
    present = any(entity["entity"] in reported and is_told(entity) for entity in entities)
    of_a_medicine = any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities)  # "lemtrada, 2 years ago"
    return not present and bool((_DENIES if of_a_medicine else _TAKES_BACK).search(plain(text)))


def _contacts_again(case: Case, entities: list[dict[str, Any]], text: str, session: Session) -> None:
    """The same complaint as in an earlier contact, here or with anybody else: the level rises by rule."""
    if has_contacted(text) and case.has_complaint() and not case.contact_again:
        case.contact_again, case.contact_count = True, case.contact_count + 1
    told = {entity["value"] for entity in entities if entity["entity"] == "symptom" and is_told(entity)}
    told |= {entity["value"]["test"] for entity in entities if entity["entity"] == "lab_result" and is_told(entity)}
    descendants = session.knowledge.names.descendants
    for other in session.earlier:
        known = {finding.id for finding in other.findings.values() if finding.status == PRESENT} | set(other.labs)
        same = any(item in descendants.get(name, (name,)) or name in descendants.get(item, (item,)) for item in told for name in known)
        if same and not case.contact_again:
            case.contact_again, case.contact_count = True, case.contact_count + 1


def _with_aside(messages: list[Message], text: str, entities: list[dict[str, Any]], session: Session) -> list[Message]:
    """A report that also asks about a dose or a diagnosis gets that answered too, after the urgency."""
    aside = intent_of(text, [], None, 0.0)[0] if entities else None
    if aside not in ("dose_advice", "diagnosis"):
        return messages
    said = Message(session.words.say(aside))
    place = 1 if messages[0].custom else 0
    return [*messages[:place], said, *messages[place:]]


def _nothing_read(case: Case, question: Question | None, text: str, entities: list[dict[str, Any]], changes: Changes) -> None:
    """Words that answer "what have you noticed?" and were not understood are kept as they stand."""
    if question is not None and question.id == "noticed" and not case.has_complaint() and text.strip():
        if is_yes(text) or is_nod(text):
            return
        if is_no(text) or is_unsure(text):
            case.facts.setdefault("otherwise_well", "yes" if is_no(text) else "unclear")
            case.asked.append("noticed")
        elif not any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities):
            case.not_understood.append(text.strip()[:200])
        changes.answered = True


def _urgent(state: State, now: Assessment, session: Session, flag_said: bool = False, changes: Changes | None = None) -> list[Message]:
    words, case = session.words, state.case
    already = (state.assessment or {}).get("urgency") == now.urgency
    case.floor = most_urgent(case.floor, now.urgency)
    state.question = None
    state.assessment = wording.card(now, case, session.knowledge, words, session.model)
    if flag_said:
        state.refused = 0
        whom = None if now.urgency == "emergency" else words.say(f"urgency.{now.urgency}.whom")  # the flag's words name no team
        return [Message(whom, custom=state.assessment)]
    if not already:
        return [Message(wording.answer_text(state.assessment, case, session.knowledge, words), custom=state.assessment)]
    known = {name for name, finding in case.findings.items() if finding.status == PRESENT} | set(case.labs) | set(case.medicines)
    told = [medicine_name(name, session.knowledge) if name in case.medicines else wording.name_of(name, session.knowledge)
            for name in dict.fromkeys(changes.added if changes else ()) if name in known]
    if told:
        return [Message(words.say("emergency.noted", words=", ".join(told)), custom=state.assessment)]
    return _stay(state, session)


def _stay(state: State, session: Session) -> list[Message]:
    """The standing emergency once more, in the words that fit it."""
    words = session.words
    if "suicidal_thoughts" not in state.case.red_flags:
        return [Message(words.say("emergency.stay"), custom=state.assessment)]
    line = words.clinic.crisis
    crisis = f"{line.name}, {line.phone}" if line else words.say("contact.crisis")
    return [Message(words.say("emergency.stay_suicidal", crisis=crisis), custom=state.assessment)]


def _go_on(state: State, question: Question | None, changes: Changes, now: Assessment, session: Session, text: str) -> list[Message]:
    case, knowledge = state.case, session.knowledge
    messages: list[Message] = []
    if question is not None and not changes.anything and is_vague(question, text, []):
        messages, changes.answered = _yes_to_some(state, question, text, session), True
        if messages and messages[0].buttons:
            return messages
        now = assess(case, knowledge)
    elif question is not None and not changes.anything:
        repeated = _ask_again(state, question, text, session)
        if repeated:
            return repeated
        messages.append(Message(session.words.say("move_on")))
        _pass_over(case, question, session)
        now = assess(case, knowledge)
    if question is not None and _unsure_of_danger(question, text):
        if question.items and not state.missed:
            state.missed = 1
            return [Message(session.words.say("emergency.unsure_which"), question.options)]
        case.floor = "emergency"  # it could be happening: an unclear answer counts as yes
        messages.append(Message(session.words.say("emergency.unsure")))
        now = assess(case, knowledge)
    if question is not None and (changes.answered or state.missed):
        case.asked.append(question.id)
        state.missed = 0
    if now.urgency == "emergency":
        return messages + _urgent(state, now, session, changes=changes)
    following = next_question(case, knowledge, now)
    state.question = None
    if state.assessment is None and _ready(case, now, following, session):
        messages += _answer(state, now, session, final=following is None)
    elif state.assessment is not None:
        messages += _again(state, now, changes, text, session)
        basic = question is not None and question.id.startswith(BASICS)
        if following is not None and not (changes.added and question is None and following.decides_emergency or basic):
            following = None  # one decisive question follows an answer, not a second interview
    elif question is None and not changes.anything:
        messages.append(Message(session.words.say("empty" if not re.search(r"\w", text) else "not_caught")))
    if following is None:
        return messages
    state.question = following.id
    return [*messages, _asked(following, session)]


def _yes_to_some(state: State, question: Question, text: str, session: Session) -> list[Message]:
    """Yes to a list, but not to what. A half yes is asked once which; a whole one to danger signs is enough."""
    danger = question.decides_emergency
    if not state.missed and (not danger or is_half_yes(text) or is_several(text)):
        state.missed = 1
        return [Message(session.words.say("emergency.which" if danger else "which_of_these"), question.options)]
    if danger:
        state.case.floor = "emergency"
        return [Message(session.words.say("emergency.yes_to_some"))]
    take_in(state.case, [], question.options[0], question, session.knowledge, session.today)
    return [Message(session.words.say("assume_first"))]


def _ready(case: Case, now: Assessment, following: Question | None, session: Session) -> bool:
    """The answer is given when nothing more is to be asked, or when it is pressing and nothing could still make it less so."""
    if following is None:
        return True
    return rank(now.urgency) >= rank("same_day") and not could_be_lowered(case, session.knowledge, now, following)


def _unsure_of_danger(question: Question, text: str) -> bool:
    return question.decides_emergency and question.id.startswith(("signs:", "danger:")) and is_unsure(text)


def _asked(question: Question, session: Session) -> Message:
    text = question.text
    if question.decides_emergency:
        text = f"{text}\n{session.words.say('emergency.question')}"
    if question.id == "medicine":
        text = f"{text} {session.words.say('medicine_options_hint')}"
    return Message(text, question.options)


def _ask_again(state: State, question: Question, text: str, session: Session) -> list[Message] | None:
    """The question once more, said to be asked again; None when it was repeated already."""
    if state.missed:
        return None
    state.missed = 1
    asked = _asked(question, session)
    return [Message(f"{session.words.say('cross' if is_cross(text) else 'asked_again')} {asked.text}", asked.buttons)]


def _pass_over(case: Case, question: Question, session: Session) -> None:
    """No usable answer twice: go on as if the person did not know."""
    if question.id.startswith(("doubt:", "meant:")):
        take_in(case, [], "", question, session.knowledge, session.today)
    elif not question.id.startswith(("noticed", "medicine")):
        take_in(case, [], "not sure", question, session.knowledge, session.today)
    elif question.id == "medicine":
        case.unknown_medicines.append("not known")
    else:
        case.not_understood.append("(no complaint understood)")


def _answer(state: State, now: Assessment, session: Session, final: bool = True) -> list[Message]:
    now.urgency = now.urgency or "routine"
    state.case.floor = most_urgent(state.case.floor, now.urgency)
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    text = wording.answer_text(state.assessment, state.case, session.knowledge, session.words)
    return [Message(text, AFTER_ANSWER if final else (), state.assessment)]


def _again(state: State, now: Assessment, changes: Changes, text: str, session: Session) -> list[Message]:
    """After an answer: say what changed, or that nothing did."""
    given = state.assessment or {}
    leading = given["risks"][0]["id"] if given.get("risks") else None
    now.urgency = now.urgency or "routine"
    if now.urgency == given.get("urgency") and now.leading in (leading, None):
        state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
        key = "unchanged" if changes.anything else (
            "stays" if is_short(text) or is_nod(text) else "cross" if is_cross(text) else "not_caught")
        return [Message(session.words.say(f"answer.{key}", headline=state.assessment["headline"]), AFTER_ANSWER, state.assessment)]
    answer = _answer(state, now, session)
    answer[0].text = f"{session.words.say('answer.changed')} {answer[0].text}"
    return answer


# Taking an emergency back: one confirming question, shown with the emergency line


def retract(state: State, entities: list[dict[str, Any]], session: Session) -> list[Message]:
    """The person says that an emergency is not (or no longer) theirs: ask once, with the emergency line."""
    case, knowledge = state.case, session.knowledge
    evidence = [item for match in assess(case, knowledge).matches if match.urgency == "emergency" for item in sorted(match.evidence)]
    names = [wording.name_of(item, knowledge) for item in dict.fromkeys([*case.red_flags, *evidence])][:3]
    state.question, state.pending = RETRACT, entities
    text = session.words.say("emergency.still_there", names="; ".join(names) or "an emergency")
    return [Message(text, STILL_THERE)]


def _retracted(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    case, knowledge = state.case, session.knowledge
    answer = next(iter(chosen_options(text, STILL_THERE)), text)
    pending, state.pending = state.pending, []
    if is_unsure(answer) or not (is_no(answer) or _takes_back(entities, text)):
        take_in(case, entities, text, None, knowledge, session.today)
        return _stay(state, session)
    case.red_flags.clear()
    case.floor = None
    take_in(case, pending, "", None, knowledge, session.today, correcting=True)
    _drop_emergency_findings(case, knowledge)
    now = assess(case, knowledge)
    if now.urgency == "emergency":  # a result that stands by itself
        return _urgent(state, now, session)
    state.assessment = None
    messages = _go_on(state, None, Changes(corrected=[RETRACT]), now, session, text)
    return [Message(session.words.say("taken_back")), *messages]


def _drop_emergency_findings(case: Case, knowledge: Knowledge) -> None:
    """What made the emergency goes with it: symptoms and a fever, not a measured blood result."""
    while (now := assess(case, knowledge)).urgency == "emergency":
        evidence = {item for match in now.matches if match.urgency == "emergency" for item in match.evidence}
        told = [item for item in evidence if item in case.findings or item in case.facts]
        if "fever" in evidence and case.temperature is not None:
            case.temperature = None
        elif not told:
            return
        for item in told:
            case.findings.pop(item, None)
            case.facts.pop(item, None)


# Small turns


def understood(state: State, session: Session) -> list[Message]:
    """The case as a list that can be corrected."""
    data = understood_card(state.case, session.knowledge)
    if not data["items"]:
        return [Message(session.words.say("understood_nothing"), custom=None), *_continue(state, session)]
    lines = [f"{number}. {item['label']}: {item['value']}" for number, item in enumerate(data["items"], 1)]
    return [Message("\n".join([session.words.say("understood_lead"), *lines]), custom=data), *_continue(state, session)]


def correct(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A correction. One that takes back an emergency is confirmed first; one that names nothing shows what was understood."""
    if state.question == RETRACT:
        return triage(state, entities, text, session)
    measured = any(entity["entity"] in ("lab_result", "temperature") for entity in entities)
    emergency = state.case.red_flags or state.case.floor == "emergency"
    if emergency and not measured and not any(entity["entity"] == "medicine" for entity in entities):
        return retract(state, entities, session)
    said = triage(state, entities, text, session, correcting=True)
    return [*said, *retract(state, [], session)] if measured and state.case.red_flags else said


def answer(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """Answer a question from the content; triage what the same message reports; go on with the interview."""
    found = answer_question(text, entities, session.knowledge, [use.id for use in state.case.taken()])
    said = [Message(found)] if found else []
    if any(entity["entity"] in ("symptom", "lab_result", "temperature") and is_told(entity) for entity in entities):
        return said + triage(state, entities, text, session)
    if not found:
        return small(state, "out_of_scope", entities, text, session) if not entities else triage(state, entities, text, session)
    return said + _continue(state, session, only_open=True)


def other_language(state: State, text: str, session: Session) -> list[Message]:
    """One safe sentence in the person's language. Words of danger in it count as an emergency; the words are kept for the team."""
    code = detect(text) or "en"
    keep_words(state.case, text)
    said = Message(safe_sentence(code, session.words.clinic.emergency_number))
    if not is_danger(text, code):
        state.case.not_understood.append(text.strip()[:200])
        return [said]
    state.case.floor = "emergency"
    state.question = None
    state.assessment = wording.card(assess(state.case, session.knowledge), state.case, session.knowledge, session.words, session.model)
    said.custom = state.assessment
    return [said]


def more(state: State, session: Session) -> list[Message]:
    """The rest of the answer, or the open question when nothing was answered yet."""
    if state.assessment is None:
        return [Message(session.words.say("help")), *_continue(state, session)]
    card = {**state.assessment, "detail": True}
    return [Message(wording.more_text(state.assessment, session.words), ("Summary for my MS team", "Change something"), card)]


def summary(state: State, session: Session) -> list[Message]:
    """The note for the MS team."""
    data = summary_card(state.case, state.assessment, session.knowledge, session.words)
    return [Message(data["text"], custom=data), *_continue(state, session)]


def why(state: State, session: Session) -> list[Message]:
    """Why the open question is asked."""
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None:
        return more(state, session) if state.assessment else [Message(session.words.say("no_question_open"))]
    asked = _asked(question, session)
    return [Message(f"{question.why or session.words.say('why_nothing')} {asked.text}", asked.buttons)]


def go_back(state: State, session: Session) -> list[Message]:
    """Take back the last answer."""
    if not state.previous:
        return [Message(session.words.say("nothing_to_go_back")), *_continue(state, session)]
    floor, flags = state.case.floor, state.case.red_flags
    state.case = Case.from_dict(copy.deepcopy(state.previous["case"]))
    state.case.floor, state.case.red_flags = most_urgent(floor, state.case.floor), {**flags, **state.case.red_flags}
    state.question, state.previous, state.missed = state.previous["question"], None, 0
    return [Message(session.words.say("gone_back")), *_continue(state, session)]


def start_over(state: State, session: Session) -> list[Message]:
    """Begin anew; "go back" brings it all back. An emergency already given stays the floor until it is corrected."""
    case = state.case
    fresh = Case(contact_count=case.contact_count, contact_again=case.contact_again, red_flags=dict(case.red_flags),
                 floor="emergency" if case.floor == "emergency" else None)
    state.previous = {"case": case.to_dict(), "question": state.question}
    state.case, state.question, state.missed = fresh, None, 0
    if not fresh.floor:
        state.assessment = None
    return [Message(session.words.say("started_over")), *_continue(state, session)]


def small(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A fixed text, then the open question again so that the interview goes on. Medicines named on the way are kept."""
    kept = [entity for entity in entities if entity["entity"] in ("medicine", "age", "sex", "fact")]
    take_in(state.case, kept, "", None, session.knowledge, session.today)
    if state.case.floor == "emergency" and _takes_back(entities, text):
        return retract(state, entities, session)
    if intent == "refuse":
        return _refused(state, session)
    if state.question and intent in ANSWERED_BY and is_short(text):  # "no thanks" to the open question
        return triage(state, entities, text, session)
    if is_cross(text) and state.case.floor != "emergency":
        intent = "cross"
    if intent == "help" and state.case.red_flags:
        return [Message(_instruction(state, session), custom=state.assessment)]
    if intent in ("out_of_scope", "small_talk", "greet", "prompt_injection", "help") and state.case.floor == "emergency":
        return _continue(state, session)
    return [Message(session.words.say(intent)), *_continue(state, session)]


def _instruction(state: State, session: Session) -> str:
    """What to do about the most urgent red flag, once more."""
    flag = assess(state.case, session.knowledge).red_flags[0]
    return session.knowledge.red_flags[flag]["instruction"].format(emergency=session.words.clinic.emergency_number)


def _refused(state: State, session: Session) -> list[Message]:
    """Once with the reason and the number; after that the advice stands without an argument."""
    if state.assessment is None and state.case.floor is None:
        return [Message(session.words.say("refuse_other")), *_continue(state, session)]
    state.refused += 1
    headline = (state.assessment or {}).get("headline") or session.words.say("urgency.emergency.headline")
    return [Message(session.words.say("refuse" if state.refused == 1 else "refuse_again", headline=headline))]


def _continue(state: State, session: Session, only_open: bool = False) -> list[Message]:
    """The open question again, the first question, or the standing emergency; nothing after a finished answer."""
    if state.question == RETRACT:
        return retract(state, state.pending, session)
    now = assess(state.case, session.knowledge)
    if now.urgency == "emergency":
        given = (state.assessment or {}).get("urgency") == "emergency"
        return _stay(state, session) if given else _urgent(state, now, session)
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None and state.assessment is None and not only_open:
        question = next_question(state.case, session.knowledge)
    if question is None:
        return []
    state.question = question.id
    return [_asked(question, session)]
