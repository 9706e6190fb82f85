"""Reviews count for exactly what was reviewed."""

import shutil
from pathlib import Path

import orjson
import pytest

from assistant.staff.checkout import Checkout
from assistant.staff.content import LAPSED, PROPOSED, REVIEWED, WAITING, Content, now
from assistant.training import fingerprint
from knowledge import reviews, schema
from knowledge.case import Case, Finding, MedicineUse
from knowledge.release import Knowledge
from knowledge.triage import assess
from knowledge.yaml_files import YamlFile

SHARED, NUMBERED, OWN = "anti_cd20.pml.same_day", "cd4.1", "alemtuzumab_itp.same_day"


@pytest.fixture
def data(data):
    """A copy that a test may change."""
    return orjson.loads(orjson.dumps(data))


def rule_of(data, identifier):
    return next(rule for rule in reviews.reviewables(data) if rule.id == identifier)


def file_with(tmp_path: Path, *entries: reviews.Entry) -> YamlFile:
    path = tmp_path / "reviews" / "some.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(reviews.HEAD + "".join(map(reviews.as_yaml, entries)), encoding="utf-8")
    return YamlFile(path, tmp_path)


def review(data, identifier: str, by: str = "A. Nurse") -> reviews.Entry:
    return reviews.entry_for(rule_of(data, identifier), by, "2026-11-28", "read the label")


@pytest.mark.parametrize("identifier", [SHARED, NUMBERED, OWN])
def test_a_review_marks_its_rule(data, tmp_path, identifier):
    assert reviews.apply(data, [file_with(tmp_path, review(data, identifier))]) == []
    reviewed = [rule.id for rule in reviews.reviewables(data) if rule.data.get("review")]
    assert reviewed == [identifier]
    assert rule_of(data, identifier).data["review"] == {"by": "A. Nurse", "date": "2026-11-28", "note": "read the label"}


@pytest.mark.parametrize("identifier", [SHARED, NUMBERED, OWN])
@pytest.mark.parametrize(("key", "value"), [("text", "other words"), ("urgency", "routine"), ("when", "rash"), ("lowers", ["rash"])])
def test_a_review_lapses_when_the_rule_changes(data, tmp_path, identifier, key, value):
    file = file_with(tmp_path, review(data, identifier))
    rule_of(data, identifier).data[key] = value
    assert reviews.apply(data, [file]) == []
    assert "review" not in rule_of(data, identifier).data
    assert data["lapsed_reviews"][identifier]["by"] == "A. Nurse"


def test_staff_see_which_rules_are_reviewed_and_which_changed(data, tmp_path):
    reviews.apply(data, [file_with(tmp_path, review(data, SHARED), review(data, OWN))])
    rule_of(data, OWN).data.pop("review")
    data["lapsed_reviews"] = {OWN: {"by": "A. Nurse", "date": "2026-11-28"}}
    content = Content(Knowledge(data))
    assert [content.rule(identifier).state for identifier in (SHARED, OWN, NUMBERED)] == [REVIEWED, LAPSED, PROPOSED]
    assert content.counts()["reviewed"] == content.counts()["lapsed"] == 1


def test_a_rule_that_moves_keeps_its_review(data, tmp_path):
    file = file_with(tmp_path, review(data, NUMBERED))
    lab = next(item for item in data["labs"] if item["id"] == "cd4")
    lab["rules"].insert(0, {"text": "a new first rule", "when": {"lab": "cd4", "below": 10}, "urgency": "same_day"})
    reviews.apply(data, [file])
    assert [rule.id for rule in reviews.reviewables(data) if rule.data.get("review")] == ["cd4.2"]


def test_a_second_review_after_a_change_counts(data, tmp_path):
    first = review(data, OWN)
    rule_of(data, OWN).data["text"] = "other words"
    reviews.apply(data, [file_with(tmp_path, first, review(data, OWN, by="B. Pharmacist"))])
    assert rule_of(data, OWN).data["review"]["by"] == "B. Pharmacist"
    assert data["lapsed_reviews"] == {}


def test_mistakes_are_named_with_file_and_line(data, tmp_path):
    path = tmp_path / "reviews" / "wrong.yml"
    path.parent.mkdir()
    unknown = "- rule: no_such_rule\n  of: abc\n  by: A. Nurse\n  date: 2026-11-28\n"
    wrong = "- rule: x\n  of: abc\n  by: ' '\n  date: soon\n"
    path.write_text(unknown + wrong)
    mistakes = [str(mistake).split(": ", 1) for mistake in reviews.apply(data, [YamlFile(path, tmp_path)])]
    assert [place.rpartition("/")[2] for place, _ in mistakes] == ["wrong.yml:7", "wrong.yml:8", "wrong.yml:1"]
    assert "no rule 'no_such_rule'" in mistakes[-1][1]


def test_the_content_folder_with_a_review_file_loads_and_gives_the_same_advice(data, tmp_path):
    folder = tmp_path / "knowledge" / "content"
    shutil.copytree(schema.CONTENT, folder)
    (tmp_path / ".git").mkdir()
    checkout = Checkout(tmp_path)
    assert checkout.takes_reviews
    before = {path: path.read_bytes() for path in folder.rglob("*.yml")}
    checkout.add_review(review(data, OWN))
    checkout.add_review(review(data, OWN, by="B. Pharmacist"))
    assert {path: path.read_bytes() for path in before} == before, "no rule's file is touched"
    loaded = schema.load(folder)
    assert rule_of(loaded, OWN).data["review"]["by"] == "B. Pharmacist"
    case = Case(medicines={"alemtuzumab": MedicineUse("alemtuzumab")}, findings={"bruising": Finding("bruising")})
    assert assess(case, Knowledge(loaded)).urgency == assess(case, Knowledge(data)).urgency == "same_day"


def test_a_review_waits_until_the_next_release(data, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "knowledge" / "content").mkdir(parents=True)
    checkout, content = Checkout(tmp_path), Content(Knowledge(data))
    checkout.add_review(review(data, OWN))
    (tmp_path / "knowledge/content/reviews/broken.yml").write_text("- {rule: [")
    rules = [now(content.rule(identifier), checkout.waiting_reviews()) for identifier in (OWN, NUMBERED)]
    assert [rule.state for rule in rules] == [WAITING, PROPOSED]


def test_without_a_checkout_nothing_is_written(tmp_path):
    (tmp_path / "knowledge" / "content").mkdir(parents=True)
    (tmp_path / "stories").mkdir()
    assert not Checkout(tmp_path).takes_reviews
    assert not Checkout(tmp_path).takes_stories


def test_a_review_needs_no_new_model(tmp_path, monkeypatch):
    for name in ("config.yml", "domain.yml"):
        shutil.copy(name, tmp_path)
    shutil.copytree(schema.CONTENT, tmp_path / "knowledge" / "content")
    monkeypatch.chdir(tmp_path)
    before = fingerprint()
    folder = tmp_path / "knowledge" / "content" / reviews.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "new.yml").write_text("[]\n")
    assert fingerprint() == before


def test_shared_rules_are_found_by_the_id_under_which_they_fire(data):
    knowledge = Knowledge(data)
    content = Content(knowledge)
    missing = [rule.id for rule in knowledge.all_rules() if content.rule(rule.id) is None]
    assert missing == []
    assert content.rule("ocrelizumab_pml.same_day").id == SHARED
