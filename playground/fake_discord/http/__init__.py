"""The HTTP API of the fake Discord."""
