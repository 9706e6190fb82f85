"""Releases and stored assessments, on SQLite and PostgreSQL."""

import copy
import threading
import time

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from knowledge import difference
from knowledge.__main__ import main
from knowledge.case import Case, Finding, MedicineUse
from knowledge.database import Base, NoRelease, Store, conversation_key
from knowledge.triage import assess


@pytest.fixture(scope="session")
def stricter(data):
    """The content with one rule more urgent and one phrase more."""
    changed = copy.deepcopy(data)
    rule = next(rule for rule in changed["person_rules"] if rule["id"] == "pregnant_unknown_medicine")
    rule["urgency"] = "same_day"
    next(item for item in changed["symptoms"] if item["id"] == "bruising")["phrases"].append("purple all over my shins")
    return changed


def result_of(case, knowledge):
    found = assess(case, knowledge)
    return {"urgency": found.urgency, "rules": [match.id for match in found.matches], "knowledge_release": knowledge.release}


def bruised() -> Case:
    return Case(medicines={"alemtuzumab": MedicineUse("alemtuzumab", "past", since_last_dose="P18M")},
                findings={"bruising": Finding("bruising")})


def test_migrations_make_the_tables_the_program_uses(store):
    tables = inspect(store.engine)
    for name, table in Base.metadata.tables.items():
        assert {column["name"] for column in tables.get_columns(name)} == set(table.columns.keys())


def test_migrating_twice_does_nothing(store):
    store.migrate()


def test_without_a_release_it_says_so(store):
    with pytest.raises(NoRelease, match="python -m knowledge build"):
        store.knowledge()


def test_the_same_content_is_stored_once(store, data):
    assert store.add(data, "first", "nurse").id == store.add(data, "again", "other").id
    assert [(release.note, release.loaded_by) for release in store.releases()] == [("first", "nurse")]


def test_what_comes_back_is_what_went_in(store, data):
    assert store.content(store.add(data).id) == data


def test_activate_compare_and_roll_back(store, data, stricter):
    first, second = store.add(data), store.add(stricter)
    store.activate(first.id, "nurse")
    store.activate(second.id, "nurse", "stricter")
    assert store.active_id() == second.id
    changes = list(difference.in_words(store.content(first.id), store.content(second.id)))
    assert any("More urgent: pregnant_unknown_medicine from soon to same_day" in line for line in changes)
    assert any("purple all over my shins" in line for line in changes)
    back = list(difference.in_words(store.content(second.id), store.content(first.id)))
    assert back[0].startswith("LESS URGENT: pregnant_unknown_medicine")
    assert store.roll_back("nurse") == first.id == store.active_id()


def test_rolling_back_without_an_earlier_release_is_refused(store, data):
    with pytest.raises(NoRelease):
        store.roll_back()
    store.activate(store.add(data).id)
    with pytest.raises(NoRelease):
        store.roll_back()


def test_activating_what_is_not_there_changes_nothing(store, data):
    store.activate(store.add(data).id)
    with pytest.raises(KeyError):
        store.activate(99)
    assert store.active_id() == 1


def test_two_activations_at_once_end_in_one(store, data, stricter):
    numbers = [store.add(data).id, store.add(stricter).id]
    problems = []

    def activate(number):
        try:
            Store(store.url).activate(number, "somebody")
        except Exception as error:  # a thread's error would be lost otherwise
            problems.append(error)

    threads = [threading.Thread(target=activate, args=(number,)) for number in numbers * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    seen = {Store(store.url).active_id() for _ in range(5)} | {store.active_id()}
    assert len(seen) == 1 and seen <= set(numbers)


def test_two_processes_adding_the_same_content_at_once_share_one_release(store, data):
    numbers, problems = [], []

    def add():
        try:
            numbers.append(Store(store.url).add(data).id)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems and len(numbers) == 4
    assert {release.id for release in store.releases()} == set(numbers) and len(set(numbers)) == 1  # an insert that lost uses up a number


def test_a_running_server_takes_up_a_new_release(store, data, stricter):
    store.activate(store.add(data).id)
    running = Store(store.url)
    before = running.knowledge()
    assert running.knowledge() is before, "compiled once, not at each turn"
    number = store.add(stricter).id
    store.activate(number)
    assert running.knowledge().release.startswith(f"{number}-")


def test_a_stored_assessment_replays_to_the_same_answer_after_the_content_changed(store, data, stricter):
    store.activate(store.add(data).id)
    case, key = bruised(), conversation_key("anna", "secret")
    number = store.save_assessment(key, case, result_of(case, store.knowledge()))
    store.activate(store.add(stricter).id)
    row = store.assessment(number)
    assert Case.from_dict(row.case) == case
    again = result_of(Case.from_dict(row.case), store.compiled(row.release_id))
    assert again == row.result
    assert "anna" not in row.conversation


def test_the_replay_command_names_a_different_answer(store, data, monkeypatch):
    monkeypatch.setenv("KNOWLEDGE_DATABASE_URL", store.url)
    store.activate(store.add(data).id)
    case = bruised()
    result = result_of(case, store.knowledge())
    same = store.save_assessment("k", case, result)
    other = store.save_assessment("k", case, {**result, "urgency": "self_care"})
    good = CliRunner().invoke(main, ["replay", str(same)])
    bad = CliRunner().invoke(main, ["replay", str(other)])
    assert good.exit_code == 0 and "The answer is the same" in good.output
    assert bad.exit_code == 1 and "differs" in bad.output


def test_a_conversation_can_be_forgotten(store, data):
    store.activate(store.add(data).id)
    case = bruised()
    result = result_of(case, store.knowledge())
    for key in ("a", "a", "b"):
        store.save_assessment(key, case, result)
    assert len(store.earlier("a")) == 2
    assert store.forget("a") == 2
    assert not store.earlier("a") and len(store.earlier("b")) == 1
    assert store.forget_older_than(30) == 0 and store.forget_older_than(-1) == 1


def test_a_broken_release_is_refused_whole_and_the_old_one_stays(store, data, tmp_path, monkeypatch):
    monkeypatch.setenv("KNOWLEDGE_DATABASE_URL", store.url)
    store.activate(store.add(data).id)
    broken = tmp_path / "content"
    broken.mkdir()
    (broken / "facts.yml").write_text("facts: [{id: x}]")
    outcome = CliRunner().invoke(main, ["build", "--content", str(broken)])
    assert outcome.exit_code == 1 and "not taken up" in outcome.output
    assert store.active_id() == 1 and len(store.releases()) == 1


def test_a_database_that_is_away_is_retried_and_then_reported(tmp_path):
    away = Store(f"sqlite:///{tmp_path}/file/knowledge.db", patience=0.6)
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "knowledge.db").mkdir()  # a folder in its place: the file cannot be opened
    began = time.monotonic()
    with pytest.raises(OperationalError):
        away.migrate()
    assert 0.4 < time.monotonic() - began < 5


def test_a_database_that_comes_back_in_time_is_used(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/file/knowledge.db", patience=5)
    blocker = tmp_path / "file" / "knowledge.db"
    blocker.mkdir(parents=True)
    threading.Timer(0.5, blocker.rmdir).start()
    store.migrate()
    assert store.active_id() is None


def test_the_build_command_reports_a_database_that_is_away_without_a_traceback_or_password(monkeypatch):
    away = Store("postgresql+psycopg2://clinic:topsecret@127.0.0.1:1/none", patience=0.3)
    monkeypatch.setattr("knowledge.__main__._store", lambda: away)
    outcome = CliRunner().invoke(main, ["build"])
    assert outcome.exit_code == 1
    assert isinstance(outcome.exception, SystemExit), "a plain sentence, not a traceback"
    assert "topsecret" not in outcome.output and "database" in outcome.output
