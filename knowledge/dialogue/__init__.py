"""One turn of the conversation: what was read in, what is said out. Pure: Rasa, the shell and the tests all call this."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from knowledge.dialogue.coming_back import come_back
from knowledge.dialogue.correcting import CORRECTABLE, correct, item_named, names_nothing
from knowledge.dialogue.replying import answer, answer_or_stand, asked_on, asks_of_results, goes_on
from knowledge.dialogue.reporting import put_beside, triage
from knowledge.dialogue.showing import go_back, more, repeat, start_over, summary, understood, why
from knowledge.dialogue.small_turns import has_called, other_language, small_turn, will_call
from knowledge.dialogue.state import AFTER_ANSWER, RED_FLAG, RETRACT, RETURNED, TURNS, Message, Session, State, in_crisis
from knowledge.intake import take_in
from knowledge.interview import question_by_id
from knowledge.language.intent import is_asking
from knowledge.language.short_answers import MOST_WORDS, chosen_options, is_cross, is_no, is_nod, is_short, plain
from knowledge.language.time import parse_time_answer
from knowledge.questions import names_an_effect
from knowledge.returning import gap

__all__ = ["AFTER_ANSWER", "RED_FLAG", "RETRACT", "RETURNED", "TURNS", "Message", "Session", "State", "take"]


def take(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """One turn, by what the person wants: the one way in for the actions, the vignettes and the tests. Changes `state` in place."""
    lead: list[Message] = []
    away = gap(state.at, session.words.now)
    if away:
        lead, ended = come_back(state, intent, entities, text, away, session)
        if ended:
            return lead
    if state.question != RETURNED:
        state.at = session.words.now.isoformat()
    inquiry = text
    if goes_on(state, text) and not intent.startswith(RED_FLAG):
        inquiry = state.inquiry
        text, entities = asked_on(state, text, entities, session)
        turn = "answer"
    else:
        turn = _turn(state, intent, entities, text, session)
    state.read = state.read if turn == "more" else 0
    state.repeated = state.repeated if turn in ("repeat", "why", "asked") or intent == "diagnosis" else 0
    state.vain = state.vain if turn == "correct" else 0
    if intent.startswith(RED_FLAG):
        said = triage(state, entities, text, session, flag_said=True)
    elif state.case.floor == "emergency" and has_called(entities, text):
        said = [Message(session.words.say("emergency.called_suicidal" if in_crisis(state.case) else "emergency.called"),
                        custom=state.assessment)]
    elif state.case.floor == "emergency" and not in_crisis(state.case) and will_call(entities, text):
        said = [Message(session.words.say("emergency.will_call"), custom=state.assessment)]
    elif turn in _WHOLE:
        said = _WHOLE[turn](state, entities, text, session)
    elif turn in _SHORT:
        said = _SHORT[turn](state, session)
    else:
        said = small_turn(state, intent, entities, text, session)
    state.inquiry = inquiry
    if _PICTURE.search(plain(text)) and not intent.startswith(RED_FLAG):
        said = put_beside(said, Message(session.words.say("no_pictures"))) if said else said
    return said if said and said[0].custom else lead + said  # an answer begins with what to do


# A channel's mark for a picture, or one that is spoken of.
_PICTURE = re.compile(
    r"^\W*[\[<](?:image|photo|picture|video|voice|audio|file|media|sticker|attachment)\b[^\]>]*[\]>]\W*$"
    r"|\b(?:photo|picture|pic|screenshot)s? of (?:my|the|it|this)\b"
    r"|\b(?:sent|sending|attached|uploaded|see|here'?s|here is) (?:you )?(?:a|the|my|this) (?:photo|picture|pic|image|screenshot)\b")


def _turn(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> str:
    """The name of the turn: what the person wants, in the light of what is open and of what was just shown."""
    amending, state.amending = state.amending, 0
    turn = TURNS.get(intent, "triage")
    if turn in ("triage", "correct"):
        state.about = []
    picks = amending == 2 or state.question is None or not text.strip().isdigit()  # else the number is an option of the open question
    names_one = bool(amending) and picks and (
        any(entity["entity"] in CORRECTABLE for entity in entities) or item_named(state, text, session) is not None)
    if turn == "triage" and names_one:
        turn = "correct"
    if turn == "correct" and amending == 2 and not names_one and names_nothing(state, entities, text, session):
        turn, state.amending = "triage", 2  # the list was just shown: the open question is asked again, or passed over
    if turn == "correct" and state.question and is_no(text) and entities and all(entity["value"] in _WELL for entity in entities):
        turn = "triage"  # "no its fine otherwise" answers
    if turn in ("repeat", "more") and is_nod(text):
        turn = "triage"  # "ok will do"
    if turn not in ("triage", "correct") and _answers_in_its_words(state, text, session):
        turn = "triage"
    if turn in ("correct", "small_turn", "triage", "understood", "repeat") and asks_of_results(state, entities, text, session):
        turn = "answer"
    if turn == "triage" and _asks_only(state, entities, text):
        turn = "asked"
    if intent == "out_of_scope" and state.case.floor != "emergency" and names_an_effect(text, session.knowledge):
        turn = "answer"
    return turn


_WELL = ("otherwise_well", "no_symptom")


def _asks_only(state: State, entities: list[dict[str, Any]], text: str) -> bool:
    """A question to which the words hold nothing else, while another is open or after an answer: no answer, and no miss."""
    read = [entity for entity in entities if entity["entity"] not in ("other_medicine", "medicine_hint")]
    stands = state.question not in (None, RETRACT, RETURNED) or state.assessment is not None and state.question is None
    marked = text.rstrip().endswith("?")  # else it is a guess: "what a strange thing to ask"
    patience = state.repeated < 2 if marked else not state.repeated and not state.missed
    return stands and not read and patience and is_asking(plain(text)) and bool(re.search(r"\w", text)) and not is_short(text)


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


_Taking = Callable[[State, list[dict[str, Any]], str, Session], list[Message]]
_WHOLE: dict[str, _Taking] = {
    "triage": triage, "correct": correct, "answer": answer, "asked": answer_or_stand, "other_language": other_language}
_SHORT: dict[str, Callable[[State, Session], list[Message]]] = {
    "more": more, "summary": summary, "understood": understood, "why": why, "repeat": repeat, "go_back": go_back, "start_over": start_over}
