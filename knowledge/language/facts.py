"""Yes/no facts about a person that are no symptoms, and age and sex, in what people write."""

import re
from collections.abc import Iterable, Mapping, Sequence

from text_to_num import text2num

from knowledge.language.phrases import PhraseFinder, Words, default_words
from knowledge.language.status import Context, treatment_words
from knowledge.language.text import normalise

_AGE = re.compile(
    r"\b(?:i'?m|i am|aged?|age is|age:|she'?s|he'?s|she is|he is|(?:wife|husband|partner|son|daughter|mum|dad) is)"
    r"\s{1,3}(\d{2,3})\b"
    r"|\b(\d{2,3})[ -]?(?:years?[ -]old|yrs?[ -]old|yr old|y/?o\b|years? of age|year[ -]old)"
    r"|\b(\d{2})[ ]?([fm])\b|\b([fm])[ /]?(\d{2})\b"
    r"|\b(?:turned|turning) (\d{2})\b|\b(?:female|male|woman|man),? (?:aged? )?(\d{2})\b"
)
# "I'm 38 weeks", "im 70 kg", "i am 39.2", "im 50 percent": numbers that are no age.
_NO_AGE = re.compile(
    r"\s{0,2}(?:weeks?|wks?|months?|days?|hours?|hrs?|minutes?|mins?|kg|kilos?|lbs?|stone|st\b|%|"
    r"percent|cm|mg|mcg|"
    r"degrees?|c\b|f\b|[.,:/]\d|doses?|injections?|infusions?)"
)
_SPELT_AGE = re.compile(  # "i'm forty five"
    r"\b(?:i'?m|i am|aged?) ((?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
    r"(?= years?\b|\s*[.,;!?]|\s*$| and\b)")
_SEX = (
    (
        "female",
        re.compile(
            r"\b(?:woman|female|girl|lady|gal|mother of|mum of|mom of|mum to|"
            r"(?:my|her) (?:wife|girlfriend|daughter))\b"
        ),
    ),
    (
        "male",
        re.compile(
            r"\b(?:man|male|guy|bloke|chap|lad|gentleman|father of|dad of|dad to|"
            r"(?:my|his) (?:husband|boyfriend|son))\b"
        ),
    ),
)
_OWN = re.compile(
    r"(?:\bi'?m|\bi am|\bas|\d\s?-?(?:year|yr|years|yrs)?s?[ -]?(?:old|y/?o)?)\s{1,2}(?:an? )?(?:\w{1,12} ){0,2}$"
)
_OLDEST = 110


class FactFinder:
    """Finds facts. `facts` as in `content/facts.yml`; `words` as in `content/words.yml`, by default the project's
    own."""

    def __init__(self, facts: Sequence[Mapping], words: Mapping | None = None) -> None:
        lists = Words(default_words() if words is None else words)
        both = {
            (fact["id"], answer): fact.get(key, ())
            for fact in facts
            for answer, key in (("yes", "phrases"), ("no", "phrases_no"))
        }
        named = {"=".join(key): phrases for key, phrases in both.items()}
        self._finder = PhraseFinder(lists, named, passed_over=treatment_words())

    def find(self, text: str, context: Context | None = None) -> list[dict]:
        """Entities "fact" (value = id, roles as for symptoms, "negated" = the answer is no), "age" and "sex"."""
        context = context or Context(text)
        tokens = context.tokens
        forms, hits = self._finder.find(tokens)
        spans = [(tokens[forms[hit.first].first].start, tokens[forms[hit.last].last - 1].end) for hit in hits]
        context.claim(spans)
        found = []
        for (start, end), hit in zip(spans, hits, strict=True):
            role = "negated" if context.gone(start, end) else context.role(start, end)
            for ident, answer in (key.split("=") for key in hit.ids):
                said = "negated" if answer == "no" and role == "present" else role
                found.append(
                    {
                        "entity": "fact",
                        "start": start,
                        "end": end,
                        "value": ident,
                        "role": said,
                        "text": text[start:end],
                    }
                )
        return [*found, *_person(text, context)]


def _in_digits(match: re.Match[str]) -> str:
    """The words with the number in digits, as long as before."""
    digits = str(text2num(match[1].replace("-", " "), "en"))
    return (match[0].removesuffix(match[1]) + digits).ljust(len(match[0]))


def _person(text: str, context: Context) -> Iterable[dict]:
    plain = normalise(text)
    plain = _SPELT_AGE.sub(_in_digits, plain)
    for match in _AGE.finditer(plain):
        group = next(number for number in (1, 2, 3, 6, 7, 8) if match.group(number))
        years = int(match.group(group))
        if not 10 <= years <= _OLDEST or (group == 1 and _NO_AGE.match(plain, match.end())):
            continue
        start, end = match.span(group)
        if context.role(start, end) in {"other_person", "past", "hypothetical"}:
            continue
        yield {"entity": "age", "start": start, "end": end, "value": years}
        letter = match.group(4) or match.group(5)
        if letter:
            yield {
                "entity": "sex",
                "start": match.start(),
                "end": match.end(),
                "value": "female" if letter == "f" else "male",
            }
    for sex, pattern in _SEX:
        for match in pattern.finditer(plain):
            own = _OWN.search(plain, max(0, match.start() - 40), match.start())
            cared = (
                " " in match.group()
                and context.role(match.start(), match.end()) == "present"
                and own is None
                and match.group().split()[0] in {"my", "her", "his"}
            )
            if own or cared and context.speaks_for_other:
                yield {"entity": "sex", "start": match.start(), "end": match.end(), "value": sex}
                break
