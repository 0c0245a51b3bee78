"""Claude as the model behind the loop; importing this package does not import the SDK, which takes most of a second."""

from sre_advisor.advisors.claude.config import ClaudeConfig, ConfigProblem, fallback_config
from sre_advisor.advisors.claude.model import ClaudeModel
from sre_advisor.advisors.claude.prices import ModelTable, load_models

__all__ = ["ClaudeConfig", "ClaudeModel", "ConfigProblem", "ModelTable", "fallback_config", "load_models"]
