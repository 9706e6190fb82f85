"""Finding medicines in what people write: which one, its role in the sentence, and since when.

Names come from `content/names/`. A word that is no known name is compared by spelling (rapidfuzz) and by sound
(jellyfish) with the names of the MS therapies *and* of everything that resembles them: the nearest wins, so that
a look-alike never becomes a therapy. Ordinary English words are left alone.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import top_n_list, zipf_frequency

from knowledge.durations import days
from knowledge.language.text import normalise
from knowledge.language.time import find_times

Entity = dict[str, Any]

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_GLUE = re.compile(r"[ \-/.'&+\n]{1,2}")  # what may stand between the parts of one name
_LONGEST_NAME = 6  # words
_COMMON_WORD = 3.5  # zipf frequency from which a word is no half of a name torn in two
_REAL_WORD = 2.6  # zipf frequency (wordfreq) from which a word is meant as typed, not as a misspelt medicine
_RARE_WORD = 1.6  # the same where nothing around it speaks of a medicine
_KNOWN_WORD = 1.5  # below it nobody uses the word: in the place of a medicine it is an unknown medicine
_SHORTEST = 5  # letters a misspelling must have

_BEFORE_NAME = re.compile(
    r"\b(?:on|my|of|off|taking|take|takes|took|taken|started|start|starting|stopped|stopping|had|having|have|using"
    r"|use|injected|inject|mg|the|tried|finished|been|(?:switched|switching|changed|moved|moving|going|back"
    r"|from) (?:from|to|on|onto)) ?$")
_AFTER_NAME = re.compile(
    r" ?(?:\d+ ?(?:mg|mcg|g)\b|infusions?|injections?|doses?|jabs?|shots?|pens?|pills?|tablets?|capsules?|drips?"
    r"|rounds?|course|treatment|caps?|tabs?)\b")
_DRUG_ENDING = re.compile(
    r"(?:mab|mabs|nib|nibs|imod|umide|umab|ximab|zumab|statin|cept|parin|vir|cillin|mycin|azole|olol|pril|sartan"
    r"|gliptin|gliflozin|tide|oxetine|triptan|fumarate|trexate|tinib|ciclib|degib|platin|rubicin|bine)$")
_IN_PLACE_OF_NAME = re.compile(
    r"\b(?:i(?:'m| am|m)? (?:also |now |still |currently |just )*(?:take|on|taking|use|using|started|took)|i(?:'ve"
    r"| have|ve) been (?:taking|on|put on|prescribed|given|using)|i(?:'ve| have|ve) (?:just |now )?(?:started"
    r"|taken)|i was (?:on|taking|given|prescribed|put on)|(?:put|started|switched|moved) (?:me )?(?:on|on to|onto"
    r"|to)|prescribed(?: me)?|called|named|dose of|infusion of|injection of|tablets of|switched from|came off"
    r"|medication is|medicine is|drug is|treatment is|taking|switched to|treated with) (?:a |an |the |some |new "
    r"|called |something |medicine |drug |medication )*(?:called )?$")
_ENGLISH_SUFFIXES = ("ing", "ed", "ly", "ness", "tion", "ment", "ful", "less", "able", "ies", "day")

THERAPY, CLASS, DESCRIBED, OTHER, WORD = "therapy", "class", "described", "other", "word"


@dataclass(frozen=True)
class Name:
    """What a name stands for: one therapy, a class (several share it), a description, another medicine, or a word."""

    kind: str
    ids: tuple[str, ...]


class Token(NamedTuple):
    """A word of the text, its key (`_key`) and how usual it is (zipf frequency)."""

    text: str
    start: int
    end: int
    key: str
    usual: float


@dataclass
class Mention:
    """A name in the text, at character offsets, with what could be worked out about it."""

    start: int
    end: int
    name: Name
    role: str = "current"
    times: dict[str, str] = field(default_factory=dict)
    group: str = ""


class MedicineFinder:
    """Finds medicines and their times. Built once from the content; `find` keeps no state between calls."""

    def __init__(self, names: list[dict[str, Any]], other_medicines: dict[str, Any]) -> None:
        """`names`: the files `content/names/<id>.yml` as loaded; `other_medicines`: `other_medicines.yml` as loaded."""
        self._names: dict[str, Name] = {}
        self._regional = {_key(word) for entry in names for word in entry.get("regional_brands", ())}
        self._short: dict[str, Name] = {}
        self._routes = {entry["id"]: tuple(entry.get("route_hints", ())) for entry in names}
        self._courses = frozenset(entry["id"] for entry in names if entry.get("courses"))
        self._add_therapies(names)
        for word in other_medicines["look_alikes"]:
            self._names.setdefault(_key(word), Name(WORD, ()))
        for generic, brands in other_medicines["medicines"].items():
            for word in (generic, *brands):
                self._names.setdefault(_key(word), Name(OTHER, (generic,)))
        self._choices = sorted(key for key in self._names if len(key) >= _SHORTEST)
        self._sounds: dict[str, list[str]] = {}
        for key in self._choices:
            self._sounds.setdefault(_sound(key), []).append(key)
        described: dict[str, set[str]] = {}
        for phrase, therapy in _descriptions(names, other_medicines):
            described.setdefault(_key(phrase), set()).add(therapy)
        for key, ids in described.items():
            self._names.setdefault(key, Name(DESCRIBED, tuple(sorted(ids))))
        self._nearest = lru_cache(maxsize=20_000)(self._find_nearest)

    def find(self, text: str, today: date) -> list[Entity]:
        """Entities of one message, in order, with offsets into `text`.

        `medicine` (value: therapy id; `role`; `status_time` when said), `medicine_hint` (value: candidate ids),
        `other_medicine` (value: generic name), `unknown_medicine` (value: the words as typed), and those `duration` and
        `time_since` entities that belong to a medicine: they share its `group`.
        """
        plain = normalise(text)
        mentions, others = self._mentions(plain)
        therapies = [one for one in mentions if one.name.kind == THERAPY]
        times = tie(plain, therapies, find_times(text, today), self._courses)
        found = [_medicine(one) for one in therapies]
        found += [self._other(one, text) for one in mentions if one.name.kind != THERAPY]
        return sorted(found + others + times, key=lambda entity: int(entity["start"]))

    # names

    def _add_therapies(self, names: list[dict[str, Any]]) -> None:
        owners: dict[str, list[str]] = {}
        short: dict[str, list[str]] = {}
        for entry in names:
            for field_name in ("generic", "brands", "biosimilars", "regional_brands", "spellings", "shared_names"):
                for word in entry.get(field_name, ()):
                    owners.setdefault(_key(word), []).append(entry["id"])
            for word in entry.get("short_names", ()):
                short.setdefault(_key(word), []).append(entry["id"])
        self._names.update({key: _therapy(ids) for key, ids in owners.items()})
        self._short.update({key: _therapy(ids) for key, ids in short.items()})

    def _mentions(self, text: str) -> tuple[list[Mention], list[Entity]]:
        tokens = [_token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
        mentions: list[Mention] = []
        unknown: list[Entity] = []
        position = 0
        while position < len(tokens):
            width, name = self._name_at(text, tokens, position)
            start, end = tokens[position].start, tokens[position + width - 1].end
            if name is not None and name.kind != WORD:
                mentions.append(Mention(start, end, self._by_route(text, name, start, end)))
            elif name is None and _unknown(tokens[position], text):
                end = _whole_word(text, end)
                unknown.append({"entity": "unknown_medicine", "start": start, "end": end, "value": text[start:end]})
            position += width
        return mentions, unknown

    def _name_at(self, text: str, tokens: list[Token], position: int) -> tuple[int, Name | None]:
        """The longest name that begins at a word: how many words it takes, and what it is (None: no name)."""
        ahead = tokens[position:position + _LONGEST_NAME]
        keys = [ahead[0].key]
        for before, after in itertools.pairwise(ahead):
            if not _GLUE.fullmatch(text, before.end, after.start):
                break
            keys.append(keys[-1] + after.key)
        for width in range(len(keys), 0, -1):
            name = self._names.get(keys[width - 1]) or self._names.get(_singular(keys[width - 1]))
            short = len(keys[width - 1]) < _SHORTEST and keys[width - 1].isalpha()  # "as ct" is no ASCT, "BG 12" is one
            if name is not None and (width == 1 or not short):
                return width, name
        token = ahead[0]
        if token.key not in self._short and all(one.usual >= _COMMON_WORD for one in ahead[:3]):
            return 1, None
        placed = bool(_BEFORE_NAME.search(text[max(0, token.start - 24):token.start])
                      or _AFTER_NAME.match(text, token.end))
        name = self._short.get(token.key) or self._short.get(_singular(token.key))
        if name is not None and _short_name_meant(text, token, placed):
            return 1, name
        for width, key in enumerate(keys[:3], 1):
            name = self._misspelt(ahead[:width], key, placed)
            if name is not None:
                return width, name
        return 1, None

    def _misspelt(self, words: list[Token], key: str, placed: bool) -> Name | None:
        """The name these words are a misspelling of; `placed`: they stand where a medicine's name belongs.

        Several words count only when glued they come much closer, an uncommon word only in the place of a name.
        """
        if not _SHORTEST <= len(key) <= 40 or not key.isalpha():
            return None
        if len(words) == 1:
            usual = max(words[0].usual, zipf_frequency(key, "en"))
            return None if usual >= (_REAL_WORD if placed else _RARE_WORD) else self._nearest(key, placed, False)
        common = [word.usual >= _COMMON_WORD for word in words]
        if all(common) or (len(words) == 3 and sum(common) > 1) or any(word.text in _NEVER_GLUED for word in words):
            return None
        return self._nearest(key, placed, True)

    def _find_nearest(self, key: str, placed: bool, glued: bool) -> Name | None:
        plain = re.sub(r"(.)\1{2,}", r"\1", key)
        sound = _sound(plain)
        close = process.extract(
            plain, self._choices, scorer=OSA.distance, score_cutoff=_allowed(len(plain)) + 1, limit=6)
        near = {name for name, _, _ in close}
        scored = []
        for choice in near | set(self._sounds.get(sound, ())):
            distance = OSA.distance(plain, choice)
            alike = len(sound) >= 3 and _sound(choice) == sound
            name = self._names[choice]
            if distance > self._limit(plain, choice, alike, placed, glued):
                continue
            # a tie goes to the name that sounds alike, then to the same first letter, then away from the therapy
            # (but where a medicine's name belongs an everyday word loses)
            rank = 1 if name.kind in (THERAPY, CLASS) else 2 if name.kind == WORD and placed else 0
            scored.append((distance - 0.6 * alike, plain[0] != choice[0], rank, choice))
        if not scored:
            return None if glued else self._from_beginning(plain)
        return self._names[min(scored)[3]]

    def _limit(self, typed: str, name: str, alike: bool, placed: bool, glued: bool) -> int:
        """How many typing errors may lie between what was typed and a name."""
        same_start = typed[0] == name[0]
        if name in self._regional:
            return 1 if placed and len(name) >= 7 and same_start else 0
        if not (alike or same_start) and len(typed) < 8:
            return 1
        length = min(len(typed), len(name))
        return _allowed(length) + alike + (placed and length >= 7 and same_start and not glued) - glued

    def _from_beginning(self, key: str) -> Name | None:
        """A name cut short ("tecfid", "alemtu") when only one medicine begins like that."""
        begun = {self._names[choice] for choice in self._choices if choice.startswith(key)}
        return begun.pop() if len(begun) == 1 and zipf_frequency(key, "en") < 2.0 else None

    def _by_route(self, text: str, name: Name, start: int, end: int) -> Name:
        """A shared name becomes one therapy when the words around it name its route or schedule."""
        if name.kind != CLASS:
            return name
        around = text[max(0, start - 40):end + 60]
        fitting = [one for one in name.ids if any(hint in around for hint in self._routes[one])]
        return Name(THERAPY, (fitting[0],)) if len(fitting) == 1 else name

    def _other(self, mention: Mention, text: str) -> Entity:
        place = {"start": mention.start, "end": mention.end}
        if mention.name.kind in (CLASS, DESCRIBED):
            return {"entity": "medicine_hint", **place, "value": list(mention.name.ids)}
        return {"entity": "other_medicine", **place, "value": mention.name.ids[0]}


def _descriptions(names: list[dict[str, Any]], words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Ways to describe a therapy without its name, each with its id: "twice a year drip", "ms injection"."""
    for entry in names:
        for described in entry.get("descriptions_confirm_first", ()):
            if isinstance(described, str):
                yield described, entry["id"]
                continue
            forms = words["forms"][described["form"]]
            for form in forms:
                yield from ((f"{kind} {form}", entry["id"]) for kind in words["ms_words"])
                for often in words["schedules"][described["schedule"]]:
                    yield f"{often} {form}", entry["id"]
                    yield f"{form} {often}", entry["id"]


def _token(word: str, start: int, end: int) -> Token:
    return Token(word, start, end, _key(word), zipf_frequency(word, "en"))


def _short_name_meant(text: str, word: Token, placed: bool) -> bool:
    """Whether "lem" or "tec" is the medicine: it stands in its place, is no English word, or is the whole message."""
    if placed:
        return True
    alone = text.strip(" .!?'\"") == word.text
    return len(word.text) > 2 and word.usual < (_COMMON_WORD if alone else _REAL_WORD)


_NEVER_GLUED = frozenset(
    {"i", "a", "the", "my", "me", "is", "was", "it", "to", "on", "of", "off", "in", "at", "for", "and", "or", "but",
     "no", "not", "so", "if", "as", "be", "been", "had", "have", "has", "do", "did", "get", "got", "with",
     "from", "by", "an", "am", "are", "im", "ive"})


def _therapy(ids: list[str]) -> Name:
    unique = tuple(sorted(set(ids)))
    return Name(THERAPY if len(unique) == 1 else CLASS, unique)


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    """A name without accents, blanks and signs, in lower case; a possessive ending is dropped."""
    letters = unicodedata.normalize("NFKD", re.sub(r"'s\b", "", normalise(name)))
    return "".join(letter for letter in letters if letter.isalnum())


def _singular(key: str) -> str:
    return key[:-1] if key.endswith("s") and len(key) > 5 else key


@lru_cache(maxsize=20_000)
def _sound(key: str) -> str:
    """How a word sounds in English; vowels at the start count as one and a silent y is dropped."""
    code = jellyfish.metaphone(key).replace("Y", "").replace(" ", "")
    return re.sub(r"^[AEIOU]", "A", code)


def _allowed(length: int) -> int:
    """Typing errors allowed in a name of this many letters."""
    return 0 if length < 5 else 1 if length < 7 else 2 if length < 9 else 3 if length < 13 else 4


def _unknown(word: Token, text: str) -> bool:
    """Whether a word stands where a medicine's name belongs, or ends like one, and is no word anyone knows."""
    if not word.text.isalpha():
        return False
    whole = text[word.start:_whole_word(text, word.end)]
    drug_like = bool(_DRUG_ENDING.search(whole)) and len(whole) >= 7
    hyphenated = len(whole) > len(word.text)
    if word.usual >= (_COMMON_WORD if drug_like and hyphenated else _KNOWN_WORD):
        return False
    placed = bool(_IN_PLACE_OF_NAME.search(text[max(0, word.start - 70):word.start]))
    if drug_like:
        return placed or not hyphenated
    english = word.text.endswith(_ENGLISH_SUFFIXES) or _typo_of_a_word(word.text)
    return placed and len(word.text) >= 4 and not english


@lru_cache(maxsize=4096)
def _typo_of_a_word(word: str) -> bool:
    choices = _common_words().get(word[0], [])
    return process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2) is not None


@lru_cache(maxsize=1)
def _common_words() -> dict[str, list[str]]:
    by_letter: dict[str, list[str]] = {}
    for word in top_n_list("en", 15_000):
        if len(word) > 3:
            by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _whole_word(text: str, end: int) -> int:
    """The end of a hyphenated word such as "xyz-mab"."""
    rest = re.match(r"(?:-[^\W_]+)+", text[end:end + 40])
    return end + (rest.end() if rest else 0)


def _medicine(mention: Mention) -> Entity:
    entity: Entity = {"entity": "medicine", "start": mention.start, "end": mention.end, "value": mention.name.ids[0],
                      "role": mention.role}
    if mention.times:
        entity["status_time"] = mention.times
    if mention.group:
        entity["group"] = mention.group
    return entity


# roles

_RELATIVE = (
    r"(?:(?:step)?(?:sister|brother|mum|mom|mother|dad|father|son|daughter)|husband|wife|partner|friend|mate|aunt"
    r"|auntie|uncle|cousin|neighbou?r|colleague|co-?worker|boyfriend|girlfriend|fianc[eé]e?|flatmate|roommate"
    r"|niece|nephew|gran(?:ny|dma|dad|dpa|dmother|dfather)?|bestie|boss|sis|bro|hubby|other half|in-law"
    r"|girl i know|guy i know)s?(?:-in-law)?")
_THIRD = re.compile(
    rf"\b(?:(?:my|our|a|his|her|the) (?:\w+ ){{0,2}}?{_RELATIVE}|he|she|he's|she's|hes|shes|someone|somebody"
    rf"|some people|people|others|everyone|a (?:lady|woman|man|guy|girl|bloke|person)|most patients|patients|his"
    rf"|her)\b")
_FIRST = re.compile(
    rf"\b(?:i|i'm|im|i've|ive|i'd|i'll|id|me|us|we|myself|my(?! (?:\w+ ){{0,2}}?(?:{_RELATIVE}|group|forum|clinic"
    rf"|class|work|family|street|church)\b))\b")
_QUESTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|but|please|ok|quick question|question|also|just wondering|wondering"
    r"|anyone know)[,: ]+)*(?:is|are|does|do|did|can|could|will|would|should|what|what's|whats|how|how's|why|which"
    r"|when|where|who|has|tell me|explain|any\b|anyone)\b")
_ASKED_BEFORE = re.compile(
    r"\b(?:what about|tell me (?:more )?about|information (?:on|about)|info (?:on|about)|told me about"
    r"|asking about|ask about|asked about|know about|questions? about|side effects? of|heard (?:about|of|that)"
    r"|read(?:ing)? (?:about|that|up on)|wondering (?:about|if|whether)|curious about|what is|what's|whats"
    r"|difference between|compared? (?:to|with)|compare|better than|versus|vs|opinions? on|thoughts on"
    r"|should i (?:take|try|go on|start|switch to|have|ask for|choose|pick)|if i (?:took|take|had|start|started"
    r"|go on|went on|switch(?:ed)? to|choose)|experience (?:of|with)|explain|leaflet (?:on|about"
    r"|for))\s(?:\w+ ){0,2}$")
_SHARED_GAP = re.compile(
    r"[\s,/&+-]*(?:(?:and|or|n|then|plus|vs|versus|as well as|also|(?:and|or|then) (?:then|also|before that|later"
    r"|finally))\b[\s,]*)?(?:the |my )?$")

# (role, how it reads just before a name). The cue that ends last before the name decides.
_HAD = r"(?:had|have had|'ve had|did|done|have done|received|got)"
_CUES = [(role, re.compile(pattern)) for role, pattern in (
    ("current",
        r"\b(?:i'm|im|i am|am|now|still|currently|been|back|stay|staying|put me|got me|me back|remain|keep|kept"
        r"|continue|continuing|is|was put|was started|were put|go back) (?:still |now |currently |also "
        r"|back )*(?:on|taking|having|using|injecting)\b"),
    ("current",
        r"\b(?:started|starting on|began|begun|start|restarted|resumed|now on|now take|now taking|taking|take"
        r"|takes|took|using|use|inject|injected|injecting|on|from|changed to|put on|gave me|given|have|having|get"
        r"|getting|am|my|the|with|since|after|during|miss|missed|forgot|forgotten|skipped|late with|overdue"
        r"|double dosed)\b"),
    ("current",
        r"\b(?:switched|changed|moved|swapped|went|transitioned|converted|transferred|upgraded|escalated"
        r"|stepped up|going back|gone back|went back)(?: me| over| back"
        r"| straight)*(?: from [^.;!?]{1,60}?)? (?:on ?to|onto|to|over to|for)\b"),
    ("current",
        r"\b(?:never|not|haven't|havent|didn't|didnt|wouldn't|don't want to|dont want to) (?:stop|stopped|stopping"
        r"|come off|came off|quit)(?: taking)?\b"),
    ("current",
        r"\b(?:haven't|havent|have not|didn't|didnt|did not|forgot to|couldn't|not yet|can't|cant) (?:had|have"
        r"|take|taken|took|inject|injected|do|done) (?:my|the|this|today's|last)\b"),
    ("current",
        r"\b(?:after|since|from|when|upon|on|of|day|week|month) (?:first |just )?(?:starting|i started|i began"
        r"|beginning|i went on|going on|going onto|switching to|i switched to|changing to|moving to)(?: on)?\b"),
    ("current", r"\b(?:(?:never|not|didn't|haven't)\b.{0,30}\b(?:except|but|other than|apart from|only))\b"),
    ("current", r"\b(?:replaced (?:it )?(?:by|with)|in favou?r of|followed by|later|then|until|and now|before)\b"),
    ("current",
        r"\b(?:need|needs|want|wants|wanted|wanna|going|thinking of|thinking about|considering|like|plan|planning"
        r"|hoping|due|have|should|should i|can i|could i|if i|when i|tempted|about|will|may|might|must|safe|ready"
        r"|wish(?:ing)?)(?: me)?(?: to)? (?:stop|stopping|come off|coming off|quit|quitting|finish|finishing"
        r"|give up|giving up|drop|switch from|change from)(?: taking)?\b"),
    ("past",
        r"\b(?:stopped|stop(?: taking)?|came off|come off|coming off|gone off|went off|got off|taken off"
        r"|took me off|taking me off|pulled off|pulled me off|off|quit|quitted|gave up|given up|finished|finishing"
        r"|completed|ended|discontinued|ceased|dropped|ditched|failed|failing|allergic to|reacted (?:badly )?to"
        r"|reaction to|used to (?:be on|take|have|use|inject|be)|previously(?: on| took| had| taking)?"
        r"|formerly(?: on)?|past|ex|tried|switched from|switching from|changed from|moved from|moving from"
        r"|swapped from|swapped|went from|going from|gone from|switch from|coming from|came from|transition(?:ed"
        r"|ing)? from|changing from|change from|swap from|move from|before that|prior to that|before (?:that|this"
        r"|it)(?: i)?(?: was| had)?(?: on| it was)?|no longer(?: on| take| taking)?|not (?:on|taking) any ?more"
        r"|history of|washout from|instead of|replacing|replaced|after stopping|since stopping|from stopping"
        r"|stopping|since coming off|since finishing|after finishing|after coming off|rebound after|last ever)\b"),
    ("past",
        r"\b(?:was|were|wuz|had been|i'd been|id been|used to be|having been) (?:previously |originally |first "
        r"|only |once |also |initially |before )*(?:on|taking|having|using|injecting|getting)\b"),
    ("planned",
        r"\b(?:due to (?:start|begin|go on|have|get)|about to (?:start|begin|go on|have|switch to)"
        r"|waiting (?:to (?:start|go on|have|begin|get)|for(?: the)?)|going to (?:start|be (?:on|starting|taking)"
        r"|go on|begin|have|try|switch to|take|get)|gonna (?:start|be on|go on|try)|will (?:be |soon )*(?:start"
        r"|starting|go on|going on|begin|take|taking|on|have|having|switch to|switching to)"
        r"|i'll (?:be )?(?:starting|start|going on|taking|on|having)|supposed to (?:start|be starting|go on)"
        r"|meant to (?:start|be starting)|wants? (?:me|us) (?:to (?:start|go on|try|take|switch to|move to|be on"
        r"|have|change to|consider)|on)|want(?:s|ed)? to (?:start|go on|try|put me on|switch me to|move me to"
        r"|switch to|start me on|change me to|get)|consider(?:ing|ed)?|thinking (?:of|about)(?: starting| going on"
        r"| switching to| trying)?|offered(?: me)?|recommend(?:s|ed|ing)?|suggest(?:s|ed|ing)?|approved for"
        r"|prescribed but not started|haven't (?:yet )?(?:started|begun)|havent (?:yet )?(?:started|begun)"
        r"|not (?:yet )?started|yet to start|have yet to start|switching(?: me)? to|moving(?: me)? to"
        r"|changing(?: me)? to|switch (?:me )?to|move me to|change to|going on(?: ?to)?|hoping (?:to (?:start|get"
        r"|go on|have|switch to)|for)|scheduled (?:for|to start)|booked (?:in )?for|before (?:i )?(?:start"
        r"|starting|going on|begin|beginning|i go on)|starting(?: on)?|plan(?:s|ned|ning)? (?:to|is) (?:start"
        r"|go on|switch to|switch me to)?|next is|put me forward for|referred for|decid(?:e|ing) (?:between|on)"
        r"|choose between|choosing between|start(?:ing)? me on|put me on .{0,12}next|awaiting|waiting on"
        r"|deciding whether to (?:start|take)|(?:nervous|worried|scared|anxious|frightened|terrified) (?:about|of"
        r"|to) (?:start|starting|going on|taking)|planning on|begin|eligible for|accepted for"
        r"|first dose of .{0,8}is)\b"),
    ("negated",
        r"\b(?:never (?:been |had |taken |tried |used |on |did |done |ever |once |even )*(?:on|taken|had|tried"
        r"|used)?|not(?! sure| certain| so | too | only| just| long| well| feeling| much| yet (?:had|been)"
        r"| sleeping| helping| working| good| great| happy)(?: been| ever| currently| actually)* ?(?:on|taking|had"
        r"|have|taken|using|my)?|isn't|isnt|wasn't|wasnt|it's not|not on|aren't|ain't (?:on)?|(?:don't|dont|do not"
        r"|doesn't|didn't|didnt|did not|haven't|havent|have not|hasn't|wouldn't|won't|wont|will not|refused?"
        r"|declined|turned down|decided against|against) ?(?:ever |been |be |to |actually |going |want "
        r"|wanna )*(?:on|taking|take|taken|had|have|having|tried|used|use|start|do|get|want)?|without|no(?! i | it"
        r"| we | wait| sorry| actually| that| idea| problem|,)|neither|nor|rather than|avoid(?:ed|ing)?|ruled out"
        r"|not suitable for|instead of taking|wrong about)\b"),
)]
_HAD_BEFORE = re.compile(rf"\b{_HAD}\b(?! to)(?:\s+\w+){{0,6}}\s*$")
_PAST_AFTER = re.compile(
    r"^(?:\s?\(?(?:from )?(?:19|20)\d\d ?(?:-|to|until|till) ?(?:19|20)?\d\d\b)"
    r"|^(?:'s)?(?:\s\w+){0,2}?\s?(?:(?:was |were |got |been |has been |had to be )?(?:stopped|discontinued"
    r"|withdrawn|cancelled)|stopped working|didn't work|didnt work|did not work|failed|wasn't working"
    r"|wasnt working|before that|beforehand|previously|in the past|until|till|up until|before(?! (?:food|breakfast"
    r"|bed|meals|eating|dinner|my (?:meal|tea|dinner|bed))))\b")
_PLANNED_AFTER = re.compile(
    r"^(?:'s)?(?:[^.!?;,]{0,25}?)\b(?:(?:is |starts |start |starting |will be |on )?(?:next (?:week|month|year"
    r"|monday|tuesday|wednesday|thursday|friday)|tomorrow|soon|in (?:a|two|three|\d+|the next|a few) (?:few "
    r"|couple of )?(?:days?|weeks?|months?))|yet)\b")
_FIRST_ONE = re.compile(r"\bfirst\b(?:\s\w+){0,4}\s*$")
_PEOPLE = re.compile(r"\b(?:people|patients|others|everyone|anyone|most)\b[^,.!?]{0,30}$")
_MISSED = re.compile(
    r"\b(?:haven't|havent|have not|didn't|didnt|did not|forgot|not) (?:\w+ )?(?:taking|taken|take|had|have|inject"
    r"|injected)\b(?:\s\w+)?\s$")
_TODAY = re.compile(
    r"^[^.!?;,]{0,12}\b(?:today|tonight|yesterday|this (?:morning|week|month|evening)|last night|for (?:a|two"
    r"|three|\d+|a few))\b")
_BEGIN = re.compile(r"\b(?:start|begin|begins|starts|starting|going|yet|switching)\b")
_STARTS_ON = re.compile(r"\b(?:i |we |i'll |to )(?:start|begin|go on)(?: on)?(?: my| the)? $")
_COMING_DAY = re.compile(
    r"^(?:[^.!?;,]{0,12})\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|later|tomorrow|next|soon|in )")
_COMING_FIRST = re.compile(r"^[^.!?;,]{0,20}\b(?:next|tomorrow|in \w+ (?:days|weeks|months))\b[^.!?;,]{0,20}\bfirst\b")
_ANYMORE = re.compile(r"^[^.!?;]{0,40}?\b(?:any ?more|any longer|no more|these days)\b")
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s|$)")


def role_of(text: str, start: int, end: int, left: int, right: int, sentence: tuple[int, int]) -> str:
    """current, past, planned, asked, negated or other_person for a name at these offsets.

    `left` and `right` bound the words that belong to it (the neighbouring names or the ends of the sentence).
    """
    before, after = text[left:start], text[end:right]
    whole_before = text[sentence[0]:start]
    role, strength = _by_cue(before)
    if role == "negated" and _ANYMORE.match(text[end:sentence[1]]):
        role = "past"
    if role == "negated" and _MISSED.search(before) and _TODAY.match(after):
        role = "current"
    if role in ("current", "asked") and _PAST_AFTER.match(after):
        role = "past"
    if _PEOPLE.search(whole_before) and _QUESTION.match(text[sentence[0]:sentence[1]]):
        return "asked"
    if _other_person(whole_before):
        return "negated" if role == "negated" else "other_person"
    if role in ("current", "negated") and _STARTS_ON.search(before) and _COMING_DAY.match(after):
        return "planned"
    if role == "current" and _COMING_FIRST.match(after):
        return "planned"
    beginning = _BEGIN.search(before + after) or _FIRST_ONE.search(before)
    if role in ("current", "negated") and strength and beginning and _PLANNED_AFTER.match(after):
        return "planned"
    if role in ("current", "planned") and _asked(text, start, end, sentence, strength):
        return "asked"
    return role


def _by_cue(before: str) -> tuple[str, bool]:
    """Role by the cue that ends last before the name, small words between them aside; whether there was one."""
    best = ("current", -1, -1)
    small = _SMALL_WORDS.search(before)
    reach = small.start() if small else len(before)
    before += "x" if before.endswith(" ") else ""  # stands for the name, so that a cue may end at its first letter
    for role, pattern in _CUES:
        for match in pattern.finditer(before):
            if role == "negated" and "," in before[match.end():]:
                continue
            end = len(before) if match.end() >= reach else match.end()
            if (end, match.end() - match.start()) > best[1:]:
                best = (role, end, match.end() - match.start())
    return best[0], best[1] >= 0


_SMALL_WORDS = re.compile(
    r"(?:[\s-]+(?:it|my|the|any|some|taking|having|on|with|of|a|another|an|that|this|to|using|courses?|rounds?|doses?"
    r"|infusions?|injections?|first|second|third|1st|2nd|3rd|last|final|years?|\d+|two|three|both|treatments?|drug"
    r"|medicine|called|tablets|cycles?|therapy|all))*[\s-]*$")


def _other_person(before: str) -> bool:
    third = [match.end() for match in _THIRD.finditer(before)]
    first = [match.end() for match in _FIRST.finditer(before)]
    return bool(third) and (not first or third[-1] > first[-1])


_MINE = re.compile(
    r"\b(?:my|i'm|im|i am|i've|ive|i have been|i take|i took|i was|i started|(?<!for )(?<!tell )me)\b")


def _asked(text: str, start: int, end: int, sentence: tuple[int, int], strength: bool) -> bool:
    before = text[sentence[0]:start]
    if _ASKED_BEFORE.search(before):
        return True
    whole = text[sentence[0]:sentence[1]]
    if not (_QUESTION.match(whole) or text[sentence[1]:sentence[1] + 1] == "?"):
        return False
    mine = _MINE.search(whole)
    cause = re.search(
        r"\b(?:is (?:it|this|that)|could (?:it|this|that) be|from|because of|due to|down to|caused by)\s(?:the "
        r"|my )?$", before)
    return not mine and not (cause and not re.match(r"\W*$", before) and "this" in before + "the ")


# times

_DOSE = (
    r"(?:dose|infusion|injection|shot|jab|pill|tablet|capsule|course|one|round|treatment|drip|pen|cycle|infused"
    r"|injected|had|have|took|taken|take|did)s?")
_STOP_CUE = re.compile(
    r"\b(?:stopped|stopping|stop|came off|come off|coming off|been off|off|quit|finished|finishing|ended|gave up"
    r"|given up|discontinued|completed|ceased|taken off|no longer|without)\b")
_START_CUE = re.compile(
    r"\b(?:started|starting|start|began|begun|begin|first|went on|put (?:me )?on|been on|on|switched|changed"
    r"|moved|swapped|into|taking|using|been taking|injecting|commenced)\b")
_LAST_CUE = re.compile(rf"\b(?:last|latest|most recent|final|previous|{_DOSE}|infused|infusion)\b")


def tie(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> list[Entity]:
    """Give each name its role and its times (in place); return the tied times with the medicine's `group`."""
    _set_roles(text, mentions, times, courses)
    tied = []
    for time in times:
        kind, mention = _owner(text, mentions, time | {"words": text[time["start"]:time["end"]]})
        if mention is None or kind in mention.times:
            continue
        mention.times[kind] = time["value"]
        left = _moved_from(text, mentions, mention)
        if kind == "since_first_dose" and left is not None:
            left.times.setdefault("since_stop", time["value"])
        first = "first" in text[max(0, time["start"] - 60):time["start"]]
        if kind == "since_first_dose" and first and days(time["value"]) <= 1:
            mention.times.setdefault("since_last_dose", time["value"])  # the first dose a day ago is also the last one
        mention.group = mention.group or f"medicine_{mentions.index(mention) + 1}"
        tied.append({**time, "group": mention.group})
    return tied


def _moved_from(text: str, mentions: list[Mention], mention: Mention) -> Mention | None:
    """The name before, when the text says "from that to this": it was stopped when this one was started."""
    position = mentions.index(mention)
    before = mentions[position - 1] if position else None
    if before is not None and before.role == "past" and _FROM_TO.match(text[before.end:mention.start]):
        return before
    return None


def _set_roles(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> None:
    for number, mention in enumerate(mentions):
        sentence = _sentence(text, mention.start, mention.end)
        earlier = [one for one in mentions[:number] if one.start >= sentence[0]]
        later = [one for one in mentions[number + 1:] if one.end <= sentence[1]]
        left = earlier[-1].end if earlier else sentence[0]
        right = later[0].start if later else sentence[1]
        if earlier and _SHARED_GAP.fullmatch(text[left:mention.start]) and not re.search(
            r"\bthen\b", text[left:mention.start]):
            listed = re.search(r"\b(?:or|nor|and)\b|/", text[left:mention.start])
            corrected = not listed and _NOT_THIS.search(text[sentence[0]:earlier[-1].start])
            mention.role = "current" if corrected and earlier[-1].role == "negated" else earlier[-1].role
            continue
        mention.role = role_of(text, mention.start, mention.end, left, right, sentence)
        if mention.role == "current":
            mention.role = _after_had(text, mention, left, right, times, courses)
    _by_transition(text, mentions)


_NOT_THIS = re.compile(r"(?:\bnot|n't|\bwrong|\bno) (?:my |the |on )?$")


def _after_had(text: str, mention: Mention, left: int, right: int, times: list[Entity], courses: frozenset[str]) -> str:
    """"I had it in 2019" is past; "I had my infusion last week" is not."""
    before = text[left:mention.start]
    near = [time for time in times if left <= time["start"] < right]
    since = [days(time["value"]) for time in near if time["entity"] == "time_since"]
    end = _sentence(text, mention.start, mention.end)[1]
    if _HAD_BEFORE.search(before) and _NOW_ON.search(text[mention.end:end]):
        return "past"
    had = bool(_HAD_BEFORE.search(before)) and not _NOT_HAD.search(before)
    if not had and mention.name.ids[0] not in courses:
        return "current"
    if since:
        return "past" if max(since) >= _A_YEAR else "current"
    lasted = any(time["entity"] == "duration" and text[:time["start"]].endswith("for ") for time in near)
    return "past" if had and lasted and not re.search(r"\b(?:have|'ve) had\b", before) else "current"


_NOW_ON = re.compile(r"\b(?:now|currently) (?:i'm |im |i am )?(?:on|taking|have|using)\b")
_A_YEAR = 365  # days after which a treatment given in courses, or one that was "had", counts as past
_NOT_HAD = re.compile(r"\b(?:haven't|havent|have not|hasn't|not) (?:\w+ )?(?:had|got|done|received)\b")
_FROM_TO = re.compile(
    r"^\s*(?:infusions?|injections?)?\s*(?:straight |over |on |back )?(?:to|onto|on to|->|=>|-->)\s+(?:my |the )?$")
_MOVED = re.compile(
    r"\b(?:switch|chang|mov|swap|went|go|transition|convert|transfer)\w*\s(?:me |straight |over )*(?:from )?(?:my "
    r"|the )?$|\bfrom (?:my |the )?$")
_NOT_YET = re.compile(
    r"\b(?:switching|moving|changing|going|will|wants?|gonna|due|next|soon|about to|thinking|consider\w*|should i"
    r"|might|may|planning|plan|tomorrow|offered|suggest\w*|hoping|want(?:s|ed)? to)\b")


_AFTER_THAT = re.compile(r"^\s*(?:infusions? |injections? )?(?:started |came )?after\s+(?:my |the )?$")
_THEN_THIS = re.compile(r"\b(?:then|followed by) (?:on |to |onto |on to )?(?:the )?$")
_THEN = re.compile(r"\b(?:then|after that|followed by|later)\b")
_NOW = re.compile(r"\b(?:now|currently|then|finally|at the moment|these days)\b")


def _by_transition(text: str, mentions: list[Mention]) -> None:
    """"from A to B": A is past and B current, or A current and B planned when the move is still ahead."""
    moved_to = -1
    for first, second in zip(mentions, mentions[1:], strict=False):
        sentence = _sentence(text, first.start, second.end)
        lead, gap = text[sentence[0]:first.start], text[first.end:second.start]
        left_too = _THEN.search(gap) and _NOW.search(text[second.end:sentence[1]])
        if first.role == "past" and second.role == "current" and left_too:
            second.role = "past"
        if second.role == first.role == "current" and _THEN_THIS.search(gap):
            first.role = "past"
        if second.role == first.role == "current" and _AFTER_THAT.match(gap):
            second.role = "past"
        moved = _MOVED.search(lead) or (first.start > moved_to and moved_to >= sentence[0])
        if not (_FROM_TO.match(gap) and moved):
            continue
        moved_to = first.start
        if first.role in ("asked", "other_person"):
            second.role = first.role
            continue
        if re.search(r"\b(?:should|can|could|would) i\b", lead[-40:]):
            first.role, second.role = "current", "asked"
            continue
        ahead = _NOT_YET.search(lead[-60:]) or re.match(
            r"[^.!?]{0,20}\b(?:next|soon|tomorrow|in (?:two|\d|a few))\b", text[second.end:sentence[1]])
        first.role, second.role = ("current", "planned") if ahead else ("past", "current")


def _owner(text: str, mentions: list[Mention], time: Entity) -> tuple[str, Mention | None]:
    """Which name a time belongs to and what it tells: since the last dose, since the first, since stopping."""
    sentence = _sentence(text, time["start"], time["end"])
    start, end = _clause(text, sentence, time["start"], time["end"], mentions)
    before, after = text[start:time["start"]], text[time["end"]:end]
    inside = [one for one in mentions if start <= one.start < end]
    mention = _nearest(inside, time)
    kind = _kind(before, after, time, mention)
    if kind and mention is None:
        mention = _of_message(mentions, time, kind)
    if mention is None or mention.role in ("asked", "negated"):
        return "", None
    if not kind and not (time["entity"] == "time_since" and _NOT_TAKEN.search(before)):
        kind = _by_position(text, mention, time)
    if kind == "since_stop" and mention.role == "current":
        kind = "since_first_dose"  # "they took me off that and put me on this last month"
    return kind, mention if kind else None


_CLAUSE_BREAK = re.compile(
    r"[,:()]|\b(?:and|but|because|then|when|while|so|which|now|cos|cause|since then|though|although|where|who|got"
    r"|getting|have had|having|have|feel|feeling|noticed|with)\b")


def _clause(text: str, sentence: tuple[int, int], start: int, end: int, mentions: list[Mention]) -> tuple[int, int]:
    """The words around a time up to the next comma, "and", "but" ..., never cutting through a name."""
    left, right = sentence
    for match in _CLAUSE_BREAK.finditer(text, sentence[0], sentence[1]):
        if match.end() <= start and not _keeps(text, match, start):
            left = match.start() if match.group() in ("have", "having", "with") else match.end()
        elif match.start() >= end:
            right = match.start()
            break
    return left, right


def _keeps(text: str, match: re.Match[str], start: int) -> bool:
    """A break that is none: "have been on it 3 years", "which I stopped", "(last dose May)"."""
    rest = text[match.end():start]
    if match.group() in ("have", "having", "since then"):
        return bool(re.match(
            r"\s(?:been (?:on|off|taking)|stopped|started|taken|had|my|my last|it|a|come off|finished)\b", rest))
    return match.group() in (",", "(", ":", "which", "now", "and", "then") and bool(
        re.fullmatch(
            r"\s*(?:about |around |for |roughly |nearly |almost |over |since |just over |in |the |back |approx "
            r"|only |now |just )*", rest))


def _nearest(mentions: list[Mention], time: Entity) -> Mention | None:
    before = [one for one in mentions if one.end <= time["start"]]
    after = [one for one in mentions if one.start >= time["end"]]
    return before[-1] if before else after[0] if after else None


def _of_message(mentions: list[Mention], time: Entity, kind: str) -> Mention | None:
    """The name a time without one in its clause belongs to: the one last spoken of, else the only one taken."""
    usable = [one for one in mentions if one.role in ("current", "past", "other_person")]
    earlier = [one for one in usable if one.end <= time["start"]]
    taken = [one for one in earlier if one.role == "current"]
    if kind == "since_stop" and earlier:
        return earlier[-1]
    return (taken or earlier or usable)[-1] if usable else None


def _kind(before: str, after: str, time: Entity, mention: Mention | None) -> str:
    """since_last_dose, since_first_dose, since_stop, or "" when no word of the clause says."""
    if re.match(r"\s?(?:of|with)\b", after) and mention is None:
        return ""
    marks = []
    for kind, pattern in (("since_stop", _STOP_CUE), ("since_first_dose", _START_CUE), ("since_last_dose", _LAST_CUE)):
        for match in pattern.finditer(before):
            marks.append((match.start(), kind, match.group()))
    words = [word for _, _, word in marks]
    if time["entity"] == "duration":
        return _kind_of_length(before, words, mention)
    following = re.match(r"\s*(?:after|post|since|from|following|out from|into|of|on)\b(?P<rest>.*)", after, re.S)
    if following and not before.rstrip().endswith(("last", "dose")):
        return _kind_after(following.group(), mention)
    if re.match(r"(?:until|till)\b", time["words"]) or re.search(r"\b(?:until|till|up to)\s$", before):
        return "since_stop" if mention is not None and mention.role == "past" else ""
    since = re.match(r"since\b", time["words"]) or before.rstrip().endswith("since")
    if not marks or (_NOT_TAKEN.search(before) and not since):
        return ""
    if _NOT_TAKEN.search(before):
        return "since_last_dose"
    stopped = re.search(r"\b(?:stopped|came off)\b", before)
    if not stopped and re.search(r"\b(?:last|latest|recent|final)\b", before):
        return "since_last_dose"
    kinds = [kind for _, kind, _ in sorted(marks)]
    if "since_stop" in kinds:
        return "since_stop"
    if re.search(
        r"\b(?:first|started|starting|start|began|commenced|been on|been taking|went on|put (?:me )?on|switched"
        r"|changed|moved|swapped)\b", before):
        return "since_first_dose"
    if "since_last_dose" in kinds:
        return "since_last_dose"
    return "since_first_dose" if mention is not None and re.search(r"\bsince\b", before[-8:] + "") else ""


_NOT_TAKEN = re.compile(
    r"\b(?:haven't|havent|have not|hasn't|didn't|didnt|did not|forgot|missed|missing|skipped|skipping"
    r"|not (?:taking|taken|had|having)|'ve had no|have had no|had no)\b")


def _kind_of_length(before: str, words: list[str], mention: Mention | None) -> str:
    if re.search(r"\b(?:been off|off|stopped|without|no longer on|came off)\b(?:\s\w+){0,4}\s*$", before):
        return "since_stop"
    if re.search(r"\b(?:haven't|havent|have not|not|missed|without|no)\b(?:\s\w+){0,5}\s*$", before) and (
            mention is not None or re.search(r"\b(?:doses?|any|it|one)\b", before)):
        return "since_last_dose" if re.search(r"\b(?:taken|had|take|have|injected|missed|dose)\b", before) else ""
    if mention is not None and mention.role in ("current", "other_person") and re.search(
        r"\b(?:on|taking|using|been|injecting)\b(?:\s\S+){0,6}\s*$", before):
        return "since_first_dose"
    return ""


def _kind_after(after: str, mention: Mention | None) -> str:
    if re.match(
        r"\s*(?:after|post|since|from|following|of)\b\s?(?:i |my |the |having |we )*(?:stopp\w*|com\w+ off"
        r"|came off|finish\w*|quit\w*|end\w*|discontinu\w*)", after):
        return "since_stop"
    if re.match(r"\s*(?:into|of|on)\b", after):
        return "since_first_dose" if mention is not None else ""
    if re.match(
        r"\s*(?:after|post|since|from|following)\b\s?(?:i |my |the |having |we )*(?:start\w*|first|beg[aiu]n\w*"
        r"|go\w* on|switch\w*)", after):
        return "since_first_dose"
    if mention is not None or re.match(
        rf"\s*(?:after|post|since|from|following|out from)[- ](?:my |the |having |last |second |third |a "
        rf"|\w+ )*?{_DOSE}\b", after):
        return "since_last_dose"
    return ""


_BESIDE = re.compile(
    r"[\s,:(\-]*(?:(?:infusions?|injections?|doses?|capsules?|tablets?|pills?|therapy|treatment|\d+ ?m?c?g|daily"
    r"|twice|a day|every|weekly|monthly|about|around|for|since|now|roughly|nearly|almost|over|the past|the last"
    r"|past|since|just|only|already|on|at|in|was|back|approx|well|of|years)\b[\s,:(\-]*)*")


def _by_position(text: str, mention: Mention, time: Entity) -> str:
    """What a time right beside a name tells when no verb does ("Rebif, 3 years", "Ocrevus infusion last week")."""
    if mention.end <= time["start"]:
        gap = text[mention.end:time["start"]]
    else:
        gap = text[time["end"]:mention.start]
        if time["entity"] == "duration":
            return "since_first_dose" if re.fullmatch(
                r"\s(?:on|of|taking|into|with)\s(?:my |the )?", gap) and mention.role == "current" else ""
        return ""
    if not _BESIDE.fullmatch(gap):
        return ""
    if time["entity"] == "duration":
        closed = re.match(
            r"\s*(?:now|so far|already|or so|and counting)?\s*(?:[,.;!)]|and\b|but\b|$)", text[time["end"]:])
        return "since_first_dose" if closed and mention.role in ("current", "other_person") else ""
    if re.search(r"\bsince\b", text[mention.end:time["end"]]):
        return "since_first_dose" if mention.role != "past" else ""
    if mention.role == "past":
        return "since_stop" if not _HAD_BEFORE.search(text[:mention.start]) else "since_last_dose"
    return "since_last_dose" if mention.role == "current" else ""


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around two offsets, looking at most 400 characters each way (linear in total)."""
    left, right = max(0, start - 400), min(len(text), end + 400)
    for match in _SENTENCE_END.finditer(text, left, right):
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            return left, match.start()
    return left, right
