"""What sqlglot's trees mean: statements that only read, functions that write, names that hold credentials.

Sources: https://www.postgresql.org/docs/17/functions-admin.html (and functions-info, -string, -aggregate, -datetime),
https://dev.mysql.com/doc/refman/8.4/en/functions.html, https://www.sqlite.org/lang_corefunc.html
"""

from __future__ import annotations

import re

READING_FUNCTIONS = re.compile(
    r"""(?:pg_(?:size_pretty|size_bytes|(?:table|total_relation|relation|indexes|database|tablespace|column)_size|is_in_recovery|last_\w+|current_wal\w*|wal_lsn_diff|blocking_pids|safe_snapshot_blocking_pids|
         get_(?:viewdef|indexdef|constraintdef|functiondef|expr|userbyid|serial_sequence|triggerdef|ruledef|partkeydef|function_\w+|object_address|keywords|replication_slots|wal_replay_pause_state|wal_summarizer_state)|stat_get_\w+|stat_statements_info|
         encoding_to_char|postmaster_start_time|conf_load_time|backend_pid|my_temp_schema|typeof|describe_object|identify_object|lock_status|show_all_settings|control_\w+|(?:has|table|type|function|opclass|operator|conversion|ts_\w+)_\w*is_visible|
         index_column_has_property|relation_filepath|relation_filenode|timezone_\w+|trigger_depth|xact_commit_timestamp|available_\w+|tablespace_databases|tablespace_location|jit_available|column_is_updatable|relation_is_updatable|hba_file_rules_count)|
       has_\w+_privilege|format_type|obj_description|col_description|shobj_description|to_reg\w+|txid_(?:current_if_assigned|snapshot_\w+|status)|inet_(?:server|client)_(?:addr|port)|
       current_\w+|session_user|user|version|database|schema|schemas|connection_id|row_count|found_rows|last_insert_id|now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|sysdate|curdate|curtime|utc_\w+|unix_timestamp|from_unixtime|
       age|date_\w+|to_(?:char|date|number|timestamp|json|jsonb|hex|days|seconds)|extract|epoch|make_\w+|justify_\w+|isfinite|date|time|datetime|strftime|julianday|day|month|year|hour|minute|second|dayofweek|dayofmonth|weekday|quarter|last_day|timestampdiff|timestampadd|datediff|addtime|subtime|str_to_date|
       count|sum|avg|min|max|total|group_concat|string_agg|array_agg|json_\w+|jsonb_\w+|bool_and|bool_or|every|stddev\w*|var\w*|corr|covar\w*|regr_\w+|percentile_\w+|mode|rank|dense_rank|row_number|ntile|lag|lead|first_value|last_value|nth_value|cume_dist|percent_rank|any_value|bit_and|bit_or|
       abs|ceil|ceiling|floor|round|trunc|truncate|mod|power|pow|sqrt|cbrt|exp|ln|log\w*|sign|random|rand|pi|degrees|radians|greatest|least|width_bucket|div|sin|cos|tan|
       length|char_length|character_length|octet_length|bit_length|lower|upper|initcap|trim|ltrim|rtrim|btrim|substring|substr|substring_index|left|right|lpad|rpad|replace|reverse|repeat|split_part|position|strpos|instr|locate|concat|concat_ws|format|quote_\w+|regexp_\w+|translate|ascii|chr|char|md5|sha\d*|encode|decode|hex|unhex|starts_with|space|field|find_in_set|elt|soundex|like|glob|printf|quote|typeof|unicode|
       coalesce|nullif|ifnull|isnull|if|iif|nvl|cast|convert|bin|inet_\w+|array_\w+|unnest|cardinality|string_to_array|generate_series|generate_subscripts|row_to_json|row|host|network|masklen|family|text|int\d?|bigint|numeric|interval|uuid|gen_random_uuid|changes|sqlite_version|total_changes|exists|any|all|some|in|values|as|over|filter|lateral|using|on|and|or|not|when|then|else|case|where|select|from|with|by|distinct|join|union|end|is|between|having|limit|rows|range|partition|within|group|order|desc|asc|set|table|explain|interval|timestamp|timestamptz|varchar|decimal|signed|unsigned|binary|float|double|boolean|only|offset|current|column|verbose|analyze|buffers|costs|format|settings|wal|timing|summary|memory|serialize|over|window|materialized|recursive|tablesample|bernoulli|system|pg_database|pg_class|lower_inc|upper_inc|isempty|st_\w+)""",
    re.VERBOSE | re.IGNORECASE,
)
"""Names before a parenthesis that stand for reading; any other name makes the statement unknown."""
CHANGING_FUNCTIONS = re.compile(
    r"pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_(?:wal|xlog)|pg_create_\w+|pg_drop_\w+|pg_start_backup|pg_stop_backup|pg_backup_\w+|pg_wal_replay_\w+|pg_xlog_\w+"
    r"|pg_(?:try_)?advisory\w*|pg_stat_reset\w*|pg_stat_statements_reset|pg_log_backend_memory_contexts|pg_replication_\w+|pg_logical_\w+|pg_notify|pg_import_\w+|pg_export_snapshot|pg_sleep\w*|pg_file_\w+|pg_execute\w*|pg_prewarm|pg_repack\w*"
    r"|nextval|setval|set_config|lo_\w+|lowrite|loread|dblink\w*|query_to_xml\w*|table_to_xml\w*|database_to_xml\w*|cursor_to_xml\w*|xmltable|load_extension|writefile|edit|fts3_tokenizer|sys_exec|sys_eval|benchmark|sleep|get_lock|release_\w*lock\w*|is_free_lock_x|load_file_x|master_pos_wait|kill|txid_current|pg_current_xact_id|brin_\w+|gin_clean\w*|lastval_x",
    re.IGNORECASE,
)
SECRET_NAMES = re.compile(
    r"(?<![\w])(?:pg_shadow|pg_authid|pg_user_mapping\w*|rolpassword|mysql\.user|mysql\.global_priv|mysql\.db|authentication_string|pg_hba_file_rules|pg_read_(?:binary_)?file|pg_ls_\w+|load_file|readfile|"
    r"pg_subscription|subconninfo|pg_foreign_server|mysql\.slave_master_info|mysql\.servers|sys\.sql_logins|v\$\w*|pg_stat_file)(?!\w)|(?<![a-z])(?:pass(?:word|wd|phrase)?(?:_?(?:hash|digest|enc\w*))?|secrets?|(?:api|access|private|secret|auth|refresh|session)[_-]?(?:key|token|secret)s?|tokens?|credentials?|ssn|card_?number|cvv|salt|otp\w*)(?![a-z])",
    re.IGNORECASE,
)
PEOPLE = re.compile(
    r"(?:\b(?:from|join|table)\s|,)\s*[\"`]?(?:\w+[\"`]?\.[\"`]?)?\w*(?:users?|accounts?|customers?|members?|auth\w*|admins?|logins?)\b",
    re.IGNORECASE,
)
"""Tables that usually have a column of password hashes."""
