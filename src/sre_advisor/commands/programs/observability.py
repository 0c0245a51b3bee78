"""promtool, amtool, logcli, jaeger and similar tools."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge, rows
from sre_advisor.commands.effect import Effect, changes
from sre_advisor.commands.tables import names

# Sources: https://prometheus.io/docs/prometheus/latest/command-line/promtool/, https://github.com/prometheus/alertmanager#amtool,
# https://grafana.com/docs/loki/latest/query/logcli/
_FILES, _ALERTING = "files on one host", "who is told of alerts"
_TABLES = {
    "promtool": rows(
        reading="""check config, check web-config, check rules, check metrics, check healthy, check ready, check
    service-discovery, query instant, query range, query series, query labels, query analyze, test
    rules, tsdb analyze, tsdb list, tsdb dump, tsdb dump-openmetrics, promql format, help""",
        opaque="debug",
        changing={
            "push metrics": changes("sends samples", "metrics data", False),
            "tsdb create-blocks-from, tsdb bench write": changes("writes blocks", "metrics data"),
            "debug pprof, debug metrics, debug all": changes("writes an archive", "one file"),
        },
    ),
    "amtool": rows(
        reading="""alert, alert query, silence, silence query, config show, config routes, config routes show, config
    routes test, check-config, cluster show, cluster, template render, help, version""",
        changing={
            "silence add, silence update": changes("silences alerts", _ALERTING, True),
            "silence expire, silence import": changes("ends or adds silences", _ALERTING, None),
            "alert add": changes("raises an alert", _ALERTING, True),
        },
        secrets="config",
    ),
    "logcli": rows(
        reading="""query, labels, series, instant-query, stats, volume, volume_range, detected-fields, fmt, help""",
        changing={"delete": changes("deletes logs", "logs", False)},
    ),
    "mimirtool": rows(
        reading="""rules list, rules print, rules get, rules check, rules lint, rules diff, analyze grafana, analyze
    rule-file, analyze prometheus, version, promql format""",
        secrets="alertmanager get",
        changing={
            """rules load, rules delete, rules sync, rules prepare, alertmanager load,
            alertmanager delete, remote-read export, backfill""": changes(
                "changes rules", "alerting and recording rules"
            )
        },
    ),
    "tempo-cli": rows(
        reading="""query api trace-id, query api search, query trace-id, list blocks, list block, analyse block"""
    ),
}
_TAKES = names("""--alertmanager.url --http.config.file -o --output --timeout --verify.config --config.file -a
    --author -m --matchers --addr --org-id --username --password --bearer-token --bearer-token-file
    --tls-skip-verify --ca-cert --cert --key --limit --since --from --to --step --interval --batch
    --header --start --end --time --format --lint --url --match --date.format --tenant --proxy-url
    --address --id --max-backoff""")
_SWITCHES = names(
    """--quiet -q --tail --forward --no-labels --lint-fatal --syntax-only --extended --expired --active
    --inhibited --unprocessed --silenced --analyze-labels -v --verbose --stats --colored-output --json
    --help --version --tree"""
)
_RAISING = {
    "logcli": {
        "--part-path-prefix": changes("writes files", _FILES, True),
        "--cpuprofile": changes("writes a file", _FILES, True),
        "--memprofile": changes("writes a file", _FILES, True),
    },
    "promtool": {
        "--junit": changes("writes a file", "one file"),
        "--sandbox-dir-root": changes("writes files", _FILES, True),
    },
}
_CLIS = {name: Cli(name, table, _TAKES, _SWITCHES, raising=_RAISING.get(name, {})) for name, table in _TABLES.items()}


def tool(call: Call) -> Effect:
    """What a call of one of these tools would do."""
    return judge(_CLIS[call.name], call)


PROGRAMS = dict.fromkeys(_CLIS, tool)
