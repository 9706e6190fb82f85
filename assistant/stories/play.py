"""Plays stories through the trained model, with the actions in process, and compares what came with what was expected."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant.stories.expectations import QUESTIONS, differences, plain
from assistant.stories.result import Difference, Result, Turn
from assistant.stories.story import NONE_YET, Step, Story

MOST_ANSWERS = 8  # more questions than any conversation may have: then a story stops answering



class Player:
    """A loaded Rasa agent that one talks to without a server. `store` and `clinic` of the actions decide where assessments go."""

    def __init__(self, agent: Any) -> None:
        self.agent = agent

    @classmethod
    def of(cls, model: Path) -> Player:
        """Load the model, with the actions in this process and conversations in memory."""
        from rasa.core.agent import Agent

        from assistant.endpoints import InProcessActions, prepare_rasa
        from assistant.numbers import give_numbers

        prepare_rasa()
        agent = Agent.load(str(model), action_endpoint=InProcessActions())
        give_numbers(agent)
        return cls(agent)

    async def say(self, sender: str, text: str) -> Turn:
        """Send one message in the conversation of `sender`."""
        from assistant.channels.guard import answer, clean

        before = time.perf_counter()
        messages = await answer(self.agent.handle_message, clean(text), sender, "rest")
        seconds = time.perf_counter() - before
        tracker = await self.agent.tracker_store.retrieve(sender)
        return replace(turn_of(tracker, messages, seconds), says=text)

    async def play(self, story: Story) -> Result:
        """Play the story from its first step to its last, also when something came otherwise than expected."""
        sender, result = f"story-{uuid4().hex}", Result(story)
        for number, step in enumerate(story.steps):
            before = len(result.turns)
            if step.later:
                await self._wait(sender, step.later)
            elif step.says is not None:
                result.turns.append(await self.say(sender, step.says))
            else:
                await self._answer(sender, step, result)
            for turn in result.turns[before:]:
                turn.step = number
            if step.expects() and result.turns:
                result.differences += differences(step, result.turns[-1], len(result.turns) - 1)
        return result

    async def _answer(self, sender: str, step: Step, result: Result) -> None:
        """Answer whatever is asked, until there is an urgency and nothing is asked any more."""
        for asked in range(MOST_ANSWERS):
            last = result.turns[-1] if result.turns else None
            if last is None or (last.urgency and not last.question):
                return
            if asked == step.most_questions:
                result.differences.append(Difference(len(result.turns) - 1, step.line, "most_questions", str(asked), last.replies[-1]))
            answer = _answer_for(last, step.answers or {})
            if answer is None:
                result.differences.append(Difference(len(result.turns) - 1, step.line, "answers", "an answer for each question",
                                                     f"none for: {last.replies[-1] if last.replies else '(nothing said)'}"))
                return
            result.turns.append(await self.say(sender, answer))

    async def _wait(self, sender: str, time_passed: str) -> None:
        """Let time pass: all that is stored of this conversation gets older by it."""
        from rasa.shared.core.events import SlotSet
        from sqlalchemy import select

        from actions.turn import _key, store
        from knowledge.database import StoredAssessment

        number, unit = re.fullmatch(r"(\d+) (\w+?)s?", time_passed).groups()  # type: ignore[union-attr]
        age = timedelta(**{f"{unit}s": int(number)})
        with store().session() as session:
            for row in session.scalars(select(StoredAssessment).where(StoredAssessment.conversation == _key(sender))):
                row.at -= age
        tracker = await self.agent.tracker_store.retrieve(sender)
        for event in tracker.events:
            event.timestamp -= age.total_seconds()
            if isinstance(event, SlotSet) and event.key == "context" and (event.value or {}).get("at"):
                event.value = {**event.value, "at": (datetime.fromisoformat(event.value["at"]) - age).isoformat()}
        await self.agent.tracker_store.save(tracker)


def turn_of(tracker: Any, messages: list[dict[str, Any]], seconds: float) -> Turn:
    """The newest turn of a Rasa tracker, with the messages that answered it."""
    slots, heard = tracker.current_slot_values(), tracker.latest_message
    return Turn(
        says=heard.text or "",
        intent=heard.intent_name or "",
        entities=list(heard.entities),
        replies=[message["text"] for message in messages if message.get("text")],
        buttons=[button["title"] for message in messages for button in message.get("buttons") or ()],
        question=slots.get("follow_up_question"),
        assessment=slots.get("assessment"),
        known=_known(slots),
        seconds=seconds,
    )


def draft(turns: list[Turn], path: str, who: str = "patient") -> Story:
    """A story of these turns that expects what was got: what was asked on the way, and the answer at its end."""
    steps = []
    for turn in turns:
        step: dict[str, Any] = {"says": turn.says}
        if turn.question:
            step["asks"] = [turn.question.partition(":")[0]]
        if turn.urgency and turn.urgency != (steps[-1].get("urgency") if steps else None):
            step["urgency"] = turn.urgency
        steps.append(step)
    given = turns[-1].assessment or {}
    steps[-1].update(urgency=given.get("urgency") or NONE_YET, first_risk=next((risk["id"] for risk in given.get("risks", [])), None))
    return Story(path=path, who=who, steps=[Step(**step) for step in steps])


def _answer_for(turn: Turn, answers: dict[str, str]) -> str | None:
    """The answer to the open question: by its kind, by what it is about, or by words in it."""
    kind, _, about = (turn.question or "").partition(":")
    subjects, text = {kind, *re.split(r"[+.]", about)}, plain(turn.replies[-1])
    fitting = (answer for key, answer in answers.items() if key in subjects or (key not in QUESTIONS and plain(key) in text))
    return next(fitting, answers.get("otherwise"))


def _known(slots: dict[str, Any]) -> list[str]:
    denied = {"negated": "no ", "denied": "no ", "no": "no ", "past": "past "}
    context = slots.get("context") or {}
    known = [denied.get(use["status"], "") + use["id"] for use in slots.get("medicines") or [] if use["id"]]
    known += [denied.get(item["status"], "") + item["id"] for item in slots.get("findings") or []
              if item["id"] and item["status"] in ("present", "denied")]
    known += [result["test"] for result in slots.get("lab_results") or []]
    known += [denied.get(value, "") + name for name, value in context.get("facts", {}).items() if value in ("yes", "no")]
    known += list(context.get("red_flags", {}))
    return list(dict.fromkeys([*known, *(["fever"] if context.get("fever") else [])]))


# Many stories at once, away from the clinic's own database


def run(stories: list[Story], jobs: int | None = None, progress: Callable[[Result], Any] | None = None,
        content: dict[str, Any] | None = None) -> list[Result]:
    """Play the stories in `jobs` processes (as many as cores), with a knowledge database of their own.

    It is filled with `content`, the data of a release, or else from the content folder.
    The model for the present data must be there (`python -m assistant.training`).
    """
    from assistant.training import model_file

    jobs = min(jobs or os.cpu_count() or 1, max(1, len(stories) // 5))
    with tempfile.TemporaryDirectory(prefix="stories-") as folder:
        url = f"sqlite:///{folder}/knowledge.db"
        _fill(url, content)
        with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (str(model_file().absolute()), url)) as pool:
            running = [pool.submit(_play, story) for story in stories]
            for ended in as_completed(running):
                if progress:
                    progress(ended.result())
            return [ended.result() for ended in running]


def _fill(url: str, content: dict[str, Any] | None) -> None:
    from knowledge import schema
    from knowledge.database import Store

    store = Store(url)
    store.migrate()
    store.activate(store.add(content or schema.load()).id)


_runner: asyncio.Runner
_player: Player


def _begin(model: str, url: str) -> None:
    """Set up one process."""
    global _runner, _player
    os.environ |= {"KNOWLEDGE_DATABASE_URL": url, "ASSISTANT_MODEL": Path(model).name, "RASA_TELEMETRY_ENABLED": "false"}
    from assistant.logs import configure_logs

    configure_logs()
    _runner, _player = asyncio.Runner(), Player.of(Path(model))


def _play(story: Story) -> Result:
    return _runner.run(_player.play(story))
