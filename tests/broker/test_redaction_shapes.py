"""Credentials by their shape: in URLs, headers, cookies, connection strings, settings, keys; and what is none."""

import base64
import json

import pytest

from sre_advisor.broker.redaction import RedactionConfig, Redactor

PW = "Tr0ub4dor" + "&3x"
TOKEN = "q7Rk2" + "Zp9Lw4Xv8Nt3Bm6Hd1"
HEX = "9f86d081884c7d65" + "9a2feaa0c55ad015"
B64 = base64.b64encode(f"admin:{PW}".encode()).decode()
BODY = "\n".join(base64.b64encode(bytes(range(i, i + 48))).decode() for i in range(0, 160, 16))
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----"
CUT_PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY}"

SECRETS = {
    "url": (f"https://deploy:{PW}@git.example.com/repo.git", PW),
    "url, no user": (f"redis://:{PW}@cache:6379/0", PW),
    "url, token as user": (f"git clone https://{TOKEN}:x-oauth-basic@github.com/a/b", TOKEN),
    "url in escaped JSON": ('{"u":"https:\\/\\/svc:' + PW + '@host\\/x"}', PW),
    "url, encoded": (f"next=https%3A%2F%2Fsvc%3A{TOKEN}%40host%2Fx", TOKEN),
    "url, at sign in password": ("postgres://app:p@ss-W0rd!@db:5432/x", "ss-W0rd!"),
    "url, slash in password": (f"postgresql://app:ab/{PW}@db.prod:5432/orders", PW),
    "url, query": (f"GET /v1/things?access_token={TOKEN}&page=2 HTTP/1.1", TOKEN),
    "url, Azure SAS": (f"https://x.blob.core.windows.net/c?sv=2022-11-02&sig={TOKEN}%3D", TOKEN),
    "mongodb+srv": (f"mongodb+srv://root:{PW}@cluster0.abc.mongodb.net/?retryWrites=true", PW),
    "amqp": (f"dial amqp://guest:{PW}@rabbit:5672/vhost: connection refused", PW),
    "jdbc": (f"jdbc:mysql://db:3306/shop?user=app&password={PW.replace('&', '!')}&useSSL=false", PW.replace("&", "!")),
    "jdbc oracle": (f"jdbc:oracle:thin:scott/{PW}@//db:1521/orcl", PW),
    "ado": ("Server=tcp:db,1433;Database=x;User Id=sa;Password=pa$$W0rd12;Encrypt=True", "pa$$W0rd12"),
    "ado, pwd": (f"Driver={{ODBC}};Server=db;Uid=sa;Pwd={TOKEN};", TOKEN),
    "azure storage": (f"AccountName=acc;AccountKey={TOKEN}==;EndpointSuffix=core.windows.net", TOKEN),
    "go mysql": (f"app:{PW}@tcp(db:3306)/orders?parseTime=true", PW),
    "libpq": (f"host=db user=app password={TOKEN} dbname=x", TOKEN),
    "bearer": (f"Authorization: Bearer {TOKEN}", TOKEN),
    "bearer, lower": (f"authorization: bearer {TOKEN}", TOKEN),
    "basic": (f"Authorization: Basic {B64}", B64),
    "basic alone": (f"using basic {B64}", B64),
    "token": (f"Authorization: Token {HEX}", HEX),
    "apikey": (f"AUTHORIZATION: ApiKey {TOKEN}", TOKEN),
    "header, no scheme": (f"authorization: {TOKEN}", TOKEN),
    "curl": (f"curl -sS -H 'Authorization: Bearer {TOKEN}' https://api.example.com", TOKEN),
    "curl -u": (f"curl -u admin:{TOKEN} https://api.example.com", TOKEN),
    "json header": (json.dumps({"headers": {"Authorization": f"Bearer {TOKEN}"}}), TOKEN),
    "json in json": (json.dumps(json.dumps({"Authorization": f"Bearer {TOKEN}"})), TOKEN),
    "yaml header": (f"headers:\n  Authorization: >-\n    Bearer {TOKEN}\n", TOKEN),
    "go header": (f"map[Accept:[*/*] Authorization:[Bearer {TOKEN}] X-Id:[7]]", TOKEN),
    "python header": (f"{{'Authorization': 'Bearer {TOKEN}', 'Accept': '*/*'}}", TOKEN),
    "proxy": (f"Proxy-Authorization: Basic {B64}", B64),
    "x-api-key": (f"X-Api-Key: {TOKEN}", TOKEN),
    "x-vault-token": (f'-H "X-Vault-Token: {TOKEN}"', TOKEN),
    "private-token": (f"PRIVATE-TOKEN: {TOKEN}", TOKEN),
    "amz": (f"x-amz-security-token: {TOKEN}", TOKEN),
    "cookie": (f"Cookie: theme=dark; session={TOKEN}; lang=en", TOKEN),
    "cookie, short value": ("cookie: sid=abc12", "abc12"),
    "set-cookie": (f"Set-Cookie: sid={TOKEN}; Path=/; HttpOnly; SameSite=Lax", TOKEN),
    "set-cookie in JSON": (
        json.dumps({"set-cookie": ["a=1x9; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT", f"sid={TOKEN}"]}),
        TOKEN,
    ),
    "cookie, curl -b": (f"curl -s -b 'session={TOKEN}' https://x", TOKEN),
    "cookie, second": (f'"Cookie": "a=b1; connect.sid=s%3A{TOKEN}.x"', TOKEN),
    "password=": (f"login failed user=bob password={PW}", PW),
    "password, digits": ("PGPASSWORD=84736251 psql -h db", "84736251"),
    "password, word": ("db.password=swordfish", "swordfish"),
    "password, JSON": (json.dumps({"user": "a", "password": 'se"cret word 7'}), "cret word 7"),
    "password, escaped JSON": (json.dumps(json.dumps({"password": PW})), PW),
    "password, YAML": ("db:\n  user: app\n  password: correcthorse\n", "correcthorse"),
    "password, sql": (f"ALTER USER app WITH PASSWORD '{PW}'", PW),
    "password, sql mysql": (f"CREATE USER a@b IDENTIFIED BY '{PW}'", PW),
    "password, flag": (f"mysql -h db -u root -p{TOKEN} shop", TOKEN),
    "password, option": (f"tool --password {PW} --verbose", PW),
    "token, option": (f"tool --api-token={TOKEN}", TOKEN),
    "env": (f"export API_SECRET_KEY={TOKEN}", TOKEN),
    "netrc": (f"machine api.example.com login bob password {PW}", PW),
    "docker auth": (f'{{"auths":{{"r.example.com":{{"auth":"{B64}"}}}}}}', B64),
    "pem": (PEM, BODY[:64]),
    "pem, last line": (PEM, BODY[-64:]),
    "pem, escaped": (json.dumps({"k": PEM}), BODY[65:129]),
    "pem, cut off": (CUT_PEM, BODY[-64:]),
    "k8s secret": (f"kind: Secret\ndata:\n  user: YWRtaW5pc3Q=\n  pw: {B64}\ntype: Opaque\n", B64),
    "k8s secret in JSON": (json.dumps({"kind": "Secret", "data": {"a": "c29tZXRoaW5n", "b": B64}}), B64),
    "k8s secret, data first": (f"data:\n  one: c29tZXRoaW5n\n  two: {B64}\nkind: Secret\n", B64),
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_credential_is_taken_out_and_its_surroundings_stay(name: str) -> None:
    text, secret = SECRETS[name]
    line = f"before\n{text}\nafter the call"
    clean, count = Redactor().text(line)
    assert secret not in clean
    assert count >= 1
    assert clean.startswith("before\n")
    assert clean.endswith("after the call")


@pytest.mark.parametrize("name", SECRETS)
def test_a_credential_is_found_where_it_stands(name: str) -> None:
    text, secret = SECRETS[name]
    at = text.rindex(secret)
    found = Redactor().findings(text)
    assert any(f.start < at + len(secret) and f.end > at for f in found)
    assert all(0 <= f.start < f.end <= len(text) for f in found)


HARMLESS = [
    "commit 3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8 Merge branch 'main'",
    "Deployed checkout@3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8 to prod",
    "git_commit=3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8 version=v1.22.3",
    "image: registry.example.com/shop/checkout@sha256:" + HEX * 2,
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
    "request 3fa85f64-5717-4562-b3fc-2c963f66afa6 failed",
    "idempotency_key=3fa85f64-5717-4562-b3fc-2c963f66afa6",
    'sum by (pod) (rate(http_requests_total{namespace="checkout",code=~"5.."}[5m]))',
    'kube_secret_info{namespace="default",secret="default-token-x7k2p"}',
    'container_memory_working_set_bytes{pod="checkout-7d9f8b6c5d-x2x4q",container="app"}',
    'apiserver_request_total{resource="secrets",verb="LIST",code="200"}',
    "cache miss for key user:12345:profile after 12ms",
    "partition_key=orders-2026-06-23 offset=182736",
    "password: incorrect for user bob",
    "Invalid password, please try again; the token has expired",
    "error: Authorization: header is missing",
    "the bearer token is invalid or expired",
    "Error from server (Forbidden): secrets is forbidden",
    "see https://grafana.example.com:3000/d/abc123/checkout?orgId=1&from=now-1h",
    "ssh://git@github.com/org/repo.git",
    "mailto:oncall@example.com and http://host:8080/path?mail=a@b.example",
    "kubectl get secret db-credentials -o yaml",
    "kubectl -n shop create token prometheus-k8s",
    "secretName: checkout-tls",
    "passwordSecretRef:\n  name: db\n  key: password",
    'password = "${var.db_password}"',
    "password: <your password>",
    "PASSWORD=$DB_PASSWORD and token=$(cat /var/run/token)",
    "passed=12 failed=0 pass=12 skipped=3",
    "tokens_used=18234 max_tokens=4096 token_type=bearer",
    "java.lang.NullPointerException at com.example.Auth.getToken(Auth.java:42)",
    "auth: rejected 3 keys, key=/var/lib/kubelet/pki/kubelet.crt",
    "Set-Cookie header was dropped by the proxy: cookies are too large",
    "-----BEGIN CERTIFICATE-----\n" + BODY + "\n-----END CERTIFICATE-----",
    "etcd key /registry/pods/default/checkout-7d9f8b6c5d-x2x4q not found",
    "2026-06-23T09:50:00.123Z WARN consumer lag partition=3 lag=18273 group=checkout-v2",
    "def authenticate(token: str, password: Optional[str] = None) -> Session:",
    "grpc: received message larger than max (5242880 vs. 4194304)",
    "access log: request_id=3fa85f64-5717-4562-b3fc-2c963f66afa6 took 12ms",
    "api rollout commit=3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8",
    "auth-service build sha: 3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8",
    "secrets-store pod uid=3fa85f64-5717-4562-b3fc-2c963f66afa6 evicted",
    "api_key=None access_key: true secret=required",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_evidence_without_a_secret_is_left_as_it_is(text: str) -> None:
    assert Redactor().text(text) == (text, 0)


def test_addresses_are_masked_only_where_asked_for() -> None:
    text = "mail bob@example.com from 10.1.2.3 and 2001:db8::17 at 09:50:00 v1.2.3 127.0.0.1"
    assert Redactor().text(text) == (text, 0)
    assert Redactor(config=RedactionConfig(mask_emails=True)).text(text)[0] == text.replace(
        "bob@example.com", "[redacted:email]"
    )
    clean = Redactor(config=RedactionConfig(mask_ips=True)).text(text)[0]
    assert clean == text.replace("10.1.2.3", "[redacted:ip-address]").replace("2001:db8::17", "[redacted:ip-address]")
