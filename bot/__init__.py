"""Kinora: a Discord bot that turns a prompt and a picture into a video."""
