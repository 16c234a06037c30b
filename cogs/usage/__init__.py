"""``/usage``: what a server used, for its moderators."""

from cogs.usage.command import setup

__all__ = ["setup"]
