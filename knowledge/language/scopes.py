"""Where the words of one text that a cue speaks about begin and end: at stops, commas, words like "but", and where a new subject starts."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from knowledge.language import cues
from knowledge.language.phrases import Token


class Cue:
    """A cue at tokens [first, last) and the tokens [low, high) it speaks about."""

    __slots__ = ("role", "first", "last", "low", "high", "cause")

    def __init__(self, role: str, first: int, last: int, low: int, high: int, cause: bool = False) -> None:
        self.role, self.first, self.last, self.low, self.high, self.cause = role, first, last, low, high, cause


class Scopes:
    """The keys and tokens of one text, and the places at which what is said of them ends."""

    def __init__(self, text: str, keys: list[str], tokens: list[Token]) -> None:
        self.text, self.keys, self.tokens = text, keys, tokens

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The sentence that holds tokens [first, last), as a token range."""
        before, behind = bisect_right(self._stops, first), bisect_left(self._stops, last)
        return self._stops[before - 1] if before else 0, self._stops[behind] if behind < len(self._stops) else len(self.tokens)

    @cached_property
    def _stops(self) -> list[int]:
        """The tokens behind a full stop."""
        return [at for at, token in enumerate(self.tokens) if at and token.before == "."]

    def forward(self, begin: int, limit: int = 12) -> int:
        keys, tokens = self.keys, self.tokens
        for at in range(begin, min(len(keys), begin + limit)):
            if at > begin and (
                tokens[at].before == "."
                or keys[at] in cues.CONTRAST - {"only", "just"}
                or keys[at] in {"now", "today", "still"}
                or tokens[at].before == ","
                and not self._and_last(at)
                or self.new_subject(at)
            ):
                return at
        return min(len(keys), begin + limit)

    def _and_last(self, at: int) -> bool:
        """The comma at `at` is one inside a list that "and" closes within the next few words."""
        part = self.keys[at : at + 6]
        return any(key in {"and", "or"} for key in part) and not any(
            key in cues.SUBJECT or key in cues.CONTRAST or key == "now" for key in part
        )

    def listing(self, begin: int) -> int:
        """Forward over a whole question or warning: commas and "and" stay inside, a new statement ends it."""
        keys, tokens = self.keys, self.tokens
        for at in range(begin, min(len(keys), begin + 25)):
            if at > begin and (
                tokens[at].before == "."
                or keys[at] in {"but", "however", "because"}
                or keys[at] in {"ive", "im"}
                or keys[at] in {"i", "my"}
                and keys[at - 1] in {"and", "cos"}
                or keys[at] in {"i", "my", "ive"}
                and (tokens[at].before == "," or keys[at - 1] == "now")
                or keys[at] == "i"
                and keys[at + 1 : at + 2] in (["have"], ["feel"], ["keep"], ["cant"], ["had"], ["got"])
            ):
                return at
        return min(len(keys), begin + 25)

    def back(self, place: int) -> int:
        """Start of the clause that ends before `place`."""
        keys, tokens = self.keys, self.tokens
        at = place
        while at > 0 and place - at < 12:
            if tokens[at].before or keys[at - 1] in cues.CONTRAST or keys[at - 1] == "because":
                return at
            at -= 1
        return at

    def back_list(self, place: int) -> int:
        """Clause start before `place`, over the commas of a list."""
        keys, tokens = self.keys, self.tokens
        at = place
        while at > 0 and place - at < 14:
            if tokens[at].before == "." or keys[at - 1] in cues.CONTRAST - {"just", "only"}:
                return at
            at -= 1
        return at

    def ends(self, at: int) -> bool:
        """Nothing of weight follows: the clause is over, or goes on with a time, a link or a new subject."""
        if at >= len(self.keys) or self.tokens[at].before:
            return True
        return self.keys[at] in cues.AFTER_GONE or self.keys[at] in cues.CONTRAST or self.new_subject(at)

    def piece(self, place: int, low: int) -> int:
        """Start of the piece that holds `place`, behind a comma or an "and" with a new subject, not before `low`."""
        return next((at for at in range(place, low, -1) if self.tokens[at].before or self.joins(at)), low)

    def joins(self, at: int) -> bool:
        return self.keys[at] == "and" and self._fresh_start(at)

    def _fresh_start(self, at: int) -> bool:
        return at + 1 < len(self.keys) and (self.keys[at + 1] in cues.SUBJECT or self.keys[at + 1] in cues.POSSESSIVE)

    def new_subject(self, at: int) -> bool:
        keys, tokens = self.keys, self.tokens
        before = keys[at - 1] if at else ""
        if keys[at] in cues.SUBJECT:
            return (
                before not in {"think", "thinks", "say", "believe", "that", "if", "like", "as", "which", "what", "where"}
                or keys[at] in {"ive", "im"}
                and before not in {"think", "say", "believe", "that", "if", "like"}
            )
        if keys[at] in cues.POSSESSIVE | {"the"} and before not in cues.CARRY:
            for place in range(at + 1, min(len(keys), at + 5)):
                if tokens[place].before:
                    return False
                if place > at + 1 and keys[place] in cues.AUX:
                    return True
        return False
