"""Kinora compared with the naive bot, both with hundreds of live jobs, against the same fake services."""
