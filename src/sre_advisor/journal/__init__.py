"""The append-only record: crash recovery, audit trail, recording and figures in one."""
