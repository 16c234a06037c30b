"""A request from its admission to its one result."""
