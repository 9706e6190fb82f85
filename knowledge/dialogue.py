"""One turn of the conversation: what was read in, what is said out. Pure: Rasa, the shell and the tests all call this."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from knowledge import wording
from knowledge.case import DENIED, NO, PRESENT, Case, Finding, LabResult
from knowledge.intake import Changes, contrasted, has_contacted, is_vague, keep_words, take_in
from knowledge.interview import BASICS, CAN_OR_NOT, YES_OR_NO, Question, could_be_lowered, medicine_name, next_question, question_by_id
from knowledge.language.intent import intent_of
from knowledge.language.other_languages import detect, is_danger, safe_sentence
from knowledge.language.people import RELATIVE
from knowledge.language.short_answers import (
    MOST_WORDS,
    chosen_options,
    is_cross,
    is_half_yes,
    is_no,
    is_nod,
    is_several,
    is_short,
    is_unsure,
    is_worried,
    is_yes,
    plain,
)
from knowledge.language.time import parse_time_answer
from knowledge.questions import answer_question, is_told, names_an_effect
from knowledge.release import Knowledge
from knowledge.returning import complaints_in, gap, how_long, is_same, new_matter, remembered, same_matter
from knowledge.summary import summary_card, understood_card
from knowledge.triage import Assessment, assess
from knowledge.urgency import most_urgent, rank

ADVICE = ("dose_advice", "diagnosis")  # what only a clinician may say
AFTER_ANSWER = ("Tell me more", "Summary for my MS team", "Change something")
ANSWERED_BY = ("thanks", "small_talk", "out_of_scope", "greet", "prompt_injection")  # what a short answer is taken for by mistake
RETRACT = "retract"  # the open question: is the emergency over, or not this person's?
RETURNED = "returned"  # the open question after a clear gap: the same matter or a new one?
SAME_OR_NEW = ("The same", "Something new")
MOST_BACK = 3  # answers that "go back" can take back, one after the other
SMALL_TURNS = ("greet", "goodbye", "thanks", "help", "human", "small_talk", "out_of_scope", "dose_advice", "diagnosis", "prompt_injection",
               "refuse")
# What the person wants -> the function below that takes the turn. The actions of the assistant have these names.
TURNS = {
    **dict.fromkeys(("report", "affirm", "deny", "dont_know", "nlu_fallback"), "triage"),
    "correct": "correct", "ask": "answer", "more": "more", "summary": "summary", "understood": "understood", "why": "why",
    "repeat": "repeat",
    "go_back": "go_back", "start_over": "start_over", "other_language": "other_language", **dict.fromkeys(SMALL_TURNS, "small_turn"),
}
CORRECTABLE = ("medicine", "symptom", "lab_result", "temperature", "fact")
RED_FLAG = "emergency_"  # an intent of this kind names the red flag that is an emergency; what to do was said already
STILL_THERE = ("Yes, now", "No, not now", "Not sure")
# Said after an emergency, these take it back. They only lead to the confirming question, never lower anything alone.
# The last question goes on: "and shingles?"
_ASKS_ON = re.compile(r"(?:(?:ok|okay|right|thanks),? )?(?:and|or|what about|how about)\b(?: \w+){1,5}\?", re.I)
_WILL_NOT = re.compile(r"\b(?:no|don'?t want|won'?t|not going|not calling|can'?t)\b")
_DENIES = re.compile(
    r"\b((with|in|by) (the |an )?(ambulance|paramedics?|hospital|a ?& ?e)|(ambulance|paramedics?|doctor|nurse)s? (is|are|'s|has|have)"
    rf"|(not|isn't|wasn't) (me|mine|real|happening|now|true)|(it's|it is|it was|that's|that was) my {RELATIVE}\b|(was|were) joking"
    r"|(was|only|just) (a|for a) joke"
    r"|only (asking|testing|a test)|(over|gone|passed|settled|stopped|fine) now"
    r"|it'?s (over|gone|stopped)|it (has |'s )?(gone|passed|stopped|went away)"
    r"|didn't mean|by mistake|misunderst\w+)\b")
_TAKES_BACK = re.compile(
    r"\b(last (year|month|week|summer|winter)|(a|\d+|two|three|few|many) (year|month|week|summer|winter)s? ago"
    r"|(years|months|weeks|ages|long time) ago|in (19|20)\d\d)\b"
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
    history: list[dict[str, Any]] = field(default_factory=list)  # what was said last, with the case and the question before it
    missed: int = 0  # the open question was asked twice
    unanswered: list[str] = field(default_factory=list)  # topics of questions that were asked, and something else was told
    pending: list[dict[str, Any]] = field(default_factory=list)  # a correction that waits for its confirmation
    refused: int = 0
    stayed: int = 0  # turns spent with somebody who thinks of suicide
    read: int = 0  # parts of "more" that were read in a row
    repeated: int = 0  # times in a row that the advice was said again
    about: list[str] = field(default_factory=list)  # ids of the medicines that were asked about last
    inquiry: str = ""  # the question about them
    offered: list[str] = field(default_factory=list)  # the buttons last shown while no question is open: a number picks one
    amending: bool = False  # what was understood was just shown to be corrected
    at: str | None = None  # when the last message came (ISO 8601)


@dataclass
class Session:
    """What a turn needs from outside: the knowledge, the words and the day."""

    knowledge: Knowledge
    words: wording.Words
    today: date
    model: str | None = None
    earlier: list[Case] = field(default_factory=list)  # cases of contacts before this one, for `contact_again`


def take(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """One turn, by what the person wants: the one way in for the actions, the vignettes and the tests. Changes `state` in place."""
    lead: list[Message] = []
    away = gap(state.at, session.words.now)
    if away:
        lead, ended = _come_back(state, intent, entities, text, away, session)
        if ended:
            return lead
    if state.question != RETURNED:
        state.at = session.words.now.isoformat()
    amending, state.amending = state.amending, False
    turn, inquiry = TURNS.get(intent, "triage"), text
    if state.about and _ASKS_ON.fullmatch(text.strip()) and not intent.startswith(RED_FLAG):
        turn, inquiry = "answer", state.inquiry
        text, entities = _asked_on(state, text, entities, session)
    elif turn in ("triage", "correct"):
        state.about = []
    state.read = state.read if turn == "more" else 0
    state.repeated = state.repeated if turn in ("repeat", "why") or intent == "diagnosis" else 0
    names_one = amending and (any(entity["entity"] in CORRECTABLE for entity in entities) or _item_named(state, text, session))
    if turn == "triage" and names_one:
        turn = "correct"
    if turn == "correct" and amending and not names_one and _names_nothing(state, entities, text, session):
        turn, state.amending = "triage", True  # the list was just shown: the open question is asked again, or passed over
    if turn not in ("triage", "correct") and _answers_in_its_words(state, text, session):
        turn = "triage"
    if turn in ("correct", "small_turn", "triage", "understood", "repeat") and _asks_of_results(state, entities, text, session):
        turn = "answer"
    if intent.startswith(RED_FLAG):
        said = triage(state, entities, text, session, flag_said=True)
    elif state.case.floor == "emergency" and _has_called(entities, text):
        said = [Message(session.words.say("emergency.called_suicidal" if _in_crisis(state.case) else "emergency.called"),
                        custom=state.assessment)]
    elif turn in WHOLE:
        said = WHOLE[turn](state, entities, text, session)
    elif turn in SHORT:
        said = SHORT[turn](state, session)
    else:
        said = small_turn(state, intent, entities, text, session)
    state.inquiry = inquiry
    return said if said and said[0].custom else lead + said  # an answer begins with what to do


def _names_nothing(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> bool:
    """Something is wrong, but once more not said what."""
    return not entities and state.question != RETRACT and state.case.floor != "emergency" \
        and contrasted(state.case, text, session.knowledge) is None


def _answers_in_its_words(state: State, text: str, session: Session) -> bool:
    """The open question is answered by one of its options, or says how or when, in few words: whatever else they may be guessed to want."""
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if len(text.split()) > MOST_WORDS or text.rstrip().endswith("?"):
        return False
    if re.search(r"\d", text) and parse_time_answer(text, session.today) is not None:
        return True
    if question is None:
        return False
    open_words = question.id.startswith(("quality:", "last_dose:", "first_dose:")) and not is_cross(text)
    return bool(chosen_options(text, question.options)) or open_words and take_in(
        copy.deepcopy(state.case), [], text, question, session.knowledge, session.today).answered


def triage(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool = False,
           flag_said: bool = False) -> list[Message]:
    """Take a message into the case, assess, then warn, ask or answer. Changes `state` in place.

    `flag_said` tells that an emergency's words were already spoken in this turn.
    """
    knowledge, case = session.knowledge, state.case
    if not flag_said and state.question is None and (choice := chosen_options(text, tuple(state.offered))) and choice[0] in AFTER_ANSWER:
        return _chosen(state, choice[0], session)
    if state.question == RETRACT:
        state.question = None
        if not flag_said:
            return _retracted(state, entities, text, session, correcting)
    if not flag_said and not correcting and case.floor == "emergency" and _takes_back(entities, text):
        return retract(state, entities, session)
    question = question_by_id(state.question, case, knowledge) if state.question else None
    if question is not None and not entities and not state.missed and _said_by_habit(question, text):
        state.missed = 1
        return [Message(f"{session.words.say('surely_not')} {_asked(question, session).text}", question.options)]
    _remember(state, text)
    asked = None if correcting and question and question.id.startswith(YES_OR_NO) else question  # "no wait, i meant ..." denies nothing
    changes = take_in(case, entities, text, asked, knowledge, session.today, correcting)
    if correcting and not changes.anything:
        return understood(state, session)
    if correcting and not case.red_flags:
        case.floor = None
    _nothing_read(case, question, text, entities, changes)
    _contacts_again(case, entities, text, session)
    now = assess(case, knowledge)
    if now.urgency == "emergency" or (flag_said and case.red_flags):
        return _urgent(state, now, session, flag_said, changes, text)
    messages = _go_on(state, question, changes, now, session, text)
    if _tells_of_two(case, entities):
        messages = _put_beside(messages, Message(session.words.say("one_at_a_time")))
    intent = intent_of(text, [], None, 0.0)[0] if entities else None
    beside = None if intent in ADVICE else _asked_beside(state, text, entities, session)
    return _put_beside(messages, beside) if beside else _with_aside(messages, intent, session)


def _remember(state: State, said: str) -> None:
    now = {"case": state.case.to_dict(), "question": state.question, "said": wording.quoted(said.strip())}
    state.history = [*state.history, now][-MOST_BACK:]


def _said_by_habit(question: Question, text: str) -> bool:
    """A bare "no" where no is the danger: people go on saying no after a list of dangers."""
    return question.options == CAN_OR_NOT and question.decides_emergency and is_no(text) and len(plain(text).split()) < 3


def _chosen(state: State, choice: str, session: Session) -> list[Message]:
    """What one of the buttons under an answer stands for, picked by its number."""
    return dict(zip(AFTER_ANSWER, (more, summary, understood), strict=True))[choice](state, session)


_CALLED = re.compile(
    r"\b(?:i|we|he|she|they|someone|my \w+)(?:'ve| have| has|'s)? (?:just |already |now )*(?:called|rang|rung|phoned|dialled|dialed)"
    r"(?: (?:them|it|999|112|911|000|111|(?:for )?(?:an |the )?ambulance|for help|already|now))*\W*$"
    r"|\b(?:i'?m|i am|we'?re|we are) (?:now |already )?(?:at|in|with|on (?:my|our|the) way to) (?:the |a |an )?"
    r"(?:a ?& ?e|hospital|er|emergency (?:room|department)|doctor|paramedics?|ambulance)\b"
    r"|\b(?:ambulance|paramedics?|help|they)(?:'s| is| are|'re) (?:on (?:its|the|their) way|coming)\b")


def _has_called(entities: list[dict[str, Any]], text: str) -> bool:
    """There is help, or it is on its way, and nothing new is told."""
    return bool(_CALLED.search(plain(text))) and not _tells(entities)


def _takes_back(entities: list[dict[str, Any]], text: str) -> bool:
    reported = ("symptom", "temperature", "lab_result", "red_flag_doubt", "symptom_doubt")
    present = any(entity["entity"] in reported and is_told(entity) for entity in entities)
    of_a_medicine = any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities)  # "lemtrada, 2 years ago"
    return not present and bool((_DENIES if of_a_medicine else _TAKES_BACK).search(plain(text)))


def _contacts_again(case: Case, entities: list[dict[str, Any]], text: str, session: Session) -> None:
    """The same complaint as in an earlier contact, here or with anybody else: the level rises by rule."""
    if has_contacted(text) and case.has_complaint() and not case.contact_again:
        case.contact_again, case.contact_count = True, case.contact_count + 1
    told = complaints_in(entities)
    if not case.contact_again and any(is_same(told, other, session.knowledge) for other in session.earlier):
        case.contact_again, case.contact_count = True, case.contact_count + 1


def _asked_beside(state: State, text: str, entities: list[dict[str, Any]], session: Session) -> Message | None:
    """The answer to a question that stands beside a complaint: "my ankles are swollen and can i have the flu jab?"."""
    about = [entity for entity in entities if entity["entity"] == "medicine"]
    parts = [part for part in re.split(r"(?<=[.!;])\s+|,?\s+(?:and|but|also)\s+", text) if part.strip().endswith("?")]
    if len(parts) != 1 or parts[0].strip() == text.strip():
        return None
    found = answer_question(parts[0], about, session.knowledge, [use.id for use in state.case.taken()])
    return Message(session.words.fill(found)) if found else None


def _tells_of_two(case: Case, entities: list[dict[str, Any]]) -> bool:
    """The person tells their own complaint, and a complaint or a medicine of somebody else's."""
    others = any(entity["entity"] in ("medicine", "symptom") and entity.get("role") == "other_person" for entity in entities)
    return others and not case.for_other and _tells(entities)


def _with_aside(messages: list[Message], intent: str | None, session: Session) -> list[Message]:
    """A report that also asks about a dose or a diagnosis gets that answered too, after the urgency."""
    if intent not in ADVICE:
        return messages
    said = Message(session.words.say(f"aside.{intent}"))
    return messages if any(message.text == said.text for message in messages) else _put_beside(messages, said)


def _put_beside(messages: list[Message], said: Message) -> list[Message]:
    """`said` after the urgency, before the question."""
    place = 1 if messages[0].custom else 0
    return [*messages[:place], said, *messages[place:]]


def _nothing_read(case: Case, question: Question | None, text: str, entities: list[dict[str, Any]], changes: Changes) -> None:
    """Words that answer "what have you noticed?" and were not understood are kept as they stand."""
    if question is not None and question.id == "noticed" and not case.has_complaint() and text.strip():
        if is_yes(text) or is_nod(text) or not re.search(r"\w", text):
            return
        if is_unsure(text) and _is_off(text):
            return  # asked again: something is wrong, only the words are missing
        if is_no(text) or is_unsure(text) or case.facts.get("otherwise_well"):
            case.facts.setdefault("otherwise_well", "yes" if is_no(text) else "unclear")
            case.asked.append("noticed")
        elif any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities):
            return  # the medicine is not what was noticed
        else:
            case.not_understood.append(text.strip()[:200])
        changes.answered = True


_OFF = re.compile(r"\b(?:off|wrong|right|different|strange|weird|odd|funny|myself|unwell|ill|poorly|rough)\b")


def _is_off(text: str) -> bool:
    """Something is felt, but not said what: "dunno, something's off", "don't know, just not right"."""
    return bool(_OFF.search(plain(text)))


def _urgent(state: State, now: Assessment, session: Session, flag_said: bool = False, changes: Changes | None = None,
            text: str = "") -> list[Message]:
    words, case = session.words, state.case
    already = (state.assessment or {}).get("urgency") == now.urgency
    case.floor = most_urgent(case.floor, now.urgency)
    state.question = None
    state.assessment = wording.card(now, case, session.knowledge, words, session.model)
    if flag_said:
        state.refused = 0
        return [Message(custom=state.assessment)]
    if not already:
        return [Message(wording.answer_text(state.assessment, case, session.knowledge, words), custom=state.assessment)]
    known = {name for name, finding in case.findings.items() if finding.status == PRESENT} | set(case.labs) | set(case.medicines)
    before = Case.from_dict(state.history[-1]["case"]) if state.history else Case()
    known -= {*before.findings, *before.medicines, *(before.labs if changes and not changes.corrected else ())}
    told = [medicine_name(name, session.knowledge) if name in case.medicines else wording.name_of(name, session.knowledge)
            for name in dict.fromkeys(changes.added if changes else ()) if name in known]
    if state.refused and (is_no(text) or _WILL_NOT.search(plain(text))):
        return _refused(state, session)
    if told and not _in_crisis(case):
        return [Message(words.say("emergency.noted", words=", ".join(told)), custom=state.assessment)]
    return _stay(state, session)


def _in_crisis(case: Case) -> bool:
    return "suicidal_thoughts" in case.red_flags


def _stay(state: State, session: Session) -> list[Message]:
    """What stands once more, in the words that fit it: to somebody in despair never twice the same in a row."""
    given = state.assessment or {}
    if given and given["urgency"] != "emergency":
        return [Message(session.words.say("answer.floor", headline=given["headline"]), custom=given)]
    if not _in_crisis(state.case):
        return [Message(session.words.say("emergency.stay"), custom=state.assessment)]
    said = session.words.lines("emergency.stay_suicidal")
    state.stayed += 1
    return [Message(said[(state.stayed - 1) % len(said)], custom=state.assessment)]


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
        _pass_over(case, question, text, session)
        now = assess(case, knowledge)
    if question is not None and _unsure_of_danger(question, text):
        if not state.missed:
            state.missed = 1
            asked = session.words.say("emergency.unsure_which") if question.items else \
                f"{question.text} {session.words.say('emergency.unsure_one')}"
            return [Message(asked, question.options)]
        case.floor = "emergency"  # it could be happening: an unclear answer counts as yes
        messages.append(Message(session.words.say("emergency.unsure")))
        now = assess(case, knowledge)
    still_open = question is not None and not changes.answered and not state.missed
    if question is not None:
        (state.unanswered if still_open else case.asked).append(_topic(question) if still_open else question.id)
        state.missed = 0
    if now.urgency == "emergency":
        return messages + _urgent(state, now, session, changes=changes)
    following = next_question(case, knowledge, now)
    state.question = None
    flags = [flag for flag in case.red_flags if flag in changes.added]
    if flags and not any(_is_eased(case, flag, session) for flag in flags):
        following = None  # a red flag for today is answered at once, and nothing is asked on top
    if state.assessment is None and (flags or _ready(case, now, following, session)):
        messages += _answer(state, now, session, following)
    elif state.assessment is not None:
        if following is not None and not _worth_asking(following, question, changes, still_open):
            following = None
        messages += _again(state, now, changes, text, session, following)
    elif question is None and not changes.anything:
        key = "empty" if not re.search(r"\w", text) else "worried" if is_worried(text) else "not_caught"
        messages.append(Message(session.words.say(key)))
    if following is None:
        return messages
    state.question = following.id
    state.missed = int(_topic(following) in state.unanswered)
    return [*messages, _asked(following, session, "asked_before" if state.missed else None)]


def _topic(question: Question) -> str:
    """What makes a question the same to a reader: another list of signs is the same question again."""
    kind = question.id.partition(":")[0]
    return kind if kind in ("danger", "signs") else question.id


def _worth_asking(following: Question, question: Question | None, changes: Changes, still_open: bool) -> bool:
    """After an answer one decisive question follows what is new, not a second interview. Unanswered it is asked once more."""
    if question is not None and question.id.startswith(BASICS):
        return True
    return following.decides_emergency and (still_open or question is None and bool(changes.added))


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


def _is_eased(case: Case, flag: str, session: Session) -> bool:
    """Whether the words made a red flag less urgent than it is by itself: then one question about danger may follow."""
    return rank(case.red_flags[flag]) < rank(session.knowledge.red_flags[flag]["urgency"])


def _ready(case: Case, now: Assessment, following: Question | None, session: Session) -> bool:
    """The answer is given when nothing more is to be asked, or when it is pressing and nothing could still make it less so."""
    if following is None:
        return True
    return rank(now.urgency) >= rank("same_day") and not could_be_lowered(case, session.knowledge, now, following)


def _unsure_of_danger(question: Question, text: str) -> bool:
    return question.decides_emergency and question.id.startswith(("signs:", "danger:")) and is_unsure(text)


def _asked(question: Question, session: Session, lead: str | None = None) -> Message:
    """The question in words; `lead` names what is said before it."""
    text = question.text if lead is None else f"{session.words.say(lead)} {question.text}"
    if question.decides_emergency:
        text = f"{text}\n{session.words.say('emergency.question')}"
    if question.id == "medicine":
        text = f"{text} {session.words.say('medicine_options_hint')}"
    return Message(text, question.options)


def _reminded(question: Question, session: Session) -> Message:
    """The open question again after something else was answered: what is listed stands in its buttons."""
    return _asked(replace(question, text=question.text.split("\n")[0]), session, "still_open")


def _ask_again(state: State, question: Question, text: str, session: Session) -> list[Message] | None:
    """The question once more, said to be asked again; None when it was repeated already."""
    if state.missed:
        return None
    state.missed = 1
    return [_asked(question, session, "cross" if is_cross(text) else "worried" if is_worried(text) else "asked_again")]


def _pass_over(case: Case, question: Question, text: str, session: Session) -> None:
    """No usable answer twice: go on as if the person did not know."""
    if question.id.startswith(("doubt:", "meant:")):
        take_in(case, [], "", question, session.knowledge, session.today)
    elif not question.id.startswith(("noticed", "medicine")):
        take_in(case, [], "not sure", question, session.knowledge, session.today)
    elif question.id == "medicine":
        case.unknown_medicines.append("not known")
    else:
        case.not_understood.append(text.strip()[:200] or "…")


def _answer(state: State, now: Assessment, session: Session, following: Question | None) -> list[Message]:
    now.urgency = now.urgency or "routine"
    state.case.floor = most_urgent(state.case.floor, now.urgency)
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    text = wording.answer_text(state.assessment, state.case, session.knowledge, session.words, following)
    return [Message(text, () if following else AFTER_ANSWER, state.assessment)]


def _again(state: State, now: Assessment, changes: Changes, text: str, session: Session, following: Question | None) -> list[Message]:
    """After an answer: say what changed, or that nothing did."""
    given = state.assessment or {}
    now.urgency = now.urgency or "routine"
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    buttons = () if following else AFTER_ANSWER
    same_level = now.urgency == given.get("urgency")
    said_alike = (given.get("red_flags"), _first_risk(given)) == (state.assessment["red_flags"], _first_risk(state.assessment))
    if same_level and said_alike:
        key = "unchanged" if changes.anything else (
            "stays" if is_short(text) or is_nod(text) else "cross" if is_cross(text) else "worried" if is_worried(text) else "not_caught")
        return [Message(session.words.say(f"answer.{key}", headline=state.assessment["headline"]), buttons, state.assessment)]
    answer = _answer(state, now, session, following)
    lead = "answer.same_level" if same_level and not changes.corrected else "answer.changed"
    answer[0].text = f"{session.words.say(lead)} {answer[0].text}"
    return answer


def _first_risk(given: dict[str, Any]) -> str | None:
    return next((risk["id"] for risk in given.get("risks", ())), None)


# Taking an emergency back: one confirming question, shown with the emergency line


def retract(state: State, entities: list[dict[str, Any]], session: Session) -> list[Message]:
    """The person says that an emergency, or a red flag for today, is not (or no longer) theirs: ask once, with what to do if it is."""
    case, knowledge = state.case, session.knowledge
    level = _level_to_take_back(case, knowledge)
    names = [wording.name_of(item, knowledge) for item in _asked_whether_now(case, knowledge, level)]
    state.question, state.pending = RETRACT, entities
    key = "emergency.still_suicidal" if _in_crisis(case) else "emergency.still_there"
    text = session.words.say(key, names="; ".join(names) or "an emergency", at_once=session.words.say(f"emergency.at_once.{level}"))
    return [Message(text, STILL_THERE)]


def _asked_whether_now(case: Case, knowledge: Knowledge, level: str) -> list[str]:
    """Ids of what the confirming question names: at most three symptoms, results, facts or red flags that give the level."""
    evidence = [item for match in assess(case, knowledge).matches if match.urgency == level for item in sorted(match.evidence)
                if case.facts.get(item) != NO]
    return list(dict.fromkeys([*evidence, *case.red_flags]))[:3]


def _level_to_take_back(case: Case, knowledge: Knowledge) -> str:
    today = case.floor != "emergency" and assess(case, knowledge).urgency == "same_day"
    return "same_day" if today else "emergency"


def _retracted(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool) -> list[Message]:
    case, knowledge = state.case, session.knowledge
    answer = next(iter(chosen_options(text, STILL_THERE)), text)
    pending, state.pending = state.pending, []
    of_a_medicine = any(entity["entity"] == "medicine" for entity in entities)  # "no i meant mavenclad" corrects that only
    _remember(state, text)
    if is_unsure(answer) or not (is_no(answer) and not of_a_medicine or _takes_back(entities, text)):
        changes = take_in(case, entities, text, None, knowledge, session.today, correcting)
        now = assess(case, knowledge)
        if now.urgency == "emergency":
            return _urgent(state, now, session, changes=changes, text=text)
        return _go_on(state, None, changes, now, session, text)
    crisis, level = _in_crisis(case), _level_to_take_back(case, knowledge)
    denied = [item for item in _asked_whether_now(case, knowledge, level) if item in knowledge.symptoms]
    case.red_flags.clear()
    case.floor = "same_day" if crisis else None  # who has written of suicide is to be asked about it by a person today
    take_in(case, pending, "", None, knowledge, session.today, correcting=True)
    _drop_findings(case, knowledge, level)
    for item in denied:  # and it is not asked for again
        case.findings.setdefault(item, Finding(item, DENIED, {}, wording.quoted(text.strip())))
    now = assess(case, knowledge)
    if now.urgency == "emergency":  # a result that stands by itself
        return _urgent(state, now, session)
    state.assessment = None
    messages = _go_on(state, None, Changes(corrected=[RETRACT]), now, session, text)
    at_once = session.words.say(f"emergency.at_once.{level}")
    return [Message(session.words.say("taken_back_suicidal" if crisis else "taken_back", at_once=at_once)), *messages]


def _drop_findings(case: Case, knowledge: Knowledge, level: str) -> None:
    """What made it so urgent goes with it: symptoms and a fever, not a measured blood result."""
    while rank((now := assess(case, knowledge)).urgency) >= rank(level):
        evidence = {item for match in now.matches if rank(match.urgency) >= rank(level) for item in match.evidence}
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
    state.amending = True
    return [Message("\n".join([session.words.say("understood_lead"), *lines]), custom=data), *_continue(state, session)]


def correct(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A correction. One that takes back an emergency is confirmed first; one that names nothing shows what was understood."""
    if state.question == RETRACT:
        return triage(state, entities, text, session, correcting=True)
    if (item := _item_named(state, text, session)) is not None:
        return _instead_of(state, item, session)
    if (other := contrasted(state.case, text, session.knowledge)) is not None:
        finding, instead = other
        if not instead and not _tells(entities):
            return _instead_of(state, wording.name_of(finding.id, session.knowledge), session)
        entities = [*entities, *instead]
    measured = any(entity["entity"] in ("lab_result", "temperature") for entity in entities)
    told_now = {entity["value"] for entity in entities if entity["entity"] == "red_flag"}
    flagged = state.case.red_flags.keys() - told_now
    emergency = flagged or state.case.floor == "emergency"
    if emergency and not measured and not any(entity["entity"] == "medicine" for entity in entities):
        return retract(state, entities, session)
    said = triage(state, entities, text, session, correcting=True)
    return [*said, *retract(state, [], session)] if measured and flagged else said


def _instead_of(state: State, item: str, session: Session) -> list[Message]:
    """Ask what is right in the place of something that was understood."""
    state.amending = True
    return [Message(session.words.say("instead_of", item=item))]


def _item_named(state: State, text: str, session: Session) -> str | None:
    """The item of the understood list that "2 is wrong" speaks of."""
    named = _ITEM_WRONG.fullmatch(plain(text))
    items = understood_card(state.case, session.knowledge)["items"]
    place = _PLACES.get(named[1], int(named[1]) if named[1].isdigit() else 0) if named else 0
    return items[place - 1]["value"] if 0 < place <= len(items) else None


_ITEM_WRONG = re.compile(
    r"\W*(?:(?:number|no\.?|item|point|the) )?(\d|\w+?)(?: one)? (?:is|was|'s) (?:wrong|not right|incorrect)\W*")
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def answer(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """Answer a question from the content; triage what the same message reports; go on with the interview."""
    own_medicines = [use.id for use in state.case.taken()]
    state.about = [entity["value"] for entity in entities if entity["entity"] == "medicine"] or state.about or own_medicines
    found = answer_question(text, entities, session.knowledge, own_medicines or state.about)
    own = _own_results(state, text, session)
    said = [Message(item) for item in (own, session.words.fill(found) if found else "") if item]
    if _tells(entities):
        return said + triage(state, entities, text, session)
    if not said and not entities:
        return small_turn(state, "out_of_scope", entities, text, session)
    if not said and not all(entity["entity"] == "medicine" and entity.get("role") == "asked" for entity in entities):
        return triage(state, entities, text, session)
    taken = [entity for entity in entities if entity["entity"] == "medicine" and entity.get("role") != "asked"]
    take_in(state.case, taken, "", None, session.knowledge, session.today)
    return (said or [Message(session.words.say("no_answer"))]) + _continue(state, session, only_open=True)


def _asked_on(state: State, text: str, entities: list[dict[str, Any]], session: Session) -> tuple[str, list[dict[str, Any]]]:
    """The question that goes on, made whole: "what about Kesimpta?" asks the same of another medicine, "and shingles?" something else."""
    entities = [{**entity, "role": "hypothetical"} if entity["entity"] == "symptom" else entity for entity in entities]
    if any(entity["entity"] == "medicine" for entity in entities):
        return f"{state.inquiry} {text}", entities
    entities += [{"entity": "medicine", "value": medicine, "role": "asked"} for medicine in state.about]
    return text if names_an_effect(text, session.knowledge) else f"{state.inquiry} {text}", entities


def _asks_of_results(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> bool:
    return text.rstrip().endswith("?") and not entities and bool(_own_results(state, text, session))


_MY_RESULTS = re.compile(
    r"\b(?:(?:my|the|these|those|them) (?:blood |test |lab |last |latest )*"
    r"(?:results?|bloods?|tests?|labs?|levels?|counts?|numbers?|values?|figures?)"
    r"|are (?:they|these|those) (?:ok|okay|normal|fine|bad|high|low|good|alright|all right))\b")


def _own_results(state: State, text: str, session: Session) -> str:
    """The person's own results that a question names, by the test, by the number or all together, each beside what is usual; else empty."""
    words, numbers = plain(text), set(re.findall(r"\d+(?:\.\d+)?", text))
    all_of_them = bool(_MY_RESULTS.search(words))

    def is_named(result: LabResult) -> bool:
        names = [*session.knowledge.labs[result.test]["lay_names"], session.knowledge.labs[result.test]["name"]]
        return f"{result.value:g}" in numbers or any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", words) for name in names)

    known = [result for result in state.case.labs.values() if result.value is not None]
    asked = [result for result in known if is_named(result)] or (known if all_of_them else [])
    return " ".join(wording.own_result(result, session.knowledge, session.words) for result in asked[:3])


def _tells(entities: list[dict[str, Any]]) -> bool:
    return any(entity["entity"] in ("symptom", "lab_result", "temperature") and is_told(entity) for entity in entities)


def other_language(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """One safe sentence in the person's language. Words of danger in it count as an emergency; the words are kept for the team."""
    code = detect(text) or "en"
    keep_words(state.case, text)
    named = [entity for entity in entities if entity["entity"] == "medicine"]  # names are the same in every language
    take_in(state.case, named, "", None, session.knowledge, session.today)
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
    """The rest of the answer, part by part, or the open question when nothing was answered yet."""
    if state.assessment is None:
        return [Message(session.words.say("help")), *_continue(state, session)]
    card, parts = {**state.assessment, "detail": True}, wording.more_parts(state.assessment, session.words)
    state.read += 1  # after the last part it begins again
    return [Message(parts[(state.read - 1) % len(parts)], ("Summary for my MS team", "Change something"), card)]


def summary(state: State, session: Session) -> list[Message]:
    """The note for the MS team."""
    data = summary_card(state.case, state.assessment, session.knowledge, session.words)
    return [Message(data["text"], custom=data), *_continue(state, session)]


def why(state: State, session: Session) -> list[Message]:
    """Why the open question is asked, or why the advice was given."""
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None:
        return repeat(state, session) if state.assessment else [Message(session.words.say("no_question_open"))]
    asked = _asked(question, session)
    return [Message(f"{question.why or session.words.say('why_nothing')} {asked.text}", asked.buttons)]


def repeat(state: State, session: Session) -> list[Message]:
    """Where we stand, to somebody who doubts it or does not know what to do: the advice, why, its source, whom to ask; or what is asked."""
    words = session.words
    if state.assessment is None or state.question in (RETRACT, RETURNED):
        question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
        return [_asked(question, session, "no_advice_yet")] if question else [Message(words.say("help")), *_continue(state, session)]
    if _in_crisis(state.case):
        return _stay(state, session)
    state.repeated += 1
    text = wording.advice_again(state.assessment, state.case, session.knowledge, words) if state.repeated == 1 else \
        words.say("answer.said_again", headline=state.assessment["headline"], whom=words.whom(state.assessment["urgency"], short=True))
    emergency = state.assessment["urgency"] == "emergency"
    following = [] if emergency else _continue(state, session)
    return [Message(text, () if emergency or following else AFTER_ANSWER, state.assessment), *following]


def go_back(state: State, session: Session) -> list[Message]:
    """Take back the last answer; said again, the one before it. What made it an emergency is taken back by a clear word only."""
    words = session.words
    if not state.history:
        return [Message(words.say("nothing_to_go_back")), *_continue(state, session)]
    if state.question == RETRACT:
        state.question = None
        return _stay(state, session)
    if state.case.floor == "emergency":
        return retract(state, [], session)
    flags, floor, before = state.case.red_flags, state.case.floor, state.history[-1]
    state.case = Case.from_dict(copy.deepcopy(before["case"]))
    state.case.floor, state.case.red_flags = most_urgent(floor, state.case.floor), {**flags, **state.case.red_flags}
    state.question, state.history, state.missed, state.unanswered = before["question"], state.history[:-1], 0, []
    if state.assessment is not None:
        state.assessment = wording.card(assess(state.case, session.knowledge), state.case, session.knowledge, words, session.model)
    stands = words.say("answer.floor", headline=state.assessment["headline"]) if state.assessment else ""
    said = f"{words.say('gone_back', said=before['said'])} {stands}".strip()
    following = _continue(state, session)
    return [Message(said, () if following or not stands else AFTER_ANSWER, state.assessment), *following]


def start_over(state: State, session: Session) -> list[Message]:
    """Begin anew; "go back" brings it all back. An emergency already given stays the floor until it is corrected."""
    case = state.case
    fresh = Case(contact_count=case.contact_count, contact_again=case.contact_again, red_flags=dict(case.red_flags),
                 floor="emergency" if case.floor == "emergency" else None)
    _remember(state, session.words.say("all_of_it"))
    state.case, state.question, state.missed, state.unanswered = fresh, None, 0, []
    if not fresh.floor:
        state.assessment = None
    return [Message(session.words.say("started_over")), *_continue(state, session)]


def small_turn(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A fixed text, then the open question again so that the interview goes on. Medicines named on the way are kept."""
    if intent in ADVICE and _tells(entities):
        return _with_aside(triage(state, entities, text, session), intent, session)
    kept = [entity for entity in entities if entity["entity"] in ("medicine", "age", "sex", "fact")]
    take_in(state.case, kept, "", None, session.knowledge, session.today)
    if state.case.floor == "emergency" and _takes_back(entities, text):
        return retract(state, entities, session)
    if intent == "refuse":
        return _refused(state, session)
    if intent == "out_of_scope" and state.case.floor != "emergency" and names_an_effect(text, session.knowledge):
        return answer(state, entities, text, session)
    if state.question and intent in (*ANSWERED_BY, *ADVICE) and is_short(text) and not text.rstrip().endswith("?"):
        # "no thanks", "no I wouldn't hurt myself" to the open question
        return triage(state, entities, text, session)
    if is_cross(text) and state.case.floor != "emergency":
        if state.question is not None:
            return triage(state, entities, text, session)  # asked once more, then passed over
        intent = "cross"
    if intent in ("thanks", "goodbye") and (_in_crisis(state.case) or state.question == RETURNED):
        return _stay(state, session) if _in_crisis(state.case) else [Message(session.words.say(intent))]
    if intent in ADVICE and _speaks_for_itself(state, session):  # "can i just start again after two weeks?" may be urgent
        return triage(state, entities, text, session)
    if intent == "diagnosis" and state.assessment is not None and not _in_crisis(state.case):  # "is it serious?"
        return _put_beside(repeat(state, session), Message(session.words.say("aside.diagnosis")))
    if intent == "help" and state.case.red_flags and state.case.floor == "emergency":
        return [Message(_instruction(state, session), custom=state.assessment)]
    if intent in ("out_of_scope", "small_talk", "greet", "prompt_injection", "help") and state.case.floor == "emergency":
        return _continue(state, session)
    if intent == "goodbye" and not state.case.has_complaint():
        return [Message(session.words.say(intent))]
    begins = intent not in ("thanks", "goodbye") or state.case.has_complaint()  # who says thanks for an answer asks nothing now
    return [Message(session.words.say(intent)), *_continue(state, session, only_open=not begins)]


def _speaks_for_itself(state: State, session: Session) -> bool:
    """Whether what was told so far gives an urgency that nobody has been told yet."""
    now = assess(state.case, session.knowledge)
    return rank(now.urgency) >= rank("soon") and rank(now.urgency) > rank((state.assessment or {}).get("urgency"))


def _instruction(state: State, session: Session) -> str:
    """What to do about the most urgent red flag, once more: in its own words if they are those of an emergency."""
    flag = session.knowledge.red_flags[assess(state.case, session.knowledge).red_flags[0]]
    own = session.words.fill(flag["instruction"])
    return own if flag["urgency"] == "emergency" else " ".join(session.words.lines("urgency.emergency.actions"))


def _refused(state: State, session: Session) -> list[Message]:
    """Once with the reason and the number; after that the advice stands without an argument."""
    if state.assessment is None and state.case.floor is None:
        return [Message(session.words.say("refuse_other")), *_continue(state, session)]
    if _in_crisis(state.case):
        return _stay(state, session)  # warm words, no argument
    state.refused += 1
    words, given = session.words, state.assessment or {}
    headline = given.get("headline") or words.say("urgency.emergency.headline")
    if given.get("urgency", "emergency") != "emergency":
        return [Message(words.say("refuse_call", headline=headline, whom=words.whom(given["urgency"])))]
    return [Message(words.say("refuse" if state.refused == 1 else "refuse_again", headline=headline))]


def _continue(state: State, session: Session, only_open: bool = False) -> list[Message]:
    """The open question again, the first question, or the standing emergency; nothing after a finished answer."""
    if state.question == RETRACT:
        return retract(state, state.pending, session)
    if state.question == RETURNED:
        return [_same_or_new(state, gap(state.at, session.words.now) or timedelta(), session)]
    now = assess(state.case, session.knowledge)
    if now.urgency == "emergency":
        given = (state.assessment or {}).get("urgency") == "emergency"
        return _stay(state, session) if given else _urgent(state, now, session)
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None and state.assessment is None and not only_open:
        question = next_question(state.case, session.knowledge)
    if question is None:
        return []
    reminder, state.question = state.question == question.id, question.id
    return [_reminded(question, session) if reminder else _asked(question, session)]


# Coming back after a clear gap


def _come_back(state: State, intent: str, entities: list[dict[str, Any]], text: str, away: timedelta,
               session: Session) -> tuple[list[Message], bool]:
    """What is said first to somebody who was away, and whether that is the whole turn.

    A complaint tells by itself whether it is the same matter. Anything else is asked about, and until that is answered nothing is
    taken from the case: an emergency still counts, but no longer speaks into every turn.
    """
    case, asked = state.case, state.question == RETURNED
    if not case.has_complaint() and case.floor is None:
        state.case, state.assessment = new_matter(case, away, session.knowledge), None
        return [], False
    complaints, flagged = complaints_in(entities), any(entity["entity"] == "red_flag" for entity in entities)
    if flagged or complaints:
        same = is_same(complaints, case, session.knowledge) and not (asked and _SOMETHING_NEW.search(plain(text)))
    elif asked and TURNS.get(intent) in ("triage", "correct", "small_turn"):
        same = _same_matter_said(text) if not state.missed else True  # unclear twice: the more careful case
    else:
        same = None
    if same is None:
        return _ask_same_or_new(state, intent, entities, away, session)
    lead = [Message(_taken_up(case, same, away, session))]
    state.case = same_matter(case, away, session.knowledge) if same else new_matter(case, away, session.knowledge)
    state.question, state.missed, state.unanswered, state.refused, state.history = None, 0, [], 0, []
    state.assessment = None  # what was denied then is asked anew; the level given then stays the floor
    if flagged or complaints:
        return [] if flagged else lead, False
    state.at = session.words.now.isoformat()
    if not same:
        return [*lead, *_continue(state, session)], True
    now = assess(state.case, session.knowledge)
    if now.urgency == "emergency":
        return _urgent(state, now, session), True
    return [*lead, *_go_on(state, None, Changes(corrected=[RETURNED]), now, session, text)], True


def _taken_up(case: Case, same: bool, away: timedelta, session: Session) -> str:
    """How the matter is taken up: the same, a new one, or a new one after an emergency that may still be there."""
    if same:
        return session.words.say("back.same", when=how_long(away, session.words))
    after = "_after_emergency" if case.floor == "emergency" else ""
    return session.words.say(f"back.new{after}", told=remembered(case, session.knowledge))


_SOMETHING_NEW = re.compile(r"\b(?:new|else|different|other|another)\b")
_THE_SAME = re.compile(r"\b(?:same|still|again|worse|both)\b")


def _same_matter_said(text: str) -> bool | None:
    """Whether the person says that it is the same matter; None if that is not clear."""
    words = next(iter(chosen_options(text, SAME_OR_NEW)), plain(text)).lower()
    if _THE_SAME.search(words) or is_yes(words):
        return True
    return False if _SOMETHING_NEW.search(words) or is_no(words) else None


def _ask_same_or_new(state: State, intent: str, entities: list[dict[str, Any]], away: timedelta,
                     session: Session) -> tuple[list[Message], bool]:
    """A greeting or a few unclear words lead to the question; a question or a wish is answered first."""
    state.missed = int(state.question == RETURNED)
    state.question = RETURNED
    take_in(state.case, [entity for entity in entities if entity["entity"] == "medicine"], "", None, session.knowledge, session.today)
    if TURNS.get(intent) in ("triage", "correct") or intent in ("greet", "small_talk"):
        return [_same_or_new(state, away, session)], True
    return [], False


def _same_or_new(state: State, away: timedelta, session: Session) -> Message:
    words = session.words
    given = (state.assessment or {}).get("headline") or words.say(f"urgency.{state.case.floor or 'routine'}.headline")
    emergency = state.case.floor == "emergency"
    text = words.say("back.emergency" if emergency else "back.ask", when=how_long(away, words), headline=given,
                     told=remembered(state.case, session.knowledge))
    return Message(text, SAME_OR_NEW)


Taking = Callable[[State, list[dict[str, Any]], str, Session], list[Message]]
WHOLE: dict[str, Taking] = {"triage": triage, "correct": correct, "answer": answer, "other_language": other_language}
SHORT: dict[str, Callable[[State, Session], list[Message]]] = {
    "more": more, "summary": summary, "understood": understood, "why": why, "repeat": repeat, "go_back": go_back, "start_over": start_over}
