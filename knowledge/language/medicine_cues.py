"""What people say they do with a medicine: one table of cues, and how the words before a cue change it.

A cue is a verb or noun such as "started", "came off", "had", "offered". Its kind says what happens, the words before
it say whether it did happen, is still ahead, or is denied: "started" / "due to start" / "haven't started". The same
cues tell what a role a medicine has (`medicine_roles`) and what a time beside it means (`medicine_times`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

START, STOP, TAKE, WAS, HAD, PROPOSE, REFUSE, NOT, BESIDE = "start", "stop", "take", "was", "had", "propose", "refuse", "not", "beside"

_ME = r"(?: (?:me|us|her|him|them|it))?"
_MOVE = r"(?:switch|chang|mov|swap|transition|convert|transfer|upgrad|escalat|stepp?|cross)(?:e|es|ed|ing|ped|ping)?"
_MOVED = rf"{_MOVE}{_ME}(?: (?:over|back|straight|up|across|away))*"
_TAKING = r"(?: (?:on|taking|having|using|injecting|with|to take|to inject|to use|my))?"
_WORDS = {  # kind -> how it is said just before a name; an earlier kind wins where two begin at the same word
    STOP: (
        rf"(?:nothing|anything|(?:off|no) (?:all |any )?(?:meds|drugs|medication|medicines?|treatments?|dmts?)) (?:since|after)"
        rf"|(?:didn't|didnt|did not|couldn't|couldnt|could not|never) (?:get on with|got on with|agree with|tolerate|stand|hack"
        rf"|handle|cope with|suit)"
        rf"|(?:no longer|not any ?more)(?: on| take| takes| taking| having| using)?|stop(?:s|ped|ping)?{_ME}{_TAKING}"
        rf"|(?:(?:came|come|comes|coming|gone|go|going|went|got|get|taken|took|take|taking|pulled|wean\w*){_ME} )?(?:completely "
        rf"|right )?off(?: of)?(?! label| sick| work| my food| duty| colour)"
        rf"|came of|quit(?:ted|ting)?|g[ai]ven?{_ME} up(?: on)?|giv(?:e|ing){_ME} up(?: on)?|(?:had enough|fed up|sick) of"
        r"|lasted (?:\w+ ){1,4}on|no more(?! than)|(?<=which i )left|left (?:it|that|them)(?! (?:out|in the|at|on|behind|off))"
        rf"|(?:pack|jack)(?:ed|ing)?{_ME} in(?! ice)"
        r"|pulled(?: it| them)?(?=\s*(?:$|[,.;!?)]|(?:same|the same|in|on|last|because|from|due|and|after|for)\b))"
        rf"|finish(?:ed|ing)?{_TAKING}|finished with|done with|complet(?:ed?|ing)"
        rf"|end(?:ed|ing)|discontinu\w+|ceas(?:ed?|ing)|drop(?:ped|ping)?|ditch(?:ed|ing)?|bin(?:ned|ning)|abandon\w*"
        rf"|fail(?:ed|ing|s)?(?: on)?"
        rf"|withdr[ae]w(?:n|ing)?|{_MOVED} (?:from|off|away from)|(?:went|going|gone|go|coming|came) from|instead of|in place of"
        rf"|replac(?:ed|ing)(?! (?:it |that )?(?:by|with))|(?<=▬ )without|washout(?: from)?"
        rf"|rebound (?:after|from)|history of"
        rf"|(?:previous|past|prior|former|old|earlier) (?:ms )?(?:treatments?|drugs?|dm[td]s?|meds?|medicines?|medications?|therap(?:y"
        rf"|ies))"
        rf"|previously(?: on"
        rf"| took| had| taking)?"
        rf"|formerly(?: on)?|past|ex|used to (?:be on|be taking|take|have|use|inject|be)|(?:before|prior to) (?:that|this"
        rf"|it)(?: i)?(?: was| had)?"
        rf"(?: on| it was)?|allergic to|react(?:ed|ion) (?:badly )?to|tried|clear of|free of|last ever|last (?:one|drug|dmt|medicine"
        rf"|treatment) was"),
    REFUSE: (
        r"than (?:to )?(?:go|going|start|starting|switch|switching|try|trying|be|being)(?: (?:over|on|to|onto))*|(?:didn't|didnt|did not"
        r"|don't|dont|do not) (?:want|fancy)(?! to)|refus(?:ed?|ing)|declin(?:ed?|ing)|turn(?:ed|ing)? down"
        r"|rul(?:ed|ing) out|against|rather than|avoid(?:ed|ing)?"
        r"|not suitable for|(?:insurance|insurer|nhs|funding|they)(?: has| have)? (?:denied|rejected|refused)(?: me)?|wrong about"
        r"|instead of (?:taking|having)|said no to"),
    PROPOSE: (
        rf"offer(?:ed|ing|s)?{_ME}|mention(?:s|ed|ing)?|(?:nurse|neuro\w*|doctor|doc|dr|consultant|specialist|team) (?:says?|said"
        rf"|reckons)|(?:prescription|script) (?:of|for)|(?:choices|options)(?: are| were| of)?|recommend(?:s|ed|ing)?{_ME}|suggest(?:s"
        rf"|ed|ing)?{_ME}|(?:scared|frightened|afraid|terrified|nervous) of|start date (?:for|of)|ask(?:s|ed|ing)?(?: (?:him|her|them"
        rf"|about))? (?:for|about)|propos(?:es?|ed|ing){_ME}|consider(?:s|ed|ing)?|think(?:ing)? (?:of|a?bout)"
        rf"|(?:dis)?cuss(?:ed|ing)|talk(?:s|ed|ing) (?:to (?:me|us) )?about"
        r"|want(?:s|ed)?(?: me| us| her| him) on|approved(?: for)?|eligible for|accepted for|referred for"
        rf"|put{_ME} forward for"
        rf"|(?:booked|scheduled|pencilled|down)(?: in)? for|wait(?:ing)? (?:for|on)"
        r"|(?:on|join(?:ed|ing)?|added to|put on) (?:the|a|their) (?:waiting )?list for"
        r"|await(?:ing)?|hoping for|interested in|keen on|next is"
        rf"|(?:i've|ive|have) chosen|weighing up|it (?:will|would|might|may|could) (?:probably )?be|left with"
        r"|looking (?:at|into|towards)|(?:choose|choosing|choice"
        rf"|decid\w+|deciding|torn|pick)(?: (?:of|between|on))|(?:the |my |our )?plan (?:is|was)(?: for)?"
        rf"|planning on"
        rf"|reckons?|(?<!do )(?<!not )(?:i|we) (?:really )?(?:want|would like|wanted|asked for|requested)(?! to)|up for"
        rf"|opt(?:ed|ing)? for"
        rf"|prescribed but not started|planned|deciding whether to (?:start|take)"),
    START: (
        rf"(?:re-?)?start(?:s|ed|ing)?{_ME}{_TAKING}|beg[aiu]ns?{_TAKING}|beginning{_TAKING}|commenc(?:e|ed|ing){_TAKING}|resum(?:e|ed|ing)"
        rf"|initiat(?:ed|ing){_TAKING}|(?:put|putting|got|get|getting){_ME}(?: back| straight)? on(?: ?to)?"
        rf"|(?:go|going|gone|goes|went)(?: straight| back| over)* on(?: ?to| to)?(?: taking)?|{_MOVED} (?:on ?to|over to|to|onto|on)"
        rf"|(?:went|gone|going|go) (?:back|straight|over) to"
        rf"|try(?:ing)?(?! for)(?: out)?|replaced (?:it |that )?(?:by|with)|in favou?r of|followed by"),
    HAD: (
        rf"doubl(?:ed|ing) up on|had|took|taken|takes?(?! off)|did|done|receiv(?:e|ed|ing)|got|gave{_ME}|giv(?:e|en|ing){_ME}"
        rf"|inject(?:ed|ing|s)?|jabbed"
        rf"|infused|used|have|has|having|get(?:s|ting)?|using|uses?|taking|prescrib(?:ed?|ing)|doing|do|do(?:es)?"),
    TAKE: r"(?:been|stay(?:s|ed|ing)?|remain(?:s|ed|ing)?|still|now|currently|also|back)? ?on|continu(?:e|es|ed|ing)(?: (?:on|with"
        r"|to take))?"
          r"|ke(?:ep|pt|eping)(?: (?:on|with|taking))*",
    NOT: (
        r"not(?! sure| certain| so | too | only| just| long| well| feeling| much)|never|no(?! i | it| we | wait| sorry| actually"
        r"| that| idea| problem"
        r"|,| more)|neither|nor|without|isn't|isnt|wasn't|wasnt|aren't|arent|ain't|don't|dont|doesn't|doesnt|didn't|didnt"),
    BESIDE: (
        r"with|since|after|during|miss(?:ed|ing)?|forgot(?:ten)?|skipp?(?:ed|ing)?|late with|overdue(?: for)?|due|next|is|am|double dosed"
        r"|then|later|until|till?|now|from|of|my|the|before|still|currently|over|except|other than|apart from"),
}
_CUE = re.compile("|".join(rf"(?P<{kind}>(?<![\w'])(?:{words})(?![\w']))" for kind, words in _WORDS.items()))
_PAST_FORM = re.compile(r"\w+ed\b|began|begun|went|came|took|taken|gave|given|got|gone|had|did|done|used|withdrawn")
_ADVERB = (r"(?:be|been|being|just|then|also|actually|only|ever|yet|really|even|currently|now|soon|still|always|finally|recently"
    r"|already|both|get|go|never"
           r"|quite|i|we|you|they|me|us|to|have|has|straight|back|probably|previously|originally|initially|once|first|maybe)")
_AHEAD = re.compile(
    r"(?:\b(?:(?:when|where|if|before) they|(?:do|did|does|would) (?:i|we|they|you)(?: (?:need|have) to)?"
    r"|will|'ll|wont|would|'d|should|shall|may|might|must|gonna|wanna|can|could|cannot|cant"
    r"|can't|won't|wouldn't|couldn't|due"
    r"|about|going|want|wants"
    r"|wanted|plan|plans|planned|planning|hope|hoping|need|needs|like|supposed|meant|ready|yet|waiting|booked|scheduled|agreed"
    r"|decided|considering|consider"
    rf"|thinking (?:of|a?bout)|before(?: i| we)?|tempted|safe|if|not|n't|or|told|wish|likely|allowed)(?: {_ADVERB})*"
    rf"|\b(?:nervous|scared|worried|anxious|frightened|terrified) (?:about|of|to)"
    rf"|(?<!had )(?<!forgot )(?<!forgotten )(?<!started )(?<!managed )(?<!used )"
    rf"(?<!came )(?<!able )(?<!got )\bto(?: {_ADVERB})*) $")
_MUST_TAKE = re.compile(r"\b(?:have|has|need|needs|got|hate|like) to $")
_MEANT_TO = re.compile(r"\b(?:meant|supposed) to(?: be)? $")
_WILL_LEAVE = re.compile(r"(?:come|go|coming|going|stop|stopping|finish|finishing|switch\w*(?<!ed)|move|moving|change|changing)\b")
_COMING_TIME = re.compile(
    r"(?: (?:my |the )?(?:[\w-]+|§)){1,2} (?:○|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next|tomorrow|soon|in (?:a|two|\d+) )")
_ON_AND = re.compile(r"\bon ?(?:and|/|&|n) ?$")  # "on and off for months"
_HAD_BEEN = re.compile(r"\b(?:i'd|we'd|id|had) $")
_STILL = re.compile(r"stay|remain|still|ke[ep]|continu")
_DENIED = re.compile(
    rf"\bnever again (?:will|would) i $|\brefus(?:e|es|ed|ing) to(?: be)? $|(?:\b(?:not|never|cannot|cant|dont|didnt|doesnt|wont"
    rf"|wouldnt|havent|hasnt|hadnt|isnt|wasnt|arent"
    rf"|aint|couldnt|shouldnt"
    rf"|without|nor|neither)|n't)"
    rf"(?: (?:{_ADVERB}|going|want|wants|wanted|plan\w*|supposed|allowed|able|gonna|be on|agree(?:d)?|got round|gotten round|let|i"
    rf"|they|we))* $")
_BEEN = re.compile(r"\b(?:was|were|wuz|had been|i'd been|id been|used to be|having been)(?: (?:previously|originally|first|only|once"
    r"|also|initially|before|still"
                   r"|both|already))* $")
_NOT_YET = re.compile(r"(?:\b(?:have|has) not|haven't|havent|hasn't|hasnt|\bnot|never got round to|never quite)(?: \w+){0,2} $")
_AGAIN = re.compile(r"re-?start|resum")
_SINCE = re.compile(r"\b(?:after|since|from|when|upon|on|post|following|ever since|by)(?: i| just| first)* $")
_IMAGINED = re.compile(r"\b(?:if|what if|supposing) (?:i|we)(?: (?:just|suddenly|ever))* $")
_NUMBER_NEXT = re.compile(r" (?:\d|about \d|point )")
_PARTICLE = re.compile(r"\b(?:better|worse|put|wear|wears|wore|wearing|set|sets|dozed|nodded|kick|kicks|kicked|days?|time|week) $")
_ABOUT_IT = re.compile(r"\b(?:of|by|for|with|about|before|is|was|does|could|would|can|will|did|until) $")  # "does stopping it cause ...?"
_BEING = re.compile(r"\b(?:i'm|im|i am|we're|is|are) being $")  # "I'm being moved to it"
_PASSIVE_AHEAD = re.compile(r"\b(?:be|being|get|getting) $")


class Cue(NamedTuple):
    """A cue at character offsets: its kind, and whether it is still `ahead` or `denied` (neither: it happened or holds)."""

    kind: str
    start: int
    end: int
    ahead: bool = False
    denied: bool = False
    not_yet: bool = False


def cues(text: str, start: int, end: int) -> list[Cue]:
    """The cues between two offsets, in order."""
    return [cue for match in _CUE.finditer(text, start, end) if (cue := _cue(text, start, match)) is not None]


def _cue(text: str, start: int, match: re.Match[str]) -> Cue | None:
    kind, before = str(match.lastgroup), text[max(start, match.start() - 48):match.start()]
    word = match.group()
    if word.endswith((" from", " to")) and _NUMBER_NEXT.match(text, match.end()) or word == "off" and (
            _PARTICLE.search(before) or _ON_AND.search(text, max(0, match.start() - 8), match.start())):
        return None  # "went from 0.8 to 1.2", "better off with"
    if kind == TAKE and word == "on" or kind == HAD and word in ("taking", "having", "using", "getting", "injecting"):
        kind = WAS if _BEEN.search(before) else TAKE
    if kind == TAKE and word == "been on" and _HAD_BEEN.search(before):
        return Cue(WAS, match.start(), match.end())
    happened = bool(_PAST_FORM.match(word))
    denied = bool(_DENIED.search(before))
    ahead = bool(_AHEAD.search(before)) and (not happened or bool(_PASSIVE_AHEAD.search(before)))
    ahead = ahead or word.startswith("stopping") and not _SINCE.search(before) and not _ABOUT_IT.search(before)
    ahead = ahead or kind == START and happened and bool(_BEING.search(before))
    ahead = ahead or kind == STOP and bool(_IMAGINED.search(before))
    if kind == STOP and _WILL_LEAVE.match(word) and _COMING_TIME.match(text, match.end()):
        ahead = True  # "I come off it on Friday"
    if kind in (HAD, TAKE) and (_MUST_TAKE.search(before) or word.startswith(("tak", "us", "inject")) and _MEANT_TO.search(before)):
        ahead = False
    if kind == TAKE and _STILL.match(word):
        ahead = False  # "do I stay on it?"
    if kind == START and re.search(r"ing\b", word) and not _SINCE.search(before):
        ahead = True
    if _AGAIN.match(word):
        kind, ahead = HAD, False  # who restarts it has taken it before
    return Cue(kind, match.start(), match.end(), ahead, denied, bool(_NOT_YET.search(before)))
