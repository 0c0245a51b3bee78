"""Certificates and keys."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads, secret, unknown
from sre_advisor.commands.files import contents


def openssl(call: Call) -> Effect:
    """openssl: looking at certificates and connections reads."""
    words = [str(a) for a in call.args]
    verb = words[0] if words and call.args[0].static else ""
    if not call.settled or any(
        w
        in {
            "-out",
            "-keyout",
            "-writerand",
            "-engine",
            "-provider-path",
            "-CAcreateserial",
            "-signkey",
            "-key",
            "-sess_out",
            "-keylogfile",
            "-msgfile",
            "-provider",
            "-config",
        }
        for w in words
    ):
        return unknown("openssl with options that write or use keys")
    if verb in {"s_client", "version", "ciphers", "verify", "crl", "ocsp", "asn1parse", "dgst", "x509", "req", "list"}:
        if verb == "req" and not ({"-noout"} & set(words) and not {"-new", "-x509", "-newkey"} & set(words)):
            return unknown("openssl req may make keys")
        if verb == "asn1parse" or (verb == "s_client" and any(w.startswith("-psk") for w in words)):
            return contents(call, call.args[1:], "prints a structure")
        return reads(f"openssl {verb}: only prints")
    if verb in {"rsa", "pkey", "ec", "pkcs12", "pkcs8", "genrsa", "genpkey", "rand", "dsa", "enc"}:
        return secret("handles private keys")
    return unknown(f"openssl {verb[:20]}: not known here")


PROGRAMS = {"openssl": openssl}
