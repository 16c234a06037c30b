"""What moderators and members read about blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.blocks import KINORA, Block
from bot.texts.blocks import LENGTHS, block_line, block_words, blocked_view, blocks_view, own_block_words

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIL = "**@everyone** <@1> [x](https://h.example)"


def block(length: str = "1 day", reason: str = "", by: int = 9, user_id: int = 7) -> Block:
    return Block(1, user_id, NOW + LENGTHS[length], reason, by, NOW)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_block_names_its_end_unless_it_is_for_good(length: str) -> None:
    until = int((NOW + LENGTHS[length]).timestamp())
    assert (f"<t:{until}:f> (<t:{until}:R>)" in block_words(block(length))) is (length != "indefinitely")
    assert ("<t:" in block_words(block(length))) is (length != "indefinitely")


def test_a_pause_by_kinora_names_no_moderator() -> None:
    pause = Block(1, 7, NOW + timedelta(hours=1), "", KINORA, NOW)
    assert f"<@{KINORA}>" not in block_words(pause) + own_block_words(pause)


def test_the_member_does_not_learn_which_moderator_it_was() -> None:
    assert "<@9>" not in own_block_words(block(reason="enough"))
    assert "enough" in own_block_words(block(reason="enough"))


def test_a_reason_cannot_carry_markdown_or_mentions() -> None:
    evil = block(reason=EVIL)
    shown = "\n".join(blocked_view(evil).paragraphs)
    for text in (block_words(evil), own_block_words(evil), block_line(evil), shown):
        assert "](https" not in text
        assert "<@1>" not in text
        assert "**@" not in text


def test_a_long_list_says_how_many_are_left_out() -> None:
    view = blocks_view([block(reason="*" * 200, user_id=10**18 + n) for n in range(60)], note="x" * 100)
    lines = view.paragraphs[-1].splitlines()
    assert lines[-1].startswith(f"- and {60 - (len(lines) - 1)} more")
