"""mongosh and mongo."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.tables import names

# Source: https://www.mongodb.com/docs/mongodb-shell/reference/methods/
_MONGO_TAKES = names(
    """--eval --host --port --username -u --password -p --authenticationDatabase --authenticationMechanism
    --db --tlsCAFile --tlsCertificateKeyFile --json --file -f"""
) - {"--json"}
_MONGO_SWITCHES = names(
    """--quiet --norc --nodb --tls --json --verbose --tlsAllowInvalidCertificates --directConnection
    --retryWrites"""
)
_MONGO_READ = names("""find findOne count countDocuments estimatedDocumentCount distinct stats totalIndexSize totalSize
    storageSize dataSize getIndexes getIndexKeys latencyStats limit sort skip pretty toArray explain
    hint project projection size itcount getCollection getSiblingDB getCollectionNames
    getCollectionInfos getMongo getName serverStatus hostInfo currentOp isMaster hello version
    serverBuildInfo status conf config printReplicationInfo printSecondaryReplicationInfo
    printSlaveReplicationInfo printShardingStatus listShards getBalancerState isBalancerRunning
    listCommands getProfilingStatus getLogComponents getReplicationInfo readPref maxTimeMS collation
    batchSize comment ObjectId ISODate Date NumberLong NumberInt NumberDecimal Timestamp UUID tojson
    JSON stringify print printjson EJSON hasNext next help getShardDistribution getShardVersion
    queryPlanner now toString length slice""")


def mongosh(call: Call) -> Effect:
    """What a mongosh call would do: every method it calls must be one that reads."""
    parsed = split(call.args, _MONGO_TAKES, _MONGO_SWITCHES)
    if parsed.has("--file", "-f") or len(parsed.operands) > 1 or parsed.strange or parsed.tail:
        if parsed.strange and all(n in {"--version", "--help"} for n, _ in parsed.strange):
            return reads("prints how mongosh is used")
        return unknown("runs a script that is not visible")
    texts = [
        str(v)
        for v in parsed.values("--eval")
        if call.scene.settled(v) and not (v.vars and " " not in v and "." not in v)
    ]
    if len(texts) != sum(1 for _ in parsed.values("--eval")) or call.unseen:
        return unknown("the script is not visible")
    if not texts:
        if call.stdin is None:
            return unknown("an interactive session")
        texts = [call.stdin]
    return combine([_mongo_script(t) for t in texts])


def _mongo_script(text: str) -> Effect:
    code = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", "''", text)
    methods = re.findall(r"([A-Za-z_$][\w$]*)\s*\(", code)
    if re.search(
        r"\b(?:insert|update|delete|remove|replace|drop|create|rename|save|bulk|grant|revoke|shutdown|kill|reconfig|stepDown|add|enable|disable|set|findAndModify|findOneAnd)\w*\s*\(",
        code,
    ):
        return changes(
            "the script changes the database", "data", None if not re.search(r"drop|remove|delete", code) else False
        )
    odd = re.search(
        r"[`\[=](?!=)|=>|\bfunction\b|\beval\b|\brequire\b|\bprocess\b|\$(?:out|merge|where|function|accumulator)|\bload\b|\bwhile\b|\bnew\s+(?!Date|ISODate)|\\",
        re.sub(r"[!<>=]==?|[<>]=", "", code),
    )
    if odd or any(m not in _MONGO_READ for m in methods):
        return unknown("the script does something not known here")
    if re.search(
        r"system\.users|admin\.system|getUsers?|usersInfo|password|secret|token|credential|cmdLineOpts",
        text,
        re.IGNORECASE,
    ):
        return secret("reads what looks like credentials")
    if re.search(r"\b(?:users|accounts|sessions|auth\w*)\b[^;]*\bfind(?:One)?\b", text) and "count" not in text:
        return unknown("documents about people may include password hashes")
    return (
        reads("the script only reads")
        if methods or re.fullmatch(r"\s*(?:show \w+|db)\s*;?\s*", code)
        else unknown("the script is not understood")
    )


PROGRAMS = {"mongosh": mongosh, "mongo": mongosh}
