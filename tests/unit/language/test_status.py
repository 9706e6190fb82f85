"""Whose and when: roles of mentions given by their place in the text."""

import pytest

from knowledge.language.status import Context


def _role(text: str, mention: str) -> str:
    start = text.lower().index(mention)
    return Context(text).role(start, start + len(mention))


@pytest.mark.parametrize(
    ("text", "mention", "role"),
    [
        ("no fever, rash or cough", "cough", "negated"),
        ("no fever but a rash", "rash", "present"),
        ("In 2021 I was in hospital, I had a rash all over", "rash", "past"),
        ("In 2021 I was in hospital, I have a rash now", "rash", "present"),
        ("I had a rash and a fever. That was ten years ago.", "rash", "past"),
        ("had lemtrada 18 months ago, covered in bruises", "bruises", "present"),
        ("last gilenya was 2 years ago, chest pain and fainted", "chest pain", "present"),
        ("a rash, stopped aubagio", "rash", "present"),
        ("a rash, stopped by itself", "rash", "past"),
        ("One time I had a rash, it never came back", "rash", "past"),
        ("Rash, fever, swelling. I haven't had any of that.", "rash", "negated"),
        ("I have a rash. I haven't had any of that before.", "rash", "present"),
        ("they ask about a rash, fever and pain", "rash", "hypothetical"),
        ("thought it was a rash, turned out to be pen", "rash", "past"),
        ("I had Lemtrada in 2019. I had a rash today", "rash", "present"),
        ("no fever and a rash", "rash", "present"),
        ("no fever i have a rash", "rash", "present"),
        ("no fever my legs are weak", "legs are weak", "present"),
        ("never had flushing", "flushing", "negated"),
        ("stopped bleeding", "bleeding", "past"),
        ("fever's gone", "fever", "past"),
        ("the rash hasn't gone", "rash", "present"),
        ("not only a rash", "rash", "present"),
        ("not without pain", "pain", "present"),
        ("I don't feel well, I have a rash", "rash", "present"),
        ("dont have a rash", "rash", "negated"),
        ("don’t have a rash", "rash", "negated"),
        ("haven't got a rash", "rash", "negated"),
        ("denies rash", "rash", "negated"),
        ("free of rash", "rash", "negated"),
        ("neither rash nor fever", "fever", "negated"),
        ("no longer any rash", "rash", "negated"),
        ("any rash? no", "rash", "negated"),
        ("is it normal to have a rash?", "rash", "present"),
        ("I have a rash, is that normal?", "rash", "present"),
        ("is this rash from my tablets", "rash", "present"),
        ("does ocrevus cause a rash?", "rash", "hypothetical"),
        ("can ocrevus give me a rash", "rash", "hypothetical"),
        ("what if I get a rash", "rash", "hypothetical"),
        ("worried about getting a rash", "rash", "hypothetical"),
        ("should I watch for a rash", "rash", "hypothetical"),
        ("had a rash last year, fine now", "rash", "past"),
        ("I used to get a rash", "rash", "past"),
        ("had a rash as a child", "rash", "past"),
        ("had a rash in 2015", "rash", "past"),
        ("a rash since last week", "rash", "present"),
        ("the rash started yesterday", "rash", "present"),
        ("had a headache all day", "headache", "present"),
        ("had a fever last night and still feel awful", "fever", "present"),
        ("my mum has a rash", "rash", "other_person"),
        ("my neighbour has a rash", "rash", "other_person"),
        ("my wife is on ocrevus and has a rash", "rash", "present"),
        ("my husband has a rash", "rash", "present"),
        ("my husband says i have a rash", "rash", "present"),
        ("my mum had a rash but i have a cough", "cough", "present"),
        ("face goes red after vumerity, gone in 20 minutes", "face goes red", "present"),
        ("my rash comes in the heat and then it's fine", "rash", "present"),
        ("a rash in hot weather, fine again once i cool down", "rash", "present"),
        ("lips a bit swollen, gone down with piriton", "lips a bit swollen", "past"),
        ("if the rash comes back do i ring you", "rash", "hypothetical"),
        ("my eye hurts if i move it", "eye hurts", "present"),
        ("the nurse asked about a rash, i havent got any", "rash", "negated"),
        ("joint pain yes, rash no, fever no", "rash", "negated"),
        ("joint pain yes, rash no, fever no", "joint pain", "present"),
        ("not one bruise", "bruise", "negated"),
        ("had a rash in the spring", "rash", "past"),
        ("sick as a dog and a rash", "rash", "present"),
        ("people plotting against me", "plotting against me", "present"),
        ("the wife has a rash, no symptoms myself", "rash", "other_person"),
    ],
)
def test_role(text: str, mention: str, role: str) -> None:
    assert _role(text, mention) == role


def test_words_of_a_found_mention_are_no_cues_for_others() -> None:
    text = "no feeling and pain"
    context = Context(text)
    assert context.role(15, 19) == "negated"
    context.claim([(0, 10)])
    assert context.role(15, 19) == "present"


@pytest.mark.parametrize("text", ["", "   ", "...", "🤒", "no"])
def test_nothing_to_read(text: str) -> None:
    assert Context(text).role(0, len(text)) == "present"
