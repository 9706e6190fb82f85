"""What the person does with each medicine they name: takes it, took it, will take it, asks, denies, or speaks of another."""

from __future__ import annotations

import itertools
import re
from typing import Any

from knowledge.durations import days
from knowledge.language.medicine_cues import BESIDE, HAD, NOT, PROPOSE, REFUSE, START, STOP, TAKE, WAS, Cue, cues
from knowledge.language.medicine_events import NO_OTHER_OBJECT, SPOILT, left_it
from knowledge.language.medicine_names import Mention
from knowledge.language.people import RELATIVE

Entity = dict[str, Any]

_THIRD = re.compile(
    rf"^\W*(?:hi |hello |hey )?{RELATIVE}(?: (?:in|from|at) \w+)?"
    r"(?:'s\b| (?:is|was|has|had|on|started|takes?|took|just|came|had)\b)|\bhubby\b"
    rf"|\b(?:(?:my|our|(?<!as )(?<!i'm )(?<!im )(?<!i am )a|his|her|the) (?:\w+ ){{0,2}}?{RELATIVE}"
    rf"|he|she|he's|she's|hes|shes|someone|somebody"
    rf"|the (?:lady|woman|man|guy|girl|bloke|person|patient)(?! (?:at|from|in) the (?:clinic|hospital|surgery|chemist"
    rf"|pharmacy)\b)|some people|people|others|everyone"
    rf"|(?<!i'm )(?<!im )(?<!i am )(?<!as )a (?:lady|woman|man|guy|girl|bloke|person)"
    rf"|most patients|patients|him|his"
    rf"|her)\b")
_SAME_MEDICINE = re.compile(
    r"\s(?:over )?to (?:a |an |the |its )?(?:\w+ )?(?:generic|biosimilar|brand|version|formulation|sub ?cut\w*|under the skin"
    r"|injection|extended|six|6)\b")
_ON_THE_FLOOR = re.compile(r"[^.,;!?]{0,20}\b(?:pens?|tablets?|capsules?|syringe|box|bottle|needle|floor)\b")
_OF_SOMEBODY = re.compile(  # "X gave my mother a rash", "X for our 11 year old"
    rf"[^.,!?]{{0,40}}?\b(?:(?:gave|made|killed|helped|caused|cured|worked for|did) (?:my|our|his|her|a)|for (?:my"
    rf"|our)) (?:{RELATIVE}|little one|\d+[- ]?(?:years?|yrs?)?[- ]?(?:old|yo))\b")
_SO_AM_I = re.compile(r"[^.!?]{0,30}\b(?:so (?:am|do|have|did) i|me too|as am i|i am too|just like me)\b")
_PRESCRIBER = re.compile(  # "he's talking about X"
    r"\b(?:he|she|he's|she's|hes|shes|they|they're)(?: has| is)?(?: been| always| now| really)* $")
_MY_SOMEBODY = re.compile(  # whoever it is, she takes it: "my flatmate is on", "the lady next door takes"
    r"\b(?:my|the|our) (?!(?:ms|own|current|new|old|only|other|next|last|first|latest|doctor|dr|gp|neuro\w*|consultant|nurse"
    r"|specialist|team|hospital"
    r"|treatment|dmt|med\w*|drug|infusion|body|immune|plan|course)\b)(?:\w+ ){1,2}(?:(?:is|was|has been|'s|has|got) (?:on|taking"
    r"|put on)|takes|went on|came off)\b")
_FIRST = re.compile(
    rf"\b(?:i|i'm|im|i've|ive|i'd|i'll|id|(?<!beside )(?<!next to )(?<!opposite )(?<!behind )me|us|we|myself"
    rf"|my(?! (?:\w+ ){{0,2}}?(?:{RELATIVE}|group|forum|clinic"
    rf"|class|work|family|street|church)\b))\b")
_NO_SUBJECT = re.compile(r"\b(?:until |straight )?(?:after|before) $")  # "after the kids"
_TOGETHER = re.compile(
    rf"\b(?:me|i|myself) and (?:my |a )?(?:\w+ )?{RELATIVE}\b[^.,;!?]*$|\b{RELATIVE} and (?:i|me|myself)\b[^.,;!?]*$")
_QUESTION = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|but|please|ok|quick question|question|also|just wondering|wondering"
    r"|anyone know)[,: ]+)*(?:is|are|does|do|did(?= (?:i|you|he|she|they|we|it|any\w*|this|that|the)\b)|can|could|will|would|should|what"
    r"|what's|whats|how|how's|why|which"
    r"|when|where|who|has|tell me|explain|any\b|anyone)\b(?!')")
_ASKED_BEFORE = re.compile(
    r"\b(?:what about|tell me (?:more )?about|information (?:on|about)|info (?:on|about)|told me about"
    r"|comparing|researching|looking into|asking about|ask about|asked about|know about|questions? about|side effects? of"
    r"|heard (?:about|of|that)"
    r"|read(?:ing)?(?: about| that| up on)?|wondering (?:about|if|whether)|to know (?:about|if|whether)|curious about|what is|what's|whats"
    r"|difference between|compared? (?:to|with)|compare|better than|versus|vs|opinions? on|thoughts on"
    r"|should i (?:take|try|go on|start|switch to|have|ask for|choose|pick)"
    r"|(?<!remember )(?<!sure )(?<!know )(?<!forget )(?<!forgotten )(?<!forgot )if i (?:took|take|had|start|started"
    r"|go on|went on|switch(?:ed)? to|choose)|experience (?:of|with)|explain|wash[- ]?out (?:period |time )?(?:for|of|from|with"
    r"|after|between)"
    r"|half[- ]life of|(?:leaflets?|booklets?|brochures?|paperwork) (?:on|about"
    r"|for))\s(?:\w+ ){0,2}$")
_SHARED_GAP = re.compile(
    r"[\s,/&+-]*(?:(?:and|or|n|then|plus|vs|versus|as well as|also|(?:and|or|then) (?:then|also|before that|later"
    r"|finally))\b[\s,]*)?(?:the |my )?$")
_OWN_VERB = re.compile(r" (?:is|was|did|didn't|has|had|makes|made|gave|gives|went|worked|seems|sounds)\b(?! (?:both|all)\b)")
_HAD = r"(?:had|have had|'ve had|did|done|have done|received|got)"
HAD_BEFORE = re.compile(rf"\b{_HAD}\b(?! to)(?:\s+\w+){{0,6}}\s*$")
_PAST_AFTER = re.compile(
    r"^[- ]free\b|^[^.,;!?]{0,20}\bbehind me\b|^ in my (?:early |mid |late )?(?:teens|(?:twen|thir|for|fif|six)ties|[1-6]0'?s)\b"
    r"|^ (?:made|gave|caused|left|did|was)\b[^.!?;,]{0,30}\b(?:years|ages|decades) (?:ago|back)\b|"
    r"^(?:\s?\(?(?:from )?(?:19|20)\d\d ?(?:-|to|until|till?) ?(?:19|20)?\d\d\b)"
    r"|^(?:'s)?(?:\s\w+){0,2}?\s?(?:(?:was |were |got |been |has been |had to be )?(?:stopped|discontinued"
    r"|withdrawn)|stopped working|is (?:now )?out\b|didn't work|didnt work|did not work|failed|lasted|was my (?:very )?(?:first"
    r"|previous|last"
    r"|old|original)(?! (?:dose|infusion|one|jab|drip|injection))| wash[- ]?out\b"
    r"|wasn't working"
    r"|wasnt working|finished (?:in )?(?:19|20)\d\d|(?:finished|ended) (?:\w+ ){1,2}years? ago|up to (?:last|this"
    r"|20\d\d)|in the (?:early |mid |late )?(?:(?:19|20)?[0789]0'?s|nineties|noughties|eighties)"
    r"|before that|beforehand|previously|in the past|(?:up )?(?:until|till?)(?! (?:then|now|next|further|i|the|today|date"
    r"|this (?:day|morning|week))\b)|(?:years|ages"
    r"|a long time) (?:ago|back)"
    r"|back in the day|as a (?:kid|child|teenager)"
    r"|before(?=\s*(?:$|[,.;!?)]|(?:that|this|it|i (?:was|went|had|took|started|moved|switched))\b)))\b")
_NONE_SINCE = re.compile(
    r"(?: (?:infusions?|doses?|injections?|tablets?|capsules?|at all))?"
    r" (?:since|for (?:about |over |nearly )?(?:the (?:past|last) )?(?:\d+|an?|one|two|three|four|five|six|seven|ten|several|weeks"
    r"|months|days)"
    r"|in (?:over |about |nearly )?(?:\d+|an?|two|three|four|five|six|weeks|months))\b")
_HOW_TAKEN = re.compile(
    r"^\s(?:(?:with|without|before|after) (?:food|meals|eating|breakfast|milk)|properly|regularly|every ?day"
    r"|on time|as often)\b")
_COMING = re.compile(
    r"(?: at home)?\s(?:is |starts? )?(?:next|tomorrow|soon|in (?:a|two|three|four|six|\d+) (?:days|weeks|months)(?:'? time)?)\b")
_SAID = re.compile(r"\b(?:says?|said|reckons)$")
_SAID_THAT = re.compile(r" (?:can|could|might|may|is|was|will|would|does|has|gives|causes)\b")
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
_START_IT = re.compile(r"(?:^|[,;:(] ?|\band )start(?:ing)?(?: on)?(?: my| the)? $")
_A_DATE = re.compile(r" (?:on )?(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))")
_NO_THANKS = re.compile(r"\W{0,3}(?:i (?:say|said) )?(?:no thanks|no thank you|no way|no chance|not a chance|absolutely not)\b")
_HAD_ME_ON = re.compile(r"\b(?:they|he|she|hospital|doctors?|neuro\w*|consultant|clinic|team) (?:first )?had me on (?:the )?$")
_WHAT_NOT = re.compile(r"\W*(?:what|which) (?:\w+ ){0,3}(?:not|never|can't|cant|cannot|shouldn't|shouldnt|mustn't|mustnt)\b")
_COMING_DAY = re.compile(
    r"^(?:[^.!?;,]{0,12})\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|later|tomorrow|next|soon|in )")
_COMING_SOON = re.compile(rf"(?:\s\w+)?{_COMING.pattern}")
_COMING_FIRST = re.compile(
    r"^(?: infusion| dose| injection| starts)? in (?:about |just )?(?:\d+|an?|one|two|three|four|six|eight) (?:days?|weeks?"
    r"|months?)'? time\b|"
    r"^ (?:date|appointment|slot)\b[^!?;]{0,30}\bmy first\b|^[^.!?;,]{0,20}\b(?:no\.?|number|#|infusion|dose) ?(?:1|one) is (?:on|in|at"
    r"|due|booked|next|tomorrow)\b|^[\s:,-]*(?:my |the )?first (?:\w+ )?(?:is|will be|due|booked|scheduled)\b|^[^.!?;,]{0,20}\b(?:next"
    r"|tomorrow|in \w+ (?:days|weeks"
    r"|months))\b[^.!?;,]{0,20}\bfirst\b")
_ANYMORE = re.compile(r"^[^.!?;]{0,40}?\b(?:any ?more|any longer|no more|these days)\b")
_SUBJECT = re.compile(
    r"(?:'s)?[\s,)]+(?:(?:infusions?|injections?|treatments?|tablets|capsules|therapy|jabs?|\d+ ?(?:mg|mcg|g)?|iv|x ?\d|\dg|(?:years?|yr"
    r"|weeks?|wk|course|round) \d|daily|all"
    r"|both|which|that|was|were|is"
    r"|are|has|have|had|been|being|got|get|be|to|supposed|due|meant|going|now|just|then|they|it|i)[\s,]+)*")
_FINISHED = re.compile(  # a course may have ended without an end of the treatment; the others are no verbs
    r"finish|complet|end|tried|past|ex|previous|before|instead|in place|replac|wash|rebound|history|allergic|react|off")
_FINISHED_IT = re.compile(r"finished|ended|completed")
_A_DOSE_OF = re.compile(r"\b(?:infusion|drip|dose|round|bag|course|cycle|injection|pack)s?(?: \w+)? of (?:my )?$|\b(?:infusion|dose"
    r"|drip|round) \d+ $")
_STARTS = re.compile(r"starts?\b|begins?\b")
_SENTENCE_END = re.compile(r"(?<!\bno)[.!?;\n]+(?=\s|$)")
_SMALL_WORDS = re.compile(
    r"(?:[\s-]+(?:it|my|the|any|some|even|just|taking|having|on|with|of|a|another|an|that|this|to|using|courses?|rounds?|doses?"
    r"|infusions?|injections?|first|second|third|1st|2nd|3rd|last|final|again|ever|more|own|new|generic|next|half|either|both|the"
    r"|years?|\d+|two|three|both|treatments?|trial|study|drug"
    r"|medicine|called|tablets|cycles?|therapy|all))*[\s:-]*$")
_NEXT_ONE = re.compile(r"(?: is)? next\s*(?:$|[.,;!?])|'?s? (?:is|are) coming\b")
_DUE_FOR = re.compile(r"\bdue (?:for|to have) (?:a |my |the )?(?:first )?$")
_BOOKED = re.compile(r"booked|scheduled|pencilled")  # the next of many, or the first
_UNDECIDED = re.compile(r"ch|decid|torn|pick")
_ANOTHER = re.compile(r"\b(?:next|another|(?:my|the) (?:second|third|fourth|last|final|\d\w*)|my(?! first)|second|third|2nd|3rd"
    r"|(?:year|round|course|cycle|dose|infusion) (?:two|three|\d))\b")
_MINE = re.compile(
    r"\b(?:my|i'm|im|i am|i've|ive|i have been|i take|i took|i was|i started|(?<!for )(?<!tell )(?<!were )me)\b"
    r"|\bif i (?:just |suddenly )?(?:stop|quit|come off|came off|skip|miss)\w*"
    r"|\b(?:do|should|can|must|could|shall) i (?:\w+ ){0,3}(?:stop|stopping|come off|carry on|keep|continue|skip"
    r"|delay|miss|pause)\b")
_THIS_ON_IT = re.compile(r"\b(?:is|are) (?:this|that|these|those|they|mine) (?:\w+ ){1,3}(?:on|with|for|while on) (?:my )?$")
_TAKEN_FOR = re.compile(r",? (?:for )?(?:about |over |nearly )?(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten) (?:years?"
                        r"|yrs?|months?|weeks?)"
                        r"(?: now| so far)?\s*[?.]?$")
_WITH_DOSE = re.compile(r"\w+(?: pens?| tablets?| injections?| capsules?)? (?:\d[\d.]* ?(?:mg|mcg|g)|every|each|once a|twice a|daily"
                        r"|weekly)\b")
_STAYING = re.compile(r"\b(?:stay|keep|carry|carrying|continue|remain)\w*(?: on| with| taking)*(?: my| the)? $")
_NOT_THIS = re.compile(r"(?:\bnot|n't|\bwrong|\bno) (?:my |the |on )?$")
_ONCE = re.compile(r"^[^,.;!?]{0,30}\b(?:once|one[- ]off)\b(?! (?:a|every|daily|weekly|monthly|per))")
_NOW_ON = re.compile(r"\b(?:now|currently) (?:i'm |im |i am )?(?:on|taking|using)\b")
_COURSE_OVER = 90  # days after which a course of steroids, or a transplant, is history
A_YEAR = 365  # days after which a treatment given in courses, or one that was "had", counts as past
_NOT_HAD = re.compile(r"\b(?:haven't|havent|have not|hasn't|not) (?:\w+ )?(?:had|got|done|received)\b")
FROM_TO = re.compile(
    r"^\s*(?:infusions?|injections?|jabs?|needles?|pens?|drips?|tablets?|capsules?)?\s*(?:straight |over |on |back )?(?:became\s"
    r"|and (?:on ?to|over to)\s|(?:to|onto|on to|for|with)\s"
    r"|->|=>|-->|>|\u2192)\s*(?:my |the )?$")
_MOVED = re.compile(
    r"\b(?:switch|chang|mov|swap|went|go|transition|convert|transfer|replac)\w*\s(?:me |straight |over |off |in \w+ "
    r"|last \w+ )*(?:from )?(?:my "
    r"|the )?$|\bfrom (?:my |the )?$|\b(?:me|us|him|her) off (?:my |the )?$")
NEW_DOSE = re.compile(r"^[\s\d.]*(?:mg|mcg|iv|sc|drips?|infusions?|injections?|pens?)?\s*(?:to|onto|->)\s+(?:my |the )?$")
_MOVED_TO = re.compile(r"\b(?:switch|chang|mov|swap|transition|convert|transfer)\w*(?: \w+){0,2} (?:to|onto"
    r"|for)\s+(?:my |the )?$")
_FROM_BEFORE = re.compile(r"\bfrom\s+(?:my |the )?$")
_NOW_THIS = re.compile(r"\b(?:now|currently)(?: i'm| im| it's| on| taking| my)*\s+$")
_CHOSEN = re.compile(r"\b(?:chose|picked|went (?:with|for)|opted for|decided on|settled on|gone with) (?:the )?$")
_OVER = re.compile(r" over (?:the )?")
_NOW_ON_THIS = re.compile(r"^[^.!?]*\bnow (?:i'm |im |i am |it's )?(?:on|taking|having|using)\s(?:my |the )?$")
_WOULD_IT_BE = re.compile(r"\bwould (?:the |going on |switching to |moving to |having |a )?$")
_BETTER_THAN = re.compile(r" (?:be|work|do|suit)(?: me)?(?: any)? (?:better|safer|stronger|easier|worse|more \w+)(?: for me"
                          r"| for someone like me)? than (?:my |the )?(?=\w+)")
_BEFORE_THIS = re.compile(r"\b(?:before|prior to|previous to) (?:my |the )?$")
_DID = re.compile(r"\bi (?:did|had|took|tried|got|was (?:on|taking))\b[^.!?]*$")
_PUT_ME_ON = re.compile(
    r"\b(?:moved|switched|changed|swapped|transferred|put)(?: me)? (?:on ?to|onto|to|over to|on)\s(?:the |a )?$")
_BESIDE_A_THERAPY = frozenset({"methylprednisolone"})  # given on top of a therapy, not in its place
_TAKEN_TOGETHER = _BESIDE_A_THERAPY | {"methotrexate", "azathioprine", "mycophenolate", "cyclophosphamide"}
_BESIDE = 5  # characters from a name to a time right behind it: " for "
_NEXT_LENGTH = re.compile(r" (?:for )?[\w ]{1,24}(?:,|\b(?:and|then)|,? (?:and then|then|and))(?: on)? ")
_SAID_NOW = re.compile(r"\b(?:now|currently|at the moment|these days|presently|still)\b[^.!?,;]{0,20}$")
_TWO_MONTHS = 61  # days
_CLAUSE_EDGE = re.compile(r"[,:()]|\b(?:and|but|because|so|although|though)\b")
_PAST_TENSE = re.compile(
    r"\b(?:did|had|took|was|were|gave|made|caused|got|hated|loved|went|stopped|worked|helped|hurt|put|couldn't|didn't|\w+ed)\b")
_PRESENT_TENSE = re.compile(
    r"\b(?:is|are|am|i'm|im|take|takes|(?:have|has|i've|ive)(?! (?:had|tried|done|used|failed|been on))|gives|makes|causes|will|going"
    r"|started|switched)\b")
_BEGINS = re.compile(
    r"\b(?:ended up|went back (?:to|on)|started|on (?:day|week|month)|(?:day|week|month|year)s?(?: \w+)? (?:of|on|with)|into|i(?:'m| am"
    r"|m) on|i take|first"
    r"|1st)\b"
    r"[^.!?,;]{0,20}$|\bthen (?:on )?$")
_ON = re.compile(r"(?:^|[.!?] )\W*on (?:my )?$")
_NOW_AFTER = re.compile(r"(?: \d+ ?(?:mg|mcg)?)?,? (?:now|currently|at the moment|these days)\s*(?:$|[,.;!?)]|(?:and|but|since|for)\b)")
_SINCE_WHEN = re.compile(r"(?:'s)?(?: \w+){0,2}?,? (?:ever )?since\b(?! (?:i|my|the|then i) )")
_SAID_OF_IT = re.compile(r"^(?:'s)?\s(?:was|were|did|didn't|made|gave|caused|worked|never|helped)\b")
_FREE_NOW = re.compile(
    r"\b(?:treatment|drug|med|medication|dmt)s?[- ]free\b|\bunmedicated\b|\b(?:currently )?off (?:everything|all)(?: since\b| now\b"
    r"|\s*$|\s*[.,;!])|currently off everything|\bno longer on any\b")
_ON_NOTHING = re.compile(r"\b(?:i'm|im|i am|am|been) on nothing\b|\bnot on anything(?: now| at the moment| at present|\s*[.,;!]|\s*$)")
_NOTHING_NOW = re.compile(
    r"\b(?:now|then|since then|currently|been) (?:i'm |im |i am |i take |i've been |on )*(?:nothing|none|no (?:dmt|treatment|meds"
    r"|medication|medicine|drugs?)\b)"
    r"|\b(?:nothing|no (?:dmt|treatment|meds|medication|drugs?)) (?:now|since|at the mo\w*|currently|for)\b"
    r"|\bnot (?:now|any ?more|any longer)\s*(?:$|[,.;!?])|\b(?:only|just) (?:did|managed|lasted|stuck)\b")
_WAS_ON = re.compile(r"\bwas (?:on|in|taking) (?:it|that|the (?:trial|study))\b[^.!?]{0,20}\b(?:until|till?|up to)\b")
_NOT_BEGUN = re.compile(
    r"\btoo (?:scared|afraid|nervous|worried|frightened) to (?:take|start|open|try|inject|begin)\b|\b(?:haven't|havent|have not|hasn't"
    r"|hasnt|has not|not"
    r"|never)(?: even| yet| actually)* (?:opened|started|begun|picked|collected|touched|arrived|come|delivered)(?: it| them"
    r"| any| taking| yet| the (?:box"
    r"|bottle|pack|packet|first)\w*)*\s*(?:$|[,.;!?]|\byet|\bbut|\band|\bbecause|\bcos)|\b(?:haven't|havent|have not|not) (?:had"
    r"|taken) (?:it|any|one|the first \w+"
    r"|my first \w+) yet\b")
_NEVER_DID = re.compile(  # what came of a plan
    r"\bnot (?:on|taking|having) (?:it|that|this)\b"
    r"|\bnever (?:did|started|happened|took|had|went|got|came|began)\b(?! (?:over|better|well|any|so))|\b(?:didn't|didnt|did not) happen"
    r"|\bfell through\b|\b(?:decided|voted) against\b|\b(?:said|told) no\b(?! to)|\bturned me down\b|\bturned (?:it|that|them) down\b")
_MINE_TOO = re.compile(
    r"\b(?:i'm|i am|im|i've been|ive been|i was put|they put me|i was) (?:currently |now |still |also )?"
    r"(?:on|taking|having) (?:it|this|that|them)\b"
    r"|\bi take (?:it|that|this)\b|[,.;(?] ?(?:been )?on it (?:since|for)\b|\bmine (?:is|are|was|were)\b"
    r"|\b(?:i|i've|ive)(?: just| only)? (?:had|started|took|taken|injected|did|got) (?:it|mine|the (?:drip|infusion|jab|first|injection)|my"
    r" (?:\w+ )?(?:one|dose|infusion|injection|jab|drip|shot|tablets?))\b|\blast (?:one|drip|infusion|dose|jab|injection) (?:was|in"
    r"|on)\b|(?:^|[.?!,;] )(?:had|got|took|started) (?:it|mine|my \w+ one)\b")
_NOT_YET = re.compile(
    r"\b(?:switching|moving|changing|going|will|would|they'd|he'd|she'd|wants?|gonna|due|next|soon|about to|thinking|consider\w*|should i"
    r"|might|may|planning|plan|tomorrow|offered|suggest\w*|hoping|want(?:s|ed)? to)\b")
IN_PLACE_OF = re.compile(r"^[^.!?]{0,30}\b(?:instead of|in place of|to replace|rather than|in exchange for)\s(?:the |my )?$")
_BEFOREHAND = re.compile(r"[,.;] (?:and )?before:? $")  # "on this for 3 years, before that one"
_SO_LONG_BEFORE = re.compile(r" (?:for )?[\w ]{1,20} (?:years?|yrs?|months?) before ")
_BEFORE_IT = re.compile(r"\bbefore (?:my |the |starting |going on )?$")
_BEEN_ON = re.compile(r"\b(?:been|was|had|did|took|spent \w+ years) (?:on )?(?:my )?$")
_I_MEANT = re.compile(r"^[^.!?]{0,30}\b(?:meant|i mean)(?: to (?:say|write|type))?\s(?:the |my )?$")
_LAST_ONE = re.compile(r"\b(?:last|final)(?: ever)?(?: (?:dose|infusion|injection|course) of)? $")
_COMPARED = re.compile(r"\b(?:compar\w+|prefer\w*|better|similar|equal|next|close\w*|same|allergic|react\w*|switch\w*|chang\w*)\b[^.!?]*$")
_AFTER_THAT = re.compile(r"^\s*(?:infusions? |injections? )?(?:started |came )?after\s+(?:my |the )?$")
_COMING_OFF = re.compile(r"(?:^|\bi'm |\bim |\bam |\b\w+'re |\bare |\bis |\b(?:he|she)'?s |[.,] )"
    r"(?:coming|going|switching|moving|taking)(?: me)? off (?:of )?(?:my )?$")
_NEITHER = re.compile(r"\b(?:neither|nor) (?:did|was|has|does|were) (?:my |the )?$")
_NOT_THAT_ONE = re.compile(r"[\s?!.,]*\?[\s?!.,]*(?:no|nope|nah|not that|wrong)\b(?! idea)")
_MY = re.compile(r"\bmy (?:\w+ )?$")
_FOR_ME = re.compile(r"(?:'s)? (?:for|with|on) me\b")
_STATED = re.compile(r"\W*(?:just |i'm |im |i am |about to )*(?:starting|started|start|had|took|on|taking|stopped|finished) (?:my |the )?$")
_TOPIC = re.compile(r"\s*[,:;-]")
_WHICH = re.compile(r"(?: or (?:the )?\w+)?,? which (?:one\b|(?:is|are|would be|has) (?:the )?(?:\w+er|best|more|less|worse|fewer)\b)")
_COMPARED_AFTER = re.compile(r"(?:'s)?\s(?:vs\b\.?|versus|compared (?:to|with)) ")
_THEN_THIS = re.compile(r"\b(?:then|followed by) (?:on |to |onto |on to )?(?:the )?$")
_THEN = re.compile(r"\b(?:then|after that|followed by|later)\b")
_NOW = re.compile(r"(?<!till )(?<!until )(?<!to )\b(?:now|currently|then|finally|at the moment|these days)\b")


def _role_of(
    text: str, mention: Mention, left: int, right: int, sentence: tuple[int, int], times: list[Entity], courses: frozenset[str]) -> str:
    """current, past, planned, asked, negated or other_person for a name.

    `left` and `right` bound the words that belong to it (the neighbouring names or the ends of the sentence).
    """
    start, end = mention.start, mention.end
    before, after = text[left:start], text[end:right]
    whole_before = text[sentence[0]:start]
    role, cue = _by_cue(text, left, start)
    mention.said = cue.kind if cue else ""
    told = _predicate_role(text, mention, right, right < sentence[1], courses)
    if told and role in ("current", "asked"):
        role = told
    finished = cue is not None and re.match(r"finish"
        r"|complet", text[cue.start:cue.end]) and mention.name.ids[0] in courses - _BESIDE_A_THERAPY
    if role == "past" and cue and (finished or text.startswith("react", cue.start)) and _recent(times, *sentence):
        role = "current"  # "a reaction to it on Tuesday", "finished my tablets 2 weeks ago"
    if role == "planned" and cue and _SAID.search(text, cue.start, cue.end) and _SAID_THAT.match(after):
        role = "current"  # "my nurse said it can do this"
    if role == "negated" and _ANYMORE.match(text[end:sentence[1]]):
        role = "past"
    if role == "negated" and cue and cue.kind in (HAD, NOT) and _NONE_SINCE.match(after) and not re.search(r"\bnever\b", before):
        role = "current"  # "I've had no ocrevus since January"
    if role == "negated" and _MISSED.search(before) and _TODAY.match(after):
        role = "current"
    if role == "past" and re.search(r"\bstopping\s(?:\w+\s)?$", before) and _COMING.match(after):
        role = "current"
    if role == "negated" and _HOW_TAKEN.match(after):
        role = "current"
    to_stop = cue is not None and cue.kind == STOP and cue.ahead  # "told to stop it until my count comes up"
    if role in ("current", "asked") and not to_stop and _PAST_AFTER.match(after):
        role = "past"
    if _PEOPLE.search(whole_before) and _QUESTION.match(text[sentence[0]:sentence[1]]):
        return "asked"
    if role != "negated" and _OF_SOMEBODY.match(text, end):
        return "other_person"
    prescriber = cue is not None and cue.kind == PROPOSE and _PRESCRIBER.search(text[sentence[0]:cue.start])
    if not prescriber and _other_person(whole_before) and not _SO_AM_I.match(text, end):
        return "negated" if role == "negated" else "other_person"
    dated = any(end <= time["start"] < right for time in times)
    if role == "current" and _NO_THANKS.match(after):
        return "negated"
    if role in ("current", "planned") and _START_IT.search(before) and _A_DATE.match(after) and not dated:
        return "planned"
    if role in ("current", "negated") and _STARTS_ON.search(before) and _COMING_DAY.match(after):
        return "planned"
    if role == "current" and _COMING_FIRST.match(after):
        return "planned"
    if role == "current" and _HAD_ME_ON.search(before):
        return "past"
    if role == "negated" and _WHAT_NOT.match(text[sentence[0]:sentence[1]]):
        return "asked"
    if role == "past" and (_SAME_MEDICINE.match(after) or cue and text.startswith("drop", cue.start) and _ON_THE_FLOOR.match(after)):
        role = "current"
    due = mention.name.ids[0] in courses and _DUE_FOR.search(before)
    if role == "current" and (due or _NEXT_ONE.match(after)):
        return "planned"
    beginning = _BEGIN.search(before + after) or _FIRST_ONE.search(before)
    another = _ANOTHER.search(before)
    if role in ("current", "negated") and cue and cue.kind != STOP and beginning and not another and _PLANNED_AFTER.match(after):
        return "planned"
    if role == "current" and not another and mention.name.ids[0] in courses and (not cue or cue.kind in (HAD, TAKE)) and (
            _COMING_SOON.match(after)):
        return "planned"  # "solu medrol at home tomorrow"
    if role == "current" and cue is None and _WHICH.match(text, end, sentence[1]):
        return "asked"
    general = cue is not None and cue.kind == STOP and re.match(r"wash|\w+ing\b", text[cue.start:cue.end]) and not re.search(
        r"\bi\b", text[sentence[0]:sentence[1]])  # "does stopping it cause ...?"
    if (role in ("current", "planned") or general) and _asked(text, start, end, sentence):
        return "asked"
    return role


def _by_cue(text: str, left: int, start: int) -> tuple[str, Cue | None]:
    """Role by the cue that governs the name at `start`, and that cue if there is one."""
    said = cues(text, left, start)
    close = [cue for cue in said if cue.kind != BESIDE and _SMALL_WORDS.fullmatch(text, cue.end, start)]
    if close:
        return _role_by(text, close[-1], text[close[-1].end:start]), close[-1]
    far = [cue for cue in said if cue.kind in (PROPOSE, REFUSE, BESIDE) or cue.kind in (START, STOP) and "," not in text[cue.end:start]]
    return (_role_by(text, far[-1], ""), far[-1]) if far else ("current", None)


def _role_by(text: str, cue: Cue, between: str) -> str:
    """The role a cue gives to the medicine it is said of; `between`: the words from the cue to the name."""
    if cue.kind == NOT:
        return "negated"
    if cue.kind == REFUSE:
        return "negated"
    if cue.kind == STOP:
        return "current" if cue.ahead or cue.denied else "past"
    if cue.kind == WAS:
        return "negated" if cue.denied else "past"
    if cue.kind == START and cue.denied:
        return "planned" if cue.not_yet else "negated"
    if cue.kind in (TAKE, HAD) and cue.denied:
        return "current" if _ANOTHER.search(between) else "negated"
    if cue.kind == PROPOSE and cue.denied and not _UNDECIDED.match(text[cue.start:cue.end]):
        return "negated"
    if cue.kind == PROPOSE or cue.ahead and not _ANOTHER.search(between):
        return "planned" if cue.kind != BESIDE else "current"
    return "current"


def _other_person(before: str) -> bool:
    if _TOGETHER.search(before):
        return False
    third = [match.end() for pattern in (_THIRD, _MY_SOMEBODY) for match in pattern.finditer(before)
             if not _NO_SUBJECT.search(before, 0, match.start())]
    first = [match.end() for match in _FIRST.finditer(before)]
    return bool(third) and (not first or max(third) > first[-1])


def _asked(text: str, start: int, end: int, sentence: tuple[int, int]) -> bool:
    before = text[sentence[0]:start]
    if _STAYING.search(before) or _THIS_ON_IT.search(before):
        return False
    if _COMPARED_AFTER.match(text, end):
        return True
    if _ASKED_BEFORE.search(before) and not (_MY.search(before) or _FOR_ME.match(text, end)):
        return True
    whole = text[sentence[0]:sentence[1]]
    if not (_QUESTION.match(whole) or text[sentence[1]:sentence[1] + 1] == "?"):
        return False
    if not _QUESTION.match(whole) and (_TOPIC.match(text, end) and not re.search(r"\w", before) or _STATED.match(before)):
        return False  # "copaxone, forgot it for 4 days, restart as normal?", "starting it tomorrow, any advice?"
    taken = _TAKEN_FOR.match(text, end, sentence[1]) or _WITH_DOSE.match(text, start)
    mine = _MINE.search(whole) or taken or re.search(r"\btogether\b", whole)
    cause = re.search(
        r"\b(?:is (?:it|this|that)|could (?:it|this|that) be|from|because of|due to|down to|caused by)\s(?:the "
        r"|my )?$", before)
    return not mine and not (cause and not re.match(r"\W*$", before) and "this" in before + "the ")


def set_roles(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> None:
    """Set the role of each mention of a therapy; `courses`: ids of the therapies given in courses."""
    listed: list[Mention] = []  # the names said in one breath with the one before
    for number, mention in enumerate(mentions):
        sentence = sentence_around(text, mention.start, mention.end)
        left = max(sentence[0], mentions[number - 1].end if number else 0)
        right = min(sentence[1], mentions[number + 1].start if number + 1 < len(mentions) else len(text))
        own_verb = text[left:mention.start].strip() == "," and _OWN_VERB.match(text, mention.end)
        listed_on = _SHARED_GAP.fullmatch(text, left, mention.start) and not _THEN.search(text, left, mention.start)
        shared = left > sentence[0] and not own_verb and listed_on
        if shared:
            listed.append(mention)
            mention.role = _role_in_list(text, listed, sentence)
            of_all = re.search(r"\b(?:and|both|all)\b", text[left:mention.end + 16])
            if of_all and _predicate_role(text, mention, right, right < sentence[1], courses) == "past":
                for one in listed:
                    one.role = "past"
            continue
        listed = [mention]
        said_before = next((one.role for one in mentions[:number] if one.name == mention.name), None)
        mention.role = _role_of(text, mention, left, right, sentence, times, courses)
        if mention.role == "current":
            mention.role = _after_had(text, mention, left, right, times, courses)
        if mention.role == "current" and said_before in ("past", "planned", "other_person") and not _firm(text, left, mention.start):
            mention.role = said_before  # "changed from it last month, the last one was in April"
    _by_transition(text, mentions)
    _by_contrast(text, mentions)
    _by_pronoun(text, mentions, courses)
    _one_at_a_time(text, mentions, times)
    free = max((found.start() for found in _FREE_NOW.finditer(text)), default=0)
    nothing = _ON_NOTHING.search(text)
    for mention in mentions:
        last = nothing and _LAST_ONE.search(text, max(0, mention.start - 40), mention.start)
        if mention.role == "current" and (mention.end <= free or last):
            mention.role = "past"


def _firm(text: str, left: int, start: int) -> bool:
    """Whether a verb says that the medicine named at `start` is taken or was begun."""
    cue = _by_cue(text, left, start)[1]
    return cue is not None and cue.kind in (START, TAKE, HAD)


def _role_in_list(text: str, listed: list[Mention], sentence: tuple[int, int]) -> str:
    """The role of the last of some names said in one breath: that of the one before, but for "not this, that"."""
    before, mention = listed[-2:]
    if before.role == "past" and _COMING.match(text, mention.end):
        return "planned"
    joined = re.search(r"\b(?:or|nor|and)\b|/", text[before.end:mention.start])
    if before.role == "other_person" and text[before.end:mention.start].endswith("my "):
        return "current"  # "sister's rebif, my tecfidera"
    corrected = not joined and before.role == "negated" and _NOT_THIS.search(text[sentence[0]:before.start])
    return "current" if corrected else before.role


def _predicate_role(text: str, mention: Mention, right: int, another: bool, courses: frozenset[str]) -> str:
    """What the verb says whose subject is the name ("X was stopped", "X starts in May"), or "".

    `another`: a name stands at `right`, which the verb may be said of instead.
    """
    subject = _SUBJECT.match(text, mention.end, right)
    if subject is None:
        return ""
    verb = next((cue for cue in cues(text, mention.end, right) if cue.start <= subject.end() < cue.end), None)
    if verb is None or another and _SMALL_WORDS.fullmatch(text, verb.end, right):
        return ""
    word = text[verb.start:verb.end]
    one = mention.name.ids[0]
    if verb.kind == STOP and (SPOILT.match(word) or not NO_OTHER_OBJECT.match(text, verb.end)):
        return ""  # "on plegridy, stopped smoking last year"
    dose = one in courses or _A_DOSE_OF.search(text[:mention.start][-16:])  # "infusion 3 of ocrevus finished an hour ago"
    over = _FINISHED_IT.match(word) and (one in _BESIDE_A_THERAPY or not dose)
    if verb.kind == STOP and (over or not _FINISHED.match(word)):
        return "current" if verb.ahead or verb.denied else "past"
    if verb.kind == START and _ANOTHER.search(text, max(0, mention.start - 24), mention.start):
        return "current"  # "my second week of it starts tomorrow"
    if verb.kind == START and (verb.ahead or _STARTS.match(word)):
        return "planned"
    return "planned" if verb.kind == PROPOSE and (re.match(r"\w+ed\b", word) and (one in courses or not _BOOKED.match(word))) else ""


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
        steroids, once = mention.name.ids[0] in _BESIDE_A_THERAPY, had and mention.name.ids[0] == "ahsct"
        return "past" if min(since) >= (_COURSE_OVER if steroids or once else A_YEAR) else "current"
    lasted = any(time["entity"] == "duration" and text[:time["start"]].endswith("for ") for time in near)
    return "past" if had and lasted and not re.search(r"\b(?:have|'ve|ive) had\b", before) else "current"


def _by_transition(text: str, mentions: list[Mention]) -> None:
    """"from A to B": A is past and B current, or A current and B planned when the move is still ahead."""
    moved_to = -1
    for first, second in zip(mentions, mentions[1:], strict=False):
        sentence = sentence_around(text, first.start, second.end)
        lead, gap = text[sentence[0]:first.start], text[first.end:second.start]
        if first.role == "planned" and second.role == "current" and _THEN_THIS.search(gap):
            second.role = "planned"  # "recommending this first, then that"
        if first.role == "past" and second.role == "planned" and _COMING_OFF.search(lead):
            first.role = "current"
        if first.role == "past" and _NEITHER.search(gap):
            second.role = "past"
        alike = text[first.start:first.end] == text[second.start:second.end]
        if first.name == second.name and NEW_DOSE.match(gap) and alike:
            first.role = second.role = "planned" if second.role == "planned" else "current"  # "from copaxone 20 to copaxone 40"
            continue
        if first.role == second.role == "current" and _BEFOREHAND.search(gap):
            second.role = "past"
        elif first.role == "current" and _BEFORE_IT.search(gap) and (_BEEN_ON.search(lead) or _SO_LONG_BEFORE.match(gap)):
            first.role = "past"  # "been on that for 7 years before this"
        if first.name == second.name and IN_PLACE_OF.match(gap):
            second.role = first.role  # a biosimilar in place of the brand
            continue
        if first.role in ("planned", "asked") and IN_PLACE_OF.match(gap):
            second.role = "current"
            continue
        if first.role == "current" and _MOVED_TO.search(lead) and _FROM_BEFORE.search(gap):
            second.role = "past"
        left_too = _THEN.search(gap) and _NOW.search(text[second.end:sentence[1]])
        if first.role == "past" and second.role == "current" and left_too:
            second.role = "past"
        if second.role == first.role == "current" and _THEN_THIS.search(gap):
            first.role = "past"
        last = _LAST_ONE.search(lead) or gap.startswith((" last ", "'s last "))
        if first.role == "current" and second.role == "planned" and last and first.name != second.name:
            first.role = "past"  # "last tysabri 14 weeks ago, starting ocrevus"
        if second.role == first.role == "current" and _AFTER_THAT.match(gap):
            second.role = "past"
        chain = gap.strip() in ("became", "to", "->", "-->", "=>", ">", "\u2192") and not _COMPARED.search(lead)
        moved = chain or _MOVED.search(lead) or (first.start > moved_to and moved_to >= sentence[0])
        if not (FROM_TO.match(gap) and moved):
            continue
        moved_to = first.start
        if re.search(r"\b(?:should|can|could|would) (?:i|you|we|anyone)\b", lead[-40:]):
            first.role, second.role = "current", "asked"
            continue
        if first.role in ("asked", "other_person"):
            second.role = first.role
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
        if first.name != second.name and (_I_MEANT.match(gap[-40:]) or _NOT_THAT_ONE.match(gap)):
            first.role, second.role = "negated", "current"
        if first.name in chosen and _OVER.fullmatch(gap):
            second.role = "negated"
        if first.name != second.name and first.role == second.role == "current" and _NOW_ON_THIS.search(gap[-40:]):
            first.role = "past"
        if second.role == "current" and _BEFORE_THIS.search(text[max(0, first.start - 20):first.start]) and (
                _DID.search(gap) or not gap.strip(" ,:-") and first.name != second.name):
            second.role = "past"
        replaced = first.name != second.name and _PUT_ME_ON.search(gap) and second.name.ids[0] not in _BESIDE_A_THERAPY
        if replaced and first.role == second.role == "current":
            first.role = "past"
    for first, second in itertools.pairwise(mentions):
        if _WOULD_IT_BE.search(text, max(0, first.start - 40), first.start) and _BETTER_THAN.match(text, first.end):
            first.role, second.role = "asked", "current" if second.role in ("asked", "planned") else second.role
    for mention in mentions:
        if mention.role == "current" and mention.end < max(now, default=0) and _SAID_OF_IT.match(text[mention.end:mention.end + 20]):
            mention.role = "past"


def _by_pronoun(text: str, mentions: list[Mention], courses: frozenset[str]) -> None:
    """What is said of a medicine as "it": "extavia made me sore so I quit it", "is gilenya safe? I'm on it"."""
    for number, mention in enumerate(mentions):
        end = min(mentions[number + 1].start if number + 1 < len(mentions) else len(text), mention.end + 300)
        rest = text[mention.end:end]
        one = mention.name.ids[0]
        goes_on = False if one in _BESIDE_A_THERAPY else one in courses or None
        if mention.role in ("current", "planned") and _WAS_ON.search(rest):
            mention.role = "past"  # "I would go back to it, I was on it till 2019"
        elif mention.role == "current" and (_NOTHING_NOW.search(rest) or left_it(text, mention.end, end, goes_on)):
            mention.role = "past"
        elif mention.role == "current" and not _SINCE_WHEN.match(text, mention.end) and _NOT_BEGUN.search(rest):
            mention.role = "planned"
        elif mention.role == "planned" and _NEVER_DID.search(rest):
            mention.role = "negated"
        elif mention.role == "asked" and _MINE_TOO.search(rest):
            mention.role = "current"
    for before, mention in itertools.pairwise(mentions):
        if (before.role, mention.role) == ("current", "past") and _THEN.search(text, before.end, mention.start):
            before.role = "past"  # "avonex first, then gilenya, which I left"


def _one_at_a_time(text: str, mentions: list[Mention], times: list[Entity]) -> None:
    """A person takes one therapy at a time: beside one that is said to be taken now, those told of in the past tense have ended.

    Where a later one is said to be taken now, or since a time, the ones before it have ended, whatever their tense.
    """
    own = [one for one in mentions if one.role == "current" and one.name.ids[0] not in _TAKEN_TOGETHER]
    if len({one.name for one in own}) < 2:
        return
    lasted = [one for one in own if any(time["entity"] == "duration" and 0 <= time["start"] - one.end <= _BESIDE for time in times)]
    for one, after in itertools.pairwise(lasted):
        if one.name != after.name and _NEXT_LENGTH.fullmatch(text, one.end, after.start):
            one.role = "past"  # "avonex ten years, plegridy two"
    own = [one for one in own if one.role == "current"]
    now = [one for before, one in zip([None, *own], own, strict=False) if _taken_now(text, one, before.end if before else 0)]
    for before, mention in zip([None, *own], own, strict=False):
        if before is not None and before.role == "past" and _SHARED_GAP.fullmatch(text, before.end, mention.start):
            mention.role = "past"
            continue
        later = any(one.start > mention.start and one.name != mention.name for one in now)
        beside = any(one.name != mention.name for one in now) and _in_past_tense(text, mention, times)
        if mention not in now and (later or beside) or mention in now and later and not _SAID_NOW.search(
                text, max(0, mention.start - 30), mention.start):
            mention.role = "past"


def _taken_now(text: str, mention: Mention, told: int) -> bool:
    """Whether the words beside a name say that it is taken now; `told`: the end of the name before it."""
    start, end = sentence_around(text, mention.start, mention.end)
    lead = text[max(start, told):mention.start]
    on = _ON.search(lead) and not _in_past_tense(text, mention, [])
    after = _NOW_AFTER.match(text, mention.end, end) or _SINCE_WHEN.match(text, mention.end, end)
    return bool(on or after or _SAID_NOW.search(lead) or _BEGINS.search(lead))


def _recent(times: list[Entity], start: int, end: int) -> bool:
    """Whether a time of the last two months is told between two offsets."""
    return any(start <= time["start"] < end and time["entity"] == "time_since" and days(time["value"]) < _TWO_MONTHS for time in times)


def _in_past_tense(text: str, mention: Mention, times: list[Entity]) -> bool:
    """Whether the clause of a name tells of the past, and of no dose of the last two months."""
    start, end = sentence_around(text, mention.start, mention.end)
    breaks = list(_CLAUSE_EDGE.finditer(text, start, end))
    start = max([match.end() for match in breaks if match.end() <= mention.start], default=start)
    end = min([match.start() for match in breaks if match.start() >= mention.end], default=end)
    clause = text[start:mention.start] + " " + text[mention.end:end]
    return not _recent(times, start, end) and bool(_PAST_TENSE.search(clause)) and not _PRESENT_TENSE.search(clause)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around two offsets, looking at most 400 characters each way (linear in total)."""
    left, right = max(0, start - 400), min(len(text), end + 400)
    for match in _SENTENCE_END.finditer(text, left, right):
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            return left, match.start()
    return left, right
