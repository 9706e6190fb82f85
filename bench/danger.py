"""Learns what `knowledge.language.danger` knows, from every labelled message, and measures it: `python -m bench.danger` (10 minutes).

Before all is learnt and written, each quarter of the messages is judged by what the other three taught. The table says how many messages
would be asked about or counted at once, of those in which the patterns find no red flag: dangers (the more the better) and others.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from knowledge import schema
from knowledge.language.danger import LIKELY, SURE, WEIGHTS, hashed
from knowledge.language.meaning import kept_vectors
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.yaml_files import read_yaml

ROOT = Path(__file__).parents[1]
LANGUAGE = ROOT / "tests" / "language"
CACHE = ROOT / "var" / "danger_vectors.npz"
TODAY = date(2026, 11, 22)
STRENGTH = 10  # of the data against the penalty
FOLDS = 4
Message = tuple[str, str, str]  # the text, its red flag or "", and where it comes from


def messages(data: dict[str, Any], reader: Reader) -> list[Message]:
    """Every labelled message once, the red flags' own first."""
    found = [*_of_flags(data), *_of_others(data, reader)]
    return list({text: (text, flag, source) for text, flag, source in reversed(found)}.values())[::-1]


def _of_flags(data: dict[str, Any]) -> Iterator[Message]:
    for path in sorted((LANGUAGE / "red_flags").glob("*.yml")):
        for item in _load(path):
            flags = item.get("flags") or [""]
            yield item["text"], flags[0], "dangers" if flags[0] else "look-alikes"
    for flag in data["red_flags"]:
        yield from ((phrase, flag["id"], "dangers") for phrase in flag["phrases"])
        yield from ((phrase, "", "look-alikes") for phrase in flag.get("must_not_trigger", ()))


def _of_others(data: dict[str, Any], reader: Reader) -> Iterator[Message]:
    """What is no danger: everyday talk, wishes, vignettes below an emergency, and complaints that raise nothing."""
    yield from ((sentence, "", "everyday talk") for sentence in data["no_complaint"]["sentences"])
    for path in sorted((LANGUAGE / "intents").glob("*.yml")):
        yield from ((item["text"], "", "wishes") for item in _load(path))
    for path in sorted((ROOT / "tests" / "vignettes").glob("*.yml")):
        vignettes = [item for item in _load(path) if "says" in item and item["urgency"] != "emergency"]
        yield from ((" ".join(vignette["says"]), "", "vignettes") for vignette in vignettes)
    grave = {symptom["id"] for symptom in data["symptoms"] if symptom["urgency"] == "emergency"}
    for path in sorted((LANGUAGE / "symptoms").glob("*.yml")):
        for item in _load(path):
            if grave.isdisjoint(symptom["id"] for symptom in item.get("symptoms", ())) and not _alarms(reader, item["text"]):
                yield item["text"], "", "complaints"


def _load(path: Path) -> list[dict[str, Any]]:
    content = read_yaml(path.read_text(encoding="utf-8"))
    return content["messages"] if isinstance(content, dict) else content


@functools.cache
def _alarms(reader: Reader, text: str) -> bool:
    """Whether the patterns raise or ask about a red flag."""
    return any(entity["entity"] in ("red_flag", "red_flag_doubt") for entity in reader.read(text, TODAY, by_sense=False))


class Learner:
    """The two models of `DangerSense`."""

    def __init__(self, words: Any, made: np.ndarray, flags: np.ndarray) -> None:
        self.by_words = LogisticRegression(C=STRENGTH, max_iter=3000).fit(words, flags != "")
        self.by_vector = LogisticRegression(C=STRENGTH, max_iter=3000).fit(made, flags)

    def logits(self, words: Any, made: np.ndarray) -> np.ndarray:
        """The sum of both logits for each message."""
        scores = self.by_vector.decision_function(made)
        none = list(self.by_vector.classes_).index("")
        dangers = np.logaddexp.reduce(np.delete(scores, none, axis=1), axis=1)
        return self.by_words.decision_function(words) + dangers - scores[:, none]

    def write(self, path: Path) -> None:
        """Keep what was learnt, in half precision."""
        np.savez_compressed(
            path, words=self.by_words.coef_[0].astype(np.float16), words_bias=self.by_words.intercept_[0],
            vector=self.by_vector.coef_.astype(np.float16), vector_bias=self.by_vector.intercept_, flags=self.by_vector.classes_,
        )


def main() -> None:
    """Measure, learn from all, write."""
    data = Knowledge(schema.load()).data
    reader = Reader(vocabulary_of(data))
    told = messages(data, reader)
    texts = [text for text, _, _ in told]
    flags, sources = np.array([flag for _, flag, _ in told]), np.array([source for _, _, source in told])
    words, made = hashed(texts), kept_vectors(texts, CACHE)
    logits = np.zeros(len(told))
    for taught, judged in KFold(FOLDS, shuffle=True, random_state=1).split(texts):
        logits[judged] = Learner(words[taught], made[taught], flags[taught]).logits(words[judged], made[judged])
    silent = ~np.array([_alarms(reader, text) for text in texts])
    print(f"{'no red flag by patterns':<26}{'messages':>10}{'asked about':>13}{'counted':>10}")
    for source in dict.fromkeys(sources.tolist()):
        these = silent & (sources == source)
        counted, asked = (logits[these] >= SURE).mean(), ((logits[these] >= LIKELY) & (logits[these] < SURE)).mean()
        print(f"{source:<26}{these.sum():>10}{asked:>13.3f}{counted:>10.3f}")
    raised = logits[~silent & (sources == "dangers")]
    print(f"of {len(raised)} dangers that the patterns find: {(raised >= LIKELY).mean():.3f} would be asked about or counted as well")
    Learner(words, made, flags).write(WEIGHTS)


if __name__ == "__main__":
    main()
