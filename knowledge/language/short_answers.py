"""Short answers to a question that was asked: yes, no, not sure, and which of the options.

For example "nah not really" is a no, "only when i cough" a yes, "dunno love" not sure, "the second one" the second option.
Words that only play down ("i'm fine") are none of these: they never deny a danger sign.
"""

from __future__ import annotations

import re

from knowledge.language.text import normalise


def _any(*parts: str) -> str:
    return f"(?:{'|'.join(parts)})"


_NEVER = r"(?:do not|don'?t|dont|did not|didn'?t|have not|haven'?t|havent|would not|wouldn'?t)"
_ITS_NOT = r"(?:is not|isn'?t|isnt|does not|doesn'?t|doesnt|did not|didn'?t|has not|hasn'?t|was not|wasn'?t|are not|aren'?t|do not|don'?t)"
_CANNOT = r"(?:can'?t|cannot|can not|cant|couldn'?t|could not|couldnt)"

# "I have that too" answers, "I had toast this morning" tells something else. "I do feel it" answers by its verb.
_AND_NO_MORE = (
    r"\b(?=\W*$|[,.;!]| (?:it|that|those|them|some|both|all|one|the \w+ one|too|also|as well|yes|now|still|actually|really|and|but"
    r"|when|if|at|on|in the|since|for|just|only|a (?:bit|little|lot|few)|quite|so|very|slightly|sometimes|always|often|mostly|usually"
    r"|worse|bad|been|feel\w*|get\w*|got|happen\w*)\b)")

# What people put before the answer itself.
_OPENING = re.compile(
    "^(?:" + _any(
        "well", "oo?h", "ah", "um+", "er*m*", "uh", "hmm+", "mm+", "god", "gosh",
        "honest(?:ly)?", "to be honest", "tbh", "sorry",
        "ok(?:ay)?", "so", "and", "but", "like", "i mean", "hang on", "wait", "let me (?:see|think)", "actually", "sadly",
        "(?:un)?fortunately", "luckily", "thankfully", "thank god", "maybe just", "just",
        "it'?s", "that'?s", "i'?d say", "i would say", "i'?m", "i am",
    ) + r"\b[\s,.:;!-]*)+")
_PLAYED_DOWN = re.compile(
    "^(?:" + _any("it'?s", "that'?s", "this is", "it is", "i'?m", "i am", "prob(?:ably|s)?", "just", "only", "sure", "all", "feel(?:ing)?",
                  "really", "honestly") + r"\b\W*)+"
    + _any("nothing", "fine", "ok(?:ay)?", "al+ ?right", "good", "well", "silly", "stress", "wind", "age", "nerves") + r"\b")
_UNSURE = re.compile(
    r"\b" + _any(
        "prob(?:ably|s)? (?:not|no)", "i hope not", r"not (?:too |really |so |that |quite |very |100 ?% |entirely )?(?:sure|certain)",
        "unsure",
        f"{_NEVER} (?:really |rightly )?(?:know|remember|recall|understand)", "dunno+", "no idea", "no clue", "not a clue",
        "haven'?t (?:a|the) (?:clue|foggiest|idea)", "idk", "maybe", "perhaps", "might (?:be|have|do)", "possibly", "could be",
        "(?:hard|difficult|tricky|impossible) to (?:say|tell|know)", "who knows", "how (?:would|do|can|should) i (?:know|tell)",
        f"(?<!you ){_CANNOT} (?:really )?(?:say|tell|remember|recall|be sure|think)", "i forg[eo]t", "forgotten", "(?:yes|yeah) and no",
        r"(?:haven'?t|have not|not|never|didn'?t|havent) (?:checked|measured|looked|tested|taken (?:it|my temp\w*))",
        "(?:no|haven'?t got a|don'?t have a|without a) thermometer", "what do you mean",
    ) + r"\b" + r"|^\W*(?:\?+|might)\W*$")
_NO = re.compile(_any(
    r"(?:no+|nope|nah+|naw|nay|nup|non|n|none|nothing|nowt|nada|zero|zilch|nil|never|negative|neither|nobody|no one)\b"
    r"(?! (?:idea|clue|thermometer|doubt|better|more than))",
    "no more than (?:usual|normal)", r"(?:definitely|absolutely|certainly|really|hell|god|heavens?|deffo|def|of course) (?:not|no)\b",
    r"not (?:really|at all|any|anything|yet|now|today|that i|to my knowledge|as far as|particularly|especially|one|had|got|noticed"
    r"|there|for me|me|a thing|in the slightest|either)\b", "not$",
    rf"i (?:{_NEVER}|{_CANNOT}|am not|was not|wasn'?t)\b", rf"{_NEVER} (?:think|say|believe|have|had|see|feel|get|got|notice|noticed)\b",
    rf"(?:it |they |he |she |that |this )?{_ITS_NOT}\b",
))
_YES = re.compile(_any(
    "(?:" + "|".join((
        "y", "ye", "yes+", "yea+", "yeah+", "ye[hr]", "yh", "yep", "yup", "ya", "ya?s", "yis", "aye", "uh ?huh",
        "mhm+", "mm ?hm+", "sure", "correct", "right", "true", "exactly", "indeed", "totally", "definitely", "absolutely", "certainly",
        "of course", "def+o", "affirmative")) + r")\b",
    "afraid so", "(?:i )?(?:think|guess|suppose|believe|reckon|fear|would say|imagine) so",
    r"i (?:can|do|did|feel it|get it|got it)\b(?! not\b)", rf"i (?:have|am|was|had){_AND_NO_MORE}",
    r"(?:it|they|he|she|that|this) (?:do|does|did)\b(?! not\b)",
    rf"(?:it|they|he|she|that|this) (?:is|has|are|was|were|have){_AND_NO_MORE}", "that'?s (?:right|correct|it|me)",
    r"(?:a |just a |only a |quite a |the )?(?:tiny |wee |little )?(?:bit|little|touch|lot|few)\b", r"some(?:what|times)?\b",
    r"(?:sort|kind) ?of", "sorta", "kinda", r"slight\w*", r"mild\w*", r"occasional\w*", "now and (?:then|again)", "on and off",
    "off and on",
    "comes? and go(?:es)?", r"most\w*", "mainly", "always", "often", "usually", "all the time", "every (?:day|night|time|morning|now)",
    r"(?:only|just|but) (?:when|if|at|in|on|after|before|with|during|while|the|a)\b", r"when(?:ever)? i\b", "at night",
    r"in the (?:morning|evening|night)\w*", r"prob(?:ably|s)?\b", "likely", "more or less",
    r"not (?:much|often|always|all the time|constantly|every|very|too|that)\b", "hardly", "barely",
))
_WELL = re.compile(r"\b(?:fine|ok(?:ay)?|normal(?:ly)?|well|al+ ?right|no (?:problems?|trouble))\b")
_NOT_SO_WELL = re.compile(r"\b(?:but|though|although|otherwise|apart|not|never|hardly)\b|n'?t\b")
_ALL = re.compile(
    r"\b(?:all of (?:them|these|those|it|the above)|all (?:three|four|five)|everything|every one|the lot|all yes|yes to all)\b|^\W*all\W*$")
_SEVERAL = re.compile(r"\b(?:both(?=\W*$| of | (?:them|these|those|please|now|yes)\b)"
    r"|(?:a few|some|two|three|couple|most|several|one) of (?:them|these|those)|a couple|several)\b")
_ONLY = re.compile(
    r"\b(?:(?:only|just)(?! (?:when|if|at|in|on|after|before|with|during|while|as|now|started|had|got|since|a bit|a little)\b)"
    r"|nothing else|no others?|that'?s all|that'?s it)\b")

_HEDGE = re.compile(
    r"\b(?:bit|little|touch|few|some\w*|(?:sort|kind) of|sorta|kinda|slight\w*|mild\w*|only|just|now and|on and off|off and on|comes?"
    r"|think so|guess|suppose|prob\w*|not|hardly|barely|when\w*|occasional\w*)\b")
_NOD = re.compile(
    r"\W*(?:ok(?:ay)?|k|right|i see|got it|understood|noted|will do|al+ ?right|fine|good|great|thanks?(?: you)?|cheers|ta)"
    r"(?:\W+(?:then|thanks?|thank you|cheers|will do|ok))*\W*")
_CROSS = re.compile(
    r"\b(?:f+u+c*k+\w* (?:off|you|this|sake)|piss off|shut up|sod off|bugger off|(?:stupid|useless|rubbish|crap|dumb|idiotic|hopeless|shit)"
    r" (?:bot|thing|machine|robot|computer|program|app|chat\w*|questions?)|waste of (?:my )?time|you(?:'re| are) (?:\w+ )?(?:stupid|useless"
    r"|rubbish|crap|dumb|hopeless|shit|an idiot|no help|not helping|annoying)|(?:you |this )?(?:never|don'?t|doesn'?t|isn'?t|not)"
    r" (?:listen\w*|understand\w*|help\w*|get it)|stop asking|i(?:'ve)? (?:already|just) (?:told|said)|for (?:fuck|god|christ|pity)'?s sake"
    r"|(?:this is|so) (?:stupid|useless|ridiculous|pointless|annoying|frustrating))\b"
)
_WORRIED = re.compile(
    r"\b(?:scared|frightened|afraid|terrified|worried|panick\w*|crying|in tears|nervous|freaking out|what (?:happens|will happen) to)\b"
    r"|[😢😭😟😰😨😱🥺]")
MOST_WORDS = 6  # of a short answer
LAST = -1
_ORDINALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "first": 1, "second": 2, "third": 3, "fourth": 4,
    "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "top": 1, "last": LAST, "bottom": LAST,
}
_NUMBER = rf"(?:\d|{'|'.join(_ORDINALS)})"
_CHOICE = re.compile(
    r"(?:(?:just|only|yes|yeah|maybe|probably|i think|i have|i've got|it's|options?|numbers?|answer|no\.?|the|a|#)[ ,:]*)*"
    rf"({_NUMBER}(?:\)|\.)?(?: ones?)?(?:(?:[ ,/+&]+|,? and |,? or )(?:the |number |option )?{_NUMBER}(?: ones?)?)*)"
    r"(?: (?:option|answer|on the list|please|i think|only))*"
)


def plain(text: str) -> str:
    """Lower case with one kind of apostrophe and single blanks."""
    return re.sub(r"\s+", " ", normalise(text)).strip()


def is_unsure(text: str) -> bool:
    """The person does not know, or has not looked."""
    return bool(_UNSURE.search(plain(text)))


def is_no(text: str) -> bool:
    """It begins with a no, in whatever words."""
    return not is_unsure(text) and _begins(_NO, text)


def is_yes(text: str) -> bool:
    """It begins with a yes, or admits it in part: "a bit", "only when i cough"."""
    return not is_unsure(text) and not is_no(text) and not is_cross(text) and _begins(_YES, text)


def is_yes_to_all_being_well(text: str) -> bool:
    """A yes that says that all is well: "yes she's breathing fine". "Yes but i'm ok" is a yes."""
    return is_yes(text) and bool(_WELL.search(plain(text))) and not _NOT_SO_WELL.search(plain(text))


def is_half_yes(text: str) -> bool:
    """A yes that is hedged: "a bit", "only when i cough", "sort of"."""
    return is_yes(text) and bool(_HEDGE.search(plain(text)))


def is_nod(text: str) -> bool:
    """Nothing but "ok" or "I see"."""
    return bool(_NOD.fullmatch(plain(text)))


def is_all(text: str) -> bool:
    """Everything that was listed."""
    return bool(_ALL.search(plain(text))) and not is_no(text)


def is_several(text: str) -> bool:
    """Some of what was listed, not said which: "both", "a few of them"."""
    return bool(_SEVERAL.search(plain(text))) and not is_no(text)


def is_only(text: str) -> bool:
    """What is named is all there is: "just the rash", "that's it"."""
    return bool(_ONLY.search(plain(text)))


def is_short(text: str) -> bool:
    """A bare yes, no or "don't know"."""
    return len(plain(text).split()) <= MOST_WORDS and (is_yes(text) or is_no(text) or is_unsure(text))


def is_cross(text: str) -> bool:
    """Anger at the assistant, not a report."""
    return bool(_CROSS.search(plain(text)))


def is_worried(text: str) -> bool:
    """Fear is spoken of, and nothing that could be acted on."""
    return bool(_WORRIED.search(plain(text)))


def chosen_options(text: str, options: tuple[str, ...], listed: int | None = None) -> tuple[str, ...]:
    """The options a person picked by their words or their numbers ("2", "the second one", "1 and 3"); none when it is something else.

    `listed`: how many of the options stand in the question's text, for "the last one".
    """
    said = plain(text).strip(" .!)(")
    same = tuple(option for option in options if said == plain(option).strip(" .!"))
    match = None if same else _CHOICE.fullmatch(said)
    if match is None:
        return same
    numbers = [int(word) if word.isdigit() else _ORDINALS[word] for word in re.findall(_NUMBER, re.sub(r"\b ones?\b", "", match[1]))]
    if LAST in numbers:
        numbers = [listed or len(options)] if len(numbers) == 1 else []
    if not all(1 <= number <= len(options) for number in numbers):
        return ()
    return tuple(dict.fromkeys(options[number - 1] for number in numbers))


def _begins(pattern: re.Pattern[str], text: str) -> bool:
    words = plain(text).lstrip(" .,!-")
    if _PLAYED_DOWN.match(words):
        return False
    return bool(pattern.match(words) or pattern.match(_OPENING.sub("", words)))
