"""Danger told in words that no pattern holds, felt from the message as a whole.

The patterns of `red_flags` know how danger was told before. Here two small models, learnt from all labelled messages of the project
(`python -m bench.danger`, which writes `danger.npz` and measures it), judge a message that raised nothing: logistic regression over its
words and pieces of words (hashed; Weinberger et al. 2009) and, where these leave it possible, over its sentence vector. Their logits are
added: danger or none. The vector says which red flag is the likeliest.
It only ever adds: what is likely is asked about with the emergency number, what is very likely counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from knowledge.language.meaning import vectors
from knowledge.language.text import normalise

WEIGHTS = Path(__file__).with_name("danger.npz")
# Sums of two logits, chosen on messages by other writers: see `python -m bench.danger`.
LIKELY = -0.5
LIKELIER = 1.0  # where a complaint was understood: what it may mean is asked by its own rules
SURE = 3.0
_BY_VECTOR = 2.5  # logit: what the vector must be able to add, or it is not looked at (it takes most of the time)
_PLACES = 2**14  # of hashed words, and as many of pieces of words
_WHOLE, _PART = 40, 25  # words: a longer message is judged in parts of at most so many, in whole sentences where these are short enough
_FEWEST_WORDS = 4
_ENOUGH_WORDS = 6  # to be sure of
_NO_DANGER = ""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


class Danger(NamedTuple):
    """The characters [start, end) that tell of danger in so many words, the likeliest red flag, and how likely danger is (two logits)."""

    start: int
    end: int
    flag: str
    logit: float
    words: int

    @property
    def is_sure(self) -> bool:
        """Whether it counts without asking."""
        return self.logit >= SURE and self.words >= _ENOUGH_WORDS


class DangerSense:
    """Judges whole messages. `path` holds what was learnt."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        with np.load(path) as learnt:
            self._words = learnt["words"].astype(np.float32)
            self._words_bias = float(learnt["words_bias"])
            self._vector = learnt["vector"].astype(np.float32)
            self._vector_bias = learnt["vector_bias"].astype(np.float32)
            self.flags = learnt["flags"].tolist()

    def find(self, text: str, least: float = LIKELY) -> Danger | None:
        """The most dangerous part of `text`, if it is at least so likely."""
        parts = [(start, end) for start, end in _parts(text) if len(text[start:end].split()) >= _FEWEST_WORDS]
        if not parts:
            return None
        by_words = hashed([text[start:end] for start, end in parts]) @ self._words + self._words_bias
        possible = [at for at, logit in enumerate(by_words) if logit >= least - _BY_VECTOR]
        if not possible:
            return None
        said = [text[slice(*parts[at])] for at in possible]
        found = [
            Danger(*parts[at], *self._judged(vector, float(by_words[at])), len(words.split()))
            for at, words, vector in zip(possible, said, vectors(said), strict=True)
        ]
        likeliest = max(found, key=lambda danger: danger.logit)
        return likeliest if likeliest.logit >= least else None

    def _judged(self, vector: np.ndarray, by_words: float) -> tuple[str, float]:
        scores = self._vector @ vector + self._vector_bias
        dangers = np.where(self._is_flag, scores, -np.inf)
        by_vector = np.logaddexp.reduce(dangers) - scores[self.flags.index(_NO_DANGER)]
        return self.flags[int(dangers.argmax())], by_words + float(by_vector)

    @cached_property
    def _is_flag(self) -> np.ndarray:
        return np.array([flag != _NO_DANGER for flag in self.flags])


def hashed(texts: list[str]) -> csr_matrix:
    """The words, pairs of words and pieces of words of each text, as numbers at hashed places; each half of a row has length 1."""
    plain = [normalise(text).replace("'", "") for text in texts]
    return hstack([hasher.transform(plain) for hasher in _hashers()], format="csr")


@cache
def _hashers() -> tuple[Any, Any]:
    """For words and for pieces of them. Made once: a turn is short."""
    from sklearn.feature_extraction.text import HashingVectorizer

    words = HashingVectorizer(n_features=_PLACES, ngram_range=(1, 2), token_pattern=r"\S+", dtype=np.float32)
    return words, HashingVectorizer(n_features=_PLACES, analyzer="char_wb", ngram_range=(3, 4), dtype=np.float32)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """A short message whole; the neighbouring sentences of a long one as far as they go together, and a long sentence in pieces."""
    start = end = count = 0
    most = _WHOLE if len(text.split()) <= _WHOLE else _PART
    for low, high in _short_pieces(text, most):
        words = len(text[low:high].split())
        if count and count + words > most:
            yield start, end
            start, count = low, 0
        start, end, count = (low if not count else start), high, count + words
    if count:
        yield start, end


def _short_pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(text):
        words = [word.span() for word in re.finditer(r"\S+", sentence.group())]
        for first in range(0, len(words), most):
            part = words[first : first + most]
            yield sentence.start() + part[0][0], sentence.start() + part[-1][1]
