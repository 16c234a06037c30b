"""What an operator wrote wrong: on which line it stands, and why it was not taken."""
