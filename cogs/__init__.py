"""Kinora's features on Discord, one file each; names with a leading underscore are helpers."""
