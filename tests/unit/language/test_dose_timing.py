"""How soon after a dose a complaint comes, said without a number, and what follows for the advice."""

from datetime import date

import pytest

from knowledge.reading import Reader

TODAY = date(2026, 6, 15)


def read(reader: Reader, text: str) -> tuple[dict[str, str | None], dict[str, str]]:
    """(symptom -> after_dose, medicine -> since_last_dose) of a message."""
    entities = reader.read(text, TODAY)
    symptoms = {item["value"]: item["attributes"].get("after_dose") for item in entities if item["entity"] == "symptom"}
    doses = {item["value"]: item.get("status_time", {}).get("since_last_dose") for item in entities if item["entity"] == "medicine"}
    return symptoms, doses


@pytest.mark.parametrize(("text", "symptom", "after"), [
    ("I take Tecfidera and my face goes red and hot after each tablet", "flushing", "PT1H"),
    ("tecfidera. flushed every time I take it", "flushing", "PT1H"),
    ("straight after my copaxone injection I felt sick", "nausea", "PT1H"),
    ("I came out in a rash during the ocrevus infusion", "rash", "PT1H"),
    ("the night after my Rebif I ache all over", "muscle_ache", "PT12H"),
    ("I get chills the evening I inject avonex", "chills", "PT12H"),
    ("shivery every time I inject plegridy", "chills", "PT12H"),
    ("headache the day after my Tysabri", "headache", "P1D"),
    ("methotrexate every Friday for ms, on Saturdays I feel a bit queasy", "nausea", "P1D"),
])
def test_a_dose_named_with_the_complaint_gives_its_time(reader: Reader, text: str, symptom: str, after: str) -> None:
    symptoms, doses = read(reader, text)
    assert symptoms[symptom] == after
    assert list(doses.values()) == [after]


@pytest.mark.parametrize("text", [
    "after my ocrevus infusion my legs are weak",  # it may have been weeks
    "I have a headache. I take tecfidera twice a day",
    "my tysabri is due the day after tomorrow and I have a headache",
])
def test_after_a_dose_alone_gives_no_time(reader: Reader, text: str) -> None:
    symptoms, doses = read(reader, text)
    assert set(symptoms.values()) == {None} and set(doses.values()) == {None}


def test_a_reaction_that_goes_again_is_reported_not_past(reader: Reader) -> None:
    entities = reader.read("chills the night I inject avonex, gone by morning", TODAY)
    assert [(item["value"], item["role"]) for item in entities if item["entity"] == "symptom"] == [("chills", "present")]


@pytest.mark.parametrize(("text", "since"), [
    ("tysabri, 9 infusions so far", "P54W"),
    ("had my 41st infusion of tysabri", "P246W"),
    ("twelve drips of tysabri, missed 2 infusions", "P72W"),
    ("tysabri, missed 2 infusions", None),
    ("tysabri, my last 2 infusions were late", None),
    ("ocrevus, 9 infusions so far", None),
])
def test_the_number_of_infusions_tells_the_longest_time_of_treatment(reader: Reader, text: str, since: str | None) -> None:
    times = [item.get("status_time", {}).get("since_first_dose") for item in reader.read(text, TODAY) if item["entity"] == "medicine"]
    assert times == [since]


@pytest.mark.parametrize(("text", "since"), [
    ("Plegridy Saturday evening. Sunday I was hot and cold", "P2D"),
    ("did my avonex at 8pm, by midnight I had the shivers, this morning all gone", "PT15H"),
    ("Rebif at 8 tonight, now it's midnight and I'm 38.1", "PT4H"),
    ("day 3 of Lemtrada, itchy rash", "P1D"),
    ("First ever Kesimpta pen on Thursday. That evening 38.2, now fine, 36.4 this morning", None),
])
def test_a_dose_is_dated_by_the_day_or_the_hour_told_with_it(reader: Reader, text: str, since: str | None) -> None:
    assert list(read(reader, text)[1].values()) == [since]


@pytest.mark.parametrize(("text", "fever"), [
    ("taken my temperature on rising and after lunch, 36.6 and 36.8", "negated"),
    ("I've had a temperature on and off since the day before yesterday, 37.5 after paracetamol", "present"),
])
def test_a_thermometer_is_no_fever(reader: Reader, text: str, fever: str) -> None:
    assert [item["role"] for item in reader.read(text, TODAY) if item["entity"] == "symptom" and item["value"] == "fever"] == [fever]


def test_what_is_at_the_site_is_no_older_than_the_injection(reader: Reader) -> None:
    entities = reader.read("glatopa. Red itchy spot where I injected yesterday, coin size", TODAY)
    assert [(item["value"], item["attributes"]["duration"]) for item in entities if item["entity"] == "symptom"] == [
        ("injection_site_redness", "P1D")]
