"""What a person wants now. The findings speak first, then a trained classifier where it is sure, then sentences that leave no doubt.

What is safe wins: whoever reports something present is never answered with small talk.
"""

from __future__ import annotations

import re
from typing import Any

from wordfreq import zipf_frequency

from knowledge.language.contrast import contrast
from knowledge.language.short_answers import is_cross
from knowledge.language.text import normalise

Entity = dict[str, Any]

# Intents that say nothing by themselves: a medicine or a time beside them matters more.
LIGHT = frozenset({
    "greet", "goodbye", "thanks", "small_talk", "out_of_scope", "affirm", "deny", "dont_know", "more", "repeat", "nlu_fallback"})
TOLD = frozenset({"symptom", "lab_result", "temperature", "unknown_complaint", "red_flag_doubt", "symptom_doubt"})
MEDICINE = frozenset({"medicine", "unknown_medicine", "medicine_hint"})
SAID = frozenset({"duration", "time_since", "age", "fact"})

# Said alone, with a courtesy around it at most, these leave no doubt.
_COURTESY = re.compile(
    r"^(?:(?:please|pls|ok|okay|so|well|um|erm|er|just|now|hmm|oh|can (?:we|i|you)|could (?:we|i|you)"
    r"|let'?s|let us|i(?:'d| would) like to|i want to|i need to)[ ,]+)+"
    r"|(?:[ ,]+(?:please|pls|plz|now|then|mate|sorry|tbh|to be honest|thanks|thank you|thx|for me|again please"
    r"|period|full stop|question mark))+$"  # the last three are what dictation hears
)
_ALONE = {
    "start_over": r"(?:start|begin) (?:again|over|afresh|anew|from (?:the )?(?:start|beginning|scratch))|restart|reset(?: (?:this"
    r"|the (?:chat|conversation)))?"
    r"|(?:a )?new (?:conversation|chat)|from the (?:start|beginning)|(?:clear|wipe|delete|forget) (?:everything"
    r"|all)(?: i (?:said|told you|wrote))?"
    r"|clear (?:this|the) chat|another (?:matter|problem|question)",
    "go_back": r"(?:go |take me )?back(?: (?:a|one) step| one)?|undo(?: (?:that|it|this))?|one step back|(?:the )?(?:previous"
    r"|last) question(?: again)?"
    r"|take (?:that|it) back|go back (?:to the (?:last|previous) question|a question)",
    "understood": r"what (?:did|have|do) (?:you|u) (?:understand|understood|got|get|have|know|noted?|write|written"
        r"|recorded)(?: down)?(?: for"
    r"| about| on)?"
    r"(?: me)?(?: (?:so far|now))?|what (?:have i told|did i tell) you(?: so far)?|what i told you|(?:show me"
    r"|list|read back|repeat) what (?:i (?:said|told you)|you"
    r" (?:understood|noted|know|have))",
    "more": r"(?:tell me |show me |give me )?more(?: detail| details| info| information)?(?: about (?:that|this"
    r"|it))?|(?:the )?details?|go on|carry on|and|explain(?: more| that)?"
    r"|what else(?: should i know)?|(?:show |the |your )*sources",
    "summary": r"(?:an? |the |my )?(?:summary|sbar)(?: for (?:my|the) (?:ms )?(?:team|nurse|doctor|gp|neurologist"
    r"|consultant))?|summari[sz]e(?: (?:it|this|that|everything))?|sum (?:it|this) up"
    r"|(?:make|give|write|show|print|send)(?: me)? (?:a|an|the|my) (?:summary|note|report|copy)",
    "why": r"(?:and |but )?why(?: (?:do|would) (?:you|u) (?:ask|need|want)(?: to know)?(?: (?:that|this|it))?"
    r"| are you asking(?: (?:that|this|me(?: this| that)?))?)?"
    r"|why(?:'s| is| does) (?:that|it|this) (?:important|matter|relevant)|what for|what(?:'s| is) the point of (?:that"
    r"|this)(?: question)?|how(?:'s| is) that relevant",
    "repeat": r"(?:(?:but|and|so) )?(?:(?:are )?(?:you|u) (?:really |quite |absolutely )?(?:sure|certain)(?: about (?:that|this|it))?"
    r"|really|seriously|for real|is (?:that|this|it) (?:really )?(?:right|true|correct)"
    r"|how (?:do|can|would|could) (?:you|u) (?:even )?(?:know|tell)(?: (?:that|this))?"
    r"|what (?:should|shall|do|must) i do(?: (?:then|now))*|(?:and |so )?(?:now what|what now|then what|what then)|(?:and|so|ok(?:ay)?) now"
    r"|(?:ok(?:ay)?|yes|yeah) but|say (?:that|it) again|(?:please )?repeat(?: (?:that|it))?"
    r"|(?:sorry )?what did (?:you|u) (?:just )?(?:say|ask)(?: me)?|(?:where were we|where was i)|what|wot|huh|eh"
    r"|(?:and |so )?what does (?:it|that|this|all that) mean(?: (?:for me|then|now))?"
    r"|(?:sorry )?i (?:don'?t|do not|dont) (?:understand|get|follow)(?: (?:it|that|this|you|the question))?)",
    "correct": r"(?:no,? )?that'?s (?:not (?:right|correct|true|what i (?:said|meant))|wrong|incorrect)|that is (?:wrong"
    r"|not right)|change something|(?:that'?s )?wrong"
    r"|you(?:'ve| have)? (?:got|understood|misread|misunderstood) (?:(?:it|that|me|this)(?: all)?(?: wrong)?)?"
    r"|not what i (?:said|meant)|correction|my mistake|scrap that",
    "thanks": r"(?:i )?(?:really )?appreciate (?:it|that|this|your help)(?: pal| love| mate)?|(?:ok |okay |great,? |many |lovely,? "
    r"|brilliant,? |perfect,? )*(?:thanks?|thank (?:you|u)|thx|tysm"
    r"|ty|ta|cheers)(?: (?:very|so) much| a lot| loads| a million| mate| for (?:your|the) help)?",
    "goodbye": r"(?:stop|cancel|quit|exit|end|leave it|enough)(?: (?:it|this|now|the chat|this chat))?"
        r"|(?:(?:ok|okay|thanks?|thank (?:you|u)|cheers|ta)[ ,]+)*(?:good ?)?bye(?:[ -]bye)?(?: for now| then)?"
        r"|see (?:you|ya|u)(?: later| soon)?|good ?night|cheerio|cya",
    "greet": r"hi+(?:ya)?(?: there)?|he(?:llo|y|ya)(?: there)?|yo|good (?:morning|afternoon|evening)(?: to you)?|hallo|morning|evening",
    "help": r"help(?: me)?|(?:explain|show me|tell me) how (?:to use|i use|this works|to do this)(?: this| it)?"
    r"|what (?:kind|sort|type)s? of "
    r"(?:things|questions|stuff) can i (?:ask|say|type)(?: you)?|menu|options|instructions|what can (?:you|u|i) (?:do"
    r"|ask)(?: (?:here|for me))?|how (?:does"
    r"|do i use) (?:this|it)(?: thing| work)?",
    "affirm": r"y|ya|ye|yes+|yeah+|yea|yep|yup|aye|uh huh|mhm|correct|right|ok|okay|k|sure|true|exactly|absolutely"
    r"|definitely|certainly|indeed|of course|i (?:do|have|did|am|was|think so)"
    r"|(?:(?:yes|yeah|yep|yup|aye|uh huh|ok),? )?that'?s (?:it|the one|me|right|correct|spot on)|spot on|very much so"
    r"|too right|bang on|you got it"
    r"|(?:yes,? )?(?:it|they) (?:is|does|did|has|are|do)|that'?s right|prob(?:ably)?|a (?:bit|little|lot)"
    r"|some(?:times|what)|(?:sort|kind) of|kinda|sorta"
    r"|(?:yes|yeah|yep),? (?:i (?:do|have|did|am)|it (?:is|does|did|has)|both|all(?: of (?:them|these))?"
    r"|a bit|a little|sometimes|definitely|please)|afraid so",
    "deny": r"n|no+|nope|nah|nay|naw|nae|not a bit|not a thing|no way|never have|no siree|none|nil|never|neither"
    r"|nothing|negative|not (?:really|at all|yet|any ?more)|(?:no,? )?(?:none"
    r"|nothing|not?)(?: of (?:these|them|those|that))?(?: (?:else|new|like that))?"
    r"|(?:no,? )?i (?:don'?t|haven'?t|didn'?t|am not|do not|have not)|i'?m not|(?:no,? )?(?:it|they) (?:doesn'?t"
    r"|isn'?t|didn'?t|hasn'?t|aren'?t|don'?t)|(?:no )?(?:i )?don'?t (?:think|believe) so"
    r"|not that i(?:'ve)? (?:know|noticed|seen|can tell)(?: of)?|absolutely not|no(?:thing)? (?:other"
    r"|more|further) (?:symptoms?|problems?)|no (?:other )?(?:symptoms|problems)"
    r"|definitely not|nope,? (?:none|nothing)|nah mate|no,? no",
    "dont_know": r"(?:sorry,? |honestly,? )?(?:i )?(?:really )?(?:don'?t|do not|dont) (?:really )?(?:know|remember"
    r"|recall)|(?:i'?m |i am )?(?:not (?:sure|certain)|unsure)(?: (?:about that|of that|really))?"
    r"|(?:i (?:have|'ve got) )?no (?:idea|clue)|dunno|idk|(?:i )?(?:can'?t|cannot) (?:really )?(?:say"
    r"|tell|remember|recall)(?: for (?:certain|sure))?|(?:i )?couldn'?t (?:say|tell(?: you)?)|hard to say"
    r"|maybe(?: not)?|perhaps|possibly"
    r"|who knows|(?:god|lord|goodness|heaven|christ) (?:only )?knows|beats me|search me|your guess is as good as mine"
    r"|no (?:idea|clue),? (?:sorry|mate|love)"
    r"|(?:i )?(?:haven'?t|have not|ain'?t) (?:got )?(?:a|the|any) (?:clue|foggiest|scooby|notion|idea)|not (?:a"
    r"|the) (?:clue|foggiest|scooby)"
    r"|(?:i )?(?:can'?t|cannot|don'?t|dont) (?:for the life of me )?(?:remember|recall) (?:what|which|when|how|the|its"
    r"|it'?s|if)\b[^.?!,]{0,40}|i (?:forgot|forget)|haven'?t (?:a|the) (?:clue|foggiest)|(?:it )?might be|i honestly couldn'?t say",
}
_ALONE_PATTERNS = tuple((name, re.compile(rf"\W*(?:{pattern})\W*")) for name, pattern in _ALONE.items())

_MINE = r"(?:i|we|he|she|my \w{1,12})"
_CHANGE = (
    r"(?:stop\w{0,4}|skip\w{0,4}|quit\w{0,4}|paus\w{1,3}|miss(?:ing)?|doubl\w{1,3}|halv\w{1,3}|delay\w{0,3}|postpon\w{1,3}"
    r"|restart\w{0,3}|switch\w{0,3}|swap\w{0,4}|discontinu\w{1,3}"
    r"|com(?:e|ing) off|go(?:ing)? (?:off|back on|down to|up to|without)|get(?:ting)? off|start\w{0,3} (?:again"
    r"|back)|chang\w{1,3}|cut(?:ting)? (?:down|back|out)|reduc\w{1,3}|increas\w{1,3}"
    r"|leav\w{1,3} (?:it|them|out|off)|hold(?:ing)? off|give up|a break|bring forward|space out|split\w{0,4})"
)
_TAKE = (
    r"(?:take|inject|have|use) (?:it|them|two|three|four|half|double|twice|more(?! (?:detail|info|about))|less|another|an? (?:extra"
    r"|break|lower|higher|double|half)|my (?:\w{1,15} )?(?:next|dose|doses|injection|infusion|tablets?"
    r"|pills?|capsules?|jab|shot|medicine|medication|meds)|the (?:next|infusion|injection|dose|tablet)"
    r"|one|\d)"
)
# Sentences that ask for what the assistant must not say, try to turn it, refuse help, or want a person. First match speaks.
_SHAPES = {
    "prompt_injection": r"\b(?:ignore|disregard|forget|override|bypass|overrule|drop|break|turn off"
        r"|disable)\b[^.?!]{0,30}\b(?:instructions?"
    r"|rules?|guidelines?|prompts?|safety|filters?|programming|training|restrictions?|polic(?:y|ies)"
    r"|limits?|you (?:were|have been|are) told|you know|safeguards?)\b|\b(?:system|hidden|secret|initial"
    r"|original) (?:prompt|instructions?|message)\b|\byour (?:own )?(?:instructions|prompt|guidelines"
    r"|configuration|rules)\b"
    r"|\b(?:developer|debug|admin|god|sudo|dan) mode\b|\bjailbr[eo]ak|\bpretend (?:to be|(?:that )?you)"
    r"|\byou are (?:now )?(?:dan\b|an? (?:unrestricted|unfiltered|evil|different)|no longer|free of|my (?:doctor"
    r"|neurologist|slave))"
    r"|\byou are now\b|\brole ?-?play|(?:^|[.,:;!] ?)act (?:as|like)\b|\bwithout (?:any )?(?:restrictions?"
    r"|rules|filters?|limits|limitations|guardrails)\b|\b(?:no|have no) (?:rules|restrictions|safety limits"
    r"|filters)\b"
    r"|\b(?:imagine|simulate|suppose) (?:that )?you(?:'re| are)? |\bsimulate an?\b|\bas an? (?:unrestricted"
    r"|unfiltered)|^\W*(?:system|assistant|developer) ?:[^.!?\n]*|\byou must obey\b|\bnew (?:rule|policy|instructions?)\b|\b(?:print"
    r"|repeat|show) (?:everything|all|the text) above\b|\brepeat (?:the|everything) (?:text"
    r"|words|above)\b"
    r"|\bwhat were you told\b|<\|?(?:im_start|system|/?s)\b|\bbase64\b|\bprompt (?:word for word|verbatim)\b",
    "dose_advice": rf"\b(?:should|shall|can|could|may|must|might|do|ought|would|am|need)\b (?:{_MINE}|you)\b[^.?!]{{0,45}}\b(?:{_CHANGE}"
    rf"|{_TAKE}|(?:take|inject|have) (?:[^.?!]{{1,25}} )?(?:tonight|today|tomorrow|early|late|now))\b"
    rf"|\b(?:should|shall|must|ought) {_MINE} (?:to )?(?:take|start|try|use|have|inject|increase|go on|be on)\b"
    rf"|\b(?:is|would|will) (?:it|that) (?:be )?(?:ok|okay|safe|alright|all right|fine|better|best|wise"
    rf"|bad|dangerous|a good idea|possible|allowed)\b[^.?!]{{0,20}}\b(?:to|if (?:i|we)|for me to)\b[^.?!]{{0,25}}\b(?:{_CHANGE}"
    rf"|{_TAKE})\b"
    rf"|\b(?:want|wanna|like|going|gonna|plan\w{{0,4}}|decided|thinking|tempted|considering) ?(?:to|of"
    rf"|about)? (?:just )?(?:stop\w{{0,4}}|quit\w{{0,4}}|com(?:e|ing) off|skip\w{{0,4}}|giv\w{{1,3}} up)\b"
    r"|\b(?:what|which)(?:'?s| is| are| would be)? (?:(?:the|a|my|right|usual|normal|best|correct|safe|maximum|max) ){0,2}"
    r"(?:dose|dosage|strength)s?\b|\bhow (?:much|many)\b[^.?!]{0,30}\b(?:should|shall"
    r"|do|can|must|mg|tablets?|pills?|milligrams?)\b[^.?!]{0,20}\b(?:i|take|weight|inject)\b"
    r"|\bis (?:a )?(?:half|double|quarter|lower|higher|smaller|bigger) (?:a |the |my )?doses? (?:ok|okay|safe|enough|alright|fine)\b"
    r"|\bprescri(?:be\b|ption)|\bgive me (?:some )?(?:antibiotics?|steroids?|drugs|painkillers|medication"
    r"|medicine|morphine|tablets|pills)\b|\bdo i need (?:to (?:take|start|stop|come off)|steroids|antibiotics"
    r"|a higher|a lower|more)\b"
    r"|\b(?:which|what) (?:\w{1,12} ){0,2}(?:drug|medicine|dmt|treatment|medication|therapy|one)s? (?:is (?:the )?(?:best"
    r"|right|better)|should i|would you|do you recommend)\b"
    r"|\bwhen (?:should|shall|can|do|must) i (?:take|inject|have|restart|start|go back)\b|\bstop\w{0,4} [^.?!]{2,25}(?:,"
    r"| ) ?good idea\b",
    "refuse": r"\b(?:not|won'?t|don'?t|can'?t|cannot|will not|do not|refus\w{1,3}|no way|never|hate|no need|rather not"
    r"|isn'?t worth|not worth|aren'?t|no)\b[^.?!]{0,32}\b(?:ambulances?|hospitals?|a ?& ?e|a and e|er"
    r"|emergency (?:room|department|call|number)|999|911|112|casualty"
    r"|paramedics?)\b|\b(?:not|won'?t|don'?t|never|can'?t)\b (?:want to )?(?:go(?:ing)?|going to go|call(?:ing)?"
    r"|phon(?:e|ing)|ring(?:ing)?) (?:in|anyone|anybody|them|anywhere|there|nobody|out)\b"
    r"|\b(?:i'?ll|i will|i'?d rather|i would rather|gonna|i'?m going to|let me) (?:just )?(?:wait|sit (?:it"
    r"|this) out|see how|leave it (?:till|until)|sleep on it)\b|\bthey(?:'ll)? (?:will |always |only "
    r"|just ){0,2}(?:send|sent) me (?:home|away)\b"
    r"|\b(?:bother|waste)\b[^.?!]{0,12}\b(?:the )?(?:doctors?|nurses?|their time|them|nhs|anyone)\b|\bhate hospitals\b"
    r"|\boverreacting\b|\bstaying (?:at home|put)\b",
    "human": r"\b(?:speak|talk|chat|get|put me|connect me|want|need|like)\b[^.?!]{0,15}\b(?:to|with|through to"
    r"|me)?\b ?(?:a |an |the |my |some )?(?:real |actual |live )?(?:human|person|people|someone real|somebody real"
    r"|agent|operator|advisor|receptionist)\b"
    r"|\b(?:get|want|need) (?:me )?(?:a |an |the )?(?:real |actual |proper )?(?:doctor|nurse|human|person"
    r"|pharmacist)\b(?! (?:said|told|to\b|appointment))"
    r"|\b(?:speak|talk|chat) (?:to|with) (?:a |an |the |my |ms )*(?:real )?(?:nurse|doctor|neurologist"
    r"|consultant|pharmacist|gp|someone|somebody|anyone|anybody|team|clinic)\b|\b(?:phone|telephone|contact"
    r"|their|clinic) (?:numbers?|details)\b"
    r"|\bnumber (?:of|for) (?:the|my)\b|\bwho (?:can|do|should|could) i (?:call|ring|phone|contact|speak"
    r"|talk)\b|\bhow (?:can|do|could) i (?:reach|contact|call|ring|phone|get hold of)\b|\b(?:somebody"
    r"|someone|anybody|anyone|nurse|doctor) (?:i can |please )?(?:call|ring|phone) me\b"
    r"|\b(?:anyone|anybody|somebody|someone|a doctor|a nurse) i (?:can|could) (?:speak|talk|ring|call"
    r"|phone)\b|\boperator\b|\b(?:clinic|line|team) open\b|\bemail address\b",
    "understood": r"\bwhat (?:do|did|have) (?:you|u) (?:got |get |have |know |noted? |understood |understand |record\w{0,2} "
    r"|written |heard )+(?:(?:down|so far|about|on|of|for) ?){0,2}(?:me|my|down|so far)\b[^.?!,]{0,20}"
    r"|\bdoes it say [^.?!,]{1,25} on (?:your|the|my) (?:list|sheet|notes?)\b|\b(?:read|play) (?:it "
    r"|that )?back\b|\bwhat (?:i|you)(?:'ve| have)? (?:told|said to|noted|recorded|written)\b"
    r"|\bdid you get (?:all )?that\b|\blist (?:my answers|what)\b|\bdo you have down\b|\bwhat did i (?:tell|say)\b",
    "summary": r"\b(?:summar(?:y|i[sz]e)|sbar|sum (?:it|this|that|everything) up)\b|\b(?:note|report|letter|copy"
    r"|printout|something|email|write (?:it|this|that) (?:up|down)|print)\b[^.?!]{0,30}\b(?:for|to (?:show|give|take"
    r"|print)|with)\b[^.?!]{0,12}\b(?:my|the|me)?\b ?(?:ms )?(?:neurologist|nurse|doctor|gp|consultant"
    r"|team|clinic|print)?$"
    r"|\bsomething to print\b|\bprint ?-?out\b",
    "start_over": r"\b(?:start|begin|kick off|go)(?:ing)? (?:again|over|afresh|anew)"
    r"(?: from (?:the )?(?:scratch|start|beginning|zero|top))?\b[^.?!]{0,30}"
    r"|\b(?:start|begin|go)(?:ing)? from (?:the )?(?:scratch|start|beginning)\b|\bscratch everything\b|\bfresh start\b"
    r"|\bdifferent problem now\b"
    r"|\bwipe everything\b|\breset the (?:chat|conversation)\b",
    "go_back": r"\bgo back (?:one|a (?:step|question)|to the (?:last|previous))\b|\b(?:previous|last) question\b"
    r"|\bquestion before\b|\bredo the last\b",
    "why": r"\bwhy (?:the \w+ )?(?:do|are|would|did) (?:you|u) (?:even |always |keep )?(?:ask|need|want|asking|wanting)[^.?!,]{0,40}"
    r"|\byou keep (?:on )?(?:asking|going on)[^.?!,]{0,40}"
    r"|\bwhat(?:'s|s| is| has)? (?:that|this|it|my (?:\w+ )?\w+|(?:the )?\w+)(?: got)? to do with[^.?!,]{0,30}"
    r"|\bwhat(?:'s|s| is) the (?:\w+ )?question (?:for|about)\b|\bhow (?:will|would|does|could) knowing\b[^.?!,]{0,40}"
    r"|\bwhat(?:'s| is| has)? (?:that"
    r"|this|it)(?: got)? to do with\b(?: my \w+)?|\b(?:reason|point) (?:for|of|in) (?:this|that|the|asking)(?: question)?\b"
    r"|\bwhy (?:does|is) (?:that|it|this) (?:matter|important|relevant|necessary)\b|\bwhat difference does\b",
    "diagnosis": r"\bdiagnos(?:e|is|ing)\b|\b(?:tell me|know) (?:if|whether) i(?:'ve| have| am|'m)\b|\bhave i had (?:a"
    r"|an|another)\b|\b(?:do|have) (?:i|we) (?:have |got |caught |developed |become |now have )(?!to\b"
    r"|any\b|an appointment|time)|\bam i (?:having|relapsing|getting|becoming|in|neutrop\w+|progressing"
    r"|ill\b|sick|dying|infected|anaemic|anemic)"
    r"|\b(?:could|might|can|would) (?:this|it|that|these) (?:be|have|mean|all be)\b|\b(?:could|might) i (?:be (?!put|given"
    r"|switched|seen|referred)|have (?!to\b|the\b|my\b|more|another|some|details?|info|a (?:copy|word|drink|baby|summary|break"
    r"|vaccine|jab|scan|mri|test|bath)))|\bis (?:this|it"
    r"|that|my ms)(?: all| just| really)? (?:(?:a|an|my|the|from|due to|because of) )?(?:pseudo\w*|relapse"
    r"|flare|attack|pml|cancer|tumou?r|shingles|ms\b|infection|stroke|lupus|side effect|drug|tablets?"
    r"|injections?"
    r"|medicine|serious or|progress\w*|getting worse|meningitis|blood clot|clot|leuka?emia|anaemia|allergy"
    r"|heart attack|sepsis|uti|thyroid|menopause|stress)|\bwhat(?:'?s| is| could be| might be) (?:wrong"
    r"|causing|the matter)\b|\bwhat (?:have i got|do i have|illness|disease) ?(?!to\b)"
    r"|\bdoes (?:this|it|that) mean i\b|\bdo you think (?:i|it|this|that)(?:'s| is|'m| am| have)\b",
}
_SHAPES["out_of_scope"] = (
    r"\btranslate\b[^.?!]*\b(?:in)?to [a-z]{4,}"
    r"|\b(?:write|compose|sing|make up)(?: me)? (?:a |an |some )?(?:\w+ )?(?:poem|song|story|joke|essay"
    r"|limerick|rap|rhyme|cover letter)\b[^.?!]*|\brecommend (?:me )?an? (?!doctor|neurologist|medicine|drug|treatment)\w+\b[^.?!]*"
)
_SHAPES["small_talk"] = (
    r"\b(?:are|do|have|can|did) (?:you|u) (?:a |an |really |ever |actually |like |just )*(?:robots?|bot"
    r"|human|person|machine|ai|real|alive|feelings?|sleep|eat|dream|tired|married|doctor|nurse|computer"
    r"|name|football|music|family)\b"
    r"|\b(?:you(?:'re| are)|ur) (?:not |so |very |really |a |an |such )*(?:clever|smart|stupid|dumb|useless"
    r"|rubbish|kind|funny|sweet|annoying|idiot|great|amazing|awful|nice|boring)\b|\bwhat(?:'s| is| are) (?:you"
    r"|your name|you called)\b"
    r"|\bhow (?:are|r) (?:you|u)\b|\bwho (?:made|built|created|programmed|owns) (?:you|u)\b|\bhow old are you\b"
    r"|\bwhere (?:do you live|are you from)\b"
)
_SHAPE_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _SHAPES.items())

_CORRECTING = re.compile(
    r"^\W*(?:no,? )?(?:wait|hang on|hold on|actually|correction|oops|scrap (?:that|it)|sorry,? (?:i"
    r"|it|that)|my mistake|wrong \w+)\b"
    r"|\bi (?:meant|made a mistake|mis(?:typed|read|spelt|said)|typed (?:it|that) wrong|got (?:that|it"
    r"|the \w{1,12}) wrong|(?:never|didn'?t) (?:say|said|mean|meant|told)|was talking about)\b"
    r"|\bnot .{2,30}, (?:it'?s|its|i'?m|but)\b|\b(?:you(?:'ve| have)? (?:misunderst\w+|misread|got (?:it"
    r"|that|this|me) wrong|have the wrong|got the wrong))\b|\bthat (?:isn'?t|is not|'s not) (?:what i"
    r"|right|correct)"
    r"|\b(?:want|need|like) to (?:change|correct|edit|fix)\b|\b(?:change|edit|correct|fix) (?:my|the|that"
    r"|an?|one) (?:medicine|medication|answer|drug|date|result|last|number)|\bignore what i (?:said|wrote)\b"
    r"|\bthat was (?:\w{1,12} ){0,2}(?:years?|months?|weeks?|ages) ago\b|\bthat was last (?:year|month"
    r"|week|winter|summer)\b|\bwas (?:last|a) (?:year|month)(?: ago)?, not now\b|\bit'?s (?:actually "
    r"|really )?my (?:\w+) (?:who|that|not)\b"
    r"|\b(?:it'?s|it is) my \w+, not (?:me|mine)\b|\bfalse alarm\b|\bthat'?s (?:wrong|not right|incorrect)\b"
    r"|\bactually,? (?:it'?s|it is|it was|i'?m|i am|i take|i have|my)\b|\b(?:it'?s|it is|it was|i'?m|i take) actually\b"
    r"|\b(?:isn'?t|is not) mine\b|\bthe wrong (?:drug|medicine|number|date|button)\b"
    r"|\bgot (?:me|it|that|this|us) (?:down )?(?:wrong|as)\b|\byou(?:'ve)? mis(?:heard|read|took|understood)\b"
    r"|\b(?:the )?other (?:eye|leg|arm|side|hand|foot|ear|one)\b(?! (?:is|feels|has|hurts|went|too))"
    r"|\b(?:delete|remove|scrap|take out|cross out|lose|alter|amend|cancel) (?:the|that|what|my)\b"
    r"|\b(?:take|strike|cross) [^.?!,]{1,25} (?:off|out|from|off of) (?:the|my|your|that)? ?(?:list|summary|sheet|notes)\b"
    r"|\b(?:pressed|clicked|picked|chose|tapped) the wrong\b|\byou(?:'ve| have)? put (?:down )?(?:that )?i\b"
    r"|\bas i (?:put|said|wrote) above\b|\b(?:change|correct) (?:it|that|this)(?: to\b|(?:,? please)?\W*$)"
    r"|\bi take (?:it|that) back\b"
    r"|\btold you (?:already|before|twice)\b|\b(?:typed|wrote|put|pressed|hit"
    r"|said) [^.?!]{1,30} by (?:accident|mistake)\b"
    r"|^\W*(?:sorry,? )?wrong (?:medicine|drug|number|tablet|date|one|test|result)\b|^\W*no no,? |\bremove (?:the|my)\b"
)
# "no its not gilenya its zeposia"
_NOT_THAT = re.compile(r"^\W*(?:no,? )?(?:it'?s|i'?m|i am|it is|that'?s) not (?:on |taking )?\w+[ ,]+(?:it'?s|i'?m|but|it is)\b")
# A question that the content answers, as opposed to "wbc 2.1, is that bad?".
_KNOWLEDGE = re.compile(
    r"\b(?:side[- ]?effects?|risks? of|chances? of|interact\w{0,5}|alternatives?|normal (?:range|level"
    r"|value|count|\w{1,20} (?:range|level|count))|(?:what|wot|wat)(?:'?s| is| are| does| do| should| happens?| would happen)\b"
    r"|which\b"
    r"|how (?:long|often|common|likely|does|do|is|are|many|soon)\b|tell me about|explain|why (?:do|does|would|can|are|is) (?!i\b|you\b)"
    r"|(?:can|could|does|do|will|would|is|are|did|may|might) (?:\w+[ -]){0,4}?(?:cause|give|lower|raise"
    r"|reduce|increase|affect|make|trigger|lead|damage|harm|interact|known|safe|bad for|linked|chemo\w*"
    r"|associated|suppress|stay|contain|weaken|allowed))"
    r"|\b(?:can|could|may) (?:i|you|we|people|men|women|a (?:man|woman)|someone) (?:have|get|drink|eat"
    r"|be|take|go|father|try|travel|still|use|become|fly|breast\w+)\b|\bam i allowed\b|\bdo i (?:need"
    r"|have to)\b|\bis it (?:true|normal|possible|known|safe)\b"
)
# Asked even without a question word or mark: "side effects tysabri".
_LOOKED_UP = re.compile(
    r"\b(?:side[- ]?effects?|risks?|interactions?|alternatives?|normal range|difference between|question about"
    r"|monitoring)\b"
)
_QUESTION = re.compile(
    r"\?\s*$|\bwhat (?:now|then|do i do|to do)\W*$"
    r"|^\W*(?:(?:and|so|but|also|hi|hello|hey|please|ok|can you tell me|do you know|i wonder|i'd like to know"
    r"|(?:what|all) i (?:want\w*|need\w*|'d like|would like) to (?:know|ask|find out)(?: is)?|(?:anyway )?my question is),? ){0,2}"
    r"(?:can(?!'?t\b)|could|does|do(?!n'?t\b)|did|is|ist|are|am(?! (?:on|taking|still|now|having|getting)\b)|have i|has|what|whats|what's"
    r"|wot|wots|wat|why|how|which|when|where|who"
    r"|should|shall|will|would|may|might|ought|must|tell me|explain|whether)\b"
)
_LONG = 25  # words from which a message is guessed by its point, not as a whole
_SENTENCES = re.compile(r"(?<=[.!?;:\n])\s+|\n|,?\s(?=(?:so )?(?:can|could|would) (?:you|we|i|someone|somebody|anyone)\b|so just\b)")
_WISH = re.compile(
    r"\?\s*$|\b(?:can|could|would|will) (?:you|we|someone|somebody|anyone|a nurse|a doctor)\b|\b"
    r"(?:i(?:'d| would) (?:like|rather)|i want(?:ed)?|i(?:'m| am) asking|i (?:was )?wonder\w*"
    r"|(?:what|all) i (?:want\w*|need\w*|would like|wish\w*)|my question)\b|\b(?:please|pls)\b"
    r"|^(?:\W*(?:so|and|but|anyway|just))*\W*(?:write|tell|give|show|send|put|change|recap|sum|explain|delete|remove|wipe|get)\b")
_OPENS_AS_ANSWER = re.compile(r"^\W*(?:yes|yeah|yep|yup|no|nope|nah|none)\b")
_SELF = re.compile(
    r"\b(?:i|i'?m|i'?ve|my|me|mine|myself|we|our|he|she|his|her|today|tonight|yesterday|now|since|still"
    r"|again|keeps?|getting|started|feel\w*)\b"
)
# "could this be shingles?", "have I got neutropenia?": the illness is what is asked, not what is told.
_NAMING = re.compile(
    r"\b(?:(?:do|d'?) ?you (?:think|reckon) (?:i|it|this|that)(?:'ve| have|'s| is|'m| am)(?: got)?|"
    r"(?:is|could|might|can|would"
    r"|may) (?:this|it|that|these)(?: just| really| all| actually)?(?: be"
    r"| mean)?|(?:do|have|did|could|might|can|does (?:this|it|that) mean) i(?: have got| have| got| had"
    r"| be| caught)?|am i|is my)"
    r" (?:(?:a|an|the|my|some kind of|getting|having|pml or a?) ?){0,2}$"
)
# What the assistant knows about: a question about anything else is out of scope.
_TOPIC = re.compile(
    r"\b(?:ms|dmts?|sclerosis|relaps\w*|pseudo\w*|pml|jcv?|vaccin\w*|jabs?|immuni[sz]\w*|chemo\w*|drugs?"
    r"|medicines?|medications?|meds|tablets?|infusions?|injections?|steroids?|stem|hsct|ahsct|transplant"
    r"|neutrop\w*|lymph\w*|leu[ck]o\w*|interleukins?"
    r"|cytokines?|il ?-?\d+|uln|mri|scans?|bloods?|platelets?|liver|alt|cells?|immun\w*|antibod\w*|pregnan\w*"
    r"|baby|breast\w*|infections?|shingles|side|effects?|symptoms?|rebound|alcohol|wine|skin|anaemi\w*"
    r"|anemi\w*|fumarates?|interferons?|s1p|b-cells?"
    r"|neurolog\w*|fatigue|heat|myelin|lesions?|tests?|checks?|monitoring|risks?|doses?|dosing|hair|cancer"
    r"|heart|kidneys?|thyroid|depress\w*|fertil\w*|hepatitis|uhthoff|optic|spasms?|bladder|febrile)\b"
)
# these may hold the name of a symptom without telling one
_HOLDING = frozenset({"why", "prompt_injection", "understood", "start_over", "out_of_scope"})
_TO_PEOPLE = frozenset({"refuse", "human", "correct", "goodbye"})  # wishes that anger goes with
_UNDOES = frozenset({"start_over", "go_back"})  # what was told is put aside: not for a weak guess
_TO_ASSISTANT = re.compile(r"\b(?:you\w*|u|ur|weather|joke|song|football|bored)\b")
_IN_USE = 2.0  # zipf frequency of a word that people use
_FEW_WORDS = 3  # so few words, about nothing known, may as well answer the question that was asked
_SURE = 0.65  # confidence from which a guess goes before a sentence that leaves no doubt
_VERY_SURE = 0.8  # from which it goes before what was read by meaning alone, and a time
_CERTAIN = 0.94  # from which a question is one, whatever is told in it


def point_of(text: str) -> str:
    """What a long message comes to: the last sentence that asks or wishes, or the yes or no it begins with. A short one is as it is."""
    if len(text.split()) < _LONG:
        return text
    sentences = [part for part in _SENTENCES.split(text) if part and any(map(str.isalpha, part))]
    wishes = [part for part in sentences if is_asking(normalise(part)) or _WISH.search(normalise(part))]
    if wishes:
        return wishes[-1]
    return sentences[0] if _OPENS_AS_ANSWER.match(normalise(sentences[0])) else text


def intent_of(text: str, entities: list[Entity], guess: str | None, confidence: float) -> tuple[str, float]:
    """The intent and its confidence (0 to 1) from what was read in the words, the classifier's guess, and sentences that leave no doubt.

    A sure guess goes before such sentences; neither goes before what is told.
    """
    words = normalise(text)
    point = normalise(point_of(text))
    if alone := _alone(words):
        return alone, 1.0
    if guess is None or not (entities or _has_words(words)):
        guess = "nlu_fallback"
    if guess == "nlu_fallback":
        confidence = 0.0
    told = [entity for entity in entities if entity["entity"] in TOLD and _now(entity)]
    asks = is_asking(words) or is_asking(point)
    if all(map(_is_weak, told)) and (confidence >= _VERY_SURE or is_cross(words) or asks and all(map(_plays_down, told))):
        told = []
    if told:
        return _beside_what_is_told(words, entities, told, guess, confidence, asks), 1.0
    if not asks and _corrects(words, entities):
        return "correct", 1.0
    if confidence < _SURE and (certain := _certain(point, entities)):
        return certain, 1.0
    if confidence < _VERY_SURE and guess not in _TO_PEOPLE and is_cross(words):
        return "small_talk", 1.0
    return _from_guess(words, entities, guess, confidence, asks)


def _alone(words: str) -> str | None:
    stripped = words.strip()
    bare = _COURTESY.sub("", stripped)
    return next((name for name, pattern in _ALONE_PATTERNS if pattern.fullmatch(stripped) or pattern.fullmatch(bare)), None)


def _beside_what_is_told(words: str, entities: list[Entity], told: list[Entity], guess: str, confidence: float, asks: bool) -> str:
    """A report, unless what was read is only asked about, corrects something, or is part of another wish.

    The turns of `ask`, `dose_advice` and `diagnosis` assess what is told as well.
    """
    sure = confidence >= _CERTAIN
    if guess == "deny" and all(entity.get("role") == "negated" for entity in told):
        return guess
    if not asks and (_corrects(words, entities) or guess == "correct" and sure):
        return "correct"
    if held := _held(words, told):
        return held
    if asks and sure and guess in ("ask", "dose_advice", "diagnosis") and not any(map(_is_number, told)):
        return guess
    if asks and all(_named(entity, words) for entity in told):
        return "diagnosis"
    if (asks or _LOOKED_UP.search(words)) and _only_asked(told, words):
        return "ask"
    return "report"


def _held(words: str, told: list[Entity]) -> str | None:
    """The wish whose own words hold all that seemed to be told: "why do you need my temperature"."""
    for name, pattern in _SHAPE_PATTERNS:
        match = pattern.search(words)
        if match and all(_plays_down(entity) or name in _HOLDING and _part_of(entity, match) for entity in told):
            return name
    return None


def _certain(words: str, entities: list[Entity]) -> str | None:
    """What a sentence that leaves no doubt wants."""
    medicines = any(entity["entity"] in MEDICINE for entity in entities)
    found = (name for name, pattern in _SHAPE_PATTERNS if pattern.search(words))
    return next((name for name in found if not (name == "start_over" and medicines)), None)  # "start Gilenya again tonight"


def is_asking(words: str) -> bool:
    """Whether normalised words ask something, with or without the mark."""
    return bool(_QUESTION.search(words))


def _corrects(words: str, entities: list[Entity]) -> bool:
    if _CORRECTING.search(words) or contrast(words):
        return True
    return bool(_NOT_THAT.search(words)) and any(entity["entity"] in MEDICINE for entity in entities)


def _from_guess(words: str, entities: list[Entity], guess: str, confidence: float, asks: bool) -> tuple[str, float]:
    """Nothing present was read: the classifier speaks, within what is safe."""
    medicines = any(entity["entity"] in MEDICINE for entity in entities)
    asks = asks or bool(_LOOKED_UP.search(words))
    taken = [entity for entity in entities if entity["entity"] == "medicine" and entity.get("role") in ("current", "past", "planned")]
    dated = any(entity.get("status_time") for entity in taken)
    if medicines and not asks and len(words.split()) <= _FEW_WORDS and confidence < _CERTAIN:
        return "report", 1.0
    if guess in _UNDOES and confidence < _VERY_SURE:
        return "nlu_fallback", confidence
    if guess in ("ask", "dose_advice") and taken and not asks and (dated or confidence < _CERTAIN):
        # "used to be on gilenya, now on mavenclad"
        return "report", 1.0
    if asks and guess in ("report", "nlu_fallback", "out_of_scope") and (medicines or _TOPIC.search(words)) and confidence < _VERY_SURE:
        return "ask", 1.0
    said = any(entity["entity"] in SAID for entity in entities) and confidence < _VERY_SURE
    if guess in LIGHT and (medicines or said):
        return "report", 1.0
    weak = guess == "small_talk" and not _TO_ASSISTANT.search(words) or guess == "more" and asks  # "my husband is away"
    if weak and confidence < _VERY_SURE:
        return "nlu_fallback", confidence
    if guess in LIGHT and not asks and len(words.split()) <= _FEW_WORDS and (confidence < _VERY_SURE or guess == "out_of_scope"):
        return "nlu_fallback", confidence
    return guess, confidence


def _now(entity: Entity) -> bool:
    if entity["entity"] == "lab_result":  # "is a neutrophil count of 0.9 ok?" may be one's own
        value = entity["value"]
        own = value.get("status", "current") == "current"
        return own or value["status"] == "asked" and value.get("comparator") is None and isinstance(value.get("value"), int | float)
    return entity.get("role", "present") in ("present", "negated")


def _named(entity: Entity, words: str) -> bool:
    """The entity is the illness that a question asks about, and nothing follows it but the end or another guess."""
    ends = re.match(r"\s*(?:[?.!,]|$|or\b|now\b|again\b|(?:do|d'?you|would) you (?:think|reckon)|then\b)", words[entity["end"] :])
    return bool(ends) and not _is_number(entity) and bool(_NAMING.search(words[max(0, entity["start"] - 60) : entity["start"]]))


def _only_asked(told: list[Entity], words: str) -> bool:
    """A question in general ("is low mood a known effect of avonex"), or about a test without a number."""
    tests = [entity for entity in told if entity["entity"] == "lab_result"]
    if not all(map(_without_value, tests)) or any(entity["entity"] == "temperature" for entity in told):
        return False
    return (
        not _SELF.search(words)
        or bool(re.search(r"\b(?:will|would) (?:i|my|it)\b", words))
        or len(tests) == len(told)
        and bool(_KNOWLEDGE.search(words))
    )


def _is_weak(entity: Entity) -> bool:
    """Read by its meaning alone, or only playing down."""
    return entity.get("confidence_entity", 1.0) < 1 or _plays_down(entity)


def _plays_down(entity: Entity) -> bool:
    return entity["value"] == "no_symptom"


def _has_words(words: str) -> bool:
    """Whether it may hold words: "gfjkdls fjdkslfj" wants nothing that could be guessed, a single odd word may be a drawn-out "naaah"."""
    found = re.findall(r"[^\W\d_]+", words)
    return len(found) == 1 or any(zipf_frequency(word, "en") >= _IN_USE for word in found)


def _is_number(entity: Entity) -> bool:
    return entity["entity"] == "temperature" or entity["entity"] == "lab_result" and not _without_value(entity)


def _part_of(entity: Entity, match: re.Match[str]) -> bool:
    """The words of the entity belong to the sentence that was recognised ("forget everything", "what has that to do with my rash")."""
    return entity["start"] < match.end() and match.start() < entity["end"] or entity["value"] == "no_symptom"


def _without_value(entity: Entity) -> bool:
    """A test that is only called high or low ("why are my interleukins high?"), with no number to judge."""
    return entity["entity"] == "lab_result" and entity["value"].get("value") is None and entity["value"].get("times_uln") is None
