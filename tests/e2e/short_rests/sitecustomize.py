"""Lets a bot that is started with this folder on its path leave a log channel alone for less; Python imports it."""

from __future__ import annotations

from cogs.moderation import server_log

server_log.REST = 0.5
server_log.INTERVAL = 0.1
