"""Video services that answer over chat completions."""
