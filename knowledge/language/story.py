"""What is told of a time that is over, what came back, and what one clause says of whole sentences.

People write stories: "On Avonex I got the shivers every weekend. That stopped." A clause is over when it is told in the past and stands in
a time long gone ("in 2021 ...", a frame that later clauses keep until the present is named), or when the next words say that it ended. The
simple past alone is not enough: "my arm went numb" may well be so now, and of two readings the dangerous one counts. A clause may also
deny what was listed before it ("I've had none of those") or tell what others ask ("they ask about ...").
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.language.clauses import TURN, WHO, Clause, split
from knowledge.language.phrases import Token, word_set
from knowledge.language.text import Table, rows

_ONWARDS = word_set("then later afterwards next but however")  # may lead to the present
_SAME_THING = word_set("the that it they those these both all each every this she he")  # a sentence that goes on with the story
_SO = word_set("it they then that")
_LIGHT = word_set(
    "it that this they all those these which everything of has have had s 's just soon then quickly eventually and was were been only "
    "luckily thankfully by now even i think believe guess mostly so him her mine is are thats its theyve after both"
) | TURN
_ENDED = word_set("passed stopped settled cleared faded disappeared resolved lifted eased subsided vanished gone healed sorted calmed")
_ENDED_ROWS = Table(rows(
    "wore off|went away|went off|got better|went down|gone down|calmed down|settled down|cleared up|nothing like that since|none since|"
    "none of that since|not happened since|hasnt happened since|not happened again|hasnt happened again|hasnt come back|not come back|"
    "havent come back|never came back|never happened again|hasnt returned|never returned|nothing since|not had it since|havent had it "
    "since|havent had one since|not had one since|only happened once|happened once|back to normal|has stayed away|stayed away"
))
_WELL_ROWS = Table(rows(
    "come back to normal|came back to normal|gone back to normal|went back to normal|right again"
    "|the end of it|the end of that|faded to nothing|faded away"
))
_BRIEF = word_set("minute minutes min mins second seconds secs hour hours")  # what was so short may come again: it is told as news
_MENDED = word_set("fixed sorted cured cleared settled shifted healed")  # "physio fixed all that"
_SUBJECT = word_set("it that they everything which both and")
_WELL = r"(?:ok|okay|fine|grand|good|well|clear|clean|settled|gone|perfect|alright|all right|right as rain)"
_WHEN = (
    r"(?:a|the|few|couple|of|next|same|second|two|three|four|days?|weeks?|months?|fortnight|night|morning|evening|teatime|bedtime|lunchtime"
    r"|\w+day|summer|winter|spring|autumn|easter|christmas|year|end|then)"
)
# A whole clause that says it is over and done with: "that's all behind me now", "long gone, that", "over by morning".
_OVER = re.compile(
    r"(?:(?:but|and|so|well|it|its|that|thats|this|they|theyre|all|those|these|which|time|is|are|was|were|has|have|been|'s|long|now|luckily"
    r"|thankfully|just) )*(?:(?:over|past|history|gone|finished|done(?: with)?|behind me|out of my system)"
    rf"(?: (?:now|at last|for good|and done|and dusted|thank god|thankfully|ago|(?:by|after|within|in|since)(?: {_WHEN})*))*"
    r"|(?:is|its|are|theyre) away(?: now)?)"
    r"|.*\b(?:that was that|never again|i was fine|right as rain|back to (?:normal|baseline)|was fine again|was all right|im fine now)"
)
_WELL_SINCE = re.compile(rf".*\b{_WELL}(?: (?:as|a|bell|gold|now|again|enough|thankfully|and|stayed|been|me))* (?:ever )?since(?: then)?")
_NEVER_SINCE = re.compile(
    r"(?:.* )?(?:(?:never|not|none|nothing|nowt|havent|hasnt|nae)(?: (?:had|have|has|it|that|this|one|a|an|single|any|of|the|kind|sort|like"
    r"|them|happened|come|came|back|returned|again|seen|so much as|touch))*) (?:ever )?since(?: then)?"
)
_AGAIN = re.compile(
    r"\b(?:full|normal|fine|ok|okay)(?: \w+){0,3} again\b"
    r"|\b(?:was|were|am|im|is|are|been|got|came|went|gone|all) back to (?:normal|baseline|myself)\b"
)
# It was to go and did not: "... and never came right".
_STAYS = re.compile(
    r"\b(?:never|hasnt|havent|not|didnt|doesnt|wont|isnt)(?: (?:really|quite|fully|been|yet|all))?"
    r" (?:(?:came|come|been) right|(?:got|get) better|recovered"
    r"|healed|(?:gone|went|go) away|gone|cleared|settled|lifted|shifted|eased|(?:been )?the same|grown back|filled in)\b"
)
_NOT = word_set("not hasnt havent never isnt arent wont didnt doesnt cant nothing")
_OPINION = word_set("think believe guess")
_GOES_ON = word_set("spreading worse ongoing continues growing bigger")
_IS_OR_COMES = word_set("its is are came come theyre 's has have")
_COMES = word_set("when whenever if once then usually always every sometimes until unless with")
_BACK = 8  # clauses before its own that a return reaches back to
_REACH = 2  # clauses before its own that an end reaches back to, in its sentence and the one before
_GOES_BACK = Table(rows("that was|this was|it was|all that was|they were|that happened"))
_NO = word_set("not dont havent hasnt havnt never didnt doesnt isnt arent wasnt without no neither")
_OF = word_set("it that those these them this")
_ENDS_DENIAL = word_set("ever now today at myself thankfully touch thank thanks so and but though tho luckily")
_ASKING = Table(rows(
    "ask about|asks about|ask if|asks if|asked if|asked whether|asked did|asked was|asked were|asked had"
    "|asked am|asked me did|know the signs|the signs are|signs like"
    "|signs such as|symptoms like|symptoms such as|how it starts|pictures of|photos of|if one day|goes on about|see the worst of"
    "|reading the leaflet|read the leaflet"
))
_STOPPED = word_set("stop stopped stopping finished off quit ditched switched swapped")
_LEAVES = _STOPPED | word_set("until till changed moved since dropped failed")
_SUFFERED = word_set("had got gave made caused suffered brought felt were")
_ON = word_set("on with under during while taking took used using from of")
_CAUSED = word_set("gave made caused sent turned put had")
_EVENT = word_set("went got came lost fell woke collapsed fainted started began turned became dropped developed")
_OF_IT = word_set("it that they this made gave caused all both")
_TURNED_OUT = Table(rows("turned out|turns out|it turned out"))


class Story:
    """The clauses of one text and, for each word, what the others say of it: "past" (told of a time long gone), "then" (in the time of
    such a clause), "ended" (said to have), "back" (it returned), "negated", "hypothetical".

    `medicines` are the places of the medicines named, each with its role, `treatments` the words that name one.
    """

    def __init__(
        self, keys: Sequence[str], tokens: Sequence[Token], treatments: frozenset[str], medicines: Iterable[tuple[int, str]] = ()
    ) -> None:
        self._keys, self._tokens, self._treatments = keys, tokens, treatments
        self._former = [at for at, role in medicines if role == "past"]
        self._current = [at for at, role in medicines if role == "current"]
        self.clauses = split(keys, tokens, treatments)
        self.sentences = [list(group) for _, group in itertools.groupby(self.clauses, key=lambda clause: clause.sentence)]
        # Of each word the number of its clause.
        self.number = [number for number, clause in enumerate(self.clauses) for _ in range(clause.low, clause.high)]
        self.roles: list[set[str]] = [set() for _ in keys]
        self._date()
        self._carry()
        self._end()
        for clause in self.clauses:
            self._mark(clause.roles, clause.low, clause.high)
        for number, sentence in enumerate(self.sentences):
            for role, low, high in self._said_of_all(sentence, self.sentences[number - 1] if number else sentence):
                self._mark({role}, low, high)

    def told_in_past(self, at: int) -> bool:
        """The clause of the word at this place is told in the past."""
        return self.clauses[self.number[at]].tense == "past"

    def _mark(self, roles: set[str], low: int, high: int) -> None:
        for at in range(low, high) if roles else ():
            self.roles[at] |= roles

    # -- times ---------------------------------------------------------------------------------------------------------

    def _date(self) -> None:
        """A time long past, and the clauses around it in its sentence that are told in the past too."""
        for sentence, before in zip(self.sentences, [[], *self.sentences], strict=False):
            for at, clause in enumerate(sentence):
                told_then = clause.told_then or clause.tense != "present" and _told_then(sentence[at + 1 :])
                if clause.then >= 0 and not _is_near(clause) and told_then:
                    before_it = [] if clause.opens else _while_then(sentence[:at][::-1])
                    for other in [*before_it, clause, *_while_then(sentence[at + 1 :])]:
                        other.roles.add("past")
            if any(clause.dated for clause in before) and self._keys[sentence[0].low] in _SO:
                for clause in _while_then(sentence):  # "I had my transplant in 2019. It was brutal, neutrophils went to zero"
                    clause.roles.add("past")

    def _carry(self) -> None:
        """What follows in the time that a clause has named, until the present is named."""
        framed = under = False
        for sentence in self.sentences:
            told_now = any(_is_near(clause) or clause.tense == "present" for clause in sentence)
            tense = "present" if told_now else next((clause.tense for clause in sentence if clause.tense), "")
            for clause in sentence:
                new = clause is sentence[0]
                first = self._keys[clause.low]
                onwards = first in _ONWARDS or new and first not in _SAME_THING
                medicine = self._under(clause)
                if _is_near(clause) or clause.tense == "present" or not medicine and self._names(clause, self._current):
                    framed = under = False
                elif clause.then >= 0 or medicine:
                    framed, under = True, medicine
                elif under:
                    framed = under = self._still_under(sentence, clause) if not new else tense == "past" and self._goes_on(sentence)
                elif onwards or (tense if new else clause.tense) != "past":  # "a clot years ago, calf swollen" may well be now
                    framed = False
                if framed:
                    clause.roles.add("then")

    def _under(self, clause: Clause) -> bool:
        """The clause tells of the time under a medicine that is taken no longer: not "I stopped Gilenya", which dates nothing else."""
        part = self._keys[clause.low : clause.high]
        if clause.tense != "past" or not _LEAVES.isdisjoint(part):
            return False
        there = [at - clause.low for at in self._former if clause.low <= at < clause.high]
        return clause.under or any({*part[max(0, at - 2) : at]} & _ON or {*part[at + 1 : at + 3]} & _CAUSED for at in there)

    def _goes_on(self, sentence: Sequence[Clause]) -> bool:
        """A sentence goes on about that time: as a habit ("every weekend I would ..."), or of the medicine ("it made me ...").

        What only happened ("my arm went weak") may have come after it.
        """
        return any(clause.habit for clause in sentence) or self._keys[sentence[0].low] in _OF_IT

    def _still_under(self, sentence: Sequence[Clause], clause: Clause) -> bool:
        """A later clause of such a sentence: a list without verbs, or told in the past and no event of its own ("and my arm went weak")."""
        part = self._keys[clause.low : clause.high]
        if not clause.tense:  # "on Avonex I had fevers, headaches": not "was on Avonex, rash all over", which may well be now
            begun = any(not _SUFFERED.isdisjoint(self._keys[other.low : other.high]) for other in sentence if other.low < clause.low)
            return begun and WHO.isdisjoint(part) or self._goes_on(sentence)
        return self._goes_on([clause]) or _EVENT.isdisjoint(part) and _STOPPED.isdisjoint(part)

    def _names(self, clause: Clause, places: Iterable[int]) -> bool:
        return any(clause.low <= at < clause.high for at in places)

    # -- ends and returns ----------------------------------------------------------------------------------------------

    def _end(self) -> None:
        for at, clause in enumerate(self.clauses):
            if self._ends(clause):
                self._close(at)
            far = 1 if self._returns(clause) else 0 if _STAYS.search(self._words(clause)) else -1
            for other in self.clauses[max(0, at - _BACK) : at + 1]:
                if clause.sentence - other.sentence <= far:
                    other.roles.add("back")

    def _words(self, clause: Clause) -> str:
        return " ".join(self._keys[clause.low : clause.high])

    def _ends(self, clause: Clause) -> bool:
        """The clause says, of what went before, that it ended: "it wore off after a coffee", "nothing like that since"."""
        part = self._keys[clause.low : clause.high]
        if any(self._ended_from(part[at:], part[at] != "and") for at in range(len(part)) if not at or part[at] in _SUBJECT):
            return True
        if any(
            key in _MENDED and {*part[at + 1 : at + 3]} & {"it", "that", "them", "everything"} and _NOT.isdisjoint(part[:at])
            for at, key in enumerate(part)
        ):
            return True
        said = self._words(clause)
        if _OVER.fullmatch(said) or _NEVER_SINCE.fullmatch(said):
            return True
        if _NOT.isdisjoint(part) and _COMES.isdisjoint(part) and (_WELL_SINCE.fullmatch(said) or _AGAIN.search(said)):
            clause.roles.add("ended")  # "full strength again" is itself no complaint
            return True
        if part[:2] == ["that", "was"] and (clause.then >= 0 or "before" in part):  # "that was before my diagnosis"
            return True
        if ("only", "lasted") in itertools.pairwise(part):
            clause.roles.add("ended")
        return False

    def _ended_from(self, part: Sequence[str], itself: bool) -> bool:
        """An end stands at the start of `part`, behind small words; a single verb only where `itself`, not "pulse 38 and passed out"."""
        light = len(list(itertools.takewhile(_LIGHT.__contains__, part)))
        said, rest = part[:light], part[light:]
        for at in range(max(0, light - 2), min(light + 1, len(part))):
            if length := _ENDED_ROWS.at(part, at) or _BRIEF.isdisjoint(part) and _WELL_ROWS.at(part, at):
                return _COMES.isdisjoint(part[at + length :])
        if "i" in said and _OPINION.isdisjoint(said):  # "then i was gone for a minute" is no end of it
            return False
        went = rest[:1] == ["went"] and bool(said) and (len(rest) == 1 or rest[1] in {"in", "within"}) and _BRIEF.isdisjoint(rest)
        if not itself or not rest or not went and rest[0] not in _ENDED:
            return False
        if rest[1:] and (rest[1] == "out" or rest[1].isdigit()):  # "passed out", "gone 10 am"
            return False
        if not _COMES.isdisjoint(rest) or not _NOT.isdisjoint(said):
            return False
        # "it stopped bleeding" says nothing of the cut, and "stopped Aubagio" nothing of the wish for a baby
        return not (len(rest) > 1 and (rest[1].endswith("ing") or rest[1] == "my" or rest[1] in self._treatments))

    def _close(self, at: int) -> None:
        """What the end speaks of: the clauses before it that are not told as present."""
        ending = self.clauses[at]
        first = at > 0 and self.clauses[at - 1].sentence != ending.sentence
        dated = _is_near(ending)  # "shivers on friday, saturday still 37.9, by sunday it was gone"
        for other in reversed(self.clauses[max(0, at - (_BACK if first or dated else _REACH)) : at]):
            apart = ending.sentence - other.sentence
            if apart > first or other.tense == "present" or _is_near(other) and other.tense != "past" and not dated:
                return
            other.roles.add("ended")

    def _returns(self, clause: Clause) -> bool:
        part = self._keys[clause.low : clause.high]
        if "again" in part and len(part) < 7 and clause.tense == "present" and _NOT.isdisjoint(part):  # "and now I am again"
            return True
        if part[0] in {"but", "then", "and"} and ("came", "back") in itertools.pairwise(part[:3]):
            return True
        if "came" in part and not clause.now and any(other.then >= 0 for other in self.sentences[clause.sentence]):
            return False  # "in 2017 I lost my sight and it came back": it got well
        if not _NOT.isdisjoint(part) or {"it", "its", "they", "theyre", "this", "these", "all"}.isdisjoint(part[:3]):
            return False
        if clause.tense == "present" and not _GOES_ON.isdisjoint(part):
            return True
        return any(
            one == "returned" or one == "back" and _IS_OR_COMES & set(part[max(0, at - 2) : at]) and part[at + 1 : at + 2] != ["to"]
            for at, one in enumerate(part)
        )

    # -- what one clause says of all ----------------------------------------------------------------------------------

    def _said_of_all(self, sentence: list[Clause], before: list[Clause]) -> Iterator[tuple[str, int, int]]:
        low, high = sentence[0].low, sentence[-1].high
        for at in _GOES_BACK.among(self._keys, low, high):
            end = at + _GOES_BACK.at(self._keys, at)
            soon = range(end, min(end + 5, high))
            if any(other.then in soon for other in sentence) or "before" in self._keys[end : soon.stop]:
                yield "past", low if at > low + 1 else before[0].low, at  # "... on oxygen, but that was before the switch"
        for at in range(low, high):
            if self._none_of_it(at, low, high):
                alone = not any(token.before for token in self._tokens[low + 1 : at])
                yield "negated", before[0].low if alone else low, low if alone else self.clauses[self.number[at]].low
        for at in _ASKING.among(self._keys, low, high):
            yield "hypothetical", at + 1, self._until_own(at + 1, high)
        for at in _TURNED_OUT.among(self._keys, low + 1, high):
            yield "past", low, at

    def _none_of_it(self, at: int, low: int, high: int) -> bool:
        """As in "I haven't had any of it", "he's none of those": no to all that was named before."""
        keys = self._keys
        if keys[at] not in {"none", "any"} or keys[at + 1 : at + 2] != ["of"] or not set(keys[at + 2 : at + 3]) & _OF:
            return False
        end = at + 3
        over = end >= high or bool(self._tokens[end].before) or keys[end] in _ENDS_DENIAL
        return over and "before" not in keys[end:high] and (keys[at] == "none" or not _NO.isdisjoint(keys[max(low, at - 4) : at]))

    def _until_own(self, at: int, high: int) -> int:
        """Where a list that is only asked or read about ends: the writer speaks of themself again."""
        keys = self._keys
        for place in range(at + 3, high):
            if keys[place] in {"but", "ive", "im"} or keys[place] == "i" and self._tokens[place].before:
                return place
        return high


def _is_near(clause: Clause) -> bool:
    return clause.now or clause.recent


def _told_then(clauses: Sequence[Clause]) -> bool:
    return any(clause.tense == "past" for clause in clauses) and not any(clause.now or clause.tense == "present" for clause in clauses)


def _while_then(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses that go on in the past; a list without verbs in between belongs to them."""
    kept: list[Clause] = []
    last = 0
    for clause in clauses:
        if clause.now or clause.tense == "present":
            break
        kept.append(clause)
        last = len(kept) if clause.tense else last
    return kept[:last]
