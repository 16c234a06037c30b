"""What members are told of what is kept of them, have handed to them, and have erased."""

from __future__ import annotations

import csv
import io

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.entities import Channel, User
from tests.e2e.conftest import Stage


async def privacy(stage: Stage, command: str, by: User, where: Channel | None = None) -> Interaction:
    return await stage.discord.slash(by, where or stage.videos, f"privacy {command}", {})


async def erase(stage: Stage, by: User, where: Channel | None = None) -> str:
    """Ask for the erasure, confirm it, and return what is said then."""
    question = await stage.shows(await privacy(stage, "erase", by, where), "What stays")
    assert question.only_for is by
    await stage.discord.click(by, question, button_id(question, "Erase my data"))
    return render(await stage.shows(question, "🧹 Erased"))


async def exported(stage: Stage, by: User, where: Channel | None = None) -> list[dict[str, str]]:
    message = await stage.shows(await privacy(stage, "export", by, where), "Everything stored")
    assert message.only_for is by
    (attachment,) = message.attachments
    data = await stage.download(stage.discord.cdn.url(attachment))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


async def test_show_says_what_is_kept_for_how_long_and_who_sees_it(stage: Stage) -> None:
    message = await stage.shows(await privacy(stage, "show", stage.ben), "What Kinora stores")

    text = render(message)
    assert message.only_for is stage.ben
    for words in ("For 30 days", "For 48 hours", "moderators", "video service", "without metadata"):
        assert words in text


async def test_the_file_holds_the_members_own_requests_of_this_server_and_no_others(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    await stage.delivered(await stage.video("=mine", by=stage.ben))
    await stage.delivered(await stage.video("mine over there", by=stage.ben, where=elsewhere))
    await stage.delivered(await stage.video("not mine", by=stage.mara))

    rows = await exported(stage, stage.ben)
    assert {row["user_id"] for row in rows} == {f"'{stage.ben.id}"}
    assert {row["guild_id"] for row in rows} == {f"'{stage.videos.guild and stage.videos.guild.id}"}
    assert rows[-1]["prompt"] == "'=mine"
    assert "mine over there" in {row["prompt"] for row in await exported(stage, stage.ben, elsewhere)}


async def test_without_a_request_there_is_nothing_to_hand_over(stage: Stage) -> None:
    olga = stage.discord.world.person("Olga")
    assert "haven't asked for a video here yet" in await stage.told(await privacy(stage, "export", olga))


async def test_erasing_empties_the_rows_and_deletes_the_pictures_while_counts_stay(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    pictures = stage.playground.bot.directory / "pictures"
    mine = await stage.video("my own words", by=stage.ben)
    theirs = await stage.video("words of somebody else", by=stage.mara)
    far = await stage.video("words over there", by=stage.ben, where=elsewhere)
    before, *others = [await stage.delivered(one) for one in (mine, theirs, far)]
    counted = stage.rows("SELECT * FROM usage"), stage.rows("SELECT * FROM counters")
    assert (pictures / before["picture"]).exists()
    said = await erase(stage, stage.ben)

    after = stage.row_of(mine)
    wordless = {"prompt": "", "picture": "", "picture_link": "", "video_url": None}
    assert after == before | wordless
    assert not stage.rows(
        "SELECT * FROM jobs WHERE user_id = ? AND guild_id = ? AND (prompt <> '' OR video_url IS NOT NULL)",
        stage.ben.id,
        before["guild_id"],
    )
    assert not (pictures / before["picture"]).exists()
    assert [stage.row_of(one) for one in (theirs, far)] == others
    assert all((pictures / row["picture"]).exists() for row in others)
    assert (stage.rows("SELECT * FROM usage"), stage.rows("SELECT * FROM counters")) == counted
    assert "Erased: " in said
    question = await stage.shows(await privacy(stage, "erase", stage.ben), "What stays")
    await stage.discord.click(stage.ben, question, button_id(question, "Erase my data"))
    await stage.shows(question, "nothing left to erase")


async def test_what_is_still_in_the_making_keeps_its_words(stage: Stage) -> None:
    interaction = await stage.video("#stall not done yet", by=stage.ben)
    reply = await stage.shows(interaction, "42%")
    question = await stage.shows(await privacy(stage, "erase", stage.ben), "What stays")
    await stage.discord.click(stage.ben, question, button_id(question, "Erase my data"))
    await stage.shows(question, "🧹")

    assert stage.row_of(interaction)["prompt"] == "#stall not done yet"
    await stage.discord.click(stage.ben, reply, button_id(reply, "Cancel"))
    await stage.delivered(interaction)
