"""The long measurements: the bot killed again and again, and the bot under load with a Discord that fails."""
