"""Where a text names a laboratory test, misspelt names included."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jellyfish
from rapidfuzz.distance import OSA
from wordfreq import zipf_frequency

from knowledge.language.lab_items import Item

_COMMON_WORD = 3.2  # zipf frequency from which a word is taken as meant, not as a misspelt test name
_GOT_IS_A_TEST = re.compile(  # German laboratories call AST "GOT"; everybody else says "I got 38.2"
    r"(?:^|[\n,;:|(/]|\b(?:gpt|alt|ggt|my|alp|bilirubin|sgpt)) ?"
    r"[\d.,/ ]{0,8}(?:and )?got\b ?[:=(|]? ?(?:was |is |of )?[<>]?\d")
_GOT_A_FEVER = re.compile(r"(?:^|[,;|]) ?got (?:3[789]|4[012])[.,]\d\b(?! ?u)")  # "got 39.2 and neuts of 0.5"
_VERDICTS = {"low", "high", "raised", "positive", "negative"}  # "0.19 LOW, platelets 160": said of what went before
_CUE = re.compile(
    r"\b(?:dip(?:stick)?|the stick|sample|urinalysis|urine test|microscop\w+|tested|lab|result|trace)\b|[1-4] "
    r"?\+"
)
_DIPPED = re.compile(r"\b(?:dip(?:stick|ped)?|the stick|urinalysis|urine (?:test|sample))\b[^.\n]{0,45}$")


class TestNames:
    """Finds the names of tests. Built once from the tests' content (`lay_names` and its refinements)."""

    def __init__(self, tests: Mapping[str, Mapping[str, Any]], others: list[str]) -> None:
        """`tests` by id; `others`: names of tests that no rule reads."""
        self._tests = tests
        self._names: dict[str, tuple[str | None, str]] = {}
        for name in others:
            self._names[name_key(name)] = (None, name)
        for test_id, test in self._tests.items():
            for name in (*test["lay_names"], *test.get("implied", {}), *test.get("grade_names", [])):
                self._names.setdefault(name_key(str(name)), (test_id, str(name).lower()))
        self.options = {
            test_id: {
                kind: {name_key(str(n)) for n in test.get(kind, [])}
                for kind in ("needs_value", "needs_cue", "grade_names", "confirm_names", "weak_names", "blocked_next", "panel_names")
            }
            | {
                "implied": {name_key(k): v for k, v in test.get("implied", {}).items()},
                "components": {name_key(k): v for k, v in test.get("components", {}).items()},
            }
            for test_id, test in self._tests.items()
        }
        words = {word for name in self._names for word in name.split() if word.isalpha()}
        self._longest: dict[str, int] = {}  # words of the longest name that begins with this word
        for name in self._names:
            first, *more = name.split()
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(more))
        self._words = words
        self._correct = lru_cache(4096)(self._correct_word)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(words):
            if len(word) >= 6 and zipf_frequency(word, "en") < _COMMON_WORD + 1:
                self._by_initial.setdefault(word[0], []).append(word)

    def _correct_word(self, word: str) -> str:
        """The test word that an unknown word is a misspelling of, else the word itself."""
        if word in self._words or len(word) < 5 or not word.isalpha() or zipf_frequency(word, "en") >= _COMMON_WORD:
            return word
        allowed = 1 if len(word) < 7 else 2
        best = min(
            (
                (OSA.distance(word, w, score_cutoff=allowed), w)
                for w in self._by_initial.get(word[0], ())
                if abs(len(w) - len(word)) <= allowed
            ),
            default=(9, word),
        )
        if best[0] <= allowed:
            return best[1]
        sound = jellyfish.metaphone(word)
        alike = (w for w in self._by_initial.get(word[0], ()) if len(w) > 7 and jellyfish.metaphone(w) == sound)
        return next(alike, word)

    def find(self, plain: str) -> Iterator[Item]:
        tokens = [(m[0], m.start(), m.end()) for m in re.finditer(r"[^\W_]+(?:'s\b)?|#", plain)]
        words = [self._correct(word.removesuffix("'s")) for word, _, _ in tokens]
        i = 0
        while i < len(words):
            for n in range(min(self._longest.get(words[i], 0), len(words) - i), 0, -1):
                key = " ".join(words[i : i + n])
                found = self._names.get(key)
                if (
                    found
                    and not {"\n", "+"} & set(plain[tokens[i][1] : tokens[i + n - 1][2]])
                    and not (words[i] in _VERDICTS and "," in plain[tokens[i][1] : tokens[i + n - 1][2]])
                    and self._fits(plain, found[0], key, tokens, words, i, n)
                ):
                    yield Item("name", tokens[i][1], tokens[i + n - 1][2], (found[0], key))
                    i += n - 1
                    break
            i += 1

    def _fits(self, plain: str, test: str | None, key: str, tokens: list, words: list, i: int, n: int) -> bool:
        """Whether this use of a name can be the test: not "pulse steroids", "whites of my eyes", "index finger"."""
        following = plain[tokens[i + n - 1][2] : tokens[i + n - 1][2] + 60]
        if i and words[i - 1] == "anti" and not key.startswith("anti"):
            return False
        if key == "got":
            around = max(0, tokens[i][1] - 30), tokens[i][2] + 12
            if not _GOT_IS_A_TEST.search(plain, *around) or _GOT_A_FEVER.search(plain, *around):
                return False
        if test is None:
            return len(key) > 3 or bool(re.match(r"\W{1,20}(?:is |was |of |at )?[<>]?\d", following))
        options = self.options[test]
        blocked = i + n < len(words) and words[i + n] in options["blocked_next"] and following[:1] in " -"
        if blocked and not re.match(r"[ -]of (?:\w+ )?[<>]?\.?\d", following):
            return False
        if key in options["grade_names"]:
            around = plain[max(0, tokens[i][1] - 10) : tokens[i][1]]
            if _DIPPED.search(plain[max(0, tokens[i][1] - 60) : tokens[i][1]]):
                return True
            return bool(
                re.match(r"[\s:='-]{1,3}(?:was |is |now )?(?:[1-4] ?\+|\++|(?:one|two|three|four|[1-4]) plus|trace|positive|negative|neg\b"
                    r"|pos\b|(?:not |un)?detect(?:ed|able))", following)
                or re.search(r"(?:[1-4] ?\+|\+|\btrace(?: of)?)\s$", around)
            )
        if key in options["needs_cue"]:
            return bool(_CUE.search(plain[max(0, tokens[i][1] - 60) : tokens[i][1]] + following))
        if key in options["needs_value"]:
            if key not in options["panel_names"] and re.match(
                r" (?:is |was |came back |a bit |too )?(?:low|high|normal|raised|elevated|abnormal|fine|ok|okay)\b", following
            ):
                return True
            return bool(
                re.match(
                    r"(?:\W{0,30}|(?:\W{0,3}(?:is|was|of|at|result|level|reading|count|rate|just|came|"
                    r"back|now|only|around|about|percentage|has|dropped|went|gone|to|down|up|fell|"
                    r"from|interval|said|showed|scan|a|an|absolute|abs)){1,5}\W{0,3})[<>]?\.?\d",
                    following,
                )
                or re.search(r"\d\W{0,3}$", plain[max(0, tokens[i][1] - 6) : tokens[i][1]])
            )
        return True


def name_key(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|#", name.lower()))
