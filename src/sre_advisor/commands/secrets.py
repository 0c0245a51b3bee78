"""Which files, variables and words usually stand for credentials."""

from __future__ import annotations

import fnmatch
import posixpath
import re

from sre_advisor.commands.words import Word

_PATH = re.compile(
    r"""(?:^|/)(?:
        g?shadow-?|sudoers(?:\.d/.*)?|master\.passwd|opasswd|security/opasswd
      | id_(?:rsa|dsa|ecdsa|ed25519)[^/]*(?<!\.pub)|ssh_host_[^/]*_key|\.ssh(?:/(?!known_hosts|config$
        |authorized_keys).*)?
      | \.aws(?:/(?!config$).*)?|\.kube(?:/.*)?|kubeconfig[^/]*|[^/]*\.kubeconfig|\.docker(?:/.*)?
        |\.dockercfg|\.config/(?:gcloud|gh|hub|helm|doctl|rclone)(?:/.*)?
      | \.azure(?:/.*)?|\.gnupg(?:/.*)?|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|debian\.cnf
        |\.git-credentials|\.npmrc|\.pypirc|\.htpasswd
      | \.vault-token|\.terraformrc|\.terraform\.d(?:/.*)?|[^/]*\.tfstate(?:\.[^/]*)?
        |[^/]*\.tfvars(?:\.json)?|\.env(?:\..*|rc)?|[^/]*\.env
      | [^/]*_history|wp-config\.php|environ|kcore|k?mem|vault\.hcl|rclone\.conf|\.s3cfg|\.boto|credentials?(?:\..*)?
      | (?:var/)?run/secrets(?:/.*)?|kubernetes\.io/serviceaccount/.*|ssl/private(?:/.*)?|pki(?:/.*)?\.key
        |etc/kubernetes/[^/]*\.conf
      | [^/]*\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx|asc|gpg|ovpn|keytab)
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(
    r"passw(?:or)?d(?!$)|passwd$|password|passphrase|passwort|secret|credential|(?<![a-z])creds?(?![a-z])|token|api[_-]?key|apikey|private[_-]?key|"
    r"access[_-]?key|(?<![a-z])auth[_-]?key|encryption[_-]?key|(?<![a-z])pass(?![a-z])|(?<![a-z])pwd(?=$|[_=])|(?<![a-z])dsn(?![a-z])|"
    r"requirepass|masterauth|"
    r"(?:database|db|postgres(?:ql)?|mysql|mongo(?:db)?|redis|amqp|rabbitmq|broker|jdbc)_?ur[il](?![a-z])|"
    r"connection[_-]?string|signing[_-]?key|_key$|(?<![a-z])jwt(?![a-z])|(?<![a-z])cookie|AKIA|BEGIN ",
    re.IGNORECASE,
)
_SAMPLES = (
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/sudoers",
    "/root/.ssh/id_rsa",
    "~/.ssh/id_rsa",
    "~/.aws/credentials",
    "~/.kube/config",
    "~/.docker/config.json",
    "/proc/1/environ",
    "/proc/self/environ",
    "/etc/kubernetes/admin.conf",
    "/etc/ssl/private/x.key",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "/run/secrets/x",
    ".env",
    "id_rsa",
    "credentials",
    "secret",
    "shadow",
    "tls.key",
    "key.pem",
    "terraform.tfstate",
    ".netrc",
    ".pgpass",
    "token",
    "/home/a/.ssh/id_rsa",
    "/home/a/.aws/credentials",
)
_PRIVATE_ROOTS = re.compile(
    r"^(?:/|~|\$\{?HOME\}?|/root|/home(?:/[^/]*)?|/etc|/proc(?:/[^/]*)?|/run|/var/run|/etc/kubernetes|/var/lib/kubelet)/*$"
)


def secret_path(path: str) -> bool:
    """Whether a file of this name usually holds credentials."""
    if not path:
        return False
    clean = posixpath.normpath(path.replace("\\", "")) if path not in {"", "."} else path
    if clean in {"/etc/passwd", "etc/passwd"}:
        return False
    return bool(_PATH.search(clean) or secret_word(clean))


def secret_word(text: str) -> bool:
    """Whether a name (of a file, a variable, an output, a field) speaks of a credential."""
    return bool(_WORD.search(text))


def secret_file(item: Word) -> bool:
    """Whether this argument names, or by its pattern could match, a file of credentials."""
    if secret_path(item):
        return True
    if not item.glob:
        return False
    clean = posixpath.normpath(item)
    return any(fnmatch.fnmatch(s, clean) or fnmatch.fnmatch(posixpath.basename(s), clean) for s in _SAMPLES)


def private_root(path: str) -> bool:
    """Whether a tree beginning here usually holds credentials somewhere below."""
    return bool(_PRIVATE_ROOTS.match(posixpath.normpath(path) if path else path))


def mentions_secret(source: str) -> bool:
    """Whether any stretch of a source names a file of credentials."""
    return any(secret_path(part) or private_root(part) for part in re.split(r"[\s'\"=;|&()<>,`]+", source) if part)
