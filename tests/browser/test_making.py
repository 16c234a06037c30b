"""A member makes a video: by mouse, by keyboard alone, with a picture that is chosen, dropped or pasted."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, expect

from tests.browser.tab import Tab, Visit
from tests.e2e.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

READY = "Your video is ready"
MARKED = re.compile(r"\bwrong\b")

# Passes a picture to the page as the system does: with a drop, or from the clipboard.
_GIVE = """(place, { data, kind }) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], `${kind}.png`, { type: "image/png" }));
  const how = { bubbles: true, cancelable: true, clipboardData: given, dataTransfer: given };
  if (kind === "paste") place.dispatchEvent(new ClipboardEvent("paste", how));
  else for (const type of ["dragenter", "dragover", "drop"]) place.dispatchEvent(new DragEvent(type, how));
}"""


async def give(tab: Tab, kind: str) -> None:
    """Drop a picture on the page, or paste it."""
    data = base64.b64encode(tab.picture["buffer"]).decode()
    await tab.page.get_by_test_id("composer").evaluate(_GIVE, {"data": data, "kind": kind})


@pytest.fixture
def needed_options(stage: Stage) -> Iterator[list[str]]:
    """Has Discord ask for the picture and the prompt of ``/video``, as it does where a bot cannot do without."""
    video = next(command for command in stage.discord.commands.listing(None) if command["name"] == "video")
    needed = [option for option in video["options"] if option["name"] in ("image", "prompt")]
    for option in needed:
        option["required"] = True
    yield [option["name"] for option in needed]
    for option in needed:
        option["required"] = False


async def plays(video: Locator) -> None:
    """Wait until the video has been playing for a moment."""
    await video.evaluate(
        """video => new Promise((resolve, reject) => {
          const look = () => video.currentTime > 0.2 && video.readyState >= 2 && resolve();
          video.addEventListener("error", () => reject(new Error(video.error.message)));
          video.addEventListener("timeupdate", look);
          look();
        })"""
    )


async def test_the_main_job_by_mouse_from_the_first_visit_to_the_playing_video(visit: Visit) -> None:
    mara = await visit()
    await mara.page.get_by_test_id("sample").click()
    line = mara.page.get_by_role("group", name="Command /video")
    await expect(line.get_by_test_id("upload")).to_contain_text("lighthouse.png")
    reply = await mara.send()
    await expect(reply).to_contain_text(READY)

    states = await mara.states(reply)
    first = [next(at for at, state in enumerate(states) if words in state) for words in ("Making your video", "%")]
    assert first == sorted(first)
    assert READY in states[-1]
    assert len({match[0] for state in states if (match := re.search(r"[\d.]+%", state))}) > 1
    video = reply.get_by_test_id("video")
    await video.click()
    await plays(video)


async def test_the_main_job_by_keyboard_alone(visit: Visit) -> None:
    mara = await visit()
    keys = mara.page.keyboard
    await mara.page.get_by_test_id("composer-text").focus()
    await keys.type("/vid")
    await expect(mara.page.get_by_role("listbox", name="Commands").get_by_role("option").first).to_contain_text(
        "/video"
    )
    await keys.press("Tab")
    line = mara.page.get_by_role("group", name="Command /video")
    await expect(line).to_be_visible()
    async with mara.page.expect_file_chooser() as choosing:
        await mara.page.get_by_role("button", name=re.compile("image.*choose a file")).press("Enter")
    await (await choosing.value).set_files(mara.picture)
    await keys.press("Tab")
    while not await mara.page.evaluate("document.activeElement.matches('[data-option=prompt] textarea')"):
        await keys.press("Tab")
    await keys.type("Waves by keyboard")
    reply = await mara.reply_after(lambda: keys.press("Enter"))
    await expect(reply).to_contain_text(READY)

    video = reply.get_by_test_id("video")
    await video.focus()
    await keys.press("Space")
    await plays(video)


@pytest.mark.parametrize("kind", ["drop", "paste"])
async def test_a_picture_may_be_dropped_or_pasted_before_or_after_the_command(visit: Visit, kind: str) -> None:
    mara = await visit()
    if kind == "drop":
        await give(mara, kind)
    line = await mara.command("video")
    if kind == "paste":
        await give(mara, kind)
    await expect(line.get_by_test_id("upload")).to_contain_text(f"{kind}.png")
    await line.locator("[data-option=prompt] textarea").fill(f"A picture by {kind}")
    await expect(await mara.send()).to_contain_text(READY)


async def test_what_is_required_is_asked_for_in_words(visit: Visit) -> None:
    mo = await visit("Mo")
    await mo.command("usage member")
    await mo.page.get_by_test_id("send").click()
    await expect(mo.page.get_by_test_id("composer-error")).to_contain_text("“member” is required")


async def test_a_field_is_marked_as_missing_until_it_is_filled(visit: Visit, needed_options: list[str]) -> None:
    mara = await visit()
    line = await mara.command("video")
    for option in needed_options:
        field = line.locator(f"[data-option={option}]")
        await mara.page.get_by_test_id("send").click()
        await expect(mara.page.get_by_test_id("composer-error")).to_contain_text(f"“{option}” is required")
        await expect(field).to_have_class(MARKED)
        await expect(field.locator("[aria-invalid=true]")).to_have_count(1)
        if option == "image":
            await give(mara, "drop")
        else:
            await field.get_by_role("textbox").fill("A field that was missing")
        await expect(mara.page.get_by_test_id("composer-error")).to_be_empty()
        await expect(field).not_to_have_class(MARKED)
        await expect(field.locator("[aria-invalid=true]")).to_have_count(0)


async def test_what_a_form_lacks_is_said_until_it_is_filled_in(visit: Visit) -> None:
    mara = await visit()
    await mara.fold()
    reply = await mara.video("#refuse-image for a form")
    private = await mara.reply_after(lambda: mara.press(reply, "Why?"))
    await mara.press(private, "Other picture")
    modal = mara.page.get_by_test_id("modal")
    error, submit = modal.get_by_role("alert"), modal.get_by_test_id("modal-submit")
    prompt = modal.get_by_role("textbox")
    await prompt.clear()
    await submit.click()
    await expect(error).to_contain_text("is empty")
    await prompt.fill("with another picture")
    await expect(error).to_have_count(0)
    await submit.click()
    await expect(error).to_contain_text("please choose a file")
    await modal.get_by_test_id("file-input").set_input_files(mara.picture)
    await expect(error).to_have_count(0)
    await mara.screenshot("other-picture")
    await expect(await mara.reply_after(submit.click)).to_contain_text(READY)


async def test_a_running_video_is_cancelled(visit: Visit, stage: Stage) -> None:
    mara = await visit()
    reply = await mara.video("#stall to be cancelled")
    await expect(reply).to_contain_text("42%")
    await mara.screenshot("running")
    await mara.press(reply, "Cancel")
    await expect(reply).to_contain_text("Cancelled")
    await expect(reply.get_by_role("button", name="Cancel")).to_have_count(0)


async def test_a_finished_one_is_edited_in_a_modal(visit: Visit) -> None:
    mara = await visit()
    await mara.fold()
    reply = await mara.video("the first draft")
    await expect(reply).to_contain_text(READY)
    await mara.press(reply, "Edit")
    modal = mara.page.get_by_test_id("modal")
    await expect(modal.get_by_role("textbox")).to_have_value("the first draft")
    await mara.screenshot("modal")
    await modal.get_by_role("textbox").fill("the second draft")
    again = await mara.reply_after(lambda: modal.get_by_test_id("modal-submit").click())
    await expect(modal).to_have_count(0)
    await expect(again).to_contain_text(READY)
    await expect(again).to_contain_text("the second draft")


async def test_a_finished_video_is_remixed_and_made_again_and_its_idea_is_used_by_others(
    visit: Visit, stage: Stage
) -> None:
    tab = await visit("Mara")
    reply = await tab.video("a kite")
    await expect(reply).to_contain_text(READY)

    await tab.press(reply, "Remix")
    modal = tab.page.get_by_test_id("modal")
    await modal.get_by_role("textbox").fill("a kite at night")
    remixed = await tab.reply_after(lambda: modal.get_by_test_id("modal-submit").click())
    again = await tab.reply_after(lambda: tab.press(reply, "Again"))
    await tab.become("Ben")
    await tab.press(reply, "Edit")
    await expect(modal.get_by_role("textbox")).to_have_value("a kite")
    used = await tab.reply_after(lambda: modal.get_by_test_id("modal-submit").click())
    for made in (remixed, again, used):
        await expect(made).to_contain_text(READY)
    await expect(used).to_contain_text("Made for @Ben")
    (request,) = [r.body for r in stage.service.requests if r.body and "a kite at night" in str(r.body["messages"][-1])]
    assert [turn["role"] for turn in request["messages"]] == ["user", "assistant", "user"]
