"""Finds body temperatures: "38.6", "temp 101", "39 degrees". Celsius or Fahrenheit is told by the unit or by the
range.
"""

import re
from collections.abc import Iterable
from typing import Any

from wordfreq import zipf_frequency

from knowledge.language.number_words import number_said
from knowledge.language.people import RELATIVE
from knowledge.language.text import normalise

# A living person's temperature: outside these limits the number is something else, or has lost its decimal point.
_CELSIUS = (32.0, 43.0)
_FAHRENHEIT = (90.0, 109.5)
_FEVER = 38.0  # the pack's fever definition: 38.0 C (100.4 F) or more

_TENS = "thirty|forty"
_ONES = "one|two|three|four|five|six|seven|eight|nine|zero|oh"
_SPELT = (
    rf"(?:(?:a )?(?:one )?hundred(?: and)?(?: (?:{_ONES}))?|one oh (?:{_ONES})"
    rf"|(?:{_TENS}|ninety)(?:[ -](?:{_ONES}))?)(?: point (?:{_ONES})| and a half)?"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/:])(?:(?P<digits>(?:(?<=temp )|(?<=says )|(?<=said )|(?<=is )|(?<=was )|(?<=of ))\d{{2}} \d(?![\d\w.])"
    rf"|\d{{2,3}}(?:\s?[.,]\s?\d{{1,2}}(?!\d)| point \d| "
    rf"and a half)?)|(?P<spelt>\b{_SPELT})\b)"
    r"(?P<unit> ?(?:°|º|degrees?|degs?|\*)? ?(?:celsius|celcius|centigrade|cel|fahrenheit|farenheit|fahrenhiet|"
    r"[cf])\b| ?(?:°|º|degrees?|degs?)(?!\w))?"
    r"(?![\d/:%]|[.,]\d| ?(?:years?|yrs?|yo\b|y/o|weeks?|wks?|days?|hours?|hrs?(?! ?\d)|minutes?|mins?|months?|mg|mcg|kg|"
    r"ml|cm|mm\b|bpm|beats|percent|st\b|lbs?|pounds|miles|km|u/l|iu|mmol|g/|x10|k\b|tablets?|times|people|th\b|"
    r"nd\b|rd\b|euros?|quid))"
)
_WORD = re.compile(
    r"\b(?:temp|temps|tempature|temprature|tempreture|temperture|temperatur|temperature|"
    r"temperatures|fever|feverish|fevers|feaver|thermometer|thermo|pyrexia|febrile|running a|burning up|"
    r"spiked?|spiking|tympanic|tymp|axillary|armpit|rectal|t(?= ?[:=]? ?\d\d\.\d))\b|[\U0001f321\U0001f912]"
)
_READING = re.compile(
    r"(?:^|\b(?:running|hit|hitting|it's|its|it is|it was|now|reading|reads|read|was|is|says?|"
    r"said|of|at|about|around|nearly|almost|over|above|to|reached|up|still|just|and|then|got|today|this morning|tonight|i'?m|i am|"
    r"measured|with|a|me|shiver\w*|rigors?)|[,;:.(\n-])\s*$"
)
_ELSEWHERE = re.compile(
    r"\b(?:outside|weather|bath|bathwater|pool|water|shower|room|oven|heatwave|sun|office|car|"
    r"fridge|house|heating|summer|beach|sauna|hydro|tub|size|angle|bus|page|bend|abroad|spain|"
    r"angles?|turn(?:ed)?|rotat\w+|washing|bpm|pulse|weigh\w*|age|aged|turning|birthday|waist|"
    r"bmi|garden|outdoors|version|paid|pay|cost|costs|price|score|index|lesion|distance|walked)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|in case|when should|should i call (?:if|when)|until|what counts as|(?<!it )is "
    r"(?=\d)|whether)\b[^.\n]{0,60}$"
)
_NEGATED = re.compile(
    r"\b(?:no|not|never|isn't|wasn't|hasn't|haven't|hasnt|isnt|wasnt|without|didn't|didnt|don't|"
    r"dont)\b(?:(?!\b(?:just|only|but|it's|its|measured|reading|reads|says)\b)[^,.\n]){0,40}$"
)
_OTHER = re.compile(rf"\b(?:{RELATIVE}|baby)(?:'s|s)?\b[^.,\n]{{0,40}}$")
_PAST = re.compile(
    r"\b(?:yesterday|last (?:week|month|year|time)|the other (?:day|night)|days? ago|weeks? ago|"
    r"months? ago|years? ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|earlier this week|when i "
    r"was|previously|as a child)\b"
)
_WAS = re.compile(r"\b(?:was|were|had|got|hit|reached|ran|spiked|went|measured)\b")
_BUT = re.compile(r"\bbut\b")
_TODAY = re.compile(
    r"\b(?:now|today|this (?:morning|afternoon|evening)|tonight|still|currently|just|hours? ago|"
    r"minutes? ago|earlier|since)\b"
)
_SO_NORMAL = re.compile(r"\W{1,3}(?:so |which is |that's |thats |it's |its |is )?(?:normal|no fever|not a fever|no temp)")
_LAST_WORD = re.compile(r"(?P<word>[a-z']+)(?P<after>\W{1,3})$")
_EVERYDAY = 3.1  # zipf frequency (wordfreq) of a word that names no test
_I_HAVE = re.compile(r"(?:\bi'?m|\bi am|\bi'?ve(?: got| had)?|\bi (?:have|had|got)(?: got| had)?|\bwoke up (?:with|at)|\brunning"
                     r"|(?:^|[,;]\s?)(?:had|got))(?: (?:now|still|at|about|around|only|just|up to|over|a|with|been))*\s$")
_I_AM = re.compile(r"\b(?:i'?m|i am|had)\s$")  # may tell an age or how many
_WITHOUT_UNIT = (34.5, 43.0)
_SAID_WHEN = re.compile(r" ?(?:now|today|this (?:morning|afternoon|evening)|tonight|at the moment|again)\b")
_MEASURED_WHEN = re.compile(r",? ?(?:now\b|today|this (?:morning|afternoon|evening)|tonight|at the moment|again"
                            r"|since (?!\d)|all (?:day|night))")
_AND_MORE = re.compile(r",? (?:and|with) (?!my\b|the\b|counting|a half)")
_DROPPED_POINT = re.compile(r"\b(?:temp|temperature|fever)\b[^\d\n]{0,20}$")


def find_temperatures(text: str, taken: Iterable[tuple[int, int]] = (), medicines: Iterable[tuple[int, int]] = ()) -> list[dict]:
    """Temperature entities in text order, value {"value": degrees, "unit": "Cel"} (one decimal).

    `taken` are (start, end) spans that another finder has read (a laboratory value is no temperature), `medicines` those
    of medicines' names (behind either a bare reading may stand, as behind any everyday word). `role` is
    present, past, negated, hypothetical or other_person. Of several readings the latest is present; an earlier one of
    the same day stays present only if it was a fever and the latest is not (a tablet may have lowered it).
    "needs": "confirm" marks a number that lost its decimal point ("temp 385" is read as 38.5).
    """
    plain = normalise(text)
    taken = list(taken)
    names = {end for _, end in (*medicines, *taken)}
    found = []
    for match in _NUMBER.finditer(plain):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            until = min((start for start, _ in taken if start >= match.end()), default=len(plain))
            entity = _entity(plain, match, names, until)
            if entity:
                found.append(entity)
    _keep_latest(plain, found)
    return found


def parse_temperature_answer(text: str) -> dict | None:
    """The temperature in a short answer to "what is your temperature?", {"value", "unit"}, else None: here "38"
    counts.
    """
    found = [entity for entity in find_temperatures(f"temp {text}") if entity["role"] in ("present", "past")]
    return found[-1]["value"] if found else None


def _entity(plain: str, match: re.Match, names: set[int], until: int) -> dict | None:
    """The reading a number is, or None; `until`: where the next thing that another finder has read begins."""
    number = _number(match)
    unit = (match["unit"] or "").strip(" °º*")
    clause = _clause(plain[:until], match.start(), match.end())
    before = plain[max(0, match.start() - 70) : match.start()]
    before = re.split(r"[\n!?]|\.\s", before)[-1]
    if number is None or not _is_body(plain, match, number, unit, clause, before, names):
        return None
    celsius, needs = _celsius(number, unit, bool(_DROPPED_POINT.search(before)))
    if celsius is None:
        return None
    start = match.start("digits") if match["digits"] else match.start("spelt")
    entity: dict[str, Any] = {
        "entity": "temperature",
        "start": start,
        "end": match.end("unit") if match["unit"] else match.end("digits") if match["digits"] else match.end("spelt"),
        "value": {"value": celsius, "unit": "Cel"},
        "role": _role(plain, match, clause, before),
    }
    if needs:
        entity["needs"] = needs
    return entity


def _clause(plain: str, start: int, end: int) -> str:
    left = max(plain.rfind(mark, max(0, start - 80), start) for mark in ("\n", "!", "?", ";", ". ", ", "))
    right = re.search(r"[\n!?;]|[.,]\s", plain[end : end + 60])
    return plain[max(left + 1, start - 80) : end + (right.start() if right else 60)]


def _is_body(plain: str, match: re.Match, number: float, unit: str, clause: str, before: str, names: set[int]) -> bool:
    """Whether the number is said of a body: a word for it, a unit, or a bare reading with a decimal in the fever range.

    A bare one may follow any everyday word, a medicine or a laboratory result (`names`: where they end), but no word
    nobody uses: that is the name of something measured. What a person has or is can be lower, or whole.
    """
    # "my temperature on rising and after lunch, 36.6"
    far = 60 if match["digits"] and "." in match["digits"] and 35 <= number < 42.5 else 30
    said = bool(_WORD.search(clause)) or bool(_WORD.search(before[-far:]))
    if _ELSEWHERE.search(clause) and not (
        said
        and not re.search(
            r"\b(?:outside|bath|pool|water|room|oven|weather|"
            r"heatwave)\b",
            clause,
        )
    ):
        return False
    if re.match(r"[cf]$|celsius|celcius|cent|cel|fah|far", unit):
        return True
    if said:
        return True
    if unit:
        return 36 <= number <= 43 or 97 <= number <= 108
    decimal = (
        bool(match["spelt"])
        and "point" in match["spelt"]
        or bool(match["digits"])
        and bool(re.search(r"[.,]|point|half", match["digits"]))
    )
    if decimal and (35.5 <= number < 37.5 or 96 <= number < 99.5) and _SO_NORMAL.match(plain, match.end()):
        return True
    alone = len(plain) < 40 and len(plain.split()) == 1
    if alone and decimal and _WITHOUT_UNIT[0] <= number <= _WITHOUT_UNIT[1]:
        return True
    in_range = 37.2 <= number < 42.5 or 99.0 <= number < 107
    if re.search(r"\brunning (?:at )?$|\bthermometer\b", before):
        return True
    after = plain[match.end() : match.end() + 30]
    if _I_HAVE.search(before) and (_WITHOUT_UNIT[0] <= number <= _WITHOUT_UNIT[1] or 94 <= number <= 109):
        if decimal:
            return True
        if in_range and (_MEASURED_WHEN.match(after) or _AND_MORE.match(after) and not _I_AM.search(before)):
            return True
    if not (decimal and in_range):
        return False
    said_when = _SAID_WHEN.match(after)
    if alone or said_when or _READING.search(before) or not before.strip():
        return True
    if len(plain[: match.start()].rstrip(" ,;:(/&+-.")) in names:
        return True
    word = _LAST_WORD.search(before)
    return word is not None and zipf_frequency(word["word"], "en") >= _EVERYDAY


def _number(match: re.Match) -> float | None:
    if match["digits"]:
        digits = re.sub(r"\s*(?:point|,|\.)\s*", ".", match["digits"]).replace(" and a half", ".5").replace(" ", ".")
        return float(digits)
    return number_said(match["spelt"])


def _celsius(number: float, unit: str, temp_before: bool) -> tuple[float | None, str | None]:
    """(degrees Celsius, needs) or (None, None) when no reading is a body temperature."""
    if unit.startswith("f"):
        return (_from_fahrenheit(number), None) if _within(number, _FAHRENHEIT) else (None, None)
    if _within(number, _CELSIUS):
        return round(number, 1), None
    if _within(number, _FAHRENHEIT) and not unit.startswith("c"):
        return _from_fahrenheit(number), None
    if temp_before and number == int(number) and _within(number / 10, (35.0, 42.5)):
        return number / 10, "confirm"
    return None, None


def _from_fahrenheit(number: float) -> float:
    return round((number - 32) * 5 / 9, 1)


def _within(number: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= number <= limits[1]


def _role(plain: str, match: re.Match, clause: str, before: str) -> str:
    if _OTHER.search(before):
        return "other_person"
    if _HYPOTHETICAL.search(before) and not re.search(r"\bmy (?:temp|temperature)(?: is| was|'s) $", before):
        return "hypothetical"
    if (
        re.search(r"\b(?:is|does|at what)\b", before)
        and "?" in plain[match.end() : match.end() + 40]
        and not re.search(r"\b(?:my|i|i'm|it's|me)\b", before)
    ):
        return "hypothetical"
    measured = re.search(r"\bno (?:temp|temperature|fever)\W*$", before)  # "no temp, 37.1" gives the reading that shows it
    if _NEGATED.search(before) and not measured:
        return "negated"
    at = clause.find(plain[match.start() : match.end()])
    # "ocrevus last week, 38.4" is a reading of now
    earlier = _PAST.search(clause, at) or _PAST.search(clause[:at]) and _WAS.search(clause[:at])
    if earlier and not _TODAY.search(_BUT.split(clause)[0]):
        return "past"
    return "present"


def _keep_latest(plain: str, found: list[dict]) -> None:
    """Turns all but the latest present reading into past ones, as `find_temperatures` says."""
    present = [entity for entity in found if entity["role"] == "present"]
    if len(present) < 2:
        return

    follows = {id(one): two["start"] for one, two in zip(found, found[1:], strict=False)}

    def words(entity: dict) -> str:
        return plain[entity["end"] : min(entity["end"] + 25, follows.get(id(entity), len(plain)))]

    now = [
        e
        for e in present
        if re.search(r"\bnow\b|at the moment|currently", words(e))
        or re.search(r"\b(?:now|currently)\b[^\d]{0,12}$", plain[max(0, e["start"] - 20) : e["start"]])
    ]
    stated = [e for e in present if not re.search(r"\bfrom (?:about |around )?$", plain[max(0, e["start"] - 14) : e["start"]])]
    latest = (now or stated or present)[-1]
    for entity in present:
        masked = entity["value"]["value"] >= _FEVER > latest["value"]["value"]
        if entity is not latest and not masked:
            entity["role"] = "past"
