"""Rasa's files are what the content makes of them."""

from pathlib import Path

import yaml

from assistant.domain import files

EXAMPLES = Path("data/nlu/read_for_certain.yml")


def test_the_files_are_what_the_content_says():
    for path, text in files().items():
        if path != EXAMPLES:
            assert path.read_text(encoding="utf-8") == text, f"{path} is out of date: run `python -m assistant.domain`"


def test_each_intent_that_is_read_has_its_examples():
    """Which of a red flag's words stand there does not matter: no component learns from them."""
    written, made = (yaml.safe_load(text)["nlu"] for text in (EXAMPLES.read_text(encoding="utf-8"), files()[EXAMPLES]))
    assert {item["intent"] for item in written} == {item["intent"] for item in made}
    assert all(item["examples"].count("- ") >= 2 for item in written)
