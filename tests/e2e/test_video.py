"""The main job: a member's prompt and picture become a video, by way of the real bot."""

from __future__ import annotations

import io
import re
from pathlib import Path

import av
import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.messages import Message
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import staged

READY = "Your video is ready"


async def shown(stage: Stage, interaction: Interaction) -> list[str]:
    """Return each state of the reply, up to the uploaded video."""
    states: list[str] = []
    async with stage.deadline(20):
        async for message in stage.discord.watch(interaction):
            states.append(render(message))
            if "[video: video.mp4" in states[-1]:
                return states
    raise AssertionError(states)


async def test_the_reply_goes_from_thinking_over_rising_percentages_to_the_video(stage: Stage) -> None:
    states = await shown(stage, await stage.video("The lamp turns #slow"))

    assert "thinking" in states[0]
    assert "Queued" in states[1]
    percents = [float(found[1]) for state in states if (found := re.search(r"([\d.]+)%", state))]
    assert len(percents) >= 3
    assert percents == sorted(percents)
    assert READY in states[-1]
    assert all("The lamp turns" in state for state in states[1:])


async def test_the_first_percentage_does_not_wait_for_the_interval_and_the_last_ones_give_way_to_the_end(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, PROGRESS_INTERVAL="60") as stage:
        interaction = await stage.video("The lamp turns #slow")
        states = await shown(stage, interaction)
        edits = stage.discord.requests.to("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original")

    thinking, queued, percentage, *ends = states
    assert "thinking" in thinking
    assert "Queued" in queued
    assert "%" in percentage
    assert all(READY in end for end in ends)
    assert len(edits) == len(states) - 1


async def test_the_uploaded_video_is_the_one_the_service_made(stage: Stage) -> None:
    interaction = await stage.video("Waves come in")
    message = await stage.shows(interaction, "[video: video.mp4")

    (attachment,) = message.attachments
    data = await stage.download(stage.discord.cdn.url(attachment))
    with av.open(io.BytesIO(data)) as film:
        assert film.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in film.decode(video=0)) > 1
    assert data == await stage.download(stage.row_of(interaction)["video_url"])


async def test_the_request_has_the_shape_of_the_api_page(stage: Stage) -> None:
    prompt = 'She says "hello" \\ and waves 🎬'
    interaction = await stage.video(prompt)
    await stage.shows(interaction, READY)

    (request,) = [r for r in stage.service.requests if r.body and r.body["messages"][0]["content"][0]["text"] == prompt]
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.key_matched
    assert request.headers["Content-Type"] == request.headers["Accept"] == "application/json"
    assert request.headers["Authorization"] == "Bearer <key>"
    assert set(request.body) == {"model", "stream", "messages"}
    assert (request.body["model"], request.body["stream"]) == ("sora_video2", True)
    (message,) = request.body["messages"]
    assert message["role"] == "user"
    text, image = message["content"]
    assert text == {"type": "text", "text": prompt}
    assert image["type"] == "image_url"
    assert image["image_url"]["url"]["type"] == "image/jpeg"


async def test_the_job_is_written_down_with_its_ids_times_and_link(stage: Stage) -> None:
    interaction = await stage.video("A row in the book")
    await stage.shows(interaction, READY)

    row = stage.row_of(interaction)
    assert (row["state"], row["outcome"]) == ("done", "success")
    assert row["guild_id"] == stage.videos.guild.id
    assert (row["channel_id"], row["user_id"]) == (stage.videos.id, stage.mara.id)
    assert row["percent"] > 90
    assert row["video_url"].startswith(stage.service.url)
    assert (row["prompt_tokens"], row["completion_tokens"]) != (None, None)
    assert row["created_at"] <= row["started_at"] <= row["finished_at"]


async def test_nobody_is_pinged_and_the_prompts_markdown_is_dead(stage: Stage) -> None:
    interaction = await stage.video("@everyone <@1> **bold** [x](https://evil.example) `code`")
    message = await stage.shows(interaction, READY)

    assert not message.pings
    bodies = [request.body for request in stage.discord.requests if interaction.token in request.path]
    shown = [body for body in bodies if isinstance(body, dict) and "components" in body]
    assert shown
    assert all(body["allowed_mentions"] == {"parse": []} for body in shown)
    text = str(message.components)
    assert "\\@everyone" in text.replace("\\\\", "\\")
    assert "](https://evil" not in text


async def test_the_acknowledgement_comes_before_everything_else(stage: Stage) -> None:
    interaction = await stage.video("First things first")
    await stage.shows(interaction, READY)

    mine = [r for r in stage.discord.requests if interaction.token in r.path]
    assert mine[0].path.endswith("/callback")
    assert mine[0].body == {"type": 5}


async def test_the_end_of_a_signed_link_is_told_as_a_timestamp(stage: Stage) -> None:
    message = await stage.shows(await stage.video("#expiring"), READY)

    assert re.search(r"works until <t:\d+:f>", str(message.components))


async def test_a_prompt_of_spaces_is_refused_in_private(stage: Stage) -> None:
    interaction = await stage.video("   ")

    assert "prompt is empty" in await stage.told(interaction)


async def test_a_model_that_is_not_offered_is_refused_in_private(stage: Stage) -> None:
    interaction = await stage.video("x", model="grand-theatre-9")

    told = await stage.told(interaction)
    assert "isn't offered" in told
    assert "sora_video2" in told


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 hello", "a PDF document"),
        (b"just words", "can't read that file as a picture"),
        (b"", "is empty"),
    ],
)
async def test_what_is_no_picture_is_named_in_private_and_neither_counted_nor_sent(
    stage: Stage, data: bytes, words: str
) -> None:
    prompt = f"make it move although it {words}"
    interaction = await stage.video(prompt, picture=data)

    told = await stage.told(interaction)
    assert words in told
    assert "PNG, JPEG, WebP, GIF or AVIF" in told
    assert interaction.message is not None
    assert interaction.message.only_for or "was not started" in render(interaction.message)
    assert stage.rows("SELECT * FROM jobs WHERE prompt = ?", prompt) == []
    assert not stage.sent(prompt)


async def cancel(stage: Stage, message: Message, by: object) -> Interaction:
    return await stage.discord.click(by, message, button_id(message, "Cancel"))  # type: ignore[arg-type]


async def test_the_requester_can_cancel_and_the_service_is_hung_up_on(stage: Stage) -> None:
    interaction = await stage.video("#stall cancelled by me")
    message = await stage.shows(interaction, "42%")
    await cancel(stage, message, stage.mara)
    await stage.shows(interaction, "Cancelled")

    assert stage.row_of(interaction)["outcome"] == "cancelled"
    (request,) = stage.sent("cancelled by me")
    async with stage.deadline(5):
        await request.over.wait()
    assert request.disconnected


async def test_another_member_cannot_cancel_but_a_moderator_can(stage: Stage) -> None:
    interaction = await stage.video("#stall not yours")
    message = await stage.shows(interaction, "42%")

    refused = await cancel(stage, message, stage.ben)
    assert "Only the member who asked" in await stage.told(refused)
    assert stage.row_of(interaction)["state"] == "running"

    await cancel(stage, message, stage.mo)
    await stage.shows(interaction, "Cancelled", "@Mo cancelled it")


async def test_a_silent_service_ends_in_a_timeout_that_says_so(stage: Stage) -> None:
    interaction = await stage.video("#stall")
    await stage.shows(interaction, "took too long")

    assert stage.row_of(interaction)["outcome"] == "timeout"
