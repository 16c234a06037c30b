"""A fake Discord: the part of its REST API, gateway and CDN that a bot with slash commands uses."""
