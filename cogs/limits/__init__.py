"""``/limits``: the rules of a server, set by its managers."""

from cogs.limits.command import setup

__all__ = ["setup"]
