"""Kinora on Discord: the client, its shards and their logins, who may use what, and the pace of edits."""
