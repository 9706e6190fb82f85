"""Taking what was read in a message into the case: facts, corrections, and short answers to the question asked."""

from __future__ import annotations

import re
from datetime import date

from knowledge.case import DENIED, NO, PRESENT, YES, Case
from knowledge.durations import days
from knowledge.intake.amending import amend
from knowledge.intake.answers import answer
from knowledge.intake.changes import TELLING, Changes, Entity
from knowledge.intake.readers import READERS
from knowledge.interview import YES_OR_NO, Question
from knowledge.language.short_answers import chosen_options, is_short, plain
from knowledge.release import Knowledge

MOST_SAYINGS = 20  # of a long conversation the first and the last are kept for the summary, each at most this long
LONGEST_SAYING = 600
_IN_THE_SAME_BREATH = 90  # characters from a reaction to the words that say how it settled
SETTLED_SOON, SHORT_EPISODE = "settled_30min", 30 / 1440  # the fact that says so, and how many days that is
SOON_AFTER = 1 / 24  # days from the dose: a reaction to it
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
    r"(?:^\W*(?:no |not |i )*(?:do not|don'?t) (?:take|use|have)|^\W*(?:no )?not (?:on|taking)"
    r"|\bi (?:do not|don'?t) (?:take|use|have)|\b(?:i'?m|i am) not (?:on|taking)|\b(?:but|and) (?:don'?t|do not) take|take)"
    r" (?:anything|nothing|any (?:ms )?(?:medicines?|medication|meds|drugs?|treatment|dmts?|therapy)"
    r"|no (?:ms )?(?:medicine|medication|meds|dmt))\b"
    r"(?! (?:else|other|for (?:the|a|my) (?!ms)))|^\W*no (?:ms )?(?:medicine|medication|meds|dmt|treatment)\W*$"
    r"|(?:^|[.!?;,] *)no (?:ms (?:medicine|medication|meds|drugs?)|dmts?|treatment)\b *(?:[.!?;,]|$)"
    r"|\bnot (?:on|taking) (?:an?|any) (?:ms )?(?:medicines?|medication|meds|drugs?|treatment|dmts?|therapy)\b(?! for)")
_WORSE = re.compile(
    r"(?<!not )(?<!no )(?<!n't )(?<!nt )(?<!never )(?<!nothing )(?<!any )(?<!anything )"
    r"\b(?:(?:getting|gets|got|gotten|become|becoming|is|it'?s|its|much|lot|even|far|now|feel\w*|only)"
    r" (?:\w+ )?worse|worsening|worse (?:now|today|than|every|each|and worse))\b"
)
_BETTER = re.compile(r"\b(?:(?:getting|gets|got|feel\w*|is|it'?s|bit|much|little) better|improving|easing)\b")
# How it has always been, said of the complaint; not where anything about it is new.
_ALWAYS_SO = re.compile(
    r"\b(?:it|they|this|that)(?:'s|'ve| has| have| is| are|s)? (?:(?:never|not ever) been (?:any |anything )?different"
    r"|always been(?: (?:exactly|just))? (?:like (?:this|that)|so|the same|that way)|never changed"
    r"|(?:always|exactly) the same(?: every time)?)\b")
_ANEW = re.compile(r"\b(?:new|first time|sudden\w*|this time|worse|differently|until (?:now|today|yesterday)|but now)\b")


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
        reader = READERS.get(entity["entity"])
        if reader:
            reader(case, entity, changes, correcting or entity.get("correction", False))
    if _NO_MEDICINE.search(plain(text)) and not case.taken() and not case.unknown_medicines:
        case.no_medicine = True
        changes.added.append("no_medicine")
    if question and question.id != "noticed":
        changes.answered = answer(case, question, _beside(text, entities), entities, knowledge, today, picked)
    if not picked and not changes.answered and (question is None or question.id.startswith((*YES_OR_NO, "noticed", "medicine"))):
        amend(case, entities, text, today, knowledge, changes)
    _settle_opposites(case, knowledge)
    if _WORSE.search(plain(text)):
        _all(case, "worse", entities, changes)
    elif _BETTER.search(plain(text)):
        _all(case, "better", entities, changes)
    if _ALWAYS_SO.search(plain(text)) and not _ANEW.search(plain(text)):
        _as_ever(case, entities, changes)
    _drop_needless(case, knowledge)
    return changes


def has_contacted(text: str) -> bool:
    """The person has told somebody about it before."""
    return bool(_CONTACTED.search(plain(text)))


def _settle_opposites(case: Case, knowledge: Knowledge) -> None:
    """Who said no to "cannot walk or stand" is not asked whether they can."""
    for name, fact in knowledge.facts.items():
        finding = case.findings.get(fact.get("opposite") or "")
        if finding and name not in case.facts and finding.status in (PRESENT, DENIED):
            case.facts[name] = YES if finding.status == DENIED else NO


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


def _as_the_patients(case: Case, entities: list[Entity]) -> list[Entity]:
    """A carer who names no medicine of their own writes for the person who takes one: that person is the patient.

    What was told of somebody else before that showed ("my mum has a rash", then "she takes Ocrevus") is taken up.
    """
    medicines = [entity for entity in entities if entity["entity"] == "medicine"]
    if not case.taken() and medicines and all(entity.get("role") == "other_person" for entity in medicines):
        case.for_other = True
    if not case.for_other:
        told = [{key: entity[key] for key in _OF_A_FINDING} for entity in entities if _is_of_another(entity)]
        case.of_others = [*case.of_others, *told][-MOST_SAYINGS:]
        return entities
    entities, case.of_others = [*case.of_others, *entities], []
    theirs = {"medicine": "current", "symptom": "present", "fact": "present"}
    return [{**entity, "role": theirs[entity["entity"]]} if entity.get("role") == "other_person" and entity["entity"] in theirs else entity
            for entity in entities]


_OF_A_FINDING = ("entity", "value", "role", "attributes", "text")


def _is_of_another(entity: Entity) -> bool:
    return entity["entity"] == "symptom" and entity.get("role") == "other_person"


def _episodes(entities: list[Entity], knowledge: Knowledge) -> list[Entity]:
    """What was there and is over still counts when it was an emergency of the last days, when it came with a dose, or when the person says
    how it settled: the rules about such facts (`episode` in facts.yml) are about just that."""
    entities = [_without_its_day(entity, entities) for entity in entities]
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
        of_a_dose = days(told.get("after_dose", "P1D")) <= SOON_AFTER and "ago" not in told  # told before the next one, also if it settled
        return settled or of_a_dose or entity["value"] in told_of_the_past or grave and days(told.get("ago", "P0D")) <= LONGEST_EPISODE

    return [{**entity, "role": "present", "attributes": {**entity["attributes"], "trend": "better"}}
            if entity in ended and counts(entity) else entity for entity in entities]


def _without_its_day(entity: Entity, entities: list[Entity]) -> Entity:
    """"Flushed after the injection yesterday, gone in 10 minutes": the day says when a reaction was, not how long it lasted."""
    told = entity.get("attributes") or {}
    if entity["entity"] != "symptom" or entity.get("role") != "present" or not {"after_dose", "duration"} <= told.keys():
        return entity
    settled = [fact["start"] - entity["end"] for fact in entities if fact["entity"] == "fact" and fact["value"] == SETTLED_SOON
               and fact.get("role", "present") == "present" and "start" in fact]
    if not any(0 <= apart <= _IN_THE_SAME_BREATH for apart in settled):
        return entity
    return {**entity, "attributes": {**{key: told[key] for key in told if key != "duration"}, "trend": "better"}}


def _gravest_last(entities: list[Entity], knowledge: Knowledge) -> list[Entity]:
    """A report with several parts of one test ("anti-HBc positive, HBsAg negative"): the gravest part is the one that is kept."""
    def gravity(entity: Entity) -> int:
        value = entity["value"] if entity["entity"] == "lab_result" else {}
        test = knowledge.labs.get(value.get("test"), {})
        categories = test["categories"] if "components" in test else []
        return categories.index(value["value"]) if value.get("value") in categories else -1

    return sorted(entities, key=gravity)


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
    spans = [(entity["start"], entity["end"]) for entity in entities if entity["entity"] in TELLING and "start" in entity
             and entity.get("role", "present") == "present"]
    rest = "".join(" " if any(start <= place < end for start, end in spans) else letter for place, letter in enumerate(text))
    return rest if not spans or re.search(r"\w", rest) else ""  # the "?" that is left of "is it a relapse?" is no "not sure"
