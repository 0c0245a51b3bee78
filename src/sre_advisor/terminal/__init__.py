"""The terminal's voice: the same answer as in Slack, as text."""
