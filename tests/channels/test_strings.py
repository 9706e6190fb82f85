"""The string tables: every language is whole, regional tables change what exists, and nothing is left unused."""

import json
import re
from pathlib import Path

import pytest

from assistant.channels.page import WEB, Page, Strings
from knowledge.clinic import load_clinic

CHANNELS = WEB.parent / "assistant" / "channels"

TABLES = Strings().tables
SOURCES = "".join((WEB / name).read_text("utf-8") for name in ("index.html", "turn.html", "chat.js"))


@pytest.mark.parametrize("language", Strings().languages())
def test_a_language_has_every_string_with_the_same_places(language: str) -> None:
    assert set(TABLES[language]) == set(TABLES["en"])
    for name, text in TABLES["en"].items():
        assert set(re.findall(r"{\w+}", TABLES[language][name])) == set(re.findall(r"{\w+}", text)), name


@pytest.mark.parametrize("name", [name for name in TABLES if "-" in name])
def test_a_regional_table_only_changes_strings_that_exist(name: str) -> None:
    base = TABLES[name.split("-")[0]]
    assert set(TABLES[name]) <= set(base)
    assert all(text != base[key] for key, text in TABLES[name].items())


def test_every_string_that_the_page_asks_for_exists() -> None:
    asked = set(re.findall(r"\bt\.(\w+)", SOURCES)) | set(re.findall(r'\b(?:say|status)\("(\w+)"', SOURCES))
    assert asked <= set(TABLES["en"])


def test_wording_follows_the_country() -> None:
    assert Strings().table("en", "US")["who_to_call"] == "Whom to call"
    assert Strings().table("en", "GB")["who_to_call"] == "Who to call"
    assert Strings().table("xx", None) == TABLES["en"]


def test_no_string_is_left_over() -> None:
    asked = SOURCES + "".join((CHANNELS / name).read_text("utf-8") for name in ("cards.py", "page.py", "web.py"))
    by_prefix = ("urgency_", "note_", "undo", "told", "summary")  # names that the templates put together
    assert [name for name in TABLES["en"] if name not in asked and not name.startswith(by_prefix)] == []


def test_one_more_file_is_one_more_language(tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text(json.dumps(TABLES["en"]), "utf-8")
    (tmp_path / "cy.json").write_text(json.dumps({**TABLES["en"], "send": "Anfon"}), "utf-8")
    strings = Strings(tmp_path)
    assert strings.languages() == ["cy", "en"]
    assert strings.table("cy", "GB")["send"] == "Anfon"


def test_the_launcher_has_its_words_from_the_table() -> None:
    clinic = load_clinic(Path(__file__).parents[2] / "clinic.yml")
    script = Page(clinic, "/chat").assets["embed.js"].body.decode()
    assert f'"launch": "{TABLES["en"]["launch"]}"' in script
    assert "from the string tables" not in script
