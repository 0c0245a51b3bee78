"""redis-cli and valkey-cli."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import names

# Source: https://redis.io/docs/latest/commands/ (flags "readonly"/"fast" of COMMAND DOCS), https://redis.io/docs/latest/develop/tools/cli/
_REDIS_TAKES = names(
    """-h -p -s -a -u -n -r -i -d -D --user --pass --pattern --count --type --cert --key --cacert
    --cacertdir --sni --tls-ciphers --show-pushes --quoted-pattern --memkeys-samples --cursor -t"""
)
_REDIS_SWITCHES = names(
    """--raw --no-raw --csv --json --scan --bigkeys --memkeys --hotkeys --stat --latency --latency-history
    --latency-dist --tls --insecure --no-auth-warning --askpass -c -3 -2 -e --verbose --quoted-json
    --keystats"""
)
_REDIS_READ = names("""info ping dbsize get mget strlen getrange substr exists ttl pttl expiretime pexpiretime type keys
    scan randomkey hget hgetall hmget hkeys hvals hlen hexists hscan hstrlen hrandfield httl hpttl llen
    lrange lindex lpos smembers scard sismember smismember sinter sunion sdiff sintercard srandmember
    sscan zrange zrangebyscore zrevrange zrevrangebyscore zrangebylex zrevrangebylex zcard zscore
    zmscore zrank zrevrank zcount zlexcount zscan zunion zinter zdiff zrandmember bitcount bitpos getbit
    bitfield_ro geopos geodist geohash georadius_ro georadiusbymember_ro geosearch pfcount xlen xrange
    xrevrange xinfo xpending xread object memory slowlog latency time lastsave role client config
    cluster command pubsub module acl script function debug echo dump lolwut sort_ro wait lcs touch
    json.get json.mget json.type json.strlen json.objkeys ft.info ft._list ts.get ts.range ts.info""") - {
    "debug",
    "touch",
    "script",
}
_REDIS_SUB = {
    "object": {"encoding", "freq", "idletime", "refcount", "help"},
    "memory": {"usage", "stats", "doctor", "malloc-stats", "help"},
    "slowlog": {"get", "len", "help"},
    "latency": {"latest", "history", "doctor", "graph", "histogram", "help"},
    "client": {"list", "info", "id", "getname", "trackinginfo", "help"},
    "config": {"get", "help"},
    "cluster": {
        "info",
        "nodes",
        "slots",
        "shards",
        "links",
        "myid",
        "keyslot",
        "countkeysinslot",
        "getkeysinslot",
        "replicas",
        "slaves",
        "count-failure-reports",
        "help",
        "slot-stats",
    },
    "command": {"count", "docs", "info", "list", "getkeys", "help", ""},
    "pubsub": {"channels", "numsub", "numpat", "shardchannels", "shardnumsub", "help"},
    "module": {"list", "help"},
    "acl": {"whoami", "cat", "log", "dryrun", "help"},
    "function": {"list", "stats", "help"},
    "xinfo": {"stream", "groups", "consumers", "help"},
}
_REDIS_SECRET_CONFIG = re.compile(r".*(?:pass|auth|\*|\?|\[|key|user|<|\$).*", re.IGNORECASE)
_DESTROYS = names("""flushall flushdb del unlink shutdown getdel spop lpop rpop lmpop blpop brpop blmpop zpopmin
    zpopmax zmpop bzpopmin bzpopmax hdel hgetdel srem zrem lrem ltrim xdel xtrim zremrangebyscore zremrangebyrank
    zremrangebylex json.del""")


def redis(call: Call) -> Effect:
    """What a redis-cli call would do."""
    parsed = split(call.args, _REDIS_TAKES, _REDIS_SWITCHES, stop=True)
    if parsed.strange:
        return (
            unknown(f"redis-cli: the option {parsed.strange[0][0]} is not known here")
            if parsed.strange[0][0] not in {"--version", "--help"}
            else reads("prints how redis-cli is used")
        )
    if not parsed.operands:
        if (
            parsed.has(
                "--scan",
                "--bigkeys",
                "--memkeys",
                "--hotkeys",
                "--stat",
                "--latency",
                "--latency-history",
                "--latency-dist",
                "--keystats",
            )
            and not call.open_args
        ):
            return reads("redis-cli: statistics or key names")
        if call.stdin is not None and not parsed.has("-x"):
            return combine([_redis_line(line.split(), call) for line in call.stdin.splitlines() if line.strip()])
        return unknown("an interactive session")
    words = [*parsed.operands, *parsed.tail]
    if not words[0].static or words[0].glob or call.unseen:
        return unknown("the redis command is not visible")
    if len(words) == 1 and " " in words[0]:
        return _redis_line(words[0].split(), call)
    return _redis_line([str(w) for w in words], call)


def _redis_line(words: list[str], _call: Call) -> Effect:
    verb, sub = words[0].lower(), words[1].lower() if len(words) > 1 else ""
    if verb in _REDIS_SUB:
        allowed = _REDIS_SUB[verb]
        if verb == "config" and sub == "get":
            loose = [w for w in words[2:] if _REDIS_SECRET_CONFIG.fullmatch(w)]
            return secret("prints a password of the server") if loose else reads("prints a setting")
        if verb == "acl" and sub in {"list", "getuser", "users", "genpass"}:
            return secret("prints password hashes of users")
        return (
            reads(f"redis {verb} {sub}: only prints")
            if sub in allowed
            else changes(f"redis {verb} {sub}: changes the server", "the whole store")
        )
    if verb == "sort" and not any(w.lower() == "store" for w in words):
        return reads("redis sort: only prints")
    if verb in _REDIS_READ:
        if verb in {"get", "hget", "hgetall", "mget", "dump"} and any(
            secret_word(w) or "session" in w.lower() for w in words[1:]
        ):
            return secret("prints a stored credential")
        return reads(f"redis {verb}: only prints")
    if not re.fullmatch(r"[a-z_.]+", verb):
        return unknown("the redis command is not visible")
    if verb in {"flushall", "flushdb"}:
        return changes(f"redis {verb}: empties the store", "data: everything in the store", False)
    return changes(f"redis {verb}: changes data or the server", "data", False if verb in _DESTROYS else None)


PROGRAMS = {"redis-cli": redis, "valkey-cli": redis}
