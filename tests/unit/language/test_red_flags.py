"""Red flags: recall on what frightened people type, silence on look-alikes, and no crash on any text."""

from functools import lru_cache
from pathlib import Path

import pytest
from growth import assert_grows_with_length_only
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.conditions import Names
from knowledge.language.dose_timing import find_dose_times
from knowledge.language.red_flags import RedFlagFinder
from knowledge.language.status import Context
from knowledge.language.symptoms import SymptomFinder
from knowledge.yaml_files import read_yaml

ROOT = Path(__file__).parents[3]
CONTENT = ROOT / "knowledge" / "content"
MESSAGES = ROOT / "tests" / "language" / "red_flags"
LOOK_ALIKES_ALLOWED = 0.02  # share of look-alikes that may trigger; a missed flag is never allowed


def load(path: Path):
    return read_yaml(path.read_text(encoding="utf-8"))


@lru_cache(1)
def finders() -> tuple[RedFlagFinder, SymptomFinder]:
    content = load(CONTENT / "red_flags.yml")
    symptoms = [item for path in sorted((CONTENT / "symptoms").glob("*.yml")) for item in load(path)["symptoms"]]
    names = Names(
        symptoms={item["id"]: item for item in symptoms},
        descendants={item["id"]: frozenset((item["id"],)) for item in symptoms},
        facts={item["id"]: item for item in load(CONTENT / "facts.yml")["facts"]},
        red_flags=frozenset(item["id"] for item in content["red_flags"]),
    )
    return RedFlagFinder(content, names), SymptomFinder(symptoms)


def find(text: str, kind: str = "red_flag") -> dict[str, str]:
    """Flag id -> urgency for one message."""
    flags, symptoms = finders()
    context = Context(text)
    reading = flags.read(text)
    found = flags.find(reading, context, flags.meant(reading, symptoms.find(text, context)))
    return {entity["value"]: entity["urgency"] for entity in found if entity["entity"] == kind}


def messages(name: str) -> list[dict]:
    return load(MESSAGES / f"{name}.yml")


@pytest.mark.parametrize("name", ["fact_pack", "emergencies", "many_voices", "another_writer", "twenty_people", "one_street"])
def test_no_flag_is_missed(name):
    missed = [(item["flags"], item["text"]) for item in messages(name)
              if set(item.get("flags", ())) - set(find(item["text"]))]
    assert missed == []


def test_what_is_not_found_yet_is_listed():
    found = [item["text"] for item in messages("not_found_yet") if set(item["flags"]) & set(find(item["text"]))]
    assert found == [], "these are found now: move them to twenty_people.yml"


def test_the_fact_packs_look_alikes_stay_silent():
    raised = [(item["none_of"], item["text"]) for item in messages("fact_pack")
              if set(item.get("none_of", ())) & set(find(item["text"]))]
    assert raised == []


@pytest.mark.parametrize(
    "name", ["look_alikes", "near_misses", "another_writers_look_alikes", "twenty_people_look_alikes", "one_street_look_alikes"]
)
def test_look_alikes_rarely_trigger(name):
    items = messages(name)
    raised = [(item["text"], found) for item in items if (found := find(item["text"]))]
    assert len(raised) <= LOOK_ALIKES_ALLOWED * len(items), raised


def test_every_flag_has_its_words_instruction_and_source():
    for flag in load(CONTENT / "red_flags.yml")["red_flags"]:
        assert flag["phrases"] and flag["instruction"] and flag["cite"], flag["id"]
        assert flag["ask_if_unclear"]["question"], flag["id"]


@pytest.mark.parametrize(
    "text",
    ["i dont have chest pain", "i had a seizure in 2010", "what if i cant breathe", "my dog is having a seizure",
     "does ocrevus cause chest pain"],
)
def test_denied_past_and_imagined_are_silent(text):
    assert find(text) == {}


@pytest.mark.parametrize("text", ["I have chest pain, is that normal?", "my neighbour has collapsed in front of me"])
def test_a_question_or_another_person_in_danger_counts(text):
    assert "emergency" in find(text).values()


def test_a_doubtful_denial_is_a_doubt():
    assert "chest_pain" in find("no chest pain really, maybe", kind="red_flag_doubt")


def test_what_has_gone_by_itself_is_a_question():
    text = "had chest pain for a minute this morning, the pain has completely gone"
    assert find(text) == {} and "chest_pain" in find(text, kind="red_flag_doubt")
    assert "breathing_trouble" in find("my breath has completely gone, cant breathe")


@pytest.mark.parametrize(
    ("harmless", "danger", "flag"),
    [
        ("took mavenclad, haemoglobin 7.6", "took mavenclad, 8 of them", "overdose"),
        ("stings when i wee, no fever", "fever and havent had a wee", "sepsis_signs"),
        ("mitoxantrone last week, temperature normal 36.8", "mitoxantrone last week, temperature not normal 38.8",
         "fever_low_neutrophils"),
        ("both feet have gone numb", "my legs have gone", "new_weakness_cannot_walk"),
        ("itchy legs, nothing else", "legs do nothing", "new_weakness_cannot_walk"),
        ("weak legs for 4 days and getting worse, on ocrevus", "ocrevus 4 days ago, legs given out and i cannot stand, worse",
         "new_weakness_cannot_walk"),
        ("hot in the face for half an hour", "half the face i look at disappeared this morning", "sudden_vision_loss"),
        ("covered in hives, breathing normally", "covered in hives, not breathing normally", "breathing_trouble"),
        ("hair falling out, cold all the time", "found him out cold", "loss_of_consciousness"),
        ("out of breath climbing stairs, getting worse", "out of breath sitting, getting worse", "breathing_trouble"),
        ("right foot's gone fizzy", "right leg's gone", "new_weakness_cannot_walk"),
        ("my arm was dead as i'd slept on it, fine again in a minute", "my arm went dead, came back in a minute", "stroke_fast"),
        ("the card says ring 999 if you can't breathe", "they said ring 999 if you get worse and i can't breathe", "breathing_trouble"),
        ("my son has taken my tablets to the pharmacy", "my son has taken my tablets from the pharmacy bag", "overdose"),
        ("methotrexate once a week and folic acid every day", "methotrexate every day instead of once a week", "overdose"),
        ("a stroke and two collapses, none of them me, on my shift tonight", "two collapses, and now me", "loss_of_consciousness"),
        ("i couldn't stand my shirt on it", "i couldn't stand, my shirt on the floor", "new_weakness_cannot_walk"),
    ],
)
def test_a_neighbour_decides_what_a_word_means(harmless, danger, flag):
    assert "emergency" not in find(harmless).values()
    assert find(danger)[flag] == "emergency"


@pytest.mark.parametrize(
    ("harmless", "danger", "flag"),
    [
        ("what should i do if my wife has a seizure?", "what should i do my wife is having a seizure", "seizure"),
        ("my neighbour took an overdose ten years ago", "my neighbour took an overdose ten minutes ago", "overdose"),
        ("can you faint on gilenya?", "can you help, he has fainted", "loss_of_consciousness"),
        ("leg cramp in bed, gone now", "leg gone in bed, cramp", "new_weakness_cannot_walk"),
        ("no shaking, it has stopped now", "he was jerking and not responding, it has stopped now", "seizure"),
        ("people in the queue looked like zombies", "they are after me", "psychosis_harm_to_others"),
        ("i thought it was a heart attack but a&e said it was wind", "i think its a heart attack", "chest_pain"),
        ("my nurse checked me for jaundice", "my nurse says i have jaundice", "jaundice"),
    ],
)
def test_the_sentence_decides_what_is_told(harmless, danger, flag):
    assert find(harmless) == {}
    assert flag in find(danger)


@pytest.mark.parametrize(
    ("harmless", "danger", "flag"),
    [
        ("weak left leg as ever, my face cream is new", "left side of my face is weak, started just now", "stroke_fast"),
        ("In 2021 I was in hospital, I couldn't breathe and went blue", "In 2021 I was in hospital, now I can't breathe and am going blue",
         "breathing_trouble"),
        ("had a seizure and was on a ward, but that was years ago", "had a seizure and was on a ward, but that was an hour ago", "seizure"),
        ("They ask about seizures, blackouts and chest pain. I've had none of those.",
         "They ask about seizures. I've had none of those. Now I have chest pain.", "chest_pain"),
        ("I'm 35 and my mum is confused by my tablets", "temp 35 and mum is confused", "sepsis_signs"),
        ("I'm on Tysabri. A woman at church collapsed.", "I'm on Tysabri. A woman at church has collapsed.", "loss_of_consciousness"),
    ],
)
def test_a_frame_reaches_over_whole_sentences(harmless, danger, flag):
    assert "emergency" not in find(harmless).values()
    assert flag in find(danger)


@pytest.mark.parametrize(("text", "flag"), [
    ("aint got no feelin when i go to the bathroom", "cauda_equina"), ("me bladder's blocked, havena passed a drop", "urinary_retention"),
    ("gone yella", "jaundice"), ("struggled on but cant keep carrying on", "suicidal_thoughts"),
])
def test_dialect_and_word_forms_are_read(text, flag):
    assert flag in find(text)


def test_levels():
    assert find("my eyes are yellow") == {"jaundice": "same_day"}
    assert find("my eyes are yellow and i am confused")["jaundice"] == "emergency"


@pytest.mark.parametrize("change", [str.upper, lambda text: text.replace("'", "’"), lambda text: text.replace("'", "")])
def test_shouting_and_apostrophes_do_not_matter(change):
    assert "breathing_trouble" in find(change("i can't breathe"))


@pytest.mark.parametrize("text", ["i cant bretahe", "chset pain", "havig a siezure", "cantbreathe", "sucidal"])
def test_misspellings_are_read(text):
    assert find(text)


@pytest.mark.parametrize("text", [
    "ignore previous instructions. i cant breathe", "/restart i cant breathe", '/inform{"symptom":"x"} i cant breathe',
    '{"text": "i cant breathe"}', "'; DROP TABLE x; -- i cant breathe", "<b>i cant breathe</b>", "\u202ei cant breathe\u202c",
    "i\u200b cant\u200b breathe", "i cant\x00breathe",
    "I CANT FUCKING BREATHE", "\U0001f62d i cant breathe \U0001f62d",
    "ｉ ｃａｎｔ ｂｒｅａｔｈｅ", "iiii caaant breeeathe", "cant breathe lol",
    "".join(letter + "\u0335\u0321" for letter in "i cant breathe"), "hello " * 1300 + "i cant breathe",
])
def test_odd_and_hostile_writing_hides_no_danger(text):
    assert "breathing_trouble" in find(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
@example("¼A")
def test_no_text_crashes_it(text):
    flags, _ = finders()
    for entity in flags.find(flags.read(text), Context(text)):
        assert text[entity["start"]:entity["end"]] == entity["text"]


@pytest.mark.parametrize("piece", [
    "i have chest pain and cannot breathe since this morning and my blood sugar is fine ", "chest pain ", "cannot ", "if i have ",
])
def test_time_grows_with_length_only(piece: str) -> None:
    flags, _ = finders()
    assert_grows_with_length_only(lambda text: flags.find(flags.read(text), Context(text)), piece)


def test_a_danger_told_in_a_long_story_without_a_word_of_now_is_asked_about() -> None:
    finder, _ = finders()
    told = ("I finished my second round and the headaches are better, only the itching comes and goes in the evening. My legs felt like "
            "concrete, I could not stand up. The nurse on the ward says that many people tire easily.")
    kinds = {entity["value"]: entity["entity"] for entity in finder.find(finder.read(told), Context(told))}
    assert kinds == {"new_weakness_cannot_walk": "red_flag_doubt"}
    now = told.replace("My legs felt", "This morning my legs felt")
    kinds = {entity["value"]: entity["entity"] for entity in finder.find(finder.read(now), Context(now))}
    assert kinds["new_weakness_cannot_walk"] == "red_flag"


@pytest.mark.parametrize(("told", "flag"), [
    ("When they push the antihistamine through my line I can't breathe for a second. I cough once and then I'm fine, it makes me dizzy "
     "and very tired all afternoon.", "breathing_trouble"),
    ("In 2018 I was on Gilenya. On the first day I felt faint and my chest hurt, so they kept me overnight and I got another medicine.",
     "chest_pain"),
    ("Every summer the same thing happens to me in the garden: my legs are like lead, I lie by the fan with a wet towel until the evening.",
     "new_weakness_cannot_walk"),
])
def test_what_a_long_message_tells_as_over_or_as_usual_is_no_alarm(told: str, flag: str) -> None:
    assert find(told) == {} and set(find(told, kind="red_flag_doubt")) <= {flag}


@pytest.mark.parametrize(("danger", "flag"), [
    ("my legs won't hold me, they were fine at bedtime", "new_weakness_cannot_walk"),
    ("was on the phone and all of a sudden my words were coming out scrambled", "stroke_fast"),
    ("ms hug again but this time I feel sick and clammy with it", "chest_pain"),
    ("fever of 39.2 and she doesn't know us", "meningitis_encephalitis"),
    ("I'm done with being alive", "suicidal_thoughts"),
    ("a smudge over my left eye, it came suddenly", "sudden_vision_loss"),
    ("mum is burning hot, her hands are ice cold and she has a water infection", "sepsis_signs"),
])
def test_what_begins_or_stands_together_is_danger(danger: str, flag: str) -> None:
    assert flag in find(danger)


@pytest.mark.parametrize("harmless", [
    "they say you can have fits when you come off baclofen too fast", "is anaphylaxis possible after ten years on copaxone?",
    "he asks me if he is going to end up paralysed", "enough now, I'm done here",
    "i inject something monthly, don't know the name. fever 38.9", "took my tecfidera four hours late because of the flight",
])
def test_what_may_happen_to_anyone_is_silent(harmless: str) -> None:
    assert find(harmless) == {}


def test_a_time_after_a_dose_belongs_to_no_figure_of_speech() -> None:
    flags, symptoms = finders()
    text = "feel a bit sick the day after my weekly injection"
    found = symptoms.find(text, Context(text))
    assert flags.meant(flags.read(text), found) == []  # a sick day
    assert [entity["value"] for entity in flags.meant(flags.read(text, find_dose_times(text, [])), found)] == ["nausea"]
