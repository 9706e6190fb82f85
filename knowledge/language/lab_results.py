"""Finds laboratory results in what people write: one line of chat, or a pasted report.

The text is cut into items (test names, numbers, ranges, words like "low" or "positive") with the plain text between
them. A name starts a group; the numbers and words that belong to it follow (or stand right before it). What the words
around a number say ("was", "normal range", "if it drops below") decides its status.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA
from text_to_num import text2num
from wordfreq import zipf_frequency

from knowledge import labs
from knowledge.language.text import normalise

_TOO_LARGE = 1e9  # no laboratory prints a larger number
COMMON_WORD = 3.2  # zipf frequency from which a word is taken as meant, not as a misspelt test name

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: 000)+(?!\d)|\d+[.,]\d+|(?<!\d)\.\d+|\d+)"
_UNIT = (
    r"(?:x ?)?10 ?(?:\^|\*{1,2}|e|\()? ?(?:12|[369])(?:\)|(?!\d)) ?(?:(?:cells)? ?(?:/|per) ?(?:litre|liter|"
    r"microlitre|l|ul|mcl|nl|mm3|mm\^3|cumm|cmm))?\b"
    r"|ml ?/ ?min ?(?:/ ?1[.,]73 ?(?:m\^?2|sqm)?)?"
    r"|(?:micro ?)?[a-z]{1,9}%?(?: creat)? ?/ ?(?:100 ?ml|mm\^?3|microlit(?:re|er)|lit(?:re|er)|[a-z]{1,5})\b"
    r"|/ ?(?:ul|mcl|mm\^?3|cumm|cmm|nl|min)\b"
    r"|(?:g|gm|mg)%|%|per ?cent\b|pct\b"
    r"|(?:cells )?per micro ?lit(?:re|er)|beats (?:per|a) minute|(?:per|a) minute"
    r"|(?:bpm|beats|ms|msecs?|milliseconds|mm ?hg|kpa|[mnup]mols?|units?|iu|u|k|thousand|thou|million|lakhs?|lacs?|"
    r"cells|index)\b"
)
_POWER = (
    r"(?:x ?)?10 ?(?:(?:\^|\*{1,2}|e|\() ?(?:12|[369])\)?|(?:12|[369])(?= ?/)) ?(?:(?:cells)? ?/ ?(?:litre|"
    r"liter|l|ul|mcl|mm3|cumm))?(?!\w)"
)
_REJECT = (  # a number before one of these is no result
    r"(?:st|nd|rd|th|am|pm|mg|mcg|ug|g|kg|ml|cm|mm|lbs?|stone|st|years?|yrs?|yo|months?|mths?|weeks?|wks?|days?|"
    r"hours?|hrs?|minutes?|mins?"
    r"|times? (?:a|per|in|this|last|now)|tablets?|pills?|capsules?|infusions?|injections?|doses?|courses?|rounds?|"
    r"blood tests|tests|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    r"degrees?|celsius|c|f|hours|people|out of|points?|/ ?10)\b"
)
_TIME_UNIT = re.compile(r" (?:years?|months?|weeks?|days?|hours?)")  # "0.8 years ago": the result 0.8, years ago
_COMPARATORS = {
    "<": r"<|less than|lower than|fewer than|smaller than|below|under|not even",
    "<=": r"<=|≤|at most|no more than",
    ">": r">|more than|greater than|higher than|bigger than|over|above",
    ">=": r">=|≥|at least|no less than",
}
_DIGITS = "zero|nought|naught|oh|o|one|two|three|four|five|six|seven|eight|nine"
_DIGIT_VALUES = dict(zip(_DIGITS.split("|"), [0, 0, 0, 0, 0, *range(1, 10)], strict=True))
_WORDS = (
    f"{_DIGITS}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|"
    f"thirty|forty|fifty|sixty|seventy"
    "|eighty|ninety|hundred|thousand|million"
)
_ITEM = re.compile(
    rf"(?P<skip>\b\d{{1,4}}([/.-])\d{{1,2}}\2\d{{2,4}}\b|\b\d{{1,2}}[/-](?:[a-z]{{3}}|\d{{1,2}})[/-]\d{{2,4}}\b|"
    rf"\b\d{{1,2}}:\d{{2}}\b|(?:\bin|since|of) (?:19|20)\d\d\b|\b(?:day|week|month|year|cycle|course|dose|infusion|"
    rf"visit|round|stage|grade|aged?|covid|page|ward|room) \d+\b(?![.,]\d))"
    rf"|(?P<range>between {_NUMBER} (?:and|to) {_NUMBER}(?![\d.]*\d)|(?<![\w.]){_NUMBER} ?(?:{_UNIT})? ?- "
    rf"?{_NUMBER}(?![\d.]*[\d+]))(?: ?(?P<range_unit>{_UNIT}))?"
    rf"|(?P<power>(?<![\w.]){_POWER})"
    rf"|(?P<pressure>(?<![\w./])\d{{2,3}} ?(?:/|over| on ) ?\d{{2,3}}(?![\w/]))"
    rf"|(?P<times>(?:(?P<times_sign>{'|'.join(_COMPARATORS.values())}) ?)?(?<![\w.])(?P<factor>{_NUMBER}|"
    rf"\b(?:{_WORDS}|double|twice|triple)\b) ?(?:x|times|fold|\*)? ?(?:higher than |above |over )?(?:the |than "
    rf")?(?:uln\b|upper limits?(?: of (?:the )?normal)?|normal limits?|upper normal|(?<=x )normal|(?<=times "
    rf")(?:the )?normal|(?<=times )(?:what|higher|too high)|(?<=double )(?:the )?normal|(?<=twice )(?:the )?normal|"
    rf"(?<=double )what))"
    rf"|(?P<grade>(?<!\+)(?:(?<!\w)[1-4] ?\+(?!\d)|\+{{1,4}})(?![\d+]))"
    rf"|(?:(?P<sign>{'|'.join(_COMPARATORS.values())}) ?(?:about |around |just "
    rf")?)?(?:(?<![\w.,])(?P<number>{_NUMBER})(?P<reject> ?-?{_REJECT}(?! ?[/%]))?(?: "
    rf"?-?(?P<unit>{_UNIT}))?(?![\w])"
    rf"|\b(?P<spelt>(?:(?:a )?(?:{_WORDS}) (?:and )?)*?(?:(?:{_WORDS}|\d+) )?point(?: (?:{_DIGITS}|\d+\b))+\b|(?:a "
    rf"(?=hundred|thousand))?(?:(?:{_WORDS})(?:[ -](?:and )?(?={_WORDS}))?)+\b)(?P<spelt_reject> {_REJECT})?(?: "
    rf"?(?P<spelt_unit>{_UNIT}))?)"
    rf"|(?P<unit_alone>(?<![\w/]){_UNIT})",
)
_FLAGS = {
    "normal": r"normal|fine|ok|okay|good|in range|within (?:the )?(?:normal )?(?:range|limits)|all clear|perfect|"
    r"negative for problems|unremarkable|not (?:too )?(?:low|high|raised|elevated|bad)|isn't (?:low|"
    r"high)|aren't (?:low|high|raised)|wasn't (?:low|high)|weren't (?:low|high|raised)",
    "abnormal": r"abnormal|not (?:normal|right|good|ok|okay|great|fine)|isn't right|aren't right|isn't normal|"
    r"aren't normal|(?<!cut )(?<!cut-)off|deranged|out of range|out of whack|wonky|all over the place|"
    r"flagged|bad|weird|funny|strange|terrible|rubbish|worrying",
    "low": r"(?:very |really |quite |too |a bit |bit |slightly |so |super |extremely |critically |dangerously |"
    r"still )?(?:low|lowish)(?:er)?(?: side)?|under (?:the )?(?:range|normal)|below (?:the )?(?:range|"
    r"normal|average)|reduced|decreased|depleted|deficient|gone down|going down|dropped|dropping|has fallen|"
    r"have fallen|fallen|falling|fell|tanked|rock bottom|crashed|plummeted|down|worse|zero|undetectable",
    "high": r"(?:very |really |quite |too |a bit |bit |slightly |so |super |extremely |sky |still )?(?:high|"
    r"elevated|raised|highish)(?:er)?(?: side)?|above (?:the )?(?:range|normal|average)|over (?:the "
    r")?(?:range|normal)|increased|rising|risen|gone up|going up|went up|through the roof|shot up|creeping "
    r"up|up|prolonged|long|fast|racing",
    "positive": r"positive|detected|reactive|pos|present|showed up",
    "negative": r"no(?= $)|negative|not detected|undetected|non-reactive|neg|clear|not immune|none|nil",
    "indeterminate": r"indeterminate|borderline|inconclusive|equivocal|unsure|not sure",
    "trace": r"trace|traces|slight trace|a little|a bit of",
    "visible": r"visible",
}
_FLAG = re.compile(
    "|".join(
        rf"(?P<{flag}>(?<![\w'])(?:{words})(?![\w]))"
        for flag, words in sorted(
            _FLAGS.items(),
            key=lambda item: (
                ["normal", "abnormal", "negative"].index(item[0])
                if item[0] in ("normal", "abnormal", "negative")
                else 9
            ),
        )
    )
)
_TEMPERATURE = ("temp", "temperature")  # read by its own finder; here it only claims its number
_OPPOSITE = {"low": "normal", "high": "normal", "normal": "abnormal", "abnormal": "normal", "positive": "negative"}
_TREND_WORDS = re.compile(
    r"^(?:dropped|dropping|down|up|gone (?:up|down)|going (?:up|down)|went up|fallen|falling|"
    r"fell|rising|risen|increased|decreased|reduced|shot up|creeping up|has fallen|have "
    r"fallen|crashed|plummeted|tanked|clear)$"
)
_LETTER = re.compile(r"[ |,;)\]]*[(\[]?(?P<flag>ll|hh|l|h|low|high|\*+|abn)[)\]]?(?=[\s|,;)]|$)")
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
_BOUNDARY = re.compile(r"\n|[!?;](?=\s|$)|\.(?=\s|$)|\.{2,}(?=\s[a-z])")
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|range|usual(?:ly)?|limits?|should(?:n't| not)? be|supposed to be|meant to be|needs? to "
    r"be|ha(?:s|ve) to be|got to be|must|target|cut ?-?off|threshold|goal|uln|lln|wants? (?:it|them|my|the)|"
    r"aim(?:ing)? (?:for|at)|"
    r"normal(?: ?[:=(<>]| is| are| being| value| level| range| should| up| for|ly)|(?:stop|hold|pause|treat|worry|"
    r"call|ring|delay|withhold|restart|start|until|unless|till|if|when|once|in case)\b[^.\n]{0,40})[^.\n]{0,25}$"
)
_REFERENCE_AFTER = re.compile(
    r"^ ?(?:or (?:less|below|more|above|under|over) )?(?:is|are|would be|being|was|=) "
    r"(?:the |a |their |considered )?(?:usual |lower |upper )?(?:cut|limit|threshold|"
    r"dangerous|when they|where they|minimum|maximum|normal\b(?! for me))|^ ?(?:is|=|"
    r"being) (?:the )?(?:lowest|highest|bottom|top)|^ ?is when"
)
_PREVIOUS = re.compile(
    r"\b(?:was|were|from|previous(?:ly)?|used to be|before(?: that)?|baseline|last (?:time|"
    r"month|year|week|one|test|check)|prior|originally|at first|initially|started (?:at|on|off)|"
    r"had been)\b[^.\n]{0,25}$"
)
_CURRENT = re.compile(
    r"\b(?:now|today|currently|latest|to|this (?:week|month|time|morning)|then|most recent|is|"
    r"are|current|new|and|it's|just)\b[^.\n]{0,25}$|(?:->|=>|>|→)\s*$"
)
_PREVIOUS_AFTER = re.compile(
    r"^[\s(,-]*(?:(?:back )?(?:last|a|\d+|two|three|six|few) (?:time|month|year|week|"
    r"spring|summer|autumn|winter|test)s?|(?:in|since|at|on) (?:january|february|march|"
    r"april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|"
    r"jul|aug|sep|oct|nov|dec|\d{4})|before|previously|at baseline|yesterday|last \w+ "
    r"?(?:ago)?|(?:\w+ ){1,3}ago)\b"
)
_CURRENT_AFTER = re.compile(r"^[\s(,-]*(?:now|today|this (?:week|month|time|morning)|currently|at the moment)\b")
_LONG_AGO = re.compile(
    r"\b(?:years? ago|last year|in (?:19|20)\d\d|used to|before i (?:started|went|began)|as a "
    r"child|when i was|(?:six|nine|\d+) months ago)\b"
)
_ASKED = re.compile(
    r"\b(?:what(?:'s| is| are| was|s)?|which)\b[^?.\n]{0,40}\b(?:normal|range|should|levels?|mean|means|healthy|"
    r"safe|good|ideal|target|do|for|measure|tell)\b|\bwhat (?:if|happens)\b|\bhow (?:low|high|often|many|far|"
    r"soon)\b"
    r"|^\W*(?:so |and |but |hi |hello |also |ok |please |just wondering |)(?:does|do|can|could|will|would|might|"
    r"may|should)\b(?! (?:i|you|we) (?:worry|be worried|be concerned|tell|help|go|call|ring))|\b(?:can|could|does|"
    r"do|will|might|would) (?:\w+ ){1,3}(?:cause|lower|raise|reduce|affect|increase|drop|decrease|make|put|bring|"
    r"change|give|be|go|mean|wipe|knock)\b|\b(?:explain|meaning of|tell me about)\b"
    r"|^\W*(?:is|are) (?:the |an? |my )?$"
)
_OWN = re.compile(
    r"\b(?:my|mine|i've|i'm|i have|i had|i got|came back|came in|result(?:s)? (?:is|was|say|came)|"
    r"showed|it says|doctor said|they said|nurse)\b"
)
_RELATIVE = (
    r"(?:mum|mom|mother|dad|father|sister|brother|friend|mate|neighbour|neighbor|cousin|aunt|auntie|uncle|"
    r"colleague|boss|grandmother|gran|nan|grandad|husband|wife|partner|son|daughter|flatmate|boyfriend|"
    r"girlfriend|niece|nephew)"
)
_OTHER = re.compile(
    rf"\b(?:{_RELATIVE}'?s?'?|someone|somebody|a (?:lady|man|woman|guy|girl) (?:in|on|"
    rf"at)\b[^.\n]{{0,20}}|another patient)\b[^.\n]{{0,40}}$"
)
_CARER = re.compile(
    r"\b(?:husband|wife|partner|son|daughter|mum|mom|dad|mother|father) (?:\w+ )?(?:is on|takes|"
    r"has been on|was on|started|gets|has ms|is taking|'s on)\b|\b(?:asking|writing|here) for "
    r"my\b|\bi(?:'m| am) (?:her|his) (?:carer|husband|wife|mum|mom|dad|partner)\b|\bcarer\b"
)
_CUE = re.compile(
    r"\b(?:dip(?:stick)?|sample|urinalysis|urine test|microscop\w+|tested|lab|result|trace)\b|[1-4] "
    r"?\+"
)
_DIPPED = re.compile(r"\b(?:dip(?:stick|ped)?|urinalysis|urine (?:test|sample))\b[^.\n]{0,45}$")
_CHANGE = re.compile(
    rf"(?: (?:has|have|had|is|are|count|level|s|'s|ve|just))* (?:(?P<verb>dropped|fell|fallen|"
    rf"down|decreased|reduced|gone down|went down|up|risen|rose|increased|gone up|went up) (?:by |"
    rf"about |nearly |almost |over |more than )*(?P<size>half|(?P<amount>{_NUMBER}) ?(?:%|per "
    rf"?cent))|(?P<whole>doubled|halved))"
)
_FILLER = frozenset(
    [
        "is",
        "was",
        "are",
        "were",
        "be",
        "been",
        "being",
        "am",
        "a",
        "an",
        "the",
        "my",
        "your",
        "our",
        "his",
        "her",
        "their",
        "its",
        "it",
        "they",
        "them",
        "this",
        "that",
        "these",
        "those",
        "i",
        "we",
        "he",
        "she",
        "at",
        "of",
        "about",
        "approx",
        "approximately",
        "around",
        "roughly",
        "only",
        "just",
        "now",
        "currently",
        "today",
        "yesterday",
        "still",
        "again",
        "count",
        "counts",
        "level",
        "levels",
        "result",
        "results",
        "reading",
        "readings",
        "value",
        "number",
        "score",
        "test",
        "tests",
        "blood",
        "bloods",
        "came",
        "come",
        "back",
        "in",
        "out",
        "as",
        "to",
        "from",
        "for",
        "on",
        "with",
        "and",
        "both",
        "all",
        "respectively",
        "then",
        "but",
        "so",
        "has",
        "have",
        "had",
        "gone",
        "went",
        "dropped",
        "dropping",
        "down",
        "up",
        "fell",
        "fallen",
        "falling",
        "risen",
        "rising",
        "increased",
        "decreased",
        "reduced",
        "says",
        "said",
        "say",
        "showed",
        "shows",
        "showing",
        "shown",
        "report",
        "reports",
        "reported",
        "measured",
        "checked",
        "taken",
        "done",
        "latest",
        "recent",
        "most",
        "last",
        "week",
        "month",
        "year",
        "time",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "previous",
        "previously",
        "before",
        "baseline",
        "nearly",
        "almost",
        "even",
        "really",
        "very",
        "quite",
        "too",
        "low",
        "high",
        "normal",
        "sitting",
        "stands",
        "stood",
        "running",
        "ran",
        "hovering",
        "hit",
        "hits",
        "got",
        "get",
        "getting",
        "ve",
        "s",
        "re",
        "m",
        "d",
        "me",
        "told",
        "doctor",
        "gp",
        "nurse",
        "neuro",
        "neurologist",
        "consultant",
        "team",
        "they're",
        "hospital",
        "clinic",
        "lab",
        "per",
        "serum",
        "plasma",
        "total",
        "absolute",
        "abs",
        "auto",
        "automated",
        "calc",
        "calculated",
        "estimated",
        "random",
        "fasting",
        "venous",
        "was:",
        "x",
        "which",
        "actually",
        "like",
        "ish",
        "maybe",
        "think",
        "something",
        "or",
        "well",
        "good",
        "fine",
        "ok",
        "also",
        "please",
        "help",
        "hi",
        "not",
        "than",
        "less",
        "more",
        "under",
        "over",
        "below",
        "above",
        "least",
        "jumped",
        "shot",
        "crashed",
        "tanked",
        "plummeted",
        "bad",
        "worrying",
        "dangerously",
        "critically",
        "a",
        "bit",
        "slightly",
        "resting",
        "when",
        "woke",
        "after",
        "afterwards",
        "morning",
        "evening",
        "night",
        "tonight",
        "this",
        "pretty",
        "much",
        "steady",
        "stable",
        "stuck",
        "around",
        "came:",
        "reads",
        "read",
        "home",
        "machine",
        "cuff",
        "watch",
        "fitbit",
        "monitor",
        "meter",
        "finger",
        "prick",
        "here's",
        "plus",
        "minus",
        "between",
        "used",
        "pulled",
        "dipped",
        "went",
        "climbed",
        "improved",
        "better",
        "worse",
        "recovered",
        "bounced",
        "stayed",
        "remains",
        "remain",
        "remained",
        "was:",
        "mine",
        "day",
        "each",
        "one",
    ]
)


@dataclass
class _Item:
    kind: str  # name, number, range, pressure, times, grade, flag, letter, unit, skip
    start: int
    end: int
    value: Any = None
    unit: str | None = None
    sign: str | None = None
    status: str = "current"


@dataclass
class _Group:
    names: list[_Item]
    parts: list[_Item] = field(default_factory=list)


class LabFinder:
    """`LabFinder(documents of content/labs).find(text)` -> lab_result and other_lab_result entities, in text order.

    A lab_result has value {"test","value","unit","comparator","flag","status"}, with value and unit canonical, and
    when said
    "reference" [low, high] (canonical), "times_uln", "previous", "diastolic" (blood pressure), "needs": "unit" (number
    kept as typed, unit None) or "confirm" (implausible, or a percentage). A qualitative result has no number: its
    flag is
    positive or negative, and a category of the test ("2+", "trace") stands in value.
    """

    def __init__(self, documents: Iterable[Mapping[str, Any]]):
        self._tests, others = labs.library(documents)
        self._units = {test_id: labs.unit_names(test) for test_id, test in self._tests.items()}
        self._names: dict[str, tuple[str | None, str]] = {}
        for name in others:
            self._names[_key(name)] = (None, name)
        for test_id, test in self._tests.items():
            for name in (*test["lay_names"], *test.get("implied", {}), *test.get("grade_names", [])):
                self._names.setdefault(_key(str(name)), (test_id, str(name).lower()))
        self._options = {
            test_id: {
                kind: {_key(str(n)) for n in test.get(kind, [])}
                for kind in ("needs_value", "needs_cue", "grade_names", "confirm_names", "blocked_next", "panel_names")
            }
            | {
                "implied": {_key(k): v for k, v in test.get("implied", {}).items()},
                "components": {_key(k): v for k, v in test.get("components", {}).items()},
            }
            for test_id, test in self._tests.items()
        }
        words = {word for name in self._names for word in name.split() if word.isalpha()}
        self._longest = max(len(name.split()) for name in self._names)
        self._words = words
        self._correct = lru_cache(4096)(self._correct_word)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(words):
            if len(word) >= 6 and zipf_frequency(word, "en") < COMMON_WORD + 1:
                self._by_initial.setdefault(word[0], []).append(word)

    def find(self, text: str) -> list[dict]:
        """Entities with offsets into `text`. Never raises on any text; time grows with its length."""
        plain = normalise(text)
        items = self._items(plain)
        entities = [e for group in self._groups(plain, items) for e in self._resolve(plain, group)]
        return _without_percentages(sorted(entities, key=lambda entity: (entity["start"], entity["end"])))

    # Items -----------------------------------------------------------------------------------------------------------

    def _correct_word(self, word: str) -> str:
        """The test word that an unknown word is a misspelling of, else the word itself."""
        if word in self._words or len(word) < 5 or not word.isalpha() or zipf_frequency(word, "en") >= COMMON_WORD:
            return word
        allowed = 1 if len(word) < 7 else 2
        best = min(
            (
                (OSA.distance(word, w, score_cutoff=allowed), w)
                for w in self._by_initial.get(word[0], ())
                if abs(len(w) - len(word)) <= allowed
            ),
            default=(9, word),
        )
        return best[1] if best[0] <= allowed else word

    def _items(self, plain: str) -> list[_Item]:
        names = list(self._find_names(plain))
        items, at = [], 0
        for name in [*names, None]:
            until = name.start if name else len(plain)
            items.extend(_other_items(plain, at, until))
            if name:
                items.append(name)
                at = name.end
        return items

    def _find_names(self, plain: str) -> Iterator[_Item]:
        tokens = [(m[0], m.start(), m.end()) for m in re.finditer(r"[^\W_]+(?:'s\b)?|#", plain)]
        words = [self._correct(word.removesuffix("'s")) for word, _, _ in tokens]
        i = 0
        while i < len(words):
            for n in range(min(self._longest, len(words) - i), 0, -1):
                key = " ".join(words[i : i + n])
                found = self._names.get(key)
                if (
                    found
                    and not {"\n", "+"} & set(plain[tokens[i][1] : tokens[i + n - 1][2]])
                    and self._fits(plain, found[0], key, tokens, words, i, n)
                ):
                    yield _Item("name", tokens[i][1], tokens[i + n - 1][2], (found[0], key))
                    i += n - 1
                    break
            i += 1

    def _fits(self, plain: str, test: str | None, key: str, tokens: list, words: list, i: int, n: int) -> bool:
        """Whether this use of a name can be the test: not "pulse steroids", "whites of my eyes", "index finger"."""
        following = plain[tokens[i + n - 1][2] : tokens[i + n - 1][2] + 60]
        if i and words[i - 1] == "anti" and not key.startswith("anti"):
            return False
        if test is None:
            return len(key) > 3 or bool(re.match(r"\W{1,20}(?:is |was |of |at )?[<>]?\d", following))
        options = self._options[test]
        if i + n < len(words) and words[i + n] in options["blocked_next"] and following[:1] in " -":
            return False
        if key in options["grade_names"]:
            around = plain[max(0, tokens[i][1] - 10) : tokens[i][1]]
            if _DIPPED.search(plain[max(0, tokens[i][1] - 60) : tokens[i][1]]):
                return True
            return bool(
                re.match(r"[\s:=-]{1,3}(?:was |is )?(?:[1-4] ?\+|\++|trace|positive|negative|neg\b|pos\b)", following)
                or re.search(r"(?:[1-4] ?\+|\+|\btrace(?: of)?)\s$", around)
            )
        if key in options["needs_cue"]:
            return bool(_CUE.search(plain[max(0, tokens[i][1] - 60) : tokens[i][1]] + following))
        if key in options["needs_value"]:
            if re.match(
                r" (?:is |was |came back |a bit |too )?(?:low|high|normal|raised|elevated|abnormal)\b", following
            ):
                return True
            return bool(
                re.match(
                    r"(?:\W{0,30}|(?:\W{0,3}(?:is|was|of|at|result|level|reading|count|rate|just|came|"
                    r"back|now|only|around|about|percentage|has|dropped|went|gone|to|down|up|fell|"
                    r"from|interval|said|showed|scan|a|an)){1,5}\W{0,3})[<>]?\.?\d",
                    following,
                )
                or re.search(r"\d\W{0,3}$", plain[max(0, tokens[i][1] - 6) : tokens[i][1]])
            )
        return True

    # Groups ----------------------------------------------------------------------------------------------------------

    def _groups(self, plain: str, items: list[_Item]) -> list[_Group]:
        groups: list[_Group] = []
        waiting: list[_Item] = []  # read before any name they could belong to
        for index, item in enumerate(items):
            last = _last(groups)
            gap = plain[last.end : item.start] if last else ""
            if item.kind == "name":
                group = groups[-1] if groups and not groups[-1].parts and _listed(gap) and not waiting else None
                if group and group.names[-1].value[0] == item.value[0]:
                    group.names[-1].end = item.end
                elif group:
                    group.names.append(item)
                else:
                    groups.append(_Group([item], waiting))
                waiting = []
            elif item.kind == "skip":
                continue
            elif self._belongs_to_next(plain, items, index, groups):
                waiting.append(item)
            elif groups and item.kind == "pressure" and len(groups[-1].names) == 2 and len(gap) < 30:
                groups[-1].parts += [
                    _Item("number", item.start, item.end, value) for value in item.value
                ]  # "AST/ALT 90/120"
            elif groups and self._belongs(plain, groups[-1], item, gap):
                groups[-1].parts.append(item)
        return groups

    def _belongs_to_next(self, plain: str, items: list[_Item], index: int, groups: list[_Group]) -> bool:
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
        if (
            item.kind in ("range", "unit", "letter", "pressure")
            or not re.fullmatch(
                r" (?:\w+ )?for (?:my |the )?| (?:(?:for|of|on|in|to) )?(?:my |the |a |his |her )?(?:\w+ )?|[ -]", gap
            )
            or re.search(r"\b(?:and|but|is|was|with|then|except|bar)\b", gap)
        ):
            return False
        if item.kind == "number" and (test is None or not self._readable(test, item) and item.unit):
            return False
        last = _last(groups)
        before = plain[last.end : item.start] if last else ""
        open_group = groups and not any(p.kind == item.kind for p in groups[-1].parts) and not _BOUNDARY.search(before)
        if item.kind in ("number", "times", "grade") and len(rest) > 1 and rest[1].kind == item.kind:
            styled = bool(groups) and bool(groups[-1].parts) and groups[-1].parts[0].start < groups[-1].names[0].start
            follows = re.fullmatch(r"[\s:=|(]*(?:is|was|of|at|count)?\s*", plain[name.end : rest[1].start])
            if follows and not styled and (open_group or gap != " "):
                return False
        return not (
            open_group
            and re.fullmatch(
                r"[\s:=(|-]*(?:(?:is|are|was|were|came back|at|of|count|now|a bit|still|" r"very|really)\s*)*", before
            )
        )

    def _belongs(self, plain: str, group: _Group, item: _Item, gap: str) -> bool:
        test = group.names[-1].value[0]
        boundary = _BOUNDARY.search(gap)
        words = re.findall(r"[a-z']+", gap)
        unknown = [w for w in words if w.replace("'", "") not in _FILLER and w.split("'")[0] not in _FILLER]
        if item.kind in ("letter", "unit"):
            return not unknown and len(gap) < 40
        if boundary:
            anaphora = re.match(
                r"\W*(?:it|they|that|result|value|which|mine|level|count|this|the result|the level|"
                r"now|today|came|last|previous|before|was|were)\b|\W*$",
                gap[boundary.end() :],
            )
            if gap.count("\n") > 2 or len(gap) > 120 or not anaphora or (group.parts and item.kind == "flag"):
                return False
            if group.parts and "\n" in gap and not re.search(r"[a-z]", gap):
                return item.kind == "range"
        if item.kind == "flag":
            return (
                len(unknown) <= 2
                and len(gap) < 60
                and (
                    not re.search(r",|\bbut\b|\bi\b|\bmy\b|\bno\b", gap)
                    or not unknown
                    and not group.parts
                    or bool(re.search(r"\bnow\b", gap + plain[item.end : item.end + 5]))
                )
            )
        if item.kind == "pressure":
            return test == "blood_pressure" and len(gap) < 60
        if item.kind == "range":
            return len(gap) < 60 and len(unknown) <= 3
        if len(gap) > 100 or len(unknown) > 2 or (unknown and re.search(r",|\band\b", gap)):
            return False
        if item.unit == "%" and re.search(
            r"\bby\b|\b(?:dropped|fell|fallen|rose|risen|up|down|increased|"
            r"decreased)\s*$",
            plain[max(0, item.start - 25) : item.start],
        ):
            return False  # a change, not a value
        return item.kind != "number" or test is None or self._readable(test, item)

    def _readable(self, test: str, item: _Item) -> bool:
        """Whether the unit written after a number, if any, can be this test's (or a percentage, or unknown in
        print).
        """
        if item.unit is None:
            return True
        key = labs.unit_key(item.unit)
        return key in self._units[test] or key in ("%", "percent") or ("/" in item.unit and key not in ("/min", "/10"))

    # Results ---------------------------------------------------------------------------------------------------------

    def _resolve(self, plain: str, group: _Group) -> Iterator[dict]:
        names, parts = group.names, group.parts
        numbers = [p for p in parts if p.kind in ("number", "times", "grade", "pressure")]
        if len(names) == 1:
            yield from self._result(plain, names[0], parts)
        elif len(numbers) == len(names):
            for name, number in zip(names, numbers, strict=True):
                yield from self._result(plain, name, [number])
        elif numbers and not (
            len(numbers) == 1
            and (
                numbers[0].kind == "times"
                or re.search(
                    r"\bboth\b|\ball\b", plain[names[0].start - 6 if names[0].start > 6 else 0 : numbers[0].start]
                )
            )
        ):
            yield from self._result(plain, names[-1], parts)
        else:
            for name in names:
                yield from self._result(plain, name, parts)

    def _result(self, plain: str, name: _Item, parts: list[_Item]) -> Iterator[dict]:
        test, key = name.value
        shown = [p for p in parts if p.kind != "unit"]
        start = min([name.start, *(p.start for p in shown)])
        end = max([name.end, *(p.end for p in parts if p.kind != "range")])
        if test is None:
            if key not in _TEMPERATURE and any(p.kind == "number" for p in parts):
                yield _entity("other_lab_result", start, end, plain[start:end])
            return
        options = self._options[test]
        sentence = _sentence(plain, name.start)
        result = dict.fromkeys(("test", "value", "unit", "comparator", "flag"), None) | {
            "test": test,
            "status": "current",
        }
        if any(p.kind == "range" for p in parts):  # "normal platelets are 150-400": no verdict on this person's
            parts = [p for p in parts if not (p.kind == "flag" and p.value == "normal" and p.start < name.start)]
        self._set_numbers(plain, name, parts, result)
        self._set_flag(test, key, parts, result)
        change = _CHANGE.match(plain[name.end : name.end + 70])
        if change and result["value"] is None:
            size = {"half": 50, "doubled": 100, "halved": 50}.get(change["size"] or change["whole"]) or _number(
                change["amount"]
            )
            rise = change["whole"] == "doubled" or bool(
                re.match("up|ris|rose|incr|gone up|went up", change["verb"] or "x")
            )
            result.update(flag="high" if rise else "low", change_percent=size if rise else -size)
        if result["value"] is None and result["flag"] is None and "diastolic" not in result:
            if not (_ASKED.search(sentence) or re.match(r"^\W*(?:is|are|was)\b.*\?", sentence)):
                return
            result["status"] = "asked"
        elif result["status"] == "current":
            result["status"] = _status(plain, name, sentence, result)
        if result["status"] == "reference" or (result["status"] == "asked" and result["value"] is None):
            result["flag"] = None
        if key in options["confirm_names"] and isinstance(result["value"], float | int):
            result.setdefault("needs", "confirm")
        yield _entity("lab_result", start, end, result)
        meant = self._tests[test].get("number_means")  # "JCV positive, 2.3": the number is the index
        numbers = [p for p in parts if p.kind == "number"]
        if meant and numbers:
            yield from self._result(plain, _Item("name", name.start, name.end, (meant, key)), numbers)

    def _set_numbers(self, plain: str, name: _Item, parts: list[_Item], result: dict) -> None:
        test = self._tests[name.value[0]]
        ranges = [p for p in parts if p.kind == "range"]
        detached = next((p.unit for p in parts if p.kind == "unit"), None) or next(
            (r.unit for r in ranges if r.unit), None
        )
        numbers = [p for p in parts if p.kind in ("number", "times", "grade", "pressure")]
        if "canonical_unit" in test and test["canonical_unit"] == "category":
            numbers = [p for p in numbers if p.kind == "grade"]
        else:
            numbers = [p for p in numbers if p.kind != "grade"]
        limit = _mark(plain, name, parts, numbers)
        current = [p for p in numbers if p.status == "current"]
        said = [r for r in ranges if _is_result_range(plain, name, r)]
        if not numbers and said:  # "ejection fraction 45-50%": the end further from the usual
            low, high = labs.limits(test)
            middle = ((low or 0) + (high or low or 0)) / 2
            unit = said[0].unit or detached
            worse = max(said[0].value, key=lambda v: abs(self._convert(test, v, unit)[0] - middle))
            current, ranges = [_Item("number", said[0].start, said[0].end, worse, unit)], []
        if not current and numbers:
            kind = {p.status for p in numbers}
            current = [numbers[-1]]
            result["status"] = "reference" if kind == {"reference"} else "previous"
        if not current:
            return
        chosen = current[-1]
        if chosen.kind == "grade":
            result.update(value=chosen.value if chosen.value in test["categories"] else None, flag="positive")
            return
        if chosen.kind == "pressure":
            result.update(value=chosen.value[0], diastolic=chosen.value[1], unit=test["canonical_unit"])
        elif chosen.kind == "times":
            result.update(value=chosen.value, unit="x ULN", times_uln=chosen.value, flag="high", comparator=chosen.sign)
        else:
            self._set_value(test, chosen, detached, result)
            if name.value[1] in ("diastolic", "bottom number"):
                result.update(diastolic=result["value"], value=None)
        earlier = [
            p for p in numbers if p.status == "previous" and p is not chosen and p.kind in ("number", "pressure")
        ]
        if earlier:
            if earlier[-1].kind == "pressure":
                result["previous"] = earlier[-1].value[0]
            else:
                before: dict = {}
                self._set_value(test, earlier[-1], chosen.unit or detached, before)
                result["previous"] = before["value"]
        unit = (ranges[0].unit if ranges else None) or chosen.unit or detached
        if ranges and chosen.kind == "number":
            result["reference"] = [self._convert(test, v, unit)[0] for v in ranges[0].value]
        elif limit is not None and chosen.kind == "number":
            result["reference"] = [self._convert(test, v, unit)[0] if v is not None else None for v in limit]

    def _set_value(self, test: Mapping[str, Any], item: _Item, detached: str | None, result: dict) -> None:
        unit = item.unit or detached
        value, name, needs = self._convert(test, item.value, unit)
        result.update(value=value, unit=name, comparator=item.sign)
        if needs:
            result["needs"] = needs

    def _convert(self, test: Mapping[str, Any], value: float, unit: str | None) -> tuple[float, str | None, str | None]:
        """(value, unit, needs) in the canonical unit; the number as typed with unit None when its unit stays open."""
        key = labs.unit_key(unit) if unit else ""
        known = self._units[test["id"]].get(key)
        if known is None and key in ("%", "percent"):
            return (value, test["canonical_unit"], None) if test.get("percent_of") else (value, "%", "confirm")
        if known == "cells/uL" and key in ("cells",) and value < 50:
            known = None
        if known is None:
            if test.get("ratio_below") and value < test["ratio_below"]:
                return value, None, "unit"
            known = labs.infer_unit(test, value)
        if known is None:
            if (
                "readings_without_unit" in test
                and not unit
                and labs.doubtful(test, value)
                and labs.plausible(test, value)
            ):
                return value, test["canonical_unit"], "confirm"
            return value, None, "unit"
        converted = labs.to_canonical(test, value, known)
        if known == "cells/uL" and not labs.plausible(test, converted * 1000) and converted == 0:
            return value, None, "unit"
        return converted, test["canonical_unit"], "confirm" if labs.doubtful(test, converted) else None

    def _set_flag(self, test_id: str, key: str, parts: list[_Item], result: dict) -> None:
        test, options = self._tests[test_id], self._options[test_id]
        number = isinstance(result["value"], int | float)
        flags = [p.value for p in parts if p.kind in ("flag", "letter")]
        categories = test.get("categories", [])
        category = test["canonical_unit"] == "category" if "canonical_unit" in test else False
        if number:
            words = [p.value for p in parts if p.kind == "letter" or p.kind == "flag" and not p.unit]
            usable = [f for f in words if f in ("low", "high", "normal", "abnormal")]
            if usable and not result["flag"]:
                result["flag"] = usable[0]
            return
        implied = options["implied"].get(key)
        if category:
            self._set_category(options, key, flags, implied, categories, result)
            return
        usable = [f for f in flags if f in ("low", "high", "normal", "abnormal")]
        if result["flag"] is None:
            result["flag"] = usable[-1] if usable else implied
        if test_id == "egfr" and result["flag"] == "abnormal" and key not in ("egfr", "gfr"):
            result["flag"] = "abnormal"

    def _set_category(
        self, options: Mapping, key: str, flags: list[str], implied: str | None, categories: list[str], result: dict
    ) -> None:
        said = [
            f for f in flags if f in ("positive", "negative", "indeterminate", "trace", "visible", "normal", "abnormal")
        ]
        if key in options["grade_names"]:
            implied = "positive"
        flag = said[-1] if said else implied if not result["flag"] else None
        if flag in ("indeterminate", "trace", "visible"):
            if flag in categories or flag == "indeterminate":
                result["value"] = flag if flag in categories else "equivocal" if "equivocal" in categories else "unsure"
            result["flag"] = "positive" if flag == "visible" else result["flag"]
        elif flag and result["value"] is None:
            result["flag"] = {"normal": "normal", "abnormal": "abnormal"}.get(flag, flag)
        component = options["components"].get(key)
        if component and result["flag"] in ("positive", "negative"):
            words = {"positive": "detected", "negative": "not detected"} if component == "HBV DNA" else {}
            result["value"] = f"{component} {words.get(result['flag'], result['flag'])}"


def _key(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|#", name.lower()))


def _entity(kind: str, start: int, end: int, value: Any) -> dict:
    return {"entity": kind, "start": start, "end": end, "value": value}


def _last(groups: list[_Group]) -> _Item | None:
    if not groups:
        return None
    return max([*groups[-1].names, *groups[-1].parts], key=lambda item: item.end)


def _listed(gap: str) -> bool:
    """Whether two names are one list: "ALT and AST", "ALT (SGPT)", "wbc, neuts & lymphs"."""
    return (
        bool(re.fullmatch(r"[\s,/&+()\-]*(?:(?:and|&|my|the|or|then|plus|also)\s*)*[\s(]*", gap))
        and gap.count("\n") == 0
    )


def _sentence(plain: str, at: int) -> str:
    """The sentence around a position, at most 300 characters to either side; a decimal point ends none."""
    floor = max(0, at - 300)
    start = max((mark.end() for mark in _SENTENCE_END.finditer(plain, floor, at)), default=floor)
    ending = _SENTENCE_END.search(plain, at, at + 300)
    return plain[start : ending.end() if ending else at + 300]


def _status(plain: str, name: _Item, sentence: str, result: Mapping) -> str:
    before = plain[max(0, name.start - 60) : name.start]
    if _OTHER.search(before) and not _CARER.search(plain[max(0, name.start - 300) : name.end + 100]):
        return "other_person"
    if (
        re.search(r"\b(?:his|her|their)\s*(?:\w+ )?$", before)
        and re.search(rf"\b{_RELATIVE}\b", plain[max(0, name.start - 300) : name.start])
        and not _CARER.search(plain[max(0, name.start - 300) : name.end + 100])
    ):
        return "other_person"
    if re.search(r"\bwhat (?:if|happens if)\b|\bif (?:my|the|your)\b[^.?\n]*\?", sentence):
        return "asked"
    open_question = result["value"] is None or "what happens" in sentence
    if open_question and _ASKED.search(sentence) and not _OWN.search(sentence):
        return "asked"
    if result["value"] is None and re.match(r"^\W*(?:is|are) (?:my|the)\b", sentence) and "?" in sentence:
        return "asked"
    if result["value"] is None and re.match(r"^\W*(?:does|do|can|could|will|would|might|may)\b", sentence):
        return "asked"
    clause = next((c for c in sentence.split(",") if plain[name.start : name.end] in c), sentence)
    if _LONG_AGO.search(clause) and not re.search(r"\bsince\b|\bnow\b|\btoday\b", sentence):
        return "previous"
    return "current"


def _mark(plain: str, name: _Item, parts: list[_Item], numbers: list[_Item]) -> list | None:
    """Sets each number's status; returns a limit quoted beside a result ([low, high], either may be None)."""
    limit, edge_of_limit, limit_value = None, 0, 0.0
    ordered = sorted([name, *parts], key=lambda p: p.start)
    for item in numbers:
        before_items = [p.end for p in ordered if p.end <= item.start]
        edge = max(before_items, default=max(0, item.start - 30))
        before, after = plain[max(edge, item.start - 60) : item.start], plain[item.end : item.end + 40]
        lead = plain[max(0, name.start - 40) : item.start] if edge == name.end else before
        if (
            limit is not None
            and edge_of_limit
            and re.fullmatch(r"\s*(?:to|and|or|-)\s*", plain[edge_of_limit : item.start])
        ):
            item.status, limit = "reference", [min(limit_value, item.value), max(limit_value, item.value)]
            continue
        column = item.sign and re.fullmatch(r"[\s|(\[]*", before) and any(n.end <= item.start for n in numbers)
        if column or _is_reference(plain, name, before, after, lead, item):
            item.status = "reference"
            edge_of_limit, limit_value = item.end, item.value
            if any(n is not item for n in numbers) and limit is None:
                limit = [None, item.value] if item.sign in ("<", "<=", None) else [item.value, None]
    results = [n for n in numbers if n.status != "reference"]
    if len(results) > 1:
        _order(plain, name, ordered, results)
    return limit


def _is_result_range(plain: str, name: _Item, item: _Item) -> bool:
    return item.start >= name.end and bool(
        re.fullmatch(
            r"\s*:?\s*(?:(?:is|was|of|at|around|about|between|running|level|count|has been|have been|been|now|"
            r"showed) "
            r")*",
            plain[name.end : item.start],
        )
    )


def _is_reference(plain: str, name: _Item, before: str, after: str, lead: str, item: _Item) -> bool:
    if re.search(r"\bnow\b|\bmy\b[^,]*\b(?:is|was|are)\s*$", before):
        return False
    if re.search(r"\bmy(?: \w+)?\s*$", plain[max(0, name.start - 25) : name.start]) and re.fullmatch(
        r"\s*(?:at|of|is|was|are|[:=])?\s*", before
    ):
        return False  # "wondering if my lymphocytes 0.6 are ok"
    local = re.split(r"[\n;]|\.\s|,(?=\s*(?:mine|my|i|it)\b)", lead)[-1]
    if _REFERENCE_AFTER.search(after):
        return True
    if re.search(r"\b(?:what if|how)\b", local):
        return False
    return bool(_REFERENCE.search(local))


def _order(plain: str, name: _Item, ordered: list[_Item], results: list[_Item]) -> None:
    """Marks all but the latest of several numbers for one test as previous."""
    marks = []
    for index, item in enumerate(results):
        edge = max([p.end for p in ordered if p.end <= item.start], default=max(0, item.start - 30))
        until = min([p.start for p in ordered if p.start >= item.end], default=item.end + 40)
        before = plain[max(edge, item.start - 40) : item.start]
        tail = (
            re.split(r"[,(]", plain[item.end : min(until, item.end + 40)].lstrip(" ("))[0]
            if until < item.end + 40
            else plain[item.end : until]
        )
        after = re.split(r"[.;)\n]|\bnow\b|\bto\b", tail)[0]
        if until < item.end + 40 and re.match(r"\s*[(,]", plain[item.end : until]):
            tail = after = ""
        if _PREVIOUS_AFTER.search(after):
            marks.append("previous")
        elif _CURRENT_AFTER.search(tail) or (index and _CURRENT.search(before) and not _PREVIOUS.search(before)):
            marks.append("current")
        elif _PREVIOUS.search(before):
            marks.append("previous")
        else:
            marks.append(None)
    table = re.fullmatch(r"[\s|:]*", plain[results[0].end : results[1].start] or " ") and not any(marks)
    latest = max((i for i, mark in enumerate(marks) if mark == "current"), default=None)
    if latest is None:
        latest = max((i for i, mark in enumerate(marks) if mark is None), default=len(results) - 1)
        if table:
            latest = 0
    for index, item in enumerate(results):
        item.status = "current" if index == latest else "previous"
    if table and len(results) == 3 and results[1].value < results[2].value:  # columns: value, low, high
        results[1].status = results[2].status = "reference"


def _other_items(plain: str, start: int, end: int) -> Iterator[_Item]:
    """Numbers, ranges, units, flag words in a stretch without test names."""
    found = sorted(
        [*_number_items(plain, start, end), *_flag_items(plain, start, end)], key=lambda i: (i.start, -i.end)
    )
    reach = start
    for item in found:
        if item.start >= reach:
            yield item
            reach = item.end


def _flag_items(plain: str, start: int, end: int) -> Iterator[_Item]:
    for match in _FLAG.finditer(plain, start, end):
        following = plain[match.end() : match.end() + 24]
        if (
            match.lastgroup in ("normal", "low", "high")
            and re.match(
                r"(?:'s)? (?:range|limit|value|is|are|should|"
                r"people|being)\b|:? ?\(?\d[\d.,]* ?(?:-|to) "
                r"?\d",
                following,
            )
            and match.lastgroup == "normal"
        ):
            continue
        if re.search(
            r"\b(?:is|are|was) (?:that|this|it|they|these|those)(?: too| very| really)? $",
            plain[max(0, match.start() - 24) : match.start()],
        ) and (match.end() >= len(plain.rstrip(" ?!.")) or "?" in plain[match.end() : match.end() + 20]):
            continue
        before = plain[max(0, match.start() - 40) : match.start()]
        if re.match(r"[\s.!]*(?:\?|$)", plain[match.end() :]) and re.match(
            r"\W*(?:is|are|was)\b", _sentence(plain, match.start())
        ):
            continue
        if re.search(r"\b(?:if|whether) (?:it's|that's|they're|its|thats|it is|they are|this is) $", before):
            continue
        flag = match.lastgroup
        if re.search(
            r"(?:\b(?:never|not|no longer|cannot|nor|dont|isnt|arent|wasnt|havent|hasnt)|n't) (?:been |"
            r"too |very |really |that |particularly |even |come back |be )*$",
            before,
        ):
            flag = _OPPOSITE.get(flag, flag)
        if match[0] in ("good", "bad") and re.match(
            r" (?:news|idea|thing|enough|day|morning|evening|afternoon)", following
        ):
            continue
        trend = bool(_TREND_WORDS.match(match[0]))
        yield _Item("flag", match.start(), match.end(), flag, unit="trend" if trend else None)


def _number_items(plain: str, start: int, end: int) -> Iterator[_Item]:
    for m in _ITEM.finditer(plain, start, end):
        if (
            m["skip"]
            or m["spelt_reject"]
            or (m["reject"] and not (_TIME_UNIT.match(m["reject"]) and re.search(r"[.,]", m["number"])))
        ):
            yield _Item("skip", m.start(), m.end())
        elif m["range"]:
            low, high = (
                _number(n)
                for n in re.findall(
                    _NUMBER, re.sub(_UNIT, " ", m["range"]) if re.search("[a-z]", m["range"]) else m["range"]
                )[:2]
            )
            if low < high:
                yield _Item("range", m.start(), m.end(), [low, high], m["range_unit"])
                yield from _letter(plain, m.end(), end)
            else:
                cut = re.search(r"-|and|to", m["range"]).start()
                yield _Item("number", m.start(), m.start() + len(m["range"][:cut].rstrip()), low)
                yield _Item("number", m.start() + cut + 1, m.end(), high, m["range_unit"])
        elif m["power"]:
            yield _Item("unit", m.start(), m.end(), None, m["power"])
        elif m["pressure"]:
            yield _Item("pressure", m.start(), m.end(), tuple(int(n) for n in re.findall(r"\d+", m["pressure"])))
        elif m["times"]:
            factor = {"double": 2, "twice": 2, "triple": 3}.get(m["factor"]) or _number(m["factor"])
            yield _Item("times", m.start(), m.end(), factor, sign=_sign(m["times_sign"]))
        elif m["grade"]:
            yield _Item(
                "grade",
                m.start(),
                m.end(),
                m["grade"].replace(" ", "") if m["grade"][0] != "+" else f"{len(m['grade'])}+",
            )
        elif m["number"] or m["spelt"]:
            item = _number_item(m)
            if item:
                yield item
                yield from _letter(plain, m.end(), end)
        elif m["unit_alone"] and re.search(r"[/^%*]|10", m["unit_alone"]):
            yield _Item("unit", m.start(), m.end(), None, m["unit_alone"])


def _letter(plain: str, start: int, end: int) -> Iterator[_Item]:
    """The flag a report prints beside a number or a range: L, H, LL, HH, * or the word."""
    letter = _LETTER.match(plain, start, min(end, start + 12))
    if letter:
        value = {"l": "low", "h": "high"}.get(letter["flag"][0], "abnormal")
        yield _Item("letter", letter.start("flag"), letter.end("flag"), value)


def _sign(words: str | None) -> str | None:
    return next((sign for sign, pattern in _COMPARATORS.items() if words and re.fullmatch(pattern, words)), None)


def _number_item(m: re.Match) -> _Item | None:
    sign = _sign(m["sign"])
    if m["spelt"]:
        value = _number(m["spelt"])
        if value is None or m["spelt"] in ("one", "o", "oh"):
            return None
        return _Item("number", m.start(), m.end(), value, m["spelt_unit"], sign)
    value, unit = _number(m["number"]), m["unit"]
    if value is None or value >= _TOO_LARGE:
        return None
    if (
        unit
        and re.fullmatch(r"\d{1,3}\.\d{3}", m["number"])
        and labs.unit_key(unit) in ("/ul", "cells/ul", "/mm3", "cells/mm3")
    ):
        value = value * 1000  # 180.000/uL: a point between thousands
    return _Item("number", m.start(), m.end(), value, unit, sign)


def _number(text: str) -> float | None:
    """'1,200' 1200, '0,8' 0.8, '.5' 0.5, 'nought point six' 0.6, 'three hundred and fifty' 350; None when
    unreadable.
    """
    text = text.strip()
    if (text[0].isdigit() or text[0] == ".") and "point" not in text:
        if re.fullmatch(r"[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d+)?", text):
            return _tidy(float(re.sub("[, ]", "", text)))
        return _tidy(float(text.replace(",", ".").replace(" ", "")))
    whole, _, decimals = text.partition("point")
    try:
        whole_value = _whole(whole, _DIGIT_VALUES)
        fraction = "".join(str(_DIGIT_VALUES.get(word, word)) for word in decimals.split())
        return _tidy(float(f"{whole_value}.{fraction or 0}"))
    except (ValueError, KeyError):
        return None


def _whole(words: str, digits: Mapping[str, int]) -> int:
    words = words.replace("-", " ").strip()
    if words.isdigit():
        return int(words)
    if not words or words in digits:
        return digits.get(words, 0)
    return int(
        text2num(
            re.sub(r"^a ", "one ", words) if not re.match(r"^(?:hundred|thousand)", words) else f"one {words}", "en"
        )
    )


def _tidy(value: float) -> float:
    return int(value) if value < _TOO_LARGE and value == int(value) else value


def _without_percentages(entities: list[dict]) -> list[dict]:
    """Drops a percentage when the same test's count is there too, as in a report that prints both."""
    counted = {
        e["value"]["test"] for e in entities if e["entity"] == "lab_result" and e["value"]["unit"] not in (None, "%")
    }
    return [
        e
        for e in entities
        if e["entity"] != "lab_result"
        or e["value"]["unit"] != "%"
        or e["value"]["test"] not in counted
        or e["value"]["test"] == "lvef"
    ]
