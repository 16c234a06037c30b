"""Where each job's end was shown, so that it is shown once, and found again after a crash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNSHOWN = sa.text("delivery IS NULL")


def upgrade() -> None:
    """Add the column; what has ended before counts as shown."""
    op.add_column("jobs", sa.Column("delivery", sa.String(16)))
    op.execute("UPDATE jobs SET delivery = 'reply' WHERE state = 'done'")
    op.drop_index("jobs_open", "jobs")
    op.create_index("jobs_unshown", "jobs", ["lease_until"], sqlite_where=_UNSHOWN, postgresql_where=_UNSHOWN)
    kept = sa.text("delivery = 'kept'")
    op.create_index("jobs_kept", "jobs", ["guild_id", "user_id"], sqlite_where=kept, postgresql_where=kept)
