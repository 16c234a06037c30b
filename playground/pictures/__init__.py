"""Pictures to send: plain ones and odd ones."""
