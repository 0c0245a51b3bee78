"""Variables a command sets: harmless settings, or hooks that make other programs run something."""

from __future__ import annotations

import re

from sre_advisor.commands.effect import Effect, changes, reads, unknown
from sre_advisor.commands.words import Word

_HARMLESS = re.compile(
    r"""(?:AWS_(?:PROFILE|REGION|DEFAULT_REGION|DEFAULT_OUTPUT|DEFAULT_PROFILE|ACCESS_KEY_ID
        |SECRET_ACCESS_KEY|SESSION_TOKEN|MAX_ATTEMPTS|RETRY_MODE)
      | TZ|LANG|LANGUAGE|LC_\w+|NO_COLOR|CLICOLOR|FORCE_COLOR|TERM|COLUMNS|LINES|DEBUG|VERBOSE
      | PG(?:PASSWORD|HOST|USER|DATABASE|PORT|SSLMODE|CONNECT_TIMEOUT|APPNAME)|MYSQL_PWD|REDISCLI_AUTH
      | VAULT_(?:ADDR|NAMESPACE|FORMAT)|ARGOCD_(?:SERVER|AUTH_TOKEN)|HELM_(?:NAMESPACE|KUBECONTEXT)|DOCKER_CONTEXT
      | CLOUDSDK_CORE_PROJECT|GOOGLE_CLOUD_PROJECT|GH_(?:REPO|HOST|TOKEN)|GITHUB_TOKEN|LOKI_(?:ADDR|ORG_ID
        |USERNAME|PASSWORD)
      | ETCDCTL_(?:API|ENDPOINTS)|CONSUL_HTTP_ADDR|NOMAD_ADDR|ALERTMANAGER_URL|https?_proxy|HTTPS?_PROXY
        |NO_PROXY|no_proxy
      | (?:[A-Z]+_)?(?:NS|NAMESPACE|POD|NODE|APP|SVC|SERVICE|DEPLOY|DEPLOYMENT|CLUSTER|REGION|CONTEXT
        |CONTAINER|RELEASE|PROJECT|
            HOST|HOSTNAME|PORT|URL|ID|NAME|LABEL|SELECTOR|SINCE|START|END|ZONE|TAG|VERSION|USER|DB|QUERY|FROM
        |TO|TOKEN|PASSWORD|SHA)
    )""",
    re.VERBOSE,
)
_HOOK = re.compile(
    r"""(?:.*PATH|IFS|ENV|HOME|SHELL|SHELLOPTS|PS\d|BASH.*|PROMPT.*|LD_.*|DYLD_.*|GLIBC.*|MALLOC.*|.*PAGER.*
        |.*EDITOR.*|VISUAL|BROWSER
      | .*OPTS?|.*OPTIONS?|.*ARGS.*|.*CONFIG.*|.*RC|.*COMMAND.*|.*CMD.*|.*EXEC.*|.*ASKPASS.*|.*DIFF.*
        |.*PRELOAD.*|.*HOME|.*_DIR|XDG.*|GIT.*|SSH.*
      | PYTHON.*|PERL.*|RUBY.*|NODE_.*|JAVA.*|_JAVA.*|LUA.*|LESS.*|MAN.*|TF_.*|HELM_.*|TAR.*|G?ZIP|XZ_.*
        |DOCKER_.*|RSYNC.*|SUDO.*|GREP.*|SYSTEMD.*
      | OPENSSL.*|CURL.*|WGET.*|KUBE.*|AWS_.*|CLOUDSDK.*|AZURE.*|TMPDIR|TMOUT|FZF.*|ZDOTDIR|FPATH|ZSH.*)""",
    re.VERBOSE | re.IGNORECASE,
)
_MADE_UP = ("/dev/", "/tmp/", "/proc/")  # noqa: S108  # compared with, never written to
_QUIET = {"cat", "", "less", "more"}


def passed(name: str, value: Word) -> Effect:
    """The effect of handing this variable to a program."""
    return _judged(name, value, strict=True)


def assigned(name: str, value: Word | None) -> Effect:
    """The effect of setting this variable in the shell itself."""
    return _judged(name, value, strict=False)


def _judged(name: str, value: Word | None, *, strict: bool) -> Effect:
    if value is not None and value.subs is None and ("$(" in value or "`" in value):
        return unknown(f"{name} holds shell source, which may come to be run")
    if _HARMLESS.fullmatch(name):
        return reads(f"sets {name}")
    if name == "KUBECONFIG" and value is not None and value.static and not value.startswith(_MADE_UP):
        return reads("chooses a kubeconfig")
    if name.endswith("PAGER") and value is not None and value.static and value in _QUIET:
        return reads("turns paging off")
    if name.upper().startswith(("LD_", "DYLD_")):
        return changes(f"{name} loads other code into the program", "whatever that code does", False)
    if _HOOK.fullmatch(name) or (strict and not name.islower()):
        return unknown(f"{name} may change what the programs run")
    return unknown(f"{name} may change what the program does") if strict else reads(f"sets {name}")
