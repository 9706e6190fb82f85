"""One message read whole: every finder of `knowledge.language` over the same text, their entities in one list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from knowledge.conditions.view import FEVER
from knowledge.durations import days
from knowledge.language.danger import LIKELIER, LIKELY, DangerSense
from knowledge.language.dose_timing import find_dose_times, set_first_doses, set_last_doses
from knowledge.language.facts import FactFinder, fact_entity
from knowledge.language.flag_matches import Reading
from knowledge.language.flag_verdict import may_be_none
from knowledge.language.intent import intent_of
from knowledge.language.lab_results import LabFinder
from knowledge.language.meaning import MeaningFinder, Vectors, kept_vectors, phrases_of, sure
from knowledge.language.medicines import MedicineFinder
from knowledge.language.other_languages import detect, names_in
from knowledge.language.red_flags import RedFlagFinder
from knowledge.language.status import Context
from knowledge.language.symptoms import SymptomFinder, find_unknown, tells_of_a_dose
from knowledge.language.temperature import find_temperatures
from knowledge.language.text import meets, readable
from knowledge.language.time import find_times
from knowledge.lasting import kept_alive
from knowledge.release import names_of
from knowledge.urgency import rank

Entity = dict[str, Any]
_JUST_DOSED = 7  # days
_RIGHT_BEHIND = 12  # characters: " for about "
_FOR = re.compile(
    r"[\s(,]*(?:(?:low|high|raised|like (?:this|that)|been|has|have|that|it's|for|over|more than|about|around|nearly|almost|well|now"
    r"|at least|the (?:last|past)|all of)\s+)*", re.I)
_EXCLAIMED = re.compile(r"\boh no\b", re.I)
_AGAIN = re.compile(
    r"\b(?:(?:every|each) (?:single )?(?:time|day|night|morning|evening|week|weekend|month|\w+day)"
    r"|most (?:days|times|mornings|evenings|weeks)|for years|where i (?:jab|inject)|always|whenever|daily|weekly)\b", re.I)
_BY_EVENING = re.compile(
    r"[^.!?\n]*\b(?:gone|over|off|passed|settled|fine|ok) (?:again )?by (?:the )?"
    r"(?:morning|noon|lunch|dinner|tea|supper|evening|night|bed|breakfast)", re.I)
_AND_AGAIN = re.compile(
    r"\W+(?:most|some|every|all) (?:days|times|mornings|evenings|nights|weeks|day|time|morning|evening|week)\b\W*(?:$|[.!?\n])", re.I)
_NO_FEVER = re.compile(r"\b(?:2\d|3[0-7])(?:[.,]\d)?\b(?!(?:[.,]\d)? ?(?:days|hours|years|weeks|times))")  # degrees
_LONG_SEATED = _LONG_AGO = 365  # days
_HEADING = re.compile(r"(?: \w+){0,2} ?:\s")  # behind its date: "from January:", "last year bloods:"
_NEXT_PART = re.compile(r"\n\s*\n|[.;!?]\s|\b(?:now|today|latest|newest|yesterday)\b|:\s", re.I)
_WHEELCHAIR = re.compile(
    r"\b(?:in|use|used|using|need|needed|had|have) (?:a |the |my )?(?:power |electric |manual )?wheel ?chair\b"
    r"|\bwheel ?chair (?:user )?(?:for|since)\b", re.I)
_CHANGE = re.compile(
    r"\b(?:today|tonight|now|sudden\w*|overnight|this (?:morning|week|month)|yesterday|last (?:night|week)|lately|recently"
    r"|(?<!no )(?<!not )worse than|worsen\w*|getting worse|got worse)\b", re.I)
_SINCE_STARTING = re.compile(
    r"\b(?:ever )?since (?:i |we |i've )?(?:start\w*|began|beginning|going on(?:to)?|being on|switch\w* to|been on) (?:the |my )?$", re.I)
_IN_SIGHT = 40  # words of a long sentence, or characters before a name
_THERMOMETER = re.compile(r"(?:temp|temps|temperature|temperatures)", re.I)
_HAVING_ONE = re.compile(r"\b(?:a|high|raised|had|have|with|running|got|spiking)\s+$", re.I)  # "a temperature" is a fever
_TAKEN_BY_HAND = re.compile(r"\b(?:taken|took|taking|checked|checking|measured)\b", re.I)
_LOWERED = re.compile(r"\b(?:paracetamol|acetaminophen|tylenol|ibuprofen|nurofen|advil|aspirin|calpol)\b", re.I)
_BEFORE_IT = 20  # characters
_READING_FOLLOWS = 60  # characters from the word to the reading
_INJECTED = re.compile(r"\bi (?:last )?(?:inject|jab)\w*(?: (?:it|on|this|last))*\s*$", re.I)
_PARTS = ("names", "other_medicines", "labs", "units", "other_tests", "symptoms", "facts", "groups", "words", "red_flags", "red_flag_words",
          "no_complaint", "sentences")


class Reader:
    """Finds everything in a message. Built once from the vocabulary of one release (`vocabulary_of`).

    `made` are the vectors of its phrases (`phrases_of`); without them they are made, or taken from where they were kept.
    """

    def __init__(self, vocabulary: dict[str, Any], made: Vectors | None = None):
        with kept_alive():
            self._make(vocabulary, made)

    def _make(self, vocabulary: dict[str, Any], made: Vectors | None) -> None:
        self.medicines = MedicineFinder(vocabulary["names"], vocabulary["other_medicines"])
        self.labs = LabFinder([*vocabulary["labs"], {"unit_lists": vocabulary["units"]}, {"other_tests": vocabulary["other_tests"]}])
        self.symptoms = SymptomFinder(vocabulary["symptoms"], vocabulary["words"])
        self.facts = FactFinder(vocabulary["facts"], vocabulary["words"])
        self._facts = {fact["id"] for fact in vocabulary["facts"]}
        flags = {**vocabulary["red_flag_words"], "red_flags": vocabulary["red_flags"]}
        self.red_flags = RedFlagFinder(flags, names_of({**vocabulary, "medicines": []}))
        phrases = phrases_of(vocabulary)
        self.meaning = MeaningFinder(phrases, kept_vectors([phrase for _, phrase in phrases]) if made is None else made)
        self.danger = DangerSense()
        self._spared = {flag["id"]: flag["spared_by"] for flag in vocabulary["red_flags"] if "spared_by" in flag}
        self._levels = {flag["id"]: flag["urgency"] for flag in vocabulary["red_flags"]}
        self._emergencies = {symptom["id"] for symptom in vocabulary["symptoms"] if symptom["urgency"] == "emergency"}

    def read(self, text: str, today: date, by_sense: bool = True) -> list[Entity]:
        """All entities of `text`, in order of their start. Red flags are found whatever else the message holds.

        `by_sense`: danger that no pattern knows is felt too.
        """
        plain, places = readable(text)
        entities = self._read(plain, today, by_sense) if any(character.isalnum() for character in plain) else []
        if len(plain) < len(text):
            for entity in entities:
                entity["start"], entity["end"] = places[entity["start"]], places[entity["end"] - 1] + 1
        return entities

    def _read(self, text: str, today: date, by_sense: bool) -> list[Entity]:
        text = _EXCLAIMED.sub("oh my", text)  # as long as before: "oh no" denies nothing
        labs = self.labs.find(text)
        others = [lab for lab in labs if lab["entity"] == "other_lab_result"]
        all_times = find_times(text, today)
        medicines = self.medicines.find(text, today, all_times)
        context = Context(text, medicines=[(one["start"], one["end"], one["role"]) for one in medicines if one["entity"] == "medicine"])
        spans = [(item["start"], item["end"]) for item in medicines if "medicine" in item["entity"]]
        temperatures = find_temperatures(text, [(lab["start"], lab["end"]) for lab in labs], spans)
        about_medicines = {(time["start"], time["end"]) for time in medicines if _about_a_medicine(time, medicines, text)}
        times = [time for time in all_times if (time["start"], time["end"]) not in about_medicines]
        _set_durations(text, labs, times)
        _set_ages(text, labs, all_times)
        dose_times = list(find_dose_times(text, medicines))
        counted = [time for time in medicines if time["entity"] in ("duration", "time_since") and tells_of_a_dose(text, time)]
        found = self.symptoms.find(text, context, [*times, *counted, *dose_times])
        set_first_doses(text, medicines)
        reactions = [symptom for symptom in found if "after_dose" in symptom["attributes"]]
        if reactions:
            set_last_doses(medicines, dose_times)
        for symptom in found:
            ended = symptom["attributes"].get("trend")
            gone = symptom["role"] == "past" and ended == "gone"
            if gone and symptom in reactions or symptom["role"] == "past" and ended != "over" and _comes_again(context, symptom, gone):
                symptom["role"] = "present"  # "chills the night I inject, gone by morning" is what the person reports now
                if _BY_EVENING.match(text, symptom["end"]):
                    symptom["attributes"].setdefault("duration", "P1D")
        reading = self.red_flags.read(text, dose_times, times)
        symptoms = self.red_flags.meant(reading, found)
        taken = [(entity["start"], entity["end"]) for entity in (*labs, *medicines)]
        named = [(entity["start"], entity["end"]) for entity in medicines]
        flags = [flag for flag in self.red_flags.find(reading, context, symptoms) if not _inside(flag, named)]  # "Plegridy" is no pleurisy
        spared = [flag for flag in flags if self._is_spared(flag, medicines)]
        flags = [flag for flag in flags if flag not in spared]
        symptoms = [entity for entity in symptoms if not _inside(entity, taken)]
        symptoms += [self._finding_of(flag, context, times) for flag in spared if not _touches(flag, symptoms)]
        _set_measured(text, symptoms, temperatures)
        _set_since_start(text, symptoms, medicines)
        symptoms = [self._asked_about(symptom, reading) for symptom in symptoms]
        _set_after_dose(context, symptoms, medicines)
        _set_age_of_site(context, symptoms, all_times)
        facts = self.facts.find(text, context, others, medicines)
        _take_what_was_missed(medicines, facts)
        settled = [(fact["start"], fact["end"]) for fact in facts]  # "potassium 2.4" is a fact: no number that nobody understood
        labs = [lab for lab in labs if lab not in others or (lab["start"], lab["end"]) not in settled]
        understood = [*labs, *temperatures, *medicines, *symptoms, *flags, *facts]
        understood += self._by_meaning(context, understood, times)
        _set_of_wheelchair(context, understood)
        understood += find_unknown(text, context, understood)
        understood += self._by_sense(text, understood) if by_sense else []
        entities = [entity for entity in (*understood, *times) if not _needless(entity, understood)]
        return sorted(entities, key=lambda entity: (entity.get("start", 0), entity["entity"]))

    def wanted(self, text: str, entities: list[Entity], guess: str | None, confidence: float) -> tuple[str, float]:
        """What the person wants, and how sure that is: an emergency speaks before all else, then another language, then the words.

        `guess` and `confidence` are the trained classifier's. A red flag that is for today is a report, or corrects one: what is
        said about it depends on all that was told before.
        """
        flags = [entity for entity in entities if entity["entity"] == "red_flag"]
        if emergencies := [flag["value"] for flag in flags if flag["urgency"] == "emergency"]:
            order = list(self._levels)  # whose own words are those of an emergency, then which stands first in the content
            return f"emergency_{min(emergencies, key=lambda flag: (-rank(self._levels[flag]), order.index(flag)))}", 1.0
        if flags:
            corrects = intent_of(text, entities, guess, confidence)[0] == "correct"
            return "correct" if corrects else "report", 1.0
        return ("other_language", 1.0) if detect(text, names_in(entities, text)) else intent_of(text, entities, guess, confidence)

    def _is_spared(self, flag: Entity, medicines: list[Entity]) -> bool:
        """The message names only medicines whose own rules speak for the flag's finding: of lower risk, or taken long enough ago."""
        spared_by = self._spared.get(flag["value"], {"medicines": (), "last_dose_before": {}})
        taken = [item for item in medicines if item["entity"] == "medicine" and item.get("role") in ("current", "past")]
        return bool(taken) and all(
            item["value"] in spared_by["medicines"] or _longer_ago(item, spared_by["last_dose_before"].get(item["value"])) for item in taken
        )

    def _finding_of(self, flag: Entity, context: Context, times: list[Entity]) -> Entity:
        """What a spared flag stands for, when its words were read as no symptom: "positive test", which may be any test."""
        finding = self._spared[flag["value"]]["finding"]
        return {**self.symptoms.mention(context, flag["start"], flag["end"], finding, times), "entity": "symptom"}

    def _by_meaning(self, context: Context, understood: list[Entity], times: list[Entity]) -> list[Entity]:
        """Symptoms and facts in clauses that nobody understood. An emergency that is not sure is a doubt, and is asked about."""
        aside = ("medicine", "other_medicine", "unknown_medicine", "medicine_hint")
        told = [entity for entity in understood if entity["entity"] == "symptom" and entity["role"] == "present"]
        heard = [(entity["start"], entity["end"]) for entity in told]
        taken = [(entity["start"], entity["end"]) for entity in understood if entity["entity"] not in aside and entity not in told]
        passed_over = [(entity["start"], entity["end"]) for entity in (*times, *understood) if entity in times or entity["entity"] in aside]
        found = []
        known = {ident for entity in told for ident in (entity["value"], *self.symptoms.ancestors(entity["value"]))}
        for start, end, ident, votes in self.meaning.find(context, taken, passed_over, heard):
            if ident in known and meets(start, end, heard):
                continue
            if ident in self._facts:
                found.append(fact_entity(context.text, start, end, ident, "present"))
                continue
            if ident == "fever" and _NO_FEVER.search(context.text, start, end):
                continue  # "highest was 37.1": the number itself says that it is none
            mention = self.symptoms.mention(context, start, end, ident, times, told)
            doubt = mention["value"] in self._emergencies and not sure(votes, context)
            found.append({**mention, "entity": "symptom_doubt" if doubt else "symptom", "confidence_entity": round(votes, 2)})
        return found

    def _is_grave(self, entity: Entity) -> bool:
        """A present symptom that is an emergency by itself."""
        return entity["entity"] == "symptom" and entity["role"] == "present" and entity["value"] in self._emergencies

    def _asked_about(self, symptom: Entity, reading: Reading) -> Entity:
        """The symptom, or a doubt where it would be an emergency by itself and is told as of long ago."""
        return {**symptom, "entity": "symptom_doubt"} if self._is_grave(symptom) and may_be_none(symptom, reading) else symptom

    def _by_sense(self, text: str, understood: list[Entity]) -> list[Entity]:
        """The red flag, or the doubt, of a message that raised none though it may tell of danger."""
        if any(self._is_alarming(entity) for entity in understood):
            return []
        understands = any(entity["entity"] == "symptom" and entity["role"] in ("present", "other_person") for entity in understood)
        danger = self.danger.find(text, LIKELIER if understands else LIKELY)
        if danger is None or danger.flag not in self._levels:
            return []
        return [{
            "entity": "red_flag" if danger.is_sure else "red_flag_doubt", "value": danger.flag, "urgency": self._levels[danger.flag],
            "start": danger.start, "end": danger.end, "text": text[danger.start : danger.end], "confidence_entity": round(danger.logit, 2),
        }]

    def _is_alarming(self, entity: Entity) -> bool:
        """Whether it is answered as an emergency, or asked about as one, anyway."""
        return self._is_grave(entity) or entity["entity"] in ("red_flag", "red_flag_doubt", "symptom_doubt")


def _longer_ago(medicine: Entity, limit: str | None) -> bool:
    told = medicine.get("status_time", {})
    since = told.get("since_last_dose") or told.get("since_stop")
    return bool(limit and since) and days(since) > days(limit)


def _touches(flag: Entity, symptoms: list[Entity]) -> bool:
    return meets(flag["start"], flag["end"], [(item["start"], item["end"]) for item in symptoms if item["role"] == "present"])


def _comes_again(context: Context, symptom: Entity, gone: bool) -> bool:
    """Whether its sentence says that it is a habit: "queasy on Mondays every week, gone by dinner".

    What stands before it, or in the few words after the sentence, counts where it is told in the present: "where I jab it stays red a
    day and then it's gone". "Every week on Rebif I had chills" is over.
    """
    start, end = symptom["start"], symptom["end"]
    first, last = context.places(start, end)
    low, high = context.sentence(first, last)
    low, stop = max(low, first - _IN_SIGHT), context.tokens[min(high, last + _IN_SIGHT) - 1].end
    if gone and _AGAIN.search(context.text, end, stop):
        return True
    if context.dated(start, end) or context.framed(start, end) or context.story.told_in_past(context.places(start, end)[0]):
        return False
    return bool(_AGAIN.search(context.text, context.tokens[low].start, stop) or _AND_AGAIN.match(context.text, stop))


def vocabulary_of(data: dict[str, Any]) -> dict[str, Any]:
    """The part of a release that reading needs."""
    return {key: data[key] for key in _PARTS}


def _about_a_medicine(time: Entity, medicines: list[Entity], text: str) -> bool:
    """A time since a dose, or a length of time right behind a medicine ("rebif for 3 years"): no symptom has lasted so long.

    "Since yesterday" that does not follow a medicine is the time of what is there since ("red where I injected since yesterday"),
    and what has been there "for 5 days since Solu-Medrol" has lasted so long, too.
    """
    if time["entity"] == "time_since" and text[: time["start"]].lower().endswith("for "):
        return False
    if time["entity"] != "duration" and not text[: time["start"]].lower().endswith("since "):
        return time["entity"] == "time_since"
    return any(item["entity"] == "medicine" and 0 <= time["start"] - item["end"] <= _RIGHT_BEHIND for item in medicines)


def _take_what_was_missed(medicines: list[Entity], facts: list[Entity]) -> None:
    """Whoever missed doses takes the one medicine they name, whatever else they ask about it or say they were without."""
    named = [item for item in medicines if item["entity"] == "medicine"]
    missed = any(fact["value"] == "missed_doses" and fact["role"] == "present" for fact in facts)
    if missed and len({item["value"] for item in named}) == 1:
        for item in named:
            item["role"] = "current" if item["role"] in ("asked", "negated") else item["role"]


def _set_durations(text: str, labs: list[Entity], times: list[Entity]) -> None:
    """How long a result has been so, when that is said right behind it: "lymphocytes 0.6 for over 8 months"."""
    for lab in labs:
        told = [time for time in times if time["start"] >= lab["end"] and _FOR.fullmatch(text, lab["end"], time["start"])]
        if lab["entity"] == "lab_result" and told:
            lab["value"]["duration"] = told[0]["value"]
        if begun := lab["value"].pop("alike_from", None) if lab["entity"] == "lab_result" else None:
            dates = [time["value"] for time in times if 0 <= begun - time["end"] <= _RIGHT_BEHIND and time["entity"] == "time_since"]
            lab["value"]["duration"] = max([lab["value"]["duration"], *dates], key=days)


def _set_since_start(text: str, symptoms: list[Entity], medicines: list[Entity]) -> None:
    """"Runny tummy since starting Aubagio last week": it has lasted no longer than the medicine has been taken."""
    for item in medicines:
        begun = item.get("status_time", {}).get("since_first_dose")
        before = _SINCE_STARTING.search(text, max(0, item["start"] - _IN_SIGHT), item["start"]) if begun else None
        for symptom in symptoms if before else ():
            if symptom["role"] == "present" and 0 <= before.start() - symptom["end"] <= _RIGHT_BEHIND:
                symptom["attributes"].setdefault("duration", begun)


def _set_measured(text: str, symptoms: list[Entity], temperatures: list[Entity]) -> None:
    """"Taken my temperature twice, 36.6 and 36.8", "temp ninety nine one": the word alone is no fever where no reading is.

    Not so after a tablet that lowers it ("a temperature all night, now 37.6 after paracetamol").
    """
    readings = [item for item in temperatures if item["role"] in ("present", "past")]
    if any(item["value"]["value"] >= FEVER for item in readings) or _LOWERED.search(text):
        return
    for symptom in symptoms:
        if symptom["value"] != "fever" or symptom["role"] != "present" or not _THERMOMETER.fullmatch(symptom["text"]):
            continue
        before = text[max(0, symptom["start"] - _BEFORE_IT) : symptom["start"]]
        far = _READING_FOLLOWS if _TAKEN_BY_HAND.search(before) else 1
        if not _HAVING_ONE.search(before) and any(0 <= item["start"] - symptom["end"] <= far for item in readings):
            symptom["role"] = "negated"


def _set_ages(text: str, labs: list[Entity], times: list[Entity]) -> None:
    """How long ago the results under a heading were taken: "last year: WBC 6, neuts 4", "second one from January: WBC 4"."""
    for time in times:
        heading = _HEADING.match(text, time["end"])
        for lab in labs if heading else ():
            if lab["entity"] == "lab_result" and lab["start"] >= heading.end() and not _NEXT_PART.search(text, heading.end(), lab["start"]):
                lab["value"]["ago"] = time["value"]
                if lab["value"]["status"] == "current" and days(time["value"]) >= _LONG_AGO:
                    lab["value"]["status"] = "previous"


def _set_after_dose(context: Context, symptoms: list[Entity], medicines: list[Entity]) -> None:
    """A dose told first, then in the same breath what is there now, without a time of its own: "Tysabri two days ago, tired out"."""
    told = [(item["end"], item.get("status_time", {}).get("since_last_dose")) for item in medicines]
    doses = [(end, since) for end, since in told if since]
    for symptom in symptoms:
        attributes = symptom["attributes"]
        before = [(end, since) for end, since in doses if end <= symptom["start"] and context.joined(end, symptom["start"])]
        dated = {"duration", "after_dose", "pattern"} & attributes.keys()
        if before and symptom["role"] == "present" and not dated and days(before[-1][1]) <= _JUST_DOSED:
            attributes["after_dose"] = before[-1][1]


def _set_age_of_site(context: Context, symptoms: list[Entity], times: list[Entity]) -> None:
    """"Red spot where I injected yesterday": what is there has lasted no longer than since that injection."""
    for time in times:
        for symptom in symptoms if _INJECTED.search(context.text, 0, time["start"]) else ():
            of_site = symptom["value"].startswith("injection_site") and symptom["start"] < time["start"]
            if of_site and symptom["role"] == "present" and context.joined(symptom["end"], time["start"]):
                symptom["attributes"].setdefault("duration", time["value"])


def _set_of_wheelchair(context: Context, understood: list[Entity]) -> None:
    """"In a wheelchair since 2014, my legs don't work": who has used one for a year or more tells how they get about, no new loss."""
    for entity in list(understood):
        if entity["entity"] == "symptom" and entity["value"] == "unable_to_walk" and _WHEELCHAIR.search(context.text):
            told = entity["attributes"]
            changed = told.get("trend") == "worse" or told.get("onset") == "sudden" or told.get("pattern") == "new"
            if not changed and days(told.get("duration", "P0D")) >= _LONG_SEATED and not _CHANGE.search(context.text):
                entity |= {"value": "walking_difficulty", "attributes": {**told, "pattern": "usual"}}
                understood[:] = [item for item in understood if (item["entity"], item["value"]) != ("fact", "able_to_stand")]


def _inside(entity: Entity, spans: list[tuple[int, int]]) -> bool:
    return any(start <= entity["start"] and entity["end"] <= end for start, end in spans)


def _needless(entity: Entity, understood: list[Entity]) -> bool:
    """A complaint or medicine that was not understood gives way to a finder that did understand these words."""
    if entity["entity"] not in ("unknown_complaint", "unknown_medicine"):
        return False
    others = [item for item in understood if item is not entity and item["entity"] not in ("unknown_complaint", "fact")]
    return meets(entity["start"], entity["end"], [(item["start"], item["end"]) for item in others])
