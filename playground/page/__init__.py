"""The playground as a web page: use the bot in a browser, with a panel that controls the world around it."""
