"""The entities of the fake Discord: servers, channels, members, roles, messages."""
