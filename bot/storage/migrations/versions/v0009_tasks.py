"""The task that a service makes a video as, its cost, which service that is, what the member chose, and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("jobs", sa.Column("task", sa.Text))
    op.add_column("jobs", sa.Column("service_cost", sa.BigInteger))
    op.add_column("jobs", sa.Column("service", sa.Text))
    op.add_column("jobs", sa.Column("length", sa.Integer))
    op.add_column("jobs", sa.Column("format", sa.String(16)))
    op.add_column("jobs", sa.Column("age_restricted", sa.Boolean, nullable=False, server_default=sa.false()))
