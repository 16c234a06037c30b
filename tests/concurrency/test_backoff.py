"""What has to succeed is tried again, with the pauses and for as long as the caller says."""

from __future__ import annotations

import pytest

from bot.concurrency.backoff import retry


class Script:
    """Work that does what it is told, one thing a call, and a sleep that only takes note."""

    def __init__(self, *results: int | Exception) -> None:
        self._results = list(results)
        self.slept: list[float] = []

    async def work(self) -> int:
        result = self._results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_what_succeeds_at_once_is_called_once_without_a_pause() -> None:
    script = Script(7)
    assert await retry(script.work, [1], on=OSError, sleep=script.sleep) == 7
    assert script.slept == []


async def test_the_last_pause_repeats_until_the_work_succeeds() -> None:
    script = Script(*[OSError()] * 4, 7)
    assert await retry(script.work, [1, 2], on=OSError, sleep=script.sleep) == 7
    assert script.slept == [1, 2, 2, 2]


async def test_each_error_is_told_before_the_pause_that_follows_it() -> None:
    errors = [OSError("first"), OSError("second")]
    script, told = Script(*errors, 7), []
    await retry(
        script.work, [1], on=OSError, on_retry=lambda error: told.append((error, len(script.slept))), sleep=script.sleep
    )
    assert told == [(errors[0], 0), (errors[1], 1)]


@pytest.mark.parametrize("errors", [(), (LookupError(),)])
async def test_another_error_goes_to_the_caller_at_once(errors: tuple[Exception, ...]) -> None:
    script = Script(*errors, ValueError("unforeseen"))
    with pytest.raises(ValueError, match="unforeseen"):
        await retry(script.work, [1], on=LookupError, sleep=script.sleep)
    assert script.slept == [1] * len(errors)


async def test_what_on_retry_raises_ends_the_trying() -> None:
    script = Script(OSError("busy"), OSError("broken"), 7)

    def only_while_busy(error: Exception) -> None:
        if "busy" not in str(error):
            raise error

    with pytest.raises(OSError, match="broken"):
        await retry(script.work, [1], on=OSError, on_retry=only_while_busy, sleep=script.sleep)
    assert script.slept == [1]


async def test_a_result_that_is_not_accepted_is_asked_for_again() -> None:
    script = Script(0, 0, 7)
    assert await retry(script.work, [1, 2], until=bool, sleep=script.sleep) == 7
    assert script.slept == [1, 2]


async def test_after_the_last_try_its_result_stands_without_another_pause() -> None:
    script = Script(0, 0, 7)
    assert await retry(script.work, [1, 2], until=bool, tries=2, sleep=script.sleep) == 0
    assert script.slept == [1]


async def test_after_the_last_try_its_error_stands_and_is_not_told() -> None:
    script, told = Script(OSError("first"), OSError("last"), 7), []
    with pytest.raises(OSError, match="last"):
        await retry(script.work, [1], on=OSError, on_retry=told.append, tries=2, sleep=script.sleep)
    assert [str(error) for error in told] == ["first"]


async def test_no_error_is_caught_where_none_is_named() -> None:
    script = Script(OSError("any"))
    with pytest.raises(OSError, match="any"):
        await retry(script.work, [1], sleep=script.sleep)
