"""Single requests as moderators look through them."""

from __future__ import annotations

from dataclasses import replace

from bot.models import JobPage, Outcome
from bot.texts.requests import jobs_view, label_of
from tests.texts.cases.facts import DONE


def listed(**changes: object) -> list[str]:
    page = JobPage((replace(DONE, **changes),), has_older=False, has_newer=False)  # type: ignore[arg-type]
    return jobs_view(page, []).paragraphs[1].splitlines()


def test_of_a_long_prompt_the_beginning_is_shown_without_force() -> None:
    prompt = listed(prompt="a **bold** one " + "x" * 500)[2]
    assert prompt.startswith(r"> a \*\*bold\*\* one x")
    assert len(prompt) < 140


def test_a_request_without_a_message_has_no_link() -> None:
    assert "https://discord.com/channels/1/2/3" in listed()[1]
    assert "discord.com" not in "\n".join(listed(message_id=0))


def test_the_outcomes_to_choose_from_differ_and_fit_discords_lists() -> None:
    assert len({label_of(outcome) for outcome in Outcome}) == len(Outcome) <= 25
