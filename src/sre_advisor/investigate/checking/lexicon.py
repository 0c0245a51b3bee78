"""Everyday English of incident reports: a word that is none of these, where a name stands, is taken for a name."""

from __future__ import annotations

import re

WORDS = frozenset(
    """
a able about above absent absolute access accident accord account across act action active actual add addition address after
afternoon again against age ago agree ahead alarm alert alike all allocate allow almost alone along already also although always
am among amount an analysis and another answer any anybody anyone anything apart appear application apply approach approximate are
area around arrive as ask assume at attempt attribute august available availability average avoid await aware away back background
backend backlog backoff bad bandwidth baseline be bear because become been before began begin begun behave behaviour behavior behind being
below beneath beside best better between beyond big bit block board body both bottom bottleneck bound branch break breach brief bring broad
broke broken brought budget buffer bug build built bump burst busy but by byte call caller callee came can cancel cannot capacity
carry case cause ceiling center centre certain chain chance change changed channel chart check choice choose circuit clean clear climb clock
close cluster code coincide collapse column combine come comes coming comment commit common compare complete component
concern conclude concurrent condition config configuration confirm connect connection consequence consider consist consistent constant
consume consumption contain container continue contrary contribute control cool coordinate copy core correct correlate
correspond cost could count couple course cover cpu crash create creep critical cross culprit cumulative current curve custom cut cycle daily
damage dashboard data date day deadline deal december decide decline decrease deep default defect degrade delay delete deliver demand
deny depend dependency deploy deployment depth derive describe design despite destination detail detect develop deviate did diff
difference different direct direction disable disappear discard disk disturb do does doing domain done dot double doubt down downstream
downtime dozen drain draw drift drive driven drop due duplicate duration during each earlier earliest early ease edge effect eight either
elevate eleven else emit empty enable end endpoint enough enter entire entry environment equal error especially even evening event eventually ever
every everything evidence exact exceed except exception excess exclude execute exhaust exhaustion exist exit expect experience expire explain exponential
expose extend extra extreme face fact factor fail failed failing fails failure fall fallback fallen false far fast fault favour few field fifth
fifteen fifty figure file fill final find fine finish fire first fit five fix flag flat flip flow fluctuate fold follow for force
forward found four fraction free frequent friday fresh from front full fully further gap gave general generate get gets give given go goes gone good got gradual graph
great green grew group grow grown growth guilty had half halve hand handle handler happen hard has have having he healthy health heap heavy held help
hence her here high higher highest him his history hit hold hop host hot hour hourly how however http human hundred hundredth i idea identical
idle if immediate impact imply improve in inactive incident include including incoming increase indeed independent index indicate individual
inform information initial innocent input inside instance instead interval into introduce investigate involve is isolate issue it item
its itself january job join july jump june just keep kept key kill kind knew know known lack lag large last late latency later latest latter launch layer lead least leave
led left less let level life like likely limit line link list little live load local lock log logged logs long longer look loop lose
loss lost lot low lower lowest machine made main mainly make malform manual many march margin mark match matter max maximum may maybe mean meant measure median
medium meet member memory mention merge message met metric mid middle might migration million millisecond min minimal minimum minor minute miss missing
mistake mode moderate modest modify moment monday monitor month more moreover morning most mostly mount move movement much multiple must my name namely narrow
near nearby nearly necessary need negative negligible neither network never nevertheless new newest next night nine no nobody node noise none nonzero noon nor normal not
note nothing notice november now nowhere number object objective observe occasional occupy occur october of off offer offline often old on once one
ongoing online only onset open operate operation opposite or order ordinary origin original other otherwise ought our out outage outgoing outlier output outside over overall
overload own pace page pair panic paper parallel parameter part partial particular pass past path pattern pause payload peak pending people per percent percentage
percentile perfect perform performance perhaps period persist phase pick piece pin place plain plan plateau plausible play plus pod point pool poor
position positive possible post potential practical pre precede precise predate presence present pressure pretty prevent previous primary prior probable
probably problem proceed process produce production progress prolong prompt proof proper proportion prove provide provider public pull push put quarter query question
queue quick quiet quite quote raise ramp ran random range rank rapid rare rate rather ratio reach read reader ready real really rearrange reason recall
receive recent recommend record recover recovery red redeploy reduce reduction refer refuse regard region regress regression reject relate relation relative release
relevant reliable remain remote remove render repeat replace replica report repository represent request require reset resolve resource
respect respond response rest restart restore result retrieve retry return reveal reverse revert rise risen rising role roll rollback rollout root rose rotate rough
round route row rule run running runtime said same sample saturate saturation saturday save saw say says scale scatter schedule scope score scrape second see seem seen
select self send sense sent separate september sequence series serious serve server service session set setting settle seven several severe severity shape share sharp she shift ship
short shortly should show shown shows shrank shrink shut side sign signal significant silence similar simple since single sit site six size skip slack slice slight slo slow small
smooth so soar solely some somebody something sometimes somewhat soon source space span speak special specific spend spike split spread stable stack staff stage stale stall stand start
startup state statement status stay steady steep step still stood stop storage store storm story stream stretch strong structure stuck subject subsequent substantial
succeed success such sudden suddenly suffer sufficient suggest sum summary sunday supply support suppose sure surge surpass surround suspect sustain swing switch symptom system
table take taken takes target task team tell ten tend term test than that the their them themselves then there thereafter therefore these they thing
think third thirty this those though thousand thread three threshold throttle through throughout throughput throw thus thursday ticket tie tier tight till time timeline timeout timestamp tiny to
today together told tolerate too took tool top total touch toward towards trace track traffic trail transaction transient transition transmit trap trend tried tries trigger triple
trouble true truth try tuesday turn twelve twenty twice two type typical unable unaffected unavailable unavailability unaltered unchanged under undergo underlying understand
uneven unexpected unhealthy unique unit unknown unless unlike unrelated unreachable unresponsive unseen unstable until unused unusual up upgrade upon upper upstream us usage use used user usual
usually utilisation utilization valid value variation various vary verify version versus very via victim view violate visible visit volume wait waiting wake want warm warn warning was watch
wave way we weak wednesday week weekly weight well went were what whatever when whenever where whereas whether which while who whole whose why wide width will window with within
without word work worker workload world worse worst would write written wrong year yellow yes yesterday yet yield you your zero zone
ms utc gmt cet cest percentile req rps qps slo sli sla oom gc io api url dns tcp tls ssl sql json yaml ip id ids vs etc eg ie
january february april excerpt snippet sentence paragraph quote text thread lookup query hardly barely scarcely mainly partly instead later first last sooner sort
ascending descending twice thrice reappear reoccur mitigate hover dip plunge plummet tumble skyrocket balloon escalate worsen stabilise stabilize normalise normalize
rollouts line-up lines entries metrics logs traces calls callers dependency dependencies alerts alerting firing fired pager paged oncall
resident heap garbage collection cpu-bound limit limits quota cap caps eviction evict crashloop restarts probes probe ready readiness liveness
responses responded redirects client clients server servers host hosts nodes machines rack shard shards partition partitions leader follower election
author authored committer commits merged changeset diff patch reviewed lines added removed deletes inserts
deployed released shipped rolled landed introduced began started stopped ended resumed finished completed
faster slower bigger smaller greater fewer roughly approximately precisely exactly sharply steadily gradually briefly constantly
""".split()
)
_ENDINGS = ("'s", "’s", "s", "es", "ed", "d", "ing", "ly", "er", "ers", "est", "ment", "ness", "able", "ation", "ations", "ally", "y")


def is_ordinary(word: str) -> bool:
    """Whether the word, or what it is derived from, is everyday English."""
    low = word.casefold().strip("'’")
    if low in WORDS or not low.isascii():
        return True
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            stem = low[: -len(ending)]
            if stem in WORDS or f"{stem}e" in WORDS or f"{stem}y" in WORDS or stem[-1] == stem[-2] and stem[:-1] in WORDS:
                return True
            if stem.endswith("i") and f"{stem[:-1]}y" in WORDS:
                return True
    return low.startswith(("un", "re", "pre", "non", "mis", "over", "out")) and any(
        low.removeprefix(p) in WORDS for p in ("un", "re", "pre", "non", "mis", "over", "out")
    )


def is_english(text: str) -> bool:
    """Whether most plain words of the text are everyday English."""
    plain = [w for w in re.findall(r"[^\W\d_]{2,}", text) if w.islower()]
    return not plain or sum(is_ordinary(w) for w in plain) >= 0.6 * len(plain)
