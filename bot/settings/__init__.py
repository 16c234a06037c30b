"""Every option once, read from the environment or ``.env`` and checked all at once."""

from bot.settings.service_needs import ServiceNeeds
from bot.settings.settings import CHAT, Settings, environment_text

__all__ = ["CHAT", "ServiceNeeds", "Settings", "environment_text"]
