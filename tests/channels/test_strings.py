"""The string tables: every language is whole, regional tables change what exists, and nothing is left unused."""

import re

import pytest

from assistant.channels.page import WEB, Strings

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
