"""Hands over, in private, videos that could not be shown when they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.gateway.client import Interaction
from bot.models import Delivery, Finished, JobRecord, Outcome
from bot.texts.job_reply import Asked, job_view
from cogs.shared.layout import draw


async def hand_over(interaction: Interaction, kept: Sequence[JobRecord]) -> None:
    """Show the member of an answered ``interaction`` each of their ``kept`` videos, and record its delivery."""
    app = interaction.client.app
    for record in kept:
        finished = Finished(Outcome.SUCCESS, record.seconds, video_url=record.video_url)
        reachable = app.may_show(record.video_url)
        view = job_view(finished, Asked(record.user_id, record.prompt), datetime.now(UTC), reachable=reachable)
        await interaction.followup.send(view=draw(view), ephemeral=True)
        await app.job_store.deliver(record.id, Delivery.REPLY)
