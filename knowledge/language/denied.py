"""What is denied, and how far a no reaches: "no fever, rash or cough", "rash: none", "the nurse asked about swelling, I haven't any"."""

import functools
import itertools
from collections.abc import Iterable

from knowledge.language import cues
from knowledge.language.phrases import Token
from knowledge.language.scopes import Cue, Scopes
from knowledge.language.story import Story
from knowledge.language.text import word_set

_LIST, _LONG_LIST = 3, 5  # items: a no reaches over so many where nothing closes the list; over the long one without a doubt
_ITEM = 4  # words
_BEFORE_COLON = 7  # words
_TELLS = (  # what makes more of an item than a name of something
    cues.SUBJECT | cues.POSSESSIVE | cues.CONTRAST | cues.NOT - {"nearly", "almost", "no"} | cues.RECENT
    | word_set("is are was were am be has have had having got get getting feel feeling keep keeps went gone came started do does did can "
               "could will would really very bad badly severe awful terrible worse worst all me please help what how fine "
               "ok okay well normal normally good great grand alright clear happy")
)
_HAVE = word_set("have had got having any")  # "I haven't got ..."
# Whoever has none of these is unwell: "no sleep, headache, sick".
_GOOD = word_set(
    "sleep appetite energy relief change improvement strength power feeling sensation voice air breath balance control idea answer reply "
    "food drink water fluids wee pee urine poo luck help signal movement grip vision sight"
)


class Denials(Scopes):
    """Finds the cues that deny. `story`: the clauses of the same text."""

    def __init__(self, text: str, keys: list[str], tokens: list[Token], story: Story) -> None:
        super().__init__(text, keys, tokens)
        self._story = story

    def at(self, place: int) -> Iterable[Cue]:
        """The cues that begin at `place`."""
        keys = self.keys
        false = cues.TABLES["no_false"].at(keys, place)
        no = cues.TABLES["no_before"].at(keys, place)
        ended = cues.TABLES["gone_before"].at(keys, place)
        if no > ended and not false and not self._odd_no(place, no) and not self._disbelieves(place, no):
            end = self._no_end(place, place + no)
            yield Cue("negated", place, place + no, place + no, end)
            yield from self._listed(place, place + no, end)
        if keys[place : place + 2] == ["not", "even"] and {*keys[place + 2 : place + 3]} & {"a", "an", "the", "one"}:
            yield Cue("negated", place, place + 2, place + 2, min(place + 5, self._no_end(place, place + 2)))
        if keys[place] == "nothing" and not false:
            yield from self._nothing(place)
        yield from self._stopped(place)
        yield from self._answered(place)
        if no and place in self._no_to_all:
            yield Cue("negated", place, place + no, *self._no_to_all[place])

    def _listed(self, cue: int, begin: int, end: int) -> Iterable[Cue]:
        """The rest of a list that a no opens and nothing closes: "no bleeding, bruises, dark wee". A short one may also stop being denied
        ("no fever, headache, rash"), so it is `listed` as well."""
        items = self._bare_items(begin)
        opens = self.keys[cue] not in ("not", "isnt", "arent")  # "not tarry, iron tablets, black stools"
        if opens and len(items) >= _LIST and items[-1] > end and _GOOD.isdisjoint(self.keys[begin : begin + 2]):
            yield Cue("negated", cue, begin, begin, items[-1])
            if len(items) < _LONG_LIST:
                yield Cue("listed", cue, begin, items[0], items[-1])

    def _bare_items(self, begin: int) -> list[int]:
        """Where each of the bare items from `begin` on ends: a few words between commas, without a verb, a person, a number or a time."""
        ends: list[int] = []
        begin += next((at for at, key in enumerate(self.keys[begin:]) if key not in _HAVE), 0)
        high = self.sentence(begin, begin + 1)[1] if begin < len(self.keys) else begin
        cuts = [at for at in range(begin + 1, high) if self.tokens[at].before == ","]
        for low, end in itertools.pairwise([begin, *cuts, high]):
            item = self.keys[low:end]
            if low > begin and item[0] in cues.PLAIN_NO:
                return []  # "no rash, mouth sores, no fever": each no is for its own
            if len(item) > _ITEM or not _TELLS.isdisjoint(item) or any(key[0].isdigit() for key in item):
                break
            ends.append(end)
        return ends

    def _answered(self, place: int) -> Iterable[Cue]:
        """A no that answers what stands before it."""
        keys = self.keys
        if keys[place] in cues.PLAIN_NO and place and self._answers(place):
            yield Cue("negated", place, place + 1, self.back_list(place - 1), place)
        if keys[place] == "no" and place in self._answers_listed:
            yield Cue("negated", place, place + 1, self._answers_listed[place], place)
        answer = cues.TABLES["answers_no"].at(keys, place)
        if answer and place and self._starts_and_ends(place, answer):
            yield Cue("negated", place, place + answer, self.back_list(place - 1), place)
        to_all = cues.TABLES["answers_no_to_all"].at(keys, place)
        if to_all and place:
            yield Cue("answered", place, place + to_all, self._over_the_sentence_before(place), place)
        if keys[place] in cues.PLAIN_NO and self._thought_wrongly(place):
            yield Cue("negated", place, place + 1, self.back_list(place - 2), place - 1)

    def _disbelieves(self, place: int, length: int) -> bool:
        """Whether a no is said of "is normal": "I don't think this pain is normal" denies no pain."""
        if not cues.TABLES["disbelieved"].at(self.keys, place):
            return False
        start = place + length
        end = next((at for at in range(start, len(self.keys)) if self.tokens[at].before), len(self.keys))
        return any(self.keys[at] in ("is", "are", "was", "were") for at in cues.TABLES["no_after"].among(self.keys, start, end))

    def _nothing(self, place: int) -> Iterable[Cue]:
        """As in "nothing swollen", "nothing hurts": of the next word only, and not "nothing helps"."""
        after = self.keys[place + 1 : place + 2]
        opens = not place or self.tokens[place].before or self.keys[place - 1] in {"and", "but", "theres"}  # not "peeing nothing and pain"
        if opens and after and after[0] != "and" and (after[0] in cues.HURTS or not after[0].endswith("s")):
            yield Cue("negated", place, place + 1, place + 1, min(place + 3, self._no_end(place, place + 1)))

    def _stopped(self, place: int) -> Iterable[Cue]:
        """As in "stopped bleeding"; "stopped ocrevus" says nothing of what follows."""
        length = cues.TABLES["gone_before"].at(self.keys, place)
        not_so = place and self.keys[place - 1] in cues.NOT
        if length and not not_so and not cues.TABLES["no_false"].at(self.keys, place) and not self._odd_no(place, length):
            yield Cue("gone", place, place + length, place + length, self._no_end(place, place + length))

    @functools.cached_property
    def _answers_listed(self) -> dict[int, int]:
        """Each answer of a list like "joint pain yes, swelling no" or "nausea yes vomiting no", and where what it answers starts."""
        found: dict[int, int] = {}
        for sentence in self._story.sentences:
            low, high = sentence[0].low, sentence[-1].high
            said = [at for at in range(low, high) if self.keys[at] in {"yes", "no"}]
            if len(said) > 1 and said[0] > low and said[-1] == high - 1:
                found |= {at: self.piece(at, max(low, before)) for before, at in itertools.pairwise([low - 1, *said])}
        return {at: start + (self.keys[start] in {"yes", "no"}) for at, start in found.items()}

    @functools.cached_property
    def _no_to_all(self) -> dict[int, tuple[int, int]]:
        """The noes before a colon, and the list behind it, where nobody is said to have it: "I said no to all of it: rash, cough"."""
        found: dict[int, tuple[int, int]] = {}
        for begin in range(1, len(self.keys)):
            if ":" in self.text[self.tokens[begin - 1].end : self.tokens[begin].start]:
                low, high = self.sentence(begin, begin + 1)
                if cues.SUBJECT.isdisjoint(self.keys[begin:high]) and cues.POSSESSIVE.isdisjoint(self.keys[begin:high]):
                    found |= dict.fromkeys(range(max(low, begin - _BEFORE_COLON), begin), (begin, high))
        return found

    def _starts_and_ends(self, place: int, length: int) -> bool:
        """The words are a clause of their own."""
        end = place + length
        return bool(self.tokens[place].before or self.keys[place - 1] == "but") and (
            end >= len(self.keys) or bool(self.tokens[end].before) or self.keys[end] in cues.CONTRAST
        )

    def _answers(self, place: int) -> bool:
        """A bare no after a question or colon: "any fever? no", "rash: none"."""
        between = self.text[self.tokens[place - 1].end : self.tokens[place].start]
        return ("?" in between or ":" in between or "-" in between or self.keys[place] == "denies") and (  # "rash, nil"
            place + 1 == len(self.tokens) or bool(self.tokens[place + 1].before)
        )

    def _over_the_sentence_before(self, place: int) -> int:
        """Start of the sentence that holds `place`, or of the one before where little stands between."""
        starts = [at for at in range(place + 1) if at == 0 or self.tokens[at].before == "."]
        return starts[-2] if len(starts) > 1 and place - starts[-1] <= 2 else starts[-1]

    def _habit_with_exception(self, place: int) -> bool:
        """As in "i never get headaches but this week i had one every day"."""
        turn = next((at for at in range(place + 1, min(len(self.keys), place + 12)) if self.keys[at] in {"but", "however"}), None)
        after = self.keys[turn + 1 : turn + 14] if turn else []
        tells = {"one", "them", "two", "three"} & set(after) and {"ive", "have", "had", "got", "i"} & set(after)
        return bool(tells) and not cues.PLAIN_NO & set(after)

    def _thought_wrongly(self, place: int) -> bool:
        """As in "i thought i had a fever but no"."""
        ends = place + 1 == len(self.keys) or self.tokens[place + 1].before
        said = self.keys[max(0, place - 12) : place]
        return bool(ends) and said[-1:] == ["but"] and "thought" in said

    def _odd_no(self, place: int, length: int) -> bool:
        keys = self.keys
        after = keys[place + length] if place + length < len(keys) else ""
        if place and keys[place - 1] == "not":  # "not without pain"
            return True
        if place in self._answers_listed or keys[place] == "nobody" and after not in cues.NOBODY_HAS:  # "nobody can stop it"
            return True
        if keys[place] == "no" and length == 1:  # "no, i have a rash" answers something else
            return place + 1 < len(keys) and (self.tokens[place + 1].before != "" or after in cues.SUBJECT or after == "my")
        if keys[place] == "stopped":  # "stopped ocrevus", but "stopped bleeding", "stopped being sick"
            return not (
                after.endswith("ing")
                or after in {"the", "my"}
                and keys[place + 2 : place + 3]
                and keys[place + 2].endswith("ing")
            )
        if keys[place] in {"never", "dont"} and self._habit_with_exception(place):
            return True
        if keys[place] == "never" and {"till", "until"} & set(keys[place : place + 9]):  # "never had it till this drug"
            return True
        if cues.NO_CURE & set(keys[place + length : place + length + 2]) and keys[place] not in {"no", "without"}:
            return True
        if keys[place] == "never" and {"such", "so", "this", "these"} & set(keys[place : place + 4]):
            return True
        if (
            keys[place] == "never"
            and "before" in keys[place : place + 9]
            and any(k in cues.OWN or k == "such" for k in keys[place : place + 5])
        ):
            return True
        return after in {
            "sleeping",
            "slept",
            "sleep",
            "eaten",
            "eating",
            "eat",
            "taken",
            "take",
            "taking",
            "know",
            "want",
        } and keys[place] not in {"no"}

    def _no_end(self, cue: int, begin: int) -> int:
        """Where a no stops: see the module's first lines. "no fever, rash or cough" goes through its list."""
        keys, tokens = self.keys, self.tokens
        thought = False
        charted = begin == 1 and keys[0] == "denies" or keys[begin - 2 : begin] == ["negative", "for"]  # "Denies CP, SOB, syncope."
        for at in range(begin, min(len(keys), begin + 14)):
            key = keys[at]
            if tokens[at].before == "." or key in cues.CONTRAST or (at > begin and key in cues.REASON):
                return at
            slash = self.text[tokens[at - 1].end : tokens[at].start] == "/"  # "no SOB/CP"
            if tokens[at].before == "," and not charted and not slash and not self._list_goes_on(at):
                return at
            if key in {"think", "believe", "feel", "say", "that", "if"}:
                thought = True
                continue
            if at > begin and key in cues.LINK and not self._and_goes_on(at):
                return at
            if at > begin and key in {"with", "from"} and keys[begin] not in cues.TROUBLE and keys[at - 1] not in cues.TROUBLE:
                return at
            if at > begin and self.new_subject(at) and not (thought and at - begin <= 3):
                return at
            if (
                at > begin
                and key in {"have", "having", "got", "getting", "feeling"}
                and keys[at - 1] not in cues.BEFORE_HAVE
            ):
                return at
            if at > begin + 1 and key in {"since", "now", "today"}:
                return at
        return min(len(keys), begin + 14)

    def _list_goes_on(self, at: int) -> bool:
        """After the comma at `at`: short items that a later "or" closes belong to the list."""
        keys, tokens = self.keys, self.tokens
        run = 0
        for place in range(at, min(len(keys), at + 16)):
            if place > at and tokens[place].before == ".":
                return False
            if place > at and tokens[place].before == ",":
                run = 0
            if keys[place] in {"or", "nor"}:
                return True
            run += 1
            if (
                run > 4
                or keys[place] in cues.CONTRAST
                or keys[place] in cues.SUBJECT
                or keys[place] in {"have", "got", "had", "feel"}
            ):
                return False
        return False

    def _and_goes_on(self, at: int) -> bool:
        """As in "no nausea and vomiting": a bare last item. "no fever and a rash", "and chest pain since noon": a new
        one."""
        keys, tokens = self.keys, self.tokens
        if at + 1 >= len(keys) or keys[at + 1] in cues.FRESH:
            return False
        end = at + 1
        while end < len(keys) and not tokens[end].before and keys[end] not in cues.CONTRAST:
            end += 1
        return end - at - 1 <= 2
