"""Verbs and exceptions of az and gcloud.

Sources: https://learn.microsoft.com/cli/azure/reference-index and https://cloud.google.com/sdk/gcloud/reference
"""

from __future__ import annotations

import re

from sre_advisor.commands.tables import names

AZ_TAKES = names(
    """-o --output --query --subscription -g --resource-group -n --name -l --location --ids --tag --resource"""
)
AZ_SWITCHES = names("--verbose --debug --only-show-errors --no-color -h --help --version")
AZ_READ = re.compile(
    r"show|list|show-(?!connection-string|keys|access|secret|password|token|sas).*|list-(?!keys|connection|secrets|credentials|sas|admin|access|api-keys|auth|publishing|host-keys|callback).*"
    r"|get-(?:versions|upgrades|instance-view|boot-log|upgrade-versions|os-options|metrics|log|os|effective-route-table|status|default|configuration|dependencies|issuers|job|blob-service-properties|diagnostic|backend-health|health|access-control|usages?|supported.*|properties)"
    r"|check-(?:name|existence|member|name-availability|ip-address|health|resource|availability|network|expiration.*|ip-availability|acr)|checkname|exists|version|query|find|history|tail|what-if|validate|metadata|url|usage|stats"
)
AZ_CHANGING_VERBS = names("""create delete update set add remove start stop restart deallocate resize scale upgrade login logout
    configure import export move copy rotate-certs renew regenerate generate reset deploy up invoke run
    assign unassign attach detach enable disable purge recover restore redeploy reimage failover capture
    convert grant-access revoke-access lock unlock upload download sync publish swap cancel approve reject
    apply stop-job regenerate-key reset-credentials get-credentials install-cli clear link unlink register
    unregister power-off simulate-eviction generalize perform-maintenance""")
AZ_CHANGING = frozenset(
    {
        "account clear",
        "acr login",
        "acr build",
        "acr run",
        "aks command invoke",
        "vm run-command invoke",
        "webapp ssh",
        "ssh vm",
        "aks browse",
        "extension add",
        "configure",
        "init",
        "interactive",
        "upgrade",
        "cache purge",
        "config set",
        "bicep build",
    }
)
AZ_EXACT_READ = frozenset(
    {"version", "account show", "account list", "account list-locations", "account tenant list", "find", "config get"}
) - {"config get"}
AZ_SECRET = frozenset(
    {
        "webapp config appsettings list",
        "functionapp config appsettings list",
        "account get-access-token",
        "containerapp secret show",
        "cognitiveservices account list-keys",
        "vm user show",
        "webapp auth show",
        "logicapp config appsettings list",
        "webapp config container show",
        "aks show-kubeconfig",
    }
)
AZ_NOT_SECRET = frozenset(
    {
        "keyvault list",
        "keyvault show",
        "keyvault key list",
        "keyvault key show",
        "keyvault secret list",
        "keyvault secret list-versions",
        "keyvault certificate list",
        "keyvault certificate show",
        "keyvault key list-versions",
        "keyvault certificate list-versions",
        "sshkey list",
        "sshkey show",
        "keyvault list-deleted",
        "keyvault secret list-deleted",
        "keyvault key list-deleted",
        "aks check-acr",
        "webapp config ssl list",
        "webapp config ssl show",
        "network application-gateway ssl-cert list",
        "disk-encryption-set list",
        "disk-encryption-set show",
        "iot hub certificate list",
        "iot hub certificate show",
        "apim certificate list",
    }
)
GCLOUD_TAKES = names("""--project --account --format --filter --limit --sort-by --region --zone --zones --regions --location
    --configuration --verbosity --impersonate-service-account --billing-project --page-size --trace-token
    --freshness --order --cluster --command --namespace --instance --service --user-output-enabled --bucket
    --secret --flatten --name""")
GCLOUD_SWITCHES = names(
    """--quiet -q --uri --global --all --show-deleted --help -h --version --internal-ip --tunnel-through-iap"""
)
GCLOUD_READ = re.compile(
    r"list|list-[a-z-]+|describe|describe-[a-z-]+|get-iam-policy|get-ancestors-iam-policy|get-health|get-server-config|get-value|get|read|tail|info|version|help|search|search-[a-z-]+|"
    r"get-serial-port-output|get-status|get-effective-firewalls|get-nat-mapping-info|get-nat-ip-info|get-guest-attributes|test-iam-permissions|lint-condition|access|print-[a-z-]+|get-ancestors|get-routers|get-operation|troubleshoot-policy|analyze-iam-policy"
)
GCLOUD_CHANGING = names("""create delete update set unset add remove start stop reset restart resume suspend resize deploy rollback
    import export enable disable login logout revoke add-iam-policy-binding remove-iam-policy-binding
    set-iam-policy get-credentials activate activate-service-account apply-software-update attach-disk
    detach-disk copy cp mv rm rsync scp set-machine-type add-tags remove-tags add-labels remove-labels
    add-metadata remove-metadata set-scheduling failover promote-replica patch clone restore-backup upgrade
    migrate cancel execute run call publish pull ack seek snapshot move invalidate-cdn-cache configure-docker
    install undelete destroy rolling-action set-autoscaling stop-autoscaling abandon-instances
    recreate-instances delete-instances update-traffic replace submit approve reject versions-add init drain
    reboot connect ssh-keys add-access-config delete-access-config write set-default sign-url sign-blob
    sign-jwt encrypt decrypt simulate-maintenance-event set-password bulk update-instances
    perform-maintenance rotate reset-windows-password replace-secondary-ip lock unlock register unregister
    acknowledge modify-ack-deadline""") - {"versions-add"}
GCLOUD_SECRET = frozenset(
    {
        "secrets versions access",
        "versions access",
        "auth print-access-token",
        "auth print-identity-token",
        "config config-helper",
        "compute reset-windows-password",
        "iam service-accounts keys create",
        "auth application-default print-access-token",
        "sql generate-login-token",
        "services api-keys get-key-string",
        "functions describe",
        "run services describe",
        "run jobs describe",
    }
)
GSUTIL_CHANGING = names("""cp mv rm rsync mb rb setmeta acl iam defacl label lifecycle logging notification cors compose rewrite
    retention versioning web config hmac kms signurl""")
