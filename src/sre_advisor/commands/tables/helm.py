"""Helm's subcommands and options.

Source: https://helm.sh/docs/helm/ (v3.18 and v4).
"""

from __future__ import annotations

from sre_advisor.commands.cli import rows
from sre_advisor.commands.effect import changes
from sre_advisor.commands.tables import names

RELEASE, LOCAL = "one release", "files on one host"
TABLE = rows(
    reading="""list, ls, status, history, hist, get metadata, show all, show chart, show readme, show values, show crds,
    inspect all, inspect chart, inspect values, inspect readme, search repo, search hub, repo list, repo ls,
    dependency list, dep list, dependency ls, dep ls, dependencies list, lint, template, verify, version,
    completion bash, completion zsh, completion fish, completion powershell, plugin list, plugin ls, help,
    show, inspect, diff upgrade, diff revision, diff rollback, diff release, diff version""",
    secrets="get values, get manifest, get all, get hooks, get notes, env, get",
    changing={
        "install": changes("installs a release; uninstalling is the way back", RELEASE, True),
        "upgrade": changes("changes a release; `helm rollback` is the way back", RELEASE, True),
        "rollback": changes("puts an earlier revision in place; rolling back again returns", RELEASE, True),
        "uninstall, delete, del, un": changes("removes a release and its objects", RELEASE, False),
        "test": changes("runs the release's test pods", RELEASE, True),
        """repo add, repo remove, repo rm, repo update, repo up, repo index, registry login, registry logout""": changes(
            "writes Helm's own files", LOCAL, True
        ),
        """dependency build, dependency update, dep build, dep update, dep up, dependency up""": changes(
            "writes charts to disk", LOCAL, True
        ),
        "pull, fetch, package, create": changes("writes files", LOCAL, True),
        "push": changes("publishes a chart", "a registry", False),
        """plugin install, plugin update, plugin uninstall, plugin add, plugin remove, plugin rm, plugin up""": changes(
            "changes the code Helm runs", LOCAL
        ),
        "mapkubeapis, 2to3": changes("rewrites stored releases", RELEASE, False),
    },
)
DRY_RUN = frozenset({"install", "upgrade", "rollback", "uninstall", "delete", "del", "un"})
BEFORE = names("""-n --namespace --kube-context --kubeconfig --kube-token --kube-apiserver --kube-as-user --kube-as-group
    --kube-ca-file --kube-tls-server-name --registry-config --repository-cache --repository-config
    --burst-limit --qps --color --colour --debug --kube-insecure-skip-tls-verify --content-cache""")
TAKES = (BEFORE - {"--debug", "--kube-insecure-skip-tls-verify"}) | names("""-f --values --set --set-string --set-file --set-json --set-literal --version --repo --username --password
    --ca-file --cert-file --key-file --keyring -o --output --output-dir --timeout --description --revision
    --max -m --offset --filter --selector -l --time-format --template --post-renderer --post-renderer-args
    --name-template --api-versions -a --kube-version -s --show-only --max-col-width --labels --history-max
    --cascade --context""")
SWITCHES = names("""--debug --kube-insecure-skip-tls-verify -i --install --atomic --wait --wait-for-jobs --force
    --create-namespace --dry-run --reuse-values --reset-values --reset-then-reuse-values --no-hooks
    --skip-crds --include-crds --devel --verify -g --generate-name --dependency-update --cleanup-on-fail
    --keep-history -q --short -A --all-namespaces --all --failed --deployed --pending --superseded
    --uninstalled --uninstalling -d --date -r --reverse --no-headers -a --strict --quiet --with-subcharts
    --versions --regexp --fail-on-no-result --show-resources --show-desc --is-upgrade --validate --no-color
    --client --hide-secret --hide-notes --render-subchart-notes --replace --pass-credentials --plain-http
    --insecure-skip-tls-verify --skip-schema-validation --disable-openapi-validation --enable-dns
    --take-ownership --rollback-on-failure --detailed-exitcode""") - {"-a"}
RUNS = {
    "--post-renderer": changes("runs a program over what is rendered", "whatever that program does"),
    "--output-dir": changes("writes files", LOCAL, True),
    "--repository-file": changes("may write files", LOCAL),
}
