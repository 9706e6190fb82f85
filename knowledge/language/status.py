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

from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.language import cues
from knowledge.language.denied import Denials
from knowledge.language.ended import Endings
from knowledge.language.phrases import tokenize
from knowledge.language.scopes import Cue, Scopes
from knowledge.language.story import Story
from knowledge.language.supposed import Suppositions
from knowledge.language.whose import Whose
from knowledge.yaml_files import read_yaml

ROLES = ("present", "negated", "past", "other_person", "hypothetical")
_OVER_THERE = frozenset({"then", "ended"})
_FRAMES = ("hypothetical", "past", "negated")  # what is said of whole sentences, the strongest first
_EVERYDAY = 3.5  # Zipf frequency from which a listed spelling is also an ordinary word
# Other forms of the little words that cues are made of.
_PLAIN = {"cannot": "cant", "nae": "no", "nil": "denies"}
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
            entry = read_yaml(path.read_text("utf-8"))
            for kind in ("generic", "brands", "regional_brands", "spellings") if "generic" in entry else ():
                found.update(str(name).lower() for name in entry.get(kind, ()))
            found.update(re.findall(r"[a-z]+", entry.get("name", "").lower()) if "generic" in entry else ())  # "Lemtrada (alemtuzumab)"
    return frozenset(name for name in found if name.isalpha() and zipf_frequency(name, "en") < _EVERYDAY)


class Context(Scopes):
    """The sentence structure of one text, read once, asked for each mention.

    `treatments` are the names of MS medicines as single words, by default those of the content: whoever takes one is
    the patient. `medicines` are the characters and roles of the medicines found. `tokens` are the words of the text.
    `claim` marks words that belong to found mentions: the "can't" of "can't breathe" then is no cue for other mentions.
    """

    def __init__(
        self, text: str, treatments: frozenset[str] | None = None, medicines: Iterable[tuple[int, int, str]] = ()
    ) -> None:
        tokens = tokenize(text)
        super().__init__(text, [_plain(token.key) for token in tokens], tokens)
        self.treatments = treatment_words() if treatments is None else treatments
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
        roles = self._cued(first, last)
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
        roles = self._cued(first, last)
        return bool(roles & {"over", "gone"}) and "past" not in roles | self._told(first, last)

    def _cued(self, first: int, last: int) -> set[str]:
        """The roles that cues give to the words [first, last); none if there is no word."""
        return {cue.role for cue in self._cues if self._speaks(cue, first, last)} if first < last else set()

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
        return "gone" in self._cued(*self.places(start, end))

    def perhaps_denied(self, start: int, end: int) -> bool:
        """The mention stands in a short list behind a no, which may have ended before it: "no fever, headache, rash"."""
        return "listed" in self._cued(*self.places(start, end))

    def dated(self, start: int, end: int) -> bool:
        """The clause of the mention names a time long gone for it, whoever it is told of: "my aunt had it two years ago"."""
        return "past" in self._cued(*self.places(start, end))

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
        if any(low <= cue.first and cue.last <= high and not low <= first < last <= high for low, high in self._claimed):
            return False  # but the "don't" of "don't feel well" denies the "feel well" in it
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

    def clauses(self) -> list[tuple[int, int]]:
        """Token ranges [low, high) between stops, commas and words like "but"."""
        cuts = [
            at
            for at, token in enumerate(self.tokens)
            if at == 0 or token.before or token.key in cues.CONTRAST or self.joins(at)
        ]
        return list(itertools.pairwise([*cuts, len(self.tokens)]))

    @functools.cached_property
    def breaks(self) -> list[int]:
        """Character offsets where another subject is taken up: clauses that do not go on about the one before.

        "my arm, it just dropped" goes on, and so does a list ("face, hands and legs"); "weak leg, new face cream" does not.
        """
        found, low = [], 0
        for at, token in enumerate(self.tokens):
            cut = token.before or self.keys[at] in cues.CONTRAST - {"just", "only", "yet", "instead"} or self.joins(at)
            if not at or not cut:
                continue
            if token.before == "." or self.keys[at] not in cues.GOES_ON and at - low > 2:
                found.append(token.start)
            low = at
        return found

    @functools.cached_property
    def _cues(self) -> list[Cue]:
        words = (self.text, self.keys, self.tokens)
        finders = (Denials(*words, self.story), Endings(*words), Suppositions(*words))
        return [cue for place, key in enumerate(self.keys) if key in cues.CUE_WORDS for finder in finders for cue in finder.at(place)]

    def _is_asked(self, place: int) -> bool:
        """The sentence of `place` asks, or tells what others asked."""
        low, high = self.sentence(place, place + 1)
        end = self.tokens[high].start if high < len(self.keys) else len(self.text)
        asked = {"any", "asked", "asks", "ask", "questions"} & set(self.keys[low:high])
        return bool(asked) or "?" in self.text[self.tokens[high - 1].end : end]
