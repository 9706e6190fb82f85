"""Reading measured on tests/language, side by side: this pipeline, exact dictionary matching, and two peers where they are installed.

`make language-report`. The peers live in a Python 3.10 of their own: Rasa's default DIET pipeline trained on the project's data
(bench/diet.py) and, for status, medspaCy's ConText (bench/context.py). One message in three, by the hash of its text, is counted apart.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.domain import READ_FOR_CERTAIN
from knowledge import schema
from knowledge.dialogue import TURNS
from knowledge.reading import Reader, vocabulary_of

ROOT = Path(__file__).parents[1]
LABELLED = ROOT / "tests" / "language"
PEER = ROOT / ".peers" / "bin" / "python"
TODAY = date(2026, 6, 15)
THEMES = ("medicines", "symptoms", "labs", "red_flags")
LAB_FIELDS = ("value", "comparator", "flag", "status", "previous", "diastolic", "times_uln")

Message = dict[str, Any]
Answer = dict[str, set[Any]]  # theme -> what was read


def load(theme: str) -> list[Message]:
    """The labelled messages of a theme, each with its file."""
    messages = []
    for path in sorted((LABELLED / theme).glob("*.yml")):
        entries = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        entries = entries["messages"] if isinstance(entries, dict) else entries
        messages += [{**entry, "file": f"{theme}/{path.name}"} for entry in entries]
    return messages


def set_aside(message: Message) -> bool:
    """One message in three, by its hash."""
    return hashlib.sha256(message["text"].encode()).digest()[0] % 3 == 0


def wanted(theme: str, message: Message) -> set[Any]:
    """The labels of a message in the form in which answers are compared."""
    if theme == "medicines":
        return {label["id"] for label in message["medicines"]}
    if theme == "symptoms":
        return {(label["id"], label["role"]) for label in message.get("symptoms", ())}
    if theme == "labs":
        return {_lab({"status": "current"} | label) for label in message["labs"]}
    return set(message.get("flags", ()))


def _lab(value: dict[str, Any]) -> tuple[Any, ...]:
    return (value["test"], *(str(value.get(key)) for key in LAB_FIELDS))


@cache
def content() -> dict[str, Any]:
    """The checked content."""
    return schema.load()


@cache
def reader() -> Reader:
    """This pipeline's reader."""
    return Reader(vocabulary_of(content()))


@cache
def this_pipeline_entities(text: str) -> list[dict[str, Any]]:
    """All entities that this pipeline reads."""
    return reader().read(text, TODAY)


def this_pipeline(text: str) -> Answer:
    """What the assistant reads."""
    entities = this_pipeline_entities(text)
    return {
        "medicines": {entity["value"] for entity in entities if entity["entity"] == "medicine"},
        "symptoms": {(entity["value"], entity["role"]) for entity in entities if entity["entity"] == "symptom"},
        "labs": {_lab(entity["value"]) for entity in entities if entity["entity"] == "lab_result"},
        "red_flags": {entity["value"] for entity in entities if entity["entity"] == "red_flag"},
    }


@cache
def _dictionary() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    data = content()
    names = {one["id"]: [*one.get("generic", ()), *one.get("brands", ()), *one.get("biosimilars", ())] for one in data["names"]}
    symptoms = {one["id"]: one["phrases"] for one in _many(data["symptoms"])}
    flags = {one["id"]: one["phrases"] for one in data["red_flags"]}
    return {theme: [(_any_of(words), name) for name, words in entries.items() if words]
            for theme, entries in (("medicines", names), ("symptoms", symptoms), ("red_flags", flags))}


def _many(items: Any) -> Iterable[dict[str, Any]]:
    return items.values() if isinstance(items, dict) else items


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(str(word).lower()) for word in words) + r")\b")


def dictionary(text: str) -> Answer:
    """Exact names and phrases of the content; every symptom counts as present; results are not read."""
    low = text.lower()
    found = {theme: {name for pattern, name in entries if pattern.search(low)} for theme, entries in _dictionary().items()}
    return {**found, "symptoms": {(name, "present") for name in found["symptoms"]}, "labs": set()}


@cache
def _classifier() -> Callable[[str], dict[str, Any]]:
    """The trained model's own guess, as `config.yml` has it."""
    import asyncio

    from rasa.core.agent import Agent

    from assistant.training import model_file

    agent, loop = Agent.load(str(model_file())), asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))["intent"]


def this_intent(text: str) -> str:
    """The intent as the running assistant has it: the model ends with the project's own component."""
    return str(_classifier()(text)["name"])


def peer(messages: list[str]) -> dict[str, dict[str, Any]] | None:
    """What Rasa's default DIET pipeline says of each message, or None where its environment is not there."""
    if not PEER.exists():
        return None
    return dict(asked_of_peer("diet.py", {"nlu": _training(), "messages": messages}))


def asked_of_peer(program: str, task: Any) -> Any:
    """The answer of a program of this folder that runs in the peers' environment."""
    with tempfile.TemporaryDirectory() as folder:
        question, answers = Path(folder) / "task.json", Path(folder) / "answers.json"
        question.write_text(json.dumps(task))
        subprocess.run([PEER, ROOT / "bench" / program, question, answers], check=True, cwd=folder)
        return json.loads(answers.read_text())


def _training() -> str:
    """The project's data as Rasa training data: its intents, its flags' phrases as intents, names and phrases as entities."""
    intents = [block for path in sorted((ROOT / "data/nlu").glob("*.yml")) for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
               if not block["intent"].startswith(READ_FOR_CERTAIN)]
    blocks = [{"intent": block["intent"], "examples": block["examples"]} for block in intents]
    blocks += [{"intent": f"emergency_{flag['id']}", "examples": "".join(f"- {phrase}\n" for phrase in flag["phrases"][:40])}
               for flag in content()["red_flags"]]
    told = [f'- I take [{name}]{{"entity": "medicine", "value": "{one["id"]}"}}\n' for one in content()["names"]
            for name in [*one.get("generic", ()), *one.get("brands", ())]]
    told += [f'- I have [{phrase}]{{"entity": "symptom", "value": "{one["id"]}"}}\n' for one in _many(content()["symptoms"])
             for phrase in one["phrases"][:4]]
    blocks.append({"intent": "report", "examples": "".join(told)})
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000)


def from_peer(answer: dict[str, Any]) -> Answer:
    """A peer's entities and intent in the form of the other columns."""
    found = defaultdict(set)
    for entity in answer["entities"]:
        found[entity["entity"]].add(entity["value"])
    flag = answer["intent"].removeprefix("emergency_") if answer["intent"].startswith("emergency_") else None
    return {"medicines": found["medicine"], "symptoms": {(name, "present") for name in found["symptom"]}, "labs": set(),
            "red_flags": {flag} if flag else set()}


def rates(theme: str, messages: list[Message], read: Callable[[str], Answer]) -> tuple[float, float, float, Counter[str]]:
    """Precision, recall, F1, and the misses by file. A flag beside the labelled one is no false alarm in a message that has one."""
    right = found = labels = 0
    misses: Counter[str] = Counter()
    for message in messages:
        want, got = wanted(theme, message), read(message["text"])[theme]
        if theme == "red_flags" and want:
            got = got & want or got
        right, found, labels = right + len(want & got), found + len(got), labels + len(want)
        misses[message["file"]] += want != got
    precision, recall = right / found if found else 0.0, right / labels if labels else 0.0
    return precision, recall, 2 * right / (found + labels) if found + labels else 0.0, misses


def context_status(messages: list[Message]) -> tuple[float, float]:
    """Share of labelled roles that this pipeline, and medspaCy's ConText on the same mentions, gives."""
    task, roles = [], []
    for message in messages:
        labels = {label["id"]: label["role"] for label in message.get("symptoms", ())}
        found = [one for one in this_pipeline_entities(message["text"]) if one["entity"] == "symptom" and one["value"] in labels]
        task.append({"text": message["text"], "mentions": [(one["start"], one["end"]) for one in found]})
        roles.append([(one["role"], labels[one["value"]]) for one in found])
    said = asked_of_peer("context.py", task)
    told = [(ours, theirs, right) for row, answers in zip(roles, said, strict=True)
            for (ours, right), theirs in zip(row, answers, strict=True) if theirs]
    return sum(ours == right for ours, _, right in told) / len(told), sum(theirs == right for _, theirs, right in told) / len(told)


def main() -> None:
    """Print the report."""
    warnings.filterwarnings("ignore")
    themes = {theme: load(theme) for theme in THEMES}
    themes["symptoms"] += load("status")
    intents = load("intents")
    texts = sorted({message["text"] for messages in (*themes.values(), intents) for message in messages})
    answers = peer(texts)
    columns: dict[str, Callable[[str], Answer]] = {"this": this_pipeline, "dictionary": dictionary}
    if answers:
        columns["DIET"] = lambda text: from_peer(answers[text])
    else:
        print("DIET and ConText: not measured, .peers is not there (make language-report needs Python 3.10)\n")
    for aside in (False, True):
        head = "set aside (1 in 3 by hash)" if aside else "tuned part"
        print(f"{head:30}" + "".join(f"{name + ': P    R    F1':>28}" for name in columns))
        for theme, messages in themes.items():
            part = [message for message in messages if set_aside(message) is aside]
            results = [rates(theme, part, read) for read in columns.values()]
            print(f"{theme:18}{len(part):>6} messages" + "".join(f"{p:>16.3f}{r:>6.3f}{f:>6.3f}" for p, r, f, _ in results))
            print("".join(f"    {count} in {file}\n" for file, count in results[0][3].most_common() if count), end="")
        part = [message for message in intents if set_aside(message) is aside]
        guesses = [(_one(message["intent"], this_intent(message["text"])), message) for message in part]
        print(f"{'intents':18}{len(part):>6} messages    {_accuracy(guesses)}"
              + (f"    DIET {_accuracy([(answers[one['text']]['intent'], one) for one in part])}" if answers else ""))
        print("".join(f"    {want} taken for {got}: {count}\n" for (want, got), count in _confusions(guesses).most_common(8)))
    if answers:
        ours, theirs = context_status(themes["symptoms"])
        print(f"status, medspaCy ConText on the same mentions: this {ours:.3f}, ConText {theirs:.3f}")


def _one(label: str | list[str], got: str) -> str:
    """A flag raised by a message labelled as a report is a report."""
    return "report" if got.startswith("emergency_") and "report" in (label if isinstance(label, list) else [label]) else got


def _right(got: str, message: Message) -> bool:
    label = message["intent"]
    return _one(label, got) in (label if isinstance(label, list) else [label])


def same_turn(got: str, message: Message) -> bool:
    """Whether the turn that follows is the one that follows the label: a yes, a no and a report all go to the same reading."""
    labels = [message["intent"]] if isinstance(message["intent"], str) else message["intent"]
    return _right(got, message) or _turn(got) in map(_turn, labels)


def _turn(intent: str) -> str:
    return intent if TURNS.get(intent) == "small_turn" else TURNS.get(intent, intent)


def _accuracy(guesses: list[tuple[str, Message]]) -> str:
    right, same = (sum(test(got, one) for got, one in guesses) / len(guesses) for test in (_right, same_turn))
    return f"right {right:.3f}, same turn {same:.3f}"


def _confusions(guesses: list[tuple[str, Message]]) -> Counter[tuple[str, str]]:
    wrong = [(message["intent"], got) for got, message in guesses if not _right(got, message)]
    return Counter((label if isinstance(label, str) else label[0], got) for label, got in wrong)


if __name__ == "__main__":
    sys.exit(main())
