"""The names of medicines in what people write, however they are spelt.

Names come from `content/names/`. A word that is no known name is compared by spelling (rapidfuzz) and by sound
(jellyfish) with the names of the MS therapies *and* of everything that resembles them: the nearest wins, so that
a look-alike never becomes a therapy. Ordinary English words are left alone.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import top_n_list, zipf_frequency

from knowledge.language.people import RELATIVE
from knowledge.language.text import normalise

_TOKEN = re.compile(r"[^\W\d_]{5,}(?=\d)|[^\W_]+(?:'[^\W_]+)*")  # "tecfidera240mg" is a name and a dose
_GLUE = re.compile(r"[ \-/.'&+\n]{0,2}")  # what may stand between the parts of one name
_LONGEST_NAME = 6  # words
_COMMON_WORD = 3.5  # zipf frequency from which a word is no half of a name torn in two
_REAL_WORD = 2.6  # zipf frequency (wordfreq) from which a word is meant as typed, not as a misspelt medicine
_RARE_WORD = 1.6  # the same where nothing around it speaks of a medicine
_KNOWN_WORD = 1.5  # below it nobody uses the word: in the place of a medicine it is an unknown medicine
_SHORTEST = 5  # letters a misspelling must have
_SHORTEST_BEGINNING = 6  # letters that must stand of another medicine's name: "flurb" is nobody's flurbiprofen
_BEFORE_NAME = re.compile(
    r"\b(?:on|my|of|off|taking|take|takes|took|taken|started|start|starting|stopped|stopping|had|having|have|using"
    r"|use|injected|inject|mg|the|tried|finished|been|(?:switched|switching|changed|moved|moving|going|back"
    r"|from) (?:from|to|on|onto)) ?$")
_A_PLACE = re.compile(r"\b(?:liv(?:e|es|ed|ing)|born|grew up|stay(?:ed|ing)?|house|flat|holiday) (?:in|near|at) $")  # a town, however spelt
_AFTER_NAME = re.compile(
    r"\.? ?(?:\d+ ?(?:mg|mcg|g)\b|infusions?|injections?|doses?|jabs?|shots?|pens?|pills?|tablets?|capsules?|drips?"
    r"|rounds?|course|treatment|caps?|tabs?|(?:makes|made|gives|gave|keeps|caused|upsets) (?:me|my))\b")
_DATED_NAME = re.compile(r" (?:since|until|till?|from|in|for) (?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|last |about "
                         r"|the (?:spring|summer|autumn)))|"
                         r" (?:19|20)\d\d\b")  # "tec since 2018"
_LISTED_NAME = re.compile(r"(?:\bthen |-> ?|, then )$")
_SAID_OF_ANOTHER = re.compile(r",? (?:my|with|and i|disease|mouse|is my)\b")  # "Aza, my little one"
_A_PERSON = re.compile(rf"\b(?:{RELATIVE}|dog|cat|called|named),? $")  # "my friend Kes"
_PERSON_DOES = re.compile(
    r"(?:,| who| and \w+)? (?:came|comes|coming|said|says|told|tells|rang|phoned|thinks|thought|asked|asks|wants|loves|brought|drove"
    r"|is (?:coming|here|my)|visited|lives|and me)\b")
_OTHER_RHYTHM = re.compile(r"\b(?:two|2|three|3|four|4|six|6|bi)[- ]?(?:weekly|monthly)")  # says nothing of "weekly"
_SAME_AGAIN = re.compile(r"\s?[(/\[]\s?(?:aka |i\.?e\.? |or )?|\s(?:aka|also called|also known as)\s")
_DRUG_ENDING = re.compile(
    r"(?:mab|mabs|nib|nibs|imod|umide|umab|ximab|zumab|statin|cept|parin|vir|cillin|mycin|azole|olol|pril|sartan"
    r"|gliptin|gliflozin|tide|oxetine|triptan|fumarate|trexate|tinib|ciclib|degib|platin|rubicin|bine)$")
_IN_PLACE_OF_NAME = re.compile(
    r"\b(?:i(?:'m| am|m)? (?:also |now |still |currently |just )*(?:take|on|taking|use|using|started|took)|i(?:'ve"
    r"| have|ve) been (?:taking|on|put on|prescribed|given|using)|i(?:'ve| have|ve) (?:just |now )?(?:started"
    r"|taken)|i was (?:on|taking|given|prescribed|put on)|(?:put|started|switched|moved) (?:me )?(?:on|on to|onto"
    r"|to)|prescribed(?: me)?|called|named|dose of|infusion of|injection of|tablets of|switched from|came off"
    r"|medication is|medicine is|drug is|treatment is|taking|switched to|treated with) (?:a |an |the |some |new "
    r"|called |something |medicine |drug |medication )*(?:called )?$")
_ENGLISH_SUFFIXES = ("ing", "ed", "ly", "ness", "tion", "ment", "ful", "less", "able", "ies", "day")
THERAPY, CLASS, DESCRIBED, OTHER, WORD = "therapy", "class", "described", "other", "word"


@dataclass(frozen=True)
class Name:
    """What a name stands for: one therapy, a class (several share it), a description, another medicine, or a word."""

    kind: str
    ids: tuple[str, ...]


class Token(NamedTuple):
    """A word of the text, its key (`_key`) and how usual it is (zipf frequency)."""

    text: str
    start: int
    end: int
    key: str
    usual: float


@dataclass
class Mention:
    """A name in the text, at character offsets, with what could be worked out about it."""

    start: int
    end: int
    name: Name
    role: str = "current"
    times: dict[str, str] = field(default_factory=dict)
    group: str = ""
    said: str = ""  # kind of the cue that governs it


class MedicineNames:
    """Finds names of medicines. Built once from the content."""

    def __init__(self, names: list[dict[str, Any]], other_medicines: dict[str, Any]) -> None:
        """`names`: the files `content/names/<id>.yml` as loaded; `other_medicines`: `other_medicines.yml` as loaded."""
        self._names: dict[str, Name] = {}
        self._regional = {_key(word) for entry in names for word in entry.get("regional_brands", ())}
        self._short: dict[str, Name] = {}
        self._phrases: set[str] = set()  # names of everyday words, such as "steroid infusion": never a misspelling's target
        self._routes = {entry["id"]: tuple(entry.get("route_hints", ())) for entry in names}
        self._add_therapies(names)
        for word in other_medicines["look_alikes"]:
            self._names.setdefault(_key(word), Name(WORD, ()))
        for generic, brands in other_medicines["medicines"].items():
            for word in (generic, *brands):
                self._names.setdefault(_key(word), Name(OTHER, (generic,)))
        for word in other_medicines["more_medicines"]:
            self._names.setdefault(_key(word), Name(OTHER, (word,)))
        self._further = {_key(word) for word in other_medicines["more_medicines"]}
        self._choices = sorted(key for key in self._names if len(key) >= _SHORTEST and key not in self._phrases)
        self._sounds: dict[str, list[str]] = {}
        for key in self._choices:
            self._sounds.setdefault(_sound(key), []).append(key)
        described: dict[str, set[str]] = {}
        for phrase, therapy in _descriptions(names, other_medicines):
            described.setdefault(_key(phrase), set()).add(therapy)
        for key, ids in described.items():
            self._names.setdefault(key, Name(DESCRIBED, tuple(sorted(ids))))
        self._beginnings = {key[:length] for key in self._names for length in range(1, len(key) + 1)}
        self._nearest = lru_cache(maxsize=20_000)(self._find_nearest)

    def _add_therapies(self, names: list[dict[str, Any]]) -> None:
        owners: dict[str, list[str]] = {}
        short: dict[str, list[str]] = {}
        whole: list[str] = []
        for entry in names:
            for field_name in ("generic", "brands", "biosimilars", "regional_brands", "spellings", "shared_names"):
                for word in entry.get(field_name, ()):
                    owners.setdefault(_key(word), []).append(entry["id"])
                    if " " not in word:
                        whole.append(word)
                    if " " in word and all(zipf_frequency(part, "en") >= _REAL_WORD for part in word.split()):
                        self._phrases.add(_key(word))
            for word in entry.get("short_names", ()):
                short.setdefault(_key(word), []).append(entry["id"])
        self._phrases -= {_key(word) for word in whole}  # "avon ex" does not hide "avonex"
        self._names.update({key: _therapy(ids) for key, ids in owners.items()})
        self._short.update({key: _therapy(ids) for key, ids in short.items()})

    def find(self, text: str) -> tuple[list[Mention], list[tuple[int, int]]]:
        """Known names in normalised text, and the offsets of unknown words in the place of a medicine's name."""
        tokens = [_token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
        mentions: list[Mention] = []
        unknown: list[tuple[int, int]] = []
        position = 0
        while position < len(tokens):
            width, name = self._name_at(text, tokens, position)
            start, end = tokens[position].start, tokens[position + width - 1].end
            if name is not None and name.kind != WORD:
                mentions.append(Mention(start, end, self._by_route(text, name, start, end)))
            elif name is None and _unknown(tokens[position], text):
                unknown.append((start, _whole_word(text, end)))
            position += width
        return _merged(text, mentions), unknown

    def _name_at(self, text: str, tokens: list[Token], position: int) -> tuple[int, Name | None]:
        """The longest name that begins at a word: how many words it takes, and what it is (None: no name)."""
        ahead = tokens[position:position + _LONGEST_NAME]
        keys = [ahead[0].key]
        for before, after in itertools.pairwise(ahead):
            if not _GLUE.fullmatch(text, before.end, after.start):
                break
            keys.append(keys[-1] + after.key)
            if len(keys) > 2 and keys[-1] not in self._beginnings:
                break
        for width in range(len(keys), 0, -1):
            name = self._names.get(keys[width - 1]) or self._names.get(_singular(keys[width - 1]))
            short = len(keys[width - 1]) < _SHORTEST and keys[width - 1].isalpha()  # "as ct" is no ASCT, "BG 12" is one
            if name is not None and (width == 1 or not short):
                return width, name
        token = ahead[0]
        if token.key not in self._short and all(one.usual >= _COMMON_WORD for one in ahead[:3]):
            return 1, None
        if _A_PLACE.search(text[max(0, token.start - 24):token.start]):
            return 1, None
        placed = bool(_BEFORE_NAME.search(text[max(0, token.start - 24):token.start])
                      or _AFTER_NAME.match(text, token.end))
        name = self._short.get(token.key) or self._short.get(_singular(token.key))
        if name is not None and _short_name_meant(text, token, placed):
            return 1, name
        name = self._glued(token)
        if name is not None:
            return 1, name
        for width, key in enumerate(keys[:3], 1):
            name = self._misspelt(ahead[:width], key, placed)
            if name is not None:
                return width, name
        return 1, None

    def _glued(self, token: Token) -> Name | None:
        """The name in a word that a small word has run into: "mytecfidera", "gilenyaand"."""
        if token.usual >= _KNOWN_WORD:
            return None
        cut = [token.key[len(word):] for word in _RUN_INTO if token.key.startswith(word)]
        cut += [token.key[:-len(word)] for word in _RUN_ON if token.key.endswith(word)]
        names = (self._names.get(key) for key in cut if len(key) > _SHORTEST)
        return next((name for name in names if name is not None and name.kind != WORD), None)

    def _misspelt(self, words: list[Token], key: str, placed: bool) -> Name | None:
        """The name these words are a misspelling of; `placed`: they stand where a medicine's name belongs.

        Several words count only when glued they come much closer, an uncommon word only in the place of a name.
        """
        if not _SHORTEST <= len(key) <= 40 or not key.isalpha():
            return None
        if len(words) == 1:
            usual = max(words[0].usual, zipf_frequency(key, "en"), zipf_frequency(_singular(key), "en"))
            return None if usual >= (_REAL_WORD if placed else _RARE_WORD) else self._nearest(key, placed, False)
        common = [word.usual >= _COMMON_WORD for word in words]
        heard = len(words) == 3 and len(key) > 8 and not all(common) and _sound(key) in self._sounds  # "fin golly mod"
        if all(common) or (len(words) == 3 and sum(common) > 1 and not heard) or any(word.text in _NEVER_GLUED for word in words):
            return None
        if any(len(word.key) >= _SHORTEST and word.key in self._names for word in words[1:]):
            return None  # "took ibrutinib": a name of its own
        return self._nearest(key, placed, True)

    def _find_nearest(self, key: str, placed: bool, glued: bool) -> Name | None:
        plain = re.sub(r"(.)\1{2,}", r"\1", key)
        sound = _sound(plain)
        close = process.extract(
            plain, self._choices, scorer=OSA.distance, score_cutoff=_allowed(len(plain)) + 1, limit=6)
        near = {name for name, _, _ in close}
        scored = []
        for choice in near | set(self._sounds.get(sound, ())):
            distance = OSA.distance(plain, choice)
            alike = len(sound) >= 3 and _sound(choice) == sound
            name = self._names[choice]
            if distance > self._limit(plain, choice, alike, placed, glued):
                continue
            # a tie goes to the name that sounds alike, then to the same first letter, then away from the therapy
            # (but where a medicine's name belongs an everyday word loses)
            rank = 1 if name.kind in (THERAPY, CLASS) else 2 if name.kind == WORD and placed else 0
            scored.append((distance - 0.6 * alike, plain[0] != choice[0], rank, choice))
        if not glued and (not scored or min(scored)[0] >= 1 and len(plain) > _SHORTEST):
            begun = self._from_beginning(plain)  # a name cut short comes closer than another one misspelt
            if begun is not None:
                return begun
        return self._names[min(scored)[3]] if scored else None

    def _limit(self, typed: str, name: str, alike: bool, placed: bool, glued: bool) -> int:
        """How many typing errors may lie between what was typed and a name."""
        same_start = typed[0] == name[0]
        if name in self._regional:
            return 1 if placed and len(name) >= 7 and same_start else 0
        if not (alike or same_start) and len(typed) < 8:
            return 1
        length = min(len(typed), len(name))
        if name in self._further:
            return max(1, _allowed(length) - 1)
        return _allowed(length) + alike + (placed and length >= 7 and same_start and not glued) - glued

    def _from_beginning(self, key: str) -> Name | None:
        """A name cut short ("tecfid", "alemtu") when only one medicine begins like that; of other medicines more letters must stand."""
        begun = {self._names[choice] for choice in self._choices if choice.startswith(key)}
        if len(begun) != 1 or zipf_frequency(key, "en") >= 2.0:
            return None
        name = begun.pop()
        return name if name.kind != OTHER or len(key) >= _SHORTEST_BEGINNING else None

    def _by_route(self, text: str, name: Name, start: int, end: int) -> Name:
        """A shared name becomes one therapy when the words around it name its route or schedule."""
        if name.kind != CLASS:
            return name
        around = text[max(0, start - 40):end + 60]
        around = _OTHER_RHYTHM.sub(" ", around)
        fitting = [one for one in name.ids if any(hint in around for hint in self._routes[one])]
        return Name(THERAPY, (fitting[0],)) if len(fitting) == 1 else name


def _merged(text: str, mentions: list[Mention]) -> list[Mention]:
    """One mention where a name and its other name stand side by side: "Ocrevus (ocrelizumab)"."""
    merged: list[Mention] = []
    for mention in mentions:
        last = merged[-1] if merged else None
        if last is not None and last.name == mention.name and _SAME_AGAIN.fullmatch(text, last.end, mention.start):
            last.end = mention.end
        else:
            merged.append(mention)
    return merged


def _descriptions(names: list[dict[str, Any]], words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Ways to describe a therapy without its name, each with its id: "twice a year drip", "ms injection"."""
    for entry in names:
        for described in entry.get("descriptions_confirm_first", ()):
            if isinstance(described, str):
                yield described, entry["id"]
                continue
            forms = words["forms"][described["form"]]
            for form in forms:
                yield from ((f"{kind} {form}", entry["id"]) for kind in words["ms_words"])
                yield f"{form} for ms", entry["id"]
                yield f"{form} for my ms", entry["id"]
                for often in words["schedules"][described["schedule"]]:
                    yield f"{often} {form}", entry["id"]
                    yield f"{form} {often}", entry["id"]


def _token(word: str, start: int, end: int) -> Token:
    return Token(word, start, end, _key(word), zipf_frequency(word, "en"))


def _short_name_meant(text: str, word: Token, placed: bool) -> bool:
    """Whether "lem" or "tec" is the medicine: it stands in its place, is no English word, or is the whole message."""
    if text[word.end:word.end + 1] == "/":
        return False  # a unit: "2.9 tys/ul"
    listed = word.usual < _COMMON_WORD and _LISTED_NAME.search(text, max(0, word.start - 8), word.start)
    if placed or listed or _DATED_NAME.match(text, word.end):
        return True
    if _A_PERSON.search(text[max(0, word.start - 24):word.start].lower()) or _PERSON_DOES.match(text, word.end):
        return False
    alone = text.strip(" .!?'\"") == word.text
    own = len(word.text) > 3 or not _SAID_OF_ANOTHER.match(text, word.end)
    return len(word.text) > 2 and word.usual < (_COMMON_WORD if alone else _REAL_WORD) and own


_NEVER_GLUED = frozenset(
    {"i", "a", "the", "my", "me", "is", "was", "it", "to", "on", "of", "off", "in", "at", "for", "and", "or", "but",
     "no", "not", "so", "if", "as", "be", "been", "had", "have", "has", "do", "did", "get", "got", "with",
     "from", "by", "take", "takes", "took", "taking", "use", "using", "need", "want", "an", "am", "are", "im", "ive"})


_RUN_INTO = ("my", "on", "the", "of", "off", "with", "for", "to", "and", "take", "took", "taking", "started", "stopped", "had")
_RUN_ON = ("and", "for", "since", "is", "was", "but", "now", "on", "in", "last", "infusion", "injection", "tablets", "pen")


def _therapy(ids: list[str]) -> Name:
    unique = tuple(sorted(set(ids)))
    return Name(THERAPY if len(unique) == 1 else CLASS, unique)


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    """A name without accents, blanks and signs, in lower case; a possessive ending is dropped."""
    letters = unicodedata.normalize("NFKD", re.sub(r"'s\b", "", normalise(name)))
    return "".join(letter for letter in letters if letter.isalnum())


def _singular(key: str) -> str:
    return key[:-1] if key.endswith("s") and len(key) > 5 else key


@lru_cache(maxsize=20_000)
def _sound(key: str) -> str:
    """How a word sounds in English; vowels at the start count as one and a silent y is dropped."""
    code = jellyfish.metaphone(key).replace("Y", "").replace(" ", "")
    return re.sub(r"^[AEIOU]", "A", code)


def _allowed(length: int) -> int:
    """Typing errors allowed in a name of this many letters."""
    return 0 if length < 5 else 1 if length < 7 else 2 if length < 9 else 3 if length < 13 else 4


def _unknown(word: Token, text: str) -> bool:
    """Whether a word stands where a medicine's name belongs, or ends like one, and is no word anyone knows."""
    if not word.text.isalpha():
        return False
    whole = text[word.start:_whole_word(text, word.end)]
    drug_like = bool(_DRUG_ENDING.search(whole)) and len(whole) >= 7
    hyphenated = len(whole) > len(word.text)
    if word.usual >= (_COMMON_WORD if drug_like and hyphenated else _KNOWN_WORD):
        return False
    placed = bool(_IN_PLACE_OF_NAME.search(text[max(0, word.start - 70):word.start]))
    if drug_like:
        return placed or not hyphenated
    english = word.text.endswith(_ENGLISH_SUFFIXES) or _typo_of_a_word(word.text)
    return placed and len(word.text) >= 4 and not english


@lru_cache(maxsize=4096)
def _typo_of_a_word(word: str) -> bool:
    choices = _common_words().get(word[0], [])
    return process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2) is not None


@lru_cache(maxsize=1)
def _common_words() -> dict[str, list[str]]:
    by_letter: dict[str, list[str]] = {}
    for word in top_n_list("en", 15_000):
        if len(word) > 3:
            by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _whole_word(text: str, end: int) -> int:
    """The end of a hyphenated word such as "xyz-mab"."""
    rest = re.match(r"(?:-[^\W_]+)+", text[end:end + 40])
    return end + (rest.end() if rest else 0)
