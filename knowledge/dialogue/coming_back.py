"""Coming back after a clear gap: the same matter or a new one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from knowledge.case import Case
from knowledge.dialogue.asking import SAME_OR_NEW, same_or_new
from knowledge.dialogue.going_on import carry_on, go_on
from knowledge.dialogue.standing import urgent
from knowledge.dialogue.state import RETURNED, TURNS, Message, Session, State
from knowledge.intake import take_in
from knowledge.intake.changes import Changes
from knowledge.language.short_answers import chosen_options, is_no, is_yes, plain
from knowledge.returning import complaints_in, how_long, is_same, new_matter, remembered, same_matter
from knowledge.triage import assess


def come_back(state: State, intent: str, entities: list[dict[str, Any]], text: str, away: timedelta,
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
        return [*lead, *carry_on(state, session)], True
    now = assess(state.case, session.knowledge)
    if now.urgency == "emergency":
        return urgent(state, now, session), True
    return [*lead, *go_on(state, None, Changes(corrected=[RETURNED]), now, session, text)], True


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
        return [same_or_new(state, away, session)], True
    return [], False
