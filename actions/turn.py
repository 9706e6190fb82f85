"""What every action shares: the state from the slots, one turn, the state back into the slots, and the words spoken."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import slots_from, state_from
from knowledge.case import Case
from knowledge.clinic import Clinic, load_clinic
from knowledge.database import DEFAULT_URL, Store, conversation_key
from knowledge.dialogue import Session, State, take
from knowledge.returning import CONTACT_ENDS_AFTER, gap
from knowledge.wording import Words

logger = logging.getLogger(__name__)

TRYING = "staff"  # the channel in which staff try the assistant: what they play is no patient's record


@lru_cache
def store() -> Store:
    """The knowledge database, opened once per process."""
    return Store(os.environ.get("KNOWLEDGE_DATABASE_URL", DEFAULT_URL), patience=1.0)


@lru_cache
def clinic() -> Clinic:
    """The clinic's settings, read once per process."""
    return load_clinic()


class Turn:
    """One turn of the conversation. What happens in it is told by the message's intent; subclasses only say their `name`."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Called by Rasa. An error goes up: the endpoint answers it with the safe text."""
        state = state_from(tracker.current_slot_values())
        given = state.assessment
        session = self._session(tracker, state)
        away = gap(state.at, session.words.now)
        if away and away > timedelta(days=clinic().retention_days):
            state = State()  # what is older than the clinic keeps is not remembered
        heard = tracker.latest_message
        messages = take(state, heard["intent"]["name"], heard.get("entities", []), heard.get("text") or "", session)
        state.offered = list(messages[-1].buttons) if messages and state.question is None else []
        for said in messages:
            buttons = [{"title": title, "payload": title} for title in said.buttons]
            dispatcher.utter_message(text=said.text, buttons=buttons or None, json_message=said.custom)
        if state.assessment and state.assessment != given and tracker.get_latest_input_channel() != TRYING:
            _keep(tracker.sender_id, state)
        return slots_from(state)

    def _session(self, tracker: Tracker, state: State) -> Session:
        knowledge = store().knowledge()
        now = datetime.now(ZoneInfo(clinic().time_zone))
        words = Words(knowledge.data["wording"]["en"], clinic(), now)
        earlier = [] if state.case.contact_again else _earlier(tracker.sender_id)
        return Session(knowledge, words, now.date(), os.environ.get("ASSISTANT_MODEL"), earlier)


def _key(sender: str) -> str:
    return conversation_key(sender, os.environ.get("ASSISTANT_SECRET", "development"))


def _earlier(sender: str) -> list[Case]:
    """The cases of this person's earlier contacts within the clinic's retention; none when the database is away."""
    now = datetime.now(UTC)
    kept = now - timedelta(days=clinic().retention_days)
    try:
        rows = store().earlier(_key(sender), before=now - CONTACT_ENDS_AFTER)
        return [Case.from_dict(row.case) for row in rows if row.at.replace(tzinfo=UTC) >= kept]
    except Exception as error:
        logger.error("earlier contacts not read: %s", type(error).__name__)
        return []


def _keep(sender: str, state: State) -> None:
    """Store the assessment. The answer matters more than the record: a database that is away does not hold it back."""
    try:
        store().save_assessment(_key(sender), state.case, state.assessment or {})
    except Exception as error:
        logger.error("assessment not stored: %s", type(error).__name__)
