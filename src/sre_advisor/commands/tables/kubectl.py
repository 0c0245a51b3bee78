"""kubectl's subcommands and options.

Source: https://kubernetes.io/docs/reference/kubectl/generated/ (v1.33), and `kubectl options`.
"""

from __future__ import annotations

from sre_advisor.commands.cli import rows
from sre_advisor.commands.effect import changes
from sre_advisor.commands.tables import names

OBJECT, POD, WORKLOAD, NODE = "the named objects", "one pod", "one workload", "one node and its pods"
CONFIG = "this person's kubeconfig"

TABLE = rows(
    reading="""get, describe, logs, log, top node, top nodes, top no, top pod, top pods, top po, events, explain,
    version, cluster-info, cluster-info dump, api-resources, api-versions, diff, wait, options, completion,
    help, rollout status, rollout history, auth can-i, auth whoami, config view, config get-contexts, config
    current-context, config get-clusters, config get-users, plugin list, apply view-last-applied, kustomize""",
    secrets="create token",
    opaque="port-forward, proxy, attach, plugin, alpha",
    changing={
        "exec": changes("runs a command inside a container", "one container"),
        "debug, alpha debug": changes("starts a debugging container or pod", "one pod or node", False),
        "run": changes("starts a pod", POD, True),
        "cp": changes("copies files into or out of a container", "files in one pod or on this machine"),
        "delete": changes("removes objects", OBJECT, False),
        "delete pod, delete pods, delete po": changes(
            "ends pods; their controller may start new ones", "the named pods"
        ),
        "delete namespace, delete namespaces, delete ns": changes(
            "removes everything in it", "a whole namespace", False
        ),
        "delete node, delete nodes, delete no": changes(
            "removes a node from the cluster", "one node and its pods", False
        ),
        """delete pvc, delete pv, delete persistentvolumeclaim, delete persistentvolume""": changes(
            "may delete the data", "data", False
        ),
        "delete crd, delete customresourcedefinition": changes("removes all its objects too", "the cluster", False),
        "apply, replace, patch, edit": changes("changes objects; the former manifest is the way back", OBJECT),
        "create, expose, autoscale": changes("creates objects; deleting them is the way back", OBJECT, True),
        "set, set image, set env, set resources, set serviceaccount, set selector, set subject": changes(
            "changes a workload and rolls it", WORKLOAD, True
        ),
        "create namespace, create ns": changes("creates a namespace", "a namespace", True),
        "create clusterrole, create clusterrolebinding": changes(
            "grants rights in the whole cluster", "the cluster", True
        ),
        "scale": changes("changes the number of replicas; scaling back undoes it", WORKLOAD, True),
        "rollout restart": changes("replaces all pods of a workload", WORKLOAD),
        "rollout undo": changes("goes back to an earlier revision; undo again to return", WORKLOAD, True),
        "rollout pause, rollout resume": changes("holds or continues a rollout", WORKLOAD, True),
        "label, annotate": changes("changes metadata that selectors may use", OBJECT, True),
        "cordon, uncordon, taint": changes("changes where pods may run", NODE, True),
        "drain": changes("evicts all pods of a node", NODE),
        "certificate approve, certificate deny": changes("decides on a certificate request", "the cluster", False),
        "auth reconcile": changes("changes rights", "the cluster"),
        "apply set-last-applied, apply edit-last-applied": changes("changes annotations", OBJECT),
        "config set, config set-context, config set-cluster, config set-credentials, config use-context, config use,"
        """config delete-context, config delete-cluster, config delete-user, config rename-context, config unset""": changes(
            "writes the kubeconfig", CONFIG, True
        ),
    },
)
DRY_RUN = frozenset(
    p
    for p in TABLE
    if p.split()[0]
    in {
        "apply",
        "create",
        "delete",
        "patch",
        "replace",
        "scale",
        "annotate",
        "label",
        "expose",
        "run",
        "set",
        "autoscale",
        "taint",
        "cordon",
        "uncordon",
        "drain",
    }
    or p in {"rollout undo", "auth reconcile"}
    if p not in {"create token", "apply edit-last-applied"}
)
TAKES = names("""-n --namespace -s --server --context --cluster --user --kubeconfig --token --as --as-group --as-uid
    --request-timeout --certificate-authority --client-certificate --client-key --tls-server-name --cache-dir
    --username --password --profile --profile-output --v -v --vmodule --log-flush-frequency -o --output -l
    --selector -f --filename -k --kustomize --field-selector -c --container --tail --since --since-time
    --sort-by --template -L --label-columns --chunk-size --raw --subresource --timeout --for --types
    --limit-bytes --max-log-requests --pod-running-timeout --replicas --current-replicas --resource-version
    --image --grace-period -p --patch --patch-file --type --revision --to-revision --port --target-port
    --name --external-ip --labels --overrides --env --restart --limits --requests --duration --audience
    --bound-object-kind --bound-object-name --bound-object-uid --output-version --api-version --api-group
    --verbs --categories --field-manager --from-literal --from-file --from-env-file --namespaces
    --output-directory --network-name --env-var --helm-command --mount --load-restrictor --pod-selector
    --skip-wait-for-delete-timeout --min --max --cpu-percent --cpu --memory --clusterrole --role
    --serviceaccount --group --resource --resource-name --verb --non-resource-url --class --rule
    --default-backend --annotation --tcp --docker-server --docker-username --docker-password --docker-email
    --cert --key --schedule --hard --scopes --value --description --preemption-policy --aggregation-rule
    --interval --concurrency --show-kind-of""") - {"-p", "--show-kind-of"}
SWITCHES = names("""-A --all-namespaces -w --watch --watch-only --no-headers --show-labels --show-kind --show-managed-fields
    --ignore-not-found --recursive -R --all --force --now --previous -p --follow --timestamps --prefix
    --all-containers --ignore-errors --containers --use-protocol-buffers --no-color
    --insecure-skip-tls-verify --match-server-version --warnings-as-errors --client --short --dry-run
    --server-side --prune --allow-missing-template-keys --server-print --show-events --show-capacity --sum
    --minify --flatten --raw-config --quiet -q --list --cascade --wait --ignore-daemonsets
    --delete-emptydir-data --disable-eviction -i -t --stdin --tty --cached --namespaced --overwrite --local
    --record --save-config --validate --all-pods --force-conflicts --insecure-skip-tls-verify-backend
    --disable-compression""")
BEFORE = names("""-n --namespace -s --server --context --cluster --user --kubeconfig --token --as --as-group --as-uid
    --request-timeout --certificate-authority --client-certificate --client-key --tls-server-name --cache-dir
    --username --password --profile --profile-output -v --v --vmodule --log-flush-frequency
    --insecure-skip-tls-verify --match-server-version --warnings-as-errors --disable-compression""")
STRUCTURELESS = names("""-n --namespace -A --all-namespaces -l --selector --context --cluster --kubeconfig --as --as-group
    --no-headers --show-labels --show-kind --sort-by --field-selector -w --watch --ignore-not-found
    --request-timeout --chunk-size --server --watch-only --all""")
"""Options of `get` that leave the table as it is: names, types, sizes, never values."""
