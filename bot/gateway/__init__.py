"""Kinora on Discord: the client, its shards, their logins and the pace of edits."""
