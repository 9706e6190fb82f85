"""Who and when a mention is about: present, negated, past, someone else's or only imagined.

Every cue opens a scope over the words around it; a scope ends where people change the subject: at a stop or comma, at
"but", "because", "and now", or where a new subject starts ("no fever i have a rash"). Where two readings are possible
the dangerous one is taken: the mention is present.
"""

import bisect
import functools
import itertools
import re
from collections.abc import Iterable
from importlib import resources

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.language import cues
from knowledge.language.phrases import Token, tokenize
from knowledge.language.story import Story
from knowledge.language.whose import Whose

ROLES = ("present", "negated", "past", "other_person", "hypothetical")
_OVER_THERE = frozenset({"then", "ended"})
_FRAMES = ("hypothetical", "past", "negated")  # what is said of whole sentences, the strongest first


_EVERYDAY = 3.5  # Zipf frequency from which a listed spelling is also an ordinary word
# Other forms of the little words that cues are made of.
_PLAIN = {"cannot": "cant", "cannae": "cant", "nae": "no", "dinnae": "dont"}
_SHORT_NOS = (
    *("dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "havent", "hasnt", "hadnt", "wont"),
    *("couldnt", "wouldnt", "shouldnt", "aint"),
)


@functools.lru_cache(maxsize=20_000)
def _plain(key: str) -> str:
    """The little words that cues are made of in their usual form, misspelt or run together too: "hadnae", "havnt", "husbands got"."""
    key = _PLAIN.get(key, key)
    if key in _SHORT_NOS or not key.endswith(("nt", "nae", "ny")) or zipf_frequency(key, "en") >= _EVERYDAY:
        return key
    usual = key.removesuffix("nae") + "nt" if key.endswith("nae") else key
    match = process.extractOne(usual, [no for no in _SHORT_NOS if no[0] == key[0]], scorer=OSA.distance, score_cutoff=1)
    return match[0] if match else key


@functools.cache
def treatment_words() -> frozenset[str]:
    """Names of the MS medicines (`content/names`) that are one word, in every spelling listed there."""
    found: set[str] = set()
    for path in resources.files("knowledge").joinpath("content/names").iterdir():
        if path.name.endswith(".yml"):
            entry = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
            for kind in ("generic", "brands", "regional_brands", "spellings") if "generic" in entry else ():
                found.update(str(name).lower() for name in entry.get(kind, ()))
            found.update(re.findall(r"[a-z]+", entry.get("name", "").lower()) if "generic" in entry else ())  # "Lemtrada (alemtuzumab)"
    return frozenset(name for name in found if name.isalpha() and zipf_frequency(name, "en") < _EVERYDAY)


class Cue:
    """A cue at tokens [first, last) and the tokens [low, high) it speaks about."""

    __slots__ = ("role", "first", "last", "low", "high", "cause")

    def __init__(self, role: str, first: int, last: int, low: int, high: int, cause: bool = False) -> None:
        self.role, self.first, self.last, self.low, self.high, self.cause = role, first, last, low, high, cause
_ASKED_IN_SHORT = 2  # words of a question that one word answers


class Context:
    """The sentence structure of one text, read once, asked for each mention.

    `treatments` are the names of MS medicines as single words, by default those of the content: whoever takes one is
    the patient. `medicines` are the characters and roles of the medicines found. `tokens` are the words of the text.
    `claim` marks words that belong to found mentions: the "can't" of "can't breathe" then is no cue for other mentions.
    """

    def __init__(
        self, text: str, treatments: frozenset[str] | None = None, medicines: Iterable[tuple[int, int, str]] = ()
    ) -> None:
        self.text = text
        self.treatments = treatment_words() if treatments is None else treatments
        self.tokens: list[Token] = tokenize(text)
        self.keys = [_plain(token.key) for token in self.tokens]
        self._starts = [token.start for token in self.tokens]
        self._medicines = list(medicines)
        self._claimed: list[tuple[int, int]] = []

    def claim(self, spans: Iterable[tuple[int, int]]) -> None:
        """Words inside these character spans no longer count as cues for mentions elsewhere."""
        self._claimed.extend(self.places(start, end) for start, end in spans)

    def role(self, start: int, end: int) -> str:
        """Role of the mention at characters [start, end): one of `ROLES`."""
        first, last = self.places(start, end)
        if first >= last:
            return "present"
        told = self._told(first, last)
        roles = {cue.role for cue in self._cues if self._speaks(cue, first, last)}
        for role in _FRAMES if self._owners[first] == "self" or "hypothetical" in told else ():
            if role == "hypothetical" and role in told and roles & {"negated", "answered"}:  # "he asked was I low, I'm not"
                return "negated"
            if role in told and not (role == "past" and "back" in told):
                return "past" if role == "negated" and "then" in told else role  # "... on Rebif. Now I get none of that"
        if "answered" in roles and (self._owners[first] == "other" or "hypothetical" in roles or self._is_asked(first)):
            return "negated"
        named = self._whose.names_somebody(first, last) or bool(cues.ME.intersection(self.keys[first:last]))  # "plotting against me"
        named = named or self.keys[last : last + 2] in (["on", "my"], ["in", "my"], ["down", "my"])  # "mum saw a bruise on my leg"
        if self._owners[first] == "other" and not named:
            return "other_person"
        roles = self._with_story(roles, first, last)
        for role in ("hypothetical", "past", "over", "negated", "gone"):
            if role in roles:
                return "past" if role in ("over", "gone") else role
        return "present"

    def of_another(self, start: int, end: int) -> bool:
        """The mention is told of somebody else, whatever is denied of oneself behind it."""
        return self._owners[self.places(start, end)[0]] == "other"

    def ended(self, start: int, end: int) -> bool:
        """The mention is told as an episode that is over, not as history: "my chest hurt, it passed"."""
        first, last = self.places(start, end)
        roles = {cue.role for cue in self._cues if self._speaks(cue, first, last)} if first < last else set()
        told = self._told(first, last) if first < last else set()
        return bool(roles & {"over", "gone"}) and "past" not in roles | told

    def _with_story(self, roles: set[str], first: int, last: int) -> set[str]:
        """The roles that cues give to a mention of the words [first, last), with what the story around it says."""
        told = self._told(first, last)
        if "back" in told:
            return roles - {"past", "over", "gone"}
        return roles if told.isdisjoint(_OVER_THERE) else roles | {"gone"}

    def _told(self, first: int, last: int) -> set[str]:
        """What the story says of the words [first, last)."""
        return self.story.roles[first] | self.story.roles[last - 1]

    @functools.cached_property
    def story(self) -> Story:
        """The clauses of the text and what they say of one another."""
        named = [(self.places(start, end)[0], role) for start, end, role in self._medicines]
        return Story(self.keys, self.tokens, self.treatments, named)

    @functools.cached_property
    def _whose(self) -> Whose:
        return Whose(self.text, self.keys, self.tokens, self.treatments)

    @functools.cached_property
    def _owners(self) -> list[str]:
        """For each word, who is spoken about: "self" or "other"."""
        return self._whose.owners(self._claimed, [self.story.clauses[number].low for number in self.story.number])

    @property
    def speaks_of_self(self) -> bool:
        """The writer tells of their own MS or treatment, or that they are well themself."""
        return self._whose.speaks_of_self

    @property
    def speaks_for_other(self) -> bool:
        """The writer speaks for the patient."""
        return self._whose.speaks_for_other

    def gone(self, start: int, end: int) -> bool:
        """The mention at characters [start, end) is said to have gone: over, and not there now."""
        first, last = self.places(start, end)
        return first < last and any(cue.role == "gone" and self._speaks(cue, first, last) for cue in self._cues)

    def dated(self, start: int, end: int) -> bool:
        """The clause of the mention names a time long gone for it, whoever it is told of: "my aunt had it two years ago"."""
        first, last = self.places(start, end)
        return first < last and any(cue.role == "past" and self._speaks(cue, first, last) for cue in self._cues)

    def framed(self, start: int, end: int) -> bool:
        """A whole sentence around the mention is told as long past, denied or asked about, whatever its own clause says."""
        first, last = self.places(start, end)
        return first < last and not self._told(first, last).isdisjoint(_FRAMES)

    def places(self, start: int, end: int) -> tuple[int, int]:
        """Token positions [first, last) of the characters [start, end)."""
        return bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)

    def _speaks(self, cue: Cue, first: int, last: int) -> bool:
        if first <= cue.first < last:
            return False
        if not (cue.low <= first < cue.high or cue.low <= last - 1 < cue.high):
            return False
        if any(low <= cue.first and cue.last <= high for low, high in self._claimed):
            return False
        return not (cue.role == "hypothetical" and first and self.keys[first - 1] in (cues.OWN if cue.cause else cues.THIS))

    def together(self, first: int, last: int) -> bool:
        """Tokens [first, last) stand in one clause: no stop and no "but" between them."""
        return not any(
            self.tokens[at].before == "." or self.keys[at] in cues.CONTRAST - {"just", "only", "yet"}
            for at in range(first + 1, last)
        )

    def joined(self, start: int, end: int) -> bool:
        """Between characters `start` and `end` there is no stop and no "but"."""
        first, last = self.places(start, end)
        return self.together(first - 1, last + 1)

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The sentence that holds tokens [first, last), as a token range."""
        low = next((at for at in range(first, 0, -1) if self.tokens[at].before == "."), 0)
        return low, next((at for at in range(max(last, 1), len(self.tokens)) if self.tokens[at].before == "."), len(self.tokens))

    def clauses(self) -> list[tuple[int, int]]:
        """Token ranges [low, high) between stops, commas and words like "but"."""
        cuts = [
            at
            for at, token in enumerate(self.tokens)
            if at == 0 or token.before or token.key in cues.CONTRAST or self._joins(at)
        ]
        return list(itertools.pairwise([*cuts, len(self.tokens)]))

    @functools.cached_property
    def breaks(self) -> list[int]:
        """Character offsets where another subject is taken up: clauses that do not go on about the one before.

        "my arm, it just dropped" goes on, and so does a list ("face, hands and legs"); "weak leg, new face cream" does not.
        """
        found, low = [], 0
        for at, token in enumerate(self.tokens):
            cut = token.before or self.keys[at] in cues.CONTRAST - {"just", "only", "yet", "instead"} or self._joins(at)
            if not at or not cut:
                continue
            if token.before == "." or self.keys[at] not in cues.GOES_ON and at - low > 2:
                found.append(token.start)
            low = at
        return found

    def _fresh_start(self, at: int) -> bool:
        return at + 1 < len(self.keys) and (self.keys[at + 1] in cues.SUBJECT or self.keys[at + 1] in cues.POSSESSIVE)

    @functools.cached_property
    def _cues(self) -> list[Cue]:
        return [cue for place, key in enumerate(self.keys) if key in cues.CUE_WORDS for cue in self._cues_at(place)]

    def _cues_at(self, place: int) -> Iterable[Cue]:
        keys = self.keys
        false = cues.TABLES["no_false"].at(keys, place)
        no = cues.TABLES["no_before"].at(keys, place)
        ended = cues.TABLES["gone_before"].at(keys, place)
        if no > ended and not false and not self._odd_no(place, no) and not self._disbelieves(place, no):
            yield Cue("negated", place, place + no, place + no, self._no_end(place, place + no))
        if keys[place : place + 2] == ["not", "even"] and {*keys[place + 2 : place + 3]} & {"a", "an", "the", "one"}:
            yield Cue("negated", place, place + 2, place + 2, min(place + 5, self._no_end(place, place + 2)))
        if keys[place] == "nothing" and not false:
            yield from self._nothing(place)
        yield from self._stopped(place)
        yield from self._fine_or_gone(place)
        if keys[place] in cues.PLAIN_NO and place and self._answers(place):
            yield Cue("negated", place, place + 1, self._back_list(place - 1), place)
        if keys[place] == "no" and place in self._answers_listed:
            yield Cue("negated", place, place + 1, self._answers_listed[place], place)
        answer = cues.TABLES["answers_no"].at(keys, place)
        if answer and place and self._starts_and_ends(place, answer):
            yield Cue("negated", place, place + answer, self._back_list(place - 1), place)
        to_all = cues.TABLES["answers_no_to_all"].at(keys, place)
        if to_all and place:
            yield Cue("answered", place, place + to_all, self._over_the_sentence_before(place), place)
        if keys[place] in cues.PLAIN_NO and self._thought_wrongly(place):
            yield Cue("negated", place, place + 1, self._back_list(place - 2), place - 1)
        over = cues.TABLES["over"].at(keys, place)
        goes_on = over and keys[place + over - 1] == "went" and not self._ends(place + over)  # "it went up into my neck"
        comes = over and self._comes_and_goes(place, place + over)
        if over and not goes_on and not comes and not (place and keys[place - 1] in cues.NOT):
            yield Cue("over", place, place + over, self._over_from(place), place)
        before = cues.TABLES["past_before"].at(keys, place)
        if before and not (place and keys[place - 1] == "not"):
            yield Cue("past", place, place + before, place + before, self._forward(place + before))
        yield from self._times(place)
        maybe = cues.TABLES["hypothetical"].at(keys, place)
        had = maybe and "effect" in keys[place : place + 3] and self._had(place, place + maybe)
        if maybe and not had and not self._asks_own(place, maybe):
            cause = any(key in cues.ABOUT_OWN for key in keys[place : place + maybe])
            yield Cue("hypothetical", place, place + maybe, place + 1, self._listing(place + maybe), cause)
        if keys[place] in cues.MODAL and self._asks_of_oneself(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self._forward(place + 1))
        if keys[place] in cues.MODAL and self._asks_of_medicine(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self._listing(place + 1), True)
        side = cues.TABLES["side_after"].at(keys, place)
        if side and not self._had(place, place + side):
            yield Cue("hypothetical", place, place + side, self._back(place), place, True)
        if keys[place] in cues.FEARS and self._to_come(place + 1):
            yield Cue("hypothetical", place, place + 1, place + 1, self.sentence(place, place + 1)[1])
        if keys[place] == "if" and self._asks_what_then(place) or keys[place] in {"if", "should"} and self._supposes(place):
            yield Cue("hypothetical", place, place + 1, place + 1, self._listing(place + 1))
        may = keys[place] in {"might", "may"} and place and keys[place - 1] in cues.ANYONE
        if may and {*keys[place + 1 : place + 2]} & cues.COMES_TO_BE:
            yield Cue("hypothetical", place, place + 1, place + 1, self._forward(place + 1))

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
            or not (self._ends(place + length) or gone and keys[place + length] == "with")
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
        low = self._back(place)
        return "then" in self.keys[low:place] and not cues.DID & set(self.keys[self._back_list(max(low - 1, 0)) : place])

    @functools.cached_property
    def _answers_listed(self) -> dict[int, int]:
        """Each answer of a list like "joint pain yes, swelling no" or "nausea yes vomiting no", and where what it answers starts."""
        found: dict[int, int] = {}
        for sentence in self.story.sentences:
            low, high = sentence[0].low, sentence[-1].high
            said = [at for at in range(low, high) if self.keys[at] in {"yes", "no"}]
            if len(said) > 1 and said[0] > low and said[-1] == high - 1:
                found |= {at: self._piece(at, max(low, before)) for before, at in itertools.pairwise([low - 1, *said])}
        return {at: start + (self.keys[start] in {"yes", "no"}) for at, start in found.items()}

    def _starts_and_ends(self, place: int, length: int) -> bool:
        """The words are a clause of their own."""
        end = place + length
        return bool(self.tokens[place].before or self.keys[place - 1] == "but") and (
            end >= len(self.keys) or bool(self.tokens[end].before) or self.keys[end] in cues.CONTRAST
        )

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
        return (
            self.keys[place : place + 3] in (["in", "case", "it"], ["in", "case", "you"], ["in", "case", "thats"])
            or self.keys[place] == "cause"
            and after[:1] in (["of"], ["i"], ["im"], ["ive"])
            or self.keys[place] in {"expect"}
            and bool(place)
            and self.keys[place - 1] in {"as", "didnt", "than"}
        )

    def _answers(self, place: int) -> bool:
        """A bare no after a question or colon: "any fever? no", "rash: none"."""
        between = self.text[self.tokens[place - 1].end : self.tokens[place].start]
        return ("?" in between or ":" in between or "-" in between or self.keys[place] == "nil") and (
            place + 1 == len(self.tokens) or bool(self.tokens[place + 1].before)
        )

    def _over_the_sentence_before(self, place: int) -> int:
        """Start of the sentence that holds `place`, or of the one before where little stands between."""
        starts = [at for at in range(place + 1) if at == 0 or self.tokens[at].before == "."]
        return starts[-2] if len(starts) > 1 and place - starts[-1] <= 2 else starts[-1]

    def _is_asked(self, place: int) -> bool:
        """The sentence of `place` asks, or tells what others asked."""
        low, high = self.sentence(place, place + 1)
        end = self.tokens[high].start if high < len(self.keys) else len(self.text)
        asked = {"any", "asked", "asks", "ask", "questions"} & set(self.keys[low:high])
        return bool(asked) or "?" in self.text[self.tokens[high - 1].end : end]

    def _asks_of_oneself(self, place: int) -> bool:
        """As in "would i go yellow?": a question that opens with a verb, about what might happen to oneself."""
        opens = place == 0 or self.tokens[place].before
        after = self.keys[place + 1 : place + 3]
        if not opens or self.keys[place] not in {"would", "could", "might", "will"}:
            return False
        if self.keys[place] == "would" and after[:1] == ["my"]:  # "would my eyes turn yellow?"
            return {"be", "have"}.isdisjoint(self.keys[place + 1 : place + 5])
        return (after[:1] == ["i"] or after == ["a", "get"]) and not {"be", "have"} & set(after)

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
            return place + 1 < len(keys) and self.tokens[place + 1].before != ""
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
            if at > begin and self._new_subject(at) and not (thought and at - begin <= 3):
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

    def _new_subject(self, at: int) -> bool:
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

    def _forward(self, begin: int, limit: int = 12) -> int:
        keys, tokens = self.keys, self.tokens
        for at in range(begin, min(len(keys), begin + limit)):
            if at > begin and (
                tokens[at].before == "."
                or keys[at] in cues.CONTRAST - {"only", "just"}
                or keys[at] in {"now", "today", "still"}
                or tokens[at].before == ","
                and not self._and_last(at)
                or self._new_subject(at)
            ):
                return at
        return min(len(keys), begin + limit)

    def _and_last(self, at: int) -> bool:
        """The comma at `at` is one inside a list that "and" closes within the next few words."""
        part = self.keys[at : at + 6]
        return any(key in {"and", "or"} for key in part) and not any(
            key in cues.SUBJECT or key in cues.CONTRAST or key == "now" for key in part
        )

    def _listing(self, begin: int) -> int:
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
                and tokens[at].before == ","
                or keys[at] == "i"
                and keys[at + 1 : at + 2] in (["have"], ["feel"], ["keep"], ["cant"], ["had"], ["got"])
            ):
                return at
        return min(len(keys), begin + 25)

    def _back(self, place: int) -> int:
        """Start of the clause that ends before `place`."""
        keys, tokens = self.keys, self.tokens
        at = place
        while at > 0 and place - at < 12:
            if tokens[at].before or keys[at - 1] in cues.CONTRAST or keys[at - 1] == "because":
                return at
            at -= 1
        return at

    def _ends(self, at: int) -> bool:
        """Nothing of weight follows: the clause is over, or goes on with a time, a link or a new subject."""
        if at >= len(self.keys) or self.tokens[at].before:
            return True
        return self.keys[at] in cues.AFTER_GONE or self.keys[at] in cues.CONTRAST or self._new_subject(at)

    def _over_from(self, place: int) -> int:
        """An end ("fine now", "it cleared up") reaches back over one comma or "but" when it has no subject of its
        own."""
        low = self._back(place)
        own = self.keys[low:place]
        if own and own[0] in cues.ASKS:  # "is that normal?"
            return low
        if low and all(key in cues.FILL for key in own) and not self._of_oneself(low, place):
            before = low - 1
            if self.keys[before] in cues.CONTRAST | {"and"}:
                before -= 1
            return self._back_list(max(before, 0))
        return low

    def _of_oneself(self, low: int, place: int) -> bool:
        """As in "took two tablets, feel fine": how one is says nothing of what went before, unless that is told as
        past."""
        if not {"feel", "feeling", "i", "im", "am"} & set(self.keys[low:place]):
            return False
        return not cues.DID & set(self.keys[self._back_list(max(low - 1, 0)) : low])

    def _back_list(self, place: int) -> int:
        """Clause start before `place`, over the commas of a list."""
        keys, tokens = self.keys, self.tokens
        at = place
        while at > 0 and place - at < 14:
            if tokens[at].before == "." or keys[at - 1] in cues.CONTRAST - {"just", "only"}:
                return at
            at -= 1
        return at

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
        low = self._back_list(place)
        clause = keys[low:place]
        late = keys[place + length : place + length + 5]
        if low == place or all(key in cues.FILL | {"a", "few", "couple", "of", "about"} or key.isdigit() for key in clause):
            high = self._forward(place + length, 14)
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
        yield Cue("past", place, place + length, self._piece(verbs[-1], low), place)

    def _piece(self, place: int, low: int) -> int:
        """Start of the piece that holds `place`, behind a comma or an "and" with a new subject, not before `low`."""
        return next((at for at in range(place, low, -1) if self.tokens[at].before or self._joins(at)), low)

    def _joins(self, at: int) -> bool:
        return self.keys[at] == "and" and self._fresh_start(at)
