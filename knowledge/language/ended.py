"""What was and is over: "fine now", "the fever has gone", "used to get ...", "had shingles last year"."""

from collections.abc import Iterable

from knowledge.language import cues
from knowledge.language.scopes import Cue, Scopes

_ASKED_IN_SHORT = 2  # words of a question that one word answers


class Endings(Scopes):
    """Finds the cues that end what was told, or date it to the past."""

    def at(self, place: int) -> Iterable[Cue]:
        """The cues that begin at `place`."""
        keys = self.keys
        yield from self._fine_or_gone(place)
        over = cues.TABLES["over"].at(keys, place)
        goes_on = over and keys[place + over - 1] == "went" and not self.ends(place + over)  # "it went up into my neck"
        comes = over and self._comes_and_goes(place, place + over)
        if over and not goes_on and not comes and not (place and keys[place - 1] in cues.NOT):
            yield Cue("over", place, place + over, self._over_from(place), place)
        before = cues.TABLES["past_before"].at(keys, place)
        if before and not (place and keys[place - 1] == "not"):
            yield Cue("past", place, place + before, place + before, self.forward(place + before))
        yield from self._times(place)

    def _fine_or_gone(self, place: int) -> Iterable[Cue]:
        """What stands after its symptom: "bowels are fine", "the fever has gone"."""
        keys = self.keys
        fine, gone = cues.TABLES["no_after"].at(keys, place), cues.TABLES["gone"].at(keys, place)
        length = max(fine, gone)
        if not length or cues.TABLES["over"].at(keys, place) > length or keys[place + length : place + length + 2] == ["for", "me"]:
            return
        low = self._over_from(place)
        if fine > gone and self.tokens[place].before == "." and place - low > _ASKED_IN_SHORT:
            return  # "out of puff on the stairs. Fine when I sit" denies nothing; "bowels? fine" does
        if (
            set(keys[low : low + 1]) & (cues.ASKS if low < place else set())
            or place and keys[place - 1] in cues.NOT | {"months", "weeks"}
            or not (self.ends(place + length) or gone and keys[place + length] == "with")
            or self._comes_and_goes(place, place + length)
            or gone < fine and cues.TABLES["disbelieved"].among(keys, max(0, low - 4), place)
        ):
            return
        role = "over" if "had" in keys[low:place] else "gone" if gone >= fine else "negated"
        yield Cue(role, place, place + length, low, place)

    def _comes_and_goes(self, place: int, end: int) -> bool:
        """What goes "when I cool down", "after 10 minutes" or, of itself, "then": such a thing comes again."""
        after = self.keys[end : end + 5]
        if after[:1] in (["when"], ["whenever"], ["once"], ["if"], ["as"]) and cues.REST & set(after) and "had" not in after:
            return True
        if after[:1] in (["after"], ["within"], ["in"]) and {"minutes", "minute", "mins", "min", "seconds", "secs"} & set(after):
            return True
        if tuple(after[:2]) in cues.CIRCUMSTANCE:  # "it's not there in bed"
            return True
        if after[:3] in (["after", "half", "an"], ["within", "half", "an"], ["in", "half", "an"]):
            return True
        low = self.back(place)
        return "then" in self.keys[low:place] and not cues.DID & set(self.keys[self.back_list(max(low - 1, 0)) : place])

    def _over_from(self, place: int) -> int:
        """An end ("fine now", "it cleared up") reaches back over one comma or "but" when it has no subject of its
        own."""
        low = self.back(place)
        own = self.keys[low:place]
        if own and own[0] in cues.ASKS:  # "is that normal?"
            return low
        if low and all(key in cues.FILL for key in own) and not self._of_oneself(low, place):
            before = low - 1
            if self.keys[before] in cues.CONTRAST | {"and"}:
                before -= 1
            return self.back_list(max(before, 0))
        return low

    def _of_oneself(self, low: int, place: int) -> bool:
        """As in "took two tablets, feel fine": how one is says nothing of what went before, unless that is told as
        past."""
        if not {"feel", "feeling", "i", "im", "am"} & set(self.keys[low:place]):
            return False
        return not cues.DID & set(self.keys[self.back_list(max(low - 1, 0)) : low])

    def _times(self, place: int) -> Iterable[Cue]:
        """As in "had shingles last year": over, unless it began then, goes on, or the time belongs to a treatment."""
        keys = self.keys
        length = cues.TABLES["past_after"].at(keys, place)
        if (
            not length
            and keys[place] == "in"
            and place + 1 < len(keys)
            and (
                keys[place + 1] in cues.MONTHS
                or keys[place + 1].isdigit()
                and keys[place + 1][:2] in {"19", "20"}
                and len(keys[place + 1]) == 4
            )
        ):
            length = 2
        if not length or keys[place] == "last" and place and keys[place - 1] == "the":  # "over the last year" goes on until now
            return
        low = self.back_list(place)
        clause = keys[low:place]
        late = keys[place + length : place + length + 5]
        if low == place or all(key in cues.FILL | {"a", "few", "couple", "of", "about"} or key.isdigit() for key in clause):
            high = self.forward(place + length, 14)
            following = keys[place + length : high]
            verb = next((key for key in following if key in cues.TENSE), "")  # "... two years back, I'm pregnant" goes on in the present
            if verb in cues.TOLD_OF_THEN and not any(k in cues.OTHER_EVENT for k in following):
                yield Cue("past", place, place + length, place + length, high)
            return
        since = next((at for at in range(place - 1, low - 1, -1) if keys[at] == "since"), place)
        if since + 1 < place and cues.SINCE_GOES_ON.isdisjoint(keys[since + 1 : place]):  # "not ill since the flu in 2022"
            yield Cue("past", place, place + length, since + 1, place)
            return
        verbs = [at for at in range(low, place) if keys[at] in cues.DID]
        if (
            not verbs
            or any(key in cues.GOING_ON for key in keys[verbs[-1] : place])
            or any(key in cues.OTHER_EVENT for key in keys[verbs[-1] : min(verbs[-1] + 4, place)])
        ):
            return
        if (
            any(key in {"since", "still", "ongoing", "ever"} for key in late)
            and not {"fine", "gone", "nothing", "none", "not", "never", "nowt"} & set(late)
        ):
            return
        yield Cue("past", place, place + length, self.piece(verbs[-1], low), place)
