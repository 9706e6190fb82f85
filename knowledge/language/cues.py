"""The words that `status` goes by: what denies, ends, dates or supposes a complaint, and whose it is. Keys without apostrophes."""

from knowledge.language.text import Table, rows, word_set

WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
CONTRAST = word_set("but however though although except yet whereas instead apart aside albeit only just")
REASON = word_set("because cos cuz due since until till after when while if so then plus")
AUX = word_set(
    "is are was were am be has have had 's ive do does feels feel felt hurts hurt aches keeps keep went goes gone "
    "started "
    "starts got gets getting seems looks came comes cant wont feeling dont doesnt isnt arent hasnt can will just "
    "still "
    "really suddenly now always began begins turned turns became stopped burns itches tingles throbs"
)
SUBJECT = word_set("i im ive id he she we they youre theyre hes shes theres it its there thats")
POSSESSIVE = word_set("my his her their our")
CARRY = word_set(
    "in on of at around down up with from to for or nor and over under behind near about between through "
    "across like all think thinks thought say says said believe that if mean noticed notice seen have "
    "had feel "
    "got get affect affects affecting lost move moved lift by into any no not inside along both"
)
RECENT = word_set("now today tonight since yesterday suddenly still again just currently")
LINK = word_set("and & plus")
GOES_ON = word_set(
    "it its theyre they which that and like so feels really very all getting worse since with for now still came just cant wont"
)
FRESH = word_set(
    "a an my i im ive it its now have got some really very bad still also today this then the there "
    "his her "
    "he she we has is feel feeling am just severe lots terrible awful getting keep cant his"
)

# No of the mention that follows.
NO_BEFORE = rows("""
no|not|never|without|denies|denied|denying|deny|nor|neither|dont|doesnt|didnt|isnt|arent|wasnt|werent|havent|hasnt
hadnt
aint|dnt|nothing like|free of|free from|negative for|none of|no way|no longer|no more|ruled out
absence of|nuh|mi nah|me nah|im nah|she nah|dem nah|it nah|im anything but|am anything but|is anything but|are anything but
not so much as|had so much as|without so much as
no sign of|no signs of|no evidence of|clear of|lack of|cant see|cant see any|cant feel any|cant say|cant find any
couldnt see any|zero|nobody|not once|hardly any|so much as a|so much as an
barely any|rather than|wouldnt say|wouldnt call|not one|not a single
""")

# These look like a no and are none.
NO_FALSE = rows("""
not only|not just|not without|not the first|no wonder|no doubt|no idea|not sure|dont know|not to mention|no matter
not gone
no way is|no way this|no way that|no way it|no way its|no way thats|no way the|no way my|no way to|no way of|no way out|no way can
no way i can|no way i could|no way im going|no way im doing|no way im calling|no way im staying|no way am i going|no way should|no way would
no better|not better|not any better|not getting|not improving|hasnt gone|havent gone|hasnt stopped|havent stopped
doesnt stop|dont stop|doesnt go|dont go|isnt going away|isnt going down|arent going away
isnt getting|arent getting|not going away|not going down|isnt improving
doesnt help|doesnt work|didnt work|didnt help|not helping|not working|isnt helping|isnt working|not helped
hasnt helped
never felt so|never felt this|never felt such|never known|dont understand|not normal|isnt normal|not like|dont get why
nothing helps|nothing works|nothing seems|nothing touches|no relief|no letup|no let up|no change|not right|isnt right
never ending|non stop|no end|no different|not long|not well|no joke|not good|isnt good|not great|not nice|not funny
not fun|no fun|wont stop|cant stop|not stopped|hasnt shifted|wont shift|doesnt ease|not easing|not eased|hasnt eased
not settled|not settling|hasnt settled|hasnt cleared|not cleared|not clearing|not shifting|dont want to worry|not too
not being funny|no thanks|no thank|no one|dont like|not liking|not coping|not keen|not to be|not a fan|never used to
never mind|not used to|isnt my usual|not my usual|isnt the usual|not the usual|not my normal|isnt my normal|nothing else helps
dont feel right|not feeling great|not feeling right
not feeling myself|not feeling too|not feeling so|not feeling the best|dont feel great|no joy|not happy
dont tell|dont mean|didnt mean|not until|not even|not been well|dont care|not being able|isnt just|isnt only|arent just
arent only|wasnt just|never stops|never stopped|never goes|never gone|never leaves|never lets|no control|not much help
not to worry|no luck|not a fever expert|not usually|dont usually|dont normally|not normally|dont often|never usually
""")
# Said before "is normal", "is fine": it is not believed.
DISBELIEVED = rows("""
no way|no chance|not a chance|dont think|do not think|dont believe|cant believe|doubt|dont see how|cant see how|not convinced
""")

NO_AFTER = rows("""
is fine|are fine|is ok|are ok|is okay
is normal|are normal|isnt there|none|no longer|not there|not present|absent|is clear|ruled out|normal|fine
not a problem|not an issue|no problem|no issue|isnt a problem|isnt an issue|no issues|no problems|is good|are good
was normal|negative|denied|doesnt apply|not happening|were fine
was fine|is not there|are not there|werent there|wasnt there|i dont have|i havent got|i dont get|i do not have
""")

# It was there and has gone: over, and by that denied for now.
GONE = rows("""
gone|gone now|long gone|long gone down|long since gone
has gone|have gone|all gone|is gone|has stopped|have stopped|stopped|stopped now|gone away|gone down
has disappeared|have disappeared
faded to nothing|faded away|has faded|have faded|disappeared|vanished|has gone down|have gone down|by then nothing|nothing since|nothing now
""")

# The answer to what was asked about just before: "the nurse asked about swelling, i havent got any".
ANSWERS_NO = rows("""
im not|i am not|i havent|i hadnt|i havent got any|i havent any|havent got any|havent any|i dont|i didnt|i wasnt|ive none|i have none
not me|none of that|i havent had any|havent had any|not had any|i dont have any|dont have any|i dont have it|i havent got it|ive not
""")

# The answer to everything that was asked, listed or told of others just before: "the leaflet lists fits and rashes, i have neither".
ANSWERS_NO_TO_ALL = rows("""
i have neither|ive neither|ive got neither|neither of them|neither of those|neither of these|neither for me|i have none|ive none
none of them|none of those|none of these|none of that|none of which|no to everything|no to all|no to them all|no to all of it|told her no
told him no|told them no|i said no|said no|i never have|i never had|i never did|not one of them|i dont have any of|havent got any of
i havent had any of
""")

# What was and is over.
OVER = rows("""
fine now|all better|ok now|okay now|recovered|cleared up|cleared|settled|settled down|resolved|went away
back to normal
all clear|got better|healed|healed up|passed|has passed|over it|fully recovered|eased off|went off|has lifted
calmed down
subsided|it went|they went|went within|gone within|gone in an|wore off|fine since|its fine|its over|was treated
got over it|stopped after|fine again|ok again|treated
sorted itself|sorted now|has settled|havent had it since|hasnt come back|not had it since|been fine since|better again
never now|never any more|never anymore|not any more|not anymore|not these days
fine ever since|none of it now|none of that now|none now|im better|im fine now|all fine now
""") + tuple(
    ("by", when, *said)
    for when in sorted(WEEKDAYS | {"morning", "teatime", "bedtime", "lunchtime"})
    for said in (("nothing",), ("it", "was", "gone"))
)
PAST_BEFORE = rows("""
used to|history of|previous|previously|as a child|as a kid|as a teenager|as a baby|as a teen|in the past|back in
once had
when i was|when i had|had a history|past history|in childhood|before i started|before i was|formerly|last time i had
prior|before all this|before all that|before any of this|back when|recovered from|got over|survived|treated for
was treated for
""")
PAST_AFTER = rows("""
as a child|as a kid|as a teenager|as a teen|as a baby|in the past|years ago|months ago|years back|a while back
a while ago
long ago|ages ago|back then|that week|at the time|at that time|that month
last year|last summer|last winter|last spring|last autumn|last christmas|last month
last easter
when i was|weeks ago|last week|decades ago|at school|at uni|at university|in my teens|in my twenties|in my thirties
in childhood|before i started|before i was diagnosed|the year before|previously|once before|the other month|in spring
in the spring|in summer|in the summer|in autumn
in the autumn|in winter|in the winter|in the fall|over christmas|at christmas|at easter|over easter
""")
GOING_ON = word_set(
    "since still ongoing ever start started starting starts began begun begins onset constantly "
    "continues "
    "continuing now again keeps keep today recurring for from worse always came getting"
)
OTHER_EVENT = word_set(
    "infusion infusions dose doses injection injections tablet tablets drip diagnosed stopped "
    "switched swapped "
    "finished course treatment started jab vaccine booster mri scan appointment cycle"
)
HYPOTHETICAL = rows("""
can give you|could give you|may give you|might give you|can make you|could make you
what if|in case|suppose|supposing|were i to|say i get|imagine|side effect of|side effects of|a side effect|is it true you can get
is it true|true that you can get
can you catch|can i catch|risk of|risks of|chance of|chances of|likelihood of
odds of
possibility of|worried about|afraid of|scared of|frightened of|fear of|terrified of|nervous about|worry about
anxious about
could i have a|can i have a|will i have a|would i have a
could i get|can i get|will i get|would i get|can you get|do people get|do you get|could you get|might i get|may i get
should i watch|watch for|watch out for|look out for|looking out for|keep an eye out for|should i worry if|worry if
should i worry about|should i expect|expect|avoid|prevent|prevents|prevention of|stop me getting|protect against
protects against|can cause|could cause|may cause|might cause|does cause|causes|cause|can lead to|lead to|leads to
could lead to|linked to|associated with|how common is|how common are|how likely is|how likely are|what does
how do i know if|how would i know if|how will i know if|leaflet says|leaflet lists|leaflet mentions|leaflet
read about|read that|heard about|heard of|heard that|im afraid ill|scared ill|worried ill|worried i might get
worried i could get|worried i will get|might get|may get|could get|going to get|to avoid|vaccine for
vaccinated against
jab for|vaccine against|immune to|tested for|test for|screened for|checked for|told me about|warned about
warned me about
tell me about|information on|information about|info on|info about|if i get|if i have|if i develop
if i did|if i should|dread|dreading
if i notice|if i see|if i start|if i had|if i experience|if i feel|if i become|if i got|if i ever|if i were|if you get
if you have|if you develop|if you notice|if you feel|if it causes|if there is|if there are|if theres|if someone has
if someone gets|if he gets|if she gets|if any|if my temperature|if my temp|if my fever|if it goes|heard it
heard they|read it|leaflet it says|would it cause|would you get|dont want to get|does it affect|who gets
people who have|people with|patients with|some people get|some people have|others get|others have|most people|many people
what are the symptoms of|how likely am i|to look for|that i end up
let 's say|hoping it wont|hope it wont
dont want to end up|scared of ending up|should i develop|should i come down|is it going to make|is it going to mek|is it going to give
is it going to cause|is it gonna make|is it gonna give
what are the signs of|will it|does it|can it|how do you treat|how is|do you know about
""")

# These ask after a cause: a symptom that is named as one's own ("this rash") is still there.
ABOUT_OWN = word_set(
    "cause causes effect effects linked associated lead leads does worried worry anxious nervous "
    "scared "
    "afraid frightened terrified about"
)
SIDE_AFTER = rows("""
a side effect|side effect|common side effect|known side effect|common with|common on|possible with|a risk|a known risk
likely with|listed for|listed as|listed on|something to look for|something to look out for|something to watch for
one of the side effects|side effects|common in people|expected with
""")
THIS = word_set("this these")  # what is pointed at is there: "what if this numbness stays?"
OWN = THIS | {"my"}
ME = word_set("me my myself i im ive")

MONTHS = word_set(
    "january february march april june july august september october november december jan feb mar "
    "apr jun jul aug sept "
    "sep oct nov dec"
)
NOT = word_set("not isnt hasnt havent never arent doesnt wont wasnt didnt no cant nearly almost")
HAD_TO = word_set("had have told started used began managed decided came")
MAY_I = word_set("can could should shall would will may might ill id lets")
CIRCUMSTANCE = frozenset([("in", "bed"), ("at", "night"), ("at", "rest"), ("lying", "down"), ("sitting", "down"), ("sitting", "still")])
SINCE_GOES_ON = word_set("i ive im it its started starting starts began begun begins have has had got feel feels")
MODAL = word_set("can could does do will would might may")
NOT_ASKED = word_set(
    "i my this these the you that we he she someone anyone anybody his her there a an not be it mean see dont nothing "
    "only barely hardly just still"
)
ASKS = word_set("is are was can could does do will would should why what when how")
BRINGS = word_set("give make mek cause bring turn lead trigger send wreck set")
THEN_ASKS = frozenset(
    (verb, who) for verb in ("do", "should", "shall", "can", "could", "will", "would", "must") for who in ("i", "we", "you", "it", "that")
) | {("will", "my"), ("would", "my"), ("could", "my")}
THEN_WILL = frozenset([("i", "will"), ("i", "would"), ("i", "shall"), ("it", "is"), ("is", "that"), ("what", "happens"), ("is", "it")])
# What is asked of a thing that is there: "will it stop, the bleeding".
ENDS = word_set("stop go clear heal settle last ease pass fade improve mend shift lift better away")
FEARS = word_set("terrified scared afraid frightened dread dreading")
OF_MINE = frozenset([("for", "me"), ("i", "had"), ("i", "got"), ("i", "get"), ("i", "have"), ("ive", "had")])
WHAT_THEN = THEN_ASKS | {("i", "worry"), ("who", "do"), ("what", "if"), ("i", "know")}
SO_NOW = word_set("is are am im ive has have hasnt havent keeps keep still already cant wont isnt arent 's its")
RING = word_set("ring phone call contact report go come tell see")
TOLD_TO = word_set("told know said says supposed meant instructions advised knew")
ANYONE = word_set("i you we it they one that this")
COMES_TO_BE = word_set("get lose go develop end start catch feel become cause make give bring happen notice put turn come")

# What no remedy does to a symptom that is there: "paracetamol doesn't touch this headache".
NO_CURE = word_set(
    "touch touches touching touched shift shifts shifting shifted budge help helps helping helped ease eases easing eased relieve "
    "relieving relieved control controls controlling controlled cure cured fix fixed sort sorted calm calming kill killing settle half"
)
REST = word_set(
    "seated sitting lying standing walk walking cool cooled cooling cold rest rested resting sit sat lie lay shade aircon fan home inside "
    "indoors get stop stopped"
)
PLAIN_NO = word_set("no none nope nah never nothing negative denies")
NOBODY_HAS = word_set("'s has had have here in got gets is with")
HURTS = word_set("hurts aches itches burns throbs tingles bleeds")
TROUBLE = word_set(
    "problem problems trouble troubles issue issues difficulty difficulties bothered troubled down "
    "diagnosed suffering suffer suffered"
)
BEFORE_HAVE = word_set(
    "not dont doesnt didnt havent hasnt never to or nor i really do does ever been think cant without really"
)
AFTER_GONE = word_set(
    "when once as now and since today thankfully thank thanks again completely totally after "
    "yesterday last by tho lol this fully i so too at "
    "by for in then altogether"
)
FILL = word_set(
    "it its 's but now is they theyre i im am all feel feeling has have completely that thats and since "
    "by today been totally "
    "fully then just gone was after so which had mostly quickly soon eventually luckily thankfully did "
    "has theyve everything"
)
DID = word_set("had was were got experienced suffered went did ended felt came caught developed broke used noticed")
TABLES = {
    name: Table(rows)
    for name, rows in {
        "no_before": NO_BEFORE,
        "no_false": NO_FALSE,
        "no_after": NO_AFTER,
        "disbelieved": DISBELIEVED,
        "gone": GONE,
        "gone_before": rows("stopped|got rid of|gotten rid of"),
        "answers_no": ANSWERS_NO,
        "answers_no_to_all": ANSWERS_NO_TO_ALL,
        "over": OVER,
        "past_before": PAST_BEFORE,
        "past_after": PAST_AFTER,
        "hypothetical": HYPOTHETICAL,
        "side_after": SIDE_AFTER,
    }.items()
}
CUE_WORDS = (
    frozenset(word for table in TABLES.values() for word in table.first_words()) | {"in", "should", "if"} | FEARS | PLAIN_NO | MODAL
)
TOLD_OF_THEN = frozenset({"had", "was", "got", "went", "did"})
TENSE = TOLD_OF_THEN | {"im", "am", "is", "are", "have", "ive", "hes", "shes", "its"}
