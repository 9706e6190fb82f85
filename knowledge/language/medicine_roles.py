"""What the person does with each medicine they name: takes it, took it, will take it, asks, denies, or speaks of another."""

from __future__ import annotations

import itertools
import re
from typing import Any

from knowledge.durations import days
from knowledge.language.medicine_names import Mention

Entity = dict[str, Any]

_RELATIVE = (
    r"(?:(?:step)?(?:sister|brother|mum|mom|mother|dad|father|son|daughter)|husband|wife|partner|friend|mate|aunt"
    r"|auntie|uncle|cousin|neighbou?r|colleague|co-?worker|boyfriend|girlfriend|fianc[eé]e?|flatmate|roommate"
    r"|niece|nephew|nan(?:na|a)?|gran(?:ny|dma|dad|dpa|dmother|dfather)?|bestie|boss|sis|bro|hubby|other half|in-law"
    r"|girl i know|guy i know)s?(?:-in-law)?")
_THIRD = re.compile(
    rf"^\W*(?:hi |hello |hey )?{_RELATIVE} (?:is|was|has|had|on|started|takes?|took|just|came|had)\b|\bhubby\b"
    rf"|\b(?:(?:my|our|a|his|her|the) (?:\w+ ){{0,2}}?{_RELATIVE}|he|she|he's|she's|hes|shes|someone|somebody"
    rf"|some people|people|others|everyone|a (?:lady|woman|man|guy|girl|bloke|person)|most patients|patients|his"
    rf"|her)\b")
_FIRST = re.compile(
    rf"\b(?:i|i'm|im|i've|ive|i'd|i'll|id|me|us|we|myself|my(?! (?:\w+ ){{0,2}}?(?:{_RELATIVE}|group|forum|clinic"
    rf"|class|work|family|street|church)\b))\b")
_TOGETHER = re.compile(
    rf"\b(?:me|i|myself) and (?:my |a )?(?:\w+ )?{_RELATIVE}\b[^.,;!?]*$|\b{_RELATIVE} and (?:i|me|myself)\b[^.,;!?]*$")
_QUESTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|but|please|ok|quick question|question|also|just wondering|wondering"
    r"|anyone know)[,: ]+)*(?:is|are|does|do|did|can|could|will|would|should|what|what's|whats|how|how's|why|which"
    r"|when|where|who|has|tell me|explain|any\b|anyone)\b")
_ASKED_BEFORE = re.compile(
    r"\b(?:what about|tell me (?:more )?about|information (?:on|about)|info (?:on|about)|told me about"
    r"|asking about|ask about|asked about|know about|questions? about|side effects? of|heard (?:about|of|that)"
    r"|read(?:ing)? (?:about|that|up on)|wondering (?:about|if|whether)|curious about|what is|what's|whats"
    r"|difference between|compared? (?:to|with)|compare|better than|versus|vs|opinions? on|thoughts on"
    r"|should i (?:take|try|go on|start|switch to|have|ask for|choose|pick)"
    r"|(?<!remember )(?<!sure )(?<!know )(?<!forget )(?<!forgotten )(?<!forgot )if i (?:took|take|had|start|started"
    r"|go on|went on|switch(?:ed)? to|choose)|experience (?:of|with)|explain|leaflet (?:on|about"
    r"|for))\s(?:\w+ ){0,2}$")
_SHARED_GAP = re.compile(
    r"[\s,/&+-]*(?:(?:and|or|n|then|plus|vs|versus|as well as|also|(?:and|or|then) (?:then|also|before that|later"
    r"|finally))\b[\s,]*)?(?:the |my )?$")
# (role, how it reads just before a name). The cue that ends last before the name decides.
_HAD = r"(?:had|have had|'ve had|did|done|have done|received|got)"
_CUES = [(role, re.compile(pattern)) for role, pattern in (
    ("current",
        r"\b(?:i'm|im|i am|am|now|still|currently|been|back|stay|staying|put me|got me|me back|remain|keep|kept"
        r"|continue|continuing|is|was put|was started|were put|go back) (?:still |now |currently |also "
        r"|back )*(?:on|taking|having|using|injecting)\b"),
    ("current",
        r"\b(?:started|starting on|began|begun|start|restarted|resumed|now on|now take|now taking|taking|take"
        r"|takes|took|using|use|inject|injected|injecting|on|from|changed to|put on|gave me|given|have|having|get"
        r"|getting|am|my|the|with|since|after|during|miss|missed|forgot|forgotten|skipped|late with|overdue"
        r"|double dosed)\b"),
    ("current",
        r"\b(?:switched|changed|moved|swapped|went|transitioned|converted|transferred|upgraded|escalated"
        r"|stepped up|going back|gone back|went back)(?: me| over| back"
        r"| straight)*(?: from [^.;!?]{1,60}?)? (?:on ?to|onto|to|over to|for)\b"),
    ("current",
        r"\b(?:never|not|haven't|havent|didn't|didnt|wouldn't|don't want to|dont want to) (?:stop|stopped|stopping"
        r"|come off|came off|quit)(?: taking)?\b"),
    ("current",
        r"\b(?:haven't|havent|have not|didn't|didnt|did not|forgot to|couldn't|not yet|can't|cant) (?:had|have"
        r"|take|taken|took|inject|injected|do|done) (?:my|the|this|today's|last)\b"),
    ("current",
        r"\b(?:after|since|from|when|upon|on|of|day|week|month) (?:first |just )?(?:starting|i started|i began"
        r"|beginning|i went on|going on|going onto|switching to|i switched to|changing to|moving to)(?: on)?\b"),
    ("current", r"\b(?:(?:never|not|didn't|haven't)\b.{0,30}\b(?:except|but|other than|apart from|only))\b"),
    ("current", r"\b(?:replaced (?:it )?(?:by|with)|in favou?r of|followed by|later|then|until|and now|before)\b"),
    ("current",
        r"\b(?:need|needs|want|wants|wanted|wanna|going|thinking of|thinking about|considering|like|plan|planning"
        r"|hoping|due|have|should|should i|can i|could i|if i|when i|tempted|about|will|may|might|must|safe|ready"
        r"|wish(?:ing)?)(?: me)?(?: to)? (?:stop|stopping|come off|coming off|quit|quitting|finish|finishing"
        r"|give up|giving up|drop|switch from|change from)(?: taking)?\b"),
    ("past",
        r"\b(?:stopped|stop(?: taking)?|came off|come off|coming off|gone off|went off|got off|taken off"
        r"|took me off|taking me off|pulled off|pulled me off|off|quit|quitted|gave up|given up|finished|finishing"
        r"|completed|ended|discontinued|ceased|dropped|ditched|failed|failing|allergic to|reacted (?:badly )?to"
        r"|reaction to|used to (?:be on|take|have|use|inject|be)|previously(?: on| took| had| taking)?"
        r"|formerly(?: on)?|past|ex|tried|switched from|switching from|changed from|moved from|moving from"
        r"|swapped from|swapped|went from|going from|gone from|switch from|coming from|came from|transition(?:ed"
        r"|ing)? from|changing from|change from|swap from|move from|before that|prior to that|before (?:that|this"
        r"|it)(?: i)?(?: was| had)?(?: on| it was)?|no longer(?: on| take| taking)?|not (?:on|taking) any ?more"
        r"|history of|washout from|instead of|replacing|replaced|after stopping|since stopping|from stopping"
        r"|(?:nothing|anything|(?:off|no) (?:all |any )?(?:meds|drugs|medication|medicines?|treatments?|dmts?)) (?:since|after)"
        r"|clear of|free of|finished with|done with|weaned off|came of|had to (?:stop|give up|come off|quit"
            r"|drop)(?: taking)?|stopping|since coming off|since finishing|after finishing|after coming off"
                r"|rebound after|last ever)\b"),
    ("past",
        r"\b(?:was|were|wuz|had been|i'd been|id been|used to be|having been) (?:previously |originally |first "
        r"|only |once |also |initially |before )*(?:on|taking|having|using|injecting|getting)\b"),
    ("planned",
        r"\b(?:due to (?:start|begin|go on|have|get)|about to (?:start|begin|go on|have|switch to)"
        r"|waiting (?:to (?:start|go on|have|begin|get)|for(?: the)?)|going to (?:start|be (?:on|starting|taking)"
        r"|go on|begin|have|try|switch to|take|get)|gonna (?:start|be on|go on|try)|will (?:be |soon )*(?:start"
        r"|starting|go on|going on|begin|take|taking|on|have|having|switch to|switching to)"
        r"|i'll (?:be )?(?:starting|start|going on|taking|on|having)|supposed to (?:start|be starting|go on)"
        r"|meant to (?:start|be starting)|want(?:s|ed)? (?:me|us) (?:to (?:start|go on|try|take|switch to|move to|be on"
        r"|have|change to|consider)|on)|want(?:s|ed)? to (?:start|go on|try|put me on|switch me to|move me to"
        r"|switch to|start me on|change me to|get)|consider(?:ing|ed)?|thinking (?:of|about)(?: starting| going on"
        r"| switching to| trying)?|offered(?: me)?|recommend(?:s|ed|ing)?|suggest(?:s|ed|ing)?|approved for"
        r"|prescribed but not started|haven't (?:yet )?(?:started|begun)|havent (?:yet )?(?:started|begun)"
        r"|not (?:yet )?started|yet to start|have yet to start|switching(?: me)? (?:on ?)?to|moving(?: me)? (?:on ?)?to"
        r"|changing(?: me)? (?:on ?)?to|switch (?:me )?to|move me to|change to|going on(?: ?to)?"
            r"|hoping (?:to (?:start|get"
        r"|go on|have|switch to)|for)|scheduled (?:for|to start)|booked (?:in )?for|before (?:i )?(?:start"
        r"|starting|going on|begin|beginning|i go on)|starting(?: on)?|plan(?:s|ned|ning)? (?:to|is) (?:start"
        r"|go on|switch to|switch me to)?|next is|put me forward for|referred for|decid(?:e|ing) (?:between|on)"
        r"|choose between|choosing between|start(?:ing)? me on|put me on .{0,12}next|awaiting|waiting on"
        r"|(?:to|or) (?:move to|switch to|change to|try|go on to)|i (?:really )?(?:want|would like|wanted|asked for"
            r"|requested)(?! to)|interested in"
        r"|(?:was|were) (?:supposed|due|meant|booked|scheduled) to (?:have|get|take)"
        r"|(?:the |my |our )?plan (?:is|was)(?: for)?"
        r"|deciding whether to (?:start|take)|(?:nervous|worried|scared|anxious|frightened|terrified) (?:about|of"
        r"|to) (?:start|starting|going on|taking)|planning on|begin|eligible for|accepted for"
        r"|first dose of .{0,8}is)\b"),
    ("negated",
        r"\b(?:never (?:been |had |taken |tried |used |on |did |done |ever |once |even )*(?:on|taken|had|tried"
        r"|used)?|not(?! sure| certain| so | too | only| just| long| well| feeling| much| yet (?:had|been)"
        r"| sleeping| helping| working| good| great| happy)(?: been| ever| currently| actually)* ?(?:on|taking|had"
        r"|have|taken|using|my)?|isn't|isnt|wasn't|wasnt|it's not|not on|aren't|ain't (?:on)?|(?:don't|dont|do not"
        r"|doesn't|didn't|didnt|did not|haven't|havent|have not|hasn't|wouldn't|won't|wont|will not|refused?"
        r"|declined|turned down|decided against|against) ?(?:ever |been |be |to |actually |going |want "
        r"|wanna )*(?:on|taking|take|taken|had|have|having|tried|used|use|start|do|get|want)?|without|no(?! i | it"
        r"| we | wait| sorry| actually| that| idea| problem|,)|neither|nor|rather than|avoid(?:ed|ing)?|ruled out"
        r"|not suitable for|instead of taking|wrong about)\b"),
)]
HAD_BEFORE = re.compile(rf"\b{_HAD}\b(?! to)(?:\s+\w+){{0,6}}\s*$")
_PAST_AFTER = re.compile(
    r"^(?:\s?\(?(?:from )?(?:19|20)\d\d ?(?:-|to|until|till) ?(?:19|20)?\d\d\b)"
    r"|^(?:'s)?(?:\s\w+){0,2}?\s?(?:(?:was |were |got |been |has been |had to be )?(?:stopped|discontinued"
    r"|withdrawn|cancelled)|stopped working|didn't work|didnt work|did not work|failed|wasn't working"
    r"|wasnt working|finished (?:in )?(?:19|20)\d\d|(?:finished|ended) (?:\w+ ){1,2}years? ago|up to (?:last|this"
    r"|20\d\d)|in the (?:early |mid |late )?(?:(?:19|20)?[0789]0'?s|nineties|noughties|eighties)"
    r"|before that|beforehand|previously|in the past|until|till|up until|(?:years|ages|a long time) (?:ago|back)"
    r"|back in the day|as a (?:kid|child|teenager)"
    r"|before(?=\s*(?:$|[,.;!?)]|(?:that|this|it|i (?:was|went|had|took|started|moved|switched))\b)))\b")
_HOW_TAKEN = re.compile(
    r"^\s(?:(?:with|without|before|after) (?:food|meals|eating|breakfast|milk)|properly|regularly|every ?day"
    r"|on time|as often)\b")
_COMING = re.compile(r"\s(?:is |starts? )?(?:next|tomorrow|soon|in (?:a|two|three|four|six|\d+) (?:days|weeks"
    r"|months))\b")
_FINE_UNTIL = re.compile(r"\b(?:(?:never|not|no)\b.{0,20}\b(?:trouble|problems?|issues?|bother\w*)|fine|okay"
    r"|ok) (?:with|on) (?:my )?$")
_PLANNED_AFTER = re.compile(
    r"^(?:'s)?(?:[^.!?;,]{0,25}?)\b(?:(?:is |starts |start |starting |will be |on )?(?:next (?:week|month|year"
    r"|monday|tuesday|wednesday|thursday|friday)|tomorrow|soon|in (?:a|two|three|\d+|the next|a few) (?:few "
    r"|couple of )?(?:days?|weeks?|months?))|yet)\b")
_FIRST_ONE = re.compile(r"\bfirst\b(?:\s\w+){0,4}\s*$")
_PEOPLE = re.compile(r"\b(?:people|patients|others|everyone|anyone|most)\b[^,.!?]{0,30}$")
_MISSED = re.compile(
    r"\b(?:haven't|havent|have not|didn't|didnt|did not|forgot|not) (?:\w+ )?(?:taking|taken|take|had|have|inject"
    r"|injected)\b(?:\s\w+)?\s$")
_TODAY = re.compile(
    r"^[^.!?;,]{0,12}\b(?:today|tonight|yesterday|this (?:morning|week|month|evening)|last night|for (?:a|two"
    r"|three|\d+|a few))\b")
_BEGIN = re.compile(r"\b(?:start|begin|begins|starts|starting|going|yet|switching)\b")
_STARTS_ON = re.compile(r"\b(?:i |we |i'll |to )(?:start|begin|go on)(?: on)?(?: my| the)? $")
_COMING_DAY = re.compile(
    r"^(?:[^.!?;,]{0,12})\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|later|tomorrow|next|soon|in )")
_COMING_FIRST = re.compile(r"^[^.!?;,]{0,20}\b(?:next|tomorrow|in \w+ (?:days|weeks|months))\b[^.!?;,]{0,20}\bfirst\b")
_ANYMORE = re.compile(r"^[^.!?;]{0,40}?\b(?:any ?more|any longer|no more|these days)\b")
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s|$)")
_SMALL_WORDS = re.compile(
    r"(?:[\s-]+(?:it|my|the|any|some|taking|having|on|with|of|a|another|an|that|this|to|using|courses?|rounds?|doses?"
    r"|infusions?|injections?|first|second|third|1st|2nd|3rd|last|final|years?|\d+|two|three|both|treatments?|drug"
    r"|medicine|called|tablets|cycles?|therapy|all))*[\s-]*$")
_MINE = re.compile(
    r"\b(?:my|i'm|im|i am|i've|ive|i have been|i take|i took|i was|i started|(?<!for )(?<!tell )me)\b"
    r"|\b(?:do|should|can|must|could|shall) i (?:\w+ ){0,3}(?:stop|stopping|come off|carry on|keep|continue|skip"
    r"|delay|miss|pause)\b")
_NOT_THIS = re.compile(r"(?:\bnot|n't|\bwrong|\bno) (?:my |the |on )?$")
_ONCE = re.compile(r"^[^,.;!?]{0,30}\b(?:once|one[- ]off)\b(?! (?:a|every|daily|weekly|monthly|per))")
_NOW_ON = re.compile(r"\b(?:now|currently) (?:i'm |im |i am )?(?:on|taking|have|using)\b")
_A_YEAR = 365  # days after which a treatment given in courses, or one that was "had", counts as past
_NOT_HAD = re.compile(r"\b(?:haven't|havent|have not|hasn't|not) (?:\w+ )?(?:had|got|done|received)\b")
FROM_TO = re.compile(
    r"^\s*(?:infusions?|injections?)?\s*(?:straight |over |on |back )?(?:to|onto|on to|->|=>|-->)\s+(?:my |the )?$")
_MOVED = re.compile(
    r"\b(?:switch|chang|mov|swap|went|go|transition|convert|transfer)\w*\s(?:me |straight |over )*(?:from )?(?:my "
    r"|the )?$|\bfrom (?:my |the )?$")
_NEW_DOSE = re.compile(r"^[\s\d.]*(?:mg|mcg)?\s*(?:to|onto|->)\s+(?:my |the )?$")
_MOVED_TO = re.compile(r"\b(?:switch|chang|mov|swap|transition|convert|transfer)\w*(?: \w+){0,2} (?:to|onto"
    r"|for)\s+(?:my |the )?$")
_FROM_BEFORE = re.compile(r"\bfrom\s+(?:my |the )?$")
_NOW_THIS = re.compile(r"\b(?:now|currently)(?: i'm| im| it's| on| taking| my)*\s+$")
_CHOSEN = re.compile(r"\b(?:chose|picked|went (?:with|for)|opted for|decided on|settled on|gone with) (?:the )?$")
_CHOICE = re.compile(r"\b(?:either|between|choice|options?|offered)\b[^.!?]*$")
_NOW_ON_THIS = re.compile(r"^[^.!?]*\bnow (?:i'm |im |i am |it's )?(?:on|taking|having|using)\s(?:my |the )?$")
_BEFORE_THIS = re.compile(r"\b(?:before|prior to|previous to) (?:my |the )?$")
_DID = re.compile(r"\bi (?:did|had|took|tried|got|was (?:on|taking))\b[^.!?]*$")
_PUT_ME_ON = re.compile(
    r"\b(?:moved|switched|changed|swapped|transferred|put)(?: me)? (?:on ?to|onto|to|over to|on)\s(?:the |a )?$")
_BESIDE_A_THERAPY = frozenset({"methylprednisolone"})  # given on top of a therapy, not in its place
_SAID_OF_IT = re.compile(r"^(?:'s)?\s(?:was|were|did|didn't|made|gave|caused|worked|never|helped)\b")
_LEFT_IT = re.compile(
    r"\b(?:i|we|they|she|he|neuro\w*|doctor|nurse|consultant|and|so|then|i've|'ve|have|had to)\s(?:then |just "
    r"|have |has |had |had to )*"
    r"(?:stopped|quit|came off|come off|finished|ditched|dropped|binned|stop)(?: taking| using)? (?:it|that|them)\b"
    r"|\b(?:but|so|and|then) (?:i|they) (?:just )?stopped (?:last|in|because|cos|as|due|after|\w+ (?:weeks|months"
    r"|years) ago)\b"
    r"|\b(?:then|and|but|so) (?:i |we )?(?:quit|gave up|came off|stopped)\b(?=\s*(?:$|[.,;!?]|because|cos|as\b|due"
    r"|after))"
    r"|\bg[ai]ven? it up\b|\b(?:took|taken|pulled) me off(?: it)?\b(?! (?:my|the) )")
_NOT_LEFT = re.compile(
    r"\b(?:should|shall|can|could|may|might|if|when|want|wants|wanted|going|need|needs|until|before|never|not"
    r"|didn't|haven't|n't"
    r"|told|restarted|started again|back on)\b")
_MINE_TOO = re.compile(
    r"\b(?:i'm|i am|im|i've been|ive been|i was put|they put me|i was) (?:currently |now |still |also )?"
    r"(?:on|taking|having) (?:it|this|that|them)\b"
    r"|\bi take (?:it|that|this)\b|\bmine (?:is|are|was|were)\b")
_NOT_YET = re.compile(
    r"\b(?:switching|moving|changing|going|will|wants?|gonna|due|next|soon|about to|thinking|consider\w*|should i"
    r"|might|may|planning|plan|tomorrow|offered|suggest\w*|hoping|want(?:s|ed)? to)\b")
_AFTER_THAT = re.compile(r"^\s*(?:infusions? |injections? )?(?:started |came )?after\s+(?:my |the )?$")
_THEN_THIS = re.compile(r"\b(?:then|followed by) (?:on |to |onto |on to )?(?:the )?$")
_THEN = re.compile(r"\b(?:then|after that|followed by|later)\b")
_NOW = re.compile(r"\b(?:now|currently|then|finally|at the moment|these days)\b")


def _role_of(text: str, start: int, end: int, left: int, right: int, sentence: tuple[int, int]) -> str:
    """current, past, planned, asked, negated or other_person for a name at these offsets.

    `left` and `right` bound the words that belong to it (the neighbouring names or the ends of the sentence).
    """
    before, after = text[left:start], text[end:right]
    whole_before = text[sentence[0]:start]
    role, strength = _by_cue(before)
    if role == "negated" and _ANYMORE.match(text[end:sentence[1]]):
        role = "past"
    if role == "negated" and re.search(r"\bhad no\s+$", before) and re.match(r"\W*(?:\w+ )?(?:since|for|in)\b", after):
        role = "current"  # "I've had no ocrevus since January"
    if role == "negated" and _MISSED.search(before) and _TODAY.match(after):
        role = "current"
    if role == "past" and re.search(r"\bstopping\s(?:\w+\s)?$", before) and _COMING.match(after):
        role = "current"
    if role == "negated" and _HOW_TAKEN.match(after):
        role = "current"
    if role in ("current", "asked") and _PAST_AFTER.match(after) and not _FINE_UNTIL.search(before):
        role = "past"
    if _PEOPLE.search(whole_before) and _QUESTION.match(text[sentence[0]:sentence[1]]):
        return "asked"
    if _other_person(whole_before):
        return "negated" if role == "negated" else "other_person"
    if role in ("current", "negated") and _STARTS_ON.search(before) and _COMING_DAY.match(after):
        return "planned"
    if role == "current" and _COMING_FIRST.match(after):
        return "planned"
    beginning = _BEGIN.search(before + after) or _FIRST_ONE.search(before)
    if role in ("current", "negated") and strength and beginning and _PLANNED_AFTER.match(after):
        return "planned"
    if role in ("current", "planned") and _asked(text, start, end, sentence, strength):
        return "asked"
    return role


def _by_cue(before: str) -> tuple[str, bool]:
    """Role by the cue that ends last before the name, small words between them aside; whether there was one."""
    best = ("current", -1, -1)
    small = _SMALL_WORDS.search(before)
    reach = small.start() if small else len(before)
    before += "x" if before.endswith(" ") else ""  # stands for the name, so that a cue may end at its first letter
    for role, pattern in _CUES:
        for match in pattern.finditer(before):
            if role == "negated" and "," in before[match.end():]:
                continue
            end = len(before) if match.end() >= reach else match.end()
            if (end, match.end() - match.start()) > best[1:]:
                best = (role, end, match.end() - match.start())
    return best[0], best[1] >= 0


def _other_person(before: str) -> bool:
    if _TOGETHER.search(before):
        return False
    third = [match.end() for match in _THIRD.finditer(before)]
    first = [match.end() for match in _FIRST.finditer(before)]
    return bool(third) and (not first or third[-1] > first[-1])


def _asked(text: str, start: int, end: int, sentence: tuple[int, int], strength: bool) -> bool:
    before = text[sentence[0]:start]
    if _ASKED_BEFORE.search(before):
        return True
    whole = text[sentence[0]:sentence[1]]
    if not (_QUESTION.match(whole) or text[sentence[1]:sentence[1] + 1] == "?"):
        return False
    mine = _MINE.search(whole)
    cause = re.search(
        r"\b(?:is (?:it|this|that)|could (?:it|this|that) be|from|because of|due to|down to|caused by)\s(?:the "
        r"|my )?$", before)
    return not mine and not (cause and not re.match(r"\W*$", before) and "this" in before + "the ")


def set_roles(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> None:
    """Set the role of each mention of a therapy; `courses`: ids of the therapies given in courses."""
    for number, mention in enumerate(mentions):
        sentence = sentence_around(text, mention.start, mention.end)
        earlier = [one for one in mentions[:number] if one.start >= sentence[0]]
        later = [one for one in mentions[number + 1:] if one.end <= sentence[1]]
        left = earlier[-1].end if earlier else sentence[0]
        right = later[0].start if later else sentence[1]
        if earlier and _SHARED_GAP.fullmatch(text[left:mention.start]) and not re.search(
            r"\bthen\b", text[left:mention.start]):
            if earlier[-1].role == "past" and _COMING.match(text, mention.end):
                mention.role = "planned"
                continue
            listed = re.search(r"\b(?:or|nor|and)\b|/", text[left:mention.start])
            corrected = not listed and _NOT_THIS.search(text[sentence[0]:earlier[-1].start])
            mention.role = "current" if corrected and earlier[-1].role == "negated" else earlier[-1].role
            continue
        mention.role = _role_of(text, mention.start, mention.end, left, right, sentence)
        if mention.role == "current":
            mention.role = _after_had(text, mention, left, right, times, courses)
    _by_transition(text, mentions)
    _by_contrast(text, mentions)
    _by_pronoun(text, mentions)


def _after_had(text: str, mention: Mention, left: int, right: int, times: list[Entity], courses: frozenset[str]) -> str:
    """"I had it in 2019" is past; "I had my infusion last week" is not."""
    before = text[left:mention.start]
    near = [time for time in times if left <= time["start"] < right]
    since = [days(time["value"]) for time in near if time["entity"] == "time_since"]
    end = sentence_around(text, mention.start, mention.end)[1]
    if HAD_BEFORE.search(before) and _NOW_ON.search(text[mention.end:end]):
        return "past"
    took = re.search(r"\b(?:took|used|did) (?:my )?$", before)
    if re.search(r"\b(?:gave me|given|had|got)\b", before) and _ONCE.search(text[mention.end:right]):
        return "past"
    had = bool(took or HAD_BEFORE.search(before)) and not _NOT_HAD.search(before)
    if not had and mention.name.ids[0] not in courses:
        return "current"
    if since:
        return "past" if max(since) >= _A_YEAR else "current"
    lasted = any(time["entity"] == "duration" and text[:time["start"]].endswith("for ") for time in near)
    return "past" if had and lasted and not re.search(r"\b(?:have|'ve|ive) had\b", before) else "current"


def _by_transition(text: str, mentions: list[Mention]) -> None:
    """"from A to B": A is past and B current, or A current and B planned when the move is still ahead."""
    moved_to = -1
    for first, second in zip(mentions, mentions[1:], strict=False):
        sentence = sentence_around(text, first.start, second.end)
        lead, gap = text[sentence[0]:first.start], text[first.end:second.start]
        if first.name == second.name and _NEW_DOSE.match(gap):
            first.role = second.role  # "from copaxone 20 to copaxone 40"
            continue
        if first.role == "current" and _MOVED_TO.search(lead) and _FROM_BEFORE.search(gap):
            second.role = "past"
        left_too = _THEN.search(gap) and _NOW.search(text[second.end:sentence[1]])
        if first.role == "past" and second.role == "current" and left_too:
            second.role = "past"
        if second.role == first.role == "current" and _THEN_THIS.search(gap):
            first.role = "past"
        if second.role == first.role == "current" and _AFTER_THAT.match(gap):
            second.role = "past"
        moved = _MOVED.search(lead) or (first.start > moved_to and moved_to >= sentence[0])
        if not (FROM_TO.match(gap) and moved):
            continue
        moved_to = first.start
        if first.role in ("asked", "other_person"):
            second.role = first.role
            continue
        if re.search(r"\b(?:should|can|could|would) i\b", lead[-40:]):
            first.role, second.role = "current", "asked"
            continue
        ahead = _NOT_YET.search(lead[-60:]) or re.match(
            r"[^.!?]{0,20}\b(?:next|soon|tomorrow|in (?:two|\d|a few))\b", text[second.end:sentence[1]])
        first.role, second.role = ("current", "planned") if ahead else ("past", "current")


def _by_contrast(text: str, mentions: list[Mention]) -> None:
    """"rebif was fine, now tysabri itches": what is said in the past tense before the one taken now is past."""
    now = [one.start for one in mentions if one.role == "current" and _NOW_THIS.search(text[max(0, one.start - 30):one.start])]
    chosen = {one.name for one in mentions if _CHOSEN.search(text[max(0, one.start - 24):one.start])}
    for first, second in itertools.pairwise(mentions):
        gap = text[first.end:second.start]
        if chosen and first.name not in chosen and _CHOICE.search(text[max(0, first.start - 60):first.start]):
            first.role = "negated"
        if first.name != second.name and first.role == second.role == "current" and _NOW_ON_THIS.search(gap[-40:]):
            first.role = "past"
        if second.role == "current" and _BEFORE_THIS.search(text[max(0, first.start - 20):first.start]) and _DID.search(gap):
            second.role = "past"
        replaced = first.name != second.name and _PUT_ME_ON.search(gap) and second.name.ids[0] not in _BESIDE_A_THERAPY
        if replaced and first.role == second.role == "current":
            first.role = "past"
    for mention in mentions:
        if mention.role == "current" and mention.end < max(now, default=0) and _SAID_OF_IT.match(text[mention.end:mention.end + 20]):
            mention.role = "past"


def _by_pronoun(text: str, mentions: list[Mention]) -> None:
    """What is said of a medicine as "it": "extavia made me sore so I quit it", "is gilenya safe? I'm on it"."""
    for number, mention in enumerate(mentions):
        end = mentions[number + 1].start if number + 1 < len(mentions) else mention.end + 200
        rest = text[mention.end:min(end, mention.end + 200)]
        if mention.role == "current" and _LEFT_IT.search(rest) and not _NOT_LEFT.search(rest):
            mention.role = "past"
        elif mention.role == "asked" and _MINE_TOO.search(rest):
            mention.role = "current"


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around two offsets, looking at most 400 characters each way (linear in total)."""
    left, right = max(0, start - 400), min(len(text), end + 400)
    for match in _SENTENCE_END.finditer(text, left, right):
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            return left, match.start()
    return left, right
