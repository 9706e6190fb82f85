"""Whose and of when a laboratory number is: current, previous, a limit quoted beside it, asked about, another person's."""

import re
from collections.abc import Callable, Mapping

from knowledge.language.lab_items import Item
from knowledge.language.lab_times import PREVIOUS_AFTER, ages_of, latest, months_of
from knowledge.language.people import RELATIVE

Danger = Callable[[Item], float]

_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|range|usual(?:ly)?|limits?|upper|lower|max(?:imum)?\b|min(?:imum)?\b|top\b|ceiling|norm\b|should(?:n't"
    r"| not)? be|supposed to be|meant to be|needs? to "
    r"be|ha(?:s|ve) to be|got to be|must|target|cut ?-?off|threshold|goal|uln|lln|(?:want|like|prefer|need)s? (?:it|them|my|mine|the"
    r"|this|to see)|"
    r"(?:want|need|like|prefer)s?(?=\s*$)|aim(?:ing)? (?:for|at)|"
    r"(?:normal|n)(?: ?[:=(<>]| is| are| being| value| level| range| should| up| for|ly)|(?:stop|hold|pause|treat|worry|"
    r"call|ring|delay|withhold|restart|start|until|unless|till|if|when|once|in case)\b[^.\n]{0,40})[^.\n)\]]{0,25}$"
)
_IN_BRACKETS = re.compile(r"[^()\[\]\d]{0,30}[(\[]\s*(?:(?:normal|normally|n\b|usual|healthy|ok|(?:the )?labs? says?|is|up to|upto|to|less"
    r" than|under|below"
    r"|over|above)[\s:=]*)*")
_NORMAL_TO = re.compile(r"[\s,]*(?:normal|usual) (?:to|under|below)\s*")  # right behind a number: "62, normal to 40"
_LOWER_LIMIT = re.compile(r"\b(?:lower|lowest|lln|min(?:imum)?|bottom|at least|above|over|more than|greater than|not (?:be )?below)\b")
_REFERENCE_AFTER = re.compile(
    r"^ ?(?:would|means|meant|might mean|could mean)\b|^ ?(?:or (?:less|below|more|above|under|over) )?(?:is|are"
    r"|would be|being|was|=) "
    r"(?:the |a |their |considered )?(?:usual |lower |upper )?(?:cut|limit|threshold|"
    r"danger\w*|critical\w*|alarm|when they|where they|minimum|maximum|normal\b(?! for me))"
    r"|^ ?(?:max(?:imum)?|min(?:imum)?|upper|lower|(?:is )?(?:the )?(?:top|limit|ceiling))\b|^ ?(?:is|=|"
    r"being) (?:the )?(?:lowest|highest|bottom|top)|^ ?is when"
)
_WONDERING = re.compile(r"\b(?:wonder(?:ing|ed)?|know|ask(?:ing)?|see|sure|tell me|say|check|confirm|idea) (?:if"
    r"|whether)\b")
_COURSE = re.compile(  # numbers in order of time
    r"\b(?:went|gone|going|goes|dropp\w+|fell|fall\w+|r[io]s\w+|climb\w+|trend\w*|over time)\b")
_USUAL = re.compile(  # for oneself
    r"\b(?:usual(?:ly)?|my normal|used to)\b(?: (?:i'?m|i am|it'?s|it is|they'?re|mine is|is|was|about|around|at|sits?|runs?|be))* $")
_LONG_AGO = re.compile(
    r"\b(?:years? ago|last year|in (?:19|20)\d\d|used to|before i (?:started|went|began)|as a "
    r"child|when i was|(?:six|nine|\d+) months ago)\b"
)
ASKED = re.compile(
    r"\b(?:what(?:'s| is| are| was|s)?|which)\b[^?.\n]{0,40}\b(?:normal|range|should|levels?|mean|means|healthy|"
    r"safe|good|ideal|target|do|for|measure|tell)\b|\bwhat (?:if|happens|counts? as|is considered|is classed)\b|\bhow (?:low|high"
    r"|often|many|far|"
    r"soon)\b"
    r"|^\W*(?:so |and |but |hi |hello |also |ok |please |just wondering |)(?:does|do|can|could|will|would|might|"
    r"may|should)\b(?! (?:i|you|we) (?:worry|be worried|be concerned|tell|help|go|call|ring))|\b(?:can|could|does|"
    r"do|will|might|would) (?:\w+ ){1,3}(?:cause|lower|raise|reduce|affect|increase|drop|decrease|make|put|bring|"
    r"change|give|be|go|mean|wipe|knock)\b|\b(?:explain|meaning of|tell me about)\b"
    r"|^\W*(?:is|are) (?:the |an? |my )?$"
)
_QUESTION = re.compile(  # a sentence that asks, with or without its mark
    r"\?\s*$|^\W*(?:(?:so|and|but|also|hi|hello|hey|ok|please|just wondering),? )*(?:is|are|does|do|can|could|would|will|what|when|at what"
    r"|how|which|why|should)\b")
_ANYONES = re.compile(r"\b(?:an?|any|your|someone'?s?|people'?s?|somebody'?s?) (?:(?!bad|good|normal|low|high|safe|healthy|fine)\w+ )?$")
_AT_WHAT = re.compile(  # "what platelet count counts as dangerous, 50?", "how low do neuts have to be to stop it, 0.5?"
    r"\W*(?:(?:so|and|but|also),? )*(?:at )?(?:what|which|how (?:low|high|bad))\b[^.?!]*?"
    r"\b(?:counts?|is|do|does|would|should|must|can|stop|means?) (?:\w+ ){0,6}?"
    r"(?:dangerous|danger|bad|low|high|safe|stop|worry|worrying|serious|normal|be|allowed|count)\b"
    r"|\W*(?:would|if)\b[^.?!]*?\bbe (?:too |considered )?(?:low|high|bad|ok|okay|safe|enough|dangerous|normal)\b")
_UP_TO = re.compile(r"\b(?:up ?to|at most|no more than)(?: about| around)? $")
_LIMIT_SAID = re.compile(r"\b(?:under|over|below|above|(?:less|more|lower|higher|fewer) than|drops?|goes?|falls?|reach\w*)\b")
_JUST_SEEN = re.compile(r"\b(?:today|this (?:week|morning|month|time)|yesterday|now|again|result|results|got|says|showing|come back)\b")
_OWN = re.compile(
    r"\b(?:my|mine|i've|i'm|i have|i had|i got|came back|came in|result(?:s)? (?:is|was|say|came)|"
    r"showed|it says|doctor said|they said|nurse)\b"
)
_OTHER = re.compile(
    rf"\b(?:{RELATIVE}'?s?'?(?! (?:read|told|says?|said|rang|showed|thinks|sent|noticed|spotted)\b)"
    rf"|someone|somebody|a (?:lady|man|woman|guy|girl) (?:in|on|"
    rf"at)\b[^.\n]{{0,20}}|another patient)\b[^.\n]{{0,40}}$"
)
_CARER = re.compile(
    r"\b(?:husband|wife|partner|son|daughter|mum|mom|dad|mother|father) (?:\w+ )?(?:is on|takes|"
    r"has been on|was on|started|gets|has ms|is taking|'s on)\b|\b(?:asking|writing|here) for "
    r"my\b|\bi(?:'m| am) (?:her|his) (?:carer|husband|wife|mum|mom|dad|partner)\b|\bcarer\b"
)


def status_of(plain: str, name: Item, sentence: str, result: Mapping) -> str:
    before = plain[max(0, name.start - 60) : name.start]
    if _OTHER.search(before) and not _CARER.search(plain[max(0, name.start - 300) : name.end + 100]):
        return "other_person"
    if (
        re.search(r"\b(?:his|her|their)\s*(?:\w+ )?$", before)
        and re.search(rf"\b{RELATIVE}\b", plain[max(0, name.start - 300) : name.start])
        and not _CARER.search(plain[max(0, name.start - 300) : name.end + 100])
    ):
        return "other_person"
    sentence = _WONDERING.sub(" ", sentence)
    if re.search(r"\bwhat (?:if|happens if)\b|\bif (?:my|the|your)\b[^.?\n]*\?", sentence):
        return "asked"
    if _in_general(plain, name, sentence, result):
        return "asked"
    open_question = result["value"] is None or "what happens" in sentence
    if open_question and ASKED.search(sentence) and not _OWN.search(sentence):
        return "asked"
    if result["value"] is None and re.match(r"^\W*(?:is|are) (?:my|the)\b", sentence) and "?" in sentence:
        return "asked"
    if result["value"] is None and re.match(r"^\W*(?:does|do|can|could|will|would|might|may)\b", sentence):
        return "asked"
    clause = next((c for c in sentence.split(",") if plain[name.start : name.end] in c), sentence)
    if result.get("previous") is None and _LONG_AGO.search(clause) and not re.search(r"\bsince\b|\bnow\b|\btoday\b", sentence):
        return "previous"
    return "current"


def _in_general(plain: str, name: Item, sentence: str, result: Mapping) -> bool:
    """Whether a question names a value that is nobody's: "is a JCV index of 0.9 dangerous?", "do they stop it when ALT is over 200?"."""
    if result["value"] is None or not _QUESTION.search(sentence) or _OWN.search(sentence) or _JUST_SEEN.search(sentence):
        return False
    anyones = _ANYONES.search(plain, max(0, name.start - 20), name.start)
    limit = result["comparator"] is not None and _LIMIT_SAID.search(sentence)
    return bool(anyones or _AT_WHAT.match(sentence) or limit) or result["status"] == "reference"


def mark_numbers(plain: str, name: Item, parts: list[Item], numbers: list[Item], danger: Danger) -> list | None:
    """Sets each number's status, `danger` deciding where no word tells the order; returns a limit quoted beside a
    result ([low, high], either may be None).
    """
    if numbers and all(item.dated for item in numbers):
        return None
    limit, edge_of_limit, limit_value = None, 0, 0.0
    ordered = sorted([name, *parts], key=lambda p: p.start)
    edges = [p for p in ordered if p.kind != "flag"]  # "up" in "(ref up to 40)" cuts nothing off
    for item in numbers:
        usual = len(numbers) > 1 and item.sign is None and _USUAL.search(plain, max(0, item.start - 30), item.start)
        if usual and not any(part.kind == "range" for part in parts):
            item.status, item.dated = "previous", True
            continue
        before_items = [p.end for p in edges if p.end <= item.start]
        edge = max(before_items, default=max(0, item.start - 30))
        before, after = plain[max(edge, item.start - 60) : item.start], plain[item.end : item.end + 40]
        lead = re.sub("  +", " ", _own_clause(plain[max(0, name.start - 40) : name.start]) + before) if edge == name.end else before
        if (
            limit is not None
            and edge_of_limit
            and item.kind == "number"
            and re.fullmatch(r"\s*(?:to|and|or|-)\s*", plain[edge_of_limit : item.start])
        ):
            item.status, limit = "reference", [min(limit_value, item.value), max(limit_value, item.value)]
            continue
        follows = any(n.end <= item.start for n in numbers)
        column = item.sign and re.fullmatch(r"[\s|(\[,]*(?:normal|usual)?\s*", before) and follows
        quoted = _IN_BRACKETS.fullmatch(before) or _NORMAL_TO.fullmatch(before)
        beside = follows and quoted and not PREVIOUS_AFTER.search(after)
        if column or beside or _cannot_rise_to(item, before, after, numbers) or _is_reference(plain, name, before, after, lead, item):
            item.status = "reference"
            edge_of_limit, limit_value = item.end, item.value
            if item.kind == "number" and any(n is not item for n in numbers) and limit is None:
                floor = item.sign in (">", ">=") or item.sign is None and _LOWER_LIMIT.search(before + after[:12])
                limit = [item.value, None] if floor else [None, item.value]
    results = [n for n in numbers if n.status != "reference" and not n.dated]
    if len(results) > 1:
        _order(plain, ordered, results, danger)
    return limit


def _cannot_rise_to(item: Item, before: str, after: str, numbers: list[Item]) -> bool:
    """"ALT 262, lab says up to 45": what is less than the number before it is no later value but the limit."""
    earlier = [number for number in numbers if number.end <= item.start and number.kind == item.kind == "number"]
    return bool(earlier and _UP_TO.search(before)) and item.value < earlier[-1].value and not PREVIOUS_AFTER.search(after)


def is_result_range(plain: str, name: Item, item: Item) -> bool:
    return item.start >= name.end and bool(
        re.fullmatch(
            r"\s*:?\s*(?:(?:is|was|of|at|around|about|between|running|level|count|has been|have been|been|now|"
            r"showed) "
            r")*",
            plain[name.end : item.start],
        )
    )


def _own_clause(before: str) -> str:
    """The words before a name that are said of it: "wondering if my ..." sets no condition."""
    return _WONDERING.sub(" ", re.split(r",|\b(?:and|but)\b", before)[-1])


def _is_reference(plain: str, name: Item, before: str, after: str, lead: str, item: Item) -> bool:
    if re.search(r"\bnow\b|\bmy\b[^,]*\b(?:is|was|are)\s*$", before):
        return False
    local = re.split(r"[\n;]|[.?!]\s|,(?=\s*(?:mine|my|i|it)\b)", lead)[-1]
    if PREVIOUS_AFTER.search(after) and not re.search(r"\bref|range|limit", before):
        return False
    if _REFERENCE_AFTER.search(after):
        return True
    if re.search(r"\b(?:what if|how)\b", local):
        return False
    return bool(_REFERENCE.search(local))


def _order(plain: str, ordered: list[Item], results: list[Item], danger: Danger) -> None:
    """Marks all but the latest of several numbers for one test as previous."""
    if months_of(plain, results):
        for item in results:
            item.status = "current" if item is results[-1] else "previous"
        return
    ages = ages_of(plain, ordered, results)
    table = re.fullmatch(r"[\s|:]*", plain[results[0].end : results[1].start] or " ") and not any(age is not None for age in ages)
    if table and _COURSE.search(plain, ordered[0].end, results[0].start):
        place = len(results) - 1
    else:
        place = 0 if table and len(results) <= 3 else latest(ages, lambda place: danger(results[place]))
    for index, item in enumerate(results):
        item.status = "current" if index == place else "previous"
    plain_numbers = all(item.kind == "number" for item in results)
    if table and plain_numbers and len(results) == 3 and results[1].value < results[2].value:  # columns: value, low, high
        results[1].status = results[2].status = "reference"
