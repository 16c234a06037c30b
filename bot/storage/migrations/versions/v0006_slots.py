"""Turns that the processes of a fleet take in what may be done every so often only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "slots",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("free_at", sa.BigInteger, nullable=False),
    )
