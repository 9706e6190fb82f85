"""What is only asked, feared, warned of or imagined: "what if I get a rash", "could it give me the runs", "the leaflet lists fits"."""

import itertools
from collections.abc import Iterable

from knowledge.language import cues
from knowledge.language.scopes import Cue, Scopes


class Suppositions(Scopes):
    """Finds the cues that suppose."""

    def at(self, place: int) -> Iterable[Cue]:
        """The cues that begin at `place`."""
        keys = self.keys
        maybe = cues.TABLES["hypothetical"].at(keys, place)
        had = maybe and "effect" in keys[place : place + 3] and self._had(place, place + maybe)
        if maybe and not had and not self._asks_own(place, maybe):
            cause = any(key in cues.ABOUT_OWN for key in keys[place : place + maybe])
            yield Cue("hypothetical", place, place + maybe, place + 1, self.listing(place + maybe), cause)
        if keys[place] in cues.MODAL and self._asks_of_oneself(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self.forward(place + 1))
        if keys[place] in cues.MODAL and self._asks_of_medicine(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self.listing(place + 1), True)
        side = cues.TABLES["side_after"].at(keys, place)
        if side and not self._had(place, place + side):
            yield Cue("hypothetical", place, place + side, self.back(place), place, True)
        if keys[place] in cues.FEARS and self._to_come(place + 1):
            yield Cue("hypothetical", place, place + 1, place + 1, self.sentence(place, place + 1)[1])
        if keys[place] == "if" and self._asks_what_then(place) or keys[place] in {"if", "should"} and self._supposes(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self.listing(place + 1))
        may = keys[place] in {"might", "may"} and place and keys[place - 1] in cues.ANYONE
        if may and {*keys[place + 1 : place + 2]} & cues.COMES_TO_BE:
            yield Cue("hypothetical", place, place + 1, place + 1, self.forward(place + 1))

    def _asks_what_then(self, place: int) -> bool:
        """As in "if the ringing comes back do i call you": not "my eye hurts if i move it"."""
        if place and self.keys[place - 1] in {"as", "even", "only", "like", "and", "wonder", "wondering"}:
            return False
        after = list(itertools.pairwise(self.keys[place + 2 : place + 14]))
        if place == 0 or self.tokens[place].before:  # "if my hair falls out i will cry"; "if i stand up i faint" is so now
            return any(pair in cues.THEN_ASKS or pair in cues.THEN_WILL for pair in after)
        return any(pair in cues.THEN_ASKS for pair in after)

    def _to_come(self, place: int) -> bool:
        """As in "(terrified) my throat will swell", "(dread) the day I mess myself": not "the blindness will be permanent"."""
        after = self.keys[place : place + 8]
        return after[:2] == ["the", "day"] or any(
            one == "my" and {*after[at + 2 : at + 3]} & {"will", "would"} and after[at + 3 : at + 4] != ["be"]
            for at, one in enumerate(after)
        )

    def _had(self, place: int, end: int) -> bool:
        """As in "that's all the side effects I had", "one side effect for me was weight loss"."""
        near = self.keys[max(0, place - 2) : place] + self.keys[end : end + 5]
        return any(pair in cues.OF_MINE for pair in itertools.pairwise(near))

    def _supposes(self, place: int) -> bool:
        """As in "what do I do if my calf swells", "I was told to ring if I can't pee", "if I can't I know to go in".

        Not "should I ring if my leg is numb", which tells of now, nor "if I bend my neck I get a shock".
        """
        keys = self.keys
        low, high = self.sentence(place, place + 1)
        before, after = keys[max(low, place - 9) : place], keys[place + 1 : min(high, place + 16)]
        if keys[place] == "should" and (place == low or not {*after[:1]} & (cues.POSSESSIVE | {"i", "the", "a", "it"})):
            return False
        if any({*part} & cues.RING and {*part} & cues.TOLD_TO for part in (before, after)):
            return True
        asks = any(pair in cues.WHAT_THEN for pair in itertools.pairwise(before))
        return keys[place] == "if" and asks and not {*after[:5]} & cues.SO_NOW

    def _asks_of_medicine(self, place: int) -> bool:
        """As in "can gilenya slow my heart": a question that opens with a verb and asks what a thing may do."""
        keys = self.keys
        opens = (
            place == 0
            or self.tokens[place].before
            or keys[place - 1] in {"and", "or", "but", "so", "hi", "hello", "please"}
        )
        after = keys[place + 1 : place + 8]
        asked = after and (after[0] not in cues.NOT_ASKED or after[0] in {"it", "that"} and after[1:2] and after[1] in cues.BRINGS)
        return bool(opens and asked) and {"making", "causing"}.isdisjoint(after)

    def _asks_own(self, place: int, length: int) -> bool:
        """As in "what is causing my rash", "the cause of": cues about a symptom that is there."""
        after = self.keys[place + length : place + length + 2]
        measured = any(key[0].isdigit() for key in self.keys[place + length : place + length + 5])
        return (
            measured and self.keys[place] in {"worry", "worried"}  # "would you worry about a fever of 39?"
            or not cues.ENDS.isdisjoint(after[:1])
            or self.keys[place : place + 3] in (["in", "case", "it"], ["in", "case", "you"], ["in", "case", "thats"])
            or self.keys[place] == "cause"
            and after[:1] in (["of"], ["i"], ["im"], ["ive"])
            or self.keys[place] in {"expect"}
            and bool(place)
            and self.keys[place - 1] in {"as", "didnt", "than"}
        )

    def _asks_of_oneself(self, place: int) -> bool:
        """As in "would i go yellow?": a question that opens with a verb, about what might happen to oneself."""
        opens = place == 0 or self.tokens[place].before
        after = self.keys[place + 1 : place + 3]
        if not opens or self.keys[place] not in {"would", "could", "might", "will"}:
            return False
        if self.keys[place] == "would" and after[:1] == ["my"]:  # "would my eyes turn yellow?"
            return {"be", "have"}.isdisjoint(self.keys[place + 1 : place + 5])
        return (after[:1] == ["i"] or after == ["a", "get"]) and not {"be", "have"} & set(after)
