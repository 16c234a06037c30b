"""The language of each reader."""
