"""The conversation that a remix goes on with is found again, whole or not at all."""

from __future__ import annotations

from bot.jobs.conversation import conversation
from bot.models import Exchange, JobRecord
from tests.storage.records import a_job


class Records:
    """Jobs in memory, as the store finds them."""

    def __init__(self, *jobs: JobRecord) -> None:
        self._jobs = {(job.id, job.guild_id): job for job in jobs}

    async def get(self, job_id: str, guild_id: int) -> JobRecord | None:
        return self._jobs.get((job_id, guild_id))


FIRST = a_job(prompt="a fox", video_url="https://v.example/1.mp4")
SECOND = a_job(prompt="at night", video_url="https://v.example/2.mp4", parent=FIRST.id)


async def test_the_turns_come_oldest_first() -> None:
    turns = await conversation(Records(FIRST, SECOND), FIRST.guild_id, SECOND.id)
    assert turns == (Exchange("a fox", "https://v.example/1.mp4"), Exchange("at night", "https://v.example/2.mp4"))


async def test_without_a_parent_there_is_nothing_to_go_on_with() -> None:
    assert await conversation(Records(), 100, None) == ()


async def test_a_turn_without_its_words_is_forgotten_with_all_that_follow() -> None:
    for erased in (a_job(id=FIRST.id, prompt="", video_url="https://v.example/1.mp4"), a_job(id=FIRST.id)):
        assert await conversation(Records(erased, SECOND), 100, SECOND.id) is None
    assert await conversation(Records(SECOND), 100, SECOND.id) is None


async def test_no_server_goes_on_with_the_conversation_of_another() -> None:
    assert await conversation(Records(FIRST), FIRST.guild_id + 1, FIRST.id) is None
