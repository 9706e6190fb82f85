"""Symptoms and facts in patient messages: the labelled sets, spelling, attributes, vital signs, speed."""

import functools
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from growth import assert_grows_with_length_only
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.facts import FactFinder
from knowledge.language.status import ROLES, Context
from knowledge.language.symptoms import SymptomFinder, find_unknown
from knowledge.language.time import find_times
from knowledge.yaml_files import read_yaml

ROOT = Path(__file__).parents[3]
LABELLED = ROOT / "tests" / "language"
# Files whose messages were all looked at while tuning, so none of them can be set aside.
_ALL_SEEN = {
    *("patients_in_one_line", "longer_reports", "idioms", "everyday_english"),
    *("another_writer_first", "another_writer_second", "another_writer_third"),
}
LONG = (
    "ive been on ocrevus since march and my legs have gone really weak, had a bit of a headache "
    "and a sore throat, no fever "
)


def _load(path: Path) -> list | dict:
    return read_yaml(path.read_text("utf-8"))


@functools.cache
def _symptoms() -> list[dict]:
    return [
        entry
        for path in sorted((ROOT / "knowledge/content/symptoms").glob("*.yml"))
        for entry in _load(path)["symptoms"]
    ]


@functools.cache
def _finder() -> SymptomFinder:
    return SymptomFinder(_symptoms())


@functools.cache
def _facts() -> FactFinder:
    return FactFinder(_load(ROOT / "knowledge/content/facts.yml")["facts"])


def _read(text: str) -> dict[str, str]:
    return {entity["value"]: entity["role"] for entity in _finder().find(text)}


@functools.cache
def _messages() -> list[tuple[str, dict]]:
    return list(_labelled())


_APART = {"voices_mixed": "voices", "then_and_whose": "voices", "from_elsewhere": "elsewhere", "whose_and_whether_now": "whose"}


def _labelled() -> Iterator[tuple[str, dict]]:
    for path in sorted([*LABELLED.glob("symptoms/*.yml"), *LABELLED.glob("status/*.yml")]):
        for message in _load(path):
            if "symptoms" in message:
                digest = int(hashlib.sha256(message["text"].encode()).hexdigest(), 16)
                part = "rounds" if path.stem in _ALL_SEEN else "aside" if digest % 3 == 0 else "tuned"
                yield _APART.get(path.stem, part), message


def _scores(part: str) -> tuple[float, float]:
    """F1 of (symptom, role) and recall of the present ones."""
    right = found = wanted = present = present_right = 0
    for name, message in _messages():
        if name != part:
            continue
        want = {(symptom["id"], symptom["role"]) for symptom in message["symptoms"]}
        got = {(entity["value"], entity["role"]) for entity in _finder().find(message["text"])}
        right, found, wanted = right + len(want & got), found + len(got), wanted + len(want)
        here = {pair for pair in want if pair[1] == "present"}
        present, present_right = present + len(here), present_right + len(here & got)
    return 2 * right / (found + wanted), present_right / present


def test_the_labelled_set_is_large_and_rarely_uses_vocabulary_phrases() -> None:
    phrases = {str(phrase).lower() for symptom in _symptoms() for phrase in symptom["phrases"]}
    texts = [message["text"] for _, message in _messages()]
    assert len(texts) >= 350
    assert sum(text.lower() in phrases for text in texts) <= 0.2 * len(texts)


def test_tuned_messages_are_read_right() -> None:
    f1, recall = _scores("tuned")
    assert f1 >= 0.97 and recall >= 0.97


def test_messages_of_the_tuning_rounds_are_read_right() -> None:
    """Harder wording than the tuned files; every message was looked at, so this says nothing of new messages."""
    f1, recall = _scores("rounds")
    assert f1 >= 0.93 and recall >= 0.95


def test_stories_with_several_roles_are_read_better_than_before() -> None:
    """The hardest files: stories in which past, denied, imagined and other people's complaints stand beside present ones."""
    f1, recall = _scores("voices")
    assert f1 >= 0.70 and recall >= 0.76


def test_messages_from_elsewhere_are_read_better_than_at_first() -> None:
    """By phrases alone, without meaning; read for the first time the whole reader had 0.71 of them."""
    f1, recall = _scores("elsewhere")
    assert f1 >= 0.70 and recall >= 0.60


def test_whose_it_is_and_whether_it_is_so_now() -> None:
    """By phrases alone, without meaning; read for the first time the whole reader had 0.63 of them."""
    f1, recall = _scores("whose")
    assert f1 >= 0.75 and recall >= 0.84


def test_messages_set_aside_are_read_right() -> None:
    """Never looked at while tuning; the floor may only be raised."""
    f1, recall = _scores("aside")
    assert f1 >= 0.92 and recall >= 0.92


def test_phrases_find_their_symptom() -> None:
    missed = [
        (symptom["id"], phrase)
        for symptom in _symptoms()
        for phrase in symptom["phrases"][::3]
        if not any(
            entity["value"] == symptom["id"] or symptom["id"] in _finder().ancestors(entity["value"])
            for entity in _finder().find(str(phrase))
        )
    ]
    assert len(missed) <= 5, missed


def test_look_alikes_are_not_symptoms() -> None:
    wrong = [
        (symptom["id"], phrase)
        for symptom in _symptoms()
        for phrase in symptom.get("not_phrases", ())[::2]
        if symptom["id"] in _read(str(phrase))
    ]
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(
    ("typed", "symptom"),
    [
        ("hedache", "headache"),
        ("dizzyness", "dizziness"),
        ("diaorrhea", "diarrhoea"),
        ("numness in my foot", "hand_or_foot_numbness"),
        ("nausious", "nausea"),
        ("palpitaions", "palpitation"),
        ("exhausted", "fatigue"),
        ("blury vison", "blurred_vision"),
        ("cant breethe", "severe_breathlessness"),
        ("swolen ankels", "ankle_swelling"),
        ("HEADACHE!!!", "headache"),
        ("head ache", "headache"),
        ("nose bleed", "nosebleed"),
        ("can’t breathe", "severe_breathlessness"),
    ],
)
def test_spelling(typed: str, symptom: str) -> None:
    assert _read(typed).get(symptom) == "present"


@pytest.mark.parametrize(
    ("text", "symptom", "expected"),
    [
        ("sudden weakness in my left arm", "arm_weakness", {"onset": "sudden", "side": "left"}),
        ("right side not working all of a sudden", "one_sided_weakness", {"onset": "sudden", "side": "right"}),
        ("a mild headache", "headache", {"severity": "mild"}),
        ("my usual leg spasms", "muscle_spasm", {"pattern": "usual"}),
        ("the rash is getting worse", "rash", {"trend": "worse"}),
        ("tingling in both feet", "hand_or_foot_tingling", {"side": "both"}),
        ("fatigue is much better", "fatigue", {"trend": "better"}),
        ("numbness came on gradually", "numbness", {"onset": "gradual"}),
        ("vision suddenly gone in my right eye", "sudden_vision_loss", {"onset": "sudden", "side": "right"}),
    ],
)
def test_attributes(text: str, symptom: str, expected: dict) -> None:
    entity = next(entity for entity in _finder().find(text) if entity["value"] == symptom)
    assert expected.items() <= entity["attributes"].items()


def test_times_become_duration_or_time_after_the_dose() -> None:
    text = "rash for 3 days"
    times = [{"entity": "duration", "start": 9, "end": 15, "value": "P3D"}]
    assert _finder().find(text, Context(text), times)[0]["attributes"]["duration"] == "P3D"
    text = "flushing an hour after my tablet"
    times = [{"entity": "duration", "start": 9, "end": 16, "value": "PT1H"}]
    assert _finder().find(text, Context(text), times)[0]["attributes"]["after_dose"] == "PT1H"


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("pulse is 42", "slow_heartbeat"),
        ("heart rate 140", "racing_heart"),
        ("bp 170/100", "high_blood_pressure"),
        ("blood pressure was 82 over 50", "low_blood_pressure"),
    ],
)
def test_vital_signs_in_numbers(text: str, symptom: str) -> None:
    assert _read(text).get(symptom) == "present"


@pytest.mark.parametrize(("text", "ill"), [
    ("ok ill call", False), ("ill ring them now", False), ("i feel ill", True), ("my son is ill take him", True), ("ill", True)])
def test_i_will_without_its_apostrophe_is_not_ill(text: str, ill: bool) -> None:
    assert ("malaise" in _read(text)) is ill


@pytest.mark.parametrize("text", ["pulse is 72", "bp 120/80", "on 12/10 i had my scan"])
def test_usual_vital_signs_are_no_symptom(text: str) -> None:
    assert _read(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "my zorbles are flaring",
        "my elbow feels purple inside",
        "i have a strange glooping",
        "my flurbs are zinging",
        "my zorbles hurt",
    ],
)
def test_a_complaint_that_is_not_understood_is_kept(text: str) -> None:
    found = find_unknown(text, Context(text), _finder().find(text))
    assert [entity["value"] for entity in found] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "my appointment is tomorrow",
        "i have a question",
        "my legs are weak",
        "thank you so much",
        "ocrevus",
        "my kesimpta is in the fridge",
        "my husband is worried",
    ],
)
def test_no_unknown_complaint_where_there_is_none(text: str) -> None:
    assert find_unknown(text, Context(text), _finder().find(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i'm pregnant, last lemtrada was 2 years ago", {"pregnancy_confirmed": "present"}),
        ("my wife is pregnant", {"partner_pregnant": "present"}),
        ("diarrhoea, no blood", {"diarrhoea": "present", "blood_in_stool": "negated"}),
        ("red injection site, not spreading", {"injection_site_redness": "present", "spreading_redness": "negated"}),
        ("no pain in chest breathing ok", {"chest_pain": "negated"}),
        ("I thought I had a fever but no", {"fever": "negated"}),
        ("if my temperature goes above 38", {"fever": "hypothetical"}),
        ("my eyes are sore and gritty", {"eye_pain": "present", "dry_eye": "present"}),
        ("yellowish bruise", {"bruising": "present"}),
        ("i'm in the menopause", {"menopause": "present"}),
        ("stomach cramps and the runs", {"abdominal_cramp": "present", "diarrhoea": "present"}),
        ("heavy shopping", {}),
        ("going to wee all night, stings, no blood",
         {"frequent_urination": "present", "painful_urination": "present", "blood_in_urine": "negated"}),
        ("blurry vision, the eye isn't red and isn't sore", {"blurred_vision": "present", "red_eye": "negated", "eye_pain": "negated"}),
        ("when i brush my teeth the sink is pink", {"bleeding_gum": "present"}),
        ("itchy lump where i inject", {"injection_site_lump": "present", "injection_site_itch": "present"}),
        ("my hands shake when i pick up a cup", {"action_tremor": "present"}),
        ("felt faint when i got up", {"dizziness_on_standing": "present"}),
        ("itchy everywhere, no rash", {"itching": "present", "rash": "negated"}),
        ("hot cheeks, like a sunburn", {"flushing": "present"}),
        ("my jeans are falling off me", {"weight_loss": "present"}),
        ("my calf knots up so hard that I yell", {"muscle_spasm": "present"}),
        ("a steamed-up windscreen, right eye", {}),
        ("it was like a bee sting", {}),
        ("a wee bit tired", {"fatigue": "present"}),
        ("a wee lump on my neck", {"neck_lump": "present"}),
        ("my wee smells", {"cloudy_smelly_urine": "present"}),
        ("I no fit walk", {"unable_to_walk": "present"}),
        ("mi cyaan walk", {"unable_to_walk": "present"}),
    ],
)
def test_what_was_once_misread(text: str, expected: dict[str, str]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("took two days' tablets in one day of mavenclad, feel fine", "more_than_a_days_tablets"),
        ("missed my Gilenya tablets", "missed_doses"),
        ("stopped Gilenya on my own", "stopped_without_plan"),
        ("flushing after Copaxone, my nurse already knows about it", "known_pattern"),
        ("hit my head, feel fine", "head_injury"),
    ],
)
def test_a_medicine_name_or_feeling_fine_does_not_undo_a_fact(text: str, fact: str) -> None:
    assert (fact, "present") in {(entity["value"], entity.get("role")) for entity in _facts().find(text)}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("it was not gone after 20 minutes", "settled_30min"),
        ("gone after 45 minutes", "settled_30min"),
        ("it's still not back to normal after a cold drink", "settled_after_cooling"),
        ("my last bloods were fine", "monitoring_overdue"),
        ("my last blood test was two months ago", "monitoring_overdue"),
        ("haven't had my blood test results", "monitoring_overdue"),
        ("my nurse knows, but it is different this time, every month it was the leg", "known_pattern"),
        ("nothing else helps", "otherwise_well"),
        ("MRI: no evidence of PML, no new lesions", "mri_suspicious_of_pml"),
        ("is PML possible? my scan is next week", "mri_suspicious_of_pml"),
        ("haven't had a headache for 3 weeks", "missed_doses"),
        ("since the flu vaccine my arm hurts, should I worry", "planning_question"),
        ("can I take it, as before, again and again", "about_to_restart"),
        ("I take it once a week and feel sick every morning", "more_than_weekly_dose"),
    ],
)
def test_one_part_of_a_fact_is_not_the_fact(text: str, fact: str) -> None:
    assert fact not in {entity["value"] for entity in _facts().find(text) if entity.get("role") == "present"}


def test_how_often_a_medicine_is_taken_is_told_of_the_one_named_last() -> None:
    text = "methotrexate on mondays, baclofen for the spasms, I take it every morning"
    named = [{"entity": "medicine", "start": 0, "end": 12}, {"entity": "other_medicine", "start": 25, "end": 33}]
    assert "more_than_weekly_dose" in {entity["value"] for entity in _facts().find(text, medicines=named[:1])}
    assert "more_than_weekly_dose" not in {entity["value"] for entity in _facts().find(text, medicines=named)}


@pytest.mark.parametrize("message", _load(LABELLED / "symptoms" / "facts.yml"), ids=lambda message: message["text"])
def test_facts_age_and_sex(message: dict) -> None:
    found = _facts().find(message["text"])
    facts = {(entity["value"], entity["role"]) for entity in found if entity["entity"] == "fact"}
    assert {(fact["id"], fact["role"]) for fact in message["facts"]} <= facts
    for name in ("age", "sex"):
        assert next((entity["value"] for entity in found if entity["entity"] == name), None) == message.get(name)


@pytest.mark.parametrize(("text", "symptom", "pattern"), [
    ("every month the same: the week before the drip my left leg goes heavy", "leg_weakness", "usual"),
    ("my left foot tingles as it has done since 2014", "hand_or_foot_tingling", "usual"),
    ("my leg gets weak every time I walk, same leg every time", "leg_weakness", None),
    ("my leg is weak, the same every month, but now it drags as well", "leg_weakness", None),
    ("my leg tingles like it always does, but this time it stays", "tingling", None),
    ("a tiredness that isn't my MS tiredness", "fatigue", "new"),
    ("I'm not a headachy person, but I've now had one for four days", "headache", "new"),
])
def test_what_is_as_ever_and_what_is_not(text: str, symptom: str, pattern: str | None) -> None:
    found = [entity for entity in _finder().find(text) if entity["value"] == symptom]
    assert [(entity["role"], entity["attributes"].get("pattern")) for entity in found] == [("present", pattern)]


@pytest.mark.parametrize(("text", "expected"), [
    ("third chest infection since june, she's clear now", {"repeated_infection": "present", "chest_infection": "past"}),
    ("third chest infection since june, not clear yet", {"repeated_infection": "present", "chest_infection": "present"}),
    ("my knuckles are swollen", {"joint_swelling": "present"}),
    ("a stripe of water blisters round my ribs", {"shingles": "present"}),
    ("my gran had shingles and it looked like this", {"shingles": "other_person"}),
    ("methotrexate, tickly cough, nothing comes up", {"dry_cough": "present"}),
    ("one lady in the group got pneumonia", {"chest_infection": "other_person"}),
    ("a stripe of little water blisters and peeling skin", {"blistering_rash": "present", "peeling_skin": "present"}),
])
def test_what_else_is_said_tells_what_it_is(text: str, expected: dict[str, str]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(("text", "symptom", "role"), [
    ("haven't been ill since covid in 2022", "covid_infection", "past"),
    ("since tuesday I have shingles like the ones in 2019", "shingles", "present"),
    ("deep ache in my left hip on the stairs, it's not there in bed", "hip_or_groin_pain", "present"),
    ("I want to double my dose, tell me it's fine", "extra_dose_taken", "hypothetical"),
    ("I had to double my dose last night", "extra_dose_taken", "present"),
    ("I feel normal, bit cold maybe", "feeling_cold", "present"),
    ("the mole on my calf has got bigger", "mole_change", "present"),
    ("my colleague has shingles", "chickenpox_contact", "present"),
])
def test_the_words_around_it_tell_what_it_is(text: str, symptom: str, role: str) -> None:
    assert (symptom, role) in {(entity["value"], entity["role"]) for entity in _finder().find(text)}


@pytest.mark.parametrize(("text", "symptom"), [
    ("my colleague had shingles two years ago", "chickenpox_contact"), ("the mole on my calf has got bigger", "one_sided_leg_swelling"),
    ("three courses of steroids for relapses", "suspected_relapse"), ("small bite, do I need antibiotics?", "infection"),
    ("feel normal, bit cold maybe", "common_cold"), ("it hurts when I put weight on it", "weight_gain"),
    ("Day 3 of my first week, one tablet a day", "extra_dose_taken"), ("walked back from the shops, my bad eye fogs", "back_pain"),
])
def test_a_neighbour_makes_it_something_else(text: str, symptom: str) -> None:
    assert symptom not in {entity["value"] for entity in _finder().find(text)}


@pytest.mark.parametrize(("text", "duration"), [("UTI feelings for 5 days, stings", "P5D"), ("UTI feelings, stings", None)])
def test_what_is_said_of_a_topic_lasts_as_long(text: str, duration: str | None) -> None:
    found = {entity["value"]: entity for entity in _finder().find(text, times=find_times(text, date(2026, 6, 15)))}
    assert found["painful_urination"]["attributes"].get("duration") == duration


@pytest.mark.parametrize(("text", "duration"), [("nosebleed since this morning", "PT6H"), ("nosebleed on and off today", None)])
def test_what_comes_and_goes_has_not_lasted_all_day(text: str, duration: str | None) -> None:
    found = _finder().find(text, times=find_times(text, date(2026, 6, 15)))
    assert [entity["attributes"].get("duration") for entity in found] == [duration]


@pytest.mark.parametrize(("text", "trend"), [
    ("groin ache for 3 weeks, worse by evening", None), ("headache, worse when I'm lying down", None),
    ("groin ache, worse this week", "worse"), ("headache getting worse at night", "worse"),
])
def test_what_makes_it_worse_for_a_while_is_no_course(text: str, trend: str | None) -> None:
    assert {entity["attributes"].get("trend") for entity in _finder().find(text)} == {trend}


def test_time_grows_with_length_only() -> None:
    assert_grows_with_length_only(_finder().find, LONG)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    for entity in [*_finder().find(text), *_facts().find(text)]:
        assert 0 <= entity["start"] < entity["end"] <= len(text)
        assert entity.get("role", "present") in ROLES
