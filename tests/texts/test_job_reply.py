"""What members read: own words for each end, nothing invented, nothing from outside that Discord would act on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.i18n.translation import money
from bot.models import Finished, Outcome, Queued, Running
from bot.texts.job_reply import QUIET_AFTER, Asked, job_view
from bot.texts.view import Tone, View, bar, duration, quote

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = Asked(42, "a lighthouse at dusk")
LINK = "https://h.example/v.mp4"
FAILURES = [outcome for outcome in Outcome if outcome is not Outcome.SUCCESS and not outcome.is_refusal]
ENDS = [Finished(outcome, 75.0, 90.0, LINK if outcome is Outcome.SUCCESS else None) for outcome in Outcome]


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def at_work(**facts: object) -> Running:
    return Running(**{"started_at": NOW - timedelta(seconds=30), "news_at": NOW} | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("**bold** __u__ ~~s~~ `c` ||x||", r"\*\*bold\*\* \_\_u\_\_ \~\~s\~\~ \`c\` \|\|x\|\|"),
        ("@everyone <@1> <#2>", r"\@everyone \<\@1\> \<\#2\>"),
        ("[x](https://h)", r"\[x\]\(https\://h\)"),
        ("a\n# b\r\n\u2028c\t d", r"a \# b c d"),
        ("back\\slash", r"back\\slash"),
        ("日本語 ü 🎬", "日本語 ü 🎬"),
        ("", ""),
    ],
)
def test_quote_takes_the_force_out_of_text_from_outside(text: str, safe: str) -> None:
    assert quote(text) == safe


def test_quote_cuts_what_is_too_long() -> None:
    assert quote("x" * 50, 10) == "x" * 9 + "…"
    assert quote("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 s"), (0, "0 s"), (45.4, "45 s"), (59.6, "1 min"), (60, "1 min"), (125, "2 min 5 s"), (3599, "59 min 59 s"),
     (3600, "1 h 0 min"), (3780, "1 h 3 min"), (90000, "25 h 0 min")],
)  # fmt: skip
def test_duration_has_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("percent", "full", "number"), [(0, 0, "0"), (4.9, 0, "4.9"), (10, 2, "10"), (33.333, 6, "33.3"), (100, 20, "100")]
)
def test_bar_is_as_full_as_the_number_says(percent: float, full: int, number: str) -> None:
    assert bar(percent) == f"`{'█' * full}{'░' * (20 - full)}` **{number}%**"


@pytest.mark.parametrize(
    ("millionths", "amount"),
    [(0, "0.00"), (290_000, "0.29"), (1_005_000, "1.005"), (1, "0.000001"), (10**13, "10,000,000.00")],
)  # fmt: skip
def test_money_is_exact(millionths: int, amount: str) -> None:
    assert money(millionths) == amount


@pytest.mark.parametrize("state", [at_work(), at_work(typical=40.0), at_work(retrying=True, percent=50.0)])
def test_percentage_is_never_invented(state: Running) -> None:
    assert "%" not in shown(job_view(state, ASKED, NOW + timedelta(seconds=20)))


def test_silence_is_told_once_it_lasts() -> None:
    for silent, told in ((QUIET_AFTER - 1, False), (QUIET_AFTER, True)):
        state = at_work(percent=5.0, news_at=NOW - timedelta(seconds=silent))
        assert ("No update" in shown(job_view(state, ASKED, NOW))) is told


@pytest.mark.parametrize("query", ["Expires=1772370000", "x=1&expires=1772370000", "se=2026-03-01T13%3A00%3A00Z"])
def test_end_of_a_link_is_a_discord_timestamp(query: str) -> None:
    view = job_view(Finished(Outcome.SUCCESS, 75, 100, f"{LINK}?{query}"), ASKED, NOW)
    assert "<t:1772370000:f>" in shown(view)


def test_link_without_an_end_names_none() -> None:
    assert "<t:" not in shown(job_view(Finished(Outcome.SUCCESS, 75, 100, LINK), ASKED, NOW))


def test_link_cannot_carry_markdown_into_the_reply() -> None:
    view = job_view(Finished(Outcome.SUCCESS, 75, 100, "https://h/v>**@everyone**<x"), ASKED, NOW)
    assert "<https://h/v%3E**@everyone**%3Cx>" in shown(view)


@pytest.mark.parametrize("uploaded", [True, False])
def test_link_into_a_private_network_is_not_shown(uploaded: bool) -> None:
    view = job_view(
        Finished(Outcome.SUCCESS, 75, 100, "http://10.0.0.1/v.mp4"), ASKED, NOW, uploaded=uploaded, reachable=False
    )
    assert "10.0.0.1" not in shown(view)
    assert view.link is None
    assert ("the bot's owner" in shown(view).lower()) is not uploaded


@pytest.mark.parametrize("uploaded", [True, False])
def test_a_video_that_came_inside_the_reply_has_no_link_to_show(uploaded: bool) -> None:
    view = job_view(Finished(Outcome.SUCCESS, 75, 100, "kept:1.mp4"), ASKED, NOW, uploaded=uploaded)
    assert "kept:" not in shown(view)
    assert view.link is None
    assert all(view.paragraphs)


def test_each_failure_has_its_own_words() -> None:
    heads = [job_view(Finished(outcome, 75), ASKED, NOW).paragraphs[:2] for outcome in FAILURES]
    assert len(set(heads)) == len(FAILURES)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.is_refusal])
def test_refusal_in_the_channel_tells_neither_reason_nor_prompt(outcome: Outcome) -> None:
    view = job_view(Finished(outcome, 75, 90.0), ASKED, NOW)
    assert view.tone is Tone.REFUSED
    assert ASKED.prompt not in shown(view)
    assert view == job_view(Finished(Outcome.MODERATION_UNKNOWN, 1), ASKED, NOW)


@pytest.mark.parametrize(("percent", "told"), [(None, False), (0.0, False), (90.0, True), (33.33333, True)])
def test_failure_tells_how_far_it_had_come(percent: float | None, told: bool) -> None:
    text = shown(job_view(Finished(Outcome.BAD_STREAM, 75, percent), ASKED, NOW))
    assert (", at " in text) is told
    assert "33.33" not in text


@pytest.mark.parametrize("length", [2500, 4096])
def test_a_link_is_shown_whole_or_not_at_all(length: int) -> None:
    link = f"{LINK}?s=".ljust(length, "x")
    view = job_view(Finished(Outcome.SUCCESS, 75, 100, link), ASKED, NOW)
    assert "xxx" not in shown(view).replace(link, "")
    assert (link in shown(view)) is (length == 2500)


@pytest.mark.parametrize(
    "state", [Queued(1), at_work(), Finished(Outcome.SUCCESS, 1, 100, LINK), Finished(Outcome.TIMEOUT, 1)]
)
def test_prompt_stands_in_the_reply_without_force(state: Queued | Running | Finished) -> None:
    text = shown(job_view(state, Asked(42, "@everyone **hi**\n# x"), NOW))
    assert r"> \@everyone \*\*hi\*\* \# x" in text
