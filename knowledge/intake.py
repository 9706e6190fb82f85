"""Taking what was read in a message into the case: facts, corrections, and short answers to the question asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from wordfreq import zipf_frequency

from knowledge.case import DENIED, NO, PRESENT, UNCLEAR, YES, Case, Finding, LabResult, MedicineUse
from knowledge.durations import days
from knowledge.interview import QUALITY_ANSWERS, YES_OR_NO, Question, medicine_name
from knowledge.language.contrast import contrast, instead, side, telling_words
from knowledge.language.short_answers import (
    chosen_options,
    is_all,
    is_no,
    is_only,
    is_several,
    is_short,
    is_unsure,
    is_yes,
    is_yes_to_all_being_well,
    plain,
)
from knowledge.language.time import parse_time_answer
from knowledge.release import Knowledge
from knowledge.urgency import most_urgent

Entity = dict[str, Any]
MOST_SAYINGS = 20  # of a long conversation the first and the last are kept for the summary, each at most this long
LONGEST_SAYING = 600
_BODY_MEASURE = re.compile(r"\b(?:weight|height|bmi|edss)\b", re.I)
SETTLED_SOON, SHORT_EPISODE = "settled_30min", 30 / 1440  # the fact that says so, and how many days that is
YEAR = 365  # days
LONGEST_EPISODE = 2  # days: what was an emergency by itself and began so lately counts although it has gone


# "I rang on Monday and they said wait", "third time I've called": the same complaint, told to somebody before.
_EARLIER = r"(?:on \w+day|yesterday|last (?:night|week|month)|earlier|already|before|this morning|\w+ days ago|twice|again)"
_CONTACTED = re.compile(
    rf"\bi(?:'ve| have)? (?:already )?(?:rang|rung|called|phoned|contacted|emailed|messaged) (?:\w+ ){{0,5}}?{_EARLIER}\b"
    r"|\balready (?:rang|rung|called|phoned|contacted|spoke|spoken|been)\b"
    rf"|\b(?:saw|seen|spoke to|spoken to|been to|went to) (?:my|the|a|an) \w+ (?:\w+ ){{0,3}}?(?:about (?:it|this|that)|{_EARLIER})\b"
    r"|\b(?:nobody|no one|they (?:never|didn'?t|haven'?t)) (?:has |have |ever )?(?:called|rang|phoned|got|came|come) back\b"
    r"|\b(?:second|third|fourth|2nd|3rd|4th) (?:time|call)\b|\bthey (?:said|told me) (?:to )?(?:wait|not to worry|come back)\b"
    r"|\b(?:told me to wait|sent (?:me )?(?:home|away))\b"
)
_NO_MEDICINE = re.compile(
    r"\b(?:i (?:do not|don'?t) (?:take|use|have)|(?:i'?m|i am) not (?:on|taking)|(?:but|and) (?:don'?t|do not) take|take)"
    r" (?:anything|nothing|any (?:ms )?(?:medicines?|medication|meds|drugs?|treatment|dmts?|therapy)"
    r"|no (?:ms )?(?:medicine|medication|meds|dmt))\b"
    r"(?! (?:else|other|for (?:the|a|my) (?!ms)))|^\W*no (?:ms )?(?:medicine|medication|meds|dmt|treatment)\W*$")
_WORSE = re.compile(
    r"(?<!not )(?<!no )(?<!n't )(?<!nt )\b(?:(?:getting|gets|got|gotten|become|becoming|is|it'?s|its|much|lot|even|far|now|feel\w*|only)"
    r" (?:\w+ )?worse|worsening|worse (?:now|today|than|every|each|and worse))\b"
)
_BETTER = re.compile(r"\b(?:(?:getting|gets|got|feel\w*|is|it'?s|bit|much|little) better|improving|easing)\b")
# How it has always been, said of the complaint; not where anything about it is new.
_ALWAYS_SO = re.compile(
    r"\b(?:it|they|this|that)(?:'s|'ve| has| have| is| are|s)? (?:(?:never|not ever) been (?:any |anything )?different"
    r"|always been(?: (?:exactly|just))? (?:like (?:this|that)|so|the same|that way)|never changed"
    r"|(?:always|exactly) the same(?: every time)?)\b")
_ANEW = re.compile(r"\b(?:new|first time|sudden\w*|this time|worse|differently|until (?:now|today|yesterday)|but now)\b")


@dataclass
class Changes:
    """What one message did to the case."""

    added: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    answered: bool = False

    @property
    def anything(self) -> bool:
        return bool(self.added or self.corrected or self.answered)


def take_in(case: Case, entities: list[Entity], text: str, question: Question | None, knowledge: Knowledge, today: date,
            correcting: bool = False) -> Changes:
    """Merge one message into `case` (changed in place) and say what changed."""
    changes = Changes()
    picked = chosen_options(text, question.options, len(question.items) or None) if question else ()
    if picked:
        entities = [entity for entity in entities if entity["entity"] == "red_flag"]
        text = picked[0] if len(picked) == 1 else text
    elif entities or question is None or not is_short(text):
        keep_words(case, text)
    entities = [{"text": text[entity["start"] : entity["end"]], **entity} if "start" in entity else entity for entity in entities]
    entities = _gravest_last(_episodes(_as_the_patients(case, entities), knowledge), knowledge)
    for entity in entities:
        reader = _READERS.get(entity["entity"])
        if reader:
            reader(case, entity, changes, correcting or entity.get("correction", False))
    if _NO_MEDICINE.search(plain(text)) and not case.taken() and not case.unknown_medicines:
        case.no_medicine = True
        changes.added.append("no_medicine")
    if question and question.id != "noticed":
        changes.answered = _answer(case, question, _beside(text, entities), entities, knowledge, today, picked)
    if not picked and not changes.answered and (question is None or question.id.startswith(YES_OR_NO)):
        _amend(case, entities, text, today, changes)
    _settle_opposites(case, knowledge)
    if _WORSE.search(plain(text)):
        _all(case, "worse", entities, changes)
    elif _BETTER.search(plain(text)):
        _all(case, "better", entities, changes)
    if _ALWAYS_SO.search(plain(text)) and not _ANEW.search(plain(text)):
        _as_ever(case, entities, changes)
    _drop_needless(case, knowledge)
    return changes


def _settle_opposites(case: Case, knowledge: Knowledge) -> None:
    """Who said no to "cannot walk or stand" is not asked whether they can."""
    for name, fact in knowledge.facts.items():
        finding = case.findings.get(fact.get("opposite") or "")
        if finding and name not in case.facts and finding.status in (PRESENT, DENIED):
            case.facts[name] = YES if finding.status == DENIED else NO


def has_contacted(text: str) -> bool:
    """The person has told somebody about it before."""
    return bool(_CONTACTED.search(plain(text)))


def _all(case: Case, trend: str, entities: list[Entity], changes: Changes) -> None:
    """"It is getting worse" without saying what: all that this message tells, or else all that was told before."""
    told = [entity["value"] for entity in entities if entity["entity"] == "symptom" and entity.get("role", "present") == "present"]
    for name in told or list(case.findings):
        finding = case.findings.get(name)
        if finding and finding.status == PRESENT and ("trend" not in finding.attributes or trend == "worse" != finding.attributes["trend"]):
            finding.attributes = {**finding.attributes, "trend": trend}
            (changes.added if trend == "worse" else changes.corrected).append(name)


def _as_ever(case: Case, entities: list[Entity], changes: Changes) -> None:
    """"It's never been different": what this message tells is long-standing, unless its own words say when it began."""
    for entity in entities:
        finding = case.findings.get(entity["value"]) if entity["entity"] == "symptom" else None
        if finding and finding.status == PRESENT and not {"pattern", "onset"} & finding.attributes.keys():
            finding.attributes = {**finding.attributes, "pattern": "usual"}
            changes.corrected.append(finding.id)


def keep_words(case: Case, text: str) -> None:
    """What was said, for the summary: a new list each time, the middle of a long conversation left out."""
    said = text.strip()
    if said and said not in case.words:
        case.words = [*case.words, said if len(said) <= LONGEST_SAYING else f"{said[:LONGEST_SAYING]} ..."]
    if len(case.words) > MOST_SAYINGS:
        del case.words[MOST_SAYINGS // 2]


def is_vague(question: Question, text: str, entities: list[Entity]) -> bool:
    """A yes to a list of signs that does not say which of them."""
    if len(question.items) < 2 or is_unsure(text) or is_yes_to_all_being_well(text) or is_all(text):
        return False
    if chosen_options(text, question.options, len(question.items)):
        return False
    return (is_yes(text) or is_several(text) and not (len(question.items) == 2 and "both" in plain(text))) and not _present(entities)


def _as_the_patients(case: Case, entities: list[Entity]) -> list[Entity]:
    """A carer who names no medicine of their own writes for the person who takes one: that person is the patient."""
    medicines = [entity for entity in entities if entity["entity"] == "medicine"]
    if not case.taken() and medicines and all(entity.get("role") == "other_person" for entity in medicines):
        case.for_other = True
    if not case.for_other:
        return entities
    theirs = {"medicine": "current", "symptom": "present", "fact": "present"}
    return [{**entity, "role": theirs[entity["entity"]]} if entity.get("role") == "other_person" and entity["entity"] in theirs else entity
            for entity in entities]


def _episodes(entities: list[Entity], knowledge: Knowledge) -> list[Entity]:
    """What was there and is over still counts when it was an emergency of the last days, when it came with a dose, or when the person says
    how it settled: the rules about such facts (`episode` in facts.yml) are about just that."""
    ended = [entity for entity in entities if entity["entity"] == "symptom" and entity.get("role") == "past"
             and (entity.get("attributes") or {}).get("trend") in ("gone", "over")]
    facts = [entity["value"] for entity in entities if entity["entity"] == "fact" and entity.get("role", "present") == "present"]
    if any(days(entity["attributes"].get("duration", "P1D")) <= SHORT_EPISODE for entity in ended) and SETTLED_SOON not in facts:
        entities = [*entities, {"entity": "fact", "value": SETTLED_SOON}]
        facts.append(SETTLED_SOON)
    settled = any(knowledge.facts[fact].get("episode") for fact in facts)
    told_of_the_past = knowledge.names.symptom_groups["told_of_the_past"]

    def counts(entity: Entity) -> bool:
        grave = knowledge.symptoms.get(entity["value"], {}).get("urgency") == "emergency"
        told = entity["attributes"]
        of_a_dose = "after_dose" in told and "ago" not in told  # a reaction to the drip is told before the next one, also if it settled
        return settled or of_a_dose or entity["value"] in told_of_the_past or grave and days(told.get("ago", "P0D")) <= LONGEST_EPISODE

    return [{**entity, "role": "present", "attributes": {**entity["attributes"], "trend": "better"}}
            if entity in ended and counts(entity) else entity for entity in entities]


def _gravest_last(entities: list[Entity], knowledge: Knowledge) -> list[Entity]:
    """A report with several parts of one test ("anti-HBc positive, HBsAg negative"): the gravest part is the one that is kept."""
    def gravity(entity: Entity) -> int:
        value = entity["value"] if entity["entity"] == "lab_result" else {}
        test = knowledge.labs.get(value.get("test"), {})
        categories = test["categories"] if "components" in test else []
        return categories.index(value["value"]) if value.get("value") in categories else -1

    return sorted(entities, key=gravity)


# One reader per kind of entity


def _medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    identifier, role = entity["value"], entity.get("role", "current")
    known = case.medicines.get(identifier)
    if known and role in ("asked", "other_person") and not correcting:
        return
    if known and role == "negated":
        changes.corrected.append(identifier)
        known.status = "negated"
        return
    if correcting and role == "current":
        for other in case.medicines.values():
            if other.id != identifier and other.status == "current" and other.id not in entity.get("keeps", ()):
                other.status = "negated"
                changes.corrected.append(other.id)
    use = known or MedicineUse(identifier)
    use.status, use.words = role, entity.get("text", use.words)
    for name, value in (entity.get("status_time") or {}).items():
        setattr(use, name, value)
    case.medicines[identifier] = use
    if identifier in case.medicine_hints:
        case.medicine_hints.clear()
    (changes.corrected if known and correcting else changes.added).append(identifier)


def _other_result(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    """A result that no rule speaks about is shown and passed on in the person's words; body measures are no results."""
    if not _BODY_MEASURE.search(entity["value"]) and entity["value"] not in case.not_understood:
        case.not_understood.append(entity["value"])
        changes.added.append("other_lab_result")


def _unknown_medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.unknown_medicines:
        case.unknown_medicines.append(entity["value"])
        changes.added.append(entity["value"])


def _hint(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if not case.taken():
        candidates = entity.get("candidates") or entity["value"]
        for candidate in candidates if isinstance(candidates, list) else [candidates]:
            if candidate not in case.medicine_hints:
                case.medicine_hints.append(candidate)
        changes.added.append("medicine_hint")


def _other_medicine(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.other_medicines:
        case.other_medicines.append(entity["value"])
        changes.added.append(entity["value"])


def _symptom(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    identifier, role = entity["value"], entity.get("role", "present")
    known = case.findings.get(identifier)
    if role == "past" and (entity.get("attributes") or {}).get("trend") == "gone":  # "the fever has gone": not there now
        role = "negated"
    if role in ("present", "negated"):
        status = PRESENT if role == "present" else DENIED
        if known and known.status == PRESENT and status == DENIED:
            changes.corrected.append(identifier)
        elif not known or known.status != status:
            changes.added.append(identifier)
        attributes = {**(known.attributes if known and status == PRESENT else {}), **(entity.get("attributes") or {})}
        if known and attributes != known.attributes:
            changes.added.append(identifier)
        case.findings[identifier] = Finding(identifier, status, attributes, entity.get("text", ""))
    elif role in ("past", "other_person", "hypothetical") and known and correcting:
        del case.findings[identifier]
        changes.corrected.append(identifier)


def _lab(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    value = entity["value"]
    test, status = value["test"], value.get("status", "current")
    known = case.labs.get(test)
    if status == "previous" and known:
        known.previous = value.get("value")
    elif status == "previous" and value.get("value") is not None:
        case.labs.setdefault(f"{test}", LabResult(test, None, previous=value["value"], flag=None, needs=None))
    elif status == "current" or status == "asked" and isinstance(value.get("value"), int | float):  # "is 0.6 ok?" tells it
        flag = value.get("flag")
        number = value.get("value") if isinstance(value.get("value"), int | float) and value.get("unit") != "x ULN" else None
        category = value.get("value") if isinstance(value.get("value"), str) else flag if flag in ("positive", "negative") else None
        earlier = value.get("previous")
        if earlier is None and known and not correcting:
            earlier = known.value if known.value is not None and known.value != number else known.previous
        case.labs[test] = LabResult(
            test, number, value.get("unit"), value.get("comparator") or "=", flag, earlier, value.get("reference"),
            value.get("times_uln"), category, value.get("diastolic"), value.get("duration"), value.get("needs"), entity.get("text", ""),
        )
        (changes.corrected if known and correcting else changes.added).append(test)


def _temperature(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity.get("role", "present") == "present":
        case.temperature = float(entity["value"]["value"])
        changes.added.append("fever")
        if case.temperature < 38.0 and "fever" in case.findings and correcting:
            del case.findings["fever"]


def _fact(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    role = entity.get("role", "present")
    if role in ("present", "negated"):
        case.facts[entity["value"]] = YES if role == "present" else NO
        changes.added.append(entity["value"])


def _red_flag(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity.get("role", "present") in ("present", "other_person"):
        known = "" if correcting else case.red_flags.get(entity["value"], "")
        case.red_flags[entity["value"]] = most_urgent(known or None, entity.get("urgency")) or ""
        changes.added.append(entity["value"])


def _doubt(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.red_flag_doubts and entity["value"] not in case.red_flags:
        case.red_flag_doubts.append(entity["value"])
        changes.added.append(entity["value"])


def _symptom_doubt(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.findings:
        case.symptom_doubts[entity["value"]] = entity["text"]
        changes.added.append(entity["value"])


def _unknown_complaint(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    if entity["value"] not in case.not_understood:
        case.not_understood.append(entity["value"])
        changes.added.append(entity["value"])


def _age(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    case.age_years = float(entity["value"])
    changes.added.append("age")


def _sex(case: Case, entity: Entity, changes: Changes, correcting: bool) -> None:
    case.sex = entity["value"]
    changes.added.append("sex")


_READERS: dict[str, Callable[[Case, Entity, Changes, bool], None]] = {
    "medicine": _medicine, "unknown_medicine": _unknown_medicine, "medicine_hint": _hint, "other_medicine": _other_medicine,
    "symptom": _symptom, "lab_result": _lab, "temperature": _temperature, "fact": _fact, "red_flag": _red_flag,
    "red_flag_doubt": _doubt, "symptom_doubt": _symptom_doubt, "unknown_complaint": _unknown_complaint, "other_lab_result": _other_result,
    "age": _age, "sex": _sex,
}


def _drop_needless(case: Case, knowledge: Knowledge) -> None:
    """A finding of no symptom is not kept, nor what counts of one medicine only (`of` in facts.yml) where others are taken."""
    taken = {use.id for use in case.taken()} if not (case.unknown_medicines or case.medicine_hints) else set()
    for name in [name for name in case.facts if taken.isdisjoint(knowledge.facts[name].get("of") or taken) and taken]:
        del case.facts[name]
    for finding in [item for item in case.findings.values() if item.id == "no_symptom"]:
        del case.findings[finding.id]
        case.facts["otherwise_well"] = YES if finding.status == PRESENT else NO


def _beside(text: str, entities: list[Entity]) -> str:
    """The message without what it tells as present: "i can't cope" is no "no" to the question."""
    spans = [(entity["start"], entity["end"]) for entity in entities if entity["entity"] in _TELLING and "start" in entity
             and entity.get("role", "present") == "present"]
    rest = "".join(" " if any(start <= place < end for start, end in spans) else letter for place, letter in enumerate(text))
    return rest if not spans or re.search(r"\w", rest) else ""  # the "?" that is left of "is it a relapse?" is no "not sure"


_TELLING = ("symptom", "unknown_complaint", "red_flag", "red_flag_doubt", "symptom_doubt")


# A number or a time that names nothing belongs to what was told before


def _amend(case: Case, entities: list[Entity], text: str, today: date, changes: Changes) -> None:
    """"0.8 not 0.08" and "no, it was last Tuesday": the one result, dose or complaint that it can be about gets it."""
    if any(entity["entity"] not in ("duration", "time_since") for entity in entities) or _amend_temperature(case, plain(text), changes):
        return
    if entities:
        _amend_time(case, text, today, changes)
    else:
        _amend_value(case, plain(text), changes)


def _amend_value(case: Case, words: str, changes: Changes) -> None:
    """The result that was told with one of the numbers, or the only one there is, gets the other number."""
    said = [float(number) for number in _NUMBERS.findall(words)]
    meant = [float(number) for number in _MEANT.findall(words)]
    told = [(result, number) for result in case.labs.values() if result.value for number in map(float, _NUMBERS.findall(result.words))]
    old = [(result, number) for result, number in told if number in said] or (told if len(told) == 1 and meant == said else [])
    new = [number for number in said if not old or number != old[0][1]]
    if len(old) == 1 and len(new) == 1:
        result, number = old[0]
        result.value = float(f"{result.value * new[0] / number:.4g}")  # in the unit in which it was told
        result.words, result.previous, result.needs = f"{new[0]:g}", None, None
        changes.corrected.append(result.test)


def _amend_temperature(case: Case, words: str, changes: Changes) -> bool:
    """The thermometer was misread: of what was told only a temperature can be meant."""
    meant = [float(number) for number in _MEANT.findall(words) if 34 <= float(number) <= 43]
    if case.temperature is None or len(meant) != 1:
        return False
    case.temperature = meant[0]
    if case.temperature < 38.0:
        case.findings.pop("fever", None)
    changes.corrected.append("fever")
    return True


def _amend_time(case: Case, text: str, today: date, changes: Changes) -> None:
    """The complaint told last, if it has no time yet; else the dose or the complaint whose time was told, or the only complaint."""
    length = parse_time_answer(text, today)
    doses = [use for use in case.taken() if use.since_last_dose]
    if length and days(length) >= YEAR and any(not use.since_last_dose for use in case.taken()):
        return  # "2015, I think" may as well be when the medicine began
    lasting = [finding for finding in case.findings.values() if finding.status == PRESENT]
    timed = [finding for finding in lasting if "duration" in finding.attributes]
    if length and timed and not is_no(text) and "duration" not in lasting[-1].attributes:
        timed, doses = [], []
        lasting = lasting[-1:]
    if length and len(doses) + len(timed) == 1 and doses:
        doses[0].since_last_dose = length
        changes.corrected.append(doses[0].id)
    elif length and not doses and len(timed or lasting) == 1:
        finding = (timed or lasting)[0]
        case.findings[finding.id] = replace(finding, attributes={**finding.attributes, "duration": length})
        (changes.corrected if timed else changes.added).append(finding.id)


_MEANT = re.compile(
    r"\b(?:was|is|it'?s|be|meant|mean|actually|sorry|really|no)\W+(?:about |only |just )?(\d+(?:\.\d+)?)(?![\w.]*\d)(?! (?:is|was|wrong))")
_NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


def contrasted(case: Case, text: str, knowledge: Knowledge) -> tuple[Finding, list[Entity]] | None:
    """"Not my ankles, my hands": the finding that this corrects, and what holds instead, if a complaint fits the words."""
    found = contrast(plain(text))
    for finding in case.findings.values() if found else ():
        wrong, right = found
        known, stated = finding.attributes.get("side"), side(wrong).get("side")
        if finding.status != PRESENT or stated and known not in (stated, None):
            continue
        words = telling_words(finding.words) or telling_words(knowledge.symptoms[finding.id]["name"])
        target = words if known and known == stated and wrong == {known} else instead(words, wrong, right)
        if target is not None:
            return finding, _instead_of(finding, words, target, side(right), knowledge)
    return None


def _instead_of(finding: Finding, words: frozenset[str], target: frozenset[str], right: dict[str, str],
                knowledge: Knowledge) -> list[Entity]:
    attributes = {name: kept for name, kept in finding.attributes.items() if name != "side"} | right
    now = {"entity": "symptom", "role": "present", "attributes": attributes}
    if target == words:
        return [{**now, "value": finding.id, "text": finding.words}]
    not_there = {"entity": "symptom", "value": finding.id, "role": "negated", "text": finding.words}
    phrases = ((item["id"], phrase) for item in knowledge.symptoms.values() for phrase in item["phrases"])
    return next(([not_there, {**now, "value": value, "text": phrase}] for value, phrase in phrases if telling_words(phrase) == target), [])


# Answers to the question that was asked


def _answer(case: Case, question: Question, text: str, entities: list[Entity], knowledge: Knowledge, today: date,
            picked: tuple[str, ...]) -> bool:
    kind, _, rest = question.id.partition(":")
    return _ANSWERS[kind](case, question, rest, text, entities, knowledge, today, picked)


def _answer_medicine(case, question, rest, text, entities, knowledge, today, picked):
    for entity in entities:
        if entity["entity"] == "medicine" and entity.get("role") == "asked":
            case.medicines[entity["value"]] = MedicineUse(entity["value"], "current", words=entity.get("text", ""))
    if case.taken() or case.unknown_medicines or case.medicine_hints:
        return True
    if text.startswith("I don't take one") or (is_no(text) and len(plain(text).split()) <= 6 and not _told(entities)):
        case.no_medicine = True
        return True
    if picked or is_unsure(text):
        case.unknown_medicines.append("not known")
        return True
    words = plain(text)
    unread = all(entity["entity"] == "other_medicine" for entity in entities)
    if unread and len(words.split()) <= 5 and not is_yes(text) and not _SENTENCE.search(words) and _could_be_a_name(words):
        case.unknown_medicines.append(text.strip())
        return True
    return False


def _told(entities: list[Entity]) -> bool:
    return any(entity["entity"] in _TELLING for entity in entities)


def _could_be_a_name(words: str) -> bool:
    """One of the words is not in everyday use: "twice a year" is no medicine's name."""
    return any(zipf_frequency(word, "en") < EVERYDAY for word in re.findall(r"[a-z]{3,}", words))


EVERYDAY = 4.4  # zipf frequency
# Words of a sentence about oneself, not of a medicine's name.
_SENTENCE = re.compile(
    r"\b(?:i'?m|i am|i feel|really|very|so|just|worried|scared|help|please|is|are|was|what|why|how|who|my|it'?s|can|do|you)\b")


def _answer_which(case, question, rest, text, entities, knowledge, today, picked):
    if case.taken():
        case.medicine_hints.clear()
        return True
    if len(case.medicine_hints) == 1 and is_yes(text):
        text = medicine_name(case.medicine_hints[0], knowledge)
    for hint in case.medicine_hints:
        if plain(medicine_name(hint, knowledge)) == plain(text):
            case.medicines[hint] = MedicineUse(hint, "current", words=text)
            case.medicine_hints.clear()
            return True
    if is_no(text) or is_unsure(text) or plain(text).startswith("none"):
        case.unknown_medicines.append("not known")
        return True
    return False


def _answer_signs(case, question, rest, text, entities, knowledge, today, picked):
    asked = list(question.about)
    named = [members[0] for option, members in zip(question.options, question.items, strict=False) if option in picked]
    told = {entity["value"] for entity in entities if entity["entity"] == "symptom"}
    if named:
        _set(case, named, PRESENT, text)
    elif is_unsure(text) and not told:
        _set(case, asked, UNCLEAR, text)
    elif is_no(text) and not _present(entities):
        _set(case, [sign for sign in asked if not _broader_told(sign, told, knowledge)], DENIED, text)
    elif is_vague(question, text, entities):
        return False
    elif is_yes_to_all_being_well(text):
        return False  # asked again: a yes to what, is not clear
    elif (is_all(text) or is_several(text) or is_yes(text)) and not told:
        _set(case, [members[0] for members in question.items] or asked[:1], PRESENT, text)
    elif told and (is_only(text) or is_no(text)):
        _set(case, [sign for sign in asked if sign not in told and sign not in case.findings], DENIED, text)
    else:
        return bool(told & set(asked))
    return True


def _broader_told(sign: str, told: set[str], knowledge: Knowledge) -> bool:
    return any(item in knowledge.names.descendants.get(sign, ()) for item in told)


def _present(entities: list[Entity]) -> bool:
    return any(entity["entity"] in ("symptom", "red_flag") and entity.get("role", "present") == "present" for entity in entities)


def _set(case: Case, signs: list[str], status: str, words: str) -> None:
    for sign in signs:
        known = case.findings.get(sign)
        if not (known and known.status == PRESENT and status != PRESENT):
            case.findings[sign] = Finding(sign, status, known.attributes if known else {}, words)


def _answer_quality(case, question, rest, text, entities, knowledge, today, picked):
    symptom, _, attribute = rest.partition(".")
    finding = case.findings.get(symptom) or Finding(symptom)
    value = QUALITY_ANSWERS[attribute].get(plain(picked[0] if picked else text).strip(" .!"))
    if value is None:
        told = [entity.get("attributes", {}).get(attribute) for entity in entities if entity["entity"] == "symptom"]
        value = next((item for item in told if item), None) or _quality_in_words(attribute, plain(text), today)
    if value is None and is_unsure(text):
        value = "moderate" if attribute == "severity" else UNCLEAR  # who cannot say how bad it is would not call it severe
    if value is None:
        return False
    finding.attributes = {**finding.attributes, attribute: value}
    case.findings[symptom] = finding
    return True


_QUALITY_WORDS = {
    "onset": [(r"\b(sudden|all at once|out of nowhere|in (seconds|minutes)|just like that|quick|straight away|instant)", "sudden"),
              (r"\b(slow|gradual|over (the )?(hours|days|weeks|months|time)|crept|creeping|built up|bit by bit)", "gradual")],
    "severity": [(r"\b(severe|really bad|very bad|terrible|awful|worst|unbearable|agony|horrendous|excruciating)\b", "severe"),
                 (r"\b(mild|slight|not (too |that |so )?bad|a bit|little|bearable|annoying)\b", "mild"),
                 (r"\b(moderate|medium|quite bad|so[ -]so|in the middle|pretty bad)\b", "moderate")],
    "trend": [(r"\b(worse|worsening|increasing|spreading|growing)\b", "worse"),
              (r"\b(same|no change|unchanged|not changed|steady|neither)\b", "same"),
              (r"\b(better|improving|easing|going (away|down)|settling)\b", "better")],
    "pattern": [(r"\b(new|never had|first time|just started|different)\b", "new"),
                (r"\b(usual|always|for years|same|long time|old|normal for me)\b", "usual")],
    "side": [(r"\b(both)\b", "both"), (r"\b(left)\b", "left"), (r"\b(right)\b", "right"), (r"\b(one)\b", "one")],
}
_QUALITY_YES_NO = {"onset": ("sudden", "gradual"), "trend": ("worse", "same"), "pattern": ("new", None)}  # for a bare yes or no
_OUT_OF_TEN = re.compile(r"\b(10|\d)(?: ?(?:/|out of) ?10)\b")


def _quality_in_words(attribute: str, words: str, today: date) -> str | None:
    if attribute in ("duration", "after_dose"):
        return parse_time_answer(words, today)
    score = _OUT_OF_TEN.search(words) if attribute == "severity" else None
    if score:
        return "severe" if int(score[1]) >= 7 else "moderate" if int(score[1]) >= 4 else "mild"
    found = next((value for pattern, value in _QUALITY_WORDS[attribute] if re.search(pattern, words)), None)
    if found or attribute not in _QUALITY_YES_NO:
        return found
    yes, no = _QUALITY_YES_NO[attribute]
    return yes if is_yes(words) else no if is_no(words) else None


def _answer_fact(case, question, rest, text, entities, knowledge, today, picked):
    if rest in case.facts and any(entity["entity"] == "fact" and entity["value"] == rest for entity in entities):
        return True
    value = YES if is_yes(text) else NO if is_no(text) else UNCLEAR if is_unsure(text) else None
    if value is None:
        return False
    case.facts[rest] = value
    return True


def _answer_time(attribute):
    def answer(case, question, rest, text, entities, knowledge, today, picked):
        use = case.medicines.get(rest) or next(iter(case.taken()), None)
        if use is None:
            return False
        if getattr(use, attribute) and any(entity["entity"] == "medicine" for entity in entities):
            return True
        length = parse_time_answer(text, today)
        if length:
            setattr(use, attribute, length)
            return True
        if picked or is_unsure(text) or is_no(text):
            use.time_unclear = True
            return True
        return False

    return answer


def _answer_temperature(case, question, rest, text, entities, knowledge, today, picked):
    number = re.fullmatch(r"\D{0,12}?(\d{2,3}(?:[.,]\d)?)\D{0,12}", plain(text))
    degrees = float(number[1].replace(",", ".")) if number else None
    if degrees is not None and 94 <= degrees <= 110:
        degrees = round((degrees - 32) / 1.8, 1)
    if case.temperature is None and degrees is not None and 34 <= degrees <= 43:
        case.temperature = degrees
    return case.temperature is not None or bool(picked) or is_no(text) or is_unsure(text)


def _answer_results(case, question, rest, text, entities, knowledge, today, picked):
    return rest in case.labs or bool(picked) or is_no(text) or is_unsure(text)


def _answer_unit(case, question, rest, text, entities, knowledge, today, picked):
    result = case.labs.get(rest)
    if result is None:
        return True
    if result.needs == "unit" and picked and not is_unsure(text):
        from knowledge.labs import canonicalise  # units are only needed here

        result.value, result.unit = canonicalise(knowledge.labs[rest], result.value, text)
        result.needs = None
        return True
    if result.needs == "confirm" and is_yes(text):
        result.needs = None
        return True
    if any(entity["entity"] == "lab_result" and entity["value"]["test"] == rest for entity in entities):
        return True
    if is_no(text) or is_unsure(text):
        case.not_understood.append(f"{result.words or rest} (unit or value not sure)")
        return True
    return False


_DENIED_WITH = {"suicidal_thoughts": ["suicidal_thought", "self_harm_thought"]}  # asked for by name in the doubt's question


def _answer_doubt(case, question, rest, text, entities, knowledge, today, picked):
    flagged = rest in case.red_flags
    if not flagged and is_no(text):
        case.red_flag_doubts.remove(rest)
        _set(case, _DENIED_WITH.get(rest, []), DENIED, text)
        return True
    if rest in case.red_flag_doubts:
        case.red_flag_doubts.remove(rest)  # yes, unclear or anything else counts as present
    case.red_flags.setdefault(rest, "")
    return True


def _answer_meant(case, question, rest, text, entities, knowledge, today, picked):
    words = case.symptom_doubts.pop(rest, "")
    if is_no(text):
        case.not_understood.append(words)
    else:
        case.findings.setdefault(rest, Finding(rest, PRESENT, {}, words))  # yes, unclear or anything else counts as present
    return True


def _answer_earlier(case, question, rest, text, entities, knowledge, today, picked):
    for entity in entities:
        if entity["entity"] == "medicine" and entity.get("role") in ("current", "asked") and entity["value"] in case.medicines:
            first = next(iter(case.medicines))
            if entity["value"] != first:
                case.medicines[entity["value"]].status = "past"
    told = any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities)
    return told or bool(picked) or is_no(text) or is_unsure(text)


_ANSWERS = {
    "medicine": _answer_medicine, "which_medicine": _answer_which, "signs": _answer_signs, "danger": _answer_signs,
    "quality": _answer_quality, "fact": _answer_fact, "last_dose": _answer_time("since_last_dose"),
    "first_dose": _answer_time("since_first_dose"), "results": _answer_results, "temperature": _answer_temperature,
    "unit": _answer_unit,
    "doubt": _answer_doubt,
    "meant": _answer_meant,
    "earlier_medicine": _answer_earlier,
}
