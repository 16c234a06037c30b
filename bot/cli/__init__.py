"""What ``python -m bot`` offers beside running the bot."""
