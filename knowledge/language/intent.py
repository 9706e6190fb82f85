"""What a person wants now. A trained classifier guesses; what the words and the findings say for certain goes first."""

from __future__ import annotations

import re
from typing import Any

from knowledge.language.text import normalise

# Intents that are about the conversation itself. What was read in the message matters more than these.
SMALL = frozenset({"greet", "goodbye", "thanks", "small_talk", "help", "out_of_scope", "affirm", "deny", "dont_know", "more", "nlu_fallback",
                   "human", "why"})
TOLD = frozenset({"symptom", "lab_result", "temperature", "unknown_complaint", "red_flag_doubt"})
_CERTAIN = (
    ("start_over", r"(start|begin) (again|over|afresh)|restart|reset|new conversation|from the (start|beginning)"),
    ("go_back", r"go back|undo|one step back|back one|previous question|take (that|it) back"),
    ("understood", r"what (did|have|do) you (understand|understood|got|get|know|noted|written)( about me| so far)?|what i told you|show me what i (said|told you)"),
    ("more", r"(tell me |show me )?more( details?| please| info(rmation)?)?|details?|go on|and\?|explain( more)?"),
    ("summary", r"(a |the |my )?(summary|sbar)( please| for my (ms )?team)?|(make|give|write|show)( me)? (a|the|my) (summary|note)|summary for my ms team"),
    ("correct", r"(no,? )?that'?s (not right|wrong|not what i (said|meant))|that is wrong|change something|you('ve| have)? (got|understood) (it|that|me) wrong|wrong"),
    ("why", r"why( do you (ask|need|want)( that| this| to know)?)?|why('s| is) that( important)?|what for"),
    ("thanks", r"(many )?(thanks|thank you|thx|ta|cheers)( very much| so much| a lot)?"),
    ("affirm", r"yes|y|yeah|yep|yup|correct|right|ok|okay|sure"),
    ("deny", r"no|n|nope|nah|none( of (these|them|those))?|not really|no,? none of these"),
    ("dont_know", r"(i )?(don'?t|do not) know|(i'?m |i am )?not sure|no idea|dunno|idk|unsure|can'?t remember"),
)
_CERTAIN_PATTERNS = tuple((name, re.compile(rf"\W*(?:{pattern})\W*")) for name, pattern in _CERTAIN)
_CORRECTING = re.compile(r"^\W*(no wait|wait|actually|sorry,? i meant|i meant|correction|not .{1,40} but |oh no|scrap that|i made a mistake)|\bi meant\b|\bnot .{2,30}, (it'?s|its) ")
_QUESTION = re.compile(r"\?\s*$|^\W*(can|could|does|do|is|are|what|why|how|which|when|should|will|would|may)\b")


def intent_of(text: str, entities: list[dict[str, Any]], guess: str | None, confidence: float) -> tuple[str, float]:
    """The intent and its confidence (0 to 1) from the words, what was read in them, and the classifier's guess."""
    words = normalise(text).strip()
    for name, pattern in _CERTAIN_PATTERNS:
        if pattern.fullmatch(words):
            return name, 1.0
    if _CORRECTING.search(words) and entities:
        return "correct", 1.0
    told = [entity for entity in entities if entity["entity"] in TOLD and _now(entity)]
    if told and guess in (*SMALL, "ask", None):
        return ("ask" if guess == "ask" and _QUESTION.search(words) and _only_asked(entities) else "report"), 1.0
    medicines = [entity for entity in entities if entity["entity"] in ("medicine", "unknown_medicine", "medicine_hint")]
    if medicines and guess in SMALL and not _QUESTION.search(words):
        return "report", 1.0
    return guess or "nlu_fallback", confidence


def _now(entity: dict[str, Any]) -> bool:
    if entity["entity"] == "lab_result":
        return entity["value"].get("status", "current") == "current"
    return entity.get("role", "present") in ("present", "negated")


def _only_asked(entities: list[dict[str, Any]]) -> bool:
    return all(entity.get("role") in ("asked", "hypothetical", "past", "other_person") for entity in entities if entity["entity"] in
               ("medicine", "symptom", "lab_result"))
