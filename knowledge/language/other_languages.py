"""Noticing another language than English, and the one safe sentence that answers it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from wordfreq import available_languages, zipf_frequency

from knowledge.language.text import normalise
from knowledge.yaml_files import read_yaml

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
# Words that English sentences have and other languages, as a rule, do not.
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "my",
        "is",
        "was",
        "are",
        "have",
        "has",
        "had",
        "with",
        "for",
        "it",
        "its",
        "i'm",
        "i've",
        "im",
        "ive",
        "been",
        "feel",
        "feeling",
        "get",
        "got",
        "since",
        "this",
        "that",
        "not",
        "can't",
        "cant",
        "don't",
        "dont",
        "you",
        "your",
        "what",
        "when",
        "why",
        "how",
        "does",
        "should",
        "would",
        "could",
        "after",
        "before",
        "from",
        "about",
        "which",
        "there",
        "they",
        "she",
        "he",
        "we",
        "our",
        "their",
        "blood",
        "pain",
        "drug",
        "dose",
        "weeks",
        "days",
        "months",
        "years",
        "ago",
        "today",
        "yesterday",
        "still",
        "very",
    ]
)
_LATIN_WORDS = 3  # fewer words than this say too little in a Latin script
_SCRIPTS = {  # a script that decides by itself, or between few languages
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "CJK": ("zh", "ja"),
    "DEVANAGARI": ("hi",),
    "BENGALI": ("bn",),
    "GURMUKHI": ("pa",),
    "GREEK": ("el",),
    "CYRILLIC": ("ru", "uk"),
    "ARABIC": ("ar", "ur", "fa"),
}
_LETTERS_OF = {"uk": "іїєґ", "ur": "ٹڈڑںےہھ", "fa": "پچژگکی"}
_SURE = 0.9  # probability from which the guess is believed
_COMMON = 3.3  # Zipf frequency from which a word is everyday English
_TELLING_WORDS = 2  # so many words of another language that are no English ones tell it, beside a name that is known
_MOST_LETTERS = 600  # enough to tell a language


@functools.cache
def _languages() -> dict[str, dict[str, Any]]:
    content = resources.files("knowledge").joinpath("content/answers/languages.yml").read_text("utf-8")
    return dict(read_yaml(content)["languages"])


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["en", *(code for code in _languages() if code in identifier.labels)])
    return identifier


def detect(text: str, known: tuple[str, ...] = ()) -> str | None:
    """ISO 639-1 code of the language, or None for English and for what is too short to tell.

    `known`: normalised words that belong to no language, such as names of medicines.
    """
    words = [word for word in _WORD.findall(normalise(text[:_MOST_LETTERS])) if word not in known]
    script = _script(words)
    if script:
        return script
    dangerous = [other for other in _languages() if is_danger(text, other)]
    if not words or _english(words) and not any(_in_a_phrase(text, other) for other in dangerous):
        return None
    code, sure = _guess(words)
    if code == "en" and all(_is_also_english(text, other) for other in dangerous):
        return None  # "stroke" is Swedish too
    if dangerous:
        return code if code in dangerous else dangerous[0]
    told = len(words) >= _LATIN_WORDS and sure >= _SURE or known and _words_of(code, words) >= _TELLING_WORDS
    return code if code != "en" and told else None


def _words_of(code: str, words: list[str]) -> int:
    """How many different words are everyday ones in that language and none in English: "ich nehme", "prendo ... febbre"."""
    if code not in available_languages("small"):
        return 0
    return sum(zipf_frequency(word, "en") < _COMMON and zipf_frequency(word, code) >= _COMMON + 0.7 for word in set(words))


def names_in(entities: Iterable[Mapping[str, Any]], text: str) -> tuple[str, ...]:
    """The normalised words of the medicines in a message: they are the same in every language."""
    named = [entity for entity in entities if entity["entity"] == "medicine" and "start" in entity]
    return tuple(word for entity in named for word in _WORD.findall(normalise(text[entity["start"] : entity["end"]])))


def safe_sentence(code: str, emergency: str) -> str:
    """The sentence to answer with; English for a language that has none."""
    entry = _languages().get(code) or {
        "say": "I understand English only. In an emergency call {emergency} now. Otherwise call your MS team."
    }
    return str(entry["say"]).format(emergency=emergency.replace(" or ", " / "))


def is_danger(text: str, code: str | None = None) -> bool:
    """Whether a danger word of that language stands in the text; of any language when none is given."""
    plain = _folded(text)
    codes = [code] if code else list(_languages())
    return any(pattern.search(plain) for pattern in map(_danger, codes) if pattern)


@functools.cache
def _danger(code: str) -> re.Pattern[str] | None:
    words = _languages().get(code, {}).get("danger", ())
    return re.compile("|".join(("" if _unspaced(word) else r"(?<!\w)") + re.escape(_folded(word)) for word in words)) if words else None


def _is_also_english(text: str, code: str) -> bool:
    """Whether each danger word of that language in the text is an English word as well."""
    return all(zipf_frequency(word, "en") >= _COMMON for match in _dangers(text, code) for word in match.split())


def _in_a_phrase(text: str, code: str) -> bool:
    """Whether a danger of that language is told in several words: "I have dolor en el pecho". One word alone may be half an English one."""
    return any(" " in match for match in _dangers(text, code)) and not _is_also_english(text, code)


def _dangers(text: str, code: str) -> list[str]:
    pattern = _danger(code)
    return pattern.findall(_folded(text)) if pattern else []


def _unspaced(word: str) -> bool:
    """Scripts that write no blanks between words."""
    return any(
        "CJK" in unicodedata.name(letter, "") or "HIRAGANA" in unicodedata.name(letter, "") or "ARABIC" in unicodedata.name(letter, "")
        for letter in word
    )


def _folded(text: str) -> str:
    """Lower case without accents, as people type on a phone."""
    return "".join(letter for letter in unicodedata.normalize("NFD", normalise(text)) if unicodedata.category(letter) != "Mn")


def _english(words: list[str]) -> bool:
    """Function words of English, or mostly words that are common in English ("headache dizzy tired")."""
    telling = [word for word in words if len(word) > 3 and word.isascii()]
    common = sum(zipf_frequency(word, "en") >= _COMMON for word in telling)
    return sum(word in _ENGLISH for word in words) >= max(1, len(words) // 8) or bool(telling) and common * 2 > len(words)


def _guess(words: list[str]) -> tuple[str, float]:
    code, sure = _identifier().classify(" ".join(words))
    return str(code), float(sure)


def _script(words: list[str]) -> str | None:
    """The language when most letters are of a script that few languages use."""
    letters = "".join(words)
    names = [unicodedata.name(letter, "").split(" ")[0] for letter in letters]
    for script, codes in _SCRIPTS.items():
        if letters and sum(name == script for name in names) * 3 > len(names):
            marked = next((code for code in codes if code in _LETTERS_OF and any(letter in _LETTERS_OF[code] for letter in letters)), None)
            return marked or codes[0]
    return None
