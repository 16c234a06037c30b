"""The things of the fake Discord: servers, channels, members, messages."""
