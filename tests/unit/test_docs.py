"""README names every command, setting, slot and entity: documentation that is forgotten fails here."""

import re
from pathlib import Path

import pytest
import yaml

from assistant.settings import Settings
from knowledge.__main__ import main
from knowledge.urgency import LEVELS

README = Path("README.md").read_text(encoding="utf-8")
DOMAIN = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))
TARGETS = [name for name in re.findall(r"^([a-z-]+):.*## ", Path("Makefile").read_text(encoding="utf-8"), re.M) if name != "help"]


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_of_knowledge_is_in_the_readme(command):
    assert f"-m knowledge {command}" in README


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_in_the_readme(target):
    assert f"`{target}`" in README or f"make {target}" in README


@pytest.mark.parametrize("setting", [str(field.validation_alias) for field in Settings.model_fields.values()])
def test_every_setting_is_in_the_readme(setting):
    assert f"`{setting}`" in README


@pytest.mark.parametrize("name", [*DOMAIN["slots"], *DOMAIN["entities"], *LEVELS])
def test_every_slot_entity_and_level_is_in_the_readme(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert Path(link).exists()
