"""What is kept of a member is told as it is."""

from __future__ import annotations

import pytest

from bot.texts.privacy import privacy_view


@pytest.mark.parametrize("link_sent", [True, False])
def test_privacy_promises_a_cleaned_picture_and_tells_where_a_link_to_it_is_handed_on(link_sent: bool) -> None:
    text = "\n".join(privacy_view(30, 48, link_sent=link_sent).paragraphs)
    assert "a copy of your picture without metadata" in text
    assert ("get a link to that copy in my reply" in text) is link_sent
