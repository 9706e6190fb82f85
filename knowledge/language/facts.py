"""Yes/no facts about a person that are no symptoms, and age and sex, in what people write."""

import re
from collections.abc import Iterable, Mapping, Sequence

from knowledge.language.number_words import number_said
from knowledge.language.phrases import PhraseFinder, Words, default_words
from knowledge.language.status import Context, treatment_words
from knowledge.language.text import meets, normalise
from knowledge.language.told_in_parts import told_in_parts

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
# What is told as past answers such a question with yes; and what a team knows it still knows when the symptom has gone.
_ASKS_OF_PAST = re.compile(r"(?:Have|Has|Had|Did|Was|Were|Does your MS team already know)\b")
_ASKS_OF_THE_END = re.compile(r".*\b(?:gone|go away|clear|settle)\b")  # what has gone answers such a question with yes
_BOUND = re.compile(r"(?P<below>below|under|less than|<)|(?P<above>above|over|more than|>)")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\D*$")  # the last number of a result in words: "potassium 2.4 mmol"


class FactFinder:
    """Finds facts. `facts` as in `content/facts.yml`; `words` as in `content/words.yml`, by default the project's
    own."""

    def __init__(self, facts: Sequence[Mapping], words: Mapping | None = None) -> None:
        lists = Words(default_words() if words is None else words)
        facts_by_id = {fact["id"]: fact for fact in facts}
        both = {
            (fact["id"], answer): fact.get(key, ())
            for fact in facts
            for answer, key in (("yes", "phrases"), ("no", "phrases_no"))
        }
        named = {"=".join(key): phrases for key, phrases in both.items()}
        blocked = {"=".join(key): facts_by_id[key[0]].get("not_phrases", ()) for key in both}
        self._finder = PhraseFinder(lists, named, blocked, passed_over=treatment_words())
        self._of_the_past = frozenset(fact["id"] for fact in facts if _ASKS_OF_PAST.match(fact["question"]))
        self._of_the_end = frozenset(fact["id"] for fact in facts if _ASKS_OF_THE_END.match(fact["question"]))
        self._results = [(fact["id"], fact["result"]) for fact in facts if fact.get("result")]

    def find(
        self, text: str, context: Context | None = None, results: Iterable[Mapping] = (), medicines: Iterable[Mapping] = ()
    ) -> list[dict]:
        """Entities "fact" (value = id, roles as for symptoms, "negated" = the answer is no), "age" and "sex".

        `results` are the other_lab_result entities of the same text, `medicines` those of the medicines: the number of a result may
        settle a fact, and a dose is of the medicine that is named.
        """
        context = context or Context(text)
        tokens = context.tokens
        forms, hits = self._finder.find(tokens)
        spans = [(tokens[forms[hit.first].first].start, tokens[forms[hit.last].last - 1].end) for hit in hits]
        said = [(span, {key.split("=")[0] for key in hit.ids}) for span, hit in zip(spans, hits, strict=True)]
        parts = [part for part in told_in_parts(text, medicines) if not meets(*part[:2], [span for span, ids in said if part[2] in ids])]
        context.claim([*spans, *((start, end) for start, end, _ in parts)])
        found = []
        for start, end, ident in parts:
            role = self._role(context, start, end, ident)
            found.append(fact_entity(text, start, end, ident, "present" if role == "past" else role))  # the parts tell the tense
        for (start, end), hit in zip(spans, hits, strict=True):
            for ident, answer in (key.split("=") for key in hit.ids):
                role = self._role(context, start, end, ident)
                found.append(fact_entity(text, start, end, ident, "negated" if role == "present" and answer == "no" else role))
        return [*found, *self._in_results(text, results), *_person(text, context)]

    def _role(self, context: Context, start: int, end: int, ident: str) -> str:
        gone = context.gone(start, end)
        if gone and ident in self._of_the_end:
            return "present"
        role = "negated" if gone else context.role(start, end)
        return "present" if role == "past" and ident in self._of_the_past else role

    def _in_results(self, text: str, results: Iterable[Mapping]) -> Iterable[dict]:
        for result in results:
            words = str(result["value"]).lower()
            number = _NUMBER.search(words)
            for ident, limit in self._results if number else ():
                if limit["test"] in words:
                    value, bound = float(number[1].replace(",", ".")), _BOUND.search(words)
                    holds = value < limit["below"] if "below" in limit else value > limit["above"]
                    holds = holds or bound and value == limit.get(bound.lastgroup)  # "potassium below 3"
                    yield fact_entity(text, result["start"], result["end"], ident, "present" if holds else "negated")


def fact_entity(text: str, start: int, end: int, ident: str, role: str) -> dict:
    return {"entity": "fact", "start": start, "end": end, "value": ident, "role": role, "text": text[start:end]}


def _in_digits(match: re.Match[str]) -> str:
    """The words with the number in digits, as long as before."""
    digits = f"{number_said(match[1]):.0f}"
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
