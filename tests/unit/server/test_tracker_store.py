"""Conversations in a database that comes and goes."""
from pathlib import Path

import pytest
from loops import in_its_own_loop
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from assistant.tracker_store import RECENT, ConversationStore, short_memory

DOMAIN = Domain.from_yaml('version: "3.1"\nintents: [greet]\n')


def conversation(text: str) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", [UserUttered(text, {"name": "greet"})], DOMAIN.slots)


async def in_short(store: ConversationStore) -> DialogueStateTracker | None:
    with short_memory():
        return await store.retrieve("somebody")


def test_a_conversation_survives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/conversations.db"
    in_its_own_loop(ConversationStore(DOMAIN, url).save(conversation("hello")))
    found = in_its_own_loop(ConversationStore(DOMAIN, url).retrieve("somebody"))
    assert found and found.latest_message and found.latest_message.text == "hello"


def test_it_starts_without_its_database_and_works_once_that_is_there(tmp_path: Path) -> None:
    blocked = tmp_path / "conversations.db"
    blocked.mkdir()  # a folder where the file should be: it cannot be opened
    store = ConversationStore(DOMAIN, f"sqlite:///{blocked}")
    with pytest.raises(SQLAlchemyError):
        in_its_own_loop(store.retrieve("somebody"))
    blocked.rmdir()
    in_its_own_loop(store.save(conversation("hello")))
    assert in_its_own_loop(store.retrieve("somebody"))


def test_an_error_does_not_quote_the_patient_or_the_password(tmp_path: Path) -> None:
    store = ConversationStore(DOMAIN, f"sqlite:///{tmp_path}/conversations.db")
    in_its_own_loop(store.save(conversation("hello")))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE events")
    with pytest.raises(SQLAlchemyError) as caught:
        in_its_own_loop(store.save(conversation("CANARY")))
    assert "CANARY" not in str(caught.value)
    away = ConversationStore(DOMAIN, "postgresql+psycopg2://somebody:PASSWORD@127.0.0.1:9/db")
    with pytest.raises(SQLAlchemyError) as caught:
        in_its_own_loop(away.retrieve("somebody"))
    assert "PASSWORD" not in str(caught.value)


def test_a_long_conversation_is_read_in_part_and_stored_whole(tmp_path: Path) -> None:
    store = ConversationStore(Domain.from_yaml(
        'version: "3.1"\nintents: [greet]\nslots:\n  early: {type: any, mappings: [{type: custom}]}\n'
        "  late: {type: any, mappings: [{type: custom}]}\n"), f"sqlite:///{tmp_path}/conversations.db")
    turns = RECENT // 2
    tracker = DialogueStateTracker("somebody", store.domain.slots)
    tracker.update_with_events([SessionStarted(), ActionExecuted("action_listen"), SlotSet("early", "kept")], store.domain)
    in_its_own_loop(store.save(tracker))
    for number in range(turns):
        tracker = in_its_own_loop(in_short(store))
        assert len(tracker.events) <= 15  # two turns and the slots
        tracker.update_with_events([UserUttered(f"turn {number}", {"name": "greet"}), ActionExecuted("action_triage"),
                                    SlotSet("late", number), ActionExecuted("action_listen")], store.domain)
        in_its_own_loop(store.save(tracker))
    assert tracker.get_slot("early") == "kept" and tracker.get_slot("late") == turns - 1
    whole = in_its_own_loop(store.retrieve("somebody"))
    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [f"turn {number}" for number in range(turns)]
    assert whole.get_slot("early") == "kept" and whole.get_slot("late") == turns - 1
