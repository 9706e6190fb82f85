"""Which numbers and words belong to which test name: a name starts a group, what belongs to it follows or precedes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from wordfreq import zipf_frequency

from knowledge.language.lab_items import Item

Readable = Callable[[str, Item], bool]

_BOUNDARY = re.compile(r"\n|[!?;](?=\s|$)|\.(?=\s|$)|\.{2,}(?=\s[a-z])")
_MINE = re.compile(r"\b(?:mine|my (?:own|level|count|result|last one)s?)\b(?: \w+){0,3} ?$")
_EXCEPT = re.compile(  # "all normal except my lymphs"
    r"\b(?:normal|fine|ok|okay|good|in range|clear)\b[^.;\n]{0,20}\b(?:except|apart from|other than|bar|besides|but not)"
    r"(?: for)?(?: (?:my|the))? $")
_GOES_ON = re.compile(  # what follows a comma takes up the test again
    r",(?: and| but| so)? (?:(?:is|are|was|were|it'?s|they'?re|it is|they are|now|today|tonight"
    r"|(?:the )?(?:last|latest|newest) (?:count|one|level|result|value))\b)"
    r"(?: (?:is|was|are|were|at|about|only|just|now|sitting|down to|up to)\b)* ?$")
_EVERYDAY = 3.2  # zipf frequency (wordfreq) from which a word names no test
_LIMITS = {"uln", "lln", "ref", "refs", "nr", "rr", "norm", "max", "min", "range", "limit", "upper", "lower"}
_PRESSURE = "blood_pressure"
_NEAR = 60  # characters within which a word is said of a number
_FAR = 400  # characters after which nothing belongs to a test any more
_SMALL = 15  # a count or protein below this does not rise to 38 by the next test
_DAY = re.compile(r"^ (?:(?:on )?\w+day|last (?:week|night)|this morning)\b")
_FEVER_WORDS = {"fever", "feverish", "temp", "temps", "temperature", "thermometer", "spiking", "spiked", "spike", "febrile"}
_WHEN = re.compile(  # when it was measured: counts for no word between a test and its number
    r"\b(?:(?:\d+|an?|one|two|three|four|five|six|few|couple of|last|this|the) )*(?:years?|yrs?|months?|mths?|weeks?|wks?|days?"
    r"|hours?|hrs?|wochen|tagen|monaten|weken|dagen|maanden|veckor)(?: (?:ago|back|before|later))?\b"
    r"|\b(?:early |mid |late |in |on |since )*(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|weds?|thur?s?|fri|sat"
    r"|sun)\b|\b(?:spring|summer|autumn|winter|xmas"
    r"|christmas|easter)\b|\b(?:19|20)\d\d\b")
_ADDED = re.compile(r"\s*(?:[,;+&/.(-]\s*)?(?:(?:and|with|plus|but)\b\s*)?(?:i'?m\s|i am\s|a\s|now\s|today\s"
    r"|this morning\s|it'?s\s|of\s|at\s|running\s)*")
_PERSON = re.compile(  # a clause of its own about the person: "today I have 38.2", "and woke up with 39"
    r"\b(?:i'?m|i am|i'?ve|i (?:\w+ )?(?:have|had|got|was|woke|feel|felt|keep|ran|measured)|woke up|woken|running|spik\w+)\b"
    r"(?:[^,.;:!?\n]|\.(?=\d))*$")
_CALLED_FEVER = re.compile(r" ?(?:degrees )?(?:of )?(?:temp|temperature|fever)\b")
_A_READING = re.compile(r"(?<![\d.,])(?:3[5-9]|4[0-2])[.,]\d(?!\d)")  # no test took it: "neuts 0.4, I had 38.2 last night, 37.9 now"
_IS_THE = re.compile(r" (?:is|was) (?:my|the) (?:\w+ )?")  # "0.3 was my lymphocyte count"
_I_AM = re.compile(r"\b(?:i'?m|i am)\s+$")  # an age, a weight, a fever
_NEW_CLAUSE = re.compile(r"[,;\n]|\.(?!\d)|\b(?:and|but)\b")
_AT_THE_TIME = re.compile(r"\b(?:it'?s|it is|at|since|today|tonight|this (?:morning|afternoon|evening)|(?:last|all) night)\b")
# words that may stand between a test and its number
_FILLER = frozenset({
    "is", "was", "are", "were", "be", "been", "being", "am", "a", "an", "the", "my", "your", "our", "his", "her",
    "their", "its", "it", "they", "them", "this", "that", "these", "those", "i", "we", "he", "she", "at", "of", "about",
    "approx", "approximately", "around", "roughly", "only", "just", "now", "currently", "today", "yesterday", "still",
    "again", "count", "counts", "level", "levels", "result", "results", "reading", "readings", "value", "number",
    "score", "test", "tests", "blood", "bloods", "came", "come", "back", "in", "out", "as", "to", "from", "for", "on",
    "with", "and", "both", "all", "respectively", "then", "but", "so", "has", "have", "had", "gone", "went", "dropped",
    "dropping", "down", "up", "fell", "fallen", "falling", "risen", "rising", "increased", "decreased", "reduced",
    "says", "said", "say", "showed", "shows", "showing", "shown", "report", "reports", "reported", "measured",
    "checked", "taken", "done", "latest", "recent", "most", "last", "week", "month", "year", "time", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
    "june", "july", "august", "september", "october", "november", "december", "previous", "previously", "before",
    "baseline", "nearly", "almost", "even", "really", "very", "quite", "too", "low", "high", "normal", "sitting",
    "stands", "stood", "running", "ran", "hovering", "hit", "hits", "got", "get", "getting", "ve", "s", "re", "m", "d",
    "me", "told", "doctor", "gp", "nurse", "neuro", "neurologist", "consultant", "team", "they're", "hospital",
    "clinic", "lab", "per", "serum", "plasma", "total", "absolute", "abs", "auto", "automated", "calc", "calculated",
    "estimated", "random", "fasting", "venous", "was:", "x", "which", "actually", "like", "ish", "maybe", "think",
    "something", "or", "well", "good", "fine", "ok", "also", "please", "help", "hi", "not", "than", "less", "more",
    "under", "over", "below", "above", "least", "jumped", "shot", "crashed", "tanked", "plummeted", "bad", "worrying",
    "dangerously", "critically", "bit", "slightly", "resting", "when", "woke", "after", "afterwards", "morning",
    "evening", "night", "tonight", "pretty", "much", "steady", "stable", "stuck", "came:", "reads", "read", "home",
    "machine", "cuff", "watch", "fitbit", "monitor", "meter", "finger", "prick", "here's", "plus", "minus", "between",
    "theyre", "thats", "hes", "shes", "odd", "half", "what", "double", "abbreviated", "mdrd", "epi", "ckd",
    "used", "pulled", "dipped", "climbed", "improved", "better", "worse", "recovered", "bounced", "stayed", "remains",
    "remain", "remained", "mine", "day", "each", "one",
    "first", "second", "third", "repeat", "repeated", "next", "prev", "prior", "vor", "letzte", "war",
    "laboratory", "labs", "surgery", "practice", "portal", "app", "letter", "upper", "lower", "limit", "limits", "cutoff", "ceiling"
})


@dataclass
class Group:
    """Test names said together, with the pieces that belong to them."""

    names: list[Item]
    parts: list[Item] = field(default_factory=list)


def group_items(plain: str, items: list[Item], readable: Readable) -> list[Group]:
    """The items as groups, one per test name or list of names; `readable(test, number)`: can its unit be this test's?"""
    groups: list[Group] = []
    waiting: list[Item] = []  # read before any name they could belong to
    for index, item in enumerate(items):
        last = _last(groups)
        gap = plain[max(last.end, item.start - _FAR) : item.start] if last else ""
        if item.kind == "name":
            open_list = groups and (not groups[-1].parts or _shares_its_word(groups[-1], gap, items[index + 1:]))
            group = groups[-1] if open_list and _listed(gap) and not waiting else None
            if item.value[0] == _PRESSURE and groups and _is_unnamed(groups[-1]) and len(gap) < _NEAR:
                groups[-1].names = [item]  # "155 over 98 she wrote down for blood pressure"
            elif group and group.names[-1].value[0] == item.value[0]:
                group.names[-1].end = item.end
            elif group:
                group.names.append(item)
            else:
                if _EXCEPT.search(plain, max(0, item.start - _NEAR), item.start):
                    waiting.append(Item("flag", item.start, item.start, "abnormal", unit="trend"))
                groups.append(Group([item], waiting))
            waiting = []
        elif item.kind == "skip":
            continue
        elif _belongs_to_next(plain, items, index, groups, readable):
            waiting.append(item)
        elif groups and item.kind == "pressure" and len(groups[-1].names) == 2 and len(gap) < 30:
            groups[-1].parts += [
                Item("number", item.start, item.end, value) for value in item.value
            ]  # "AST/ALT 90/120"
        elif groups and _belongs(plain, groups[-1], item, gap, readable):
            groups[-1].parts.append(item)
        elif item.kind == "pressure" and _of_the_blood(item):
            groups.append(Group([Item("name", item.start, item.start, (_PRESSURE, ""))], [item]))
    return groups


def _of_the_blood(pressure: Item) -> bool:
    """Whether two numbers are a blood pressure though nothing says so: "I get 164/101 all week", but not "250/50 inhaler"."""
    upper, lower = pressure.value
    return 80 <= upper <= 270 and 40 <= lower <= 160 and 0.4 < lower / upper < 0.9


def _is_unnamed(group: Group) -> bool:
    return group.names[-1].start == group.names[-1].end


def _shares_its_word(group: Group, gap: str, rest: list[Item]) -> bool:
    """Whether the word before a name is said of the next name too: "raised ALT and AST", but not "high BP and pulse 120"."""
    before = all(part.kind == "flag" and part.end <= group.names[0].start for part in group.parts)
    return before and bool(re.search(r"\band\b|[&/]", gap)) and not (rest and rest[0].kind != "name")


def _belongs_to_next(plain: str, items: list[Item], index: int, groups: list[Group], readable: Readable) -> bool:
    """Whether a number or word stands right before its test: "0.8 neutrophils", "low platelets", "positive for
    JCV".
    """
    item, rest = items[index], items[index + 1 :]
    if len(rest) > 1 and rest[0].kind in ("flag", "letter") and re.match(r" for\b", plain[rest[0].end :]):
        rest = rest[1:]  # "is 0.8 low for neutrophils?"
    if not rest or rest[0].kind != "name":
        return False
    name = rest[0]
    gap = plain[item.end : name.start]
    test = name.value[0]
    if item.kind == "number" and _IS_THE.fullmatch(gap) and not _follows_a_test(plain, item, groups):
        return test is None or readable(test, item)
    if (
        item.kind in ("range", "unit", "letter", "pressure")
        or not re.fullmatch(
            r" (?:\w+ )?for (?:my |the )?| (?:(?:for|of|on|in|to) )?(?:my |the |a |his |her )?(?:\w+ )?|[ -]", gap
        )
        or re.search(r"\b(?:and|but|is|was|with|then|except|bar)\b", gap)
    ):
        return False
    if item.kind == "number" and (test is None or not readable(test, item) and item.unit):
        return False
    last = _last(groups)
    before = plain[max(last.end, item.start - _FAR) : item.start] if last else ""
    open_group = groups and not any(p.kind == item.kind for p in groups[-1].parts) and not _BOUNDARY.search(before)
    if item.kind in ("number", "times", "grade") and len(rest) > 1 and rest[1].kind == item.kind:
        styled = bool(groups) and bool(groups[-1].parts) and groups[-1].parts[0].start < groups[-1].names[0].start
        follows = re.fullmatch(r"[\s:=|(]*(?:is|was|of|at|count)?\s*", plain[name.end : rest[1].start])
        list_goes_on = len(rest) > 2 and rest[2].kind == "name"
        if follows and not styled and (open_group or gap != " " or not list_goes_on or _like_a_fever(item)):
            return False
    return not (
        open_group
        and re.fullmatch(
            r"[\s:=(|-]*(?:(?:is|are|was|were|came back|at|of|count|now|a bit|still|" r"very|really)\s*)*", before
        )
    )


def _follows_a_test(plain: str, item: Item, groups: list[Group]) -> bool:
    last = _last(groups)
    return last is not None and not _NEW_CLAUSE.search(plain, last.end, item.start)


def _belongs(plain: str, group: Group, item: Item, gap: str, readable: Readable) -> bool:
    test = group.names[-1].value[0]
    if item.kind == "number" and _of_the_person(plain, group, item, gap):
        return False
    boundary = _BOUNDARY.search(gap)
    words = re.findall(r"[a-z']+", _WHEN.sub(" ", gap))
    unknown = [w for w in words if w.replace("'", "") not in _FILLER and w.split("'")[0] not in _FILLER and not w.endswith("ly")]
    if item.kind in ("letter", "unit"):
        return not unknown and len(gap) < 40
    if boundary:
        anaphora = re.match(
            r"\W*(?:it|they|that|result|value|which|mine|level|count|this|the result|the level|"
            r"now|today|came|last|previous|before|was|were|(?:your|my|patient|test|observed) (?:value|result)|normal range"
            r"|ref(?:erence)?|(?:standard|normal|usual|healthy) range|range)\b|\W*$",
            gap[boundary.end() :],
        )
        if gap.count("\n") > 2 or len(gap) > 120 or not anaphora or (group.parts and item.kind == "flag"):
            return False
        if group.parts and "\n" in gap and not re.search(r"[a-z]", gap):
            return item.kind == "range"
        unknown = [word for word in unknown if word in re.findall(r"[a-z']+", gap[boundary.end() :])]
    if item.kind == "flag":
        return (
            len(unknown) <= 2
            and len(gap) < 60
            and (
                not re.search(r",|\bbut\b|\bi\b|\bmy\b|\bno\b|\band (?:is|im|i'm|he|she|feel\w*|doing)\b", gap)
                or not unknown
                and not group.parts
                or bool(re.search(r"\bnow\b", gap + plain[item.end : item.end + 5]))
            )
        )
    if item.kind == "pressure":
        return test == _PRESSURE and len(gap) < _FAR / 2
    if item.kind == "range":
        return len(gap) < 60 and len(unknown) <= 3
    if item.kind == "number" and len(gap) <= 100 and _MINE.search(gap):
        return test is None or readable(test, item)
    numbered = any(part.kind == "number" for part in group.parts)
    alone = re.search(r"[^,]{4},\s$", gap) and not numbered and not _like_a_fever(item)  # "too low to carry on with it, 0.3"
    if item.kind == "number" and not numbered and group.parts and _like_a_fever(item) and re.match(r"\s*(?:,|and\b)", gap):
        return False  # "platelets fine, 38.4"
    if item.kind == "number" and len(gap) <= 100 and _GOES_ON.search(gap):
        return test is None or readable(test, item)  # "which were 260 before the first course, are sitting at 61"
    if len(gap) > 100 or len(unknown) > 2 or (unknown and not alone and re.search(r",|\band\b", gap)):
        return False
    if item.unit == "%" and re.search(
        r"\bby\b|\b(?:dropped|fell|fallen|rose|risen|up|down|increased|"
        r"decreased)\s*$",
        plain[max(0, item.start - 25) : item.start],
    ):
        return False  # a change, not a value
    if item.kind == "number" and numbered and words and words[-1] in unknown and _names_it(gap, words[-1]):
        return False  # "AST 22 / CREA 0.8": a number of something else
    if item.kind == "number" and _is_temperature(group, item, gap, words):
        return False
    return item.kind not in ("number", "times") or test is None or readable(test, item)


def _names_it(gap: str, word: str) -> bool:
    """Whether an unknown word right before a number names what was measured: it is no everyday word, or ends in "=" or ":"."""
    after = re.search(rf"\b{re.escape(word)}(\W*)$", gap)
    return after is not None and word not in _LIMITS and (bool(re.search(r"[=:]", after[1])) or zipf_frequency(word, "en") < _EVERYDAY)


def _like_a_fever(item: Item) -> bool:
    bare = item.kind == "number" and item.unit is None and isinstance(item.value, float)
    return bare and (37.2 <= item.value <= 42.5 or 99 <= item.value <= 106)


def _of_the_person(plain: str, group: Group, item: Item, gap: str) -> bool:
    """Whether a number that can be a body's temperature stands in a new clause about the person, not about the test.

    A whole number stays the test's when it is near a whole one before: "platelets 45, I have 38 today".
    """
    if item.unit or item.sign or not (34.5 <= item.value <= 43 or 94 <= item.value <= 109):
        return False
    whole = isinstance(item.value, int)
    numbers = [part.value for part in group.parts if part.kind in ("number", "times") and part.end <= item.start]
    if numbers and (_CALLED_FEVER.match(plain, item.end) or _A_READING.search(gap)):
        return True
    near = bool(numbers) and isinstance(numbers[-1], int) and 0.3 < numbers[-1] / item.value < 3
    if _PERSON.search(gap):
        return not whole or bool(group.parts) and not (near and not _I_AM.search(gap))
    said_when = _NEW_CLAUSE.search(gap) and _AT_THE_TIME.search(gap)  # "ALT 45, since last night 38.4": no decimal before
    return bool(said_when and numbers) and not whole and isinstance(numbers[-1], int)


def _is_temperature(group: Group, item: Item, gap: str, words: list[str]) -> bool:
    """Whether a number after a result already read is the body's temperature: "neuts 0.7 and 38.4", "0.7 fever 39"."""
    if _FEVER_WORDS.intersection(words):
        return True
    numbers = [part for part in group.parts if part.kind in ("number", "times")]
    added = _ADDED.fullmatch(_DAY.sub("", gap)) and item.unit is None and item.sign is None and len(numbers) >= len(group.names)
    if not added:
        return False
    if isinstance(item.value, float) and isinstance(numbers[-1].value, int):
        return _like_a_fever(item)  # "platelets 45 and 38.4": a test's numbers are written alike
    if group.names[-1].value[0] in (None, "heart_rate", "blood_pressure"):
        return False
    if numbers[-1].value >= _SMALL and re.search(r"\b(?:now|today|this|it'?s)\b", gap):
        return False  # "platelets were 150 and now 40"
    low, high = (37.2, 42.5) if isinstance(item.value, float) else (38, 41)
    return (low <= item.value <= high or 99.5 <= item.value <= 106) and not 0.3 < numbers[-1].value / item.value < 3


def _last(groups: list[Group]) -> Item | None:
    if not groups:
        return None
    return max([*groups[-1].names, *groups[-1].parts], key=lambda item: item.end)


def _listed(gap: str) -> bool:
    """Whether two names are one list: "ALT and AST", "ALT (SGPT)", "wbc, neuts & lymphs"."""
    return (
        bool(re.fullmatch(r"[\s,/&+():\-]*(?:(?:and|&|my|the|or|then|plus|also)\s*)*[\s(]*", gap))
        and gap.count("\n") == 0
    )
