"""Kinora's features on Discord: a file for each, or a package where it has helpers."""
