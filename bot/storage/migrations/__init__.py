"""Alembic migrations; Kinora runs them itself when it starts."""
