"""What one clause says about whole sentences: "in 2021 ...", "that was years ago", "I've had none of those", "they ask about ...".

Each finding is (role, first, last, low, high): the words [first, last) that say it and the words [low, high) they speak about. A frame
ends where the sentence comes back to the present ("in 2019 my sight went, and I still see nothing").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.language.phrases import Token, word_set
from knowledge.language.text import Table, rows

Frame = tuple[str, int, int, int, int]

_YEAR = re.compile(r"19[5-9]\d|20[01]\d|202[0-4]")
_NUMBER = word_set("a one two three four five six seven eight nine ten eleven twelve few couple several many twenty thirty forty")
_LONG = word_set("year years yr yrs decade decades")
_LAST = word_set("year summer winter spring autumn christmas easter")
_CHILD = word_set("child kid baby teenager teen toddler student young little small younger pregnant")
# These open a clause about something that is over.
_ONCE = Table(rows("one time|one night|one day|on one occasion|once before|the last time|last time|back then|back when"))
_NOW = word_set(
    "now today tonight still currently im am is are ive hes shes its theyre has have cant dont doesnt isnt since keeps keep ever wont"
)
_THIS = word_set("morning afternoon evening week lunchtime minute time")  # behind "this"
_NOT_SINCE = word_set("nothing none not fine well")
_PAST_VERB = word_set(
    "had was were got went did woke couldnt could came took felt ended lost fell gave left made said told thought began kept became "
    "put sent found saw couldn"
)
_NO_VERB = word_set("need bleed feed speed seed bed red weed infected swollen tired worried bored")
_TREATMENT = word_set(
    "infusion infusions dose doses injection injections tablet tablets drip diagnosed switched swapped finished course round treatment "
    "started stopped jab vaccine booster transplant"
)
_GOES_BACK = Table(rows("that was|this was|it was|all that was|they were|that happened"))
_NO = word_set("not dont havent hasnt havnt never didnt doesnt isnt arent wasnt without no neither")
_OF = word_set("it that those these them this")
_ENDS_DENIAL = word_set("ever now today at myself thankfully touch thank thanks so and but though tho luckily")
_ASKING = Table(rows(
    "ask about|asks about|ask if|asks if|asked if|asked whether|asked did|asked me did|know the signs|the signs are|signs like"
    "|signs such as|symptoms like|symptoms such as|how it starts|pictures of|photos of|if one day|goes on about|see the worst of"
    "|reading the leaflet|read the leaflet"
))
_TURNED_OUT = Table(rows("turned out|turns out|it turned out"))


def frames(keys: Sequence[str], tokens: Sequence[Token], treatments: frozenset[str]) -> Iterator[Frame]:
    """Every frame of a text, given its words as `Context` has them."""
    sentences = _sentences(tokens)
    for number, (low, high) in enumerate(sentences):
        before = sentences[number - 1][0] if number else low
        for at in range(low, high):
            yield from _past(keys, tokens, at, low, high, treatments)
            yield from _that_was(keys, tokens, at, low, high, before)
            yield from _none_of_it(keys, tokens, at, low, high, before)
            if _ASKING.at(keys, at):
                yield "hypothetical", at, at + 1, at + 1, _until_own(keys, tokens, at + 1, high)
            if (length := _TURNED_OUT.at(keys, at)) and at > low:
                yield "past", at, at + length, low, at
        yield from _still_then(keys, tokens, low, high, before)


def _past(
    keys: Sequence[str], tokens: Sequence[Token], at: int, low: int, high: int, treatments: frozenset[str]
) -> Iterator[Frame]:
    """A time long past, and the clauses around it that are told in the past too."""
    length = _long_past(keys, at) or (_ONCE.at(keys, at) if at == low or tokens[at].before else 0)
    if not length:
        return
    start, end = _clause(tokens, at, low, high)
    told_after = keys[at + length : at + length + 1] in (["after"], ["when"], ["because"], ["where"])
    if (_TREATMENT | treatments) & set(keys[start:end]) and not told_after:
        return
    if _is_now(keys, start, end) or not (_tells_of_then(keys, start, end) or at == start and _tells_of_then(keys, end, high)):
        return
    while start > low and _tells_of_then(keys, *(clause := _clause(tokens, start - 1, low, high))):
        start = clause[0]
    while end < high and _tells_of_then(keys, *(clause := _clause(tokens, end, low, high))):
        end = clause[1]
    yield "past", at, at + length, at if told_after else start, end


def _still_then(keys: Sequence[str], tokens: Sequence[Token], low: int, high: int, before: int) -> Iterator[Frame]:
    """The next sentence of a story: "I had my transplant in 2019. It was brutal, neutrophils went to zero"."""
    if before == low or keys[low] not in {"it", "they", "then", "that"} or not any(_long_past(keys, at) for at in range(before, low)):
        return
    end = low
    while end < high and _tells_of_then(keys, *(clause := _clause(tokens, end, low, high))):
        end = clause[1]
    if end > low:
        yield "past", low, low + 1, low, end


def _that_was(keys: Sequence[str], tokens: Sequence[Token], at: int, low: int, high: int, before: int) -> Iterator[Frame]:
    """As in "couldn't breathe and was on oxygen, but that was before the switch"."""
    end = at + _GOES_BACK.at(keys, at)
    if end > at and any(_long_past(keys, place) or keys[place] == "before" for place in range(end, min(end + 5, high))):
        yield "past", at, end, low if at > low + 1 else before, at


def _none_of_it(keys: Sequence[str], tokens: Sequence[Token], at: int, low: int, high: int, before: int) -> Iterator[Frame]:
    """As in "I haven't had any of it", "he's none of those": no to all that was named before."""
    if keys[at] not in {"none", "any"} or keys[at + 1 : at + 2] != ["of"] or not set(keys[at + 2 : at + 3]) & _OF:
        return
    end = at + 3
    over = end >= high or bool(tokens[end].before) or keys[end] in _ENDS_DENIAL
    if over and "before" not in keys[end:high] and (keys[at] == "none" or _NO & set(keys[max(low, at - 4) : at])):
        start = _clause(tokens, at, low, high)[0]
        yield "negated", at, end, low if start > low else before, start


def _sentences(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    starts = [at for at, token in enumerate(tokens) if not at or token.before == "."]
    return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


def _clause(tokens: Sequence[Token], at: int, low: int, high: int) -> tuple[int, int]:
    """The words around `at` up to the next comma on either side."""
    start = next((place for place in range(at, low, -1) if tokens[place].before), low)
    return start, next((place for place in range(at + 1, high) if tokens[place].before), high)


def _until_own(keys: Sequence[str], tokens: Sequence[Token], at: int, high: int) -> int:
    """Where a list that is only asked or read about ends: the writer speaks of themself again."""
    own = (place for place in range(at + 3, high) if keys[place] in {"but", "ive", "im"} or keys[place] == "i" and tokens[place].before)
    return next(own, high)


def _is_now(keys: Sequence[str], low: int, high: int) -> bool:
    if keys[high - 1 : high] == ["since"]:
        return False
    for at in range(low, high):
        if keys[at] == "since" and _NOT_SINCE & set(keys[low:high]):
            continue
        if keys[at] in _NOW or keys[at] == "this" and set(keys[at + 1 : at + 2]) & _THIS:
            return True
    return False


def _tells_of_then(keys: Sequence[str], low: int, high: int) -> bool:
    """The clause has a verb of the past and nothing of the present."""
    return any(map(_is_past, keys[low:high])) and not _is_now(keys, low, high)


def _is_past(key: str) -> bool:
    return key in _PAST_VERB or key.endswith("ed") and len(key) > 4 and key not in _NO_VERB


def _long_past(keys: Sequence[str], at: int) -> int:
    """How many words at `at` name a time long past, 0 if none do."""
    key, after = keys[at], list(keys[at + 1 : at + 5])
    if key in {"in", "of", "around"} and after and _YEAR.fullmatch(after[0]):
        return 2
    if key == "back" and after[:1] == ["in"]:
        return 2
    if (key in _NUMBER or key.isdigit()) and after[:1] and (after[0] in _LONG and set(after[1:2]) & {"ago", "back"}):
        return 3
    if key in _LONG and set(after[:1]) & {"ago", "back"}:
        return 2
    if key == "last" and set(after[:1]) & _LAST:
        return 2
    if key == "as" and after[:1] == ["a"] and set(after[1:2]) & _CHILD:
        return 3
    if key == "when" and after[:1] and after[0] in {"i", "he", "she", "we"} and after[1:2] == ["was"]:
        young = after[2:3] and (after[2] in _CHILD or after[2] in _NUMBER or after[2].isdigit() or after[2:4] == ["a", "child"])
        return 4 if young else 0
    return 0
