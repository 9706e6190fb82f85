"""Plays a patient vignette through reading, intent and dialogue as the assistant does, without its server.

`python tests/vignettes/simulate.py [file.yml ...]` prints the confusion matrix and every vignette that went wrong.
`python tests/vignettes/simulate.py --show ID` prints the whole conversation of one vignette.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge import dialogue, schema
from knowledge.clinic import load_clinic
from knowledge.dialogue import Session, State
from knowledge.interview import Question, question_by_id
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS, rank
from knowledge.wording import Words

FOLDER = Path(__file__).parent
MOST_TURNS = 8
# Facts whose answer is yes in a person who has nothing more to tell.
WELL = frozenset({"otherwise_well", "able_to_stand", "coping", "can_bear_weight", "fully_recovered", "painkillers_help",
                  "fever_reducer_helps"})

MONDAY = "2026-06-15"  # the day of a vignette that names no other under `today`
QUALITY = {"trend": "the same", "onset": "slowly", "severity": "moderate", "pattern": "new"}

Vignette = dict[str, Any]


@dataclass
class Outcome:
    """What came of one vignette: the last urgency, the ids of the risks shown, the questions asked and all that was said."""

    urgency: str | None
    risks: list[str]
    questions: list[str]
    said: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@lru_cache
def library() -> tuple[Reader, Knowledge]:
    """The reader and the knowledge, built once from the content folder."""
    knowledge = Knowledge(schema.load())
    return Reader(vocabulary_of(knowledge.data)), knowledge


@lru_cache
def desk(today: str = MONDAY) -> tuple[Reader, Session]:
    """The reader and a session at eleven in the morning of that day."""
    reader, knowledge = library()
    day = date.fromisoformat(today)
    now = datetime(day.year, day.month, day.day, 11, 0).astimezone()
    return reader, Session(knowledge, Words(knowledge.data["wording"]["en"], load_clinic(FOLDER.parent.parent / "clinic.yml"), now), day)


def play(vignette: Vignette) -> Outcome:
    """The whole conversation, until there is an answer and no open question, or eight questions were answered."""
    reader, session = desk(vignette.get("today", MONDAY))
    state = State()
    said: list[str] = []
    questions: list[str] = []
    for text in vignette["says"]:
        said += _turn(state, text, reader, session)
    while state.question and len(questions) < MOST_TURNS:
        questions.append(state.question)
        question = question_by_id(state.question, state.case, session.knowledge)
        said += _turn(state, reply(question, vignette.get("answers", {})) if question else "no", reader, session)
    card = state.assessment or {}
    return Outcome(card.get("urgency"), [risk["id"] for risk in card.get("risks", [])], questions, said, card.get("rules", []))


def _turn(state: State, text: str, reader: Reader, session: Session) -> list[str]:
    entities = reader.read(text, session.today)
    messages = dialogue.take(state, reader.wanted(text, entities, "report", 1.0)[0], entities, text, session)
    return [f"> {text}", *(message.text for message in messages if message.text)]


def reply(question: Question, answers: dict[str, str]) -> str:
    """What the patient answers: as the vignette says for the question's id or for a sign it asks about, else nothing more to tell."""
    for key, value in answers.items():
        if question.id.startswith(key) or key in question.about:
            return value if len(question.about) < 2 or value != "yes" else _sign_name(key)
    kind, _, rest = question.id.partition(":")
    if kind == "quality":
        return QUALITY.get(rest.partition(".")[2], "I don't know")
    if kind in ("unit", "last_dose", "first_dose", "results", "medicine", "which_medicine"):
        return "I don't know"
    if kind == "meant":
        return "yes"  # the person's own words are read back
    if kind == "noticed":
        return "nothing else"
    return "yes" if WELL & set(question.about) else "no"


def _sign_name(identifier: str) -> str:
    return desk()[1].knowledge.symptoms[identifier]["name"]


def load(*names: str) -> list[Vignette]:
    """The vignettes of the named files, or of all."""
    paths = [FOLDER / name for name in names] or sorted(FOLDER.glob("*.yml"))
    return [vignette for path in paths for vignette in yaml.load(path.read_text(), yaml.CSafeLoader) if "says" in vignette]


def verdict(vignette: Vignette, outcome: Outcome) -> str:
    """`right`, `too low` or `too high` by the urgency."""
    if outcome.urgency in (vignette["urgency"], *vignette.get("acceptable", [])):
        return "right"
    return "too low" if rank(outcome.urgency) < rank(vignette["urgency"]) else "too high"


def risk_found(vignette: Vignette, outcome: Outcome, first: bool = False) -> bool:
    """Whether an expected risk is shown, or is shown first."""
    shown = outcome.risks[:1] if first else outcome.risks
    return not vignette["risks"] or bool(set(vignette["risks"]) & set(shown))


def report(vignettes: list[Vignette]) -> Iterator[str]:
    """Lines: what went wrong, the confusion matrix, the rates."""
    outcomes = [(vignette, play(vignette)) for vignette in vignettes]
    for vignette, outcome in outcomes:
        mark = verdict(vignette, outcome)
        if mark != "right" or not risk_found(vignette, outcome):
            yield f"{mark:<8} {vignette['id']}: {vignette['urgency']} expected, {outcome.urgency} given | {' / '.join(vignette['says'])}"
            yield f"         risks {outcome.risks} expected {vignette['risks']} | asked {outcome.questions} | {outcome.reasons[:6]}"
    matrix = Counter((vignette["urgency"], outcome.urgency) for vignette, outcome in outcomes)
    yield f"{'expected/given':<15}" + "".join(f"{level:>11}" for level in (*LEVELS, "None"))
    for level in LEVELS:
        yield f"{level:<15}" + "".join(f"{matrix[level, given]:>11}" for given in (*LEVELS, None))
    marks = Counter(verdict(*pair) for pair in outcomes)
    named = [pair for pair in outcomes if pair[0]["risks"]]
    yield (f"{len(outcomes)} vignettes: {dict(marks)}; expected risk shown {sum(risk_found(*pair) for pair in named)}/{len(named)}, "
           f"first {sum(risk_found(*pair, first=True) for pair in named)}/{len(named)}; "
           f"questions a conversation {sum(len(outcome.questions) for _, outcome in outcomes) / len(outcomes):.1f}")


def main(arguments: list[str]) -> None:
    """Print the report, or with `--show ID` one conversation."""
    if arguments[:1] == ["--show"]:
        for vignette in load():
            if vignette["id"] in arguments[1:]:
                outcome = play(vignette)
                print("\n".join([*outcome.said, f"= {outcome.urgency} {outcome.risks} {outcome.reasons}"]))
        return
    print("\n".join(report(load(*arguments))))


if __name__ == "__main__":
    main(sys.argv[1:])
