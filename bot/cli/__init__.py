"""What ``python -m bot`` offers."""
