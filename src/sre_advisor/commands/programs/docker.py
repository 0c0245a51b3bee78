"""docker, podman, nerdctl and crictl."""

from __future__ import annotations

import re
from dataclasses import replace

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge, rows
from sre_advisor.commands.effect import Effect, changes, reads, secret
from sre_advisor.commands.options import Parsed, split
from sre_advisor.commands.programs.kubectl import in_container
from sre_advisor.commands.tables import docker as table
from sre_advisor.commands.tables import names
from sre_advisor.model import CommandLabel

_RUN_TAKES = names("-u --user -w --workdir -e --env --env-file --detach-keys --index")
_RUN_SWITCHES = names("-d --detach -i --interactive -t --tty --privileged -T --no-TTY")
_FIELD = re.compile(r"\.([A-Z]\w*(?:\.[A-Z]\w*)?)")
_SPELLED = re.compile(r"[^{}]*(?:\{\{-? ?(?:json )?\.[A-Z][\w.]* ?-?\}\}[^{}]*)*")


def _inspect(_call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    formats = [v for f in parsed.flags if f.name in {"--format", "-f"} for v in [f.value]]
    if formats and all(v is not None and v.static and _harmless(v) for v in formats):
        return reads("prints fields without credentials")
    kinds = list(parsed.values("--type"))
    if kinds and all(k in {"image", "network", "volume"} for k in kinds):
        return reads("prints the settings of an image, network or volume")
    return secret("prints the environment of a container, which usually holds credentials")


def _harmless(template: str) -> bool:
    if not _SPELLED.fullmatch(template):
        return False
    fields = _FIELD.findall(template)
    return bool(fields) and all(f in table.HARMLESS_FIELDS or f.split(".")[0] in table.HARMLESS_FIELDS for f in fields)


def _exec(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    after = parsed.places[2 if parsed.operands[0] in {"container", "compose"} else 1 :]
    rest = list(call.args[parsed.places[0] + 1 :])
    if parsed.operands[0] in {"container", "compose"}:
        rest = rest[rest.index(parsed.operands[1]) + 1 :]
    inner = split(rest, _RUN_TAKES, _RUN_SWITCHES, stop=True)
    if inner.strange or not after or not inner.operands:
        return effect
    return in_container(call, inner.tail, table.ONE)


_HOST_GIVEN = ("-v", "--volume", "--mount", "--privileged", "--pid=host", "--device", "--cap-add")


def _run(call: Call, _parsed: Parsed, effect: Effect) -> Effect:
    """A container that is given a part of the host can change that part."""
    given = any(a.startswith(_HOST_GIVEN) for a in call.args)
    return replace(effect, blast_radius=f"{table.ONE}, and what it is given of the host") if given else effect


_ROWS = {
    **table.TABLE,
    **dict.fromkeys(
        ("inspect", "container inspect", "service inspect", "pod inspect", "service ps --env"),
        secret("prints an environment"),
    ),
}
_CLI = Cli(
    "docker",
    _ROWS,
    table.TAKES,
    table.SWITCHES,
    before=table.BEFORE,
    hooks={
        **dict.fromkeys(("run", "container run", "create", "container create", "compose run"), _run),
        "exec": _exec,
        "container exec": _exec,
        "compose exec": _exec,
        "inspect": _inspect,
        "container inspect": _inspect,
        "service inspect": _inspect,
        "pod inspect": _inspect,
    },
)


def docker(call: Call) -> Effect:
    """What a docker call would do."""
    effect = judge(_CLI, call)
    if effect.label is CommandLabel.READ_ONLY and {"compose", "manifest", "buildx"} & set(call.args[:3]):
        for item in call.args:
            if item.startswith("--output") and "buildx" not in call.args[:2]:
                return changes("writes a file", "one file")
    if effect.label is CommandLabel.READ_ONLY and "--no-trunc" in call.args and call.args[:1] == ["history"]:
        return secret("build arguments in the history often hold credentials")
    return effect


def _cri_exec(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    inner = split(
        call.args[parsed.places[0] + 1 :],
        {"--timeout"},
        {"-i", "-t", "-s", "--sync", "--tty", "--interactive"},
        stop=True,
    )
    return effect if inner.strange or not inner.operands else in_container(call, inner.tail, "one container")


_CRI = Cli(
    "crictl",
    rows(
        reading="""ps, pods, images, image, img, logs, stats, statsp, version, info, imagefsinfo, events, metricsp""",
        secrets="inspect, inspectp",
        opaque="attach, port-forward, config",
        changing={
            "exec": changes("runs a command inside a container", "one container"),
            "stop, stopp, start, update, checkpoint": changes(
                "changes whether a container runs", "one container or pod", True
            ),
            "rm, rmp, rmi": changes("removes containers, pods or images", "one host", False),
            "create, run, runp, pull": changes("starts or fetches something", "one host", True),
        },
    ),
    names("""-c --config -r --runtime-endpoint -i --image-endpoint -t --timeout -o --output --name --label --pod
    --state --tail --since --id --namespace --image -n --last"""),
    names(
        """-D --debug -a --all -q --quiet -v --verbose --no-trunc -l --latest -f --follow -p --previous --timestamps"""
    ),
    before=names("-c --config -r --runtime-endpoint -i --image-endpoint -t --timeout -D --debug"),
    hooks={"exec": _cri_exec},
)


def crictl(call: Call) -> Effect:
    """What a crictl call would do."""
    return judge(_CRI, call)


def _compose(call: Call) -> Effect:
    from sre_advisor.commands.words import word

    return docker(
        Call("docker", [word("compose"), *call.args], call.scene, call.stdin, call.fed, call.piped, call.open_args)
    )


PROGRAMS = {
    "docker": docker,
    "podman": docker,
    "nerdctl": docker,
    "crictl": crictl,
    "docker-compose": _compose,
}
