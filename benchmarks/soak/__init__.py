"""The long measurements: repeated kills of the bot, load with a failing Discord, a database with ten million jobs."""
