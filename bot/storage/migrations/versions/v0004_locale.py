"""The locale of whoever asked for a job, so that its reply goes on in their language after a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; those who asked before go on in English."""
    op.add_column("jobs", sa.Column("locale", sa.String(8), nullable=False, server_default="en-US"))
