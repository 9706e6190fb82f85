"""Finding red flags: what must be acted on at once, whatever else a message says.

Three routes lead to a flag, all of them written in `content/red_flags.yml`: its phrases, its patterns (word groups
that stand near one another) and its conditions over the symptoms that were found. A doubtful denial is reported as a
doubt, never dropped, because a missed flag can cost a life.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.case import PRESENT, Case, Finding
from knowledge.conditions import Condition, Names, View, compile_condition
from knowledge.language.phrases import stem
from knowledge.language.status import Context
from knowledge.language.temperature import find_temperatures
from knowledge.language.text import normalise
from knowledge.urgency import most_urgent, rank

_LETTERS = r"(?:[^\W\d_][\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]*)+"  # marks heaped on a letter ("zalgo") are part of it
_WORD = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+|\d+(?:[.,]\d+)?|(?<![\w.])\.\d+|{_LETTERS}(?:'{_LETTERS})*|,|[.!?;\n]+")
_OD_D = re.compile(r"\bod'd\b")  # without its apostrophe it would be "odd"; "oded" is as long, and known
_TRIPLE = re.compile(r"(.)\1{2,}")
_APART = re.compile(r"[,.!?;\n]")
_REAL_WORD = 3.0  # zipf frequency (wordfreq) from which a word is taken as meant, not as a misspelling
_PHRASE_SLACK = 1  # extra words allowed inside a phrase
_REACH = 4  # extra words allowed inside a pattern, unless it says `within`
_LONGEST = 25  # words that the parts of a pattern may hold together
_ENOUGH = 8  # places of one part that are tried on either side: keeps a text of one repeated word fast
_CUE_REACH = 8  # how many words away an `unless` word still counts
_HAVING = re.compile(r"\b(?:have|has|got|now|running|is|am|i'?m|he'?s|she'?s|today|tonight)(?: [a-z]+){0,3} ?$")
_HAD_IN = re.compile(r"\b(?:had|lost|was|were|went)\b(?!.*(?:diagnos|start|been on))[^.;]* in $")
# "what should i do if my wife has a seizure?": not "if he is fitting", "if she has collapsed", which tell of now.
_IF = re.compile(
    r"\b(?:if|in case|incase) (?:i|we|he|she|they|you|u|someone|somebody|anyone|anybody|it|(?:my|the) \w+) "
    r"(?!(?:am|'?m|is|are|'?s|'?re|'?ve|can'?t|cannot|keeps?|still|already)\b"
    r"|ha(?:s|ve) (?:just |already )?(?:been|had|gone|\w+(?:ed|en))\b)(?:[\w']+ ){0,4}$"
)
_ASKS = re.compile(
    r"\?|\b(?:what|who|where|how) (?:should|do|does|would|can|could|will|shall|happens)\b|^\W*(?:would|will|should|can|could|do|does)\b"
)
_OF_ANYONE = re.compile(r"\b(?:can|could|do|does|did|will|would|has|have) (?:you|u|people|anyone|anybody|everyone|women|men|patients)\b")
_ABOUT_IT = re.compile(
    r"^\W*(?:and |so |but |also )?(?:how (?:soon|common|likely|often|quickly|fast|do|does|would|will)|when (?:does|do|would|will|might)"
    r"|what (?:is|are|does|do|would|causes?)|which)\b"
)
_LOOKED_FOR = re.compile(
    r"\b(?:check\w*|test\w*|screen\w*|look\w*|monitor\w*|warn\w*|vaccinat\w*|jab|insured?|cover\w*|training|drill|course|leaflet|policy) "
    r"(?:me |us |him |her |my \w+ )?(?:for|about|against|of|on)\s(?:\w+ ){0,3}$"
)
_THOUGHT = re.compile(r"\b(?:thought|convinced|worried|feared|panicked|looked like|felt like|swore)\b[^.;!?]{0,30}$")
_REFUTED = re.compile(
    r"^[^.;!?]{0,40}\b(?:but|turned out|turns out)\b[^.;!?]{0,40}\b(?:was|were|wasn'?t|said|told|just|only|nothing|fine|clear)\b"
)
_CHILDHOOD = re.compile(
    r"^[^.;!?]{0,40}\b(?:as|when (?:i|he|she|we) (?:was|were)) (?:a |an )?"
    r"(?:child|kid|baby|tot|toddler|teen\w*|newborn|boy|girl|young|small|little|two|three|four|five|at school)\b"
)
_PAST_VERB = re.compile(r"\b(?:collapsed|fainted|passed out|turned|dropped|bled|hanged|died|went|took|fell|had|got|lost)\b")
_HAS = re.compile(r"\b(?:has|have|is|are|just|been)\b|'s\b|'ve\b")
_DOUBLE_NO = re.compile(r"\b(?:ain'?t|haven'?t|hasn'?t|don'?t|doesn'?t|didn'?t) (?:got |have |feel |had )?$")  # "ain't got no feeling"
_CLAUSE = 200  # characters read again before a mention
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_LOOK_ALIKE, _VERBATIM = "look_alike", "verbatim"
_DEGREES = ("NUM_FEVER", "NUM_FEVER_HIGH", "NUM_COLD")
_STORY = 14  # words that mean something, in a message that tells a story
_LEAD = 24  # characters before a match in which its verb stands
_STOP = re.compile(r"[.!?]+(?:\s|$)|\n")
_THEN = re.compile(
    r"\b(?:was|were|had|went|felt|lost|woke|did|got|came|became|began|started|fell|gave|turned|ended|made|could"
    r"|(?:could|did|was)n'?t)\b"
)
_STILL = re.compile(
    r"\b(?:is|are|am|'?m|has|have|can|cannot|keeps?|getting|goes|feels?|it'?s|i'?ve|he'?s|she'?s|(?:is|ca|wo|do|does)n'?t)\b"
)
_NEW = re.compile(
    r"\b(?:now|today|tonight|still|just|currently|since|yesterday|overnight|last night|this (?:morning|afternoon|evening|lunchtime|week)"
    r"|(?:minutes?|mins?|hours?|hrs?|half an hour) ago|sudden\w*|so far|at the moment)\b"
)
_FLAG, _DOUBT = "red_flag", "red_flag_doubt"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERSONAL = _words(
    "i im ive id me my mine myself he hes she shes his her him they theyre we our us this husband wife partner mum mom "
    "dad son daughter someone now help"
)
_OWN = _words("i im ive id ill me my mine myself our we")
_NO = _words(
    "no not cant cannot couldnt unable cannae carnt cnt wont wouldnt isnt arent doesnt dont havent hasnt didnt aint "
    "never without nothing stopped barely hardly lost zero impossible gone nobody disappeared disappearing vanished"
)
_ENDED = _words("gone went going stopped disappeared vanished passed settled")
_NOT_SO = _words("not isnt arent wasnt aint")

Entity = dict[str, Any]
Span = tuple[int, int]  # first word and the word after the last


class Status(Protocol):
    """What a mention is in its sentence; `status.Context` is the implementation."""

    text: str

    def role(self, start: int, end: int) -> str:
        """present, negated, past, other_person or hypothetical for the text between two offsets."""
        ...

    def framed(self, start: int, end: int) -> bool:
        """Whether a whole sentence around the text is told as long past, denied or asked about."""
        ...

    @property
    def speaks_of_self(self) -> bool:
        """Whether the writer tells of their own treatment."""
        ...

    @property
    def breaks(self) -> list[int]:
        """Offsets at which another subject is taken up."""
        ...


@dataclass(frozen=True)
class Word:
    """A word that carries meaning: its known spelling and where it stands in the message."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int = 0


@dataclass(frozen=True)
class Pattern:
    """Word groups (`near`) that together mean a flag. `parts` index into the finder's elements."""

    flag: str
    parts: tuple[str, ...]
    urgency: str
    within: int = _REACH
    ordered: bool = False
    anywhere: bool = False
    across: bool = False
    unless: tuple[tuple[str, str], ...] = ()
    eased: tuple[str, ...] = ()
    doubt: bool = False
    wish: bool = False
    anyone: bool = True
    close: int = 0
    recent: bool = False
    background: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    over_counts: bool = False


_ANY = Pattern("", (), "emergency")  # stands for no pattern of the content


@dataclass(frozen=True)
class Misreading:
    """Words that mean something else beside others: `words` are void when `before` follows or `after` precedes.

    `always`: even where the other words belong to the match; `cue`: void as an `unless` word too.
    """

    words: str
    before: str = ""
    after: str = ""
    within: int = 1
    always: bool = False
    cue: bool = False


@dataclass(frozen=True)
class Match:
    """A pattern found in the message, with the words of each part."""

    pattern: Pattern
    spans: tuple[Span, ...]

    @property
    def telling(self) -> list[Span]:
        """The parts that must be present themselves; a dose or a count beside them may lie in the past."""
        told = zip(self.pattern.parts, self.spans, strict=True)
        return [span for part, span in told if part not in self.pattern.background] or list(self.spans)

    @property
    def first(self) -> int:
        return min(start for start, _ in self.spans)

    @property
    def last(self) -> int:
        return max(end for _, end in self.spans)


@dataclass(frozen=True)
class Reading:
    """One message: its words, where each word group stands, which offsets are figures of speech, whose sentences.

    `personal` are the sentences that name a person, `own` the offsets of words for oneself.
    """

    text: str
    words: list[Word]
    at: dict[str, list[Span]]
    hidden: dict[str, list[Span]]
    personal: frozenset[int]
    own: tuple[int, ...]
    misreadings: tuple[Misreading, ...]

    def beside(self, span: Span, misreading: Misreading) -> Span | None:
        """The words that give the span another meaning: "temp 36.8", "gone numb", "half an hour", "ALT 40"."""
        if not any(start <= span[1] - 1 < end for start, end in self.at.get(misreading.words, ())):
            return None
        if misreading.before:
            low, high, group = span[1], span[1] + misreading.within - 1, misreading.before
        else:
            low, high, group = span[0] - misreading.within, span[0] - 1, misreading.after
        return next((other for other in _between(self.at.get(group, []), low, high) if self._joined(span, other)), None)

    def _joined(self, one: Span, other: Span) -> bool:
        """Whether no comma and no end of a sentence stands between two places."""
        first, second = sorted((one, other))
        between = self.text[self.words[first[1] - 1].end : self.words[second[0]].start]
        return not _APART.search(between)

    def near(self, match: Match, group: str, *, pace: bool = False) -> bool:
        """Whether a word of the group stands around the match, in its sentence; a dose's time tells no `pace`."""
        low, high, sentence = match.first - _CUE_REACH, match.last + _CUE_REACH, self.words[match.first].sentence
        spans = _between(self.at.get(group, []), low, high)
        return any(
            end <= high and self.words[start].sentence == sentence and not (pace and self._void((start, end)))
            for start, end in spans
        )

    def _void(self, span: Span) -> bool:
        return any(self.beside(span, misreading) for misreading in self.misreadings if misreading.cue)


class Vocabulary:
    """Words and word groups of the content, and the nearest known spelling of what was typed."""

    def __init__(self, fillers: Iterable[str], spellings: Mapping[str, str], inflected: bool = True) -> None:
        self._inflects = inflected
        self._fillers = frozenset(_key(word) for word in fillers)
        self._dialect = {_key(typed): tuple(meant.split()) for typed, meant in spellings.items()}
        self._starts: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._prefixes: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._numbers: list[tuple[float, float, str]] = []
        self._known: set[str] = set()
        self._by_stem: dict[str, str] = {}
        self._spellings: dict[str, tuple[str, ...]] = {}
        self._choices: list[str] = []

    def add(self, name: str, entry: str | list[float]) -> None:
        """Make `entry` mean `name`: words in a row (`collaps*` for any ending), or a range of numbers."""
        if isinstance(entry, list):
            self._numbers.append((entry[0], entry[1], name))
            return
        parts = tuple(self.content_words(entry))
        if not parts:
            raise ValueError(f"'{entry}' of {name} holds only filler words")
        table = self._prefixes if parts[0].endswith("*") else self._starts
        table.setdefault(parts[0].rstrip("*"), []).append((parts, name))
        for part in parts:
            stem = part.rstrip("*")
            self._known.add(stem)
            if part.endswith("*"):
                self._known.update(stem + ending for ending in ("e", "s", "ed", "es", "ing"))

    def is_filler(self, word: str) -> bool:
        """Whether a word carries no meaning of its own here."""
        return _key(word) in self._fillers

    def content_words(self, phrase: str) -> list[str]:
        """The words of a phrase of the content without the fillers."""
        return [key for key in (_key(word) for word in phrase.lower().split()) if key and key not in self._fillers]

    def read(self, text: str) -> list[Word]:
        """The words of a message in normal form that carry meaning, in their known spelling."""
        words: list[Word] = []
        sentence = clause = 0
        for found in _WORD.finditer(text):
            if found.group() == ",":
                clause += 1
            elif found.group().strip(".!?;\n") == "":
                sentence, clause = sentence + 1, clause + 1
            else:
                known = [spelling for spelling in self._spelling(self._bare(found.group())) if spelling not in self._fillers]
                words += [Word(spelling, found.start(), found.end(), sentence, clause) for spelling in known]
        return words

    def occurrences(self, words: list[Word]) -> dict[str, list[Span]]:
        """Where each name stands: name -> spans of word positions."""
        found: dict[str, list[Span]] = {}
        texts = tuple(word.text for word in words)
        entries = {text: list(self._entries(text)) for text in set(texts)}
        for position, word in enumerate(words):
            for parts, name in entries[word.text]:
                end = position + len(parts)
                if end > len(words) or words[end - 1].clause != word.clause:
                    continue
                following = texts[position:end]
                if following == parts or all(map(_fits, parts, following)):
                    found.setdefault(name, []).append((position, position + len(parts)))
            value = _number(word.text)
            for low, high, name in self._numbers:
                if value is not None and low <= value <= high:
                    found.setdefault(name, []).append((position, position + 1))
        return found

    def _entries(self, word: str) -> Iterator[tuple[tuple[str, ...], str]]:
        yield from self._starts.get(word, ())
        for length in range(3, len(word) + 1):
            yield from self._prefixes.get(word[:length], ())

    def _bare(self, typed: str) -> str:
        """The key of a word; without its "'s" where that stands for "is" or "has" ("my bladder's blocked")."""
        key = _key(typed)
        whole = key in self._fillers or key in self._known or not typed.endswith("'s")
        return key if whole else _key(typed[:-2])

    def _spelling(self, word: str) -> tuple[str, ...]:
        if word in self._dialect and word not in self._known:
            return self._dialect[word]
        if word[0].isdigit() or word in self._known or word in self._fillers or len(word) < 4:
            return (word,)
        if word not in self._spellings:
            if len(self._spellings) > 20_000:
                self._spellings.clear()
            self._spellings[word] = self._meant(word)
        return self._spellings[word]

    def _meant(self, word: str) -> tuple[str, ...]:
        plain = _TRIPLE.sub(r"\1", word)
        if plain in self._known:
            return (plain,)
        if plain.endswith("in") and self._inflected(f"{plain}g"):  # "fittin"
            return (self._inflected(f"{plain}g"),)
        if self._inflected(plain):
            return (self._inflected(plain),)
        if len(word) > 24 or zipf_frequency(word, "en") >= _REAL_WORD:
            return (word,)
        run_together = range(3, len(word) - 2) if not zipf_frequency(word, "en") else ()  # "overdone" is a word of its own
        for cut in run_together:
            if word[:cut] in self._known and word[cut:] in self._known:
                return (word[:cut], word[cut:])
        if not self._choices:
            self._choices = sorted(known for known in self._known if len(known) >= 4)
        limit = 2 if len(plain) >= 8 else 1
        best = process.extractOne(plain, self._choices, scorer=OSA.distance, score_cutoff=limit)
        if best is None or (len(plain) < 5 and best[0][0] != plain[0]):
            return (word,)
        return (best[0],)


    def _inflected(self, word: str) -> str:
        """The known word, or the shortest one with the same stem: "carrying" is meant where "carry" is known."""
        if word in self._known or not self._inflects:
            return word if word in self._known else ""
        if not self._by_stem:
            for known in sorted(self._known, key=lambda known: (-len(known), known)):
                if len(known) > 2 and known.isalpha():
                    self._by_stem[stem(known)] = known
        return self._by_stem.get(stem(word), "")


class RedFlagFinder:
    """Finds the red flags of one message. Built once from the content; `find` keeps no state."""

    def __init__(self, content: dict[str, Any], names: Names) -> None:
        """`content` is `red_flags.yml` as loaded; `names` are the ids that its conditions may name.

        Raises ValueError when a pattern or a condition names something that does not exist.
        """
        self._vocabulary = Vocabulary(content["fillers"], content["spellings"])
        self._names = names
        self._groups = frozenset(content["words"])
        self._literals: set[str] = set()
        self._background, self._apart = frozenset(content["background"]), frozenset(content["apart"])
        self._soft: dict[str, str] = content["soft"]
        self._misreadings = tuple(Misreading(**item) for item in content["misreadings"])
        self._figures = Vocabulary((), {}, inflected=False)  # figures of speech hang on small words: "can't stand my boss"
        self._small_worded: list[tuple[str, tuple[str, ...]]] = []
        for name, entries in content["words"].items():
            for entry in entries:
                self._know(name, entry)
        for entry in content["look_alikes"]:
            self._hide(_LOOK_ALIKE, entry)
        self._by_anchor: dict[str, list[Pattern]] = {}
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
            verdict = None if _reaches_over(match, reading, context) else _verdict(match, reading, context)
            if verdict:
                start, end = reading.words[match.first].start, reading.words[match.last - 1].end
                _keep(found, _entity(verdict, match.pattern.flag, match.pattern.urgency, start, end, text))
        said = [symptom for symptom in symptoms if symptom.get("role") == PRESENT]
        view = self._view(said, ())
        for pattern, condition in self._conditions if said else ():
            if condition.evaluate(view, None, False):
                proof = set(condition.evidence(view, None))
                meant = [symptom for symptom in said if symptom["value"] in proof and _meant(symptom, pattern, reading)]
                if meant:
                    start, end = min(item["start"] for item in meant), max(item["end"] for item in meant)
                    kind = _FLAG if all(not _eased(_around(item, pattern, reading), reading) for item in meant) else _DOUBT
                    _keep(found, _entity(kind, pattern.flag, pattern.urgency, start, end, text))
        view = self._view(said, [entity["value"] for entity in found.values() if entity["entity"] == _FLAG])
        for entity in found.values():
            fired = [level for level, rule in self._rules[entity["value"]] if rule.evaluate(view, None, False)]
            entity["urgency"] = most_urgent(entity["urgency"], *fired)
        return sorted(found.values(), key=lambda entity: (entity["start"], entity["value"]))

    def meant(self, reading: Reading, symptoms: Iterable[Entity]) -> list[Entity]:
        """The symptoms that are told as such: none inside a figure of speech ("a fit of giggles"); `hypothetical` where
        the sentence only supposes it."""
        kept = [symptom for symptom in symptoms if not self._in_a_figure(symptom, reading)]
        return [{**symptom, "role": "hypothetical"} if _only_supposed(symptom, reading) else symptom for symptom in kept]

    def _in_a_figure(self, symptom: Entity, reading: Reading) -> bool:
        """Whether a figure of speech holds the symptom, or, for a symptom that raises flags, shares a word with it."""
        whole = [span for span in reading.hidden.get(_LOOK_ALIKE, ()) if span[0] <= symptom["start"] and symptom["end"] <= span[1]]
        flags = self._raises.get(symptom["value"], ())
        names = [_LOOK_ALIKE, *(f"{_LOOK_ALIKE} {flag}" for flag in flags)] if flags else []
        shared = [span for name in names for span in reading.hidden.get(name, ())]
        return bool(whole) or any(start < symptom["end"] and symptom["start"] < end for start, end in shared)

    def _learn(self, flag: dict[str, Any]) -> None:
        unless, eased = self._unless((*flag.get("unless", ()), *_old(flag))), tuple(map(self._part, flag.get("eased", ())))
        over = flag.get("over_counts", False)
        for phrase in flag["phrases"]:
            parts = tuple(self._part(word) for word in self._vocabulary.content_words(phrase))
            self._file(Pattern(flag["id"], parts, flag["urgency"], _PHRASE_SLACK, True, unless=unless, eased=eased, over_counts=over))
        for form, doubt in ((flag.get("patterns", []), False), (flag.get("unclear", []), True)):
            for pattern in form:
                self._file(self._pattern(flag, pattern, doubt))
        name = f"{_VERBATIM} {flag['id']}"
        for entry in flag.get("verbatim", []):
            self._figures.add(name, entry)
        self._file(Pattern(flag["id"], (name,), flag["urgency"], unless=unless, eased=eased))
        for entry in flag.get("not_phrases", []):
            self._hide(f"{_LOOK_ALIKE} {flag['id']}", entry)
        for condition in flag.get("when", []):
            for name in _named(condition) & self._names.symptoms.keys():
                self._raises.setdefault(name, set()).add(flag["id"])
            pattern = Pattern(flag["id"], (), flag["urgency"], unless=unless, eased=eased)
            self._conditions.append((pattern, compile_condition(condition, self._names)))
        self._rules[flag["id"]] = [
            (rule["urgency"], compile_condition(rule["when"], self._names)) for rule in flag.get("urgency_rules", [])
            if rank(rule["urgency"]) >= rank(flag["urgency"])
        ]

    def _know(self, name: str, entry: str | list[float]) -> None:
        """Make `entry` mean `name`. One that would be a single common word keeps its small words: "bloody nose", "came to"."""
        typed = tuple(_key(word) for word in entry.split()) if isinstance(entry, str) else ()
        if len(typed) > 1 and len(self._vocabulary.content_words(" ".join(typed))) == 1:
            self._small_worded.append((name, typed))
        else:
            self._vocabulary.add(name, entry)

    def _with_small_words(self, every: list[Word]) -> Iterator[tuple[str, Span]]:
        """Where the entries that keep their small words stand, as positions in `every`; other small words may stand between."""
        said = {word.text for word in every}
        for name, parts in self._small_worded:
            if said.issuperset(parts):
                places = [at for at, word in enumerate(every) if word.text in parts or not self._vocabulary.is_filler(word.text)]
                for at in range(len(places) - len(parts) + 1):
                    if tuple(every[place].text for place in places[at : at + len(parts)]) == parts:
                        yield name, (places[at], places[at + len(parts) - 1] + 1)

    def _hide(self, name: str, entry: str) -> None:
        parts = entry.split()
        small = any(self._vocabulary.is_filler(part) for part in (parts[0], parts[-1])) or "and" in parts
        (self._figures if small else self._vocabulary).add(name, entry)

    def _pattern(self, flag: dict[str, Any], data: list[str] | dict[str, Any], doubt: bool) -> Pattern:
        detail: dict[str, Any] = data if isinstance(data, dict) else {"near": data}
        return Pattern(
            flag["id"],
            tuple(self._part(part) for part in detail["near"]),
            detail.get("urgency", flag["urgency"]),
            within=detail.get("within", _REACH),
            ordered=detail.get("ordered", False),
            anywhere=detail.get("anywhere", False),
            across=detail.get("across", False),
            unless=self._unless((*detail.get("unless", ()), *_old(flag))),
            wish=detail.get("wish", False),
            eased=tuple(map(self._part, flag.get("eased", ()))),
            doubt=doubt,
            close=detail.get("close", 0),
            recent=detail.get("recent", False),
            background=self._background,
            apart=self._apart,
            over_counts=flag.get("over_counts", False),
            anyone=detail.get("anyone", flag.get("anyone", True)),
        )

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
        self._by_anchor.setdefault(max(pattern.parts, key=len), []).append(pattern)

    def read(self, text: str) -> Reading:
        """The words of a message and what they stand for, for `meant` and `find`."""
        text = _OD_D.sub("oded", normalise(text))
        words, every = self._vocabulary.read(text), self._figures.read(text)
        at = self._vocabulary.occurrences(words)
        written = self._figures.occurrences(every)
        at |= {name: _same_words(_offsets(spans, every), words) for name, spans in written.items() if name.startswith(_VERBATIM)}
        for name, span in self._with_small_words(every):
            at[name] = sorted({*at.get(name, ()), *_same_words(_offsets([span], every), words)})
        at |= _body_temperatures(text, words, at)
        hidden: dict[str, list[Span]] = {}
        for spans_of, these in ((at, words), (written, every)):
            for name, spans in spans_of.items():
                if name.startswith(_LOOK_ALIKE):
                    said = _offsets([span for span in spans if not _denied(span, these)], these)
                    hidden.setdefault(name, []).extend(
                        span for span in said if these is every or " and " not in text[slice(*span)]
                    )
        personal = frozenset(word.sentence for word in every if word.text in _PERSONAL)
        own = tuple(word.start for word in every if word.text in _OWN)
        return Reading(text, words, at, hidden, personal, own, self._misreadings)

    def _matches(self, reading: Reading, found: dict[str, Entity]) -> Iterator[Match]:
        """Matches of the patterns that could still raise what is already in `found`."""
        for name in reading.at:
            for pattern in self._by_anchor.get(name, ()):
                if all(part in reading.at for part in pattern.parts):
                    for match in _place(pattern, reading):
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


def _place(pattern: Pattern, reading: Reading) -> Iterator[Match]:
    """Every way to lay the pattern on the message, one for each place of its first part."""
    for first in reading.at[pattern.parts[0]]:
        spans = [first]
        for part in pattern.parts[1:]:
            reach = len(reading.words) if pattern.anywhere else pattern.within + _LONGEST
            around = _between(reading.at[part], first[0] - reach, first[1] + reach)
            if len(around) > _ENOUGH:
                nearest = bisect_left(around, first)
                around = around[max(0, nearest - _ENOUGH) : nearest + _ENOUGH]
            near = [span for span in around if _may_follow(span, spans, reading.words, pattern)]
            if not near:
                break
            spans.append(min(near, key=lambda span: abs(span[0] - spans[-1][1])))
        else:
            match = Match(pattern, tuple(spans))
            if _close_enough(match) and not _silenced(match, reading):
                yield match


def _between(spans: list[Span], low: int, high: int) -> list[Span]:
    """The spans, sorted by start, that start from `low` to `high`."""
    return spans[bisect_left(spans, (low, 0)) : bisect_left(spans, (high + 1, 0))]


def _may_follow(span: Span, placed: list[Span], words: list[Word], pattern: Pattern) -> bool:
    if any(span[0] < end and start < span[1] for start, end in placed):
        return False
    if pattern.anywhere:
        return True
    if len(pattern.parts) == 2 and pattern.within == _PHRASE_SLACK:
        together = words[span[0]].clause == words[placed[0][0]].clause
    else:
        together = words[span[0]].sentence == words[placed[0][0]].sentence
    return together and not (pattern.ordered and span[0] < placed[-1][1])


def _close_enough(match: Match) -> bool:
    pattern, spans = match.pattern, match.spans
    if pattern.close and abs(spans[-1][0] - spans[-2][0]) > pattern.close:
        return False
    return pattern.anywhere or match.last - match.first - sum(end - start for start, end in spans) <= pattern.within


def _silenced(match: Match, reading: Reading) -> bool:
    """Whether a look-alike covers a part of the match, or an `unless` word stands near it in the same sentence."""
    blocked = (*reading.hidden.get(_LOOK_ALIKE, ()), *reading.hidden.get(f"{_LOOK_ALIKE} {match.pattern.flag}", ()))
    said = _offsets(match.spans, reading.words)
    if any(start < last and first < end for start, end in blocked for first, last in said):
        return True
    if _misread(match, reading):
        return True
    return any(
        reading.near(match, name, pace=bool(change)) and not (change and reading.near(match, change))
        for name, change in match.pattern.unless
    )


def _reaches_over(match: Match, reading: Reading, context: Status) -> bool:
    """Whether a part speaks of another subject than the others: "weak since monday, the face cream is new" is no weak face."""
    pattern = match.pattern
    if pattern.anywhere or pattern.across or pattern.within == _PHRASE_SLACK and pattern.ordered:
        return False
    told = zip(pattern.parts, match.spans, strict=True)
    return len({bisect_right(context.breaks, reading.words[start].start) for part, (start, _) in told if part not in pattern.apart}) > 1


def _eased_off(match: Match, reading: Reading) -> bool:
    """Whether "gone" or "stopped" stands in a clause of its own: "leg cramp in bed, gone now" is no leg that has gone."""
    clauses = {reading.words[start].clause for start, _ in match.spans}
    if len(match.spans) < 2 or len(clauses) < 2 or match.pattern.anywhere:
        return False
    ends = [(start, end) for start, end in match.spans if reading.words[start].text in _ENDED and end - start == 1]
    return any(
        all(reading.words[other].clause != reading.words[start].clause for other, _ in match.spans if other != start)
        for start, _ in ends
    )


def _misread(match: Match, reading: Reading) -> bool:
    """Whether a part of the match means something else, by a neighbour that is no part of the match itself."""
    return _eased_off(match, reading) or any(
        (other := reading.beside(span, misreading))
        and (misreading.always or not any(other[0] < end and start < other[1] for start, end in match.spans))
        for span in match.spans for misreading in reading.misreadings if not misreading.cue
    )


def _body_temperatures(text: str, words: list[Word], at: dict[str, list[Span]]) -> dict[str, list[Span]]:
    """The numbers in the range of a temperature that are one: "i'm 35" is an age."""
    numbers = [name for name in _DEGREES if name in at]
    read = [(item["start"], item["end"]) for item in find_temperatures(text)] if numbers else []
    return {
        name: [span for span in at[name] if any(low <= words[span[0]].start < high for low, high in read)] for name in numbers
    }


def _denied(span: Span, words: list[Word]) -> bool:
    """Whether a harmless reading is itself denied: "not breathing normally"."""
    return span[0] > 0 and words[span[0] - 1].text in _NOT_SO


def _same_words(parts: Iterable[Span], words: list[Word]) -> list[Span]:
    """Offsets into the text as spans of those words that carry meaning."""
    starts = [word.start for word in words]
    spans = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in parts]
    return [span for span in spans if span[0] < span[1]]


def _offsets(spans: Iterable[Span], words: list[Word]) -> list[Span]:
    """Spans of words as offsets into the text."""
    return [(words[start].start, words[end - 1].end) for start, end in spans]


def _verdict(match: Match, reading: Reading, context: Status) -> str | None:
    """The kind of entity that a match gives: a flag, a doubt, or none.

    A match that itself holds a "no" ("can't breathe") is judged as a whole; else each of its parts has to stand.
    """
    words = reading.words
    if not _of_a_person(match, reading):
        return None
    whole = (words[match.first].start, words[match.last - 1].end)
    says_no = any(words[position].text in _NO for start, end in match.spans for position in range(start, end))
    phrase = match.pattern.ordered and match.pattern.within == _PHRASE_SLACK
    judged = [whole] if says_no or phrase else _offsets(match.telling, words)
    roles = {_role(part, match, reading, context) for part in judged}
    if words[match.first].text in ("no", "nothing") and _DOUBLE_NO.search(reading.text[: whole[0]][-20:]):
        roles -= {"negated"}
    if match.pattern.wish:
        roles -= {"hypothetical", "past", "negated"}
    if "hypothetical" in roles or ("past" in roles and not match.pattern.recent):
        return None
    if "other_person" in roles and not (match.pattern.anyone and _happening(match, reading)):
        return None
    if "other_person" in roles and _told_as_over(match, reading):
        return None if context.speaks_of_self else _DOUBT
    if "negated" in roles:
        return _DOUBT if reading.near(match, "DOUBT") else None
    if match.pattern.doubt or _eased(match, reading) or _in_a_story(match, reading):
        return _DOUBT
    return _FLAG


def _in_a_story(match: Match, reading: Reading) -> bool:
    """Whether it stands in a long message, told in the past, with no word of now around it: "when I went blind it was white".

    It may be over or not: worth one question. In a short message people tell of what has just begun in the past tense too.
    """
    if len(reading.words) < _STORY or match.pattern.recent or match.pattern.over_counts or match.pattern.anywhere:
        return False
    low, high = reading.words[match.first].start, reading.words[match.last - 1].end
    begin = max((stop.end() for stop in _STOP.finditer(reading.text, 0, low)), default=0)
    stop = _STOP.search(reading.text, high)
    sentence = reading.text[begin : stop.start() if stop else len(reading.text)].lower()
    said = sentence[max(0, low - begin - _LEAD) : high - begin]
    return bool(_THEN.search(said)) and not _STILL.search(said) and not _NEW.search(sentence)


def _eased(match: Match | None, reading: Reading) -> bool:
    """Whether the words say that it has gone by itself: worth one question, not an alarm."""
    return match is not None and any(reading.near(match, group) for group in match.pattern.eased)


def _role(part: Span, match: Match, reading: Reading, context: Status) -> str:
    """The role of one part.

    "I have a temp of 38.5 and my count was 0.7 last week" or "bruises all over, had lemtrada last year": what is past
    is the count or the dose.
    """
    role = context.role(*part)
    if role in ("negated", "past") and match.pattern.over_counts and not context.framed(*part):  # "he was fitting, it stopped" was a fit
        begin = max(0, part[0] - _CLAUSE)
        return Context(reading.text[begin : part[1]]).role(part[0] - begin, part[1] - begin)
    if role == "past" and len(match.telling) < len(match.spans) and _HAVING.search(reading.text[: part[0]][-30:]):
        return PRESENT
    if role == "past":
        doses = [
            reading.words[start].start for name in ("RISKY_DRUG", "AFTER_DOSE")
            for start, _ in _between(reading.at.get(name, []), match.first, match.last + _LONGEST)
            if reading.words[start].start > part[1]
        ]
        if doses:
            begin = max(0, part[0] - _CLAUSE)
            return Context(reading.text[begin : min(doses)]).role(part[0] - begin, part[1] - begin)
    return role


def _meant(symptom: Entity, pattern: Pattern, reading: Reading) -> bool:
    """Whether a symptom counts for a flag: not inside a figure of speech, a film or a question about signs."""
    match = _around(symptom, pattern, reading)
    return match is None or (not _silenced(match, reading) and _of_a_person(match, reading))


def _only_supposed(symptom: Entity, reading: Reading) -> bool:
    match = _around(symptom, _ANY, reading)
    return match is not None and symptom.get("role") == PRESENT and _supposed(match, reading)


def _named(condition: Any) -> set[str]:
    """Every word of a condition as loaded: the symptoms it names are among them."""
    if isinstance(condition, dict):
        return set().union(*map(_named, condition.values()))
    return set().union(*map(_named, condition)) if isinstance(condition, list) else {str(condition)}


def _around(symptom: Entity, pattern: Pattern, reading: Reading) -> Match | None:
    """The words of a symptom as a match, if any of them carries meaning here."""
    inside = [place for place, word in enumerate(reading.words)
              if word.start < symptom["end"] and symptom["start"] < word.end]
    return Match(pattern, ((inside[0], inside[-1] + 1),)) if inside else None


def _of_a_person(match: Match, reading: Reading) -> bool:
    """Whether the match speaks of somebody now: no animal or film, no mere question, no year behind it."""
    return not (_about_no_person(match, reading) or _only_asked(match, reading) or _dated(match, reading))


def _dated(match: Match, reading: Reading) -> bool:
    """Whether a time long past belongs to the match: "took an overdose ten years ago", "lost my sight in 2011", "had a
    reaction in 2015, lips swelled"."""
    past = _between(reading.at.get("LONG_PAST", []), match.last, match.last + 2)
    behind = reading.text[reading.words[match.last - 1].end :]
    if _CHILDHOOD.search(behind[:80]) or any(reading.words[start].clause == reading.words[match.last - 1].clause for start, _ in past):
        return not (reading.near(match, "CHANGED") or reading.near(match, "NOW"))
    years = _between(reading.at.get("OLD_YEAR", []), match.first - _CUE_REACH, match.last)
    if any(start == match.last for start, _ in years):
        return True
    return not reading.near(match, "CHANGED") and any(
        reading.words[start].sentence == reading.words[match.first].sentence
        and _HAD_IN.search(reading.text[: reading.words[start].start][-80:])
        for start, _ in years
    )


def _about_no_person(match: Match, reading: Reading) -> bool:
    """Whether an animal, a thing or a film is the subject: it stands just before the match."""
    things = _between(reading.at.get("NON_PERSON", []), match.first - _LONGEST, match.first - 1)
    return any(match.first - 2 <= end <= match.first + 1 and not _own_between(end, match, reading) for _, end in things)


def _only_asked(match: Match, reading: Reading) -> bool:
    """Whether the sentence only asks for information: it names nobody, it imagines, or it tells of a film or the news."""
    if reading.near(match, "IMAGINED") or _told_of(match, reading) or _supposed(match, reading):
        return True
    if match.pattern.wish:
        return False
    sentence = reading.words[match.first].sentence
    return sentence not in reading.personal and any(
        (start < match.first or name == "ASKED_AFTER") and reading.words[start].sentence == sentence
        for name in ("INFORMATIONAL", "ASKED_AFTER")
        for start, _ in _between(reading.at.get(name, []), match.first - _LONGEST, match.last + _LONGEST)
    )


def _supposed(match: Match, reading: Reading) -> bool:
    """Whether a question only supposes it: "what should i do if i collapse at home?"."""
    if match.pattern.wish:
        return False
    first = reading.words[match.first]
    begin = reading.text.rfind("\n", 0, first.start) + 1
    before = re.split(r"[.!;?]", reading.text[begin : first.start])[-1]
    sentence = before + re.split(r"(?<=[.!;?\n])", reading.text[first.start :])[0]
    if first.sentence not in reading.personal and (_OF_ANYONE.search(before) or _ABOUT_IT.search(before)):
        return True  # "can you faint on gilenya?", "how soon would anaphylaxis happen"
    upto, after = reading.text[begin : reading.words[match.last - 1].start], reading.text[reading.words[match.last - 1].end :]
    if _LOOKED_FOR.search(before) or "thought" not in after and _THOUGHT.search(upto) and _REFUTED.search(after):
        return not reading.near(match, "ACUTE")
    return bool(_IF.search(before)) and bool(_ASKS.search(sentence)) and not reading.near(match, "ACUTE")


def _told_of(match: Match, reading: Reading) -> bool:
    """Whether the match belongs to a story: "a film where he has a stroke", with no word of oneself in between."""
    sentence = reading.words[match.first].sentence
    return any(
        reading.words[start].sentence == sentence and start < match.last and not _own_between(end, match, reading)
        for start, end in _between(reading.at.get("STORY", []), match.first - _LONGEST, match.last)
    )


def _own_between(end: int, match: Match, reading: Reading) -> bool:
    """Whether a word for oneself stands between the word before position `end` and the match."""
    low, high = reading.words[end - 1].end, reading.words[match.first].start
    return bisect_left(reading.own, low) < bisect_left(reading.own, high)


def _happening(match: Match, reading: Reading) -> bool:
    """Whether danger to another person is told as going on, not as something of the past or in a hospital's hands."""
    return not reading.near(match, "IN_CARE") and (reading.near(match, "NOW") or not reading.near(match, "LONG_AGO"))


def _told_as_over(match: Match, reading: Reading) -> bool:
    """As in "her dad collapsed", not "my neighbour has collapsed" or "he collapsed just now"."""
    if reading.near(match, "NOW"):
        return False
    begin, end = reading.words[match.first].start, reading.words[match.last - 1].end
    return bool(_PAST_VERB.search(reading.text[begin:end])) and not _HAS.search(reading.text[max(0, begin - 6) : end])


def _key(word: str) -> str:
    """One spelling for a word: no apostrophes or accents, a decimal point, digits without separators."""
    if word[:1].isdigit():
        return word.replace(",", "") if _THOUSANDS.fullmatch(word) else word.replace(",", ".")
    if word[:1] == "." and word[1:].isdigit():
        return f"0{word}"
    bare = word.replace("'", "")
    return bare if bare.isascii() else unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode() or bare


def _number(word: str) -> float | None:
    try:
        return float(word) if word[0].isdigit() else None
    except ValueError:  # "¼a" and the like
        return None


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part[-1] == "*" else word == part


def _entity(kind: str, flag: str, urgency: str, start: int, end: int, text: str) -> Entity:
    return {"entity": kind, "value": flag, "urgency": urgency, "start": start, "end": end, "text": text[start:end]}


def _keep(found: dict[str, Entity], entity: Entity) -> None:
    """One entity per flag: a flag outweighs a doubt, a higher level a lower one, else the first stays."""
    kept = found.get(entity["value"])
    if kept is None or _weight(entity) > _weight(kept):
        found[entity["value"]] = entity


def _settled(kept: Entity | None, pattern: Pattern) -> bool:
    """Whether the flag is already found at the level that the pattern could give."""
    return kept is not None and kept["entity"] == _FLAG and rank(kept["urgency"]) >= rank(pattern.urgency)


def _weight(entity: Entity) -> tuple[bool, int]:
    return entity["entity"] == _FLAG, rank(entity["urgency"])
