"""Where the patterns of a red flag lie in a message: words that stand near one another and mean it together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from knowledge.language.flag_words import Span, Word
from knowledge.language.text import meets, word_set

_STOP = re.compile(r"[.!?]+(?:\s|$)|\n")
_APART = re.compile(r"[,.!?;\n]")
PHRASE_SLACK = 1  # extra words allowed inside a phrase
REACH = 4  # extra words allowed inside a pattern, unless it says `within`
LONGEST = 25  # words that the parts of a pattern may hold together
_ENOUGH = 8  # places of one part that are tried on either side: keeps a text of one repeated word fast
CUE_REACH = 8  # how many words away an `unless` word still counts
LOOK_ALIKE = "look_alike"
_ENDED = word_set("gone went going stopped disappeared vanished passed settled")
_NOT_SO = word_set("not isnt arent wasnt aint")
Entity = dict[str, Any]


class Status(Protocol):
    """What a mention is in its sentence; `status.Context` is the implementation."""

    text: str

    def role(self, start: int, end: int) -> str:
        """present, negated, past, other_person or hypothetical for the text between two offsets."""
        ...

    def perhaps_denied(self, start: int, end: int) -> bool:
        """Whether a no before the text may or may not reach it."""
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
class Pattern:
    """Word groups (`near`) that together mean a flag. `parts` index into the finder's elements."""

    flag: str
    parts: tuple[str, ...]
    urgency: str
    within: int = REACH
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
    felt: bool = True

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

    `people` are the offsets of words that name a person, `personal` the sentences that hold one, `own` the offsets of words for
    oneself, `old` the times long past (`long_past`).
    """

    text: str
    words: list[Word]
    at: dict[str, list[Span]]
    hidden: dict[str, list[Span]]
    people: tuple[int, ...]
    personal: frozenset[int]
    own: tuple[int, ...]
    misreadings: tuple[Misreading, ...]
    old: list[tuple[int, int, bool]]

    @cached_property
    def lower(self) -> str:
        return self.text.lower() if len(self.text.lower()) == len(self.text) else self.text

    @cached_property
    def _stops(self) -> list[int]:
        """Where sentences begin."""
        return [0, *(stop.end() for stop in _STOP.finditer(self.text)), len(self.text) + 1]

    @cached_property
    def _cuts(self) -> list[int]:
        """Where commas and stops stand."""
        return [stop.start() for stop in _APART.finditer(self.text)]

    def sentence(self, low: int, high: int) -> Span:
        """The sentence, or sentences, from one offset to another."""
        first, last = bisect_right(self._stops, max(low, 0)), bisect_left(self._stops, min(high, len(self.text)) or 1)
        return self._stops[first - 1], self._stops[last] - 1

    def clause(self, low: int, high: int) -> Span:
        """The words between commas and stops, from one offset to another."""
        first, last = bisect_right(self._cuts, low), bisect_left(self._cuts, high)
        return self._cuts[first - 1] + 1 if first else 0, self._cuts[last] if last < len(self._cuts) else len(self.text)

    def beside(self, span: Span, misreading: Misreading) -> Span | None:
        """The words that give the span another meaning: "temp 36.8", "gone numb", "half an hour", "ALT 40"."""
        if not any(start <= span[1] - 1 < end for start, end in self.at.get(misreading.words, ())):
            return None
        if misreading.before:
            low, high, group = span[1], span[1] + misreading.within - 1, misreading.before
        else:
            low, high, group = span[0] - misreading.within, span[0] - 1, misreading.after
        return next((other for other in between(self.at.get(group, []), low, high) if self._joined(span, other)), None)

    def _joined(self, one: Span, other: Span) -> bool:
        """Whether no comma and no end of a sentence stands between two places."""
        first, second = sorted((one, other))
        between = self.text[self.words[first[1] - 1].end : self.words[second[0]].start]
        return not _APART.search(between)

    def beside_it(self, match: Match, group: str) -> list[Span]:
        """Where words of the group stand around the match, in its sentence."""
        low, high, sentence = match.first - CUE_REACH, match.last + CUE_REACH, self.words[match.first].sentence
        spans = between(self.at.get(group, []), low, high)
        return [span for span in spans if span[1] <= high and self.words[span[0]].sentence == sentence]

    def near(self, match: Match, group: str, *, pace: bool = False) -> bool:
        """Whether a word of the group stands around the match, in its sentence; a dose's time tells no `pace`."""
        return any(not (pace and self._void(span)) for span in self.beside_it(match, group))

    def _void(self, span: Span) -> bool:
        return any(self.beside(span, misreading) for misreading in self.misreadings if misreading.cue)


def place(pattern: Pattern, reading: Reading) -> Iterator[Match]:
    """Every way to lay the pattern on the message, one for each place of its first part."""
    for first in reading.at[pattern.parts[0]]:
        spans = [first]
        for part in pattern.parts[1:]:
            reach = len(reading.words) if pattern.anywhere else pattern.within + LONGEST
            around = between(reading.at[part], first[0] - reach, first[1] + reach)
            if len(around) > _ENOUGH:
                nearest = bisect_left(around, first)
                around = around[max(0, nearest - _ENOUGH) : nearest + _ENOUGH]
            near = [span for span in around if _may_follow(span, spans, reading.words, pattern)]
            if not near:
                break
            spans.append(min(near, key=lambda span: abs(span[0] - spans[-1][1])))
        else:
            match = Match(pattern, tuple(spans))
            if _close_enough(match) and not silenced(match, reading):
                yield match


def between(spans: list[Span], low: int, high: int) -> list[Span]:
    """The spans, sorted by start, that start from `low` to `high`."""
    return spans[bisect_left(spans, (low, 0)) : bisect_left(spans, (high + 1, 0))]


def _may_follow(span: Span, placed: list[Span], words: list[Word], pattern: Pattern) -> bool:
    if meets(*span, placed):
        return False
    if pattern.anywhere:
        return True
    if len(pattern.parts) == 2 and pattern.within == PHRASE_SLACK:
        together = words[span[0]].clause == words[placed[0][0]].clause
    else:
        together = words[span[0]].sentence == words[placed[0][0]].sentence
    return together and not (pattern.ordered and span[0] < placed[-1][1])


def _close_enough(match: Match) -> bool:
    pattern, spans = match.pattern, match.spans
    if pattern.close and abs(spans[-1][0] - spans[-2][0]) > pattern.close:
        return False
    return pattern.anywhere or match.last - match.first - sum(end - start for start, end in spans) <= pattern.within


def silenced(match: Match, reading: Reading) -> bool:
    """Whether a look-alike covers a part of the match, or an `unless` word stands near it in the same sentence."""
    blocked = (*reading.hidden.get(LOOK_ALIKE, ()), *reading.hidden.get(f"{LOOK_ALIKE} {match.pattern.flag}", ()))
    said = offsets(match.spans, reading.words)
    if any(start < last and first < end for start, end in blocked for first, last in said):
        return True
    if _misread(match, reading):
        return True
    return any(
        reading.near(match, name, pace=bool(change)) and not (change and reading.near(match, change))
        for name, change in match.pattern.unless
    )


def reaches_over(match: Match, reading: Reading, context: Status) -> bool:
    """Whether a part speaks of another subject than the others: "weak since monday, the face cream is new" is no weak face."""
    pattern = match.pattern
    if pattern.anywhere or pattern.across or pattern.within == PHRASE_SLACK and pattern.ordered:
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
        and (misreading.always or not meets(*other, match.spans))
        for span in match.spans for misreading in reading.misreadings if not misreading.cue
    )


def denied_itself(span: Span, words: list[Word]) -> bool:
    """Whether a harmless reading is itself denied: "not breathing normally"."""
    return span[0] > 0 and words[span[0] - 1].text in _NOT_SO


def same_words(parts: Iterable[Span], words: list[Word]) -> list[Span]:
    """Offsets into the text as spans of those words that carry meaning."""
    starts = [word.start for word in words]
    spans = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in parts]
    return [span for span in spans if span[0] < span[1]]


def offsets(spans: Iterable[Span], words: list[Word]) -> list[Span]:
    """Spans of words as offsets into the text."""
    return [(words[start].start, words[end - 1].end) for start, end in spans]


def around(symptom: Entity, pattern: Pattern, reading: Reading) -> Match | None:
    """The words of a symptom as a match, if any of them carries meaning here."""
    inside = [place for place, word in enumerate(reading.words)
              if word.start < symptom["end"] and symptom["start"] < word.end]
    return Match(pattern, ((inside[0], inside[-1] + 1),)) if inside else None
