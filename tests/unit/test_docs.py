"""README names every command, setting, slot and entity: documentation that is forgotten fails here."""

import re
from pathlib import Path

import pytest
import yaml

from assistant.channels.switchboard import CHANNELS, REFUSED, REFUSED_IN_PRODUCTION, channel_class
from assistant.settings import Settings
from knowledge import coverage
from knowledge.__main__ import main
from knowledge.urgency import LEVELS

README = Path("README.md").read_text(encoding="utf-8")
CHANNELS_PAGE = Path("docs/channels.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_setting_of_a_channel_is_in_the_readme_and_in_its_own_page(channel):
    for field in channel_class(channel).settings_type.model_fields.values():
        assert f"`{field.validation_alias}`" in README
        assert f"`{field.validation_alias}`" in CHANNELS_PAGE


@pytest.mark.parametrize("name", [*REFUSED, *REFUSED_IN_PRODUCTION])
def test_every_refused_channel_is_in_the_page_of_the_channels(name):
    assert f"`{name}`" in CHANNELS_PAGE


@pytest.mark.parametrize("name", [*DOMAIN["slots"], *DOMAIN["entities"], *LEVELS])
def test_every_slot_entity_and_level_is_in_the_readme(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert Path(link).exists()


def test_the_readme_says_honestly_how_many_rules_are_proposals_only(knowledge):
    said = re.search(r"about (\d+) rules, (\d+) rest on .*, (\d+) are triage proposals, and (\d+) are reviewed", README)
    *_, totals = coverage.lines(knowledge)
    counted = re.search(r"(\d+) rules: (\d+) rest on .*, (\d+) are triage proposals; (\d+) reviewed", totals)
    assert [int(number) for number in said.groups()] == pytest.approx([int(number) for number in counted.groups()], rel=0.05)
