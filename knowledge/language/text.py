"""One normal form for what people type, of the same length, so that positions stay true to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_SAME = str.maketrans({
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": " ",
    "µ": "u", "μ": "u", "×": "x", "⁹": "9", "·": ".", "\t": " ",
})
# Cyrillic and Greek letters that look like Latin ones: in a word that has Latin letters too they stand for these.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмтвнгοανρτυιкΑΒΕΗΙΚΜΝΟΡΤΧΥАВЕКМНОРСТХ", "aeopcyxijsdhkmtbhroavptuikABEHIKMNOPTXYABEKMHOPCTX")
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = re.compile(r"(?<![\w.@/])(?!www\.)[a-z'’]+([._]+)[a-z'’]+(?:\1[a-z'’]+)+(?![\w@/])"
                     r"|^\W*[a-z'’]+([._]+)[a-z'’]+\W*$", re.I)  # "i.can't.breathe", or all of a message: "cant...breathe"
_ADDRESS = re.compile(r"\.(?:com|org|net|info|gov|edu|eu|uk|ie|de|fr|es|it|nl|se|ca|au|nz)$", re.I)


def readable(text: str) -> tuple[str, list[int]]:
    """`text` without invisible characters, with Latin letters for their look-alikes and blanks for what joins words like them,
    and where each character stood.
    """
    text = _JOINED.sub(_apart, text)
    if text.isascii():
        return text, list(range(len(text)))
    places = [at for at, character in enumerate(text) if unicodedata.category(character) not in ("Cf", "Cs")]
    plain = "".join(text[at] for at in places)
    return _WORD.sub(lambda word: word[0].translate(_LOOK_ALIKES) if re.search("[a-zA-Z]", word[0]) else word[0], plain), places


def _apart(joined: re.Match[str]) -> str:
    """The words of "i.can't.breathe", but not of an address or of "q.d.s"."""
    mark = joined[1] or joined[2]
    whole = _ADDRESS.search(joined[0]) or max(map(len, joined[0].split(mark))) < 3
    return joined[0] if whole else joined[0].replace(mark, " " * len(mark))


def normalise(text: str) -> str:
    """Lower-case, one kind of apostrophe, quote, dash and blank. The result has exactly the length of `text`."""
    if text.isascii():
        return text.replace("`", "'").replace("\t", " ").lower()
    same = text.translate(_SAME)
    return same.lower() if same.isascii() else "".join(_one(character) for character in same)


def _one(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    lowered = (compatible if len(compatible) == 1 else character).lower()
    return lowered if len(lowered) == 1 else character


class Masked:
    """A text with one sign in place of each span (start, end, sign), so that what stands around a span can be read alone.

    `text`: the masked text; `signs`: the place of each span in it, in the order given (-1 where it meets an earlier one).
    """

    def __init__(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        self.signs = [-1] * len(spans)
        parts: list[str] = []
        self._places: list[int] = []
        done = 0
        for start, end, sign, number in sorted((start, end, sign, number) for number, (start, end, sign) in enumerate(spans)):
            if start < done:
                continue
            parts += [text[done:start], sign]
            self._places += [*range(done, start), start]
            self.signs[number] = len(self._places) - 1
            done = end
        self.text = "".join([*parts, text[done:]])
        self._places += range(done, len(text) + 1)

    def place(self, at: int) -> int:
        """Where a character of the masked text stood."""
        return self._places[at]


def meets(start: int, end: int, spans: Iterable[Sequence[int]]) -> bool:
    """Whether [start, end) shares a place with one of `spans`, each of which begins with its own start and end."""
    return any(start < span[1] and span[0] < end for span in spans)


def word_set(text: str) -> frozenset[str]:
    """Words written in one string, apart by blanks."""
    return frozenset(text.split())


ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth")
ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"  # which one of a row: "third", "14th"


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    """Cue phrases, written apart by "|" or line ends, as word sequences."""
    return tuple(tuple(part.split()) for part in text.strip().replace("\n", "|").split("|") if part.strip())


class Table:
    """Word sequences by their first word; `at` returns the length of the longest that starts at a place."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._rows: dict[str, list[list[str]]] = {}
        for row in sorted(map(list, rows), key=len, reverse=True):
            self._rows.setdefault(row[0], []).append(row)

    def first_words(self) -> Iterable[str]:
        """The words a row can begin with."""
        return self._rows

    def at(self, keys: list[str], place: int) -> int:
        """Length of the longest row that stands at `place`, 0 if none does."""
        for row in self._rows.get(keys[place], ()):
            if keys[place : place + len(row)] == row:
                return len(row)
        return 0

    def among(self, keys: list[str], low: int = 0, high: int | None = None) -> list[int]:
        """The places from `low` to below `high` at which a row begins."""
        return [place for place in range(low, len(keys) if high is None else high) if keys[place] in self._rows and self.at(keys, place)]
