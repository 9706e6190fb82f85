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
        ("my friend's husband had a rash", "rash", "other_person"),
        ("half of my class has a rash", "rash", "other_person"),
        ("everyone would be happier, and I am dead tired", "dead tired", "present"),
        ("my brother gets a rash, not me", "rash", "other_person"),
        ("nothing sore, nothing swollen", "swollen", "negated"),
        ("peeing nothing and pain", "pain", "present"),
        ("nausea yes vomiting no rash yes", "vomiting", "negated"),
        ("nausea yes vomiting no rash yes", "rash", "present"),
        ("I was told to ring if I get a rash", "rash", "hypothetical"),
        ("should i worry if my rash spreads", "rash", "hypothetical"),
        ("should I worry that my ankles are swollen", "ankles are swollen", "present"),
        ("what if this rash stays", "rash", "present"),
        ("terrified my throat will swell", "throat will swell", "hypothetical"),
        ("Friday a rash and a fever, Saturday still a rash, by Sunday it was gone", "fever", "past"),
        ("a rash, pulse 38 and passed out", "rash", "present"),
        ("the rash stopped for a year but came back at the weekend", "rash", "present"),
        ("in my student days I had a rash", "rash", "past"),
        ("not even a rash", "rash", "negated"),
    ],
)
def test_role(text: str, mention: str, role: str) -> None:
    assert _role(text, mention) == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("On Avonex I had a rash every weekend", "past"),
        ("I was on Avonex for a year. The rash would keep me in bed.", "past"),
        ("Avonex gave me hives, a fever, a rash", "past"),
        ("I was on Avonex until March and a rash came up", "present"),
        ("I was on Avonex for a year. My rash started last week.", "present"),
        ("I stopped Avonex. I had a rash", "present"),
        ("Avonex two years ago, a rash and a fever", "present"),
        ("On Avonex I had marks, and I still have the rash", "present"),
    ],
)
def test_the_time_of_a_medicine_taken_no_longer(text: str, role: str) -> None:
    medicine, rash = text.index("Avonex"), text.index("rash")
    context = Context(text, medicines=[(medicine, medicine + 6, "past")])
    assert context.role(rash, rash + 4) == role


@pytest.mark.parametrize(
    "text",
    [
        "my wife takes Kesimpta and has a rash, I'm fine myself",
        "I'm fine, it's my wife, she has a rash and she is on Ocrevus",
        "It's not me, it's my husband who has the rash, he's on Zeposia",
        "Nan can't type, I'm doing it for her. She's had MS for years and today she has a rash",
        "I look after a lady with MS. She has a rash",
        "my friend has MS and asked me to write for her, she has a rash",
        "our lad is on Tysabri and he's got a rash",
        "my husbands got a rash",
        "My husband has a rash, I gave him Piriton",
        "my wife has a rash, I don't know what to do",
        "mum's got a rash and so have I",
        "my boss sent me home with a rash",
        "my girlfriend's cat scratched me, there is a rash",
    ],
)
def test_what_a_carer_tells_is_the_patients(text: str) -> None:
    assert _role(text, "rash") == "present"


@pytest.mark.parametrize(
    "text",
    [
        "Boy next door's got a rash",
        "the bloke at work with the desk next to mine has a rash",
        "Sister's had a rash since her baby came",
        "hubby has a rash, I've not caught it",
        "Hubby coughs, wheezes, has a rash; I'm the healthy one",
        "the girl who cuts my hair has a rash",
        "our Ellie has a rash",
        "Priya from my group had a rash",
        "her indoors has a rash, not me",
        "both kids have a rash",
        "T'lass next door has a rash",
        "My mate Shona has a rash, she's had MS longer than me",
        "my gran had a rash but shes fine. do i need bloods for kesimpta",
    ],
)
def test_whom_a_clause_names_first_is_who_it_tells_of(text: str) -> None:
    assert _role(text, "rash") == "other_person"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("a rash after the jab. That's all behind me now", "past"),
        ("had a rash in the spring, never since", "past"),
        ("a rash the first week, been ok since", "past"),
        ("a rash in lockdown. Long gone, that", "past"),
        ("had a rash for a week and that was that", "past"),
        ("I had a rash, skin back to normal, fine again within the month", "past"),
        ("a rash at Christmas and it never cleared", "present"),
        ("my rash, I haven't been right since", "present"),
        ("I was fine till Sunday, since then a rash", "present"),
        ("a rash, been ill since", "present"),
        ("the rash is over my whole back", "present"),
        ("it's over 38, and a rash", "present"),
        ("nil rash", "negated"),
        ("rash, nil", "negated"),
        ("mi nuh have no rash", "negated"),
        ("No SOB/rash", "negated"),
        ("I'm anything but tired with this rash", "present"),
        ("can't do anything but scratch this rash", "present"),
        ("Nobody can stop this rash", "present"),
        ("Nobody here has a rash", "negated"),
        ("could it give me a rash, this tablet", "hypothetical"),
        ("could it be my rash", "present"),
        ("will it stop, the rash", "present"),
        ("would you worry about a rash with 39 fever", "present"),
        ("my rash has been in my left eye for years", "present"),
        ("a rash over the last year", "present"),
        ("he asked was there a rash, I said no", "negated"),
        ("no i have a rash", "present"),
        ("no its a rash", "present"),
        ("no my rash is worse", "present"),
        ("no it is not a rash", "negated"),
        ("i have no rash", "negated"),
    ],
)
def test_what_is_settled_denied_or_asked(text: str, role: str) -> None:
    assert _role(text, "rash") == role


def test_whoever_is_cared_for_is_not_the_patient_once_one_complains_oneself() -> None:
    text = "my husband has a cough and my leg is numb"
    assert Context(text).role(17, 22) == "present"
    context = Context(text)
    context.claim([(17, 22), (30, 41)])
    assert context.role(17, 22) == "other_person"


def test_words_of_a_found_mention_are_no_cues_for_others() -> None:
    text = "no feeling and pain"
    context = Context(text)
    assert context.role(15, 19) == "negated"
    context.claim([(0, 10)])
    assert context.role(15, 19) == "present"


@pytest.mark.parametrize("text", ["I don't feel well", "not feeling well", "I dinnae feel well", "i no dey feel well", "mi nuh feel well"])
def test_a_no_in_a_found_mention_denies_the_smaller_one_in_it(text: str) -> None:
    context = Context(text)
    context.claim([(0, len(text))])
    begin = text.index("feel")
    assert context.role(begin, len(text)) == "negated"


@pytest.mark.parametrize(("text", "what"), [("I dinna have a rash", "rash"), ("she isna dizzy", "dizzy"), ("mi nuh have fever", "fever")])
def test_the_short_no_of_other_places(text: str, what: str) -> None:
    assert _role(text, what) == "negated"


@pytest.mark.parametrize("text", ["", "   ", "...", "🤒", "no"])
def test_nothing_to_read(text: str) -> None:
    assert Context(text).role(0, len(text)) == "present"
