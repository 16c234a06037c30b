"""The vocabulary of failures: features of a sentence, and the words that show them in each language."""

from __future__ import annotations

from bot.providers.judge.vocabulary.access import ACCESS
from bot.providers.judge.vocabulary.checks import CHECKS
from bot.providers.judge.vocabulary.content import CONTENT
from bot.providers.judge.vocabulary.declining import DECLINING
from bot.providers.judge.vocabulary.money import MONEY
from bot.providers.judge.vocabulary.other_errors import OTHER_ERRORS
from bot.providers.judge.vocabulary.refusing import REFUSING
from bot.providers.judge.vocabulary.rules import RULES_OF_CONTENT
from bot.providers.judge.vocabulary.traffic import TRAFFIC
from bot.providers.judge.words import Vocabulary

FEATURES: Vocabulary = {
    **REFUSING,
    **CONTENT,
    **RULES_OF_CONTENT,
    **DECLINING,
    **CHECKS,
    **MONEY,
    **TRAFFIC,
    **ACCESS,
    **OTHER_ERRORS,
}
