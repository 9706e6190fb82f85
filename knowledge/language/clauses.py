"""A message as clauses: where each begins and ends, its tense, and which time it names.

Read once per message. `story` says from them what is over, what came back and what is denied or only asked about.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.language.long_past import time_of_life
from knowledge.language.phrases import Token, word_set
from knowledge.language.text import Table, rows

TURN = word_set("but however though although except whereas then later afterwards")
WHO = word_set("i im ive id he she we they youre theyre hes shes it its this that these those there theres my his her our what")
_PRESENT = word_set(
    "im am is are ive have has havent hasnt theres cant dont doesnt isnt arent wont feel feels get gets getting keep keeps goes go can "
    "will hes shes theyre youre hurts itches seems looks know ill cannot its thats"
)
_PAST = word_set(
    "had was were wasnt werent hadnt didnt did gave went came felt woke threw fell lost broke took made ended began became put left could "
    "couldnt would wouldnt kept swelled blew saw told said thought did stung bled shook slept used survived sent found spent hit sat stood "
    "ran caught knew drank ate drove grew drew sank rose met paid"
)
_ADJECTIVES = word_set(  # end like a verb of the past
    "tired swollen blurred bloated stressed scared worried confused infected inflamed need bed med exhausted bruised cramped dizzied "
    "raised constipated depressed blocked frightened diagnosed concerned puffed wired fatigued drained fed coloured old red supposed bored"
)
_WEAKLY_PRESENT = word_set("aches burns cramps having")  # nouns too, or with a verb of the past: "ended up having"
_INFINITIVE = word_set("to could couldnt would wouldnt did didnt might")  # "had to go"
_OF_A_SIDE = word_set("my his her the on in to of from and or whole both")  # "in my left eye"
_S_IS_VERB = word_set("it that there what he she who here this everything")
_NOW = word_set("now today tonight still currently nowadays lately recently ongoing")
_NOW_PAIRS = frozenset(
    [("these", "days"), ("so", "far"), ("the", "moment")]
    + [("this", when) for when in ("morning", "week", "time", "month", "afternoon", "evening", "weekend", "year", "past", "lunchtime")]
)
# Less than now: of these days, so that it may still be so.
_WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
_RECENT = word_set("since yesterday again recent constantly started starting began begun") | _WEEKDAYS
_RECENT_PAIRS = frozenset(
    [("last", "night"), ("last", "week"), ("all", "day"), ("hour", "ago"), ("came", "on"), ("came", "back"), ("came", "up")]
    + [("past", when) for when in ("week", "weeks", "days", "few", "month")]
    + [(span, "ago") for span in ("minute", "minutes", "min", "mins", "hours", "hr", "hrs")]
)
_HABIT = word_set("would wouldnt every each always whenever daily often usually")
_YEAR = re.compile(r"19[5-9]\d|20[01]\d|202[0-4]")
_SPANS = word_set("year years yr yrs month months winter winters summer summers decade decades")
_LAST = word_set("year summer winter spring autumn fall christmas easter century") | word_set(
    "january february march april may june july august september october november december"
)
_YOUNG = word_set(
    "child kid baby teenager teen toddler student young small little younger pregnant two three four five six seven eight nine ten "
    "eleven twelve twenty thirty forty nipper bairn wean wain lad lass tot"
)
_BEFORE_MS = (["my", "diagnosis"], ["the", "diagnosis"], ["my", "ms"], ["i", "was"], ["i", "had"])
_LONGEST = 8  # words that name a time of one's life
_LONG_PAST = Table(rows(
    "in former times|when i was a|until last|until recently|years ago|ages ago|long ago|a while back|a while ago|back then|back in"
    "|as a child|as a kid|as a baby|as a student|as a teenager|as a teen|at school|at uni|before ms|in the nineties|in the eighties"
    "|in the beginning|in the early days|once before|the last time|before i was diagnosed|before i had ms|the year before|years back"
    "|months ago|months back"
))
_UNDER = Table(rows(  # the time of a medicine
    "when i was on|when i took|when i had|while i was on|while i took|every time i took|every time i had|the old tablets|the old drug"
    "|the old one|the old meds|my old tablets|my old drug|the previous drug|my last drug|the first infusion|the first dose"
    "|my first course|during the first course|the first drip|my first infusion|my first dose|first infusion in|at the start of"
    "|at the beginning of|the last one i had"
))
_MEDICINE = word_set("it them that this the those these my tablets injections steroids interferon interferons chemo")
_ONCE = Table(rows("one time|one night|one day|on one occasion|once before|the last time|last time|back then|back when"))  # opens a clause
_TREATMENT = word_set(
    "infusion infusions dose doses injection injections tablet tablets drip diagnosed diagnosis start started switch switched swapped "
    "finished course round treatment stopped jab vaccine booster transplant moved married born retired changed since dx off"
)
_TELLS_WHEN = word_set("after when because where")


@dataclass(slots=True)
class Clause:
    """Words [low, high). `then` is the place of the words that name a time long gone, -1 without."""

    low: int
    high: int
    sentence: int
    tense: str  # "past" | "present" | ""
    now: bool  # names the present
    recent: bool  # names the last days or a beginning
    habit: bool
    then: int
    dated: bool  # names a time long gone, be it only that of a dose
    opens: bool  # the time is said of what follows: "two years ago when ..."
    under: bool  # the time is that of a medicine taken no longer
    roles: set[str] = field(default_factory=set)

    @property
    def told_then(self) -> bool:
        """It has a verb of the past and nothing of the present."""
        return self.tense == "past" and not self.now


def split(keys: Sequence[str], tokens: Sequence[Token], treatments: Collection[str]) -> list[Clause]:
    """The clauses of a text. `treatments` are the names of MS medicines: a time beside one dates the dose."""
    cuts = [
        at
        for at, token in enumerate(tokens)
        if not at or token.before or keys[at] in TURN or keys[at] in {"and", "so"} and set(keys[at + 1 : at + 2]) & (WHO | _NOW)
    ]
    return list(_read(keys, tokens, treatments, cuts))


def _read(keys: Sequence[str], tokens: Sequence[Token], treatments: Collection[str], cuts: Sequence[int]) -> Iterator[Clause]:
    sentence = 0
    for low, high in itertools.pairwise([*cuts, len(keys)]):
        sentence += low > 0 and tokens[low].before == "."
        part = keys[low:high]
        then, length = _then(part)
        under = _under(part, treatments)
        opens = then >= 0 and part[then + length] in _TELLS_WHEN if then + length < len(part) else False
        dated = then >= 0
        place = low + then if dated and (opens or not _dates_treatment(part, then, length, treatments)) else -1
        yield Clause(low, high, sentence, _tense(part), _now(part), _recent(part), not _HABIT.isdisjoint(part), place, dated, opens, under)


def _tense(part: Sequence[str]) -> str:
    past = False
    for at, key in enumerate(part):
        before = part[at - 1] if at else ""
        at_an_hour = key == "am" and before.isdigit()
        if key in _PRESENT and before not in _INFINITIVE and not at_an_hour or key == "'s" and before in _S_IS_VERB:
            return "present"
        regular = len(key) > 4 and key.endswith("ed") and not key.endswith("eed") and key not in _ADJECTIVES
        had = key == "id" and part[at + 1 : at + 2] in (["a"], ["an"], ["the"], ["had"], ["been"])  # "I'd a cold in July"
        side = key == "left" and before in _OF_A_SIDE
        past |= regular or had or key in _PAST and not side or key == "got" and at > 0
    return "past" if past else "present" if not _WEAKLY_PRESENT.isdisjoint(part) else ""


def _now(part: Sequence[str]) -> bool:
    return not _NOW.isdisjoint(part) or any(pair in _NOW_PAIRS for pair in itertools.pairwise(part))


def _recent(part: Sequence[str]) -> bool:
    pairs = list(itertools.pairwise(["", *part]))
    return any(key in _RECENT and not (key in _WEEKDAYS and before in _HABIT) or (before, key) in _RECENT_PAIRS for before, key in pairs)


def _under(part: Sequence[str], treatments: Collection[str]) -> bool:
    """As in "when I took Aubagio", "the old tablets": not "when I was on holiday"."""
    for at in _UNDER.among(part):
        end = at + _UNDER.at(part, at)
        named = {*part[end : end + 2]}
        if part[at] not in {"when", "while", "every"} or named & _MEDICINE or not named.isdisjoint(treatments):
            return True
    return False


def _then(part: Sequence[str]) -> tuple[int, int]:
    """Where a time long gone is named, and in how many words; (-1, 0) without."""
    return next(((at, length) for at in range(len(part)) if (length := _long_past(part, at))), (-1, 0))


def _long_past(part: Sequence[str], at: int) -> int:
    key, after = part[at], part[at + 1 : at + 4]
    rows_there = max(_LONG_PAST.at(part, at), 0 if at else _ONCE.at(part, at))
    if rows_there:
        return rows_there
    if of_life := time_of_life(" ".join(part[at : at + _LONGEST])):
        return len(of_life.split())
    if key in {"in", "of", "around"} and after and _YEAR.fullmatch(after[0]):
        return 2
    if key in _SPANS and after and after[0] in {"ago", "back"}:
        return 2
    until_now = part[max(0, at - 1) : at] == ["the"]  # "over the last year"
    if key == "last" and not until_now and after and after[0] in _LAST:
        return 2
    if key == "before" and after[:2] in _BEFORE_MS:
        return 3
    if key == "as" and after[:1] == ["a"] and after[1:2] and after[1] in _YOUNG:
        return 3
    if key == "when" and after[:1] and after[0] in {"i", "he", "she", "we"} and after[1:2] == ["was"] and len(after) > 2:
        return 4 if after[2] in _YOUNG or after[2].isdigit() else 0
    if key in {"years", "decades"} and "for" in part[max(0, at - 2) : at]:
        return 1 if _tense(part) == "past" else 0
    return 0


def _dates_treatment(part: Sequence[str], then: int, length: int, treatments: Collection[str]) -> bool:
    """As in "had lemtrada 18 months ago": when the medicine was given says nothing of when the rest was."""
    rest = {*part[:then], *part[then + length :]}
    return not rest.isdisjoint(_TREATMENT) or not rest.isdisjoint(treatments)
