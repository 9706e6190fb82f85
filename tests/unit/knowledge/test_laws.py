"""The laws of triage (docs/safety.md), tried on cases made from the whole content. A counter-example names its rules."""

import copy
import random
from datetime import date

import pytest
from cases import Builder, changed, lowering_rules, people, rules_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import conditions as c
from knowledge.case import DENIED, PRESENT, YES, Case, Finding, MedicineUse
from knowledge.clinic import load_clinic
from knowledge.intake import take_in
from knowledge.triage import assess
from knowledge.urgency import LEVELS, rank
from knowledge.wording import Words, card

TODAY = date(2026, 11, 22)
LAWS = settings(max_examples=60, deadline=None, derandomize=True, print_blob=False,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])
# Facts that may lower an urgency when the person states them. docs/safety.md explains them; nothing else may be used.
LOWERING_FACTS = {
    "able_to_drink", "able_to_stand", "antihistamine_or_poor_night", "bit_mouth", "breastfeeding", "chest_pain_gone", "faint_trigger",
    "first_injections", "first_time", "fully_recovered", "gilbert_syndrome", "heat_related", "iron_or_bismuth", "known_epilepsy",
    "known_knock", "known_pattern", "known_stable_kidney_disease", "knows_not_real", "legs_only", "one_small_area",
    "only_at_edge_of_sleep", "only_when_brushing", "otherwise_well", "painkillers_help", "physically_active", "recent_steroids",
    "result_repeated", "safe_now", "settled_30min", "settled_after_cooling", "settles_after_infusion", "slept_awkwardly",
    "stool_formed", "trying_for_baby", "about_to_restart", "missed_doses",
}


def why(case: Case, knowledge) -> str:
    found = assess(case, knowledge)
    return f"{found.urgency} by {[(match.urgency, match.id) for match in found.matches]}, still to deny: {found.must_deny}"


def assert_not_lower(before: Case, after: Case, knowledge, what: str) -> None:
    old, new = assess(before, knowledge), assess(after, knowledge)
    assert rank(new.urgency) >= rank(old.urgency), f"{what}\nbefore: {why(before, knowledge)}\nafter: {why(after, knowledge)}"


@pytest.fixture(scope="session")
def some_people(knowledge):
    return people(knowledge)


@LAWS
@given(data=st.data())
def test_one_more_finding_never_lowers(knowledge, some_people, data):
    case = data.draw(some_people)
    added = data.draw(st.sampled_from(sorted(set(knowledge.symptoms) - set(case.findings))))
    related = {name for name in case.findings if added in knowledge.names.descendants.get(name, ())
               or name in knowledge.names.descendants[added]}
    if any(case.findings[name].status == DENIED for name in related):
        return  # taking back a denial is a correction
    after = changed(case, findings={**case.findings, added: Finding(added)})
    assert_not_lower(case, after, knowledge, f"added the finding {added}")


@LAWS
@given(data=st.data())
def test_one_more_red_flag_never_lowers(knowledge, some_people, data):
    case = data.draw(some_people)
    added = data.draw(st.sampled_from(sorted(knowledge.red_flags)))
    after = changed(case, red_flags={**case.red_flags, added: case.red_flags.get(added, "")})
    assert_not_lower(case, after, knowledge, f"added the red flag {added}")


@LAWS
@given(data=st.data())
def test_a_higher_risk_context_never_lowers(knowledge, some_people, data):
    case = data.draw(some_people)
    kind = data.draw(st.sampled_from(["fact", "again", "worse", "severe", "sudden", "not understood", "floor"]))
    present = [name for name, finding in case.findings.items() if finding.status == PRESENT]
    after = copy.deepcopy(case)
    if kind == "fact":
        added = data.draw(st.sampled_from(sorted(set(knowledge.facts) - LOWERING_FACTS - set(case.facts))))
        after.facts[added] = YES
        kind = f"the fact {added}"
    elif kind == "again":
        after.contact_again = True
    elif kind == "not understood":
        after.not_understood.append("my legs feel like bees")
    elif kind == "floor":
        after.floor = data.draw(st.sampled_from(LEVELS))
    elif present:
        name = data.draw(st.sampled_from(present))
        attribute, value = {"worse": ("trend", "worse"), "severe": ("severity", "severe"), "sudden": ("onset", "sudden")}[kind]
        after.findings[name].attributes[attribute] = value
        kind = f"{name}: {kind}"
    assert_not_lower(case, after, knowledge, f"added {kind}")


@LAWS
@given(data=st.data())
def test_a_worse_value_never_lowers(knowledge, data):
    by_test = {}
    for rule in rules_of(knowledge):
        for part in rule.parts:
            if isinstance(part, c.Lab):
                by_test.setdefault(part.test, []).append(rule)
    test = data.draw(st.sampled_from(sorted(WORSE)))
    builder = Builder(knowledge, lambda items: data.draw(st.sampled_from(items)))
    case = builder.with_rule(data.draw(st.sampled_from(by_test[test]))).case
    result = case.labs.get(test)
    if result is None or result.value is None:
        return
    result.value = min(result.value, WORSE[test][1]) if WORSE[test][0] < 0 else max(result.value, WORSE[test][1])
    after = copy.deepcopy(case)
    after.labs[test].value *= data.draw(st.sampled_from([0.9, 0.6, 0.3, 0.1] if WORSE[test][0] < 0 else [1.1, 1.5, 3, 10]))
    assert_not_lower(case, after, knowledge, f"{test} from {result.value:g} to {after.labs[test].value:g}")


# Which way a value gets worse, and the edge of the usual range from which "worse" has a meaning.
WORSE = {"absolute_neutrophil_count": (-1, 1.9), "absolute_lymphocyte_count": (-1, 0.9), "platelets": (-1, 149), "hemoglobin": (-1, 11.9),
         "white_cell_count": (-1, 3.9), "igg": (-1, 6), "egfr": (-1, 89), "alt": (1, 41), "ast": (1, 41), "total_bilirubin": (1, 1.3),
         "creatinine": (1, 1.3), "glucose": (1, 8), "crp": (1, 6), "qtc": (1, 461)}


@LAWS
@given(data=st.data())
def test_a_higher_temperature_never_lowers(knowledge, some_people, data):
    case = data.draw(some_people)
    if "fever" in case.findings and case.findings["fever"].status == DENIED:
        return
    low = data.draw(st.floats(36.5, 41))
    high = data.draw(st.floats(low, 42))
    assert_not_lower(changed(case, temperature=low), changed(case, temperature=high), knowledge, f"{low:.1f} to {high:.1f} C")


@LAWS
@given(data=st.data())
def test_one_more_medicine_lowers_only_what_it_explains(knowledge, some_people, data):
    """An expected effect of a named medicine may lower; the rules of the other medicines then still speak."""
    case = data.draw(some_people)
    others = sorted(set(knowledge.medicines) - set(case.medicines))
    added = data.draw(st.sampled_from(others))
    after = changed(case, medicines={**case.medicines, added: MedicineUse(added)})
    before = assess(case, knowledge)
    kept = {match.id for match in assess(after, knowledge).matches}
    lost = [match for match in before.matches if match.use is not None and match.id not in kept and not match.id.startswith("two_signs")]
    assert not lost, f"added {added}: {[(match.urgency, match.id) for match in lost]} fell silent"


@LAWS
@given(data=st.data())
def test_the_order_of_what_was_told_never_changes_it(knowledge, some_people, data):
    case = data.draw(some_people)
    shuffled = copy.deepcopy(case)
    order = random.Random(data.draw(st.integers(0, 9)))
    for name in ("findings", "medicines", "labs", "facts", "red_flags"):
        items = list(getattr(shuffled, name).items())
        order.shuffle(items)
        setattr(shuffled, name, dict(items))
    one, other = assess(case, knowledge), assess(shuffled, knowledge)
    assert (one.urgency, [m.id for m in one.matches], one.leading) == (other.urgency, [m.id for m in other.matches], other.leading)


@LAWS
@given(data=st.data())
def test_assess_is_deterministic_pure_and_survives_storage(knowledge, some_people, data):
    case = data.draw(some_people)
    kept = copy.deepcopy(case)
    first = assess(case, knowledge)
    assert case == kept, "assess changed the case"
    again = assess(Case.from_dict(case.to_dict()), knowledge)
    assert (first.urgency, [m.id for m in first.matches]) == (again.urgency, [m.id for m in again.matches])


@LAWS
@given(data=st.data())
def test_what_was_not_understood_is_never_self_care(knowledge, some_people, data):
    case = data.draw(some_people)
    words = data.draw(st.sampled_from(["my wibble", "purple lines in the mirror", "…"]))
    where = data.draw(st.sampled_from(["not_understood", "unknown_medicines"]))
    after = changed(case, **{where: [words]})
    assert rank(assess(after, knowledge).urgency) >= rank("routine"), why(after, knowledge)


@LAWS
@given(data=st.data())
def test_every_assessment_has_a_contact_and_a_source(knowledge, words, some_people, data):
    case = data.draw(some_people)
    result = card(assess(case, knowledge), case, knowledge, words)
    assert result["contact"]["emergency_number"] and result["contact"]["ms_team"]["phone"]
    assert result["sources"] and all(source["title"] for source in result["sources"]), result["rules"]
    assert all(risk["sources"] for risk in result["risks"])
    assert result["urgency"] in LEVELS and result["headline"] and result["actions"]


@pytest.fixture(scope="session")
def words(knowledge):
    from datetime import datetime

    return Words(knowledge.data["wording"]["en"], load_clinic(), datetime(2026, 11, 23, 11))


def test_only_the_named_facts_can_lower(knowledge):
    used = {}
    for rule in lowering_rules(knowledge):
        for part in rule.parts:
            if isinstance(part, c.Fact) and part.wanted == YES:
                used.setdefault(part.id, []).append(rule.id)
    assert used.keys() <= LOWERING_FACTS, {name: used[name] for name in used.keys() - LOWERING_FACTS}


def test_an_emergency_rule_lowers_nothing(knowledge):
    assert not [rule.id for rule in lowering_rules(knowledge) if rule.urgency == "emergency"]


def test_every_rule_can_hold(knowledge):
    """A case built from the rule's own words makes it true: no rule contradicts itself."""
    def holds(rule) -> bool:
        for seed in range(12):
            builder = Builder(knowledge, random.Random(seed).choice).with_rule(rule)
            view = c.View(builder.case, knowledge.names)
            if rule.condition.evaluate(view, builder.use, True):
                return True
        return False

    assert not [f"{rule.id}: {rule.condition.describe()}" for rule in rules_of(knowledge) if not holds(rule)]


def test_every_raising_rule_that_holds_is_heard(knowledge):
    """What holds gives at least its urgency, unless a lowering rule explains all it rests on."""
    silent = []
    for rule in rules_of(knowledge):
        builder = Builder(knowledge, random.Random(1).choice).with_rule(rule)
        view = c.View(builder.case, knowledge.names)
        if rule in lowering_rules_set(knowledge) or not rule.condition.evaluate(view, builder.use, True):
            continue
        found = assess(builder.case, knowledge)
        explained = any(match.rule and match.rule.lowers for match in found.matches)
        if rank(found.urgency) < rank(rule.urgency) and not explained:
            silent.append(f"{rule.id} ({rule.urgency}) heard as {found.urgency}")
    assert not silent, silent


def lowering_rules_set(knowledge):
    return _Ids(lowering_rules(knowledge))


class _Ids:
    def __init__(self, rules):
        self.ids = {id(rule) for rule in rules}

    def __contains__(self, rule) -> bool:
        return id(rule) in self.ids


SENTENCES = [
    "on ocrevus since march, neuts 0.7, temp 38.4",
    "on tysabri for 3 years, my left arm has got clumsy over the last two weeks",
    "had lemtrada 18 months ago and now i've got bruises everywhere",
    "on gilenya, blurred vision in one eye for a week",
    "I take Tecfidera, flushing and tummy ache",
    "on aubagio and my eyes have gone yellow",
    "on rebif, feel really low and can't see the point any more",
    "i've got crushing chest pain, on copaxone",
]
PLAYING_DOWN = ["my husband says it's nothing", "probably nothing", "it's probably just my MS", "sorry to bother you",
                "i don't want to make a fuss", "my friend had the same and it was fine", "i'm sure it's fine", "lol",
                "google says it's normal"]


def read(text, knowledge, reader):
    case = Case()
    take_in(case, reader.read(text, TODAY), text, None, knowledge, TODAY)
    return assess(case, knowledge)


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("remark", PLAYING_DOWN)
def test_playing_it_down_never_lowers(knowledge, reader, text, remark):
    plain = read(text, knowledge, reader)
    for said in (f"{text}, {remark}", f"{remark}, {text}", f"{text}. {remark.capitalize()}."):
        assert rank(read(said, knowledge, reader).urgency) >= rank(plain.urgency), said


@pytest.mark.parametrize("text", SENTENCES)
def test_case_and_repetition_never_change_it(knowledge, reader, text):
    plain = read(text, knowledge, reader)
    for said in (text.upper(), text.capitalize(), text.title(), f"{text}. {text}.", f"  {text}  "):
        assert read(said, knowledge, reader).urgency == plain.urgency, said


@pytest.mark.parametrize("text", SENTENCES)
def test_the_order_of_sentences_never_changes_it(knowledge, reader, text):
    one, other = f"{text}. I also have a headache.", f"I also have a headache. {text}."
    assert read(one, knowledge, reader).urgency == read(other, knowledge, reader).urgency
