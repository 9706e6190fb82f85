"""Questions the person asks: about medicines, effects and their own results."""

from __future__ import annotations

import re
from typing import Any

from knowledge import wording
from knowledge.case import LabResult
from knowledge.dialogue.going_on import carry_on
from knowledge.dialogue.reporting import triage
from knowledge.dialogue.showing import repeat
from knowledge.dialogue.small_turns import small_turn
from knowledge.dialogue.state import Message, Session, State, tells
from knowledge.intake import take_in
from knowledge.language.short_answers import plain
from knowledge.questions import answer_question, names_an_effect

# The last question goes on: "and shingles?"
_ASKS_ON = re.compile(
    r"(?:(?:ok|okay|right|thanks|but),? ){0,2}(?:(?:and|or|what about|how about)\b(?: \w+){1,5}\?|(?:what|how) about\b(?: \w+){1,5})", re.I)


def answer(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """Answer a question from the content; triage what the same message reports; go on with the interview."""
    own_medicines = [use.id for use in state.case.taken()]
    state.about = [entity["value"] for entity in entities if entity["entity"] == "medicine"] or state.about or own_medicines
    found = answer_question(text, entities, session.knowledge, own_medicines or state.about)
    own = own_results(state, text, session)
    said = [Message(item) for item in (own, session.words.fill(found) if found else "") if item]
    if tells(entities):
        return said + triage(state, entities, text, session)
    if not said and not entities:
        return small_turn(state, "out_of_scope", entities, text, session)
    if not said and not all(entity["entity"] == "other_medicine" or entity.get("role") == "asked" for entity in entities):
        return triage(state, entities, text, session)
    taken = [entity for entity in entities if entity["entity"] == "medicine" and entity.get("role") != "asked"]
    take_in(state.case, taken, "", None, session.knowledge, session.today)
    return (said or [Message(session.words.say("no_answer"))]) + carry_on(state, session, only_open=True)


def answer_or_stand(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A question that may be about anything: the content's answer, or where the person stands."""
    found = own_results(state, text, session) or answer_question(text, entities, session.knowledge, [use.id for use in state.case.taken()])
    if found:
        return [Message(session.words.fill(found)), *carry_on(state, session, only_open=True)]
    state.repeated += int(state.assessment is None)  # whoever asks on and on is not kept at one question
    return repeat(state, session)


def goes_on(state: State, text: str) -> bool:
    """Whether the last question goes on: "and shingles?"."""
    return bool(state.about) and bool(_ASKS_ON.fullmatch(text.strip()))


def asked_on(state: State, text: str, entities: list[dict[str, Any]], session: Session) -> tuple[str, list[dict[str, Any]]]:
    """The question that goes on, made whole: "what about Kesimpta?" asks the same of another medicine, "and shingles?" something else."""
    entities = [{**entity, "role": "hypothetical"} if entity["entity"] == "symptom" else entity for entity in entities]
    if any(entity["entity"] == "medicine" for entity in entities):
        return f"{state.inquiry} {text}", entities
    entities += [{"entity": "medicine", "value": medicine, "role": "asked"} for medicine in state.about]
    return text if names_an_effect(text, session.knowledge) else f"{state.inquiry} {text}", entities


def asks_of_results(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> bool:
    """Whether it is a question about results that were told."""
    return text.rstrip().endswith("?") and not entities and bool(own_results(state, text, session))


_MY_RESULTS = re.compile(
    r"\b(?:which (?:one|of them|of these|result)s?|what grade) (?:is|are)\b|"
    r"\b(?:(?:my|the|these|those|them) (?:blood |test |lab |last |latest )*"
    r"(?:results?|bloods?|tests?|labs?|levels?|counts?|numbers?|values?|figures?)"
    r"|are (?:they|these|those) (?:ok|okay|normal|fine|bad|high|low|good|alright|all right))\b")


def own_results(state: State, text: str, session: Session) -> str:
    """The person's own results that a question names, by the test, by the number or all together, each beside what is usual; else empty."""
    words, numbers = plain(text), set(re.findall(r"\d+(?:\.\d+)?", text))
    all_of_them = bool(_MY_RESULTS.search(words))

    def is_named(result: LabResult) -> bool:
        names = [*session.knowledge.labs[result.test]["lay_names"], session.knowledge.labs[result.test]["name"]]
        return f"{result.value:g}" in numbers or any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", words) for name in names)

    known = [result for result in state.case.labs.values() if result.value is not None]
    asked = [result for result in known if is_named(result)] or (known if all_of_them else [])
    return " ".join(wording.own_result(result, session.knowledge, session.words) for result in asked[:3])
