"""Words that a server does not want: no prompt with one gets further, by whatever way, and no one else reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, NotAllowed, Upload, button_id
from playground.fake_discord.world.entities import Channel, User
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import staged

ADD, REMOVE, LIST = "limits words add", "limits words remove", "limits words list"


async def words(
    stage: Stage, command: str, by: User | None = None, where: Channel | None = None, **options: object
) -> str:
    """Let a manager use one of the commands, and return what they are told in private."""
    return await stage.told(await stage.discord.slash(by or stage.mo, where or stage.videos, command, options))


@asynccontextmanager
async def unwanted(stage: Stage, typed: str) -> AsyncIterator[str]:
    """Keep words out of prompts for a while."""
    told = await words(stage, ADD, words=typed)
    try:
        yield told
    finally:
        await words(stage, REMOVE, words=typed)


def in_public(stage: Stage) -> str:
    """Return all that the bot shows in the channel to everybody."""
    shown = stage.discord.world.messages_of(stage.videos)
    return "\n".join(render(message) for message in shown if not message.only_for and not message.deleted)


async def test_a_prompt_with_an_unwanted_word_is_refused_in_private_before_anything_is_sent(stage: Stage) -> None:
    world = stage.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    requests, jobs = len(stage.service.requests), len(stage.rows())
    async with unwanted(stage, "Zeppelin, hot  air balloon，飛行船") as told:
        assert "3 words · added: “Zeppelin”, “hot air balloon” and “飛行船”" in told
        for prompt, word in (
            ("a ｚｅｐｐｅｌｉｎ, at dusk", "Zeppelin"),
            ("HOT-AIR\nBALLOON", "hot air balloon"),
            ("大きな飛行船", "飛行船"),
        ):
            asked = await stage.video(prompt, by=stage.ben)
            assert f"This server doesn't want “{word}” in prompts" in await stage.told(asked)
        assert "zeppelin" not in in_public(stage).lower()
        assert (len(stage.service.requests), len(stage.rows())) == (requests, jobs)
        await stage.delivered(await stage.video("zeppelins in hot air", by=stage.ben))
        await stage.delivered(await stage.video("a zeppelin over there", by=stage.ben, where=elsewhere))
        assert "Word list: 3 words" in await words(stage, "limits show")
        assert "added: “Zeppelin”" in await words(stage, "limits changes")
    assert "The list is empty." in await words(stage, LIST)
    assert (await stage.delivered(await stage.video("a zeppelin", by=stage.ben)))["outcome"] == "success"


async def typed(stage: Stage, by: User, form: Interaction, prompt: str) -> str:
    """Send a form that asks for a prompt, and return what the member is told in private."""
    await form.acknowledged.wait()
    assert form.modal
    field = form.modal["components"][0]["component"]["custom_id"]
    return await stage.told(await stage.discord.submit_modal(by, form, {field: prompt}))


async def test_no_button_menu_or_form_is_a_way_around_the_list(stage: Stage) -> None:
    made = await stage.shows(await stage.video("a gondola on a canal"), "Your video is ready")
    posted = stage.discord.say(stage.ben, stage.videos, "look", [Upload("look.png", stage.picture)])
    requests, files = len(stage.service.requests), pictures(stage)
    async with unwanted(stage, "gondola, dragon"):
        again = await stage.discord.click(stage.mara, made, button_id(made, "Again"))
        assert "This server doesn't want “gondola” in prompts" in await stage.told(again)
        for member, button, prompt in (
            (stage.mara, "Edit", "a DRAGON instead"),
            (stage.ben, "Edit", "a gondola again"),
            (stage.mara, "Remix", "make it blue"),  # goes on with the prompt from before
        ):
            form = await stage.discord.click(member, made, button_id(made, button))
            assert "This server doesn't want" in await typed(stage, member, form, prompt), button
        image = {"image": Upload("picture.png", stage.picture)}
        form = await stage.discord.slash(stage.ben, stage.videos, "video", image)
        assert "doesn't want “dragon”" in await typed(stage, stage.ben, form, "a dragon")
        form = await stage.discord.message_menu(stage.ben, stage.videos, "Animate this", posted)
        assert "doesn't want “dragon”" in await typed(stage, stage.ben, form, "a dragon")
    assert len(stage.service.requests) == requests
    assert pictures(stage) == files


def pictures(stage: Stage) -> set[str]:
    """Return the names of the pictures that the bot keeps."""
    return {file.name for file in (stage.playground.bot.directory / "pictures").iterdir()}


async def test_what_is_refused_is_counted_apart_and_seen_by_moderators(stage: Stage) -> None:
    newcomer = stage.newcomer("Wanda")
    async with unwanted(stage, "kraken"):
        for _ in range(2):
            assert "kraken" in await stage.told(await stage.video("a kraken", by=newcomer))
    await stage.until(lambda: stage.rows("SELECT * FROM refusals WHERE user_id = ?", newcomer.id), bool)
    seen = await words(stage, "usage member", member=newcomer)
    assert "No requests" in seen
    assert "2 prompts kept back by the word list" in seen
    assert "kept back by the word list" in await words(stage, "usage overview")


async def test_moderators_see_who_was_refused_most_and_at_which_stage(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        assert "No one was refused." in await words(stage, "usage refusals")
        await words(stage, ADD, words="kraken")
        for prompt, by in (
            ("#refuse-prompt", stage.ben),
            ("#refuse-image", stage.ben),
            ("#refuse-result", stage.mara),
        ):
            await stage.delivered(await stage.video(prompt, by=by))
        assert "kraken" in await stage.told(await stage.video("a kraken", by=stage.ben))
        await stage.until(lambda: stage.rows("SELECT * FROM refusals WHERE words = 1"), bool)

        page = await words(stage, "usage refusals", period="today")
        bens, maras = page.index("@Ben 3 · "), page.index("@Mara 1 · 1 after it was made")
        assert bens < maras
        for stage_of_ben in ("1 for the prompt", "1 for the picture", "1 by the word list"):
            assert stage_of_ben in page[bens:maras]
        overview = await words(stage, "usage overview")
        assert "Refused most" in overview
        assert "@Ben 3 · " in overview
        with pytest.raises(NotAllowed):
            await stage.discord.slash(stage.ben, stage.videos, "usage refusals", {})


async def test_a_word_that_comes_while_a_job_waits_ends_it_unpaid_and_is_not_told_in_public(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1") as stage:
        log = stage.discord.world.channel("general", stage.videos.guild)
        await words(stage, "limits log", channel=log)
        running = await stage.video("#stall the running one")
        message = await stage.shows(running, "42%")
        waiting = await stage.video("a basilisk", by=stage.ben)
        await stage.shows(waiting, "You're next")
        await words(stage, ADD, words="basilisk")
        await stage.discord.click(stage.mara, message, button_id(message, "Cancel"))
        ended = await stage.shows(waiting, "Not started", "a word that this server doesn't want")
        assert "basilisk" not in render(ended)
        row = await stage.delivered(waiting)
        assert (row["outcome"], row["cost"], row["started_at"]) == ("cancelled", 0, None)
        assert not stage.sent("basilisk")

        def told() -> str:
            return "\n".join(render(message) for message in stage.discord.world.messages_of(log))

        assert "Word list: 0 words → 1 word" in (lines := await stage.until(told, lambda text: "Word list" in text))
        assert "basilisk" not in lines


async def test_what_cannot_be_on_the_list_is_said(stage: Stage) -> None:
    assert "no letter, digit or symbol" in await words(stage, ADD, words="…!")
    assert "is too long: at most 100 characters" in await words(stage, ADD, words="x" * 101)
    assert "a list takes 200" in await words(stage, ADD, words=",".join(f"w{number}" for number in range(201)))
    assert "“cow” is not on the list" in await words(stage, REMOVE, words="cow")
    assert "The list is empty." in await words(stage, LIST)


async def test_the_words_are_offered_where_one_is_removed(stage: Stage) -> None:
    async with unwanted(stage, "Griffin, wyvern"):
        offered = await stage.discord.autocomplete(stage.mo, stage.videos, REMOVE, "words", {"words": "GRI"})
        assert offered == [{"name": "Griffin", "value": "Griffin"}]


@pytest.mark.parametrize("command", [ADD, REMOVE, LIST])
async def test_a_member_is_not_offered_the_commands(stage: Stage, command: str) -> None:
    with pytest.raises(NotAllowed):
        await stage.discord.slash(stage.ben, stage.videos, command, {})
