"""The pieces of a text that can be part of a laboratory result: numbers, ranges, units, flag letters and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge import labs
from knowledge.language.number_words import DIGIT_WORDS, NUMBER_WORDS, WHOLE, number_said

_TOO_LARGE = 1e9  # no laboratory prints a larger number
NUMBER = r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: 000)+(?!\d)|\d+[.,]\d+|(?<!\d)\.\d+|\d+)"
_UNIT = (
    r"(?:x ?)?10 ?(?:\^|\*{1,2}|e|\()? ?(?:12|[369])(?:\)|(?!\d)) ?(?:(?:cells)? ?(?:/|per) ?(?:litre|liter|"
    r"microlitre|l|ul|mcl|nl|mm3|mm\^3|cumm|cmm))?\b"
    r"|ml ?/ ?min ?(?:/ ?1[.,]73 ?(?:m[\^*]?2|sqm)?)?"
    r"|(?:micro ?)?[a-z]{1,9}%?(?: creat)? ?/ ?(?:100 ?ml|mm\^?3|microlit(?:re|er)|lit(?:re|er)|[a-z]{1,5})\b"
    r"|/ ?(?:ul|mcl|mm\^?3|cumm|cmm|nl|min)\b"
    r"|(?:g|gm|mg)%|%|per ?cent\b|pct\b"
    r"|(?:cells )?per micro ?lit(?:re|er)|beats (?:per|a) minute|(?:per|a) minute"
    r"|(?:bpm|beats|ms|msecs?|milliseconds|mm ?hg|kpa|(?:[mnup]|micro)mols?|units?|iu|u|k|thousand|thou|million|lakhs?|lacs?|"
    r"cells|index)\b"
)
_POWER = (
    r"(?:x ?)?10 ?(?:(?:\^|\*{1,2}|e|\() ?(?:12|[369])\)?|(?:12|[369])(?= ?/)) ?(?:(?:cells)? ?/ ?(?:litre|"
    r"liter|l|ul|mcl|mm3|cumm))?(?!\w)"
)
_REJECT = (  # a number before one of these is no result
    r"(?:st|nd|rd|th|am|pm|mg|mcg|ug|g|kg|kilos?|ml|cm|mm|lbs?|stone|st|years?|yrs?|yo|months?|mths?|weeks?|wks?|days?|"
    r"hours?|hrs?|minutes?|mins?"
    r"|times? (?:a|per|in|this|last|now)|tablets?|pills?|capsules?|infusions?|injections?|doses?|courses?|rounds?|"
    r"wochen?|tagen?|monaten?|jahren?|weken|dagen|maanden|veckor|dagar|blood tests|tests|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    r"degrees?|celsius|c|f|hours|people|steps?|out of|points?|/ ?10)\b"
)
_HAPPENED = (  # times, no result: "IgG 3.9, 3 chest infections this year"
    r"(?:(?:chest|ear|throat|sinus|skin|urine|urinary|water|bladder|kidney) )?(?:infections|utis|colds|relapses|attacks|falls)")
_TIME_UNIT = re.compile(r" (?:years?|months?|weeks?|days?|hours?)")  # "0.8 years ago": the result 0.8, years ago
_COMPARATORS = {
    "<": r"<|less than|lower than|fewer than|smaller than|below|under|not even",
    "<=": r"<=|≤|at most|no more than",
    ">": r">|more than|greater than|higher than|bigger than|over|above",
    ">=": r">=|> or =|≥|at least|no less than",
}
_ABOUT = r"(?:'?s|ish| odd)"  # "in the 160s over 100", "150 odd over 90"
_ITEM = re.compile(
    rf"(?!(?<=[a-z])[a-z])(?:(?P<skip>\b\d{{1,4}}([/.-])\d{{1,2}}\2\d{{2,4}}\b|\b\d{{1,2}}[/-](?:[a-z]{{3}}|\d{{1,2}})[/-]\d{{2,4}}\b|"
    rf"\b\d{{1,2}}:\d{{2}}\b|\bx ?\d{{1,2}}/(?:7|52|12)\b|(?<![\d.,])\b\d{{1,2}} {_HAPPENED}\b|"
    rf"\b(?:0?\d|1[0-2])/20\d\d\b|(?<![\w.,])0\d(?![\d.,])|(?:\bon|since|from|at|by) \d{{1,2}}/\d{{1,2}}(?![\d/])"
    rf"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec) '?\d\d(?= (?:\([^()\d]*\) )?\d+[.,]\d)"  # "Feb 25 1.1"
    rf"|(?:\bin|since|of) (?:19|20)\d\d\b|(?<!this )(?<!last )\b(?:day|week"
    rf"|month|year|cycle|course|dose|infusion|"
    rf"visit|round|stage|grade|aged?|covid|page|ward|room) \d+\b(?![.,]\d))"
    rf"|(?P<range>between {NUMBER} (?:and|to) {NUMBER}(?![\d.]*\d)|(?<![\w.]){NUMBER} ?(?:{_UNIT})? ?- "
    rf"?{NUMBER}(?![\d.]*[\d+]))(?: ?(?P<range_unit>{_UNIT}))?"
    rf"|(?P<power>(?<![\w.]){_POWER})"
    rf"|(?P<pressure>(?<![\w./])\d{{2,3}}{_ABOUT}? ?(?:/|over| on ) ?(?:the )?\d{{2,3}}{_ABOUT}?"
    rf"(?: ?(?:-|to) ?(?:the )?(?P<up_to>\d{{2,3}}){_ABOUT}?(?!/))?(?![\w/]))"
    rf"|(?P<pressure_said>{WHOLE} (?:over|on) {WHOLE})"
    rf"|(?P<times>(?:(?P<times_sign>{'|'.join(_COMPARATORS.values())}) ?)?(?<![\w.])(?P<factor>{NUMBER}|"
    rf"\b(?:{NUMBER_WORDS}|double|twice|triple)\b)(?P<half> and a half)? ?(?:x|times|fold|\*)? ?(?:higher than |above "
    rf"|over )?(?:the |than "
    rf")?(?:uln\b|upper limits?(?: of (?:the )?normal)?|normal limits?|upper normal|(?<=x )normal|(?<=times "
    rf")(?:the )?normal|(?<=times )(?:the )?(?:limit|maximum)|(?<=times )(?:what|higher|too high)"
    rf"|(?<=double )(?:the )?normal|(?<=twice )(?:the )?normal|"
    rf"(?<=double )what))"
    rf"|(?P<bare_times>(?<![\w.,]){NUMBER} ?(?:x|times|fold)(?! ?\d)(?! (?:a|per|in|this|daily|last|now"
    rf"|since)\b)(?!\w)|(?:(?<=elevated )|(?<=raised )|(?<=high )|(?<=up ))x ?\d{{1,2}}(?![\w.^/]))"
    rf"|(?P<grade>(?<!\+)(?:(?<!\w)[1-4] ?\+(?!\d)|\+{{1,4}})(?![\d+])|\b(?:one|two|three|four|[1-4]) plus(?:es)?\b(?! \d))"
    rf"|(?:(?P<sign>{'|'.join(_COMPARATORS.values())}) ?(?:about |around |just "
    rf")?)?(?:(?<![\w.,])(?P<number>{NUMBER})(?! point (?:\d|{DIGIT_WORDS}))(?P<reject> ?-?{_REJECT}(?! ?[/%]))?(?: "
    rf"?-?(?P<unit>{_UNIT})|ish\b)?(?![\w])"
    rf"|\b(?P<spelt>(?:(?:a )?(?:{NUMBER_WORDS}) (?:and )?)*?(?:(?:{NUMBER_WORDS}|\d+) )?point(?: (?:{DIGIT_WORDS}|\d+\b))+\b|(?:a "
    rf"(?=hundred|thousand))?(?:(?:{NUMBER_WORDS})(?:[ -](?:and )?(?={NUMBER_WORDS}))?)+\b)(?P<spelt_reject> {_REJECT})?(?: "
    rf"?(?P<spelt_unit>{_UNIT}))?)"
    rf"|(?P<unit_alone>(?<![\w/]){_UNIT}))",
)
_FLAGS = {
    "normal": r"normal|fine|ok|okay|good|in range|within (?:the )?(?:normal )?(?:range|limits)|all clear|perfect|"
    r"negative for problems|unremarkable|not (?:too )?(?:low|high|raised|elevated|bad)|isn't (?:low|"
    r"high)|aren't (?:low|high|raised)|wasn't (?:low|high)|weren't (?:low|high|raised)",
    "abnormal": r"abnormal|not (?:normal|right|good|ok|okay|great|fine)|isn't right|aren't right|isn't normal|"
    r"aren't normal|(?<!cut )(?<!cut-)off|deranged|out of range|out of whack|wonky|all over the place|"
    r"flagged|starred|(?:with|has|have|got) (?:an?|one|two|three) (?:\w+ )?(?:stars?|asterisks?|exclamation marks?)"
    r"|bad|weird|funny|strange|terrible|rubbish|worrying",
    "low": r"(?:very |really |quite |too |a bit |bit |slightly |so |super |extremely |critically |dangerously |"
    r"still )?(?:low|lowish)(?:er)?(?: side)?|under (?:the )?(?:range|normal)|below (?:the )?(?:range|"
    r"normal|average)|[↓▼⬇]+|reduced|decreased|depleted|deficient|gone down|going down|dropped|dropping|has fallen|"
    r"have fallen|fallen|falling|fell|tanked|rock bottom|crashed|plummeted|down|worse|zero|undetectable",
    "high": r"(?:very |really |quite |too |a bit |bit |slightly |so |super |extremely |sky |still )?(?:high|"
    r"elevated|raised|highish)(?:er)?(?: side)?|above (?:the )?(?:range|normal|average)|[↑▲⬆]+|over (?:the "
    r")?(?:range|normal)|increased|rising|risen|gone up|going up|went up|through the roof|shot up|creeping "
    r"up|up|prolonged|long|fast|racing",
    "positive": r"positive|confirmed|detected|detectable|reactive|pos|present|showed up",
    "negative": r"no(?= $)|negative|not detected|not detectable|undetected|non-reactive|neg|clear|not immune|none|nil",
    "indeterminate": r"indeterminate|borderline|inconclusive|equivocal|unsure|not sure",
    "trace": r"trace|traces|slight trace|a little|a bit of",
    "visible": r"visible",
}
_FIRST_READ = ("normal", "abnormal", "negative")
_FLAG = re.compile(
    rf"(?<![\w'])(?:{'|'.join(f'(?P<{flag}>{_FLAGS[flag]})' for flag in dict.fromkeys((*_FIRST_READ, *_FLAGS)))})(?!\w)"
)
_OPPOSITE = {"low": "normal", "high": "normal", "normal": "abnormal", "abnormal": "normal", "positive": "negative"}
_TREND_WORDS = re.compile(
    r"^(?:dropped|dropping|down|up|gone (?:up|down)|going (?:up|down)|went up|fallen|falling|"
    r"fell|rising|risen|increased|decreased|reduced|shot up|creeping up|has fallen|have "
    r"fallen|crashed|plummeted|tanked|clear)$"
)
_ARROW = re.compile(r"\d(?: > |>\d)")  # "3.1 > 2.2 > 0.9": from one to the next; "120 >40" is a limit
_WONDERING = re.compile(r"\b(?:wonder(?:ing|ed)?|know|ask(?:ing)?|see|sure|tell me|check|confirm) (?:if"
    r"|whether)\b(?:[^.!?\n]|\.\d)*$")
_SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
_BEFORE_NUMBER = re.compile(r"(?<=[\s|])(?P<flag>\*+|hh?|ll?)[ |]+$")
_LETTER = re.compile(r"[ |,;)\]]*[(\[]?(?P<flag>ll|hh|l|h|low|high|\*+|abn|[+-]+(?=\s*(?:\n|$)))[)\]]?(?=[\s|,;)\"]|$)")


@dataclass
class Item:
    """A piece at character offsets; `kind` is name, number, range, pressure, times, grade, flag, letter, unit or skip."""

    kind: str
    start: int
    end: int
    value: Any = None
    unit: str | None = None
    sign: str | None = None
    status: str = "current"
    dated: bool = False  # its status is told by a date above or beside it


def other_items(plain: str, start: int, end: int) -> Iterator[Item]:
    """Numbers, ranges, units, flag words in a stretch without test names."""
    found = sorted(
        [*_number_items(plain, start, end), *_flag_items(plain, start, end)], key=lambda i: (i.start, -i.end)
    )
    reach = start
    for item in found:
        if item.start >= reach:
            yield item
            reach = item.end


def _flag_items(plain: str, start: int, end: int) -> Iterator[Item]:
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
        if re.match(r"\W*(?:is|are|was)\b", sentence_at(plain, match.start())) and (
            re.match(r"[\s.!]*(?:\?|$)", plain[match.end() :]) or re.search(r"\d\W*(?:\w+ )?$", before)
        ):
            continue  # "is 0.9 ok for neutrophils?" asks
        if re.match(r"\s?\?", following) and re.search(r"\d\s$", before):
            continue  # "platelets 450 high?"
        if re.search(r"\b(?:if|whether) (?:it's|that's|they're|its|thats|it is|they are|this is) $", before):
            continue
        if match.lastgroup in ("normal", "abnormal") and _WONDERING.search(plain, max(0, match.start() - 80), match.start()):
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
        yield Item("flag", match.start(), match.end(), flag, unit="trend" if trend else None)


def _number_items(plain: str, start: int, end: int) -> Iterator[Item]:
    for m in _ITEM.finditer(plain, start, end):
        if (
            m["skip"]
            or m["spelt_reject"]
            or (m["reject"] and not (_TIME_UNIT.match(m["reject"]) and re.search(r"[.,]", m["number"])))
        ):
            yield Item("skip", m.start(), m.end())
        elif m["range"]:
            low, high = (
                number_in(n)
                for n in re.findall(
                    NUMBER, re.sub(_UNIT, " ", m["range"]) if re.search("[a-z]", m["range"]) else m["range"]
                )[:2]
            )
            if low < high <= 50 * low or low == 0 < high:
                yield Item("range", m.start(), m.end(), [low, high], m["range_unit"])
                yield from _letter(plain, m.end(), end)
            else:
                cut = re.search(r"-|and|to", m["range"]).start()
                yield Item("number", m.start(), m.start() + len(m["range"][:cut].rstrip()), low)
                yield Item("number", m.start() + cut + 1, m.end(), high, m["range_unit"])
        elif m["power"]:
            yield Item("unit", m.start(), m.end(), None, m["power"])
            yield from _letter(plain, m.end(), end)
        elif m["pressure"]:
            upper, *lower = (int(number) for number in re.findall(r"\d+", m["pressure"] + f" {m['up_to'] or ''}"))
            yield Item("pressure", m.start(), m.end(), (upper, max(lower)))
        elif m["pressure_said"]:
            sides = re.split(r" (?:over|on) ", m["pressure_said"])
            said = [number_in(side) for side in sides]
            if all(said):
                yield Item("pressure", m.start(), m.end(), tuple(said))
        elif m["times"]:
            factor = {"double": 2, "twice": 2, "triple": 3}.get(m["factor"]) or number_in(m["factor"])
            factor = factor + 0.5 if m["half"] and factor is not None else factor
            yield Item("times", m.start(), m.end(), factor, sign=_sign(m["times_sign"]))
        elif m["bare_times"]:  # "ALT 7x": of the upper limit, for the tests that are graded so
            yield Item("times", m.start(), m.end(), number_in(re.sub(r"[^\d.,]", "", m["bare_times"])), unit="x")
        elif m["grade"]:
            yield Item("grade", m.start(), m.end(), _grade(m["grade"]))
        elif m["number"] or m["spelt"]:
            item = _number_item(m)
            if item:
                yield from _letter_before(plain, item.start)
                yield item
                yield from _letter(plain, m.end(), end)
        elif m["unit_alone"] and re.search(r"[/^%*]|10|^la", m["unit_alone"]):
            yield Item("unit", m.start(), m.end(), None, m["unit_alone"])


def _grade(words: str) -> str:
    """"2 +", "++" and "two plus" as "2+"."""
    first = words.split()[0]
    digit = len(words) if words[0] == "+" else number_in(first if first.isalpha() else first[0])
    return f"{digit}+"


def _letter(plain: str, start: int, end: int) -> Iterator[Item]:
    """The flag a report prints beside a number or a range: L, H, LL, HH, * or the word."""
    letter = _LETTER.match(plain, start, min(end, start + 12))
    if letter:
        value = {"l": "low", "h": "high", "+": "high", "-": "low"}.get(letter["flag"][0], "abnormal")
        yield Item("letter", letter.start("flag"), letter.end("flag"), value)


def _letter_before(plain: str, start: int) -> Iterator[Item]:
    """The flag a report prints before the number: "* 12.8"."""
    letter = _BEFORE_NUMBER.search(plain, max(0, start - 8), start)
    if letter:
        value = {"l": "low", "h": "high"}.get(letter["flag"][0], "abnormal")
        yield Item("letter", letter.start("flag"), letter.end("flag"), value)


def _sign(words: str | None) -> str | None:
    return next((sign for sign, pattern in _COMPARATORS.items() if words and re.fullmatch(pattern, words)), None)


def _number_item(m: re.Match) -> Item | None:
    sign, start = _sign(m["sign"]), m.start()
    arrow = m.string[m.start() - 1:m.start()] in ("-", "=") or _ARROW.search(m.string, max(0, m.start() - 12), m.start() + 2)
    if m["sign"] == ">" and m["number"] and arrow:
        sign, start = None, m.start("number")
    if m["spelt"]:
        value = number_in(m["spelt"])
        if value is None or m["spelt"] in ("one", "o", "oh", "hundred", "thousand", "million"):
            return None
        return Item("number", m.start(), m.end(), value, m["spelt_unit"], sign)
    value, unit = number_in(m["number"]), m["unit"]
    if value is None or value >= _TOO_LARGE:
        return None
    if (
        unit
        and re.fullmatch(r"\d{1,3}\.\d{3}", m["number"])
        and labs.unit_key(unit) in ("/ul", "cells/ul", "/mm3", "cells/mm3")
    ):
        value = value * 1000  # 180.000/uL: a point between thousands
    return Item("number", start, m.end(), value, unit, sign)


def number_in(text: str) -> float | None:
    """'1,200' 1200, '0,8' 0.8, '.5' 0.5, 'nought point six' 0.6, 'three hundred and fifty' 350; None when
    unreadable.
    """
    text = text.strip()
    if (text[0].isdigit() or text[0] == ".") and "point" not in text:
        if re.fullmatch(r"[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}", text):
            return _tidy(float(re.sub("[, ]", "", text)))
        return _tidy(float(text.replace(",", ".").replace(" ", "")))
    said = number_said(text)
    return None if said is None else _tidy(said)


def _tidy(value: float) -> float:
    return int(value) if value < _TOO_LARGE and value == int(value) else value


def sentence_at(plain: str, at: int) -> str:
    """The sentence around a position, at most 300 characters to either side; a decimal point ends none."""
    floor = max(0, at - 300)
    start = max((mark.end() for mark in _SENTENCE_END.finditer(plain, floor, at)), default=floor)
    ending = _SENTENCE_END.search(plain, at, at + 300)
    return plain[start : ending.end() if ending else at + 300]
