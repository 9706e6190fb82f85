"""Matching phrases in free text whatever the verb form, word order, small words between or spelling."""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import NamedTuple

from nltk.stem.snowball import SnowballStemmer
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.language.text import normalise, word_set
from knowledge.yaml_files import read_yaml

_WORD = re.compile(r"\d+(?:[.,]\d+)?|\bt'(?=[^\W\d_]{3})|(?<!\w)[-+]ve\b|[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*|'s\b|&")
_END = re.compile(r"[!?;\n\r]|\.(?!\d)|\.\.+")
_COMMA = re.compile(r"[,:()/]| -+ ")
_NO_BREAK = ("", " ")  # stands between nearly all words
_STEMMER = SnowballStemmer("english")

NEGATORS = frozenset({"no", "not", "cant", "never", "without", "nor", "neither", "none", "stop"})
# Words that only stress the next one: they never carry meaning of their own inside a phrase.
STRESS = word_set(
    "really very so quite pretty proper rather extremely incredibly absolutely totally completely bit just also even "
    "fucking literally actually basically kinda kind sort sorta awfully proper slightly super rlly v um er erm uh"
)
# Small words that may be missing or added without changing what a phrase of two or more telling words says.
SMALL = word_set(
    "a an the my your his her our their its it this that these those some any i me he she we they you him them is "
    "are was were be been being am im ive id hes shes theyre youre its thats 's have has had having got get gets "
    "getting do does did of in on at to for with from by into onto round around over under and or as there here "
    "where when which who what about both each every one like feel feels felt feeling seem seems keep keeps then "
    "than too much more most now again"
)
_ITS_OWN_WORD = 3.3  # Zipf frequency from which another form of a listed word is a word with a meaning of its own
_RARE_WORD = 2.0  # Zipf frequency from which a word is hardly a misspelling with two wrong letters
_HEAVY_BELOW = 5.55  # Zipf frequency: words commoner than this ("go", "back") say too little to allow gaps around them


# Words read as others. Without their apostrophe some would be other words: "I'll" is not ill, "she'd" no shed.
_SHORTENED = {
    **{"i'll": "iwill", "we'll": "wewill", "he'll": "hewill", "she'll": "shewill"},
    **{"we're": "weare", "she'd": "shewould", "we'd": "wewould"},
    **{"t'": "the", "-ve": "negative", "+ve": "positive"},
    **dict.fromkeys(("cannae", "canna", "cyaan", "kyaan"), "cant"),  # the short no of Scotland, the north of England and Jamaica
    **{"dinnae": "dont", "dinna": "dont", "didna": "didnt", "doesna": "doesnt", "isna": "isnt", "wasna": "wasnt"},
    **{"havena": "havent", "hasna": "hasnt", "couldna": "couldnt", "wouldna": "wouldnt", "nuh": "not"},
}


class Token(NamedTuple):
    """One word: its characters [start, end) in the text, `key` (no apostrophes) and the punctuation before it."""

    start: int
    end: int
    key: str
    before: str = ""  # "" | "," | "."


# Before these "wee" is little: "a wee lump", "a wee bit tired".
_WEE_THINGS = word_set(
    "bit minute moment lad laddie lass lassie boy girl man woman one ones bairn wean baby fella brother sister "
    "son daughter grandson granddaughter dog cat pup horse house flat shop cafe garden village place town car van boat walk dance chat "
    "word question thing things note message cup dram drop sip bite snack rest nap favour break holiday job business errand lump "
    "bump spot spots scratch graze rash mark patch blister bruise tickle cough sniffle cold twinge niggle turn wobble tremor shake "
    "fall tumble trip stumble step steps"
)
# Without its apostrophe too "I'll" is not ill, where one of these follows and the clause begins with it: "ok ill call".
_DO = word_set(
    "call ring phone go do be try wait take get see ask tell let have just keep stay send check come speak look start stop put give make "
    "need never probably always contact book message email write come leave rest drink eat sleep")
_AND_SO = word_set("and but so ok okay then think guess maybe if no yes yeah well fine now suppose")
_TAKES_UP, _OF_SOMEONE = word_set("it its they theyre"), word_set("my his her our")


def tokenize(text: str) -> list[Token]:
    """Words of `text` with offsets into it; `before` is "." after a sentence end, "," after a lesser break."""
    plain = normalise(text)
    found: list[Token] = []
    last = 0
    for match in _WORD.finditer(plain):
        between = plain[last : match.start()]
        before = "" if between in _NO_BREAK else "." if _END.search(between) else "," if _COMMA.search(between) else ""
        word = match.group()
        if before == "," and word.replace("'", "") in _TAKES_UP and found[-2:-1] and found[-2].key in _OF_SOMEONE:
            before = ""  # "my nose, it's runny" is one clause
        key = "and" if word in {"&", "n"} else _SHORTENED.get(word) or (word if word == "'s" else word.replace("'", ""))
        if key in _WEE_THINGS and not before and found and found[-1].key == "wee":
            found[-1] = found[-1]._replace(key="little")
        opens = found and found[-1].key == "ill" and (found[-1].before or len(found) == 1 or found[-2].key in _AND_SO)
        if opens and key in _DO and not before:
            found[-1] = found[-1]._replace(key="iwill")
        found.append(Token(match.start(), match.end(), key, before))
        last = match.end()
    return found


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Snowball stem, with a final "i" ("itchi") dropped so that noun, verb and adjective meet."""
    stemmed = _STEMMER.stem(word)
    return stemmed[:-1] if len(stemmed) > 4 and stemmed.endswith("i") else stemmed


def default_words() -> dict:
    """The project's own word lists (`content/words.yml`): `same`, `groups` and `combinations`."""
    return read_yaml(resources.files("knowledge").joinpath("content/words.yml").read_text("utf-8"))


class Words:
    """Brings words to a common form: synonyms, verb forms, word groups, spelling. `words` as in
    `content/words.yml`."""

    def __init__(self, words: Mapping) -> None:
        self._same: dict[str, str] = {}
        self._multi: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for name, members in words["same"].items():
            for member in [name, *members]:
                self._add(str(member), str(name))
        self.shared = frozenset(map(str, words.get("shared", ())))
        self.groups: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.stems: dict[str, str] = {}
        for group, members in words["groups"].items():
            for member in members:
                keys = [token.key for token in tokenize(str(member))]
                name = keys[0] if len(keys) == 1 else "_".join(keys)
                if len(keys) > 1:
                    self._multi[keys[0]].append((tuple(keys), name))
                form = name if len(keys) > 1 else self.form(name)
                self.groups[form] |= {"{" + group + "}"}
        for rows in self._multi.values():
            rows.sort(key=lambda row: -len(row[0]))
        self.known: set[str] = set()
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.learn(keys for rows in self._multi.values() for row, _ in rows for keys in row)
        self.learn(member for name in words["groups"].values() for member in map(str, name) if member.isalpha())
        self.fix = functools.lru_cache(maxsize=20_000)(self._fix)

    def _add(self, member: str, name: str) -> None:
        keys = tuple(token.key for token in tokenize(member))
        if len(keys) == 1:
            self._same[keys[0]] = name
        else:
            self._multi[keys[0]].append((keys, name))

    def form(self, key: str) -> str:
        """The common form of one word (already known to be spelt well)."""
        if key in self._same:
            return self._same[key]
        root = stem(key)
        return self._same.get(root, root)

    def learn(self, keys: Iterable[str]) -> None:
        """Make words known, so that misspellings of them can be put right."""
        for key in keys:
            if key not in self.known and len(key) > 3 and key.isalpha():
                self.known.add(key)
                self._by_shape[key[0], len(key)].append(key)

    def _fix(self, key: str) -> str:
        """The known word that `key` misspells, or `key` itself. Everyday English words are never changed."""
        if key in self.known or key in self._same or len(key) < 5 or not key.isalpha() or len(key) > 20:
            return key
        if zipf_frequency(key, "en") >= 2.6 or self.form(key) in self.groups or stem(key) in self.known:
            return key
        most = 1 if len(key) < 8 or zipf_frequency(key, "en") >= _RARE_WORD else 2  # "sniffling" is a word, no "shuffling"
        best, distance = key, most + 1
        for length in range(len(key) - most, len(key) + most + 1):
            for word in self._by_shape.get((key[0], length), ()):
                far = OSA.distance(key, word, score_cutoff=most)
                if far < distance:
                    best, distance = word, far
        if best is key and len(key) > 5:  # the first letter may be wrong too, in longer words
            for (first, length), words in self._by_shape.items():
                if first != key[0] and abs(length - len(key)) <= 1:
                    for word in words:
                        if OSA.distance(key, word, score_cutoff=1) <= 1:
                            return word
        return best

    def read(self, tokens: Sequence[Token]) -> "list[Form]":
        """Tokens as forms; several tokens that make one word ("pass water") become one form."""
        forms: list[Form] = []
        keys = [self.fix(token.key) for token in tokens]
        at = 0
        while at < len(keys):
            step, name = 1, ""
            for row, row_name in self._multi.get(keys[at], ()):
                if tuple(keys[at : at + len(row)]) == row and not any(t.before for t in tokens[at + 1 : at + len(row)]):
                    step, name = len(row), row_name
                    break
            if not name and at + 1 < len(keys) and not tokens[at + 1].before and keys[at] + keys[at + 1] in self.joined:
                step, name = 2, keys[at] + keys[at + 1]
            key = name or keys[at]
            forms.append(Form(self.form(key) if not name or "_" not in name else name, key, at, at + step))
            at += step
        return forms

    @functools.cached_property
    def joined(self) -> frozenset[str]:
        """Known words that people also write in two ("head ache", "nose bleed")."""
        return frozenset(word for word in self.known if len(word) >= 7)


class Form(NamedTuple):
    """A word in its common form; `first` and `last` (exclusive) are positions in the token list."""

    form: str
    key: str
    first: int
    last: int


@dataclass(slots=True)
class Hit:
    """A phrase found: `forms` are the positions (in the form list) of the words that matched; `weight` counts the
    telling ones, `breadth` the words that would have fitted its groups."""

    ids: tuple[str, ...]
    forms: tuple[int, ...]
    loose: bool
    weight: int = 0
    breadth: int = 0
    first: int = field(init=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.last = min(self.forms), max(self.forms)

    @property
    def rank(self) -> tuple:
        """Best first: most telling words, then most words, fewest words skipped, exact order, narrowest groups."""
        return (-self.weight, -len(self.forms), self.last - self.first, self.loose, self.first, self.breadth)


class PhraseFinder:
    """Finds phrases for many ids. `phrases` maps id -> phrases ("{group}" allowed), `blocked` id -> look-alikes;
    `passed_over` are words that may stand inside any phrase ("stopped gilenya on my own")."""

    def __init__(
        self,
        words: Words,
        phrases: Mapping[str, Iterable[str]],
        blocked: Mapping[str, Iterable[str]] | None = None,
        passed_over: frozenset[str] = frozenset(),
    ) -> None:
        self.words = words
        self._passed_over = STRESS | passed_over
        words.known.update(passed_over)
        sources = [
            (ident, [(str(phrase), tokenize(str(phrase))) for phrase in many]) for ident, many in phrases.items()
        ]
        words.learn(token.key for _, many in sources for _, tokens in many for token in tokens)
        self._exact: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._surface: dict[str, set[str]] = defaultdict(set)
        loose: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for ident, many in sources:
            for phrase, tokens in many:
                self._add(ident, phrase, tokens, loose)
        self._loose: dict[str, list[tuple[frozenset[str], tuple[str, ...], tuple[str, ...], int]]] = defaultdict(list)
        count: dict[str, int] = defaultdict(int)
        for slots in loose:
            for slot in slots:
                count[slot] += 1
        members = Counter(group for groups in words.groups.values() for group in groups)
        for slots, ids in loose.items():
            breadth = sum(members[slot] for slot in slots)
            self._loose[min(slots, key=lambda slot: count[slot])].append((frozenset(slots), slots, tuple(sorted(ids)), breadth))
        self._blocked: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for ident, look_alikes in (blocked or {}).items():
            for look_alike in look_alikes:
                self._blocked[self._sequence(str(look_alike))].add(ident)
        self._begins = {row[:length] for row in [*self._exact, *self._blocked] for length in range(1, len(row))}

    def _sequence(self, phrase: str) -> tuple[str, ...]:
        return tuple(form.form for form in self.words.read(tokenize(phrase)) if form.key not in STRESS)

    def _add(self, ident: str, phrase: str, tokens: Sequence[Token], loose: dict[tuple[str, ...], set[str]]) -> None:
        if "{" in phrase:
            slots = tuple(part if part[0] == "{" else self.words.form(part) for part in phrase.split())
            loose[slots].add(ident)
            return
        forms = self.words.read(tokens)
        whole = tuple(form.form for form in forms if form.key not in STRESS)
        if len(forms) == 1:
            self._surface[forms[0].key].add(ident)
            if zipf_frequency(forms[0].key, "en") < 4.4 and zipf_frequency(forms[0].form, "en") < 4.5:
                self._exact[forms[0].form,].add(ident)
            return
        self._exact[tuple(form.form for form in forms)].add(ident)
        if len(whole) > 2:  # "feel very unwell" without its "very" would say something else
            self._exact[whole].add(ident)
        # "one leg swollen" says more than "legs swollen"
        telling = [form for form in forms if form.key not in STRESS and (form.key not in SMALL or form.key == "one")]
        heavy = [form for form in telling if form.form not in NEGATORS and form.key not in _PARTICLES and _heavy(form, self.words)]
        if len(heavy) >= 2:
            loose[tuple(form.form for form in telling)].add(ident)

    def find(self, tokens: Sequence[Token]) -> tuple[list[Form], list[Hit]]:
        """Forms of the tokens and the best hits that do not compete for the same words, in text order."""
        forms = self.words.read(tokens)
        hits = [*self._find_exact(forms, tokens), *self._find_loose(forms, tokens)]
        for hit in hits:
            hit.weight = sum(self._telling(forms[at]) for at in hit.forms)
        hits.sort(key=lambda hit: hit.rank)
        return forms, self._choose(hits, forms)

    def _telling(self, form: Form) -> bool:
        return form.form in NEGATORS or form.key not in SMALL and form.key not in STRESS and _heavy(form, self.words)

    def _find_exact(self, forms: list[Form], tokens: Sequence[Token]) -> Iterable[Hit]:
        self._no: dict[tuple[int, str], int] = {}
        whole = list(range(len(forms)))
        telling = [at for at in whole if forms[at].key not in self._passed_over]
        hits = self._runs(telling, forms, tokens)
        return hits if len(telling) == len(whole) else hits + self._runs(whole, forms, tokens)

    def _runs(self, places: list[int], forms: list[Form], tokens: Sequence[Token]) -> list[Hit]:
        """Hits among the runs of words at `places`; look-alikes are noted in `self._no`."""
        sequence = tuple(forms[at].form for at in places)
        stops = {begin for begin, at in enumerate(places) if tokens[forms[at].first].before == "."}
        hits: list[Hit] = []
        for begin, first in enumerate(places):
            for end in range(begin + 1, len(places) + 1):
                if end - begin > 1 and end - 1 in stops:
                    break
                over = forms[first + 1 : places[begin + 1]] if end - begin == 2 else ()
                if over and forms[first].key in SMALL and any(form.key not in STRESS for form in over):
                    break  # "the Tysabri running" is not "the runs", but "feel really funny" is "feel funny"
                part = sequence[begin:end]
                for ident in self._blocked.get(part, ()):
                    for at in places[begin:end]:
                        self._no[at, ident] = max(end - begin, self._no.get((at, ident), 0))
                ids = self._single(forms[first]) if end - begin == 1 else self._exact.get(part)
                if ids:
                    hits.append(Hit(tuple(sorted(ids)), tuple(places[begin:end]), False))
                if part not in self._begins:
                    break
        return hits

    def _single(self, form: Form) -> set[str]:
        """Ids of one word: of itself, or of its common form where it is no everyday word of its own ("pile", "wire", "dreaded")."""
        own = self._surface.get(form.key, set())
        meant = self._exact.get((form.form,), set())
        if own or not meant or form.last - form.first == 1 and zipf_frequency(form.key, "en") >= _ITS_OWN_WORD:
            return own
        return meant

    def _find_loose(self, forms: list[Form], tokens: Sequence[Token]) -> Iterable[Hit]:
        where: dict[str, list[int]] = defaultdict(list)
        for at, form in enumerate(forms):
            where[form.form].append(at)
            for group in self.words.groups.get(form.form, ()):
                where[group].append(at)
        telling = _running([form.key not in STRESS and form.key not in SMALL for form in forms])
        segment = _running([tokens[form.first].before == "." or form.key in _TURNS for form in forms], shift=False)
        commas = _running([tokens[form.first].before == "," for form in forms], shift=False)
        present = where.keys()
        for anchor in list(where):
            for needed, slots, ids, breadth in self._loose.get(anchor, ()):
                if not present >= needed:
                    continue
                for at in where[anchor]:
                    spot = _nearest(at, anchor, slots, where)
                    if spot is None:
                        continue
                    low, high = min(spot), max(spot)
                    if segment[low] != segment[high]:
                        continue
                    if commas[high] - commas[low] > (len(slots) > 2) and not self._all_listed(forms, spot, low, high):
                        continue
                    if forms[high].key in _ALL and commas[high] > commas[low]:
                        continue  # "my joints ached, all better" is not "all my joints ached"
                    inside = telling[high + 1] - telling[low]
                    used = sum(1 for place in spot if telling[place + 1] > telling[place])
                    extra = inside - used
                    if extra > (2 if len(slots) == 2 else 3) or high - low > len(slots) + 7:
                        continue
                    if self._sound(slots, spot, forms, low, high):
                        yield Hit(ids, tuple(sorted(spot)), True, breadth=breadth)

    def _sound(self, slots: tuple[str, ...], spot: list[int], forms: list[Form], low: int, high: int) -> bool:
        """Negating words stand before what they negate, and nothing between the words negates or changes subject."""
        for index, slot in enumerate(slots[:-1]):
            if slot in NEGATORS and not 0 < spot[index + 1] - spot[index] <= 4:
                return False
        between = [forms[at] for at in range(low + 1, high) if at not in spot]
        if any(form.form in NEGATORS for form in between):
            return False
        if any(form.key in {"and", "or"} for form in between):
            listed = [form for form in between if form.key not in SMALL | STRESS and form.form != "go"]
            return (
                bool(listed)
                and all(self.words.groups.get(form.form, _NONE) & _LISTED for form in listed)
                or not listed
                and len(slots) > 2
            )
        return not any(
            form.key in {"ive", "im"} or form.key == "its" and forms[form_at + 1].key in {"a", "an", "just", "more"}
            for form_at, form in ((at, forms[at]) for at in range(low + 1, high) if at not in spot)
        )

    def _all_listed(self, forms: list[Form], spot: list[int], low: int, high: int) -> bool:
        """Between the words stand only other parts or complaints: "sites are red, hot and lumpy"."""
        listed = [forms[at] for at in range(low + 1, high) if at not in spot and forms[at].key not in SMALL | STRESS]
        return bool(listed) and all(self.words.groups.get(form.form, _NONE) & _LISTED for form in listed)

    def _choose(self, hits: list[Hit], forms: list[Form]) -> list[Hit]:
        taken: dict[int, Hit] = {}
        chosen: dict[tuple[int, ...], Hit] = {}
        for hit in hits:
            ids = tuple(
                ident
                for ident in hit.ids
                if not any(self._no.get((at, ident), 0) >= len(hit.forms) for at in hit.forms)
            )
            shared = [at for at in hit.forms if at in taken]
            if len(shared) < len(hit.forms):
                shared = [at for at in shared if forms[at].form not in self.words.shared]
            twin = chosen.get(hit.forms)
            if ids and twin:
                if twin.breadth == hit.breadth:  # the same words say both; narrower concepts win later
                    twin.ids = tuple(sorted({*twin.ids, *ids}))
                continue
            if not ids or shared and not self._listed(hit, shared, taken, forms):
                continue
            kept = Hit(ids, hit.forms, hit.loose, hit.weight, hit.breadth)
            chosen[hit.forms] = kept
            for at in hit.forms:
                taken.setdefault(at, kept)
        return sorted(chosen.values(), key=lambda hit: (hit.first, hit.last))

    def _listed(self, hit: Hit, shared: list[int], taken: dict[int, Hit], forms: list[Form]) -> bool:
        """As in "numb arm and leg", "itchy lump where I inject": a listed word may share the others with its neighbour."""
        free = [at for at in hit.forms if at not in taken]
        if not hit.loose or len(free) != 1 or len(shared) != len(hit.forms) - 1:
            return False
        part = free[0]
        others = [at for at in taken[shared[0]].forms if at not in shared]
        if not others or taken[shared[0]].ids == hit.ids:
            return False
        near = min(others, key=lambda at: abs(at - part))
        gap = forms[min(near, part) + 1 : max(near, part)]
        small = all(form.key in SMALL or form.key in STRESS for form in gap)
        joined = any(form.key in {"and", "or"} for form in gap)
        return small and joined or not gap and all(self.words.groups.get(forms[at].form, _NONE) & _QUALITIES for at in (near, part))


_TIMES = word_set(
    "day days week weeks month months year years hour hours minute minutes night nights morning today "
    "last next time times daily weekly one two three lasting"
)
_PARTICLES = word_set("up down")  # "up to my eyes" is not "up ... eye"
_NONE: frozenset[str] = frozenset()
# Parts and complaints that may stand in a list between the words of a combination.
_LISTED = frozenset(
    {
        "{part}",
        "{pain}",
        "{numb}",
        "{tingling}",
        "{weak}",
        "{swollen}",
        "{itchy}",
        "{red}",
        "{stiff}",
        "{burning}",
        "{quality}",
        "{bruised}",
        "{lump}",
    }
)
_QUALITIES = _LISTED - {"{part}", "{quality}", "{burning}"}
_ALL = word_set("all both everything")
_TURNS = frozenset({"but", "however", "though", "although", "except", "because", "cos", "whereas", "while", "then"})


def _heavy(form: Form, words: Words) -> bool:
    if form.key in _TIMES or form.key.isdigit():
        return False
    if form.form in words.groups:
        return True
    return zipf_frequency(form.key, "en") < _HEAVY_BELOW and (form.form == form.key or zipf_frequency(form.form, "en") < _HEAVY_BELOW)


def _running(flags: Sequence[bool], shift: bool = True) -> list[int]:
    """Running count of true flags: before each place (`shift`) or up to and including it."""
    total, counts = 0, [0] if shift else []
    for flag in flags:
        total += flag
        counts.append(total)
    return counts


def _nearest(at: int, anchor: str, slots: tuple[str, ...], where: Mapping[str, list[int]]) -> list[int] | None:
    """For each slot a different place, each the nearest to `at`; None when one is far away or not to be had."""
    spot: list[int] = []
    anchored = False
    for slot in slots:
        if slot == anchor and not anchored:
            spot.append(at)
            anchored = True
            continue
        free = [place for place in where[slot] if place not in spot and place != at and abs(place - at) <= 12]
        if not free:
            return None
        spot.append(min(free, key=lambda place: (abs(place - at), place)))
    return spot
