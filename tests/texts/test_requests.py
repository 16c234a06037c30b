"""Single requests as moderators look through them: who, what, when, how it went, and a link to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.models import JobPage, JobRecord, JobState, Outcome, VideoModel
from bot.texts.requests import csv_view, jobs_view, label_of, no_csv
from bot.texts.view import View
from tests.storage.records import a_job

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
MODELS = [VideoModel("sora_video2", "Sora 2")]


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def ended(**changes: Any) -> JobRecord:
    facts = {"state": JobState.DONE, "outcome": Outcome.SUCCESS, "created_at": NOW}
    return a_job(**facts | {"finished_at": NOW + timedelta(seconds=65)} | changes)


def test_a_single_request_shows_who_what_when_how_long_and_where() -> None:
    view = jobs_view(JobPage((ended(prompt="a **bold** one " + "x" * 500),), True, False), MODELS)
    first, second, third = view.paragraphs[1].splitlines()
    assert first == "✅ **made** · <@400> · Sora 2 · 1 min 5 s · 0.20"
    assert second == f"<t:{int(NOW.timestamp())}:f> · [Show it](https://discord.com/channels/100/200/300)"
    assert third.startswith(r"> a \*\*bold\*\* one x")
    assert len(third) < 140


def test_an_open_request_says_so_and_one_without_a_message_has_no_link() -> None:
    job = ended(state=JobState.RUNNING, outcome=None, finished_at=None, message_id=0, prompt="")
    text = shown(jobs_view(JobPage((job,), False, False), []))
    assert r"⏳ **being made now** · <@400> · sora\_video2 · 0.20 set aside" in text
    assert "discord.com" not in text
    assert "no longer kept" in text


def test_a_page_without_requests_says_whether_filters_are_the_reason() -> None:
    nothing = JobPage((), False, False)
    assert "Nobody has asked" in shown(jobs_view(nothing, []))
    page = shown(jobs_view(nothing, [], member=7, outcome=Outcome.TIMEOUT))
    assert "<@7> only · took too long only" in page
    assert "None that fit." in page


def test_a_file_is_announced_with_its_days_and_whether_it_is_packed() -> None:
    since, until = date(2026, 3, 1), date(2026, 3, 30)
    assert "1 request\n1 Mar – 30 Mar 2026 (UTC)" in shown(csv_view(1, since, until, packed=False))
    assert "Packed" in shown(csv_view(1, since, until, packed=True))
    assert "1 Mar – 30 Mar 2026 (UTC)" in no_csv(since, until)


def test_the_largest_page_fits_one_message() -> None:
    job = ended(prompt="*" * 4000, model="*" * 200, guild_id=2**63, channel_id=2**63, message_id=2**63, cost=10**15)
    assert len(shown(jobs_view(JobPage((job,) * 5, True, True), [], member=2**63))) < 4000


def test_the_outcomes_to_choose_from_differ_and_fit_discords_lists() -> None:
    assert len({label_of(outcome) for outcome in Outcome}) == len(Outcome) <= 25
