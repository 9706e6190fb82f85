"""Failures known from coroners' reports on telephone triage, each told in plain words. None of them may happen here.

The reports are those on preventing future deaths that concern telephone and digital triage: a medicine that nobody asked about, steroids
stopped or vomited up, an allergy asked about too late, repeat calls that were not counted, the drug and the dose of an overdose mixed up,
and words that the pathway did not know.
"""

import pytest
from talks import Talk


def answer_no(talk: Talk) -> None:
    """Deny everything that is asked until there is an answer."""
    for _ in range(6):
        if talk.urgency:
            return
        talk("no")
    raise AssertionError("no answer")


def test_the_medicine_is_asked_before_anything_is_advised(talk: Talk) -> None:
    asked = talk("ive had this sore throat and i feel rough")
    assert talk.question == "medicine" and "Which MS medicine" in asked and talk.urgency is None
    talk("had a chemo drip for my MS, mitoxantrone, about ten days ago, and i've a temperature of 38.6")
    assert talk.urgency == "emergency"


def test_a_medicine_named_late_changes_the_advice(talk: Talk) -> None:
    talk("my hand has gone clumsy over the last three weeks", "not sure")
    answer_no(talk)
    talk("oh, i found the box. it's tysabri")
    assert talk.is_at_least("same_day") and talk.risks[0] == "natalizumab_pml"


@pytest.mark.parametrize("message", [
    "been on prednisolone for months, i ran out of prednisolone and now i've been sick and feel faint",
    "stopped my steroids on friday. keep vomiting and i'm dizzy when i get up",
])
def test_steroids_missed_or_vomited_up_are_an_emergency(talk: Talk, message: str) -> None:
    assert "999" in talk(message) and talk.urgency == "emergency"
    assert "steroids" in talk.text


def test_steroids_just_stopped_with_tiredness_are_for_today(talk: Talk) -> None:
    talk("on rebif. stopped my steroids last week and i'm dizzy and wiped out")
    answer_no(talk)
    assert talk.is_at_least("same_day")


@pytest.mark.parametrize("message", [
    "had my first ocrevus drip an hour ago and my throat feels tight and i've got hives",
    "just had my copaxone, come out in lumps all over and my lips are fat",
    "took my tecfidera and now my tongue's swelling up and i'm wheezy",
])
def test_an_allergy_is_seen_in_the_first_message(talk: Talk, message: str) -> None:
    assert "999" in talk(message) and talk.urgency == "emergency" and not talk.question


def test_a_rash_after_a_dose_leads_to_the_question_about_an_allergy_first(talk: Talk) -> None:
    asked = talk("came out in a rash after my tysabri").lower()
    assert "swelling of the face" in asked and "breathing" in asked and "999" in asked
    talk("my face is a bit puffy")
    assert talk.urgency == "emergency"


def test_calling_again_about_the_same_counts(talk: Talk, new_talk) -> None:
    story = "burning when i pee, on rebif"
    talk(story)
    answer_no(talk)
    again = new_talk()
    again(f"i rang on monday and they said wait. {story}, and it's getting worse")
    answer_no(again)
    assert again.slots["context"]["contact_count"] == 2
    levels = ("self_care", "routine", "soon", "same_day", "emergency")
    assert levels.index(again.urgency) > levels.index(talk.urgency), (talk.urgency, again.urgency)


@pytest.mark.parametrize(("message", "words"), [
    ("my little boy has swallowed four of my fingolimod", ("fingolimod", "four")),
    ("i took 20 baclofen", ("baclofen", "20")),
    ("took the whole box of my methotrexate by mistake", ("methotrexate", "whole box")),
])
def test_the_drug_and_the_dose_of_an_overdose_are_kept_apart_for_the_team(talk: Talk, message: str, words: tuple[str, ...]) -> None:
    assert "999" in talk(message) and talk.urgency == "emergency"
    assert all(word in talk("summary").lower() for word in words)


def test_one_tablet_is_no_overdose(talk: Talk) -> None:
    talk("took one paracetamol for my head this morning. on rebif")
    assert "overdose" not in talk.slots["context"]["red_flags"]


@pytest.mark.parametrize("message", ["i've got the collywobbles something chronic", "my zorble is glonky and i feel all wrong"])
def test_words_that_are_not_known_are_kept_and_never_made_light_of(talk: Talk, message: str) -> None:
    talk(f"on mavenclad. {message}")
    answer_no(talk)
    assert talk.is_at_least("routine") and "did not understand" in talk.text
    assert message in talk("summary")


def test_a_child_writes(talk: Talk) -> None:
    text = talk("i'm 14 and on gilenya. i've got a headache and blurry eyes")
    assert "adult" in text and talk.is_at_least("same_day")


def test_a_parent_writes_about_a_child(talk: Talk) -> None:
    talk("my daughter is 15 and takes gilenya. she's had a temperature of 38.9 since last night")
    answer_no(talk)
    assert talk.is_at_least("same_day") and "under 18" in talk.text and talk.medicines == {"fingolimod": "current"}
