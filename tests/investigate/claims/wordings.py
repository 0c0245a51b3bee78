"""Sentence patterns of two writers; `s`, `o` are services, `m` a metric, `a`, `b` values before and after."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One writer's patterns, by what they say."""

    raised: tuple[str, ...]
    lowered: tuple[str, ...]
    reached: tuple[str, ...]
    unchanged: tuple[str, ...]
    folds: dict[int, str]
    shrunk: tuple[str, ...]
    times: tuple[str, ...]
    percent: tuple[str, ...]
    value: str
    seen: str
    within: str
    minutes_before: str
    higher: str
    landed: tuple[str, ...]
    deploys: str
    caused: str
    followed: str
    quoted: tuple[str, ...]
    fires: tuple[str, ...]
    spoken: bool = False
    """Whether metrics are named in words rather than as they are written."""


VARIED = Wording(
    raised=(
        "{m} on {s} was pushed from {a} up to {b}.",
        "Where {m} of {s} had been {a}, it stood at {b} afterwards.",
        "A climb of {m} from {a} to {b} was observed on {s}.",
    ),
    lowered=(
        "{m} on {s} was dragged from {a} down to {b}.",
        "{s} lost ground: {m} slid from {a} to {b}.",
        "A decline of {m} from {a} to {b} was observed on {s}.",
    ),
    reached=(
        "A value of {b} was recorded for {m} on {s}.",
        "{m} on {s} is now at {b}.",
        "For {s}, {m} reads {b}.",
    ),
    unchanged=(
        "{m} on {s} did not change.",
        "{s} kept its {m} where it was.",
        "No movement was seen in {m} of {s}.",
    ),
    folds={
        2: "{m} on {s} more than doubled.",
        3: "{m} on {s} at least tripled.",
        4: "{m} on {s} is at least four times what it was.",
    },
    shrunk=("{m} on {s} was cut by half or more.", "{m} on {s} more than halved."),
    times=("{m} on {s} is now {n} times its earlier level.", "{s} saw {m} go up {n}-fold."),
    percent=("{m} on {s} went up by {n} percent.", "An increase of {n} % is visible in {m} of {s}."),
    value="{m} of {s} came to {v}.",
    seen="At {t}, {m} on {s} was seen outside its band.",
    within="Between {t1} and {t2} UTC, {m} on {s} left its usual level.",
    minutes_before="{s} was hit {n} minutes before {o} was.",
    higher="{m} is higher on {s} than on {o}.",
    landed=(
        "The {kind} {id} was rolled out to {s} at {t} UTC.",
        "{id} reached {s} at {t} UTC.",
        "At {t} UTC, {s} was given {id}.",
    ),
    deploys="In all, {n} deploys are listed.",
    caused="The {kind} {id} on {c} preceded the trouble of {m} on {s}.",
    followed="{m} on {s} was already off before {id} went out to {c}.",
    quoted=("{s} complained “{q}”.", "“{q}” was written by {s}.", "The log of {s} reads: “{q}”"),
    fires=("{a} has been firing since {t} UTC.", "The alert {a} was raised at {t} UTC."),
)

FRESH = Wording(
    raised=(
        "We saw {m} ({s}) swell to {b}; it had been {a}.",
        "{s}: {m} crept from {a} to {b}",
        "Compared with {a} earlier, {m} of {s} has mounted to {b}.",
    ),
    lowered=(
        "We saw {m} ({s}) sink to {b}; it had been {a}.",
        "{s}: {m} sagged from {a} to {b}",
        "Compared with {a} earlier, {m} of {s} has shrunk to {b}.",
    ),
    reached=(
        "{s} currently shows {m} = {b}.",
        "The latest reading of {m} for {s} is {b}.",
        "{b} is what {m} of {s} ended up at.",
    ),
    unchanged=(
        "{m} of {s} has stayed put throughout.",
        "{s} shows the same {m} as before.",
        "Nothing happened to {m} on {s}.",
    ),
    folds={
        2: "{s} has seen its {m} double or worse.",
        3: "{s} has seen its {m} triple or worse.",
        4: "There was a fourfold or greater rise of {m} at {s}.",
    },
    shrunk=("Less than half of the usual {m} is left on {s}.", "{m} of {s} halved or worse."),
    times=("{m} of {s} grew by a factor of {n}.", "With {n}x its usual value, {m} of {s} stands out."),
    percent=("{m} of {s} is {n} % higher than before.", "{m} of {s} grew {n} percent."),
    value="On {s} we measured {v} for {m}.",
    seen="{m} of {s} turned bad at {t}.",
    within="The change of {m} on {s} falls between {t1} and {t2} UTC.",
    minutes_before="It took {n} minutes from {s} going bad until {o} went bad.",
    higher="{s} has the larger {m} of the two, {o} the smaller.",
    landed=(
        "{t} UTC is when {id} got live on {s}.",
        "{s} received {id} at {t} UTC.",
        "{id} ({s}) went live {t} UTC.",
    ),
    deploys="The list holds {n} deploys.",
    caused="{id} on {c} came first, then {m} on {s} left its band.",
    followed="{m} on {s} left its band first, then {id} came to {c}.",
    quoted=("From {s} we have “{q}”.", "“{q}” ({s})", "What {s} says: “{q}”"),
    fires=("Since {t} UTC the alert {a} is active.", "{a}, started {t} UTC, still fires."),
)


LAST = Wording(
    raised=(
        "Over on {s}, {m} jumped: {a} -> {b}.",
        "{m} at {s} had {a} as its norm and has since shot up to {b}.",
        "After sitting at {a}, {m} of {s} escalated to {b}.",
    ),
    lowered=(
        "Over on {s}, {m} collapsed: {a} -> {b}.",
        "{m} at {s} had {a} as its norm and has since come down to {b}.",
        "After sitting at {a}, {m} of {s} plummeted to {b}.",
    ),
    reached=(
        "{m} of {s} most recently measured {b}.",
        "{s}: {m} {b} at the end of the window",
        "Our data puts {m} on {s} at {b} at its worst.",
    ),
    unchanged=(
        "There is no sign that {m} on {s} moved at all.",
        "{m} on {s} held level.",
        "{s} was calm as far as {m} is concerned.",
    ),
    folds={
        2: "What {s} shows for {m} has doubled or more.",
        3: "What {s} shows for {m} has tripled or more.",
        4: "{m} of {s} has at least quadrupled.",
    },
    shrunk=("{m} of {s} is down to less than half.", "{m} on {s} fell by at least 50 %."),
    times=("{m} of {s} rose {n}x.", "{m} on {s} is {n} times as high as before."),
    percent=("{m} at {s} rose {n} %.", "There is {n} % more {m} on {s} than before."),
    value="{s} peaked at {v} ({m}).",
    seen="{s} began to misbehave at {t}, as {m} shows.",
    within="Somewhere from {t1} to {t2} UTC {m} on {s} went out of bounds.",
    minutes_before="{o} followed {s} with a delay of {n} minutes.",
    higher="{s} tops {o} in {m}.",
    landed=(
        "According to the list, {id} hit {s} around {t} UTC.",
        "{s} runs {id} since {t} UTC.",
        "There was a {kind} on {s} ({id}) at {t} UTC.",
    ),
    deploys="There were {n} deploys.",
    caused="{m} on {s} broke because of {id} on {c}.",
    followed="{id} on {c} was a reaction to {m} going off on {s}.",
    quoted=("{s} keeps printing “{q}”.", "We read “{q}” in the output of {s}.", "{s} -> “{q}”"),
    fires=("{a} went off at {t} UTC.", "At {t} UTC {a} started to fire."),
)


FINAL = Wording(
    raised=(
        "{s}'s {m} went from {a} to {b}.",
        "In {s} the {m} increased to {b} (previously {a}).",
        "{m} in {s} surged, {a} beforehand and {b} now.",
    ),
    lowered=(
        "{s}'s {m} went down to {b}, having been {a}.",
        "In {s} the {m} decreased to {b} (previously {a}).",
        "{m} in {s} caved in, {a} beforehand and {b} now.",
    ),
    reached=(
        "{s}'s {m} got to {b}.",
        "Right now {s} has a {m} of {b}.",
        "{m} in {s}: {b}.",
    ),
    unchanged=(
        "{s}'s {m} was not affected.",
        "The {m} of {s} looks normal.",
        "{s} had no change in {m}.",
    ),
    folds={
        2: "{s}'s {m} more than doubled.",
        3: "{s}'s {m} more than tripled.",
        4: "{s}'s {m} increased over fourfold.",
    },
    shrunk=("{s}'s {m} dropped by half or more.", "The {m} of {s} shrank to under half of what it was."),
    times=("{s}'s {m} is {n} times the baseline.", "A {n}x increase of {m} hit {s}."),
    percent=("{s}'s {m} increased by {n}%.", "{m} in {s} is up {n}%."),
    value="{s}'s {m} climbed to {v}.",
    seen="The {m} problem of {s} is visible from {t} on.",
    within="Between {t1} and {t2} UTC the {m} of {s} changed.",
    minutes_before="{s} degraded {n} minutes earlier than {o}.",
    higher="{s} has a higher {m} than {o}.",
    landed=(
        "{id} was applied to {s} at {t} UTC.",
        "{s} got {id} at {t} UTC.",
        "A {kind}, {id}, affected {s} from {t} UTC.",
    ),
    deploys="{n} deploys took place.",
    caused="{id} ({c}) is what caused the {m} problem of {s}.",
    followed="The {m} problem of {s} caused {id} ({c}).",
    quoted=("{s} reported “{q}”.", "Errors such as “{q}” come from {s}.", "“{q}” was logged by {s}."),
    fires=("{a} fired at {t} UTC.", "The {a} alert started at {t} UTC."),
    spoken=True,
)
