"""Whether what a match of a red flag says is told of somebody now: an alarm, worth one question, or nothing.

A doubtful denial is reported as a doubt, never dropped, because a missed flag can cost a life.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from knowledge.case import PRESENT
from knowledge.language.flag_frames import IS_SO, in_a_tale, long_gone, over_long_ago
from knowledge.language.flag_matches import (
    _ANY,
    CUE_REACH,
    LONGEST,
    PHRASE_SLACK,
    Entity,
    Match,
    Pattern,
    Reading,
    Span,
    Status,
    around,
    between,
    offsets,
    silenced,
)
from knowledge.language.status import Context
from knowledge.language.text import word_set

_HAVING = re.compile(r"\b(?:have|has|got|now|running|is|am|i'?m|he'?s|she'?s|today|tonight)(?: [a-z]+){0,3} ?$")
_HAD_IN = re.compile(r"\b(?:had|lost|was|were|went)\b(?!.*(?:diagnos|start|been on))[^.;]* in $")
# "what should i do if my wife has a seizure?": not "if he is fitting", "if she has collapsed", which tell of now.
_IF = re.compile(
    r"\b(?:if|in case|incase) (?:i|we|he|she|they|you|u|someone|somebody|anyone|anybody|it|(?:my|the) \w+) "
    r"(?!(?:am|'?m|is|are|'?s|'?re|'?ve|can'?t|cannot|keeps?|still|already)\b"
    r"|ha(?:s|ve) (?:just |already )?(?:been|had|gone|\w+(?:ed|en))\b)(?:[\w']+ ){0,4}$"
)
_ASKS = re.compile(
    r"\?|\b(?:what|who|where|how) (?:should|do|does|would|can|could|will|shall|happens)\b|^\W*(?:would|will|should|can|could|do|does)\b"
)
_OF_ANYONE = re.compile(r"\b(?:can|could|do|does|did|will|would|has|have) (?:you|u|people|anyone|anybody|everyone|women|men|patients)\b")
_ABOUT_IT = re.compile(
    r"^\W*(?:and |so |but |also )?(?:how (?:soon|common|likely|often|quickly|fast|many|much|long|bad|serious|do|does|would|will)"
    r"|when (?:does|do|would|will|might)|what(?:'?s| is| are| does| do| would| causes?)"
    r"(?! (?:happening|going|wrong|up|this|that|the matter))"
    r"|which)\b[^,]*$"
)
_TO_WATCH_FOR = re.compile(r"^[^.!?]{0,40}\bto (?:watch|look|listen)(?: out)? for\b")  # "numbness there as a thing to watch for"
_YOU_MAY = re.compile(
    r"(?<!if )\b(?:you(?:'ll|'d| can| could| may| might| will| would)|(?:going to|gonna|will|'ll|might|could) end up)\b[^,.;!?]{0,30}$"
)
# What a card, a leaflet or a nurse warns of: "call 999 if you can't breathe or if your lips swell"; a limit that is asked about.
_WARNED_OF = re.compile(
    r"\b(?<!should i )(?<!do i )(?:call|ring|phone|dial|contact|report|go to|get help|seek|see a doctor)\b[^.!?]{0,90}"
    r"\b(?:if|when) (?:you|your|you're) (?:(?:ever|suddenly|have|get|feel|are|notice|develop|start|any|a|an|the|new|bad) ){0,3}$"
)
_LIMIT = re.compile(
    r"\bhow (?:high|low) (?:does|do|must|should|would) (?:the |my |a )?(?:\w+ )?(?:temp\w*|fever|count|pulse|pressure|sugar)\b[^.!?]*"
    r"\b(?:have|has|need|needs) to be\b"
)
_NONE_OF_THEM_ME = re.compile(r"\b(?:none|not one|neither) of (?:them|these|those|which)(?: (?:is|was|were|are))? (?:me|mine)\b")
# An arm or leg that went dead under one's own weight, or a pet's, and was itself again in minutes.
_LAIN_ON = re.compile(
    r"\b(?:slept|sleeping|lay|lain|laid|lying|laying|sat|sitting|leaned|leant|leaning) (?:\w+ ){0,2}?"
    r"on (?:it|me|my (?:\w+ )?(?:arm|hand|leg|foot|side))\b"
)
_WELL_SO = r"\b(?:back|normal|fine|right|ok|okay|gone|over|itself|walked it off|shook it (?:off|out))\b"
_MINUTES = (
    r"\b(?:in|within|after) (?:about |around |just )?(?:an?|one|two|three|four|five|a few|a couple of|[1-9]|10|ten) "
    r"(?:mins?|minutes?|seconds?|secs)\b"
)
_SOON_BACK = re.compile(rf"{_WELL_SO}[^.!?]{{0,20}}{_MINUTES}|{_MINUTES}[^.!?]{{0,30}}{_WELL_SO}")
_LIMB = re.compile(r"\b(?:arm|hand|fingers?|leg|foot)s?\b")
_MAY_BE_LAIN_ON = frozenset({"arm_weakness", "leg_weakness", "muscle_weakness", "numbness", "tingling", "hand_or_foot_tingling"})
_IS_IT = re.compile(r"^\W*(?:so |but |and )?(?:is|are) (?:an? |the )?$", re.IGNORECASE)  # "is anaphylaxis possible after years?"
_POSSIBLE = re.compile(r" (?:\w+ )?(?:possible|common|likely|rare|usual|an? (?:\w+ )?(?:side effect|risk|reaction)|listed|something)\b")
_LOOKED_FOR = re.compile(
    r"\b(?:check\w*|test\w*|screen\w*|look\w*|monitor\w*|warn\w*|vaccinat\w*|jab|insured?|cover\w*|training|drill|course|leaflet|policy) "
    r"(?:me |us |him |her |my \w+ )?(?:for|about|against|of|on)\s(?:\w+ ){0,3}$"
)
_THOUGHT = re.compile(r"\b(?:thought|convinced|worried|feared|panicked|looked like|felt like|swore)\b[^.;!?]{0,30}$")
_REFUTED = re.compile(
    r"^[^.;!?]{0,40}\b(?:but|turned out|turns out)\b[^.;!?]{0,40}\b(?:was|were|wasn'?t|said|told|just|only|nothing|fine|clear)\b"
)
_AT_A_THING = re.compile(r"\b(?:on|in|into|from|at|by|off|with|near|watching|reading) (?:the |my |a |an |his |her )?$")  # "on the phone"
_CHILDHOOD = re.compile(
    r"^[^.;!?]{0,40}\b(?:as|when (?:i|he|she|we) (?:was|were)) (?:a |an )?"
    r"(?:child|kid|baby|tot|toddler|teen\w*|newborn|boy|girl|young|small|little|two|three|four|five|at school)\b"
)
_IS_SO = re.compile(r"(?:\b(?:is|are|has|have|keeps|looks|feels)|'s) (?:\w+ )?$")
_NOW_I = re.compile(r"(?:now|today|tonight|still|just|here)\W+(?:every time |whenever |when )?(?:i|i'?m|i'?ve|my)\b")
_PAST_VERB = re.compile(
    r"\b(?:collapsed|fainted|passed out|turned|dropped|bled|hanged|topped|killed|ended|overdosed|died|went|took|fell|had|got|lost)\b"
)
_HAS = re.compile(r"\b(?:has|have|is|are|just|been)\b|'s\b|'ve\b")
_SAFE_AGAIN = re.compile(  # of somebody else: it ended well, or is in good hands
    r"\b(?:(?:he|she|they)(?:'?s|'?re| is| are)? (?:now |back |all )*(?:home|fine|ok|okay|better|stable|out of|on the mend"
    r"|recover\w+|in (?:hospital|icu|intensive care)|doing (?:well|ok|okay|fine))|(?:made|making) a (?:full|good) recovery)\b"
    r"(?! (?:but|alone|with me))"
)
_WISHES_NOT = re.compile(r"\b(?:no|not|don'?t|never|nor|neither|without)\b[^.;!?]{0,40}$")
_DOUBLE_NO = re.compile(r"\b(?:ain'?t|haven'?t|hasn'?t|don'?t|doesn'?t|didn'?t) (?:got |have |feel |had )?$")  # "ain't got no feeling"
_CLAUSE = 200  # characters read again before a mention
_STORY = 14  # words that mean something, in a message that tells a story
_LEAD = 24  # characters before a match in which its verb stands
_THEN = re.compile(
    r"\b(?:was|were|had|went|felt|left|lost|woke|did|got|came|became|began|started|fell|gave|turned|ended|made|could"
    r"|(?:could|did|was)n'?t)\b"
)
_NEW = re.compile(
    r"\b(?:now|today|tonight|still|just|currently|since|yesterday|(?<!me )overnight|last night"
    r"|this (?:morning|afternoon|evening|lunchtime|week)"
    r"|(?:minutes?|mins?|hours?|hrs?|half an hour) ago|sudden\w*|so far|at the moment)\b"
)
_AFTERWARDS = 240  # characters after a match in which its end is told
_WELL = re.compile(
    r"\b(?:(?:i'?m|i am|i was|it'?s|it is|it was|been|feel|felt|and|then) (?:absolutely |totally |all |completely |perfectly |now )?"
    r"(?:fine|grand|ok|okay|all ?right|right as rain|better|well)(?: (?:now|again|since|after\w*|today))?"
    r"(?! (?:apart|but|except|if|with))\b|right as rain|back to (?:normal|myself)|(?:was|it'?s|been) (?:all )?over\b|all sorted"
    r"|sorted (?:it|that|by)|(?:is|has) improv\w+|(?:never|not) (?:come |came |happened |had (?:it|one|that) )?(?:back|again|since)"
    r"|(?:it|they|that)(?:'d| had|'s| has)? (?:all )?gone (?:in|after|within|by)\b|same recovery"
    r"|the only time|only (?:happened )?once|was temporary|passed off|wore off)"
)
_NEW_AGAIN = re.compile(
    r"\b(?:now (?:it|i|my|the)|again (?:now|today|tonight|this)|is back|it'?s back|came back (?:today|this)|but (?:now|today|tonight))\b"
)
# How things were before it began: no end of it, and a sign that it is new.
_FINE = r"(?:absolutely |perfectly |totally |all |as )?(?:fine|grand|ok|okay|all ?right|right as rain|normal|well|sharp|(?:him|her)self)"
_WAS_WELL = re.compile(
    rf"[,.;]? ?\b(?:and |but )?(?:(?:yesterday|earlier|this morning|last night|an hour ago) \w+ (?:was|were) {_FINE}\b"
    rf"|\w+ (?:was|were|'d been|had been) {_FINE} "
    r"(?:at|until|till|til|before|yesterday|earlier|an? |this morning|last night|when|half|two|ten|up to)\b)"
)
# What happens again and again, and not only now.
_HABIT = re.compile(
    r"\b(?:(?:every|each) (?:hot )?(?:infusion|injection|dose|time (?:i|they)|single time|bath|shower"
    r"|summer|winter|spring|autumn|year|month|july)"
    r"|often|sometimes|at times|now and (?:then|again)|once in a while|(?:moments|weeks|days|times) (?:where|when)"
    r"|as (?:always|ever|usual)|same (?:as (?:ever|always|usual)|every \w+)|always (?:have|has|do|does|did)|used to)\b"
)
_OLD_TIME = re.compile(
    r"\b(?:(?:in|back in|since|until) (?:19|20)\d\d|in (?:jan|feb|mar|apr|june|july|aug|sep|oct|nov|dec)\w*"
    r"|years ago|last (?:year|summer|winter|spring|autumn|christmas|month)"
    r"|the (?:first|last) time|the first (?:dose|infusion|week)|when i (?:first )?(?:started|was on|took|began)"
    r"|(?:when|before) i (?:was|got) diagnosed|before my diagnosis"
    r"|at (?:age )?(?:1[3-9]|[2-4]\d)(?![\d:.]| ?(?:am|pm|mg|weeks?|months?)))\b"
)
_RIGHT_BEHIND = 40  # characters
_FEW = 8  # words from a match to the year behind it
# What may stand between: anything else may make the time that of a treatment or a diagnosis.
_ITS_TIME = re.compile(
    r"(?:[ ,]|\b(?:i|he|she|that|that'?s|it|was|were|had|ever|once|back|in|about|around|after|during|from|with|at|the|a|my|one"
    r"|attack|episode|transplant|surgery|operation|birth|pregnancy|hospital|accident|fall)\b)*"
)
_STILL_SO = re.compile(r"\b(?:and|but|,) (?:i |it |they )?(?:still|again|now|is|are|am|have|can'?t|cannot)\b")
_FIGURATIVE = re.compile(
    r"\b(?:not literally|figure of speech|figuratively|so to speak|metaphorically|jk|just kidding|only joking|just joking)\b"
)
FLAG, DOUBT = "red_flag", "red_flag_doubt"
_NO = word_set(
    "no not cant cannot couldnt unable cannae carnt cnt wont wouldnt isnt arent doesnt dont havent hasnt didnt aint "
    "never without nothing stopped barely hardly lost zero impossible gone nobody disappeared disappearing vanished"
)


def verdict(match: Match, reading: Reading, context: Status) -> str | None:
    """The kind of entity that a match gives: a flag, a doubt, or none.

    A match that itself holds a "no" ("can't breathe") is judged as a whole; else each of its parts has to stand.
    """
    words = reading.words
    if not _of_a_person(match, reading):
        return None
    whole = (words[match.first].start, words[match.last - 1].end)
    says_no = any(words[position].text in _NO for start, end in match.spans for position in range(start, end))
    phrase = match.pattern.ordered and match.pattern.within == PHRASE_SLACK
    judged = [whole] if says_no or phrase else offsets(match.telling, words)
    roles = {_role(part, match, reading, context) for part in judged}
    if words[match.first].text in ("no", "nothing") and _DOUBLE_NO.search(reading.text[: whole[0]][-20:]):
        roles -= {"negated"}
    if match.pattern.wish:
        if "negated" in roles and _WISHES_NOT.search(reading.lower[: whole[0]]):
            return DOUBT  # "I don't want to die": not "if I never woke up that would be fine"
        roles -= {"hypothetical", "past", "negated"}
    if "hypothetical" in roles or ("past" in roles and not match.pattern.recent):
        return None
    if "other_person" in roles and (kind := of_another(match, reading, context)) != FLAG:
        return kind
    if "negated" in roles:
        perhaps = all(context.perhaps_denied(*part) or _role(part, match, reading, context) != "negated" for part in judged)
        return DOUBT if reading.near(match, "DOUBT") or perhaps else None
    return DOUBT if match.pattern.doubt or doubted(match, reading) else FLAG


def of_another(match: Match, reading: Reading, context: Status) -> str | None:
    """The kind of entity for danger to another person."""
    if not (match.pattern.anyone and _happening(match, reading)):
        return None
    if _told_as_over(match, reading):
        return None if context.speaks_of_self else DOUBT
    return DOUBT if _beside_the_point(match, reading, context) else FLAG


def doubted(match: Match | None, reading: Reading) -> bool:
    """Whether what is told may be over: worth one question, not an alarm."""
    return match is not None and (
        _eased(match, reading) or _in_a_story(match, reading) or _over_since(match, reading) or _not_literally(match, reading)
        or _dated_behind(match, reading) or long_gone(match, reading)
    )


def _dated_behind(match: Match, reading: Reading) -> bool:
    """Whether a year long past, or so many years, stands behind it in the sentence: "sepsis after the transplant in 2021"."""
    last = reading.words[match.last - 1]
    end = reading.sentence(last.start, last.end)[1]
    if reading.near(match, "CHANGED") or reading.near(match, "NOW") or _STILL_SO.search(reading.lower, last.end, end):
        return False
    times = [time for name in ("OLD_YEAR", "LONG_PAST") for time in between(reading.at.get(name, []), match.last, match.last + _FEW)]
    behind = (reading.words[start].start for start, _ in times)
    return any(at < end and _ITS_TIME.fullmatch(reading.lower, last.end, at) for at in behind)


def _not_literally(match: Match, reading: Reading) -> bool:
    """Whether the words right behind it take it for a joke or a figure of speech: "it sits on my chest (not literally)"."""
    end = reading.words[match.last - 1].end
    return bool(_FIGURATIVE.search(reading.lower, end, end + _RIGHT_BEHIND))


def _over_since(match: Match, reading: Reading) -> bool:
    """Whether a long message goes on to say that all is well: "... I can't breathe for a second. I cough and then I'm fine"."""
    pattern = match.pattern
    if len(reading.words) < _STORY or pattern.over_counts or not pattern.felt:
        return False
    end = reading.words[match.last - 1].end
    if _was_well(match, reading):
        return False
    return bool(_WELL.search(reading.lower, end, end + _AFTERWARDS)) and not _NEW_AGAIN.search(reading.lower, end, end + 3 * _AFTERWARDS)


def _in_a_story(match: Match, reading: Reading) -> bool:
    """Whether it stands in a long message, told in the past or as what always happens, with no word of now around it: "when I went
    blind it was white", "every infusion I can't breathe for a second".

    It may be over or not: worth one question. In a short message people tell of what has just begun in the past tense too.
    """
    if len(reading.words) < _STORY or match.pattern.anywhere:
        return False
    low, high = reading.words[match.first].start, reading.words[match.last - 1].end
    begin, end = reading.sentence(low, high)
    wider = 2 if match.pattern.over_counts else 0  # a fit is soon over: its time stands in the sentences around it
    said = reading.lower[max(begin, low - _LEAD) : high]
    then = bool(_THEN.search(said)) and not IS_SO.search(said)
    if then and _long_ago(reading.sentence(begin - 2, low)[0], low, reading):
        return True
    if _NEW.search(reading.lower, *reading.sentence(begin - wider, end + wider)):
        return False
    return then or bool(_HABIT.search(reading.lower, begin, end)) and not match.pattern.wish


def _long_ago(begin: int, end: int, reading: Reading) -> bool:
    """Whether a time long past opens what leads up to the offset `end`, and nothing new lies between."""
    opened = [cue.end() for cue in _OLD_TIME.finditer(reading.lower, begin, end)]
    return bool(opened) and not _NEW.search(reading.lower, opened[-1], end)


def _eased(match: Match, reading: Reading) -> bool:
    """Whether the words say that it has gone by itself."""
    return any(reading.near(match, group) for group in match.pattern.eased)


def _role(part: Span, match: Match, reading: Reading, context: Status) -> str:
    """The role of one part.

    "I have a temp of 38.5 and my count was 0.7 last week" or "bruises all over, had lemtrada last year": what is past
    is the count or the dose.
    """
    role = context.role(*part)
    if role in ("negated", "past") and (well := _WAS_WELL.search(reading.lower, part[1], part[1] + _AFTERWARDS)):
        return _role_upto(part, well.start(), reading)
    if role in ("negated", "past") and match.pattern.over_counts and not context.framed(*part):  # "he was fitting, it stopped" was a fit
        return _role_upto(part, part[1], reading)
    if role == "past" and len(match.telling) < len(match.spans) and _HAVING.search(reading.text[: part[0]][-30:]):
        return PRESENT
    if role == "past":
        doses = [
            reading.words[start].start for name in ("RISKY_DRUG", "AFTER_DOSE")
            for start, _ in between(reading.at.get(name, []), match.first, match.last + LONGEST)
            if reading.words[start].start > part[1]
        ]
        if doses:
            return _role_upto(part, min(doses), reading)
    return role


def _role_upto(part: Span, end: int, reading: Reading) -> str:
    """The role of one part if the message ended at `end`."""
    begin = max(0, part[0] - _CLAUSE)
    return Context(reading.text[begin:end]).role(part[0] - begin, part[1] - begin)


def meant(symptom: Entity, pattern: Pattern, reading: Reading) -> bool:
    """Whether a symptom counts for a flag: not inside a figure of speech, a film or a question about signs."""
    match = around(symptom, pattern, reading)
    return match is None or (not silenced(match, reading) and _of_a_person(match, reading))


def how_told(symptoms: list[Entity], pattern: Pattern, reading: Reading, context: Status) -> str | None:
    """The kind of entity that the symptoms of one person give together."""
    told = [match for symptom in symptoms if (match := around(symptom, pattern, reading))]
    others = symptoms[0]["role"] == "other_person"
    kinds = {of_another(match, reading, context) for match in told} if others else {FLAG}
    if None in kinds or others and not any(_new(match, reading) for match in told):
        return None
    return DOUBT if DOUBT in kinds or told and all(doubted(match, reading) for match in told) else FLAG


def role_told(symptom: Entity, reading: Reading) -> str:
    """The role of a symptom, when what stands around its words gives it another one than was found."""
    match = around(symptom, _ANY, reading)
    if match is None or symptom["role"] != PRESENT:
        return symptom["role"]
    if _supposed(match, reading) or in_a_tale(match, reading) or _told_of(match, reading) or _not_literally(match, reading):
        return "hypothetical"
    if _about_no_person(match, reading) or _of_others_only(match, reading):
        return "other_person"
    return "past" if _lain_on(symptom, reading) else PRESENT


def may_be_none(symptom: Entity, reading: Reading) -> bool:
    """Whether the symptom's sentence dates it to long ago: "I had a fit back in the nineties".

    What has been so ever since is there: its own rules know how long.
    """
    match = around(symptom, _ANY, reading)
    return match is not None and over_long_ago(match, reading)


def _of_others_only(match: Match, reading: Reading) -> bool:
    """Whether the words behind it say that it was nobody the writer asks for: "two overdoses and a GI bleed, none of them me"."""
    end = reading.words[match.last - 1].end
    next_one = reading.sentence(end, end)[1] + 1
    return bool(_NONE_OF_THEM_ME.search(reading.lower, end, reading.sentence(next_one, next_one + 1)[1]))


def _lain_on(symptom: Entity, reading: Reading) -> bool:
    """Whether a limb went dead because it was lain on and, so the same sentences say, was well again in minutes."""
    begin, end = reading.sentence(symptom["start"], symptom["end"])
    begin, end = reading.sentence(max(0, begin - 2), end)[0], reading.sentence(begin, min(end + 2, len(reading.text)))[1]
    told = [cue.search(reading.lower, begin, end) for cue in (_LIMB, _LAIN_ON, _SOON_BACK)]
    return symptom["value"] in _MAY_BE_LAIN_ON and all(told)


def _of_a_person(match: Match, reading: Reading) -> bool:
    """Whether the match speaks of somebody now: no animal or film, no mere question, no year behind it."""
    return not (
        _about_no_person(match, reading) or _of_others_only(match, reading) or _only_asked(match, reading) or _dated(match, reading)
    )


def _dated(match: Match, reading: Reading) -> bool:
    """Whether a time long past belongs to the match: "took an overdose ten years ago", "lost my sight in 2011", "had a
    reaction in 2015, lips swelled"."""
    past = between(reading.at.get("LONG_PAST", []), match.last, match.last + 2)
    behind = reading.text[reading.words[match.last - 1].end :]
    if _CHILDHOOD.search(behind[:80]) or any(reading.words[start].clause == reading.words[match.last - 1].clause for start, _ in past):
        return not (reading.near(match, "CHANGED") or reading.near(match, "NOW"))
    years = between(reading.at.get("OLD_YEAR", []), match.first - CUE_REACH, match.last)
    if any(start == match.last for start, _ in years):
        return True
    return not reading.near(match, "CHANGED") and any(
        reading.words[start].sentence == reading.words[match.first].sentence
        and _HAD_IN.search(reading.text[: reading.words[start].start][-80:])
        for start, _ in years
    )


def _about_no_person(match: Match, reading: Reading) -> bool:
    """Whether an animal, a thing or a film is the subject: it stands just before the match."""
    things = between(reading.at.get("NON_PERSON", []), match.first - LONGEST, match.first - 1)
    return any(
        match.first - 2 <= end <= match.first + 1
        and reading.words[start].sentence == reading.words[match.first].sentence
        and not _own_between(end, match, reading)
        and not _AT_A_THING.search(reading.text[: reading.words[start].start][-16:])
        for start, end in things
    )


def _only_asked(match: Match, reading: Reading) -> bool:
    """Whether the sentence only asks for information: it names nobody, it imagines, or it tells of a film or the news."""
    if reading.near(match, "IMAGINED") or _told_of(match, reading) or in_a_tale(match, reading) or _supposed(match, reading):
        return True
    if match.pattern.wish:
        return False
    sentence = reading.words[match.first].sentence
    return sentence not in reading.personal and any(
        (start < match.first or name == "ASKED_AFTER") and reading.words[start].sentence == sentence
        for name in ("INFORMATIONAL", "ASKED_AFTER")
        for start, _ in between(reading.at.get(name, []), match.first - LONGEST, match.last + LONGEST)
    )


def _supposed(match: Match, reading: Reading) -> bool:
    """Whether a question only supposes it: "what should i do if i collapse at home?"."""
    if match.pattern.wish:
        return False
    first = reading.words[match.first]
    begin, end = reading.sentence(first.start, first.start)
    begin, last = max(begin, first.start - _CLAUSE), reading.words[match.last - 1]
    before = re.split(r"[.!;?]", reading.text[begin : first.start])[-1]
    sentence = before + re.split(r"(?<=[.!;?])", reading.text[first.start : min(end, first.start + _CLAUSE)])[0]
    alone = not any(first.start - len(before) <= at < last.end for at in reading.people)
    if first.sentence not in reading.personal and _OF_ANYONE.search(before) or alone and _ABOUT_IT.search(before):
        return not reading.near(match, "ACUTE")  # "can you faint on gilenya?", "how soon would anaphylaxis happen"
    if _IS_IT.search(before) and _POSSIBLE.match(reading.lower, last.end):
        return True
    if _WARNED_OF.search(before.lower()) or _LIMIT.search(sentence.lower()):
        return not reading.near(match, "ACUTE")
    upto, after = reading.text[begin : last.start], reading.text[last.end : last.end + _CLAUSE]
    if _YOU_MAY.search(before) and not reading.near(match, "ACUTE"):
        return True
    if _TO_WATCH_FOR.search(reading.lower[last.end : end]):
        return not reading.near(match, "ACUTE")
    if _LOOKED_FOR.search(before) or "thought" not in after and _THOUGHT.search(upto) and _REFUTED.search(after):
        return not reading.near(match, "ACUTE")
    return bool(_IF.search(before)) and bool(_ASKS.search(sentence)) and not reading.near(match, "ACUTE")


def _told_of(match: Match, reading: Reading) -> bool:
    """Whether the match belongs to a story: "a film where he has a stroke", with no word of oneself in between."""
    sentence = reading.words[match.first].sentence
    return any(
        reading.words[start].sentence == sentence and start < match.last and not _own_between(end, match, reading)
        for start, end in between(reading.at.get("STORY", []), match.first - LONGEST, match.last)
    )


def _own_between(end: int, match: Match, reading: Reading) -> bool:
    """Whether a word for oneself stands between the word before position `end` and the match."""
    low, high = reading.words[end - 1].end, reading.words[match.first].start
    return bisect_left(reading.own, low) < bisect_left(reading.own, high)


def _happening(match: Match, reading: Reading) -> bool:
    """Whether danger to another person is told as going on, not as something of the past or in a hospital's hands."""
    end = reading.words[match.last - 1].end
    if _SAFE_AGAIN.search(reading.lower, end, reading.sentence(end, end)[1]):
        return False
    return not reading.near(match, "IN_CARE") and (_new(match, reading) or not reading.near(match, "LONG_AGO"))


def _new(match: Match, reading: Reading) -> bool:
    """Whether the words say that it is so now: "he is boiling", "... just now", "..., he was fine at breakfast"."""
    is_so = _IS_SO.search(reading.lower[: reading.words[match.first].start][-_LEAD:])
    return bool(is_so) or _now_of(match, reading) or _was_well(match, reading)


def _now_of(match: Match, reading: Reading) -> bool:
    """Whether a word of now stands near the match, none that goes on to the writer: "..., and now every time my back hurts"."""
    words = reading.words
    return any(
        start < match.last or not _NOW_I.match(reading.lower, words[start].start) for start, _ in reading.beside_it(match, "NOW")
    )


def _beside_the_point(match: Match, reading: Reading, context: Status) -> bool:
    """Whether a long message about the writer's own treatment mentions another person's danger with no word of now."""
    return context.speaks_of_self and len(reading.words) >= _STORY and not _now_of(match, reading)


def _was_well(match: Match, reading: Reading) -> bool:
    """Whether the next words tell how it was before: "he was fine at breakfast"."""
    end = reading.words[match.last - 1].end
    return bool(_WAS_WELL.search(reading.lower, end, end + _AFTERWARDS))


def _told_as_over(match: Match, reading: Reading) -> bool:
    """As in "her dad collapsed", not "my neighbour has collapsed" or "he collapsed just now"."""
    if _now_of(match, reading):
        return False
    begin, end = reading.words[match.first].start, reading.words[match.last - 1].end
    return bool(_PAST_VERB.search(reading.text[begin:end])) and not _HAS.search(reading.text[max(0, begin - 6) : end])
