"""How long the knowledge core takes: loading the active release, `assess`, reading messages. Prints a table.

Times are processor time, so that other programs on the machine disturb little.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date

from knowledge import schema
from knowledge.case import Case, Finding, LabResult, MedicineUse
from knowledge.database import Store
from knowledge.interview import next_question
from knowledge.reading import Reader, vocabulary_of
from knowledge.triage import assess

TODAY = date(2026, 11, 22)
THIRTY_WORDS = ("I've been on Ocrevus since March, my last infusion was two months ago. Since yesterday I have a temperature of 38.4, "
                "a sore throat and I feel really weak, no rash though")
PARAPHRASE = "I'm on Vumerity. I keep bumping into the left side of doorways and my arm won't do what I tell it"
TARGETS = {"load": 500.0, "assess": 1.0, "read": 5.0}  # milliseconds: the project's own goals


def sample_case() -> Case:
    """Three medicines and eight findings, two of them results."""
    return Case(
        medicines={name: MedicineUse(name, status, None, since) for name, status, since in (
            ("ocrelizumab", "current", "P3M"), ("fingolimod", "past", "P4M"), ("alemtuzumab", "past", "P3Y"))},
        findings={name: Finding(name) for name in ("fever", "sore_throat", "cough", "fatigue", "numbness", "bruising")},
        labs={name: LabResult(name, value) for name, value in (("absolute_neutrophil_count", 0.9), ("platelets", 92.0))},
    )


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile of `times` runs."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken), sorted(taken)[int(0.95 * (len(taken) - 1))]


def main() -> None:
    """Measure and print."""
    data = schema.load()
    rows: list[tuple[str, tuple[float, float], float | None]] = [("check and read the content folder", milliseconds(schema.load, 3), None)]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/knowledge.db")
        store.migrate()
        store.activate(store.add(data).id)
        rows.append(("load the active release", milliseconds(lambda: Store(store.url).knowledge(), 5), TARGETS["load"]))
        rows.append(("see that the release is still active", milliseconds(store.knowledge, 200), None))
        knowledge = store.knowledge()
        store.engine.dispose()
    case, reader = sample_case(), Reader(vocabulary_of(data))
    rows.append(("assess 3 medicines, 8 findings", milliseconds(lambda: assess(case, knowledge), 500), TARGETS["assess"]))
    rows.append(("choose the next question", milliseconds(lambda: next_question(case, knowledge), 20), None))
    rows.append(("make the reader", milliseconds(lambda: Reader(vocabulary_of(data)), 3), None))
    rows.append(("read 30 words", milliseconds(lambda: reader.read(THIRTY_WORDS, TODAY), 200), TARGETS["read"]))
    rows.append(("read what only its meaning tells", milliseconds(lambda: reader.read(PARAPHRASE, TODAY), 50), None))
    long = (THIRTY_WORDS + ". ") * 60
    for size in (1000, 2000, 4000, 8000):
        rows.append((f"read {size:,} characters", milliseconds(lambda text=long[:size]: reader.read(text, TODAY), 5), None))
    print(f"{'':40}{'median':>10}{'p95':>10}{'goal':>10}   (ms)")
    for name, (median, high), goal in rows:
        print(f"{name:40}{median:10.2f}{high:10.2f}{goal if goal is not None else '':>10}{'   MISSED' if goal and median > goal else ''}")


if __name__ == "__main__":
    main()
