"""English phrases that say what a sentence does with a claim. General cues: none belongs to any lesson's subject.

All are matched on a `Reading`'s tape: lower-case words with contractions opened, one blank between any two, and `,`,
`:`, `;` (any stronger mark) and `"` as words of their own. Repetitions are bounded or run
over a fixed list of words, so that matching is linear.
"""

import re


def _phrases(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


NEGATORS = frozenset(
    """not no never nothing nobody none neither nor nowhere hardly scarcely barely seldom rarely unable impossible
    unlikely fails fail failed without avoid avoids avoiding far anything rather instead""".split()
)
"""Words that turn a statement round, the last four only before their word in `NEGATOR_NEEDS`."""

NEGATOR_NEEDS = {"far": "from", "anything": "but", "rather": "than", "instead": "of"}
"""Negators that are one only before the given word."""

FORWARD = frozenset("without no avoid avoids avoiding rather instead".split())
"""Negators that turn only what follows them: "with no search we can …" denies the search, not what comes before."""

_BE = "is|are|was|were|would be"
_WRONG = (
    "myth|misconception|fallacy|misunderstanding|mistake|mistaken|wrong|incorrect|untrue|inaccurate|misleading|false|"
    "overstatement|exaggeration|stretch|unfair|premature|dishonest|unrealistic|nonsense|oversimplification|illusion|"
    "fairy tale|half truth"
)
_THIS = "that|this|it|which|both|they|these|those"

HARMLESS = _phrases(
    r"not (?:to mention|least|long|surprisingly)",
    r"not a (?:problem|question of if)",
    r"no (?:problems?|doubt|question|worries|wonder|matter|sweat|fuss|surprise|brainer|secret|later than|different|"
    r"difference|real difference|ifs|hassle|exceptions?|strings|less|small|more than|way around|getting around|"
    r"escaping|denying|nonsense|other than)",
    r"no (?:reason|excuse|cause)(?: \w+){0,3} (?:not|never)",
    r"nothing (?:but|stops|stopping|prevents|could be|more than|to lose|to it|easier|simpler|less than|other than)",
    r"never (?:been|fails?|mind|look back)",
    r"do not (?:worry|hesitate|be afraid|get hung up|bother|forget|miss|sweat|be shy|you think|wait|take my)",
    r"(?:can|could) not (?:go wrong|wait|agree more|be easier|be simpler|stress|emphasi[sz]e|help but|lose|beat)",
    r"(?:can|could) not overstate",
    r"(?:can|could|would) not (?:rule out|exclude|discount)",
    r"would not (?:hurt|it|hesitate|be surprised)",
    r"need not (?:worry|fear)",
    r"without (?:a doubt|doubt|question|fail|exception|hesitation|saying|any problem|a problem|problems|fuss)",
    r"(?:if|whether or|or|than|believe it or|why) not",
    r"(?:is|are|was|were|do|does|did|will|would|can|could|should|have|has) (?:(?:it|they|we|you|that) not|"
    r"not (?:it|they|we|you|there|he|she))",
)
"""Negations that belong to an assertion."""

CANCELLED = _phrases(r"(?:not|no|nobody|never) (?:\w+ ){0,6}?(?:without|until)")
"""Two negatives that make a necessity: "you won't get far without …"."""

UNDONE = _phrases(
    r"(?:not|no|never|nobody|nothing) (?:\w+ ){0,3}?(?:put an end|end|stop|drop|eliminate|prevent|remove|spare|skip|"
    r"do away|get rid|let (?:you|us) (?:drop|skip))",
    r"far from (?:free|clear|rid|being free)",
)
"""Two negatives of which one is a verb: beside a claim that is itself negative they deny it."""

ONLY = re.compile(r"(?<!can )(?<!could )(?<!will )\bnot (?P<only>only|just|merely|simply)\b")
"""Adds to what is said, unless the claim itself says "only" or "just": then it denies exactly that."""

DENIED_BEFORE = (
    _phrases(rf"(?:{_WRONG})(?: \w+){{0,3}}? (?:that|to|of|in)"),
    _phrases(
        r"avoid|avoids|avoiding|refrain from|stop|quit|resist|hesitate to|wary of|beware(?: of)?",
        r"careful (?:with|about|of|not to)",
        r"steer (?:\w+ ){0,2}?(?:away from|clear of)",
        r"(?:advise|warn|caution|recommend|argue|guard|decided?|push back) (?:you )?(?:against|on)",
    ),
    _phrases(
        r"instead of|rather than|as opposed to|in place of|far from|contrary to|nothing like|anything but",
        r"no longer|hardly|scarcely|(?:falls?|stops?) short of",
    ),
    _phrases(
        r"(?<!no )(?<!without )(?<!without a )(?<!beyond )doubts?|doubtful",
        r"disagree|dispute|deny|s[kc]eptical|retract|withdraw|regret|regretted|unconvinced",
    ),
    _phrases(
        r"(?:take|took|taking|walk|walking) back",
        r"correct(?:ing)? (?:my|our|the|what|something|myself|one|a)",
        r"correction",
    ),
    re.compile(r'\b(?:correct|retract|withdraw|amend|rephrase) (?:; )?"'),
    _phrases(
        r"(?:forget|drop|scrap|scratch|strike|ignore|disregard) "
        r"(?:what|the (?:idea|notion|claim|line|myth|part|promise)|my (?:line|remark|claim|promise|comment))"
    ),
    _phrases(
        r"i (?:only |really |just )?wish|if only|love to be able",
        r"(?<!a )few (?:\w+ ){0,3}?(?:agree|believe|say|think|claim)",
    ),
    _phrases(
        r"(?:can|could|do|does|did|will|would|shall|should|may|must) not (?:\w+ ){0,3}?(?:promise|guarantee|claim|say|"
        r"tell|suggest|go as far|commit|vouch|pretend|let you believe)",
        r"(?:should|ought|could|would) not (?:to )?have (?:said|written|told|called|claimed|promised|suggested|implied|"
        r"described|put|used|let)",
        r"no (?:one|body|vendor|tool|product|provider|supplier|(?:serious|honest|reputable) \w+)(?: \w+)? "
        r"(?:can|could|should|will|would|ever|has|is)(?: \w+)? (?:say|claim|promise|tell|guarantee|suggest|call|sell)",
    ),
)
"""Frames that deny what follows them in their clause."""

DENIED_AFTER = (
    _phrases(rf"(?:{_THIS}|he|she) (?:really |simply |just |actually )?(?:{_BE})(?: \w+){{0,3}}? (?:{_WRONG})"),
    _phrases(
        rf"(?:{_THIS}) (?:is|was|are|were)(?: \w+){{0,2}}? not (?:\w+ ){{0,2}}?(?:true|right|correct|accurate|so|fair|"
        r"the case|how|what|quite|something|possible|on offer)"
    ),
    _phrases(
        r"(?:went|goes|go|going|gone|was|is) too "
        r"(?:far|strong|generous|dismissive|optimistic|hasty|bold|sweeping|simple)"
    ),
    _phrases(r"(?:take|took|taking|taken|walk|walking|walked) (?:that|it|this|(?:those|my) words) back"),
    _phrases(r"(?:scratch|strike|ignore|disregard|forget) (?:that|it|this)(?! (?:you|we))"),
    _phrases(r"(?:retract|correct|withdraw|rephrase|amend|rectify) (?:that|it|this|myself|the record)"),
    _phrases(r"i (?:was|am|stand) (?:wrong|mistaken|corrected|overstating)"),
    re.compile(
        rf"\b(?:{_THIS}|he|she|we|you|i|one) (?:really |simply |just )?"
        r"(?:does|do|did|is|are|was|were|will|would|can|could|has|have|should) not(?= [,;:]|$)"
    ),
    re.compile(rf'^ ?(?:" )?(?:, )?(?:simply |just |really )?(?:{_BE}|remains)(?: \w+){{0,4}}? (?:{_WRONG})\b'),
    re.compile(
        rf'^ ?(?:" )?(?:, )?(?:{_BE}) not (?:\w+ ){{0,2}}?(?:true|right|correct|something|one i|what|how|possible|'
        r"realistic|on offer|a (?:promise|claim|phrase|line|statement|given))\b"
    ),
    re.compile(
        r'^ ?(?:" )?; (?:no|nope|not (?:really|quite|exactly|true|so|right)|'
        r"(?:unfortunately|sadly|i am afraid|probably|certainly) not)(?= [,;:]|$| it| they| we)"
    ),
    re.compile(r'^ ?(?:" )?(?:is|was) (?:\w+ )?what (?:i|we) (?:\w+ ){0,2}?(?:avoid|never|not|stopped)\b'),
    _phrases(r"not (?:something|a (?:promise|claim|phrase|line|statement)) (?:i|we|that|you|to)"),
    _phrases(r"(?:is|was) (?:a|one|the) (?:promise|claim|phrase|line|statement) (?:\w+ ){0,3}?not"),
)
"""What takes a claim back after it was said."""

DENIED_ANYWHERE = re.compile(
    r"\b(?:overstat\w+|exaggerat\w+|oversimplif\w+|oversold|oversell\w*|undersell\w*|overpromis\w+|misspoke|misled|"
    r"carried away|(?:given|gave)(?: you)? the impression|no such thing|no guarantee|be lying|too rosy|my mistake|"
    r"i apologi[sz]e for)\b|^(?:no ,|not so|not true|not quite|false|wrong) "
)

REPORTING = _phrases(
    # "telling the printer what to do" instructs.
    r"(?:tells?|told|telling)(?!(?: \w+){1,3} (?:what|how|where|when) to\b)",
    r"says?|said|(?<!without )saying|claims?|claimed|claiming|asserts?|asserted|argues?|argued",
    r"insists?|insisted|swears?|swore|promises|promised|promising|believes?|believed|thinks?|assumes?|assumed|suggests?",
    r"suggested|suggesting|writes?|wrote|written|advertises?|advertised|mentions?|mentioned|hears?|heard|reads?|calls|called",
    r"describes?|described|declares?|declared|concludes?|concluded|contends?|contended|impl(?:y|ies|ied)|states|stated",
    r"pitch(?:es|ed)?|pitching|touts?|touted|boasts?|boasted|brags?|reckons?|reckoned|(?<!rest )(?<!be )assured",
    r"assures",
    r"guarantees|guaranteed|quotes?|quoted|credits|credited|seems? to|appears? to|likes? to|loves? to|announced",
    r"announces|recommended|feels|felt|asked|asks|wondered|wonders|worried|(?<!no )worries|sold|sells",
    r"shrugs off|shrugged off|dismissed|dismisses|waved off|treats|portrays|presents|labell?ed|convinced",
    r"persuaded|under the impression",
    r"(?:they|who|vendors) state|expects? that|repeat(?:s|ed|ing)?|maintains|maintained|explained|warned|hinted",
    r"preaches|pretends?",
)
"""Verbs whose subject is the one who speaks."""

HEARSAY = frozenset("hear hears heard read reads mentioned told asked assured promised".split())
"""Of those, the ones that may make the subject the one who listens: "I was told that …" reports."""

REPORTED = _phrases(
    r"according to|supposedly|allegedly|purportedly|apparently|so called|rumou?rs?|per (?:their|his|her|your|the)",
    r"in (?:their|his|her|your) (?:words|view|opinion|eyes|mind|book|account|telling)",
    r"the (?:idea|notion|claim|belief|slogan|pitch|line|assertion|suggestion|theory|view) (?:that|is|of|goes)",
    r"(?<!my )(?<!our )(?:view|argument|opinion|belief|assumption|expectation|impression|perception|contention)"
    r"(?: ,[^,;:]{0,60},)? (?:(?:is|was) )?that",
    r"(?<!my )(?<!our )(?:position|stance|pitch|slogan|promise|message|saying|line) (?:is|was) that",
    r"(?<!my )(?<!our )(?:brochure|deck|slides?|website|site|faq|proposal|rfp|flyer|leaflet|article|post|report|memo|"
    r"ad|headline|press release|white paper|datasheet|review)(?: \w+)? : ",
    r"(?:people|folks|vendors|others|some|many|rivals|competitors|resellers|consultants|analysts|providers|suppliers)"
    r"(?: \w+){0,3} "
    r"(?:say|claim|think|believe|argue|insist|tell|write|suggest|assume|advertise|promise|swear|hold|pitch|declare)",
)
REPORTED_AFTER = re.compile(
    r'[,;:"] (?:or )?(?:so )?(?:(?:the|their|your|a|one|his|her|some|that|this) )?(?:\w+ ){0,3}?'
    r"(?:says?|said|claims?|claimed|puts?(?= it| that)|insists?|insisted|according to|reckons?|believes?|thinks?|"
    r"argues?|swears?|asserts?|told)\b|"
    r'^ ?" (?:is|was|are) (?:how|what|(?:the|a|one|their|his|her|your) (?:\w+ )?'
    r"(?:headline|slogan|line|pitch|claim|tagline|motto|phrase|promise))\b"
)
OWN_SUBJECT = re.compile(r"(?:^|[ ,;:])(?:i|we|let me|let us|us|me)(?: \w+){0,3} $")
LISTENING_SUBJECT = re.compile(
    r"(?:^|[ ,;:])(?:i|we)(?: (?:have|had|often|just|recently|also|keep|once|then|even|am|are|was|were|been|got))* $"
)
PASSIVE = re.compile(r" (?:am|are|was|were|been|got)(?: \w+)? $")
ACTIVE_HEARSAY = frozenset("hear heard read reads hears".split())
"""Hearsay without a passive: "I read that …", but "I was told that …"."""

PLEASED = re.compile(r"\b(?:glad|happy|pleased|delighted|relieved|thrilled|love) to $")
"""Before "hear": "you'll be glad to hear that …" asserts."""

ENDORSING_AS = re.compile(r"(?:^|[ ,;:])as (?:\w+ ){0,6}$")
"""Before a reporting verb: "as our CTO says, …" makes the claim one's own."""

HOUSE = _phrases(
    r"(?:our|my) (?:(?:own|lead|chief|senior|whole|entire|head) )?(?:\w+ )?(?:cto|ceo|cio|cfo|founders?|engineers?|"
    r"engineering|team|product|architects?|experts?|lawyers?|legal|security|support|developers?|specialists?|director|"
    r"manager|customers|clients|people|staff|scientists?|boss|company|research|tests?|docs|documentation|contract|"
    r"brochure|website|sla|policy|users|services)",
    r"(?:customers|clients)(?= $)",
)
"""The rep's own side: what it says is asserted, unless the sentence goes on to correct it."""

ENDORSED = _phrases(
    r"(?:they|he|she|it|that|this|who|which|you) (?:is|are|was|were) (?:\w+ )?(?:right|true|correct|spot on)",
    r"rightly|correctly|(?:and|i|we|fully|completely) agrees?|could not agree more|(?:i|we) can confirm|and it is true",
    r"true enough|as you know|i second that",
)
DISTANCED = _phrases(
    r"we owe|needs? a (?:caveat|correction)|set (?:that|it) straight|better wording|push(?:ed|ing)? back",
    r"soften|flagged",
    r"correct(?:ed|ion)?|wrong|not true|but",
)

QUOTE_OPENS = re.compile(r'" (?:\w+ ){0,4}$')
OWN = re.compile(r"\b(?:i|we|my|our|us)\b")
"""A quoted claim is somebody else's, unless what stands before it is in the first person ("my rule of thumb: …")."""

BREAK = re.compile(
    r" ;|, (?:and|but|so|because|since|yet|then|which)\b| (?:but|so|because|since|although|whereas|while) "
)
"""Between a frame and a claim: the frame does not reach over it."""

_LEAD_IN = r"^(?:(?:and|so|hey|but|also|well|by the way) (?:, )?){0,3}"
RHETORICAL = re.compile(
    _LEAD_IN
    + r"(?:did you know|do you know that|have (?:you|i) (?:ever )?(?:heard that|mentioned|told you|noticed that)|"
    r"did i (?:mention|tell you|say)|why (?:wait|bother|pay|spend|waste|struggle|settle|risk|hire|worry|keep|build|buy|"
    r"hold|not|would|should|use|go|invest|do (?:it|that|this))|who (?:would not|needs|still)|(?:would|will|is) not it|"
    r"(?:is|would) it not|what if i told you|what could be|how (?:great|cool|good|nice|easy) (?:is|would)|guess what|"
    r"can you imagine|ready to|want to|you know what|what is not to|how about|imagine)\b"
)
"""Openings of questions that assert."""

TAG = re.compile(
    r"[,;:] (?:right|correct|ok|okay|yes|no|agreed|fair|fair enough|deal|sound good|makes? sense|true|eh|"
    r"you see|you know|(?:do|does|did|is|are|was|were|will|would|can|could|should|has|have)(?: not)? "
    r"(?:it|they|we|you|that|there|he|she)(?: not)?(?: think| agree)?)$"
)
"""Endings that ask for nothing but a nod."""

INVERTED = re.compile(
    r'^[ ,;:"]*(?:(?:and|so|or|but|then|also|well|quick question|just (?:checking|wondering)|(?:hi|hey|hello) \w+) '
    r"(?:[,;:] )?)?"
    r"(?:do|does|did|is|are|was|were|will|would|can|could|should|shall|may|might|has|have|had|am|must|need|what|when|"
    r"where|which|who|whom|whose|why|how|any|anyone|anybody|want|care|interested|mind|thoughts|ok|okay|so what)\b"
)
"""A clause with a question's word order."""

INDIRECT = _phrases(
    r"whether(?! (?:it is|you are|we are|they are)\b[^;]{0,60},)",
    r"(?:know|wonder|wondering|ask|asks|asked|asking|check|checking|confirm|clarify|see|tell me|let me know|curious|"
    r"sure|unsure|unclear|depends? on|find out|matters?|test|verify|hear|say) if",
)
SUPPOSED = re.compile(
    r"(?:^|[ ,;:])(?:if|suppose|supposing|assuming|unless|lest|in case|imagine|were we to|as though)(?: \w+){0,4} $"
)
