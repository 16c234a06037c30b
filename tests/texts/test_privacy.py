"""What is kept of a member is told as it is."""

from __future__ import annotations

import pytest

from bot.texts.privacy import privacy_view


@pytest.mark.parametrize("link_sent", [True, False])
def test_privacy_does_not_promise_a_cleaned_picture_where_the_link_is_passed_on(link_sent: bool) -> None:
    text = "\n".join(privacy_view(30, 48, link_sent=link_sent).paragraphs)
    assert ("without its metadata" in text) is not link_sent
    assert ("as you uploaded it" in text) is link_sent
