"""What tomllib does not tell of a TOML file."""
