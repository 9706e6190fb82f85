"""`python -m knowledge check`: each kind of mistake is named with file, line and plain words."""

import copy
import shutil
import subprocess
import sys
from functools import cache

import pytest
import yaml
from click.testing import CliRunner

from knowledge.__main__ import main
from knowledge.check import warnings_of
from knowledge.language.phrases import default_words
from knowledge.release import Knowledge
from knowledge.schema import CONTENT, ContentError, load
from knowledge.yaml_files import read_yaml

BEFORE = "  - id: pregnant_unknown_medicine\n"  # of person.yml: where wrong rules are put


def rule(when="when: rash, ", urgency="soon", more=""):
    return BEFORE, f"  - {{id: x, text: a wrong rule, {when}urgency: {urgency}{more}}}\n{BEFORE}"


# What is found while files are read, and what needs all of them.
FORM = {
    "unknown key": ("person.yml", *rule(more=", colour: red"), "'colour' is not a key that belongs here"),
    "unknown urgency": ("person.yml", *rule(urgency="later"), "'later' is not one of the values"),
    "no condition": ("person.yml", *rule(when=""), "a rule needs 'when'"),
    "missing key": ("medicines/fingolimod.yml", "    seriousness: serious\n", "", "'seriousness' is missing"),
}
MEANING = {
    "unknown symptom": ("person.yml", *rule("when: bruisingg, "), "there is no symptom 'bruisingg'"),
    "unknown test": ("person.yml", *rule("when: {lab: plateletz, below: 5}, "), "there is no test 'plateletz'"),
    "unknown fact": ("person.yml", *rule("when: {fact: has_wings}, "), "there is no fact 'has_wings'"),
    "unknown medicine": ("person.yml", *rule("when: {takes: lemtrader}, "), "there is no medicine 'lemtrader'"),
    "unknown medicines": ("person.yml", *rule("when: {takes: {group: pills}}, "), "there is no medicine group 'pills'"),
    "unknown red flag": ("person.yml", *rule("when: {red_flag: doom}, "), "there is no red flag 'doom'"),
    "unknown condition": ("person.yml", *rule("when: {perhaps: fever}, "), "unknown condition 'perhaps'"),
    "unknown quality": ("person.yml", *rule("when: {symptom: rash, onset: slow}, "), "onset is one of sudden, gradual"),
    "no symptom named": ("person.yml", *rule("when: {symptom: []}, "), "name at least one symptom"),
    "unknown limit": ("person.yml", *rule("when: {lab: platelets, under: 5}, "), "'under' does not belong here"),
    "unknown group": ("person.yml", *rule("when: {group: pregnancyy}, "), "there is no symptom group 'pregnancyy'"),
    "explains the unknown": ("person.yml", *rule(more=", lowers: [clumsyness]"), "test or fact 'clumsyness'"),
    "not a length of time": ("person.yml", "within: P28D", "within: 28 days", "is not a length of time"),
    "unknown shared block": ("medicines/fingolimod.yml", "shared_rules: [s1p.", "shared_rules: [s2p.", "no block of shared rules 's2p."),
    "unknown source": ("medicines/fingolimod.yml", "{source: label_us_brady,", "{source: label_moon,", "there is no source 'label_moon'"),
    "unknown sign": ("medicines/fingolimod.yml", "signs: [chest_pain,", "signs: [chest_payn,", "there is no symptom 'chest_payn'"),
    "unknown parent": ("symptoms/respiratory.yml", "parent: chest_pain", "parent: chest_payne", "there is no symptom 'chest_payne'"),
}
WORDS = {
    "a truth value": ("red_flags.yml", "FOR_DOING: [\n    eating,", "FOR_DOING: [\n    true,", "'True' is no word here"),
    "nothing at all": ("red_flags.yml", "unless: [alcohol,", "unless: [null,", "'None' is no word here"),
    "a time of day": ("red_flags.yml", "HURT: [agony,", "HURT: [10:30,", "'630' is no word here"),
    "a spelling that is a number": ("red_flags.yml", "owt: anything,", "owt: 3,", "'3' is no word here"),
    "a phrase that is a number": ("words.yml", "  device: [pen,", "  device: [4,", "'4' is no word here"),
    "small words": ("red_flags.yml", "unless: [goal, target]", "unless: [to me]", "'to me' holds only small words"),
    "a group of small words": ("red_flags.yml", "HEAR: [hear,", "HEAR: [the,", "'the' holds only small words"),
    "no such group": ("red_flags.yml", "near: [SUGAR, NUM_SUGAR, mmol]", "near: [SUGARR, NUM_SUGAR, mmol]", "no word group SUGARR"),
}
NO_YAML = {"not YAML": ("facts.yml", "facts:", "facts: [", "this is not YAML")}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """`broken(faults)` is the content folder with all these faults at once, and what the check says of it."""

    @cache
    def with_(names):
        folder = shutil.copytree(CONTENT, tmp_path_factory.mktemp("broken") / "content")
        for name in names:
            file, old, new, _ = FAULTS[name]
            text = (folder / file).read_text()
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1))
        with pytest.raises(ContentError) as caught:
            load(folder)
        return folder, caught.value.mistakes

    return lambda faults: with_(tuple(faults))


KINDS = (FORM, MEANING, WORDS, NO_YAML)
FAULTS = {name: fault for faults in KINDS for name, fault in faults.items()}


@pytest.mark.parametrize(("faults", "name"), [(faults, name) for faults in KINDS for name in faults], ids=list(FAULTS))
def test_a_broken_file_is_named_with_line_and_plain_words(broken, faults, name):
    file, _, new, words = faults[name]
    folder, found = broken(faults)
    mistakes = [mistake for mistake in found if words in mistake.text]
    assert mistakes and mistakes[0].file == f"content/{file}", "\n".join(map(str, found))
    text = (folder / file).read_text()
    expected = text[: text.index(new.partition("\n")[0])].count("\n") + 1
    assert name in ("not YAML", "missing key") or abs(mistakes[0].line - expected) <= 1


def test_off_and_yes_are_words_without_quotes():
    """A list of words is read alike by the assistant, by the check and by the tests."""
    assert read_yaml("[off, on, yes, no, n]") == ["off", "on", "yes", "no", "n"]
    assert all(isinstance(word, str) for members in default_words()["groups"].values() for word in members)


def altered(data, change):
    other = copy.deepcopy(data)
    change(other)
    return list(warnings_of(Knowledge(other)))


def symptom(data, name):
    return next(item for item in data["symptoms"] if item["id"] == name)


def medicine(data, name):
    return next(item for item in data["medicines"] if item["id"] == name)


def risk(data, name):
    return next(risk for item in data["medicines"] for risk in item["risks"] if risk["id"] == name)


def lab(data, name):
    return next(test for test in data["labs"] if test["id"] == name)


def only_taking(risk):
    risk.update(shared_rules=[], rules=[{"id": "x", "text": "taking it", "urgency": "routine", "when": {"taking": True}}])


def test_the_content_as_it_stands_has_no_warning(data):
    assert list(warnings_of(Knowledge(data))) == []


def test_the_command_says_all_is_good():
    outcome = CliRunner().invoke(main, ["check"])
    assert outcome.exit_code == 0 and outcome.output.startswith("All good"), outcome.output


def test_checking_needs_nothing_that_reads_language():
    """spaCy and its kin take longer to import than the whole check takes."""
    loaded = "import sys, knowledge.__main__; print([name for name in ('spacy', 'nltk', 'scipy', 'alembic') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize(("change", "words"), [
    (lambda d: symptom(d, "rash")["phrases"].append("nosebleed"), "the phrase “nosebleed” stands under nosebleed and rash"),
    (lambda d: medicine(d, "ozanimod")["risks"][0].update(rules=[], shared_rules=[]), "no symptom, test or fact can bring this"),
    (lambda d: only_taking(medicine(d, "ozanimod")["risks"][0]), "no symptom, test or fact can bring this risk up"),
    (lambda d: medicine(d, "ozanimod")["risks"][0].update(cite=[]), "no source is cited"),
    (lambda d: medicine(d, "ozanimod")["risks"][0].update(advice="Stop taking the tablets."), "tells someone to stop"),
    (lambda d: d["person_rules"][0].update(when={"lab": "platelets", "below": 20, "above": 90}), "no platelets can be 90 or more"),
    (lambda d: d["person_rules"][0].update(when={"symptom": "rash", "lasting_over": "P9D", "lasting_under": "P2D"}), "over and under"),
    (lambda d: d["topics"][0].update(advice="Please skip your next dose."), "tells someone to stop or change a medicine"),
    (lambda d: d["person_rules"][0].update(when={"all": [{"symptom": "rash", "pattern": "usual"}, {"symptom": "rash", "trend": "better"}]}),
     "needs 'pattern: usual' as well"),
    (lambda d: risk(d, "mitoxantrone_myelosuppression").update(window={"onset_within": "P7D"}), "the risk is only looked at for P7D"),
    (lambda d: lab(d, "platelets")["rules"][4].update(urgency="self_care"), "a worse platelets is less urgent"),
    (lambda d: d["person_rules"][0].update(id=d["person_rules"][1]["id"]), "this id stands for 2 rules"),
    (lambda d: d["person_rules"][1].update(lowers=["fever"]), "cannot be an emergency"),
    (lambda d: lab(d, "platelets")["ctcae"]["grades"][1].update(high=80), "grades 1 and 2"),
])
def test_each_kind_of_fault_is_warned_about_with_its_place(data, change, words):
    found = [line for line in altered(data, change) if words in line]
    assert found and found[0].startswith("content/"), found


def test_a_key_that_stands_twice_is_a_mistake():
    """Of two lists of look-alikes the first was lost without a word."""
    with pytest.raises(yaml.YAMLError, match="'phrases' stands twice"):
        read_yaml("phrases: [a rash]\nphrases: [spots]\n")
