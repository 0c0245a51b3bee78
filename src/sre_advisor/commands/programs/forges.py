"""gh and glab: the command lines of GitHub and GitLab."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge, rows
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import names

# Source: https://cli.github.com/manual/ (2.70) and https://docs.gitlab.com/cli/
_REMOTE = "the repository on the forge"
_TABLE = rows(
    reading="""pr list, pr view, pr status, pr checks, pr diff, issue list, issue view, issue status, run list, run
    view, run watch, repo list, repo view, repo license list, repo license view, repo gitignore list, repo
    gitignore view, repo deploy-key list, release list, release view, workflow list, workflow view, search
    code, search commits, search issues, search prs, search repos, gist list, label list, secret list,
    variable list, cache list, ruleset list, ruleset view, ruleset check, org list, project list, project
    view, project item-list, project field-list, status, auth status, alias list, config list, extension
    list, extension search, codespace list, ssh-key list, gpg-key list, version, help, attestation verify,
    attestation trusted-root, browse --no-browser, mr list, mr view, mr diff, mr issues, mr approvers, ci
    list, ci status, ci view, ci trace, ci lint, pipeline list, pipeline status, milestone list, incident
    list, incident view, schedule list, completion""",
    secrets="auth token, variable get, config get, gist view, variable export",
    changing={
        """pr create, pr merge, pr close, pr reopen, pr comment, pr edit, pr ready, pr review, pr lock, pr unlock,
    pr update-branch, pr revert, issue create, issue close, issue reopen, issue comment, issue edit, issue
    delete, issue lock, issue unlock, issue pin, issue unpin, issue transfer, issue develop, mr create, mr
    merge, mr close, mr update, mr approve, mr note, mr rebase, mr reopen, mr revoke""": changes(
            "changes a request or an issue", _REMOTE
        ),
        """run rerun, run cancel, run delete, workflow run, workflow enable, workflow disable, ci run, ci retry, ci
    delete, ci cancel, ci trigger""": changes("starts or stops a workflow", _REMOTE),
        """repo create, repo edit, repo fork, repo rename, repo archive, repo unarchive, repo sync,
    repo set-default, release create, release edit, release upload, secret set, variable set, variable update,
    label create, label edit, label clone, ruleset create""": changes("changes a repository", _REMOTE),
        """repo delete, release delete, release delete-asset, secret delete, secret remove, variable delete, label
    delete, cache delete""": changes("deletes something of a repository", _REMOTE, False),
        """pr checkout, repo clone, gist clone, run download, release download, mr checkout""": changes(
            "writes files", "files on one host", True
        ),
        """auth login, auth logout, auth refresh, auth switch, auth setup-git, config set, config clear-cache, alias
    set, alias delete, alias import, extension install, extension remove, extension upgrade,
    extension create""": changes("changes local configuration", "local configuration", True),
        """gist create, gist delete, gist edit, gist rename, ssh-key add, ssh-key delete, gpg-key add, gpg-key
    delete, project create, project edit, project delete, project item-add, project item-edit, project
    item-delete, project close""": changes("changes this account's things", "the account"),
    },
)
_FIELDS = {"-f", "-F", "--field", "--raw-field", "--input"}


def _api(_call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    methods = [str(v).upper() for v in parsed.values("-X", "--method")]
    path = " ".join(parsed.operands[1:])
    if any(m not in {"GET", "HEAD"} for m in methods):
        return changes("sends a request that changes something", _REMOTE)
    if "graphql" in path:
        return unknown("a GraphQL query may be a mutation")
    if not methods and any(parsed.has(f) for f in _FIELDS):
        return changes("fields make the request a POST", _REMOTE)
    if any(
        f.name.startswith(("-X", "--met", "-f", "-F", "--fi", "--ra", "--in"))
        and f.name not in {"-X", "--method", *_FIELDS}
        for f in parsed.flags
    ):
        return unknown("the request is not understood")
    if parsed.has(*_FIELDS) and not methods:
        return unknown("the request is not understood")
    if secret_word(path.replace("secret-scanning", "")):
        return secret("reads something that may be a credential")
    return reads("a GET request")


def _token(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    shown = parsed.has("--show-token", "-t")
    return secret("prints the token") if shown else effect


_TAKES = names(
    """
    -R --repo --hostname -L --limit -q --jq --template --json -X --method -f -F --field --raw-field --input
    -H --header -s --state -l --label -a --assignee -A --author -b --branch -w --workflow -u --user --job -j
    --log-failed-of -t -S --search -e --env -o --org --cache -p --preview --ref -B --base"""
)
_SWITCHES = names(
    """
    --paginate --slurp -i --include --silent --verbose --log --log-failed --exit-status --web --comments -c
    --name-only --patch --show-token --active"""
)
_CLI = Cli(
    "gh",
    {**_TABLE, "api": unknown("a request to the forge")},
    _TAKES - {"-t"},
    _SWITCHES,
    raising={"--web": changes("opens a browser", "one host", True)},
    hooks={"api": _api, "auth status": _token},
    before=frozenset({"-R", "--repo"}),
)


def gh(call: Call) -> Effect:
    """What a gh or glab call would do."""
    return judge(_CLI, call)


PROGRAMS = {"gh": gh, "glab": gh}
