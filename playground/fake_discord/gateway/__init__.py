"""The gateway of the fake Discord."""
