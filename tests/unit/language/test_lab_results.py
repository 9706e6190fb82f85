"""Laboratory results in patients' words: the labelled messages, pasted reports, and what no input may do."""

import hashlib
from pathlib import Path

import pytest
import yaml
from growth import assert_grows_with_length_only
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.language.lab_results import LabFinder
from knowledge.language.temperature import find_temperatures

ROOT = Path(__file__).parents[3]
LABELLED = ROOT / "tests" / "language" / "labs"
DOCUMENTS = [
    yaml.load(path.read_text(), yaml.CSafeLoader) for path in sorted((ROOT / "knowledge" / "content" / "labs").glob("*.yml"))
]
UNITS = {document["id"]: document["canonical_unit"] for document in DOCUMENTS if "id" in document}
FIELDS = ("value", "unit", "comparator", "flag", "status", "previous", "diastolic", "times_uln", "needs")


@pytest.fixture(scope="module")
def finder() -> LabFinder:
    return LabFinder(DOCUMENTS)


def expected(label: dict) -> tuple:
    """The full label: a number has the canonical unit unless the label says otherwise."""
    number = isinstance(label.get("value"), int | float) or "diastolic" in label
    full = {"unit": UNITS[label["test"]] if number else None, "status": "current"} | label
    return (full["test"], *(full.get(key) for key in FIELDS))


def found(finder: LabFinder, text: str) -> list[tuple]:
    values = [entity["value"] for entity in finder.find(text) if entity["entity"] == "lab_result"]
    return [(value["test"], *(value.get(key) for key in FIELDS)) for value in values]


def labelled(name: str = "*.yml") -> list[dict]:
    return [message for path in sorted(LABELLED.glob(name)) for message in yaml.load(path.read_text(), yaml.CSafeLoader)["messages"]]


def set_aside(message: dict) -> bool:
    """One message in three, by its hash, is not looked at while the finder is tuned."""
    return hashlib.sha256(message["text"].encode()).digest()[0] % 3 == 0


def accuracy(finder: LabFinder, messages: list[dict]) -> tuple[float, list[str]]:
    """Share of results with all fields right (a surplus result counts as wrong), and the messages that failed."""
    right = total = 0
    wrong = []
    for message in messages:
        want, got = [expected(label) for label in message["labs"]], found(finder, message["text"])
        hits = sum(one in got for one in want)
        right, total = right + hits, total + max(len(want), len(got))
        if hits < max(len(want), len(got)):
            wrong.append(f"{message['text'][:80]!r}\n  want {want}\n  got  {got}")
    return right / total, wrong


def test_enough_messages_are_labelled() -> None:
    assert len(labelled()) >= 250
    assert len(labelled("reports.yml")) >= 5


@pytest.mark.parametrize("aside", [False, True], ids=["tuned", "set_aside"])
def test_all_fields_are_right(finder: LabFinder, aside: bool) -> None:
    share, wrong = accuracy(finder, [message for message in labelled() if set_aside(message) is aside])
    assert share >= 0.97, f"{share:.3f}\n" + "\n".join(wrong)


def test_offsets_point_into_the_original_text(finder: LabFinder) -> None:
    text = "Well… my Neutrophils were 0,8 ×10⁹/L today"
    (entity,) = finder.find(text)
    assert text[entity["start"] : entity["end"]] == "Neutrophils were 0,8 ×10⁹/L"


def test_a_test_without_a_rule_is_kept_in_the_persons_words(finder: LabFinder) -> None:
    (entity,) = finder.find("my ferritin is 8")
    assert (entity["entity"], entity["value"]) == ("other_lab_result", "ferritin is 8")


def test_the_laboratorys_own_range_is_kept_in_canonical_units(finder: LabFinder) -> None:
    (entity,) = finder.find("Haemoglobin 112 g/L (130 - 175)")
    assert entity["value"]["reference"] == [13.0, 17.5]


@pytest.mark.parametrize(("text", "value", "lasting"), [
    ("lymphocytes: Jan 0.7, Apr 0.66, Aug 0.7, Nov 0.68", 0.68, "P10M"),
    ("lymphocytes Nov 24 (before) 1.9, Feb 25 1.1, Jun 25 0.8, Mar 26 0.47, Jul 26 0.44", 0.44, "P4M"),
    ("lymphocytes 0.9 in Jan, 0.7 in Apr, 0.5 now", 0.5, None),
])
def test_a_dated_course_of_numbers_tells_how_long_it_has_been_so(finder: LabFinder, text: str, value: float, lasting: str | None) -> None:
    (entity,) = finder.find(text)
    assert (entity["value"]["value"], entity["value"].get("duration")) == (value, lasting)


def test_a_number_of_something_unknown_is_not_the_result_before(finder: LabFinder) -> None:
    (entity,) = finder.find("ALT 210 (ULN 40)")
    assert entity["value"]["reference"] == [None, 40]
    for text in ("AST 22 / MCHC 33", "AST 22, XYZ=33", "AST 22 xyz: 33"):
        assert [entity["value"]["value"] for entity in finder.find(text) if entity["entity"] == "lab_result"] == [22], text
    assert [entity["value"]["value"] for entity in finder.find("neuts were 1.2, suddenly 0.4")] == [0.4]


@pytest.mark.parametrize(
    ("text", "value", "celsius"),
    [
        ("neuts 0.7 and 38.4", 0.7, 38.4),
        ("neuts 0.8, temp 38.4", 0.8, 38.4),
        ("neuts 0.8 fever of 38.4", 0.8, 38.4),
        ("my ANC was 0.8 on monday and today 38.3", 0.8, 38.3),
        ("Hb 9.8 and 38.2", 9.8, 38.2),
        ("platelets were 150 and now 40", 40, None),
        ("now i've got a fever of 38.2", None, 38.2),
        ("Lymphocytes were 0.4 on Wednesday, today I have 38.2 and a sore throat", 0.4, 38.2),
        ("neutrophils were 0.8 on monday and I've got 39 this morning", 0.8, 39),
        ("wbc 14.2, today I have 38 and chills", 14.2, 38),
        ("ALT 45, I've been 38.4 all day", 45, 38.4),
        ("ALT was 210 and it's 38 now", 38, None),
        ("platelets 45, since yesterday 38.5", 45, 38.5),
        ("platelets 140, running 101.5", 140, 38.6),
        ("Neutrophils 0.3. 38.1 just now.", 0.3, 38.1),
        ("neutrophils 0.9 / 38.6 / feel rough", 0.9, 38.6),
        ("wbc 1.1 (38.4 temp)", 1.1, 38.4),
        ("platelets 38 temp 39.1", 38, 39.1),
        ("platelets 38 temp normal", 38, None),
        ("sats 91 and 38.4", None, 38.4),
        ("got 39.2 and neuts of 0.5", 0.5, 39.2),
        ("my lymphocytes are 0.6, I'm 38 and on tecfidera", 0.6, None),
        ("hb 98, I'm 102 kilos", 9.8, None),
    ],
)
def test_a_fever_beside_a_result_is_no_result(finder: LabFinder, text: str, value: float | None, celsius: float | None) -> None:
    labs = finder.find(text)
    degrees = find_temperatures(text, taken=[(lab["start"], lab["end"]) for lab in labs])
    assert [lab["value"]["value"] for lab in labs if lab["entity"] == "lab_result"] == ([] if value is None else [value])
    assert [one["value"]["value"] for one in degrees] == ([] if celsius is None else [celsius])


def test_no_reading_after_a_fever_is_a_result(finder: LabFinder) -> None:
    text = "neutrophil count today 0.4 - 38.2 last night, 37.9 now"
    (lab,) = finder.find(text)
    assert lab["value"]["value"] == 0.4
    assert [one["value"]["value"] for one in find_temperatures(text, taken=[(lab["start"], lab["end"])])] == [38.2, 37.9]


@pytest.mark.parametrize(("text", "values"), [
    ("IgG 3.9, 3 chest infections this year", {"igg": 3.9}), ("HR 48, c/o light-headedness x3/7", {"heart_rate": 48}),
    ("watch says 6000 steps", {}), ("watch says 10 to 9", {}), ("watch says 44", {"heart_rate": 44}),
    ("neuts 1.2 infections none", {"absolute_neutrophil_count": 1.2})])
def test_what_is_counted_beside_a_result_is_no_result(finder: LabFinder, text: str, values: dict) -> None:
    assert {entity["value"]["test"]: entity["value"]["value"] for entity in finder.find(text)} == values


@pytest.mark.parametrize(("text", "flag", "celsius"), [("platelets fine, 38.4", "normal", 38.4), ("neutrophils low and 38.6", "low", 38.6)])
def test_a_fever_beside_a_word_is_no_result(finder: LabFinder, text: str, flag: str, celsius: float) -> None:
    (lab,) = finder.find(text)
    assert (lab["value"]["value"], lab["value"]["flag"]) == (None, flag)
    (degrees,) = find_temperatures(text, taken=[(lab["start"], lab["end"])])
    assert degrees["value"]["value"] == celsius


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=400)
    | st.lists(
        st.sampled_from(
            [
                "neuts",
                "ALT",
                "0.8",
                "<",
                "1,200",
                "x10^9/L",
                "(",
                "-",
                "4.0-11",
                "point",
                "five",
                "hundred",
                "\n",
                "2+",
                "+",
                "low",
                "3x",
                "uln",
                "was",
                "now",
                "/",
                "10",
                "e",
                "normal",
                "?",
                "180/90",
                "%",
                "½",
                "٣",
                "²",
            ]
        ),
        max_size=60,
    ).map(" ".join)
)
def test_no_text_breaks_it(finder: LabFinder, text: str) -> None:
    for entity in finder.find(text):
        assert 0 <= entity["start"] < entity["end"] <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "neuts 0.8 ",
        "platelets, ",
        "9",
        "1,",
        "point five ",
        "hundred and ",
        "a ",
        "< ",
        "((",
        "+",
        "10^",
        "low ",
        "4-11 ",
        "is ",
        "what if my ",
        "Neutrophils 0.8 L 2.0-7.5 x10^9/L\n",
        "xqzvwk ",
        "3 x ",
        ".",
        "mum's ",
        "if ",
        "not ",
    ],
)
def test_time_grows_with_length_only(finder: LabFinder, piece: str) -> None:
    assert_grows_with_length_only(finder.find, piece)
