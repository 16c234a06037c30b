"""``python -m bot check``: what is wrong, and how to put it right."""
