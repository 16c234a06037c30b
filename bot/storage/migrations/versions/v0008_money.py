"""Money that nobody has confirmed yet, the operator's cap over all servers, and whom a waiting job is judged by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and count for all servers together what was counted for each of them."""
    op.add_column("jobs", sa.Column("unconfirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("jobs", sa.Column("role_ids", sa.Text, nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("place_ids", sa.Text, nullable=False, server_default=""))
    op.add_column("usage", sa.Column("unconfirmed", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("guilds", sa.Column("cap", sa.Text))
    op.execute(
        "INSERT INTO counters SELECT 0, 0, period, sum(videos), sum(cost), max(latest), 0, 0, 0 "
        "FROM counters WHERE user_id = 0 GROUP BY period"
    )
