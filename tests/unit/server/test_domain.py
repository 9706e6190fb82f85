"""domain.yml and data/rules.yml are what the content makes of them."""

from assistant.domain import files


def test_the_files_are_what_the_content_says():
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path} is out of date: run `python -m assistant.domain`"
