"""Every option once, read from the environment or ``.env`` and checked all at once."""

from bot.settings.service import CHAT, COMFYUI, Service
from bot.settings.service_needs import ServiceNeeds
from bot.settings.settings import Settings, environment_text

__all__ = ["CHAT", "COMFYUI", "Service", "ServiceNeeds", "Settings", "environment_text"]
