"""Units, grades and plausibility, and the lab content's own promises."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge import labs

CONTENT = Path(__file__).parents[2] / "knowledge" / "content" / "labs"
DOCUMENTS = [yaml.load(path.read_text(), yaml.CSafeLoader) for path in sorted(CONTENT.glob("*.yml"))]
TESTS, OTHERS = labs.library(DOCUMENTS)
URGENCIES = {"emergency", "same_day", "soon", "routine", "self_care"}


@pytest.mark.parametrize(
    ("test", "value", "unit", "canonical"),
    [
        ("absolute_neutrophil_count", 1200, "cells/uL", 1.2),
        ("platelets", 1.5, "lakh/uL", 150),
        ("hemoglobin", 112, "g/L", 11.2),
        ("hemoglobin", 6.2, "mmol/L", 9.991),
        ("creatinine", 100, "umol/L", 1.131),
        ("total_bilirubin", 20, "umol/L", 1.17),
        ("alt", 2, "ukat/L", 120),
        ("red_cell_count", 4200000, "cells/uL", 4.2),
        ("glucose", 180, "mg/dL", 9.99),
        ("igg", 700, "mg/dL", 7),
        ("free_t4", 1, "ng/dL", 12.87),
        ("crp", 2, "mg/dL", 20),
        ("lvef", 0.55, "fraction", 55),
        ("qtc", 0.5, "s", 500),
        ("cd4", 0.35, "10^9/L", 350),
        ("blood_pressure", 20, "kPa", 150),
        ("vitamin_d", 20, "ng/mL", 49.92),
        ("il6", 1, "ng/mL", 1000),
    ],
)
def test_values_are_converted(test: str, value: float, unit: str, canonical: float) -> None:
    assert labs.to_canonical(TESTS[test], value, unit) == pytest.approx(canonical, rel=1e-3)


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError, match="alt is not measured in mmol/L"):
        labs.to_canonical(TESTS["alt"], 3, "mmol/L")


@pytest.mark.parametrize(
    "spelling",
    [
        "10^9/L",
        "x10^9/L",
        "x 10(9)/L",
        "10e9/L",
        "10*9/L",
        "×10⁹/L".replace("⁹", "9"),
        "K/uL",
        "K/µL",
        "10^3/mcL",
        "thou/mm3",
    ],
)
def test_spellings_of_a_unit_are_one(spelling: str) -> None:
    assert labs.unit_names(TESTS["platelets"])[labs.unit_key(spelling)] == "10^9/L"


@pytest.mark.parametrize(
    ("test", "value", "grade"),
    [
        ("absolute_neutrophil_count", 1.5, 0),
        ("absolute_neutrophil_count", 1.49, 2),
        ("absolute_neutrophil_count", 1.0, 2),
        ("absolute_neutrophil_count", 0.99, 3),
        ("absolute_neutrophil_count", 0.5, 3),
        ("absolute_neutrophil_count", 0.49, 4),
        ("absolute_lymphocyte_count", 0.8, 1),
        ("absolute_lymphocyte_count", 0.2, 3),
        ("absolute_lymphocyte_count", 0.19, 4),
        ("absolute_lymphocyte_count", 21, 3),
        ("platelets", 149, 1),
        ("platelets", 75, 1),
        ("platelets", 74.9, 2),
        ("platelets", 24, 4),
        ("hemoglobin", 7.9, 3),
        ("white_cell_count", 101, 3),
        ("alt", 45, 0),
        ("alt", 135, 1),
        ("alt", 136, 2),
        ("alt", 226, 3),
        ("alt", 901, 4),
        ("total_bilirubin", 1.8, 1),
        ("total_bilirubin", 1.81, 2),
        ("hemoglobin", 18, 1),
        ("tsh", 40, None),
        ("red_cell_count", 1, None),
    ],
)
def test_grades_have_the_edges_of_ctcae(test: str, value: float, grade: int | None) -> None:
    assert labs.grade(TESTS[test], value) == grade


def test_the_laboratorys_own_limit_wins() -> None:
    assert labs.grade(TESTS["alt"], 110, uln=35) == 2
    assert labs.grade(TESTS["absolute_neutrophil_count"], 1.8, lln=2.0) == 1


@given(
    st.sampled_from(["absolute_neutrophil_count", "platelets", "hemoglobin"]), st.floats(0.1, 12), st.floats(0.1, 12)
)
def test_a_lower_count_never_grades_better(test: str, one: float, other: float) -> None:
    assert labs.grade(TESTS[test], min(one, other)) >= labs.grade(TESTS[test], max(one, other))


@pytest.mark.parametrize(
    ("test", "value", "unit"),
    [
        ("absolute_neutrophil_count", 0.8, "10^9/L"),
        ("absolute_neutrophil_count", 800, "cells/uL"),
        ("absolute_neutrophil_count", 60, None),
        ("hemoglobin", 11, "g/dL"),
        ("hemoglobin", 110, "g/L"),
        ("creatinine", 1.1, "mg/dL"),
        ("creatinine", 88, "umol/L"),
        ("creatinine", 17, None),
        ("total_bilirubin", 12, None),
        ("glucose", 6, "mmol/L"),
        ("glucose", 110, "mg/dL"),
        ("vitamin_d", 20, None),
        ("igg", 450, "mg/dL"),
    ],
)
def test_a_missing_unit_is_inferred_only_when_one_reading_fits(test: str, value: float, unit: str | None) -> None:
    assert labs.infer_unit(TESTS[test], value) == unit


def test_readings_without_unit_never_overlap_and_are_plausible() -> None:
    for test in TESTS.values():
        readings = sorted((r["from"], r["to"], r["unit"]) for r in test.get("readings_without_unit", []))
        assert all(one[1] <= two[0] for one, two in zip(readings, readings[1:], strict=False)), test["id"]
        for low, _, unit in readings:
            assert unit in labs.unit_names(test).values(), test["id"]
            assert labs.plausible(test, labs.to_canonical(test, max(low, 0.05), unit)) or low == 0, test["id"]


def test_implausible_and_doubtful_values() -> None:
    assert not labs.plausible(TESTS["hemoglobin"], 112)
    assert labs.doubtful(TESTS["absolute_neutrophil_count"], 15)
    assert not labs.doubtful(TESTS["absolute_neutrophil_count"], 0.2)


def test_all_39_tests_have_rules_with_known_urgency_and_basis() -> None:
    assert len(TESTS) == 39
    for test in TESTS.values():
        assert test["rules"] and test["cite"], test["id"]
        for rule in test["rules"]:
            assert rule["urgency"] in URGENCIES and rule["basis"] in ("proposal", "label") and rule["text"], (
                test["id"],
                rule,
            )
            assert set(rule) <= {"text", "when", "carried_elsewhere", "urgency", "basis", "expected_effect", "lowers"}, rule


def test_every_lab_named_in_a_condition_exists() -> None:
    def named(condition: object) -> set[str]:
        if isinstance(condition, dict):
            return (
                {condition["lab"]}
                if "lab" in condition
                else {lab for value in condition.values() for lab in named(value)}
            )
        return {lab for item in condition for lab in named(item)} if isinstance(condition, list) else set()

    for test in TESTS.values():
        for rule in test["rules"]:
            assert named(rule.get("when")) <= set(TESTS), rule


def test_no_name_means_two_tests() -> None:
    owners: dict[str, str] = {}
    for test in TESTS.values():
        for name in test["lay_names"]:
            assert owners.setdefault(str(name).lower(), test["id"]) == test["id"], name


def test_a_shared_unit_list_must_exist() -> None:
    with pytest.raises(KeyError):
        labs.library([{"id": "x", "units": "no such list"}])
