"""Answers to the question that was asked."""

from __future__ import annotations

import re
from datetime import date

from wordfreq import zipf_frequency

from knowledge.case import DENIED, NO, PRESENT, UNCLEAR, YES, Case, Finding, MedicineUse
from knowledge.intake.changes import TELLING, Entity, tells_present
from knowledge.interview import QUALITY_ANSWERS, Question, medicine_name
from knowledge.language.short_answers import (
    chosen_options,
    is_all,
    is_no,
    is_only,
    is_several,
    is_unsure,
    is_yes,
    is_yes_to_all_being_well,
    plain,
)
from knowledge.language.time import parse_time_answer
from knowledge.release import Knowledge


def answer(case: Case, question: Question, text: str, entities: list[Entity], knowledge: Knowledge, today: date,
           picked: tuple[str, ...]) -> bool:
    """Whether the words answer the question; what they say of it goes into the case. `picked` are the options that were chosen."""
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
    if unread and len(words.split()) <= 5 and not is_yes(text) and not _SENTENCE.search(words) and _could_be_a_name(words, knowledge):
        case.unknown_medicines.append(text.strip())
        return True
    return False


def _told(entities: list[Entity]) -> bool:
    return any(entity["entity"] in TELLING for entity in entities)


def _could_be_a_name(words: str, knowledge: Knowledge) -> bool:
    """One of the words is not in everyday use: "twice a year" is no medicine's name, and "ALT yes" names a test."""
    tests = {name.lower() for test in knowledge.labs.values() for name in test["lay_names"]}
    return any(zipf_frequency(word, "en") < EVERYDAY and word not in tests for word in re.findall(r"[a-z]{3,}", words))


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
    elif denies_only_what_it_names(text, entities):
        denied = [sign for sign in asked if sign in told or any(sign in knowledge.names.descendants.get(one, ()) for one in told)]
        _set(case, denied, DENIED, text)
        return denied == asked
    elif is_unsure(text) and not told:
        _set(case, asked, UNCLEAR, text)
    elif (is_no(text) or _SYMPTOM_FREE.search(plain(text))) and not tells_present(entities):
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


def denies_only_what_it_names(text: str, entities: list[Entity]) -> bool:
    """"No fever", to a question about something else or about more: the no is said of the fever alone."""
    spans = [(entity["start"], entity["end"]) for entity in entities if "start" in entity and entity.get("role") == "negated"]
    rest = "".join(" " if any(start <= place < end for start, end in spans) else letter for place, letter in enumerate(text))
    return bool(spans) and bool(_BARE_NO.fullmatch(plain(rest)))


_SYMPTOM_FREE = re.compile(r"^\W*(?:\w+ ){0,2}(?:asymptomatic|symptom[- ]free)\W*$")
_BARE_NO = re.compile(r"no(?: (?:no|or|nor|and|any|a|the|,))*\W*")


def _broader_told(sign: str, told: set[str], knowledge: Knowledge) -> bool:
    return any(item in knowledge.names.descendants.get(sign, ()) for item in told)


def _set(case: Case, signs: list[str], status: str, words: str) -> None:
    for sign in signs:
        known = case.findings.get(sign)
        if not (known and known.status == PRESENT and status != PRESENT):
            case.findings[sign] = Finding(sign, status, known.attributes if known else {}, words)


def is_vague(question: Question, text: str, entities: list[Entity]) -> bool:
    """A yes to a list of signs that does not say which of them."""
    if len(question.items) < 2 or is_unsure(text) or is_yes_to_all_being_well(text) or is_all(text):
        return False
    if chosen_options(text, question.options, len(question.items)):
        return False
    return (is_yes(text) or is_several(text) and not (len(question.items) == 2 and "both" in plain(text))) and not tells_present(entities)


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
              (r"\b(better|improving|easing|going (away|down)|settling|(?<!not )(?<!n't )(gone|passed))\b", "better")],
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
    if value is None or denies_only_what_it_names(text, entities):
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
