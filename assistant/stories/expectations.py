"""Compares a turn with what the story expects of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.stories.result import Difference, Turn
from assistant.stories.story import NONE_YET, Step, Words
from knowledge.urgency import rank

QUESTIONS = ("medicine", "noticed", "which_medicine", "unit", "doubt", "meant", "danger", "signs", "quality", "fact", "temperature",
"last_dose",
             "first_dose",
             "results", "earlier_medicine", "retract")


def differences(step: Step, turn: Turn, number: int) -> Iterator[Difference]:
    """The expectations of the step that the turn does not meet."""
    given = turn.assessment or {}
    risks = [risk["id"] for risk in given.get("risks", [])]
    titles = [f"{source['id']} {source['title']}" for source in given.get("sources", [])]

    def differ(what: str, expected: str, got: str) -> Difference:
        return Difference(number, step.line, what, expected, got)

    if step.urgency and not _urgency_fits(step.urgency, turn.urgency):
        yield differ("urgency", step.urgency, turn.urgency or NONE_YET)
    for wanted in step.asks:
        if not _asks(wanted, turn):
            yield differ("asks", _either(wanted), f"{turn.question or 'nothing'}: {turn.replies[-1] if turn.replies else ''}")
    if step.first_risk and step.first_risk not in risks[:1]:
        yield differ("first_risk", step.first_risk, ", ".join(risks) or "none")
    for risk in step.risks:
        if risk not in risks:
            yield differ("risks", risk, ", ".join(risks) or "none")
    for risk in sorted(set(step.not_risks) & set(risks)):
        yield differ("not_risks", f"without {risk}", ", ".join(risks))
    for words in step.words:
        if not any(plain(item) in plain(turn.text) for item in _list(words)):
            yield differ("words", _either(words), turn.text)
    for item in step.not_words:
        if plain(item) in plain(turn.text):
            yield differ("not_words", f"without “{item}”", turn.text)
    for source in step.sources:
        if not (titles if source == "any" else [title for title in titles if source.lower() in title.lower()]):
            yield differ("sources", source, "; ".join(titles) or "none")
    for contact in step.contact:
        if not any(number in turn.text for number in _numbers(contact)):
            yield differ("contact", contact, turn.text)
    for name in step.understood:
        if not {name, f"past {name}"} & set(turn.known):
            yield differ("understood", name, ", ".join(turn.known) or "nothing")


def _urgency_fits(expected: str, got: str | None) -> bool:
    bound, _, level = expected.rpartition(" ")
    if expected == NONE_YET or got is None:
        return got is None and expected == NONE_YET
    return {"at least": rank(got) >= rank(level), "at most": rank(got) <= rank(level)}.get(bound, got == level)


def _asks(wanted: Words, turn: Turn) -> bool:
    if wanted == "nothing":
        return not turn.question
    if not turn.question:
        return False
    kind, text = turn.question.partition(":")[0], plain(turn.text)
    return any(item == kind if item in QUESTIONS else plain(item) in text for item in _list(wanted))


def _numbers(contact: str) -> list[str]:
    """Telephone numbers of which one must be shown."""
    from actions.turn import clinic

    own = clinic()
    lines = {"ms_team": own.ms_team, "out_of_hours": own.out_of_hours, "crisis_line": own.crisis}
    if contact == "emergency":
        return own.emergency_numbers
    return [lines[contact].phone] if lines[contact] else ["116 123", "988"]


def _list(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else words


def _either(words: Words) -> str:
    return " or ".join(f"“{word}”" for word in _list(words))


def plain(text: str) -> str:
    """Without differences of case, space and kind of apostrophe."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).lower()
