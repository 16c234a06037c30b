"""Cases of what became different about the rules."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.policy.policy import Allowance, Policy
from bot.policy.server_pause import ServerPause
from bot.texts.policy_changes import change_line, changes_words
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import EVERY_LIMIT, FULL, HERE, NOON, PLAIN

CASES: Cases = {
    changes_words: {
        "none": partial(changes_words, PLAIN, PLAIN, HERE),
        "every rule": partial(changes_words, PLAIN, FULL, HERE),
        "every limit": partial(changes_words, PLAIN, Policy(member=EVERY_LIMIT), HERE),
        "numbers": partial(changes_words, FULL, replace(FULL, prompt_days=0, pause_after=2), HERE),
        "a role is freed": partial(changes_words, PLAIN, Policy(by_role={7: Allowance(unlimited=True)}), HERE),
    },
    change_line: {
        "a limit of a role": partial(change_line, "by_role.7.videos_day", None, 20, HERE),
        "nothing that can be seen": partial(change_line, "by_role.7.unlimited", None, False, HERE),
        "a pause": partial(change_line, "pause", None, ServerPause(9, NOON, "a raid").to_dict(), HERE),
        "the end of a pause": partial(change_line, "pause", ServerPause(9).to_dict(), None, HERE),
        "words": partial(change_line, "words", {"count": 0}, {"count": 1, "added": ["cat"], "removed": []}, HERE),
        "a rule of another Kinora": partial(change_line, "dusk", None, 3, HERE),
    },
}
