<<<<<<< HEAD
"""The demo: a bundled incident, and a local Slack to see it in."""
=======
"""What `sre-advisor demo` shows: a bundled incident and a local Slack."""
>>>>>>> worlds
