"""Links: every way to recommend one, what puts it aside, and the order of trust."""
