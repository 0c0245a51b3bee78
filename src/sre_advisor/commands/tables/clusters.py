"""Subcommands of the tools around a cluster.

Sources: https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd/, https://fluxcd.io/flux/cmd/,
https://istio.io/latest/docs/reference/commands/istioctl/, https://velero.io/docs/, https://etcd.io/docs/,
https://developer.hashicorp.com/vault/docs/commands, https://developer.hashicorp.com/consul/commands,
https://developer.hashicorp.com/nomad/commands, https://www.rabbitmq.com/docs/man/rabbitmqctl.8
"""

from __future__ import annotations

from sre_advisor.commands.cli import rows
from sre_advisor.commands.effect import changes

_APP, _CLUSTER, _LOCAL = (
    changes("changes an application", "one application"),
    changes("changes the cluster", "the cluster"),
    changes("changes local configuration", "local configuration", True),
)
TABLES = {
    "argocd": rows(
        reading="""app list, app get, app diff, app history, app logs, app resources, app wait, app get-resource, app
    list-resources, app actions list, appset list, appset get, account list, account get, account can-i,
    account get-user-info, cert list, cluster list, cluster get, gpg list, gpg get, proj list, proj get, proj
    role list, proj role get, proj windows list, repo list, repo get, repocreds list, version, context,
    completion, admin settings validate,, admin settings rbac can, admin settings rbac validate, admin app
    diff-reconcile-results""",
        secrets="""app manifests, admin initial-password, account bcrypt, admin export, admin cluster kubeconfig, proj role
    list-tokens""",
        changing={
            """app sync, app rollback, app terminate-op, app actions run, app patch, app patch-resource, app set, app
    unset, app create, app edit, app add-source, app remove-source, app confirm-deletion""": _APP,
            "app delete, app delete-resource": changes(
                "deletes an application or parts of it", "one application", False
            ),
            "appset create, appset delete, appset update, appset generate": changes(
                "changes application sets", "many applications"
            ),
            "account update-password, account generate-token, account delete-token": changes(
                "changes an account", "one account"
            ),
            """cert add-tls, cert add-ssh, cert rm, cluster add, cluster rm, cluster set, cluster rotate-auth, gpg add,
    gpg rm, repo add, repo rm, repocreds add, repocreds rm""": _CLUSTER,
            """proj create, proj delete, proj edit, proj set, proj add-source, proj remove-source, proj add-destination,
    proj remove-destination, proj allow-cluster-resource, proj deny-cluster-resource, proj
    allow-namespace-resource, proj deny-namespace-resource, proj add-orphaned-ignore, proj
    remove-orphaned-ignore, proj add-signature-key, proj remove-signature-key, proj role create, proj role
    delete, proj role add-policy, proj role remove-policy, proj role create-token, proj role delete-token,
    proj role add-group, proj role remove-group, proj windows add, proj windows delete, proj windows update,
    proj windows enable-manual-sync, proj windows disable-manual-sync, proj add-source-namespace, proj
    remove-source-namespace, proj add-destination-service-account, proj remove-destination-service-account""": changes(
                "changes a project", "all applications of a project"
            ),
            "login, logout, relogin, configure": _LOCAL,
            "admin import": changes("replaces Argo CD's data", "all applications", False),
        },
    ),
    "flux": rows(
        reading="""get all, get kustomizations, get kustomization, get ks, get helmreleases, get helmrelease, get hr, get
    sources all, get sources git, get sources helm, get sources oci, get sources bucket, get sources chart,
    get source git, get images all, get alerts, get receivers, logs, events, check, version, stats, tree
    kustomization, tree ks, trace, diff kustomization, diff ks""",
        secrets="export, export source git",
        changing={
            """reconcile, suspend, resume, delete, create, install, bootstrap, uninstall""": _CLUSTER,
            "push, pull, tag": changes("publishes or fetches an artifact", "a registry or files"),
        },
    ),
    "istioctl": rows(
        reading="""analyze, proxy-status, ps, version, validate, describe pod, x describe pod, experimental describe pod, x
    authz check, x precheck, x check-inject, authz check, proxy-config cluster, proxy-config clusters,
    proxy-config listener, proxy-config listeners, proxy-config route, proxy-config routes, proxy-config
    endpoint, proxy-config endpoints, pc cluster, pc clusters, pc listener, pc listeners, pc route, pc
    routes, pc endpoint, pc endpoints, profile list, profile dump, ztunnel-config workload, ztunnel-config
    service""",
        secrets="""proxy-config secret, pc secret, pc s, proxy-config all, pc all, create-remote-secret, x
    create-remote-secret""",
        opaque="dashboard, d, bug-report, proxy-config log, pc log, proxy-config bootstrap",
        changing={
            """install, upgrade, uninstall, apply, tag set, tag remove, operator init, operator remove, manifest apply,
    waypoint apply, waypoint delete""": _CLUSTER,
            "kube-inject": changes("prints or writes a manifest", "one file"),
        },
    ),
    "linkerd": rows(
        reading="""check, version, viz stat, viz top, viz edges, viz routes, viz tap, stat, diagnostics proxy-metrics,
    diagnostics endpoints""",
        opaque="viz dashboard, inject, install, upgrade, uninstall",
    ),
    "cilium": rows(
        reading="""status, version, config view, endpoint list, endpoint get, service list, node list, policy get, bpf lb
    list, bpf policy get, identity list, monitor,, clustermesh status,""",
        changing={
            """install, uninstall, upgrade, config set, config delete, connectivity test, hubble enable, hubble disable,
    clustermesh enable, clustermesh disable, clustermesh connect""": _CLUSTER
        },
    ),
    "hubble": rows(reading="observe, status, list nodes, list flows, version"),
    "velero": rows(
        reading="""backup get, backup describe, backup logs, restore get, restore describe, restore logs, schedule get,
    schedule describe, get backups, get restores, get schedules, describe backups, describe backup, describe
    restore, describe restores, backup-location get, snapshot-location get, version, plugin get, repo get""",
        changing={
            """backup create, backup delete, restore create, restore delete, schedule create, schedule delete, create
    backup, create restore, delete backup, delete restore, install, uninstall, plugin add, plugin remove,
    schedule pause, schedule unpause, backup-location create, backup-location set, backup-location delete""": _CLUSTER,
            "backup download": changes("writes a file", "one file"),
        },
    ),
    "kind": rows(
        reading="get clusters, get nodes, version",
        secrets="get kubeconfig",
        changing={
            """create cluster, delete cluster, delete clusters, load docker-image, load image-archive, build node-image,
    export logs, export kubeconfig""": _CLUSTER
        },
    ),
    "minikube": rows(
        reading="""status, ip, version, profile list, addons list, service list, node list, image ls, image list, logs""",
        changing={
            """start, stop, delete, pause, unpause, addons enable, addons disable, config set, cp, image load, image
    build, image rm, node add, node delete, mount, tunnel""": _CLUSTER
        },
    ),
    "eksctl": rows(
        reading="""get cluster, get clusters, get nodegroup, get nodegroups, get addon, get addons, get fargateprofile, get
    iamserviceaccount, get iamidentitymapping, get labels, version, info, utils describe-stacks, utils
    describe-addon-versions""",
        changing={
            """create, delete, scale, upgrade, update, drain, enable, set, unset, associate, disassociate, register,
    deregister, utils""": _CLUSTER
        },
    ),
    "kubeadm": rows(
        reading="""version, config images list, certs check-expiration, upgrade plan, config print init-defaults""",
        secrets="token list, token generate, certs certificate-key",
        changing={
            """init, join, reset, upgrade apply, upgrade node, token create, token delete, certs renew, config images
    pull, config migrate""": _CLUSTER
        },
    ),
    "etcdctl": rows(
        reading="""get, member list, endpoint health, endpoint status, endpoint hashkv, alarm list, version, lease list,
    lease timetolive,, watch, user list, role list, role get, user get, auth status""",
        changing={
            """put, del, txn, compaction, defrag, snapshot restore, member add, member remove, member update, member
    promote, move-leader, alarm disarm, auth enable, auth disable, user add, user delete, role add, role
    delete, lease grant, lease revoke, elect, lock""": changes("changes the cluster's store", "data"),
            "snapshot save": changes("writes a file with the whole store", "one file"),
        },
    ),
    "consul": rows(
        reading="""members, catalog services, catalog nodes, catalog datacenters, info, operator raft list-peers, operator
    autopilot state, operator autopilot get-config, version, config list, config read, intention list,
    intention get, intention check, intention match, validate, rtt, monitor, kv get-keys, acl policy list,
    acl role list, snapshot inspect, peering list, peering read,""",
        secrets="""kv get, kv export, acl token read, acl token list, keygen, keyring, debug""",
        opaque="watch, lock, exec",
        changing={
            """kv put, kv delete, kv import, leave, force-leave, join, reload, services register, services deregister,
    maint, snapshot restore, snapshot save, config write, config delete, intention create, intention delete,
    acl token create, acl token delete, acl bootstrap, operator raft remove-peer, operator raft
    transfer-leader, operator autopilot set-config, event, agent, connect, login, logout""": changes(
                "changes the service catalogue or its store", "the cluster"
            )
        },
    ),
    "vault": rows(
        reading="""status, version, list, kv list, secrets list, auth list, policy list, policy read, audit list, operator
    raft list-peers, operator key-status, operator members, token capabilities, lease lookup, kv metadata
    get, namespace list, plugin list,,, operator raft autopilot state""",
        secrets="""read, kv get, print token, token lookup, unwrap, operator generate-root, operator rekey""",
        changing={
            """write, delete, patch, kv put, kv patch, kv delete, kv destroy, kv undelete, kv rollback, kv metadata put,
    kv metadata delete, kv enable-versioning, secrets enable, secrets disable, secrets tune, secrets move,
    auth enable, auth disable, auth tune, policy write, policy delete, policy fmt, audit enable, audit
    disable, token create, token revoke, token renew, lease renew, lease revoke, operator seal, operator
    unseal, operator init, operator rotate, operator step-down, operator raft join, operator raft
    remove-peer, operator raft snapshot, login, ssh, agent, server, proxy, namespace create, namespace
    delete, transit import, pki issue""": changes("changes the secret store", "the secret store")
        },
    ),
    "nomad": rows(
        reading="""status, job status, node status, alloc status, alloc logs, job history, job plan, job allocs, job
    deployments, deployment status, deployment list, server members, version, eval status, eval list, job
    validate, job scaling-events, namespace list, volume status, service list, service info, operator raft
    list-peers,, agent-info, check, recommendation list, scaling policy list, quota list""",
        secrets="""var get, var list-values, job inspect, acl token self, acl token info, operator api, inspect, alloc fs""",
        opaque="alloc exec, monitor, ui, exec, fs",
        changing={
            """job run, run, job stop, stop, job revert, job scale, job restart, job promote, job eval, job dispatch,
    job periodic force, alloc stop, alloc restart, alloc signal, node drain, node eligibility, node purge,
    deployment promote, deployment fail, deployment pause, deployment resume, system gc, system reconcile,
    server join, server force-leave, var put, var purge, var init, namespace apply, namespace delete, volume
    create, volume delete, volume register, volume deregister, acl bootstrap, acl token create, acl token
    delete, operator raft remove-peer""": changes("changes jobs or nodes", "jobs or nodes of the cluster")
        },
    ),
    "rabbitmqctl": rows(
        reading="""status, cluster_status, list_queues, list_exchanges, list_bindings, list_connections, list_channels,
    list_consumers, list_vhosts, list_users, list_permissions, list_user_permissions, list_topic_permissions,
    list_policies, list_operator_policies,, node_health_check, ping, version, list_unresponsive_queues,
    list_feature_flags, memory_breakdown, list_ciphers, await_startup, list_vhost_limits, list_user_limits,
    is_booting, is_running, server_version, list_hashes, help""",
        secrets="""environment, export_definitions, list_parameters, report, list_global_parameters""",
        opaque="eval, eval_file",
        changing={
            """stop, stop_app, start_app, reset, force_reset, shutdown, rotate_logs, join_cluster, forget_cluster_node,
    delete_queue, purge_queue, add_user, delete_user, change_password, set_user_tags, set_permissions,
    clear_permissions, set_policy, clear_policy, add_vhost, delete_vhost, close_connection,
    close_all_connections, sync_queue, cancel_sync_queue, set_vm_memory_high_watermark, set_disk_free_limit,
    import_definitions, set_parameter, clear_parameter, enable_feature_flag, restart_vhost, set_log_level,
    trace_on, trace_off, force_gc, force_boot, authenticate_user, clear_password, set_cluster_name""": changes(
                "changes the broker", "the message broker"
            )
        },
    ),
    "rabbitmq-diagnostics": rows(
        reading="""status, cluster_status, ping, check_running, check_local_alarms, check_port_connectivity,
    check_port_listener, check_virtual_hosts, check_if_node_is_quorum_critical, alarms, listeners,
    memory_breakdown, list_queues, server_version, erlang_version, log_location, log_tail, disk_free,,
    runtime_thread_stats, resolve_hostname, is_running, maybe_stuck,, check_alarms,
    list_node_auth_attempt_stats""",
        secrets="environment, os_env",
    ),
    "pulumi": rows(
        reading="""preview, stack ls, stack history,, about, whoami, version, plugin ls, policy ls, schema check, logs,
    stack tag ls,""",
        secrets="stack output, config, config get, stack export, env open, env get",
        opaque="stack, watch",
        changing={
            """up, update, destroy, refresh, import, cancel, config set, config rm, stack init, stack rm, stack select,
    stack rename, stack import, stack tag set, state delete, state unprotect, state rename, login, logout,
    new, plugin install, plugin rm""": changes(
                "changes the infrastructure or its record", "the infrastructure of this stack"
            )
        },
    ),
    "doctl": rows(
        reading="""account get, compute droplet list, compute droplet get, kubernetes cluster list, kubernetes cluster get,
    databases list, apps list, apps logs, apps list-deployments, compute load-balancer list, compute domain
    list, monitoring alert list, version, balance get, invoice list, registry get, compute volume list,
    compute firewall list, projects list, kubernetes options versions, compute region list, compute size list""",
        secrets="""databases connection, databases get, databases user list, databases user get, kubernetes cluster
    kubeconfig show, registry docker-config, apps get, apps spec get, auth token""",
    ),
}
RAISING = {
    "argocd": {"--local": changes("may run manifest tools on local files", "one host")},
}
