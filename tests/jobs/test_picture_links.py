"""Links to pictures are renewed where they are about to die, and a request without living ones does not leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs.picture_links import LASTING, with_living_links
from bot.models import Outcome, Picture, VideoModel, VideoRequest
from bot.policy.admission import Denial, DenialReason, Denied
from tests.jobs.world import GUILD, NOON, Make, booked, end


def link_until(moment: datetime) -> str:
    return f"https://cdn.discordapp.com/attachments/1/2/picture1.png?ex={int(moment.timestamp()):x}&is=1&hm=0"


def asked(*links: str) -> VideoRequest:
    pictures = tuple(Picture(Path("a.png"), "image/png", 9, link) for link in links)
    return VideoRequest(GUILD, 2, 3, 4, VideoModel("m", "M", 5), "a lighthouse", pictures)


async def renewed(links: Sequence[str]) -> list[str]:
    return [f"{link}-renewed" for link in links]


@pytest.mark.parametrize("lives", [timedelta(), LASTING - timedelta(seconds=1)])
async def test_a_link_that_is_about_to_die_is_renewed_with_its_fellows(lives: timedelta) -> None:
    dying, living = link_until(NOON + lives), link_until(NOON + 2 * LASTING)
    made = await with_living_links(asked(dying, "", living), NOON, renewed)

    assert made
    assert [picture.link for picture in made.pictures] == [f"{dying}-renewed", "", f"{living}-renewed"]


async def test_links_that_live_long_enough_and_pictures_without_one_are_left_alone() -> None:
    for alone in (asked(link_until(NOON + LASTING)), asked(""), asked()):
        assert await with_living_links(alone, NOON, None) is alone


async def test_where_discord_gives_no_link_there_is_no_request() -> None:
    async def refused(_links: Sequence[str]) -> None:
        return None

    for renew in (refused, None):
        assert await with_living_links(asked(link_until(NOON)), NOON, renew) is None


async def test_a_job_without_a_living_link_ends_unsent_and_unpaid(make: Make) -> None:
    world = make()
    job = await world.jobs.submit(asked(link_until(NOON)))

    assert await end(job) == Denied(Outcome.CANCELLED, 0.0, denial=Denial(DenialReason.NO_LINK))
    assert (world.service.asked, await booked(world)) == ([], (0, 0, 0))
