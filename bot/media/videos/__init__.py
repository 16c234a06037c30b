"""Finished videos as Discord takes and plays them."""
