"""The words of a message in the spelling that the red flags know, and where the word groups of the content stand in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.language.phrases import stem

_LETTERS = r"(?:[^\W\d_][\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]*)+"  # marks heaped on a letter ("zalgo") are part of it
_WORD = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+|\d+(?:[.,]\d+)?|(?<![\w.])\.\d+|{_LETTERS}(?:'{_LETTERS})*|,|[.!?;\n]+")
_TRIPLE = re.compile(r"(.)\1{2,}")
_REAL_WORD = 3.0  # zipf frequency (wordfreq) from which a word is taken as meant, not as a misspelling
_COMMON_WORD = 4.0  # zipf frequency of a word whose forms are taken as meant
_ENDINGS = ("ing", "ed")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_SHORTEST_PREFIX = 3  # letters before a "*"
Span = tuple[int, int]  # first word and the word after the last
_Entry = tuple[tuple[str, ...], bool, str]  # the parts behind the first, whether one of them ends with "*", the name


class Word(NamedTuple):
    """A word that carries meaning: its known spelling and where it stands in the message."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int = 0


class Vocabulary:
    """Words and word groups of the content, and the nearest known spelling of what was typed."""

    def __init__(
        self, fillers: Iterable[str], spellings: Mapping[str, str], inflected: bool = True, forms: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`spellings` are dialect and shorthand, `forms` words that are one word here in all that is read: "couldn't", "can't"."""
        self._inflects = inflected
        self._forms = forms
        self._fillers = frozenset(spelt(word) for word in fillers)
        self._dialect = {spelt(typed): tuple(meant.split()) for typed, meant in spellings.items()}
        self._starts: dict[str, list[_Entry]] = {}
        self._prefixes: dict[str, list[tuple[str, _Entry]]] = {}  # by their first letters, the shortest first
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
        row = (parts[1:], any(part.endswith("*") for part in parts[1:]), name)
        if parts[0].endswith("*"):
            alike = self._prefixes.setdefault(parts[0][:_SHORTEST_PREFIX], [])
            alike.append((parts[0].rstrip("*"), row))
            alike.sort(key=lambda one: len(one[0]))
        else:
            self._starts.setdefault(parts[0], []).append(row)
        for part in parts:
            stem = part.rstrip("*")
            self._known.add(stem)
            if part.endswith("*"):
                self._known.update(stem + ending for ending in ("e", "s", "ed", "es", "ing"))

    def is_filler(self, word: str) -> bool:
        """Whether a word carries no meaning of its own here."""
        return spelt(word) in self._fillers

    def content_words(self, phrase: str) -> list[str]:
        """The words of a phrase of the content without the fillers."""
        keys = (self.key(word) for word in phrase.lower().split())
        return [key for key in keys if key and key not in self._fillers]

    def key(self, word: str) -> str:
        """The one spelling and form under which a word is known here."""
        key = spelt(word)
        return self._forms.get(key, key)

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
            for rest, open_ended, name in entries[word.text]:
                end = position + 1 + len(rest)
                if rest and not _follows(rest, open_ended, texts[position + 1 : end]) or words[end - 1].clause != word.clause:
                    continue
                found.setdefault(name, []).append((position, end))
            value = _number(word.text)
            for low, high, name in self._numbers if value is not None else ():
                if low <= value <= high:
                    found.setdefault(name, []).append((position, position + 1))
        return found

    def _entries(self, word: str) -> Iterator[_Entry]:
        yield from self._starts.get(word, ())
        yield from (row for prefix, row in self._prefixes.get(word[:_SHORTEST_PREFIX], ()) if word.startswith(prefix))

    def _bare(self, typed: str) -> str:
        """The key of a word; without its "'s" where that stands for "is" or "has" ("my bladder's blocked")."""
        key = self.key(typed)
        whole = key in self._fillers or key in self._known or not typed.endswith("'s")
        return key if whole else self.key(typed[:-2])

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
        if len(word) > 24 or zipf_frequency(word, "en") >= _REAL_WORD or self._is_formed(word):
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


    def _is_formed(self, word: str) -> bool:
        """Whether it is a form of a common word: "jointing" is no misspelt "fainting"."""
        return word.endswith(_ENDINGS) and zipf_frequency(word.removesuffix("ing").removesuffix("ed"), "en") >= _COMMON_WORD

    def _inflected(self, word: str) -> str:
        """The known word, or the shortest one with the same stem: "carrying" is meant where "carry" is known."""
        if word in self._known or not self._inflects:
            return word if word in self._known else ""
        if not self._by_stem:
            for known in sorted(self._known, key=lambda known: (-len(known), known)):
                if len(known) > 2 and known.isalpha():
                    self._by_stem[stem(known)] = known
        return self._by_stem.get(stem(word), "")


def spelt(word: str) -> str:
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


def _follows(rest: tuple[str, ...], open_ended: bool, words: tuple[str, ...]) -> bool:
    """Whether the words are the rest of an entry; `open_ended`: one of its parts stands for any ending."""
    return words == rest or open_ended and len(words) == len(rest) and all(map(_fits, rest, words))


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part[-1] == "*" else word == part
