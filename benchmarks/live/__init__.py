"""Kinora beside the naive bot, both under hundreds of jobs at once, against the same stand-ins."""
