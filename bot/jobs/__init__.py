"""Jobs: each request from its admission to its one end."""
