"""The playground as a web page: people use the bot in a browser, and a panel plays the world around it."""
