"""Numbers in words, as people write or dictate them: "three hundred and fifty", "nought point six", "one oh four", "one seventy-two"."""

import re

from text_to_num import text2num

_DIGITS = "zero|nought|naught|oh|o|one|two|three|four|five|six|seven|eight|nine"
_VALUES = dict(zip(_DIGITS.split("|"), [0, 0, 0, 0, 0, *range(1, 10)], strict=True))
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
DIGIT_WORDS = _DIGITS
NUMBER_WORDS = f"{_DIGITS}|{_TEENS}|{_TENS}|hundred|thousand|million"
WHOLE = rf"\b(?:{NUMBER_WORDS})(?:[ -](?:and )?(?:{NUMBER_WORDS})){{0,4}}\b"
_HUNDRED_LEFT_OUT = re.compile(
    rf"(?P<hundreds>{_DIGITS}) (?:(?:oh|o) (?P<ones>{_DIGITS})|(?P<rest>(?:{_TENS})(?: (?:{_DIGITS}))?|{_TEENS}))")


def number_said(words: str) -> float | None:
    """The number in words, None when they are none: "a hundred" 100, "ninety-nine and a half" 99.5, "one oh four point six" 104.6."""
    words = re.sub(r"\s+", " ", words.replace("-", " ").replace(" and a half", " point five")).strip()
    whole, _, decimals = words.partition("point")
    try:
        fraction = "".join(str(_VALUES.get(word, word)) for word in decimals.split())
        return float(f"{_whole(whole.strip())}.{fraction or 0}")
    except ValueError:
        return None


def _whole(words: str) -> int:
    if words.isdigit():
        return int(words)
    if not words or words in _VALUES:
        return _VALUES.get(words, 0)
    short = _HUNDRED_LEFT_OUT.fullmatch(words)
    if short and short["hundreds"] in _VALUES:
        rest = _VALUES[short["ones"]] if short["ones"] else int(text2num(short["rest"], "en"))
        return 100 * _VALUES[short["hundreds"]] + rest
    return int(text2num(re.sub(r"^(?:a )?(?=hundred|thousand|million)", "one ", words), "en"))
