"""Slack: questions in, answers out, in the thread they belong to."""
