"""What reads the settings and works with them, the bot itself first of all."""
