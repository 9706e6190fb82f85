"""A host for page tests: Rasa's own channel registration around the web channel, with a bot that sends each card type.

The words of a message choose the answer (see ANSWERS); the trained assistant is tested elsewhere.
    PYTHONPATH=. python tests/browser/host.py PORT DATABASE CLINIC_FILE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from assistant.channels.web import WebChannel
from assistant.tracker_store import ConversationStore
from knowledge.clinic import load_clinic
from knowledge.database import Store

KEY = "a key that only these tests use"
CONTACT = {
    "ms_team": {"name": "MS nurses", "phone": "020 7946 0018", "hours": "Mon to Fri 09:00-17:00", "open_now": True},
    "out_of_hours": {"name": "NHS 111", "phone": "111"}, "emergency_number": "999", "emergency_numbers": ["999"],
}  # fmt: skip
SOURCES = [
    {"id": "s1", "title": "Ocrevus: product summary", "section": "4.4 Infections", "url": "https://www.example.org/smpc"},
    {"id": "s2", "title": "A source with a bad address", "section": None, "url": "javascript:alert(1)"},
]
HEADLINES = {
    "emergency": "Fever with very few infection-fighting white cells",
    "same_day": "Bruises and tiny red dots after Lemtrada",
    "soon": "Your liver test is raised",
    "routine": "Your lymphocytes are low, as expected with this medicine",
    "self_care": "Flushing after the tablet",
}


def assessment(urgency: str) -> dict[str, Any]:
    return {
        "type": "assessment", "urgency": urgency, "headline": HEADLINES[urgency],
        "actions": ["Call your MS team before you take the next dose.", "Have somebody stay with you."],
        "risks": [{
            "id": "r1", "name": "Neutropenia", "lay_name": "Too few infection-fighting white cells", "urgency": urgency,
            "why": "you take Ocrevus, your neutrophils are 0.7 and your temperature is 38.4 degrees",
            "matched": ["neutrophils 0.7", "temperature 38.4"],
            "advice": "An infection can become serious within hours.", "sources": SOURCES,
        }],
        "watch_for": ["shaking chills", "being confused"], "tell_your_team": ["Ocrevus since March", "neutrophils 0.7"],
        "contact": CONTACT, "not_understood": ["wobbly zigzags"], "knowledge_release": "2026-01", "model": "a1b2c3",
    }  # fmt: skip


def answers(text: str) -> list[dict[str, Any]]:
    """What the bot says to `text`: the name of a card, or something that shows a state of the page."""
    if text in HEADLINES:
        return [{"text": f"{HEADLINES[text]}.\nPlain text of {text}.", "custom": assessment(text)}]
    match text:
        case "red flag":
            card = {"type": "emergency", "flag": "chest_pain", "headline": "This can be a heart attack",
                    "instruction": "Sit down and rest.\n\nDo not drive yourself.", "contact": CONTACT}  # fmt: skip
            return [{"text": "Call 999 now.", "custom": card}]
        case "flag and card":
            card = {**assessment("emergency"), "headline": "Call 999 now.", "actions": ["Call 999 now. Do not drive yourself."]}
            return [{"text": "Call 999 now. Unlock the door. Do not drive yourself."}, {"custom": card}]
        case "card and question":
            return [*answers("same_day"), {"text": "Can you stand up?", "buttons": [{"title": "Yes"}, {"title": "No"}]}]
        case "card stands":
            return [{"text": "I have noted that. My advice stays the same.", "custom": assessment("soon")}]
        case "summary":
            sections = [
                {"title": "Situation", "lines": ["Bruises since Tuesday"]},
                {"title": "Background", "lines": ["Lemtrada, two years ago"]},
            ]
            card = {"type": "summary", "sections": sections, "text": "Bruises since Tuesday\nLemtrada"}
            return [{"text": "Summary", "custom": card}]
        case "what did you understand?":
            items = [
                {"label": "Medicine", "value": "Ocrevus", "change": "not Ocrevus"},
                {"label": "Temperature", "value": "38.4"},
            ]
            return [{"text": "You told me:", "custom": {"type": "understood", "items": items}}]
        case "question":
            buttons = [
                {"title": "Yes", "payload": "yes, it did"},
                {"title": "No", "payload": "no"},
                {"title": "Not sure", "payload": "/not_sure"},
            ]
            return [{"text": "Did it start suddenly?", "buttons": buttons}]
        case "strange card":
            return [{"custom": {"type": "hologram"}}]
        case "broken card":
            return [{"text": "Call your team.", "custom": {**assessment("soon"), "risks": 7}}]
        case "nothing":
            return []
        case "crash":
            raise RuntimeError("the bot fell over")
    return [{"text": f"You said: {text}"}]


class StubAgent:
    """Stands in for Rasa's agent: takes a message, answers through its output channel, keeps the events."""

    def __init__(self, database: Path) -> None:
        self.tracker_store: SQLTrackerStore = ConversationStore(Domain.empty(), host=f"sqlite:///{database}")

    async def handle_message(self, message: UserMessage) -> None:
        text = message.text or ""
        if text.startswith("slow"):
            await asyncio.sleep(1.5)
        said = answers(text)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(text, message_id=message.message_id, input_channel=message.input_channel))
        for one in said:
            tracker.update(BotUttered(one.get("text"), {"buttons": one.get("buttons"), "custom": one.get("custom")}))
            await message.output_channel.send_response(message.sender_id, dict(one))
        await self.tracker_store.save(tracker)


def main(port: int, database: Path, clinic: Path) -> None:
    app = Sanic("page_host", configure_logging=False)
    app.ctx.agent = StubAgent(database)
    knowledge = f"sqlite:///{database.with_name('knowledge.db')}"
    Store(knowledge).migrate()
    register([WebChannel(load_clinic(clinic), KEY, KEY, secure=False, knowledge_url=knowledge)], app, "/webhooks/")
    app.run("127.0.0.1", port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
