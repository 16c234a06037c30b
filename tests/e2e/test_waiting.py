"""What waits is judged anew when its turn comes, and ends in words, unsent, where it would not be let in any more."""

from __future__ import annotations

import json
from pathlib import Path

from playground.bot_process import BotProcess
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.default_world import OTHER_SERVER
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import LONG, backdate, staged

MODELS = json.dumps([{"name": "sora_video2", "label": "Sora 2", "price": 0.2}, {"name": "old", "label": "Old"}])
LEFT = json.dumps([{"name": "sora_video2", "label": "Sora 2", "price": 0.2}])


async def cancel(stage: Stage, interaction: Interaction) -> None:
    message = await stage.shows(interaction, "42%")
    await stage.discord.click(stage.mara, message, button_id(message, "Cancel"))


async def test_a_member_who_is_blocked_while_a_job_waits_is_told_in_the_reply_and_nothing_is_sent(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1", VIDEO_MODELS=MODELS) as stage:
        running = await stage.video("#stall the running one")
        await stage.shows(running, "42%")
        waiting = await stage.video("the waiting one", by=stage.ben)
        await stage.shows(waiting, "You're next")
        reason = {"member": stage.ben, "duration": "1 hour", "reason": "too loud"}
        await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks add", reason))
        await cancel(stage, running)

        message = await stage.shows(waiting, "Not started", "blocked", "[ Try again ]")
        assert "too loud" not in render(message)
        row = await stage.delivered(waiting)
        assert (row["outcome"], row["cost"], row["started_at"]) == ("cancelled", 0, None)
        assert not stage.sent("the waiting one")


async def test_a_job_that_waits_in_a_server_the_bot_is_removed_from_ends_unpaid_and_nothing_is_sent(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1", VIDEO_MODELS=MODELS) as stage:
        world = stage.discord.world
        left = world.guild(OTHER_SERVER)
        running = await stage.video("#stall the running one")
        await stage.shows(running, "42%")
        waiting = await stage.video("the waiting one", by=stage.ben, where=world.channel("general", left))
        await stage.shows(waiting, "You're next")
        await stage.discord.remove_bot(left)
        await cancel(stage, running)

        await stage.shows(waiting, "Not started", "has left this server")
        row = await stage.delivered(waiting)
        assert (row["outcome"], row["cost"], row["started_at"]) == ("cancelled", 0, None)
        assert not stage.sent("the waiting one")


async def test_a_waiting_job_whose_model_is_gone_after_a_restart_says_which_there_are(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1", VIDEO_MODELS=MODELS) as stage:
        await stage.shows(await stage.video("#stall the running one"), "42%")
        waiting = await stage.video("the waiting one", by=stage.ben, model="old")
        await stage.shows(waiting, "You're next")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        world = stage.playground
        settings = {**LONG, "VIDEO_MODELS": LEFT}
        successor = BotProcess(world.discord, world.service, world.bot.directory, settings, name="successor")
        await successor.start()
        try:
            await stage.shows(waiting, "Not started", "That model is no longer offered", "Sora 2")
            assert (await stage.delivered(waiting))["outcome"] == "cancelled"
            assert not stage.sent("the waiting one")
        finally:
            await successor.stop()
