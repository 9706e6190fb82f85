"""Corrections: of the medicine, a value, a symptom, a time, or of an item in the list of what was understood."""

from __future__ import annotations

import re
from typing import Any

from knowledge import wording
from knowledge.dialogue.asking import retract
from knowledge.dialogue.reporting import triage
from knowledge.dialogue.state import RETRACT, Message, Session, State, tells
from knowledge.intake.amending import amends_a_result, contrasted
from knowledge.language.short_answers import plain
from knowledge.summary import understood_card

CORRECTABLE = ("medicine", "symptom", "lab_result", "temperature", "fact")


def correct(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A correction. One that takes back an emergency is confirmed first; one that names nothing shows what was understood."""
    if state.question == RETRACT:
        return triage(state, entities, text, session, correcting=True)
    if (item := item_named(state, text, session)) is not None:
        return _instead_of(state, item, session)
    if (other := contrasted(state.case, text, session.knowledge)) is not None:
        finding, instead = other
        if not instead and not tells(entities):
            return _instead_of(state, wording.name_of(finding.id, session.knowledge), session)
        entities = [*entities, *instead]
    measured = any(entity["entity"] in ("lab_result", "temperature") for entity in entities) or \
        amends_a_result(state.case, text, session.today, session.knowledge)
    told_now = {entity["value"] for entity in entities if entity["entity"] == "red_flag"}
    flagged = state.case.red_flags.keys() - told_now
    emergency = flagged or state.case.floor == "emergency"
    if emergency and not measured and not any(entity["entity"] == "medicine" for entity in entities):
        return retract(state, entities, session)
    said = triage(state, entities, text, session, correcting=True)
    return [*said, *retract(state, [], session)] if measured and flagged else said


def _instead_of(state: State, item: str, session: Session) -> list[Message]:
    """Ask what is right in the place of something that was understood."""
    state.amending = 1
    return [Message(session.words.say("instead_of", item=item))]


def item_named(state: State, text: str, session: Session) -> str | None:
    """The item of the understood list that "2 is wrong", or a bare "2", speaks of."""
    named = _ITEM_WRONG.fullmatch(plain(text))
    items = understood_card(state.case, session.knowledge)["items"]
    place = _PLACES.get(named[1], int(named[1]) if named[1].isdigit() else 0) if named else 0
    return items[place - 1]["value"] if 0 < place <= len(items) else None


_ITEM_WRONG = re.compile(
    r"\W*(?:(?:number|no\.?|item|point|the) )?(\d|\w+?)(?: one)?(?: (?:is|was|'s) (?:wrong|not right|incorrect))?\W*")


_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def names_nothing(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> bool:
    """Something is wrong, but once more not said what."""
    return not entities and state.question != RETRACT and state.case.floor != "emergency" \
        and contrasted(state.case, text, session.knowledge) is None
