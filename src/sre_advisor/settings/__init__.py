"""Configuration: each room's part, composed, and read from advisor.yaml and the environment."""

from sre_advisor.settings.loading import DEFAULT_FILE, load_settings
from sre_advisor.settings.parts import PREFIX, HttpConfig, LogConfig, RecordingsConfig, Settings, SettingsError

__all__ = [
    "DEFAULT_FILE",
    "PREFIX",
    "HttpConfig",
    "LogConfig",
    "RecordingsConfig",
    "Settings",
    "SettingsError",
    "load_settings",
]
