"""What moderators and members read about blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.blocks import KINORA, Block
from bot.texts.blocks import LENGTHS, block_line, block_words, blocked_view, blocks_view, own_block_words
from bot.texts.view import View

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIL = "**@everyone** <@1> [x](https://h.example)"


def block(length: str = "1 day", reason: str = "", by: int = 9, user_id: int = 7) -> Block:
    return Block(1, user_id, NOW + LENGTHS[length], reason, by, NOW)


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


@pytest.mark.parametrize("length", [length for length in LENGTHS if length != "for good"])
def test_a_block_with_an_end_names_it_as_a_timestamp(length: str) -> None:
    until = int((NOW + LENGTHS[length]).timestamp())
    assert f"until <t:{until}:f> (<t:{until}:R>) by <@9>" in block_words(block(length))


def test_a_block_for_good_names_no_time() -> None:
    assert block_words(block("for good")) == "blocked for good by <@9>"


def test_a_pause_by_kinora_names_no_moderator() -> None:
    pause = Block(1, 7, NOW + timedelta(hours=1), "", KINORA, NOW)
    assert "paused until" in block_words(pause)
    assert f"<@{KINORA}>" not in block_words(pause) + own_block_words(pause)


def test_the_member_does_not_learn_which_moderator_it_was() -> None:
    assert "<@9>" not in own_block_words(block(reason="enough"))
    assert "enough" in own_block_words(block(reason="enough"))


def test_a_reason_cannot_carry_markdown_or_mentions() -> None:
    evil = block(reason=EVIL)
    for text in (block_words(evil), own_block_words(evil), block_line(evil), shown(blocked_view(evil))):
        assert "](https" not in text
        assert "<@1>" not in text
        assert "**@" not in text


def test_a_long_list_fits_into_one_message_and_says_how_many_are_left_out() -> None:
    view = blocks_view([block(reason="*" * 200, user_id=10**18 + n) for n in range(60)], note="x" * 100)
    lines = view.paragraphs[-1].splitlines()
    assert sum(map(len, view.paragraphs)) < 4000
    assert lines[-1].startswith(f"- and {60 - (len(lines) - 1)} more")


def test_an_empty_list_says_so() -> None:
    assert "Nobody is blocked" in shown(blocks_view([]))
