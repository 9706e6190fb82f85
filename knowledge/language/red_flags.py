"""Finding red flags: what must be acted on at once, whatever else a message says.

Three routes lead to a flag, all of them written in `content/red_flags.yml`: its phrases, its patterns (word groups
that stand near one another) and its conditions over the symptoms that were found. A doubtful denial is reported as a
doubt, never dropped, because a missed flag can cost a life.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from knowledge.case import PRESENT, Case, Finding
from knowledge.conditions import Condition, Names, View, compile_condition
from knowledge.language.flag_matches import (
    LOOK_ALIKE,
    PHRASE_SLACK,
    Entity,
    Match,
    Misreading,
    Pattern,
    Reading,
    Span,
    Status,
    denied_itself,
    offsets,
    place,
    reaches_over,
    same_words,
)
from knowledge.language.flag_verdict import FLAG, how_told, meant, role_told, verdict
from knowledge.language.flag_words import Vocabulary, Word
from knowledge.language.long_past import long_past
from knowledge.language.temperature import find_temperatures
from knowledge.language.text import normalise, word_set
from knowledge.urgency import most_urgent, rank

_VERBATIM = "verbatim"
_OD_D = re.compile(r"\bod'd\b")  # without its apostrophe it would be "odd"; "oded" is as long, and known
_COUNTS = ("MANY_NUM", "NUM_BIG")
_TIME_OF_DAY = re.compile(
    r"\bat (?:about |around |like |half )?(\d{1,2})(?!\d|[.,]\d)(?! ?(?:tablet|pill|capsule|mg|times|a time|once))"
    r"(?: instead of (\d{1,2})\b(?!\d|[.,]\d))?"
)
_DEGREES = ("NUM_FEVER", "NUM_FEVER_HIGH", "NUM_COLD")
_WHOM = frozenset({"us", "him", "them"})
_DENIES = frozenset({"dont", "cant"})
_PERSONAL = word_set(
    "i im ive id me my mine myself he hes she shes his her him they theyre we our us this husband wife partner mum mom "
    "dad son daughter someone now help"
)
_OWN = word_set("i im ive id ill me my mine myself our we")


class RedFlagFinder:
    """Finds the red flags of one message. Built once from the content; `find` keeps no state."""

    def __init__(self, content: dict[str, Any], names: Names) -> None:
        """`content` is `red_flags.yml` as loaded; `names` are the ids that its conditions may name.

        Raises ValueError when a pattern or a condition names something that does not exist.
        """
        self._vocabulary = Vocabulary(content["fillers"], content["spellings"], forms=content["forms"])
        self._names = names
        self._groups = frozenset(content["words"])
        self._literals: set[str] = set()
        self._background, self._apart = frozenset(content["background"]), frozenset(content["apart"])
        self._soft: dict[str, str] = content["soft"]
        self._misreadings = tuple(Misreading(**item) for item in content["misreadings"])
        # Figures of speech hang on small words: "can't stand my boss".
        self._figures = Vocabulary((), {}, inflected=False, forms=content["forms"])
        self._small_worded: list[tuple[str, tuple[str, ...]]] = []
        for name, entries in content["words"].items():
            for entry in entries:
                self._know(name, entry)
        for entry in content["look_alikes"]:
            self._hide(LOOK_ALIKE, entry)
        self._by_anchor: dict[str, list[tuple[frozenset[str], Pattern]]] = {}
        self._conditions: list[tuple[Pattern, Condition]] = []
        self._raises: dict[str, set[str]] = {}  # symptom -> flags whose conditions name it
        self._rules: dict[str, list[tuple[str, Condition]]] = {}
        for flag in content["red_flags"]:
            self._learn(flag)

    def find(self, reading: Reading, context: Status, symptoms: Iterable[Entity] = ()) -> list[Entity]:
        """`red_flag` entities (one per flag, with `urgency`) and `red_flag_doubt` entities, in order of the text.

        `reading` as `read` gives it, of the text of `context`.
        """
        text = context.text
        found: dict[str, Entity] = {}
        for match in self._matches(reading, found):
            kind = None if reaches_over(match, reading, context) else verdict(match, reading, context)
            if kind:
                start, end = reading.words[match.first].start, reading.words[match.last - 1].end
                _keep(found, _entity(kind, match.pattern.flag, match.pattern.urgency, start, end, text))
        symptoms = list(symptoms)
        for entity in self._by_conditions(symptoms, reading, context):
            _keep(found, entity)
        said = [symptom for symptom in symptoms if symptom.get("role") == PRESENT]
        view = self._view(said, [entity["value"] for entity in found.values() if entity["entity"] == FLAG])
        for entity in found.values():
            fired = [level for level, rule in self._rules[entity["value"]] if rule.holds(view, None, False)]
            entity["urgency"] = most_urgent(entity["urgency"], *fired)
        return sorted(found.values(), key=lambda entity: (entity["start"], entity["value"]))

    def _by_conditions(self, symptoms: list[Entity], reading: Reading, context: Status) -> Iterator[Entity]:
        """The flags that the symptoms of one person raise, each over the words of the symptoms that prove it."""
        for whose in (PRESENT, "other_person"):
            said = [symptom for symptom in symptoms if symptom.get("role") == whose]
            view = self._view(said, ())
            for pattern, condition in self._conditions if said else ():
                if condition.may_hold(view) and condition.holds(view, None, False):
                    proof = set(condition.evidence(view, None))
                    proving = [symptom for symptom in said if symptom["value"] in proof and meant(symptom, pattern, reading)]
                    kind = how_told(proving, pattern, reading, context) if proving else None
                    if kind:
                        start, end = min(item["start"] for item in proving), max(item["end"] for item in proving)
                        yield _entity(kind, pattern.flag, pattern.urgency, start, end, context.text)

    def meant(self, reading: Reading, symptoms: Iterable[Entity]) -> list[Entity]:
        """The symptoms that are told as such: none inside a figure of speech ("a fit of giggles"); `hypothetical` where
        the sentence only supposes it, `other_person` where an animal has it."""
        kept = [symptom for symptom in symptoms if not self._in_a_figure(symptom, reading)]
        return [{**symptom, "role": role_told(symptom, reading)} for symptom in kept]

    def _in_a_figure(self, symptom: Entity, reading: Reading) -> bool:
        """Whether a figure of speech holds the symptom, or, for a symptom that raises flags, shares a word with it."""
        whole = [span for span in reading.hidden.get(LOOK_ALIKE, ()) if span[0] <= symptom["start"] and symptom["end"] <= span[1]]
        flags = self._raises.get(symptom["value"], ())
        names = [LOOK_ALIKE, *(f"{LOOK_ALIKE} {flag}" for flag in flags)] if flags else []
        shared = [span for name in names for span in reading.hidden.get(name, ())]
        return bool(whole) or any(start < symptom["end"] and symptom["start"] < end for start, end in shared)

    def _learn(self, flag: dict[str, Any]) -> None:
        base = self._base(flag)
        for phrase in flag["phrases"]:
            parts = tuple(self._part(word) for word in self._vocabulary.content_words(phrase))
            self._file(replace(base, parts=parts, within=PHRASE_SLACK, ordered=True))
        for form, doubt in ((flag.get("patterns", []), False), (flag.get("unclear", []), True)):
            for pattern in form:
                self._file(self._pattern(flag, base, pattern, doubt))
        name = f"{_VERBATIM} {flag['id']}"
        for entry in flag.get("verbatim", []):
            self._figures.add(name, entry)
        self._file(replace(base, parts=(name,)))
        for entry in flag.get("not_phrases", []):
            self._hide(f"{LOOK_ALIKE} {flag['id']}", entry)
        for condition in flag.get("when", []):
            for name in _named(condition) & self._names.symptoms.keys():
                self._raises.setdefault(name, set()).add(flag["id"])
            self._conditions.append((base, compile_condition(condition, self._names)))
        self._rules[flag["id"]] = [
            (rule["urgency"], compile_condition(rule["when"], self._names)) for rule in flag.get("urgency_rules", [])
            if rank(rule["urgency"]) >= rank(flag["urgency"])
        ]

    def _know(self, name: str, entry: str | list[float]) -> None:
        """Make `entry` mean `name`. One that would be a single common word, or a denied verb without its object, keeps its small
        words: "bloody nose", "came to", "doesn't know me"."""
        typed = tuple(map(self._as_meant, entry.split())) if isinstance(entry, str) else ()
        telling = self._vocabulary.content_words(entry) if typed else []
        denied = len(telling) == 2 and telling[0] in _DENIES and self._vocabulary.is_filler(typed[-1])
        if len(typed) > 1 and len(telling) == 1 or denied:
            self._small_worded.append((name, typed))
        else:
            self._vocabulary.add(name, entry)

    def _as_meant(self, word: str) -> str:
        """The form of a word that counts where small words do: whom somebody does not know or hear is all one."""
        key = self._vocabulary.key(word)
        return "me" if key in _WHOM else key

    def _with_small_words(self, every: list[Word]) -> dict[str, list[Span]]:
        """Where the entries that keep their small words stand, as positions in `every`; other small words may stand between."""
        texts = [self._as_meant(word.text) for word in every]
        said = set(texts)
        found: dict[str, list[Span]] = {}
        for name, parts in self._small_worded:
            if said.issuperset(parts):
                places = [at for at, text in enumerate(texts) if text in parts or not self._vocabulary.is_filler(text)]
                for at in range(len(places) - len(parts) + 1):
                    if tuple(texts[place] for place in places[at : at + len(parts)]) == parts:
                        found.setdefault(name, []).append((places[at], places[at + len(parts) - 1] + 1))
        return found

    def _hide(self, name: str, entry: str) -> None:
        parts = entry.split()
        small = any(self._vocabulary.is_filler(part) for part in (parts[0], parts[-1])) or "and" in parts
        (self._figures if small else self._vocabulary).add(name, entry)

    def _base(self, flag: dict[str, Any]) -> Pattern:
        """What all patterns of a flag have in common."""
        return Pattern(
            flag["id"],
            (),
            flag["urgency"],
            unless=self._unless((*flag.get("unless", ()), *_old(flag))),
            eased=tuple(map(self._part, flag.get("eased", ()))),
            background=self._background,
            apart=self._apart,
            over_counts=flag.get("over_counts", False),
            felt=flag.get("felt", True),
            anyone=flag.get("anyone", True),
        )

    def _pattern(self, flag: dict[str, Any], base: Pattern, data: list[str] | dict[str, Any], doubt: bool) -> Pattern:
        """A pattern of the content; words that take it back are its own, not those of the flag."""
        detail: dict[str, Any] = dict(data) if isinstance(data, dict) else {"near": data}
        detail |= {"unless": self._unless((*detail.get("unless", ()), *_old(flag))), "doubt": doubt}
        return replace(base, parts=tuple(map(self._part, detail.pop("near"))), **detail)

    def _unless(self, words: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Each word or group that takes a match back, and the group of words that overrule it."""
        return tuple((self._part(word), self._soft.get(word, "")) for word in dict.fromkeys(words))

    def _part(self, part: str) -> str:
        """The name under which a part is found: a word group, or words that are filed under themselves."""
        if part.isupper():
            if part not in self._groups:
                raise ValueError(f"there is no word group {part}")
            return part
        name = f"={part}"
        if name not in self._literals:
            self._literals.add(name)
            self._know(name, part)
        return name

    def _file(self, pattern: Pattern) -> None:
        self._by_anchor.setdefault(max(pattern.parts, key=len), []).append((frozenset(pattern.parts), pattern))

    def read(self, text: str, doses: Iterable[Entity] = (), times: Iterable[Entity] = ()) -> Reading:
        """The words of a message and what they stand for, for `meant` and `find`.

        The words of `doses`, times of a dose, belong to no figure of speech: "sick the day after my jab" is no sick day. `times` are
        all other times in the message.
        """
        text = _OD_D.sub("oded", normalise(text))
        words, every = self._vocabulary.read(text), self._figures.read(text)
        at = self._vocabulary.occurrences(words)
        written = self._figures.occurrences(every)
        at |= {name: same_words(offsets(spans, every), words) for name, spans in written.items() if name.startswith(_VERBATIM)}
        for name, spans in self._with_small_words(every).items():
            at[name] = sorted({*at.get(name, ()), *same_words(offsets(spans, every), words)})
        at |= _body_temperatures(text, words, at)
        at |= _no_time_of_day(text, words, at)
        told = [(time["start"], time["end"]) for time in doses]
        hidden: dict[str, list[Span]] = {}
        for spans_of, these in ((at, words), (written, every)):
            for name, spans in spans_of.items():
                if name.startswith(LOOK_ALIKE):
                    said = offsets([span for span in spans if not denied_itself(span, these)], these)
                    hidden.setdefault(name, []).extend(
                        span for span in said
                        if (these is every or " and " not in text[slice(*span)])
                        and not any(start < span[1] and span[0] < end for start, end in told)
                    )
        personal = frozenset(word.sentence for word in every if word.text in _PERSONAL)
        people = tuple(word.start for word in every if word.text in _PERSONAL)
        own = tuple(word.start for word in every if word.text in _OWN)
        return Reading(text, words, at, hidden, people, personal, own, self._misreadings, long_past(text, times))

    def _matches(self, reading: Reading, found: dict[str, Entity]) -> Iterator[Match]:
        """Matches of the patterns that could still raise what is already in `found`."""
        for name in reading.at:
            for parts, pattern in self._by_anchor.get(name, ()):
                if reading.at.keys() >= parts:
                    for match in place(pattern, reading):
                        if _settled(found.get(pattern.flag), pattern):
                            break
                        yield match

    def _view(self, said: list[Entity], flags: Iterable[str]) -> View:
        findings = {item["value"]: Finding(item["value"], attributes=item.get("attributes", {})) for item in said}
        known = {name: finding for name, finding in findings.items() if name in self._names.descendants}
        return View(Case(findings=known, red_flags=dict.fromkeys(flags, "")), self._names)


def _old(flag: dict[str, Any]) -> tuple[str, ...]:
    """The words that take back a flag which only a new complaint raises."""
    return ("USUAL",) if flag.get("new_only") else ()


def _body_temperatures(text: str, words: list[Word], at: dict[str, list[Span]]) -> dict[str, list[Span]]:
    """The numbers in the range of a temperature that are one: "i'm 35" is an age."""
    numbers = [name for name in _DEGREES if name in at]
    read = [(item["start"], item["end"]) for item in find_temperatures(text)] if numbers else []
    return {
        name: [span for span in at[name] if any(low <= words[span[0]].start < high for low, high in read)] for name in numbers
    }


def _no_time_of_day(text: str, words: list[Word], at: dict[str, list[Span]]) -> dict[str, list[Span]]:
    """The numbers that count something: "took it at 10 instead of 8" tells two times."""
    counts = [name for name in _COUNTS if name in at]
    clock = [place for told in _TIME_OF_DAY.finditer(text) for place in (told.start(1), told.start(2))] if counts else []
    return {name: [span for span in at[name] if words[span[0]].start not in clock] for name in counts}


def _named(condition: Any) -> set[str]:
    """Every word of a condition as loaded: the symptoms it names are among them."""
    if isinstance(condition, dict):
        return set().union(*map(_named, condition.values()))
    return set().union(*map(_named, condition)) if isinstance(condition, list) else {str(condition)}


def _entity(kind: str, flag: str, urgency: str, start: int, end: int, text: str) -> Entity:
    return {"entity": kind, "value": flag, "urgency": urgency, "start": start, "end": end, "text": text[start:end]}


def _keep(found: dict[str, Entity], entity: Entity) -> None:
    """One entity per flag: a flag outweighs a doubt, a higher level a lower one, else the first stays."""
    kept = found.get(entity["value"])
    if kept is None or _weight(entity) > _weight(kept):
        found[entity["value"]] = entity


def _settled(kept: Entity | None, pattern: Pattern) -> bool:
    """Whether the flag is already found at the level that the pattern could give."""
    return kept is not None and kept["entity"] == FLAG and rank(kept["urgency"]) >= rank(pattern.urgency)


def _weight(entity: Entity) -> tuple[bool, int]:
    return entity["entity"] == FLAG, rank(entity["urgency"])
