"""What a turn's cards say, in the order a tired reader needs it: for the page, for a screen reader, as text to take away."""

from __future__ import annotations

import re
from typing import Any

from assistant.channels.guard import Message

URGENCIES = ("emergency", "same_day", "soon", "routine", "self_care")
# What a card must have to be drawn; a card without it is shown as unknown, beside its text.
CARDS = {
    "assessment": ("urgency", "headline"),
    "emergency": ("headline",),
    "summary": ("sections",),
    "understood": ("items",),
}
MOST_STEPS = 3
MOST_SIGNS = 4
MOST_ADVICE = 30  # words of it, if that takes more than one sentence
MOST_SENTENCES = 2  # of a risk's advice, before the reader asks for more

Strings = dict[str, str]
Card = dict[str, Any]


def kind(said: Message) -> str | None:
    """Return the type of a message's card, `unknown` for one that can't be drawn, None when it has no card."""
    card = said.get("custom")
    if card is None:
        return None
    name = card.get("type") if isinstance(card, dict) else None
    if name not in CARDS or any(not card.get(part) for part in CARDS[name]):
        return "unknown"
    return "unknown" if card.get("urgency", "soon") not in URGENCIES else str(name)


def urgency_of(said: Message) -> str | None:
    """Return the urgency that a message's card gives, None when it gives none."""
    card = said.get("custom") or {}
    match kind(said):
        case "assessment":
            return str(card["urgency"])
        case "emergency":
            return str(card.get("urgency") or "emergency")
    return None


def for_browser(messages: list[Message]) -> list[Message]:
    """Return the messages without the record that a summary carries for programs: no page shows it."""
    return [{**said, "custom": {name: part for name, part in said["custom"].items() if name != "record"}}
            if isinstance(said.get("custom"), dict) else said for said in messages]  # fmt: skip


def arranged(messages: list[Message]) -> list[Message]:
    """Return the messages as they are shown: the words of a red flag join the card that comes right after them."""
    shown: list[Message] = []
    for said in messages:
        if kind(said) == "assessment" and not said.get("text") and shown and set(shown[-1]) == {"text"}:
            said = {**said, "custom": {**said["custom"], "instruction": shown.pop()["text"]}}
        shown.append(said)
    return shown


def question_text(said: Message) -> str:
    """Return a message's words without the list whose lines are also its answers."""
    titles = {f"- {button['title']}" for button in said.get("buttons") or []}
    return "\n".join(line for line in (said.get("text") or "").splitlines() if line.strip() not in titles).strip()


def question_of(messages: list[Message]) -> Message | None:
    """Return the question that stands below a card in the same turn, None when there is none."""
    last = messages[-1] if messages else {}
    after_a_card = any(kind(said) == "assessment" for said in messages[:-1])
    return last if after_a_card and not last.get("custom") and (last.get("buttons") or "?" in last.get("text", "")) else None


def advice(said: Message) -> Card:
    """Return an assessment card as it is laid out: first what to do and whom to call, the rest to unfold.

    `lead` are words that stand before the card; `brief` tells that they are the news and the card only stands again;
    `detail` that the person asked for more: what the text says about each risk is laid out in the card instead.
    """
    card = said["custom"]
    detail = bool(card.get("detail"))
    lead, as_text = ("", "") if detail else _beside(said.get("text") or "", card["headline"])
    risks = list(card.get("risks") or [])
    fitting = [risk for risk in risks if risk.get("rules") or risk.get("matched")]
    first = fitting[0] if fitting else None
    instruction = without_start(card.get("instruction") or "", card["headline"])
    emergency = card["urgency"] == "emergency"
    return {
        "lead": lead, "detail": detail, "brief": bool(lead) and not as_text, "as_text": as_text, "instruction": instruction,
        "steps": _steps(card, first, instruction), "lines": contacts(card.get("contact")), "emergency": emergency,
        "first": first, "short": _short(first, card), "others": [risk for risk in risks if risk is not first],
        "expected": _expected(card, fitting), "watch_for": [] if emergency else list(card.get("watch_for") or [])[:MOST_SIGNS],
        "sources": _sources(card, risks),
    }  # fmt: skip


def _beside(text: str, headline: str) -> tuple[str, str]:
    """Part a text into words of its own and the card's advice once more; only a whole answer has several lines."""
    place = text.lower().find(_bare(headline).lower())
    if "\n" in text and place >= 0:
        return text[:place].strip(), text[place:]
    return text, ""


def _steps(card: Card, first: Card | None, instruction: str) -> list[str]:
    """The actions that say more than the headline, the call buttons, the instruction and the risk's advice do."""
    known = plain(instruction)
    phones = [line["phone"] for line in contacts(card.get("contact")) if line.get("phone")]
    steps = []
    for action in card.get("actions") or []:
        rest = without_start(action, card["headline"])
        if any(phone in rest for phone in phones):
            rest = rest.split(":")[0].rstrip(".") + "."  # the call buttons stand beside it
        if rest and not rest.startswith(":") and plain(rest) not in known and plain(rest) != plain((first or {}).get("advice")):
            steps.append(rest)
    return steps[:MOST_STEPS]


def _short(risk: Card | None, card: Card) -> str:
    """The first sentence of a risk's advice, and the next one where both are short."""
    sentences = re.split(r"(?<=[.!?])\s+", (risk or {}).get("advice") or "")
    both = " ".join(sentences[:MOST_SENTENCES])
    return both if len(both.split()) <= MOST_ADVICE else sentences[0]


def _expected(card: Card, fitting: list[Card]) -> list[str]:
    """Results that the medicine explains by itself, where none of its risks is behind them."""
    if any(risk.get("rules") and risk.get("medicine") for risk in fitting):
        return []
    return list(card.get("expected_results") or [])


def _sources(card: Card, risks: list[Card]) -> list[Card]:
    """Sources by the risk they stand for, then those that belong to no risk."""
    groups = [{"for": name_of(risk), "list": risk["sources"]} for risk in risks if risk.get("sources")]
    listed = [source for group in groups for source in group["list"]]
    rest = [source for source in card.get("sources") or [] if source not in listed]
    return groups + ([{"for": None, "list": rest}] if rest else [])


def name_of(risk: Card) -> str:
    """Return a risk's plain name, as the start of a sentence."""
    name = str(risk.get("lay_name") or risk.get("name") or "")
    return name[:1].upper() + name[1:]


def contacts(contact: Card | None) -> list[Card]:
    """Return the lines to call of a card's contact: the one that answers now first."""
    contact = contact or {}
    lines = [contact[name] for name in ("ms_team", "out_of_hours") if isinstance(contact.get(name), dict)]
    closed = bool(lines) and lines[0].get("open_now") is False
    return lines[::-1] if closed or contact.get("call_first") == "out_of_hours" else lines


def announcement(messages: list[Message], t: Strings) -> str:
    """Return what a screen reader is told about a turn: words, urgency, what to do, how many answers; no sources."""
    parts = []
    for said in arranged(messages):
        card, urgency = said.get("custom") or {}, urgency_of(said)
        if kind(said) == "assessment":
            view = advice(said)
            parts += [view["lead"]]
            parts += [] if view["brief"] else [t[f"urgency_{urgency}"], card["headline"], view["instruction"], *view["steps"]]
        elif urgency:
            parts += [t[f"urgency_{urgency}"], card["headline"], card.get("instruction", "")]
        elif kind(said) in ("summary", "understood"):
            parts.append(t["summary" if kind(said) == "summary" else "told_heading"])
        else:
            parts += [said.get("text", ""), t["unknown_card"] if kind(said) == "unknown" else ""]
        if buttons := said.get("buttons"):
            parts.append(t["announce_answers"].format(n=len(buttons)))
    kept: list[str] = []
    for part in parts:
        if part and plain(part) not in map(plain, kept):
            kept.append(part)
    return f"{t['assistant']}: " + " ".join(part if part[-1] in ".!?:" else part + "." for part in kept)


def message_lines(said: Message, t: Strings) -> list[str]:
    """Return one arranged bot message as lines of plain text, the sources of a card included."""
    card, urgency = said.get("custom") or {}, urgency_of(said)
    lines = [said["text"]] if said.get("text") else []
    if kind(said) == "assessment" and (card.get("detail") or advice(said)["brief"]):
        pass  # the whole card stands in an earlier turn
    elif urgency:
        lines += [f"{t[f'urgency_{urgency}'].upper()}", card["headline"], card.get("instruction", "")]
        for part in ("actions", "watch_for", "findings", "tell_your_team", "not_understood"):
            lines += _listing(t[part].format(numbers=", ".join(_numbers(card))), card.get(part))
        lines += [line for one in contacts(card.get("contact")) for line in _contact_lines(one, t)]
        for risk in card.get("risks") or []:
            lines.append(f"{t['risks']}: {risk.get('lay_name') or risk.get('name')}")
            lines += [risk.get("why", ""), risk.get("advice", "")]
            lines += _listing(t["sources"], [_source_line(source) for source in risk.get("sources") or []])
    elif kind(said) == "summary":
        lines += [line for part in card["sections"] for line in _listing(part.get("title", ""), part.get("lines"))]
    elif kind(said) == "understood":
        lines += [f"{item.get('label')}: {item.get('value')}" for item in card["items"]]
    elif kind(said) == "unknown":
        lines.append(t["unknown_card"])
    return [line for line in lines if line] + [f"[{button['title']}]" for button in said.get("buttons", [])]


def _numbers(card: Card) -> list[str]:
    return list((card.get("contact") or {}).get("emergency_numbers") or [])


def _listing(title: str, items: list[str] | None) -> list[str]:
    return [f"{title}:", *(f"- {item}" for item in items)] if items else []


def _contact_lines(person: Card, t: Strings) -> list[str]:
    known = [person[part] for part in ("name", "phone", "hours") if person.get(part)]
    return [f"{t['who_to_call']}: {', '.join(known)}"]


def _source_line(source: Card) -> str:
    return ", ".join(str(source[part]) for part in ("title", "section", "url") if source.get(part))


def plain(text: object) -> str:
    """Return a text without case and end stop, to see whether two say the same."""
    return _bare(str(text or "")).casefold()


def without_start(text: str, start: str) -> str:
    """Return what a text says after words it may begin with."""
    bare = _bare(start)
    return text[len(bare) :].lstrip(".! \n") if text.lower().startswith(bare.lower()) else text


def _bare(text: str) -> str:
    return text.strip().rstrip(".!")
