"""One turn of the assistant as plain text, for channels that cannot draw a card: urgency first, numbered options, short parts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from itertools import pairwise

from assistant.channels import cards
from assistant.channels.guard import Message, say

logger = logging.getLogger(__name__)

Strings = dict[str, str]

_ENDS = re.compile(r"(?<=[.!?:;])\s+|\n+")
_WORDS = re.compile(r"\s+")


def in_words(messages: list[Message], t: Strings) -> str:
    """Return everything that a turn says as one text; never empty.

    What is most urgent comes first, the options of the question last. `t` are the channel's strings (web/strings). A card that
    cannot be read does not take the words beside it away.
    """
    try:
        text = _in_words(messages, t)
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        logger.error("A card could not be put into words: %s", type(error).__name__)
        text = "\n\n".join([*(str(said["text"]) for said in messages if said.get("text")), t["unknown_card"]])
    return text or say("safe")


def _in_words(messages: list[Message], t: Strings) -> str:
    shown = cards.arranged(messages)
    blocks = [(said, _block(said, t)) for said in shown]
    blocks.sort(key=lambda pair: cards.urgency_of(pair[0]) != "emergency")  # stable: the rest keeps its order
    words = [text for _, text in blocks if text]
    if headline := _missing_headline(shown, words):
        words.insert(0, headline)
    options = next((said["buttons"] for said in reversed(messages) if said.get("buttons")), [])
    return "\n\n".join([*words, *([_numbered(options)] if options else [])])


def _block(said: Message, t: Strings) -> str:
    """The words of one message and of what its card holds beyond them."""
    card, text = said.get("custom") or {}, cards.question_text(said)
    match cards.kind(said):
        case "assessment":
            return _advice(said, text, t)
        case "emergency":
            return text or " ".join(part for part in (card["headline"], card.get("instruction", "")) if part)
        case "unknown":
            return text or t["unknown_card"]
        case None:
            return text
    return text or "\n".join(cards.message_lines(said, t))


def _advice(said: Message, text: str, t: Strings) -> str:
    """An answer's own words are whole. Words of a red flag, and a card without words, lack the risk behind it."""
    card = said["custom"]
    if text:
        return text
    risk = cards.advice(said)["first"]
    start = card.get("instruction") or " ".join([card["headline"], *cards.advice(said)["steps"]])
    return f"{start}\n{t['risks']}: {cards.name_of(risk)}." if risk else start


def _missing_headline(shown: list[Message], words: list[str]) -> str | None:
    """The headline of the turn's urgency where nobody would read it in the first words: before the details on "more"."""
    for said in shown:
        headline = (said.get("custom") or {}).get("headline", "")
        if cards.urgency_of(said) and not said["custom"].get("instruction"):
            return None if cards.plain(headline) in cards.plain(words[0]) else headline
    return None


def _numbered(options: list[Message]) -> str:
    return "\n".join(f"{number}. {option['title']}" for number, option in enumerate(options, 1))


def split(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Part a text at the ends of sentences and lines so that no part's `size` is above `limit`; nothing is lost.

    A sentence that is longer by itself is parted between words, a word that is longer between letters.
    """
    parts = [""]
    for piece in _pieces(text, limit, size):
        if parts[-1] and size((parts[-1] + piece).strip()) > limit:
            parts.append("")
        parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]


def _pieces(text: str, limit: int, size: Callable[[str], int]) -> list[str]:
    """Sentences with the blanks after them; smaller pieces where one alone is above the limit."""
    pieces: list[str] = []
    for sentence in _cut(_ENDS, text):
        for word in [sentence] if size(sentence.strip()) <= limit else _cut(_WORDS, sentence):
            pieces += [word] if size(word.strip()) <= limit else list(word)
    return pieces


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    """Cut after each match, which stays with the piece before it."""
    ends = [0, *(match.end() for match in pattern.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]
