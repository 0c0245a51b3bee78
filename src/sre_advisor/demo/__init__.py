"""The demo: a bundled incident, and a local Slack to see it in."""
