"""Symptoms in what people write: which concept, whose and when (`role`), and how (`attributes`)."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from wordfreq import zipf_frequency

from knowledge.durations import days
from knowledge.language import cues
from knowledge.language.lab_items import number_in
from knowledge.language.phrases import STRESS, Form, PhraseFinder, Words, default_words, word_set
from knowledge.language.status import Context, treatment_words
from knowledge.language.text import Table, meets, normalise, rows

# How far, in words, a qualifier may stand from its symptom.
_REACH = {"severity": 4, "side": 5, "onset": 9, "trend": 9, "pattern": 9}
# How many entities away another one may be that says the same more exactly.
_NEIGHBOURS = 12
# A clause of so many words may say something bare of a topic named before it, or in it.
_BARE, _CLAUSE = 7, 9
_VAGUE_WORDS = 2  # in more words a vague symptom is no longer so: "swollen all over and faint"
_LEADING = frozenset(
    ["i", "ive", "im", "have", "had", "got", "been", "of", "the", "my", "a", "with", "this", "that", "get", "having", "getting", "same"]
    + ["ms", "old", "feel", "felt", "kind", "type", "sort"]
)
_PASSING = ("common_cold", "covid_infection", "flu_like_illness")  # of months ago, nobody has it still
_LONG_PAST, _GOES_ON = 60, re.compile(r"\b(?:since|for|ongoing|still|never|long)\b", re.I)  # days
_COUNTED = ("infection", "chest_infection", "urinary_infection", "sinus_infection", "skin_infection")
_CLEARED = re.compile(
    r"(?<!not )(?<!n't )(?<!never )\b(?:(?:she|he|i|it|they)(?:'s|'m|s|m| is| am| has|'ve)? (?:all )?cleare?d?"
    r"|cleare?d? (?:now|up|each time)"
    r"|(?:well|fine|ok|okay|grand|clear|right as \w+) (?:now|at the moment|again|at present)|(?:has|have|it) (?:all )?cleared"
    r"|(?:no infections?|none|not ill|nothing) (?:now|at the moment|just now))\b", re.I)
_CATCHING = re.compile(r"pox\b|shingles|varicella", re.I)
_GOES_ROUND = re.compile(
    r"\W+(?:(?:is|are|has been|thats|which is) )?(?:going (?:a?round|about) )?(?:in|at|on|a?round|through|among)? ?"
    r"(?:(?:his|her|the|my|our|their) )?"
    r"(?:class|school|nursery|playgroup|work|office|ward|care home|family|household|street|team)\b",
    re.I,
)
_LOOKED_ALIKE = re.compile(
    r"\b(?:looks?|looked|just|exactly) like (?:this|that|mine|it|hers|his)\b|\bthe same (?:thing|rash|spots)\b|\bcalled it\b", re.I)
_LATELY = re.compile(  # within the three weeks in which chickenpox shows
    r"\b(?:yesterday|this week|last (?:week|night|weekend)|days? ago|(?:a|one|two|three|[123]) weeks? ago|(?:a )?fortnight ago)\b", re.I)
_HAD_THEN = re.compile(r"\b(?:had|called|years ago|as a child)\b", re.I)
_EXCEPT = re.compile(r"\b(?:apart from|aside from|other than|except|besides)\b")
# Words that lead from a symptom to another wording of the same one.
_ALIKE = word_set("like a an the its it is of feels feeling sort kind i mean my with in as")
_QUALIFIERS = {
    "onset": {
        "sudden": "sudden|suddenly|all at once|out of nowhere|out of the blue|in seconds|within seconds|"
        "within minutes|in minutes|"
        "instantly|came on fast|came on quickly|came on really fast|woke up with|woke with|"
        "all of a sudden|abruptly|in an instant",
        "gradual": "gradual|gradually|slowly|bit by bit|little by little|creeping|crept|crept up|over days|"
        "over weeks|over months|"
        "over the last few weeks|over the past few weeks|over the last few months|"
        "over the past few months|building up",
    },
    "severity": {
        "mild": "mild|mildly|slight|slightly|minor|a bit of|bit of|a bit|a little|barely noticeable|not too bad|"
        "not that bad|not bad|faintly|not severe|not a severe",
        "moderate": "moderate|moderately|medium|quite bad|fairly bad",
        "severe": "severe|severely|terrible|terribly|awful|horrendous|horrific|excruciating|unbearable|agonising|"
        "agonizing|bad|badly|worst|"
        "crippling|intense|violent|agony|10 out of 10|unreal|brutal|really bad|very bad|so bad|extreme|"
        "extremely|massive",
    },
    "trend": {
        "better": "better|getting better|improving|improved|easing|easing off|settling|going down|wearing off|"
        "calming down|less than|clearing",
        "worse": "worse|getting worse|worsening|worsen|spreading|increasing|deteriorating|more and more|"
        "worse and worse|every day worse|going downhill",
        "same": "not getting better|no better|not improving|unchanged|no change|hasnt changed|not changed|"
        "havent changed|staying the same|"
        "the same|same as before|no different|not any better|isnt getting better|not getting any better|"
        "not going away|wont go away|not spreading|isnt spreading|not getting worse|not getting any worse|not worse|"
        "isnt worse|isnt getting worse|no worse|hasnt spread|hasnt got worse|not increasing",
    },
    "pattern": {
        "usual": "usual|as usual|as it always has|like it always has|like it always does|as it always does|as they always do|"
        "exactly as they have|same old|the same old|"
        "always have|always had|longstanding|long standing|for years|same as always|"
        "same as ever|my normal|"
        "same each week|same every week|same each time|same every time|same every month|same each month|"
        "always get|the usual|have had for years|old|"
        "nothing new|nothing is new|none of it is new|none of this is new|isnt new|not new|ive always|normal for me|"
        "every day for years",
        "new": "new|brand new|never had|not had before|never had before|first time|different from usual|not usual|"
        "unusual|"
        "not my usual|not like my usual|isnt usual|isnt my usual|never felt|not normal for me",
    },
    "side": {
        "left": "left|lhs|left side|left hand side|l side",
        "right": "right|rhs|right side|right hand side",
        "both": "both|both sides|each|either side",
        "one": "one side|one|one sided",
    },
}
_TABLES = [(name, value, Table(rows(cues))) for name, values in _QUALIFIERS.items() for value, cues in values.items()]
_STARTS: dict[str, list[tuple[str, str, Table]]] = {}
for _row in _TABLES:
    for _word in _row[2].first_words():
        _STARTS.setdefault(_word, []).append(_row)
_DOSE = re.compile(
    r"\W{0,3}(?:after|since|following|post)\W+(?:\w+\W+){0,3}?"
    r"(?:dose|infusion|injection|inject\w*|jab|shot|tablet|pill|drip|capsule|medicine|meds|taking it|taking)"
)
# A degree reading that is no fever (below 38.0 C, as in `labs_a`) beside the word "temperature".
_READING = re.compile(r"\d{2,3}(?:[.,]\d)?")
_NO_FEVER = ((30.0, 38.0), (90.0, 100.4))


_NOT_SO = word_set("not nothing never isnt wasnt arent hardly")  # "sore, not terrible", "nothing sudden"
_DEGREE = word_set("too that a an any all exactly particularly especially been overly")
_OPPOSITE = {"severe": "mild", "sudden": "gradual"}


class SymptomFinder:
    """Finds symptom mentions. `symptoms` as in `content/symptoms/*.yml`, `words` as in `content/words.yml`.

    Without `words` the project's own word lists are read, once, when the finder is built.
    """

    def __init__(self, symptoms: Sequence[Mapping], words: Mapping | None = None) -> None:
        words = default_words() if words is None else words
        self._parents = {symptom["id"]: symptom.get("parent") for symptom in symptoms}
        phrases = {symptom["id"]: [*symptom.get("phrases", ()), *words["combinations"].get(symptom["id"], ())] for symptom in symptoms}
        blocked = {symptom["id"]: symptom.get("not_phrases", ()) for symptom in symptoms}
        self._becomes = [row for row in words["becomes"] if row["to"] in phrases]
        self._vague = frozenset(words["vague"])
        self._nearby = [
            (Table(tuple(said.split()) for said in row["said"]), frozenset(row.get("near", ())), row.get("denies"), row.get("means"))
            for row in words.get("nearby", ())
            if row.get("denies", row.get("means")) in phrases
        ]
        self._settings = [
            (Table(tuple(said.split()) for said in row.get("said", ())), row.get("near"), row["becomes"],
             Table(tuple(said.split()) for said in row.get("unless", ())), row.get("within", "sentence"))
            for row in words.get("settings", ())
            if set(row["becomes"].values()) <= phrases.keys()
        ]
        self._topics = [
            (frozenset(row.get("words", ())), frozenset(row["near"]), {word: ident for ident, said in row["says"].items() for word in said},
             row.get("becomes", {}))
            for row in words.get("topics", ())
            if {*row["says"], *row["near"]} <= phrases.keys()
        ]
        self._compared = frozenset(words.get("compared", ()))
        self._beside = [row for row in words.get("beside", ()) if row["to"] in phrases]
        self._finder = PhraseFinder(Words(words), phrases, blocked, treatment_words())

    def find(self, text: str, context: Context | None = None, times: Iterable[Mapping] = ()) -> list[dict]:
        """Symptom entities of `text` in text order, each with `role` and `attributes`.

        `times` are the duration, time_since and after_dose times of the same text; those near a symptom become its `duration`
        (ISO 8601), or `after_dose` where the words say "an hour after my injection" or "after each tablet".
        """
        context = context or Context(text)
        tokens = context.tokens
        forms, hits = self._finder.find(tokens)
        spans = [(tokens[forms[hit.first].first].start, tokens[forms[hit.last].last - 1].end) for hit in hits]
        context.claim(spans)
        times = list(times) if hits else []
        entities: list[dict] = []
        roles = [context.role(start, end) for start, end in spans]
        denied = [context.places(*span) for span, role in zip(spans, roles, strict=True) if role == "negated"]
        qualifiers = [row for row in _qualifiers(context) if not _within(row, denied)] if hits else []
        for (start, end), hit, role in zip(spans, hits, roles, strict=True):
            first, last = forms[hit.first].first, forms[hit.last].last
            attributes = _attributes(context, first, last, qualifiers)
            ended = role == "past" and context.ended(start, end)
            attributes |= _timing(context, first, last, times, ended)
            if ended:
                attributes["trend"] = "gone" if context.gone(start, end) else "over"
            for ident in hit.ids:
                ident = self._named(ident, attributes)
                if role == "present" and ident in _PASSING and _is_long_past(context, first, last, attributes):
                    role = "past"
                measured = ident == "fever" and role == "present" and _measured_normal(context, first, last)
                entities.append(_entity(text, start, end, ident, "negated" if measured else role, attributes))
                if ident == "chickenpox_contact" and role != "negated" and "shingles" in text[start:end].lower():  # whose shingles it is
                    entities.append(_entity(text, start, end, "shingles", "other_person"))
        entities = [one for entity in entities for one in _with_contact(context, entity)]
        entities += [entity for entity in _vital_signs(text, context) if entity["value"] in self._parents]
        for entity in entities:
            if entity["value"] in _ACTS and _is_planned(context, entity):
                entity["role"] = "hypothetical"
        entities = [entity for entity in entities if entity["value"] not in self._compared or not _is_compared(context, entity)]
        entities += list(self._said_nearby(context, entities))
        entities += list(self._said_of_topic(context, forms, entities))
        if _EXCEPT.search(normalise(text)) or any(_is_complaint(entity) for entity in entities):  # "apart from the wind all is well"
            entities = [entity for entity in entities if entity["value"] != "no_symptom"]
        _take_up_again(context, entities, times)
        entities = [entity for entity in entities if not _sets_apart(context, entity, entities)]
        self._count_up(text, entities)
        self._rename_beside(context, entities)
        self._rename_in_setting(context, entities)
        seen: dict[tuple[str, str], int] = {}
        entities.sort(key=lambda entity: (entity["start"], entity["start"] - entity["end"]))
        entities = [entity for entity in entities if not _again(entity, seen)]
        return sorted(
            (
                entity
                for at, entity in enumerate(entities)
                if not any(
                    self._beats(other, entity, context) or self._refines(other, entity, context)
                    for other in entities[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
                )
            ),
            key=lambda entity: (entity["start"], entity["end"], entity["value"]),
        )

    def mention(
        self, context: Context, start: int, end: int, ident: str, times: Iterable[Mapping], beside: Iterable[dict] = ()
    ) -> dict:
        """The entity of a present symptom at characters [start, end) that another finder recognised, with its attributes.

        It may take its name from the symptoms `beside` it: a bump under the red spot of an injection is of the injection.
        """
        first, last = context.places(start, end)
        attributes = _attributes(context, first, last, _qualifiers(context)) | _timing(context, first, last, list(times))
        found = _entity(context.text, start, end, self._named(ident, attributes), "present", attributes)
        self._rename_in_setting(context, [found, *(dict(one) for one in beside)])
        return found

    def _said_nearby(self, context: Context, entities: Sequence[Mapping]) -> Iterable[dict]:
        """As in "diarrhoea, no blood" or "stings when I pee and it reeks": what is said is only clear from the symptom nearby."""
        reach = _REACH["trend"]
        for table, near, denied, meant in self._nearby:
            spots = [
                context.places(entity["start"], entity["end"])
                for entity in entities
                if (entity["role"] in {"present", "negated"} or meant) and near & {entity["value"], *self.ancestors(entity["value"])}
            ]
            for place in table.among(context.keys) if spots or not near else ():
                if near and not any(low - reach <= place <= high + reach for low, high in spots):
                    continue
                length = table.at(context.keys, place)
                start, end = context.tokens[place].start, context.tokens[place + length - 1].end
                if denied and not any(start < other["end"] and other["start"] < end for other in entities):
                    yield _entity(context.text, start, end, denied, "negated")
                elif meant and not any(other["value"] == meant for other in entities):
                    yield _entity(context.text, start, end, meant, context.role(start, end))

    def _said_of_topic(self, context: Context, forms: Sequence[Form], entities: list[dict]) -> Iterable[dict]:
        """As in "peeing all night, stings, no blood": a short clause about what was spoken of before it.

        A vague entity there takes the topic's name; a bare word is yielded as what it says of the topic.
        """
        for topic, near, says, becomes in self._topics:
            spots = [form.first for form in forms if form.form in topic]
            related = [one for one in entities if near & {one["value"], *self.ancestors(one["value"])}]
            lasting = next(({"duration": one["attributes"]["duration"]} for one in related if "duration" in one["attributes"]), {})
            spots += [context.places(one["start"], one["end"])[0] for one in related]
            for low, high in context.clauses() if spots else ():
                before = [spot for spot in spots if spot < high and low - spot <= _REACH["trend"]]
                own = any(low <= spot for spot in before)
                clause = [form for form in forms if low <= form.first < high]
                elsewhere = any("{part}" in self._finder.words.groups.get(form.form, ()) and form.form not in topic for form in clause)
                if not before or high - low > (_CLAUSE if own else _BARE) or elsewhere:
                    continue
                inside = [one for one in entities if low <= context.places(one["start"], one["end"])[0] < high]
                for one in inside:
                    if context.places(one["start"], one["end"])[0] > min(before):
                        one["value"] = becomes.get(one["value"], one["value"])
                if all(one["value"] in says.values() or near & {one["value"], *self.ancestors(one["value"])} for one in inside):
                    yield from self._qualities(context, clause, says, entities, min(before), lasting)

    def _qualities(
        self, context: Context, clause: Sequence[Form], says: Mapping[str, str], entities: Sequence[Mapping], spot: int,
        lasting: Mapping[str, str],
    ) -> Iterable[dict]:
        """What the words of a clause say of its topic, which stands at or after place `spot`, where no entity holds them already.

        It has lasted as long as the topic: `lasting`.
        """
        found: set[str] = set()
        for form in clause:
            ident = says.get(form.form)
            start, end = context.tokens[form.first].start, context.tokens[form.last - 1].end
            if not ident or form.first <= spot or any(start < other["end"] and other["start"] < end for other in entities):
                continue
            role = context.role(start, end)
            known = {(other["value"], other["role"]) for other in entities}
            if ident not in found and (ident, role) not in known and not (role == "negated" and (ident, "present") in known):
                found.add(ident)
                yield _entity(context.text, start, end, ident, role, lasting if role == "present" else None)

    def _count_up(self, text: str, entities: Sequence[dict]) -> None:
        """"Third chest infection since June, all clear now": what was counted, and has cleared, is over; that there were many is not."""
        counted = [(one["start"], one["end"]) for one in entities if one["value"] == "repeated_infection" and one["role"] == "present"]
        if not counted or not _CLEARED.search(text):
            return
        for entity in entities:
            if entity["value"] in _COUNTED and entity["role"] == "present" and meets(entity["start"], entity["end"], counted):
                entity["role"] = "past"

    def _rename_beside(self, context: Context, entities: Sequence[dict]) -> None:
        """As in "cramps and the runs", "weak and cold": the word takes its meaning from the symptom beside it or the word before it."""
        for row in self._beside:
            for entity in entities:
                said = entity["text"].lower()
                if entity["value"] != row["from"] or (row["said"] != said if row.get("alone") else row["said"] not in said):
                    continue
                low, high = context.places(entity["start"], entity["end"])
                if low and context.keys[low - 1] in row.get("behind", ()):
                    entity["value"] = row["to"]
                for other in entities if "near" in row else ():
                    if {other["value"], *self.ancestors(other["value"])}.isdisjoint(row["near"]):
                        continue
                    begin, end = context.places(other["start"], other["end"])
                    if begin - high <= _REACH["trend"] and low - end <= _REACH["trend"] and other is not entity:
                        entity["value"] = row["to"]

    def _rename_in_setting(self, context: Context, entities: Sequence[dict]) -> None:
        """As in "I do it three times a week and get bruises from the needle": a bruise of the injection."""
        for said, near, becomes, unless, within in self._settings:
            renamed = [entity for entity in entities if entity["value"] in becomes]
            if not renamed or unless.among(context.keys):
                continue
            for entity in renamed:
                narrower = entity["value"] in self.ancestors(becomes[entity["value"]])
                if narrower and entity["role"] == "negated":
                    continue  # "itchy all over, no rash" denies every rash
                low, high = _surrounding(context, entity, within)
                others = (other for other in entities if low <= context.places(other["start"], other["end"])[0] < high)
                if said.among(context.keys, low, high) or any(
                    near in {other["value"], *self.ancestors(other["value"])} for other in others
                ):
                    entity["value"] = becomes[entity["value"]]

    def _named(self, ident: str, attributes: Mapping[str, str]) -> str:
        """The concept's name once its attributes are known: a headache that is severe is `severe_headache`."""
        for row in self._becomes:
            name = next(key for key in row if key not in {"from", "to"})
            if row["from"] == ident and attributes.get(name) == row[name]:
                ident = row["to"]
        return ident

    def _refines(self, other: Mapping, entity: Mapping, context: Context) -> bool:
        """`other` is a narrower concept said with the same words or the next ones: "tingly feet, like pins and needles"."""
        if other["role"] != entity["role"] or entity["value"] not in self.ancestors(other["value"]):
            return False
        first, second = sorted((entity, other), key=lambda one: one["start"])
        low, high = context.places(first["start"], first["end"])[1], context.places(second["start"], second["end"])[0]
        apart = range(low, high + 1) if second["start"] >= first["end"] else ()
        stops = {".", ","} if first is entity else {"."}  # "mood is low, crying all day" says two things
        return high - low <= _REACH["side"] and not any(
            context.tokens[at].before in stops or at < high and context.keys[at] not in _ALIKE for at in apart
        )

    def ancestors(self, ident: str) -> Iterable[str]:
        """The wider concepts of a symptom, the nearest first."""
        parent = self._parents.get(ident)
        while parent:
            yield parent
            parent = self._parents.get(parent)

    def _beats(self, other: Mapping, entity: Mapping, context: Context) -> bool:
        """`other` says more exactly, in the same clause, what the vague `entity` says."""
        if entity["value"] not in self._vague or other["value"] in self._vague or _is_exact(entity):
            return False
        if other["value"] in _MEASURED:
            return False
        if {entity["role"], other["role"]} != {"present"}:
            return False
        first, second = sorted((entity, other), key=lambda one: one["start"])
        low, high = (
            context.places(first["start"], first["end"])[0],
            context.places(second["start"], second["end"])[1],
        )
        return context.together(low, high) and high - low <= 12


def _entity(text: str, start: int, end: int, ident: str, role: str, attributes: Mapping[str, str] | None = None) -> dict:
    return {
        "entity": "symptom",
        "start": start,
        "end": end,
        "value": ident,
        "role": role,
        "text": text[start:end],
        "attributes": dict(attributes or {}),
    }


def _is_exact(entity: Mapping) -> bool:
    """Many words, or one that alarms, make a vague symptom exact: "suddenly swollen"."""
    alarming = {"sudden", "severe"} & {entity["attributes"].get("onset"), entity["attributes"].get("severity")}
    return bool(alarming) or len(entity["text"].split()) > _VAGUE_WORDS


_NEVER_HAD = re.compile(r"\b(?:never|not|n['’]?t)\b(?: ever)? (?:had|have) (?:it|that|chicken ?pox)\b", re.I)


def _with_contact(context: Context, entity: dict) -> list[dict]:
    """Somebody else's chickenpox or shingles, or what goes round a place: the person was near it ("he has it, I never had it")."""
    if entity["value"] == "chickenpox_contact" and entity["role"] == "negated" and _NEVER_HAD.search(context.text, entity["end"]):
        return [{**entity, "role": "present"}]  # that denies no contact: it makes it worse
    if entity["value"] not in ("widespread_blister", "shingles") or not _CATCHING.search(entity["text"]):
        return [entity]
    contact = {**entity, "value": "chickenpox_contact", "role": "present"}
    denied_of_self = entity["role"] == "negated" and context.of_another(entity["start"], entity["end"])
    low, high = context.sentence(*context.places(entity["start"], entity["end"]))
    lately = _LATELY.search(context.text, context.tokens[low].start, context.tokens[high - 1].end)
    old = not lately and context.dated(entity["start"], entity["end"])
    if entity["role"] == "other_person" and (old or _tells_the_look(context, entity)):
        return [entity]  # "my colleague had shingles two years ago", "my gran had shingles and it looked like this"
    if entity["role"] == "other_person" or denied_of_self:
        return [contact, entity]  # whose it is, the medicine may tell
    return [contact if entity["role"] == "present" and _GOES_ROUND.match(context.text, entity["end"]) else entity]


def _tells_the_look(context: Context, entity: Mapping) -> bool:
    """Somebody else's illness is told for what one's own looks like, not as one that was caught."""
    low, high = context.sentence(*context.places(entity["start"], entity["end"]))
    said = context.text[context.tokens[low].start : context.tokens[high - 1].end]
    return entity["value"] == "shingles" and bool(_LOOKED_ALIKE.search(said) and _HAD_THEN.search(said))


_LIKE = Table(rows("like|as if|as though|as bad as|worse than"))
_FAR_LIKE = 4  # words from "like" to what something is compared with: "like I had a bad sunburn"


def _is_compared(context: Context, entity: Mapping) -> bool:
    """Whether the words before it make a picture of it: "like a bee sting", "as if I had been hit"."""
    first = context.places(entity["start"], entity["end"])[0]
    low = max(context.sentence(first, first + 1)[0], first - _FAR_LIKE)
    stops = [at for at in range(low + 1, first + 1) if context.tokens[at].before]
    return bool(_LIKE.among(context.keys, max([low, *stops]), first))


_ACTS = frozenset(("extra_dose_taken",))


def _is_planned(context: Context, entity: Mapping) -> bool:
    """Whether an act is named as a wish or a question, not as done: "I want to double my dose", "can I take an extra tablet"."""
    first = context.places(entity["start"], entity["end"])[0]
    before = [key for key in context.keys[max(0, first - 3) : first] if key not in ("i", "we", "just")]
    to_do = before[-1:] == ["to"] and not cues.HAD_TO & set(before) or bool(set(before[-1:]) & cues.MAY_I)
    return to_do and entity["role"] == "present"


def _surrounding(context: Context, entity: Mapping, within: str) -> tuple[int, int]:
    """The places [low, high) of the sentence around an entity, or of its clause, from where its first word stands."""
    first, last = context.places(entity["start"], entity["end"])
    if within == "sentence":
        return context.sentence(first, last)
    return next((low, max(high, last)) for low, high in context.clauses() if low <= first < high)


def _is_long_past(context: Context, first: int, last: int, attributes: Mapping[str, str]) -> bool:
    """Whether a date of months ago is told with a passing illness, and no word says that it goes on: "covid in 2022"."""
    low, high = context.sentence(first, last)
    said = context.text[context.tokens[max(low, first - _FAR_OFF)].start : context.tokens[min(high, last + _FAR_OFF) - 1].end]
    return days(attributes.get("duration", "P0D")) > _LONG_PAST and not _GOES_ON.search(said)


_NOT_MY = re.compile(r"\b(?:is ?n[o']?t|not|unlike|nothing like|different (?:from|to)) (?:like )?my (?:usual |normal |ms |old )*$", re.I)
_SET_APART = 50  # characters from a complaint to the usual one that it is not


def _sets_apart(context: Context, entity: dict, entities: Sequence[dict]) -> bool:
    """Whether a complaint is only named to say what another one is not: "a tiredness that isn't my MS tiredness". The other is new."""
    if entity["role"] != "negated" or not _NOT_MY.search(context.text, max(0, entity["start"] - _SET_APART), entity["start"]):
        return False
    meant = [one for one in entities if one["value"] == entity["value"] and one["role"] == "present"
             and 0 < entity["start"] - one["end"] <= _SET_APART]
    for one in meant:
        one["attributes"]["pattern"] = "new"
    return bool(meant)


_BUT_NOW_ONE = re.compile(
    r"\w* ?(?:person|type|sort|sufferer)\b,? but\b[^.!?]*?\b(?:had|have|got|get|getting|having) (?:one|it|them)\b", re.I)


def _take_up_again(context: Context, entities: Sequence[dict], times: Iterable[Mapping]) -> None:
    """"I'm not a headachy person, but I've now had one for four days": the trait is denied, the complaint is there."""
    for entity in entities:
        taken_up = _BUT_NOW_ONE.match(context.text, entity["end"]) if entity["role"] == "negated" else None
        if taken_up:
            low, high = context.sentence(*context.places(taken_up.end() - 1, taken_up.end()))
            behind = [time for time in times if taken_up.end() <= time["start"] < context.tokens[high - 1].end]
            entity["role"] = "present"
            entity["attributes"] = {"pattern": "new"} | ({"duration": behind[0]["value"]} if behind else {})


def _is_complaint(entity: Mapping) -> bool:
    return entity["role"] == "present" and entity["value"] != "no_symptom"


def _again(entity: Mapping, seen: dict[tuple[str, str], int]) -> bool:
    """The same concept in overlapping words, as in "dry and scratchy eyes"."""
    key = entity["value"], entity["role"]
    last, seen[key] = seen.get(key, -1), max(entity["end"], seen.get(key, -1))
    return entity["start"] < last


def _qualifiers(context: Context) -> list[tuple[str, str, int, int]]:
    """Every (attribute, value, first token, last token) said in the text; the longest cue wins at each place."""
    keys = context.keys
    found = [
        (name, _OPPOSITE[value] if value in _OPPOSITE and _is_denied(keys, place) else value, place, place + length)
        for place, key in enumerate(keys)
        for name, value, table in _STARTS.get(key, ())
        if key != "bad" or keys[place - 1 : place] != ["my"] or _BODY.isdisjoint(keys[place + 1 : place + 2])  # "my bad leg"
        if (length := table.at(keys, place)) and (key != "one" or length > 1 or _BODY & set(keys[place + 1 : place + 2]))
        and not (key == "worse" and _for_a_while(keys, place + 1))
    ]
    found.sort(key=lambda row: row[2] - row[3])
    kept: list[tuple[str, str, int, int]] = []
    for row in found:
        if not any(row[0] == other[0] and row[2] < other[3] and other[2] < row[3] for other in kept):
            kept.append(row)
    return kept


# What makes a complaint worse for a while is no course of days: "worse by evening", "worse when I'm tired".
_WORSE_THEN = Table(rows(
    "by evening|by the evening|by night|by teatime|in the evening|in the evenings|at night|of a night|in the morning|in the mornings|of a"
    "|first thing|when|whenever|if|lying|sitting|standing|bending|walking|on the stairs|on stairs|on standing|on walking|on movement"
    "|on waking|in heat|in the heat|in the cold|with heat|with stress|with movement|with exercise|after exercise|after a walk"
    "|after a bath|after a shower|after a long|after a busy"
))


def _for_a_while(keys: Sequence[str], place: int) -> bool:
    """Whether what follows "worse" says when, not that it grows."""
    return place < len(keys) and bool(_WORSE_THEN.at(keys, place))


def _is_denied(keys: Sequence[str], place: int) -> bool:
    """As in "not terrible", "not so bad"; "not working all of a sudden" denies the working."""
    before = list(itertools.dropwhile(lambda key: key in STRESS | _DEGREE, reversed(keys[max(0, place - 2) : place])))
    return bool(before) and before[0] in _NOT_SO


def tells_of_a_dose(text: str, time: Mapping) -> bool:
    """As in "10 hours after the drip"."""
    return bool(_DOSE.match(text[time["end"] : time["end"] + 60].lower()))


def _within(qualifier: tuple[str, str, int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """A word of a denied symptom says nothing of another: "red where I injected, no spreading redness"."""
    return any(first <= qualifier[2] and qualifier[3] <= last for first, last in spans)


def _attributes(context: Context, first: int, last: int, qualifiers: list[tuple[str, str, int, int]]) -> dict[str, str]:
    """For each attribute the value said nearest to the mention, in the same sentence and clause."""
    best: dict[str, tuple[int, str]] = {}
    for name, value, begin, end in qualifiers:
        far = 0 if begin < last and first < end else (first - end if end <= first else begin - last)
        behind_a_medicine = begin > 0 and context.keys[begin - 1] in context.treatments
        if value == "usual" and context.keys[begin] == "old" and end != first:
            continue  # "my old symptoms are back": what else is told is not old
        if value == "usual" and end <= first and (behind_a_medicine or not _its_own(context, end, first)):
            continue  # "on tysabri for years and now my speech is slurred": the years are the medicine's
        if far <= _REACH[name] and context.together(min(begin, first), max(end, last)) and far < best.get(name, (99, ""))[0]:
            best[name] = far, value
    told = {name: value for name, (_, value) in best.items()}
    if not {"pattern", "onset"} & told.keys() and _same_each_time(context, first, last):
        told["pattern"] = "usual"
    elif told.get("pattern") == "usual" and _BUT_THIS_TIME.search(context.text, context.tokens[last - 1].end, _sentence_end(context, last)):
        del told["pattern"]  # "blurry like it always does, but this time it stayed"
    return told


def _sentence_end(context: Context, last: int) -> int:
    """The character where the sentence of the word before `last` ends, or its words near it do."""
    return context.tokens[min(context.sentence(last - 1, last)[1], last + _FAR_OFF) - 1].end


# Months, drips and seasons only: what is the same each time one walks may have begun last week.
_EACH = r"(?:every|each) (?:single )?(?:month|cycle|infusion|drip|winter|summer|year)"
_SAME_EACH_TIME = re.compile(
    rf"\b(?:happens|does (?:it|this|that)) {_EACH}\b|\b{_EACH}\b(?:\W+\w+){{0,2}}?\W+(?:the )?same\b"
    rf"|\bsame (?:old )?(?:(?:thing|things|story|pattern|way|symptoms?) )?{_EACH}\b"
    r"|\b(?:been|is|was) (?:so|like (?:this|that)|the same|this way) for (?:\w+ )?years\b"
    r"|\b(?:as|like) (?:it|they|i)(?: has|'s| have|'ve| does| do| did)? (?:always|done for years"
    r"|(?:done )?(?:for (?:\w+ )?years|since (?:about )?(?:19|20)\d\d|(?:every|each) (?:\w+ ){0,2}since))\b", re.I)
_FAR_OFF = 25  # words
_BUT_THIS_TIME = re.compile(r"\b(?:but|except)\b(?:\W+\w+){0,2}?\W+(?:this time|now|today|tonight|lately)\b", re.I)
_OTHERWISE_THAN_EVER = re.compile(r"\b(?:but|now|today|tonight|yesterday|sudden\w*|different|until|till|except)\b", re.I)


def _same_each_time(context: Context, first: int, last: int) -> bool:
    """Whether the sentence says that it comes as ever: "every month the same: my leg goes heavy before the drip"."""
    low, high = context.sentence(first, last)
    begin, end = context.tokens[max(low, first - _FAR_OFF)].start, context.tokens[min(high, last + _FAR_OFF) - 1].end
    said = context.text[begin:end]
    return bool(_SAME_EACH_TIME.search(said)) and not _OTHERWISE_THAN_EVER.search(said)


def _its_own(context: Context, begin: int, end: int) -> bool:
    """Whether "usual" or "for years" before a symptom leads straight to it: "for years I have had numb toes"."""
    return all(key in _LEADING or key in context.treatments for key in context.keys[begin:end])


_ON_AND_OFF = Table(rows("on and off|off and on|on n off|now and then|now and again|every now and|comes and goes|came and went"))


def _timing(context: Context, first: int, last: int, times: list[Mapping], ended: bool = False) -> dict[str, str]:
    """`duration` and `after_dose`; of what has ended a time in the past says when it was (`ago`), not how long."""
    best: dict[str, tuple[int, str]] = {}
    low, high = context.sentence(first, last)
    broken = _ON_AND_OFF.among(context.keys, max(low, first - _REACH["pattern"]), min(high, last + _REACH["pattern"]))
    for time in times:
        if broken and time["entity"] == "time_since" and days(time["value"]) < 1:
            continue  # "on and off today" says when, not how long at a stretch
        begin, end = context.places(time["start"], time["end"])
        far = 0 if begin < last and first < end else (first - end if end <= first else begin - last)
        lasting = context.text[: time["start"]].lower().endswith("for ")  # "for hours since my infusion" says how long as well
        past = ended and time["entity"] == "time_since"
        of_a_dose = time["entity"] == "after_dose" or tells_of_a_dose(context.text, time)
        names = ["after_dose"] if of_a_dose else ["ago"] if past else []
        for name in [*names, "duration"] if lasting or not names else names:
            if far <= 10 and context.together(min(begin, first), max(end, last)) and far < best.get(name, (99, ""))[0]:
                best[name] = far, time["value"]
    return {name: value for name, (_, value) in best.items()}


def _measured_normal(context: Context, first: int, last: int) -> bool:
    """The word is "temperature" and the reading beside it is no fever, or the words call it normal."""
    if not any(key in {"temperature", "temp"} for key in context.keys[first:last]):
        return False
    for key in context.keys[last : last + 5]:
        if key in {"normal", "fine", "ok", "okay"}:
            return True
        if _READING.fullmatch(key):
            value = float(key.replace(",", "."))
            return any(low <= value < high for low, high in _NO_FEVER)
    return False


# What was measured is no other word for how one feels: "heart rate 36 and I feel weak".
_MEASURED = frozenset(("slow_heartbeat", "racing_heart", "high_blood_sugar", "high_blood_pressure", "low_blood_pressure"))
_PULSE = re.compile(r"\b(?:pulse|heart ?rate|heart ?beat|hr)\b(?:\W+[a-z]+){0,5}?\W+(\d{2,3})\b(?! ?(?:over|/))|\b(\d{2,3}) ?bpm\b")
_PRESSURE = re.compile(r"\b(\d{2,3}) ?(?:/|over) ?(\d{2,3})\b")
_SUGAR = re.compile(r"\b(?:blood )?(?:sugars?|glucose)\b(?:\W+[a-z]+){0,4}?\W+(\d{1,3}(?:[.,]\d)?)\b")
# A random glucose from 11.1 mmol/L or 200 mg/dL is in the diabetic range (WHO 2006).
_HIGH_SUGAR = ((11.1, 40), (200, 900))
# Resting pulse outside 50 to 110 (NEWS2 scores below 51 and above 110); blood pressure from 140/90 (NICE NG136) or
# below 90 systolic (NEWS2 scores 3 at 90 or less).
_PULSE_NORMAL, _HIGH_PRESSURE, _LOW_SYSTOLIC = (50, 110), (140, 90), 90


def _vital_signs(text: str, context: Context) -> Iterable[dict]:
    """Pulse, sugar and blood pressure in numbers, when they are outside the usual range; more taken than was meant."""
    plain = normalise(text)
    found: list[tuple[re.Match[str], str]] = []
    for match in _PULSE.finditer(plain):
        beats = int(match.group(1) or match.group(2))
        if 20 <= beats < _PULSE_NORMAL[0] or _PULSE_NORMAL[1] < beats <= 250:
            found.append((match, "slow_heartbeat" if beats < _PULSE_NORMAL[0] else "racing_heart"))
    for match in _SUGAR.finditer(plain):
        if any(low <= float(match.group(1).replace(",", ".")) < high for low, high in _HIGH_SUGAR):
            found.append((match, "high_blood_sugar"))
    for match in _PRESSURE.finditer(plain):
        upper, lower = int(match.group(1)), int(match.group(2))
        if 60 <= upper <= 260 and 30 <= lower < min(upper, 160):
            if upper < _LOW_SYSTOLIC:
                found.append((match, "low_blood_pressure"))
            elif upper >= _HIGH_PRESSURE[0] or lower >= _HIGH_PRESSURE[1]:
                found.append((match, "high_blood_pressure"))
    found += [(match, "extra_dose_taken") for match in _INSTEAD.finditer(plain)
              if (number_in(match["taken"]) or 0) > (number_in(match["meant"]) or 1)]
    for match, ident in found:
        start, end = match.span()
        yield _entity(text, start, end, ident, context.role(start, end))


# "took 2 mavenclad today instead of one"
_INSTEAD = re.compile(
    r"\b(?:took|taken|had|swallowed|injected) (?P<taken>\d+|[a-z]+)\b"
    r"[^.!?]{0,40}\binstead of (?:just |only |my |the )?(?P<meant>\d+|[a-z]+)\b"
)


# -- what was said but not understood ---------------------------------------------------------------------------------

_REPORT = Table(
    rows("""
my|ive got|i have|ive had|i keep getting|i get|im getting|having|i feel|im feeling|feeling|my whole|both my
i have got|i am having|theres a
""")
)
_SAYS = word_set(
    "is are am feels feel keeps keep has have hurts looks went gone gets goes flaring playing acting feeling seems been was started"
)
_ODD = word_set("weird strange funny odd peculiar horrible nasty bizarre wrong")
_NOT_HEALTH = word_set(
    "appointment doctor nurse neurologist team question name age wife husband mum dad son daughter "
    "friend insurance pharmacy prescription letter results result job boss work car dog cat phone email "
    "address infusion injection medicine medication dose tablets treatment next last first doctor gp "
    "hospital scan mri ms birthday holiday problem understanding concern worry diagnosis"
)

_COMPLAINS = word_set(
    "hurt aches ache aching sore itch itchy itches burn burns burning throb throbs swollen stiff numb tingle tingles "
    "bleeding twitch twitches cramp cramps"
)
_AS_IT_SHOULD = word_set("clear fine good normal ok okay grand well perfect great healthy calm quiet unaffected excellent")
_HARDLY_A_WORD = 2.0  # Zipf frequency below which people made a word up, or misspelt it beyond recognition
_BODY = word_set(
    "elbow elbows toe toes nail nails ear ears nose chin forehead cheek body head chest back arm arms "
    "leg legs hand hands foot feet knee knees skin belly tummy throat tongue neck shoulder hip eye eyes "
    "face mouth bum insides brain nerves muscles joints bones scalp armpit thigh calf ankle wrist finger "
    "fingers spine ribs"
)


def find_unknown(text: str, context: Context, known: Iterable[Mapping]) -> list[dict]:
    """Complaints that nothing else recognised, as "unknown_complaint" entities whose value is the person's own words.

    Conservative: the clause must report something of the writer's body ("my ... feels ...", "i have a strange ...") and
    hold no entity of `known`. Offsets are into `text`.
    """
    covered = [(entity["start"], entity["end"]) for entity in known]
    found = []
    for low, high in context.clauses():
        start, end = context.tokens[low].start, context.tokens[high - 1].end
        if high - low > 16 or context.treatments.intersection(context.keys[low:high]):
            continue
        if meets(start, end, covered):
            continue
        if _reports_something(context.keys[low:high]) and context.role(start, end) == "present":
            found.append({"entity": "unknown_complaint", "start": start, "end": end, "value": text[start:end].strip()})
    return found


def _reports_something(keys: Sequence[str]) -> bool:
    if set(keys) & _NOT_HEALTH or len(keys) < 3:
        return False
    for place in range(len(keys)):
        length = _REPORT.at(keys, place)
        if not length:
            continue
        rest = keys[place + length : place + length + 6]
        strange = any(key in _ODD for key in rest) or any(len(key) > 4 and zipf_frequency(key, "en") < _HARDLY_A_WORD for key in rest[:3])
        if keys[place] in {"my", "both"}:
            says = [at for at, key in enumerate(rest[1:4], 1) if key in _SAYS or key in _COMPLAINS]
            if says and _AS_IT_SHOULD.isdisjoint(rest[says[-1] + 1 : says[-1] + 3]) and (strange or rest[0] in _BODY):
                return True
        elif strange:
            return True
    return False
