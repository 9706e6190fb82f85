"""A model is trained again when, and only when, what it is made of has changed."""
from pathlib import Path

import pytest

from assistant.training import fingerprint, model_file

INGREDIENTS = (
    "config.yml",
    "domain.yml",
    "data/nlu.yml",
    "knowledge/content/groups.yml",
    "assistant/components/a.py",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in INGREDIENTS:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("before")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("changed", INGREDIENTS)
def test_a_change_of_any_ingredient_asks_for_another_model(project: Path, changed: str) -> None:
    before = model_file()
    (project / changed).write_text("after")
    assert model_file() != before


def test_other_files_and_times_do_not(project: Path) -> None:
    before = fingerprint()
    (project / "README.md").write_text("new")
    (project / "models").mkdir()
    (project / "data/nlu.yml").touch()
    assert fingerprint() == before


def test_a_renamed_or_added_file_does(project: Path) -> None:
    before = fingerprint()
    (project / "data/nlu.yml").rename(project / "data/other.yml")
    renamed = fingerprint()
    (project / "data/more.yml").write_text("")
    assert len({before, renamed, fingerprint()}) == 3
