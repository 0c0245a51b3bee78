"""The words that tell an order in time, a cause or a harm, and which side of them came first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CAUSE = (
    r"caus(?:ed|es|ing|e)|trigger(?:ed|s|ing)?|provok(?:ed|es|ing)|prompt(?:ed|s|ing)|precipitat(?:ed|es|ing)|"
    r"spark(?:ed|s|ing)|induc(?:ed|es|ing)|(?:setting|sets?) off|touch(?:ed|es) off|kick(?:ed|s) off|"
    r"(?:brought|brings?|bringing) (?:about|down|on)|dr(?:ove|ives|iven|iving)|push(?:ed|es|ing)|explain(?:ed|s)|"
    r"produc(?:ed|es)|knock(?:ed|s|ing) (?:out|over|down|off)|t(?:ook|akes|aken|aking) (?:out|down|offline)|"
    r"br(?:oke|oken|eaks|eaking)(?! out)|dragg?(?:ed|s|ing)|tipp(?:ed|ing)|empti(?:ed|es)|wip(?:ed|es) out|"
    r"crippl(?:ed|es|ing)|forc(?:ed|es|ing)|sen(?:t|ds)(?= \S+ (?:over|into|to its))"
)
_TOWARDS = r"(?=(?:\s(?!(?:and|but|then|after|before|when|while|because)\b)[\w'’./-]+){1,5}?\s"
_SPLIT = (
    rf"(?:br(?:ought|ings?|inging)|t(?:ook|akes?|aking)|knock(?:ed|s|ing)|pull(?:ed|s|ing)){_TOWARDS}"
    r"(?:down(?! to\s\w*\s?\d)|out|offline|under|to (?:its|their) knees|to a (?:halt|standstill)|with (?:it|them))\b)"
)
"""Verbs of harm whose other half stands behind the object: "brought the cart down"."""
_SPREAD = (
    r"(?:spread|propagat(?:ed|es|ing)|spill(?:ed|s|ing)|cascad(?:ed|es|ing)|rippl(?:ed|es|ing)|fed|"
    r"(?:was|were|is|are|got) (?:passed|handed|carried))"
    r"(?: (?:on|over|down|up|through|out|back))*(?: to| into| onto)"
)
_HARM = (
    r"slow(?:ed|s|ing)(?: down)?|throttl(?:ed|es|ing)|block(?:ed|s|ing)|delay(?:ed|s|ing)|"
    r"h(?:eld|olds|olding) (?:up|back)|starv(?:ed|es|ing)|overload(?:ed|s|ing)|overwhelm(?:ed|s|ing)|"
    r"flood(?:ed|s|ing)|swamp(?:ed|s|ing)|hurt(?:s|ing)?|affect(?:ed|s|ing)|degrad(?:ed|es|ing)|"
    r"impair(?:ed|s|ing)|stall(?:ed|s|ing)|chok(?:ed|es|ing)"
)
_GIVE = r"answer(?:ed|s)|return(?:ed|s)|hand(?:ed|s)(?: down| on)?|pass(?:ed|es) (?:down|on)|g(?:ave|ives)"
_AUX = r"(?:(?:was|were|is|are|been|being|got|be|gets)\s)?(?:\w+ly\s)?"
_NOUNS = (
    r"results?|consequences?|effects?|symptoms?|fallout|by-products?|reactions?|responses?|answers?|outcomes?|"
    r"knock-ons?|victims?|casualt(?:y|ies)|side[- ]effects?|aftermath"
)
_BACK_CAUSE = (
    rf"{_AUX}(?:{_CAUSE}|{_HARM}|{_GIVE}|led|made|hit)(?:\s(?!by)[\w-]+){{0,2}}?\sby|because of|because|due to|"
    r"owing to|"
    rf"thanks to|on account of|(?:(?:was|were|is|are|as)\s)?(?:(?:only|merely|just)\s)?(?:an?\s|the\s)?(?:\w+\s)?"
    rf"(?:{_NOUNS}) (?:of|to|from)|in (?:response|reaction|answer) to|stem(?:s|med|ming)? from|"
    r"result(?:s|ed|ing)? from|(?:arose|arises?|originat(?:ed|es?)|follow(?:s|ed)?) from|"
    r"(?:was|is|were|are) down to(?!\s(?:\w+\s)?\d)|(?:was |is |were |are )?(?:blamed on|attributable to)|"
    r"at the hands of|go(?:es|ing)? back to|(?:can be |was |were |is |are )?trac(?:ed|es|eable) (?:back )?to|"
    r"(?:was |were |is |are )?rooted in|courtesy of|"
    r"(?:is|was|are|were) what (?:came|comes|follow(?:s|ed)|result(?:s|ed)|ensued|grew|arose|remained)(?: out)?"
    r"(?: (?:of|from))?"
)
_BACK_TIME = (
    r"(?:only|until|right|shortly|soon|just) after|only (?:once|when)|not until|after|following|once|as soon as|"
    r"later than|in the wake of|on the heels of|subsequent to|trail(?:ed|s|ing)|lagg(?:ed|ing)(?: behind)?|"
    rf"lags(?: behind)?|younger than|postdat(?:es|ed)|followed(?! (?:by|from))|{_AUX}preceded by"
)
_WAITS = (
    r"wait(?:s|ed|ing)? (?:for|on)|(?:gets?|got|s(?:ees|aw|eeing)|receiv(?:es|ed|ing)) (?:[\w-]+ ){0,4}?from|"
    r"tim(?:es|ed|ing) out (?:on|calling)"
)
_FORTH_TIME = (
    r"(?:well |long |just |shortly |right )?before|until|till|prior to|ahead of|(?:earlier|sooner|older) than|"
    r"preced(?:ed|es|ing)(?! by)|predat(?:ed|es|ing)|antedat(?:ed|es)|by the time|(?:was |were )?followed by|"
    r"and then|only then"
)
_FORTH_CAUSE = (
    rf"led to|leads? to|leading to|led(?= \S+ (?:\S+ )?to\b)|leads(?= \S+ to\b)|result(?:ed|s|ing)? in|"
    r"ma(?:de|kes|king)(?!\s(?:to|up|it clear|sure|no|an?|the (?:fix|change|commit)|by)\b|"
    r"\s(?:it|this|that)\s(?:\w+ly\s|about\s|around\s)?(?:the|an?|\d))|"
    r"(?:(?:is|was|are|were)\s)?(?:the )?(?:root |real |actual )?(?:causes? of|reasons? (?:for|why)|responsible for|"
    r"to blame for|behind)|(?:is|was|are|were) what|account(?:ed|s) for|l(?:ies|ay) behind|"
    r"(?:is|was|are|were) the (?:\w+ )?(?:triggers? (?:of|for)|source of|origins? of|drivers? of|culprit behind)|"
    rf"{_SPLIT}|{_SPREAD}|started(?= the\b)|{_CAUSE}|{_HARM}|hit(?=\s(?:the\s)?[\w-]+(?:service|['’]s)\b)"
)
_ONWARD = (
    r"(?:after|upon|following) which|whereupon|"
    r"(?:as a (?:result|consequence) of|because of|due to|owing to|thanks to) which"
)
_BACKWARD = r"(?:before|prior to|ahead of) which|by which time"
CONNECTIVE = re.compile(
    rf"(?<![\w.-])(?:(?P<onward>{_ONWARD})|(?P<backward>{_BACKWARD})|(?P<back_cause>{_BACK_CAUSE})|(?P<back_time>{_BACK_TIME})|(?P<waits>{_WAITS})|"
    rf"(?P<forth_time>{_FORTH_TIME})|(?P<forth_cause>{_FORTH_CAUSE})|(?P<gives>{_GIVE})|(?P<when>when))(?![\w-])|"
    r",\s*(?P<then>then)\b",
    re.IGNORECASE,
)
_VERB = re.compile(rf"(?:{_CAUSE}|{_HARM}|{_GIVE}|led|made|makes|hit|trail\w+|followed)", re.IGNORECASE)
PASSIVE_BEFORE = re.compile(
    r"\b(?:was|were|is|are|been|be|being|got|the|an?|its|their|this|that had)\s(?:\w+ly\s|not\s)?$", re.IGNORECASE
)
"""What stands before a participle that has no object: "was slowed", "its broken upstream"."""
NOT_AN_OBJECT = re.compile(
    r"\s*(?:[,;.)]|$|(?:[\w.]+ )?(?:samples?|readings?|seconds?|minutes?|hours?)\s|"
    r"(?:at|in|on|from|by|to|for|during|until|when|while|and|or|but|as|with|between|within|since|"
    r"under|over|around|about|through|because|due|after|before|again|further|sharply|only|later|once|up)\b)",
    re.IGNORECASE,
)
"""What follows a verb that has no object here: "degraded at 10:04"."""
LEADING = re.compile(
    r"^\W*(?:(?:it was\s)?(?:only|just|shortly|soon|right|\d\S*\s\w+)\s)?"
    r"(?P<word>after|following|because of|because|due to|owing to|thanks to|on account of|"
    r"as a (?:result|consequence) of|in response to|as a reaction to|"
    r"once|as soon as|before|ahead of|prior to|by the time|in the wake of|having|upon|faced with|"
    r"with(?=[^,]*\s(?:already|still|having|under way|long)\b))\s"
    r"(?P<one>(?!that\b|this\b|then\b)[^,]+?)(?:,\s|\s(?=did\b))(?P<other>.+)$",
    re.IGNORECASE,
)
WHAT = re.compile(
    rf"^\W*what (?:\w+ly )?(?:{_CAUSE}|{_HARM}|made|led to|started)\s(?P<effect>.+?)\s(?:is|was|were)\s(?P<cause>.+)$",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"(?<!\bthe )(?<!\bits )(?<!\bfor )(?<!\bat )(?<!\btheir )(?<=\w )(?<!was )first"
    r"(?=\s*[,;:.]|\s+(?:and|but|in|at|on|with|then|while|followed)\b)",
    re.IGNORECASE,
)
_SPAN = (
    r"(?:\d[\d.]*|an?|half an?|some|several|a (?:few|couple of)|few|couple of)\s?"
    r"(?:h|m|s|\w*(?:seconds?|secs?|minutes?|mins?|hours?|moments?))\b"
)
LATER = re.compile(
    rf"{_SPAN} (?:later(?! than)|afterwards|thereafter|on\b|after (?:that|this)|after (?:it|them)(?=\s*(?:$|[,.;)])))|"
    r"\b(?:later|afterwards|thereafter|"
    r"subsequently|thereupon|from then on)\b(?! than)|\bafter (?:that|it|this|them|which)\b(?=\s*(?:$|[,.;)]))|"
    r"\b(?:second|next|last)\s*$|\bfollow(?:ed|s)(?: (?:it|them|that|suit|on))?(?=\s*(?:$|[,.;])|"
    r"\s(?:\d|about|only|"
    r"some|a |an |half|shortly|soon|in\b|from (?:that|it|this)))",
    re.IGNORECASE,
)
THEN = re.compile(
    r"^(?:and |but )?(?:(?!(?:by|since|until|till|from|back|just|even|if|only|and)\b)[\w'’./-]+\s){1,6}?then\s(?=\w)",
    re.IGNORECASE,
)
"""A clause whose subject stands before its "then"."""
THEREFORE = re.compile(
    r"\b(?:in (?:reaction|response|answer) to|because of|on account of|due to|thanks to|caused by|in the wake of)\s"
    r"(?:it|that|this|them|those)\b(?=\s*(?:$|[,.;)]))|\bas a (?:result|consequence)\b(?! of)|"
    r"\bin (?:consequence|turn)\b(?! of)|"
    r"\bconsequently\b",
    re.IGNORECASE,
)
"""Words that make what was told before the cause of what a clause tells."""
EARLIER = re.compile(
    rf"{_SPAN} (?:earlier(?! than)|before(?:hand| that| it| this)(?=\s*(?:$|[,.;])))|"
    r"\b(?:beforehand|earlier)\b(?! than)(?=\s*(?:$|[,.;)]))|\bbefore (?:that|it|this)\b(?=\s*(?:$|[,.;)]))",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:not(?! only)|never|rather than|neither|nor|unlikely|cannot|nothing|none|no)\b|n['’]t\b", re.IGNORECASE
)
NORMAL = re.compile(
    r"\b(?:normal|fine|in order|flat|healthy|stable|steady|ok|okay|quiet|calm|usual|unchanged|well|clean|low|"
    r"not|no|none|never)\b|n['’]t\b",
    re.IGNORECASE,
)
ADVERBIAL = re.compile(
    r"\s*(?:\d{4}-\d\d-\d\dT?)?(?:about |around )?\d?\d:\d\d\S*(?:\s?(?:UTC|Z|GMT|CES?T)\b)?", re.IGNORECASE
)


_WHY = ("because", "due", "as a re", "as a con", "in re", "owing", "thanks", "on account")
_EARLY = ("before", "ahead", "prior", "by the time")


@dataclass(frozen=True, slots=True)
class Sort:
    """What a connective says: `back` when what follows it came first."""

    back: bool
    causal: bool
    timed: bool = True
    verb: bool = False


@lru_cache(2_000)
def sort_of(word: str, kind: str | None) -> Sort:
    """The sort of a connective as it matched in the group of that name; of one that opens a sentence without one."""
    low = word.casefold()
    if low.startswith(_WHY):
        return Sort(kind != "onward", True)
    if kind is None:
        return Sort(not low.startswith(_EARLY), False)
    causal = kind in ("back_cause", "forth_cause", "waits", "gives")
    back = kind in ("back_cause", "back_time", "waits", "backward")
    return Sort(back, causal, kind not in ("waits", "gives"), _VERB.fullmatch(word.strip()) is not None)
