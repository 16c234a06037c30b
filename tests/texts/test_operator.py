"""What the operator reads shows no foreign Markdown."""

from __future__ import annotations

from datetime import date

from bot.reports.usage_report import GuildTotal, Tally
from bot.texts.operator import ServerAccess, denied_view, server_words, totals_view

DAY = date(2026, 3, 2)


def test_names_of_servers_are_shown_without_what_discord_would_act_on() -> None:
    totals = [GuildTotal(1, Tally(1), denied=False)]
    listed = totals_view(DAY, DAY, totals, Tally(), ServerAccess(0, newcomers=True), lambda _: "**@everyone**")
    assert r"\*\*\@everyone\*\*" in "\n".join(listed.paragraphs)
    assert r"\[a\]\(b\) \#c" in "\n".join(denied_view(server_words(5, "[a](b)\n#c")).paragraphs)
