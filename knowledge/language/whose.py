"""Whose a complaint is: the writer's own, somebody else's, or that of the person the writer speaks for.

A clause tells of the person whom it names first, and so do the clauses behind it, until the writer says "I" or "my", somebody else is named
or the sentence ends. Who is cared for ("my husband") is the patient unless the writer tells of themself: a miss there can cost a life.
"""

import functools
import re
from collections.abc import Iterable, Sequence

from knowledge.language.phrases import Token
from knowledge.language.text import Table, rows, word_set

SELF = word_set("i im ive id iwill")
_POSSESSIVE = word_set("my his her their our me mi")
_SOMEBODYS = (_POSSESSIVE - {"me"}) | word_set("a the s 's this an both one some another")
_PRONOUNS = word_set("he she hes shes hed shed his her hers")
_CARED_FOR = word_set(
    "wife wifey wifie husband partner son daughter girlfriend boyfriend fiance fiancee hubby hubbie missus spouse child kid bf gf "
    "hubs patient client lad lass dh dw indoors"
)
# People one tells stories about; nobody writes to a clinic for them.
_ANECDOTE = word_set(
    "friend mate pal buddy bestie cobber colleague coworker workmate boss manager neighbour neighbor teacher landlord man woman guy "
    "lady bloke people someone somebody actor character nurse doctor cousin flatmate housemate roommate fella feller chap geezer ex "
    "door everyone everybody"
)
_ANIMALS = word_set(
    "dog cat ewe sheep cow pig lamb puppy kitten hamster goldfish fish rabbit horse pony parrot budgie tortoise pet"
)
_FAMILY = word_set(
    "mum dad mother father mom brother sister uncle aunt auntie aunty nan gran grandma grandad grandmother grandfather grandpa niece "
    "nephew parent inlaw granny nana stepdad stepmum granddaughter grandson ma da pa mammy daddy nanny granda gramps mommy mumma "
    "gramma papa mam stepson stepdaughter"
)
_OTHERS = _ANECDOTE | _ANIMALS | _FAMILY | word_set(
    "girl boy baby toddler bro sis youngest eldest oldest twin teenager children"
)
_CROWD = word_set("class office ward nursery team family school street household department group work church choir forum")
# "Boy does it hurt", "mate I have a rash", "ma leg" for my leg: who is spoken to, or nobody.
_ADDRESSED = _ANECDOTE | _ANIMALS | word_set("ma da pa baby toddler girl boy bro sis child kid patient client lad lass indoors")
_BY_NAME = word_set("mum mam mom mammy mommy dad daddy nan gran granny nana grandad granda hubby dh hubs wifey")
_BEHIND_PERSON = word_set(
    "'s has had is was got gets have in at from who whos down up on of next upstairs downstairs opposite keeps went came caught"
)
_TELLING = word_set(
    "says say said thinks think thought reckons told tells noticed noticing notices asked asks wants suggested suggests insists calls "
    "worried saw sees pointed mentioned found advised believes gave put made drove took phoned rang timed counted filmed"
)
_TREATED = word_set("ms spms ppms rrms infusion infusions injections dmt relapse neurologist")
_AS_WELL = word_set("too also than like same")  # the writer has it as well
_BESIDE_ME = word_set(  # "a man next to me fainted", "she told me"
    "to of beside like with than for behind near and before after not bar from at on as by told tells asked asks showed shows texted "
    "rang phoned messaged opposite"
)
_OCCASION = word_set(  # "my brother's wedding": of the day, not of him
    "wedding birthday funeral party christening graduation anniversary concert wake communion baptism leaving"
)
_HAPPENS_TO = word_set("has had have got gets at in on around caught went came was is")
_ANY_PEOPLE = word_set("do does can most many could would will make makes")
_PART_OF = word_set("half most all whole rest everyone everybody everyones")
_WHERE = word_set("in at from")  # "a girl in my MS group": still about her
_ASIDE = word_set("to with from by told asked tell hit visit like")  # "with my husband": not who it is about
_OF_CARER = word_set(  # what whoever cares feels, or sees in the one who is ill
    "worried worry worrying anxious scared nervous frightened afraid terrified panic panicking panicked stressed stress upset crying "
    "him her he hes she shes his them they me"
)
_CARER = Table(rows(
    "on behalf of|im asking for|asking for my|caring for|carer for|i care for|looking after|look after|im her carer|im his carer"
    "|as her carer|as his carer|this is his|this is her|calling for|writing for|messaging for|typing for|about my mum|about my dad"
    "|write for her|write for him|type for her|type for him|doing it for her|doing it for him|doing this for her|doing this for him"
))
_CARRIED = Table(rows("my pregnancy|i was pregnant|i gave birth|my labour|carrying him|carrying her"))
_SELF_ON = Table(rows(
    "im on|ive been on|i take|i am having ms|im having ms|i am on|i have ms|ive got ms|my ms|i started|my infusion|my injection"
    "|my neurologist|i was on|im the one with ms|im the one on|not on any ms|isnt on any ms|hasnt got ms|doesnt have ms|not got ms"
    "|my tablets|i inject|my jab|my ms team|my ms nurse|ive had ms|i have had"
))
_ME_TOO = Table(rows("so have i|so do i|so am i|so did i|and me too|as do i|as have i"))
_HAVING = word_set("got been had")
# The writer sets themself apart from whoever is ill: "I'm the healthy one", "I've not caught it".
_APART = re.compile(
    r"\b(?:im|i am|i feel|ive been|im feeling) (?:(?:all|the|quite|still|just|perfectly|absolutely|otherwise) )*"
    r"(?:fine|ok|okay|grand|well|healthy|good|right as rain|full of)\b"
    r"|\b(?:fine|grand|well|ok|okay|good|no symptoms) (?:here|myself)\b"
    r"|\b(?:i|ive|id|iwill|i have) (?:not |never |havent |didnt |wont )?(?:catch|caught|dodged|escaped)\b(?! (?:him|her|them))"
    r"|(?:^|[.,])me [.,]?i(?:m|ve)?\b|(?<!\bits )(?<!\bis )(?<!\bfor )\b(?:not|bar) (?:me|mine)\b"
    r"|\bmine (?:dont|doesnt|didnt|arent|isnt|havent|hasnt|are fine|is fine)\b"
)


class Whose:
    """Whom each word of one text is about. `treatments` are the names of MS medicines: whoever takes one is the patient."""

    def __init__(self, text: str, keys: list[str], tokens: list[Token], treatments: frozenset[str]) -> None:
        self._text, self._keys, self._tokens, self._treatments = text, keys, tokens, treatments
        self._of_treatment = bool(_SELF_ON.among(keys))
        self._carried = bool(_CARRIED.among(keys))  # of the pregnancy with the baby, which was exposed to all that she took

    @functools.cached_property
    def speaks_of_self(self) -> bool:
        """The writer tells of their own MS or treatment, or that they are well themself."""
        return self._of_treatment or not self.speaks_for_other and bool(_APART.search(self._said))

    @functools.cached_property
    def speaks_for_other(self) -> bool:
        """The writer speaks for the patient: someone else has MS or its medicine, and the writer says nothing of their own."""
        if self._of_treatment:
            return False
        return bool(_CARER.among(self._keys)) or any(self._is_treated(at) for at in self._close_ones())

    @property
    def _said(self) -> str:
        """The words, with the stops and commas between them."""
        return " ".join(token.before + key for token, key in zip(self._tokens, self._keys, strict=True))

    def owners(self, mentions: Iterable[tuple[int, int]], clause_of: Sequence[int]) -> list[str]:
        """For each word "self" or "other".

        `mentions` are the words [first, last) of complaints, `clause_of` the place where each word's clause begins.
        """
        others = self._owned(cared_for=False)
        if "other" not in others:
            return others
        own = self.speaks_of_self or self._complains(others, mentions, clause_of)
        return others if own else self._owned(cared_for=True)

    def names_somebody(self, first: int, last: int) -> bool:
        """The words [first, last) name whose it is: "my wife is pregnant"."""
        return any(_is_kin(key) and key not in _ANIMALS for key in self._keys[first:last])

    def _close_ones(self) -> Iterable[int]:
        """The places that speak of somebody whom one may write for: "my mum", then "she"."""
        person = ""
        for at, key in enumerate(self._keys):
            if _is_kin(key) and self._is_person(at):
                person = _one(key)
                called = at and self._keys[at - 1] in _POSSESSIVE or person in _BY_NAME and not at or person in _CARED_FOR
                person = person if called else "friend"
            if person and person not in _ANECDOTE and (_is_kin(key) or key in _PRONOUNS):
                yield at

    def _is_treated(self, at: int) -> bool:
        """An MS medicine or MS itself is named right behind the person, who does not just have it as the writer does."""
        low, high = at + 1, min(at + 10, len(self._keys))
        own = (place for place in range(low, high) if self._tokens[place].before == "." or self._keys[place] in SELF)
        near = self._keys[low : next(own, high)]
        return any(key in _TREATED or key in self._treatments for key in near) and _AS_WELL.isdisjoint(near)

    def _complains(self, owners: list[str], mentions: Iterable[tuple[int, int]], clause_of: Sequence[int]) -> bool:
        """The writer says "I" or "my" of a complaint that was found, other than the worry about somebody."""
        for first, last in mentions:
            if first < last and owners[first] == "self" and _OF_CARER.isdisjoint(self._keys[first:last]):
                low = clause_of[first]
                before = self._keys[low:last]
                if any(map(_is_kin, before)):  # "my wife thinks I poison her"
                    continue
                own = (key == "my" and not self._kin_follows(low + at) for at, key in enumerate(before))
                if not SELF.isdisjoint(before) or any(own):
                    return True
        return False

    def _owned(self, cared_for: bool) -> list[str]:
        keys, tokens = self._keys, self._tokens
        owners, owner, person = [], "self", ""
        relative = 0  # the words before this place stand in a clause like "the girl who cuts my hair"
        for at, key in enumerate(keys):
            if tokens[at].before == "." and owner == "other":
                owner = "self"
            if at >= relative and self._is_self(at):
                owner = "self"
            elif self._is_person(at):
                ill = self.speaks_for_other or cared_for and self._is_cared_for(at) or key == "baby" and self._carried
                person = "self" if ill and not self._of_another(at) else "other"
                relative = at + 5 if keys[at + 1 : at + 2] == ["who"] else 0
                if not self._reports(at):
                    owner = person
            elif key in _PRONOUNS and person:
                owner = person
            owners.append(owner)
        for at in _ME_TOO.among(keys):  # "mum's got a cough and so have I"
            low = next((low for low in range(at, 0, -1) if tokens[low].before == "."), 0)
            owners[low:at] = ["self"] * (at - low)
        return owners

    def _is_cared_for(self, at: int) -> bool:
        """One whom the writer may care for: "husbands got it" is "husband's got it", but "the kids have got it" tells of several."""
        key, behind = self._keys[at], self._keys[at + 1 : at + 2]
        return key in _CARED_FOR or _one(key) in _CARED_FOR - {"kid", "patient", "client"} and not _HAVING.isdisjoint(behind)

    def _is_self(self, at: int) -> bool:
        """The writer is the subject, the owner or the one to whom something was done: "I", "my leg", "sent me home with a fever"."""
        key, before = self._keys[at], self._keys[at - 1] if at else ""
        if key == "me":
            return before not in _BESIDE_ME and not self._kin_follows(at)
        return key in SELF or key == "my" and not self._kin_follows(at) and before not in _WHERE

    def _begins(self, at: int) -> bool:
        return not at or bool(self._tokens[at].before)

    def _of_another(self, at: int) -> bool:
        """As in "my friend's husband"."""
        *_, one, last = ["", "", *self._keys[max(0, at - 2) : at]]
        return last == "'s" and one in _OTHERS or last not in _OTHERS and _is_kin(last)

    def _kin_follows(self, at: int) -> bool:
        return any(map(_is_kin, self._keys[at + 1 : at + 4]))

    def _is_person(self, at: int) -> bool:
        """The word is used as a person ("my mum", "a friend of mine"), not "mum's the word" or the object of a verb."""
        key, before, behind = _one(self._keys[at]), self._keys[max(0, at - 3) : at], self._keys[at + 1 : at + 2]
        has_or_is = not _BEHIND_PERSON.isdisjoint(behind)
        last = before[-1] if before else ""
        if not _is_someone(key):
            return self._is_name(at, last, behind)
        if key in _CROWD:  # "half of my class has a cold", not "fainted in my class"
            return not _PART_OF.isdisjoint(before)
        if key == "people" and last in _ANY_PEOPLE:
            return False  # "do people get a rash": nobody in particular
        if key in {"people", "someone", "somebody"}:
            return {"like", "as"}.isdisjoint(before)  # "as if somebody had shot me"
        if last in {"a", "the"} and not {"im", "am"}.isdisjoint(before) or not _OCCASION.isdisjoint(self._keys[at + 1 : at + 3]):
            return False  # "I'm a bloke on Rebif": the writer
        if key in {"everyone", "everybody"}:
            return not _HAPPENS_TO.isdisjoint(behind)  # not "everyone would be better off without me"
        if {"me", "and"} <= {*before} or {"i", "and"} <= {*before}:  # "me and the wife both had it"
            return False
        if key in {"indoors", "door"}:  # "her indoors has it", "next door's got it"
            return last == ("her" if key == "indoors" else "next") and has_or_is
        compared = "of" in before and key in {"baby", "toddler"}  # "the strength of a baby", not "the funeral of a lad"
        if compared or not {"like", "as"}.isdisjoint(before):  # "sick as a dog", "walk like an old man"
            return False
        if key == "ex" and last == "an" or key == "baby" and last in {"a", "another"}:  # "want a baby": nobody yet
            return False
        if self._begins(at) and (has_or_is or key not in _ADDRESSED and bool(behind) and not self._begins(at + 1)):
            return True  # "girl at work has a rash", "hubby coughs", not "mate, I have a rash"
        if last == "best" and has_or_is or key in _BY_NAME and last in {"and", "but", "hi", "so"}:  # "bub's best mate has it"
            return True
        if key in {"nurse", "doctor"} and last in _ASIDE | {"for", "the", "ask"}:
            return False
        if len(before) > 1 and last in _POSSESSIVE and before[-2] in _ASIDE:
            return False
        return not _SOMEBODYS.isdisjoint(before) or last == "me"

    def _is_name(self, at: int, last: str, behind: Sequence[str]) -> bool:
        """A name with a capital where only a person can stand: "our Ellie has a cold", "Priya from my group"."""
        if not self._text[self._tokens[at].start].isupper() or not behind:
            return False
        if last == "our":
            return behind[0] in _BEHIND_PERSON
        return self._begins(at) and behind[0] in _WHERE and not _CROWD.isdisjoint(self._keys[at + 2 : at + 5])

    def _reports(self, at: int) -> bool:
        """As in "my husband says", "my mum thinks", "my nurse knows": a witness, not the one who is ill."""
        if self._keys[at] in {"nurse", "doctor"}:
            return _BEHIND_PERSON.isdisjoint(self._keys[at + 1 : at + 2])
        return any(key in _TELLING for key in self._keys[at + 1 : at + 3])


def _one(key: str) -> str:
    """A word for people as for one of them: "lads", and "mums" for "mum's"."""
    return key[:-1] if key.endswith("s") and key not in _KIN and key[:-1] in _KIN else key


def _is_kin(key: str) -> bool:
    return _one(key) in _KIN


def _is_someone(key: str) -> bool:
    return key in _CROWD or _is_kin(key)


_KIN = _CARED_FOR | _OTHERS
