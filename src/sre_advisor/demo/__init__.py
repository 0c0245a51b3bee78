"""What `sre-advisor demo` shows: a bundled incident and a local Slack."""
