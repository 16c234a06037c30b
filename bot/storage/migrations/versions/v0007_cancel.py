"""Jobs that are to be cancelled by the process that looks after them, whichever one was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody asked before."""
    op.add_column("jobs", sa.Column("cancel_asked_at", sa.DateTime(timezone=True)))
    to_cancel = sa.text("cancel_asked_at IS NOT NULL AND outcome IS NULL")
    op.create_index("jobs_to_cancel", "jobs", ["owner"], sqlite_where=to_cancel, postgresql_where=to_cancel)
