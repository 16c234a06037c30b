"""A service that nobody has heard of is spoken to after 25 lines of data, with no line of code."""

from __future__ import annotations

from bot.models import Outcome
from bot.providers.base import TaskHandle
from bot.providers.tasks.answers.answer import Going
from tests.providers.tasks.services import KEY, PICTURE, SECOND, calls_of, order, read

FILMERY = """
schema = 1
kind = "task"
name = "Filmery"
base = "https://films.example/rpc"
auth = { header = "X-Film-Key", prefix = "Film " }
headers = { X-Film-Version = "3" }
image = { as = "base64" }
ask = { seconds = [6, 9], size = ["1280x720"] }
status = { waiting = 0, working = "on the reel", made = 7, failed = "spoilt" }
cost = [{ at = "bill.cents", factor = 0.01 }]
errors = [{ code = "F-4*", outcome = "moderation_image" }]
result = { path = "/reel/{result_id}", id = "reel.no", link = "reel.print" }
[create]
path = "/shoot/{model}"
id = "ticket.no"
[create.body]
scene = { words = "{prompt}", takes = "{seconds}s", frame = "{size:colon}", still = ["{image}", "{last_image}"] }
[poll]
method = "POST"
path = "/ask"
body = { ticket = "{id:number}" }
status = "stage"
percent = "shot.part"
percent_factor = 100
"""


def test_its_calls_are_sent_as_its_page_says() -> None:
    calls = calls_of(FILMERY, "https://films.example/rpc")
    create = calls.create(order(PICTURE, SECOND))
    poll = calls.poll(TaskHandle("41", "m"))
    result = calls.result(TaskHandle("41", "m", result_id="r/9"))

    assert (create.method, create.url) == ("POST", "https://films.example/rpc/shoot/the%20model")
    assert create.headers == {"X-Film-Version": "3", "X-Film-Key": f"Film {KEY}"}
    scene = create.json["scene"]
    assert [still.picture for still in scene.pop("still")] == [PICTURE, SECOND]
    assert scene == {"words": 'say "no"\n}', "takes": "6s", "frame": "1280:720"}
    assert (poll.method, poll.url, poll.json) == ("POST", "https://films.example/rpc/ask", {"ticket": 41})
    assert result
    assert result.url == "https://films.example/rpc/reel/r%2F9"


def test_its_answers_are_read_from_the_first_to_the_last() -> None:
    created = read("create", {"ticket": {"no": 41}, "stage": 0}, text=FILMERY)
    waits = read("poll", {"stage": 0}, text=FILMERY)
    works = read("poll", {"stage": "On the Reel", "shot": {"part": 0.4}}, text=FILMERY)
    made = read("poll", {"stage": 7, "reel": {"no": "r9"}, "bill": {"cents": 45}}, text=FILMERY)
    fetched = read("content", {"reel": {"print": "https://cdn.example/r9"}}, text=FILMERY)
    refused = read("poll", {"stage": "spoilt", "error": {"code": "F-44"}}, text=FILMERY)

    assert (created.outcome, created.job_id) == (Going.QUEUED, "41")
    assert waits.outcome is Going.QUEUED
    assert (works.outcome, works.percent) == (Going.IN_PROGRESS, 40)
    assert (made.outcome, made.result_id, made.cost) == (Going.RESULT_CALL, "r9", 0.45)
    assert (fetched.outcome, fetched.link) == (Outcome.SUCCESS, "https://cdn.example/r9")
    assert refused.outcome is Outcome.MODERATION_IMAGE


def test_its_page_has_no_more_than_25_lines() -> None:
    assert len(FILMERY.strip().splitlines()) <= 25
