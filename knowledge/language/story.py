"""What is told of a time that is over, and what came back.

People write stories: "On Avonex I got the shivers every weekend. That stopped." A clause is over when it is told in the past and stands in
a time long gone (a frame that a later clause keeps until the present is named), or when the next words say that it ended. The simple past
alone is not enough: "my arm went numb" may well be so now, and of two readings the dangerous one counts.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.language.phrases import Token, word_set
from knowledge.language.text import Table, rows

_TURN = word_set("but however though although except whereas then later afterwards")
_ONWARDS = word_set("then later afterwards next but however")  # may lead to the present
_SAME_THING = word_set("the that it they those these both all each every this she he")  # a sentence that goes on with the story
_WHO = word_set("i im ive id he she we they youre theyre hes shes it its this that these those there theres my his her our what")
_PRESENT = word_set(
    "im am is are ive have has havent hasnt theres cant dont doesnt isnt arent wont feel feels get gets getting keep keeps goes go can "
    "will "
    "hes shes theyre youre hurts aches burns itches seems looks know having ill cannot"
)
_PAST = word_set(
    "had was were wasnt werent hadnt didnt gave went came felt woke threw fell lost broke took made ended began became put left could "
    "couldnt "
    "would wouldnt kept swelled blew saw told did stung bled shook slept used survived"
)
_ADJECTIVES = word_set(
    "tired swollen blurred bloated stressed scared worried confused infected inflamed need bed med exhausted bruised cramped dizzied "
    "raised "
    "constipated depressed blocked frightened diagnosed concerned puffed wired fatigued drained fed coloured old red supposed"
)
_S_IS_VERB = word_set("it that there what he she who here this everything")
_NOW = word_set(
    "now today tonight still since currently nowadays lately recently yesterday again monday tuesday wednesday thursday friday saturday "
    "sunday "
    "recent ongoing constantly daily always started starting began begun came whenever"
)
_NOW_PAIRS = frozenset(
    [("these", "days"), ("so", "far"), ("last", "night"), ("the", "moment"), ("all", "day"), ("every", "time"), ("each", "time")]
    + [("this", when) for when in ("morning", "week", "time", "month", "afternoon", "evening", "weekend", "year", "past")]
    + [("past", when) for when in ("week", "weeks", "days", "few", "month")]
)
_SPANS = word_set("year years month months winter winters summer summers decade decades")
_LAST = word_set("year summer winter spring autumn fall christmas easter century") | word_set(
    "january february march april may june july august september october november december"
)
_LIFE = word_set("teens twenties thirties forties youth childhood")
_OPENINGS = Table(rows(
    "when i was on|when i was a|when i took|while i was on|until last|until recently|years ago|ages ago|long ago|a while back|a while "
    "ago|back then|as a child|as a kid|as a teenager|as a teen|at school|at uni|before ms|in the nineties|in the eighties|the old "
    "tablets|the old drug|the old one|the old meds|my old tablets|my old drug|the previous drug|the first infusion|the first dose|my "
    "first infusion|my first dose|at the start of|at the beginning of|in the beginning|in the early days|the last one i had|once before|"
    "the last time|first infusion in|before i was diagnosed|before i had ms|the year before|years back|months ago|months back"
))
_LIFE_EVENTS = word_set(
    "diagnosed diagnosis started start switched swapped stopped finished moved married born retired infusion dose course changed since "
    "dx off"
)
_LIGHT = word_set(
    "it that this they all those these which everything of has have had s 's just soon then quickly eventually and was were been only "
    "luckily thankfully by now even i think believe guess mostly so him her mine is are thats its theyve"
)
_ENDED = word_set("passed stopped settled cleared faded disappeared resolved lifted eased subsided vanished gone healed sorted calmed")
_ENDED_ROWS = rows(
    "wore off|went away|went off|got better|went down|gone down|calmed down|settled down|cleared up|nothing like that since|none since|"
    "none of that since|not happened since|hasnt happened since|not happened again|hasnt happened again|hasnt come back|not come back|"
    "havent come back|never came back|never happened again|hasnt returned|never returned|nothing since|not had it since|havent had it "
    "since|havent had one since|not had one since|only happened once|happened once|back to normal|has stayed away|stayed away"
)
_WELL_AGAIN = frozenset(rows("i was fine|back to normal|back to baseline|was fine again|was all right|im fine now"))
_NOT = word_set("not hasnt havent never isnt arent wont didnt doesnt cant nothing")
_OPINION = word_set("think believe guess")
_GOES_ON = word_set("spreading worse ongoing continues growing bigger")
_IS_OR_COMES = word_set("its is are came come theyre 's has have")
_COMES = word_set("when whenever if once then usually always every sometimes until unless with")
_BACK = 8  # clauses before its own that a return reaches back to
_REACH = 2  # clauses before its own that an end reaches back to, in its sentence and the one before


@dataclass(slots=True)
class _Clause:
    low: int
    high: int
    sentence: int
    tense: str  # "past" | "present" | ""
    near: bool  # names the present, or a beginning
    old: bool  # names a time long gone
    over: bool = False
    back: bool = False


def told(
    keys: Sequence[str], tokens: Sequence[Token], former: Iterable[tuple[int, int]] = (), treatments: frozenset[str] = frozenset()
) -> list[str]:
    """For each word "over", "back" (it returned) or "". `former` are the places of medicines that are taken no longer, `treatments`
    the names of medicines."""
    spots = frozenset(at for low, high in former for at in range(low, high))
    clauses = list(_clauses(keys, tokens, spots, treatments))
    framed = False
    tenses = _sentence_tenses(clauses)
    for before, clause in itertools.zip_longest([None, *clauses[:-1]], clauses):
        new = before is None or before.sentence != clause.sentence
        onwards = keys[clause.low] in _ONWARDS or new and keys[clause.low] not in _SAME_THING
        if clause.near or clause.tense == "present" or onwards and not clause.old:
            framed = False
        elif clause.old:
            framed = True
        elif (tenses[clause.sentence] if new else clause.tense) != "past":  # "a clot years ago, calf swollen" may well be now
            framed = False
        clause.over = framed
    for at, clause in enumerate(clauses):
        if _ends(keys, clause, treatments):
            _close(clauses, at, keys)
        if _returns(keys, clause):
            for other in clauses[max(0, at - _BACK) : at + 1]:
                other.back |= clause.sentence - other.sentence <= 1
    words = [""] * len(keys)
    for clause in clauses:
        for place in range(clause.low, clause.high):
            words[place] = "back" if clause.back else "over" if clause.over else ""
    return words


def _sentence_tenses(clauses: Sequence[_Clause]) -> dict[int, str]:
    """The tense of each sentence; one that names the present anywhere is none of the past: "blisters on my ear, started tuesday"."""
    found: dict[int, str] = {}
    for clause in clauses:
        before = found.get(clause.sentence, "")
        found[clause.sentence] = "present" if clause.near or "present" in (before, clause.tense) else before or clause.tense
    return found


def _clauses(keys: Sequence[str], tokens: Sequence[Token], former: frozenset[int], treatments: frozenset[str]) -> Iterator[_Clause]:
    cuts = [
        at
        for at, token in enumerate(tokens)
        if at == 0 or token.before or keys[at] in _TURN or keys[at] in {"and", "so"} and set(keys[at + 1 : at + 2]) & (_WHO | _NOW)
    ]
    sentence = 0
    for low, high in itertools.pairwise([*cuts, len(keys)]):
        sentence += tokens[low].before == "."
        old = not _dates_treatment(keys, low, high, treatments) and _old(keys, low, high, former)
        yield _Clause(low, high, sentence, _tense(keys, low, high), _near(keys, low, high), old)


def _tense(keys: Sequence[str], low: int, high: int) -> str:
    past = False
    for at in range(low, high):
        key = keys[at]
        if key in _PRESENT or key == "'s" and at > low and keys[at - 1] in _S_IS_VERB or key in {"its", "thats"}:
            return "present"
        regular = len(key) > 4 and key.endswith("ed") and not key.endswith("eed") and key not in _ADJECTIVES
        past |= regular or key in _PAST or key == "got" and at > low
    return "past" if past else ""


def _near(keys: Sequence[str], low: int, high: int) -> bool:
    part = keys[low:high]
    return bool(_NOW & set(part)) or any(pair in _NOW_PAIRS for pair in itertools.pairwise(part))


def _old(keys: Sequence[str], low: int, high: int, former: frozenset[int]) -> bool:
    part = keys[low:high]
    if any(low <= at < high for at in former) and _tense(keys, low, high) == "past":
        return not _LIFE_EVENTS & set(part)  # "stopped Gilenya 5 weeks ago" says nothing of what follows
    if any(_OPENINGS.at(part, at) for at in range(len(part))):
        return not _LIFE_EVENTS & set(part) - {"infusion", "dose", "start"}
    if _LIFE_EVENTS & set(part):
        return False
    return any(_is_old(part, at) for at in range(len(part)))


def _dates_treatment(keys: Sequence[str], low: int, high: int, treatments: frozenset[str]) -> bool:
    """As in "had lemtrada 18 months ago": when the medicine was given says nothing of when the rest was."""
    part = keys[low:high]
    return bool(treatments & set(part)) and any(_is_old(part, at) for at in range(len(part)))


def _is_old(part: Sequence[str], at: int) -> bool:
    key, before, after = part[at], part[at - 1] if at else "", part[at + 1] if at + 1 < len(part) else ""
    if key in _SPANS and after in {"ago", "back"}:
        return True
    if key in _LAST and before == "last" or key in _LIFE and before in {"my", "in"}:
        return True
    if key in {"years", "decades"} and "for" in part[max(0, at - 2) : at]:
        return _tense(part, 0, len(part)) == "past"
    return key.isdigit() and len(key) == 4 and key[:2] in {"19", "20"} and before in {"in", "since", "of"} - {"since"}


def _ends(keys: Sequence[str], clause: _Clause, treatments: frozenset[str]) -> bool:
    """The clause says, of what went before, that it ended: "it wore off after a coffee", "nothing like that since"."""
    part = keys[clause.low : clause.high]
    light = list(itertools.takewhile(lambda key: key in _LIGHT or key in _TURN or key in {"after", "eventually"}, part))
    rest = part[len(light) :]
    if "i" in light and not _OPINION & set(light):  # "then i was gone for a minute" is no end of it
        rest = []
    for row in _ENDED_ROWS:
        for at in (len(light), max(0, len(light) - 1), max(0, len(light) - 2)):
            if tuple(part[at : at + len(row)]) == row:
                return not _COMES & set(part[at + len(row) :])
    if tuple(part[-3:]) in _WELL_AGAIN:
        return True
    if part[:2] == ["that", "was"] and (clause.old or "before" in part):  # "that was before my diagnosis", "that was in the nineties"
        return True
    if any(pair == ("only", "lasted") for pair in itertools.pairwise(part)):
        clause.over = True
    if not rest or rest[0] not in _ENDED or _COMES & set(rest) or _NOT & set(light):
        return False
    # "it stopped bleeding" says nothing of the cut, and "stopped Aubagio" nothing of the wish for a baby
    return not (len(rest) > 1 and (rest[1].endswith("ing") or rest[1] == "my" or rest[1] in treatments))


def _close(clauses: Sequence[_Clause], at: int, keys: Sequence[str]) -> None:
    """What the end speaks of: the clauses before it that are not told as present."""
    ending = clauses[at]
    first = at and clauses[at - 1].sentence != ending.sentence
    for other in reversed(clauses[max(0, at - (_BACK if first else _REACH)) : at]):
        if ending.sentence - other.sentence > (1 if first else 0) or other.tense == "present" or other.near and other.tense != "past":
            return
        other.over = True


def _returns(keys: Sequence[str], clause: _Clause) -> bool:
    part = keys[clause.low : clause.high]
    if set(part) & _NOT or not ({"it", "its", "they", "theyre", "this", "these", "all"} & set(part[:3])):
        return False
    if clause.tense == "present" and _GOES_ON & set(part):
        return True
    return any(
        one == "returned" or one == "back" and _IS_OR_COMES & set(part[max(0, at - 2) : at]) and part[at + 1 : at + 2] != ["to"]
        for at, one in enumerate(part)
    )
