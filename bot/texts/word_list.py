"""What managers read of the words that their server does not want, and of what they typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.i18n.translation import N_, _, format_list, ngettext
from bot.models import DiscordLimits
from bot.policy.word_list import LONGEST_WORD, MOST_WORDS, WordList, word_changes
from bot.texts.punctuation import in_quotes, labelled
from bot.texts.view import Tone, View, length, quote

WORD_LIST = N_("Word list")
_NAMED, _NAMED_SHOWN = 10, 40  # words in one sentence, and characters of each
_ROOM = DiscordLimits.TEXT - 1400  # characters of the list


def word_list_view(words: WordList, changed: WordList | None = None) -> View:
    """Return the list, as far as there is room; ``changed`` is the one from before a change."""
    paragraphs = [_("### ✋ Words this server doesn't want")]
    if changed is not None:
        _old, new = word_changes(changed, words)
        paragraphs.append(_("Nothing changed.") if changed == words else f"✅ {word_list_value(new)}")
    paragraphs.append(_listed(words) or _("The list is empty."))
    paragraphs.append(
        _(
            "-# {count} of {most}. Prompts with one of them are refused before they are sent; the member is told in "
            "private. Whole words count; capitals and punctuation don't matter.",
            count=len(words.words),
            most=MOST_WORDS,
        )
    )
    tone = Tone.NEUTRAL if changed in (None, words) else Tone.GOOD
    return View(tone, tuple(paragraphs))


def word_list_note(user_id: int, before: WordList, after: WordList) -> str:
    """Return the line about a change for the server's log, which tells none of the words."""
    head = _("📏 {member} changed the rules.", member=f"<@{user_id}>")
    counts = f"{counted_words(len(before.words))} → {counted_words(len(after.words))}"
    return head + "\n" + labelled(f"**{_(WORD_LIST)}**", counts)


def counted_words(count: int) -> str:
    """Return how many words and phrases there are."""
    return ngettext("{count} word", "{count} words", count)


def word_list_value(recorded: Mapping[str, Any]) -> str:
    """Return one side of a change as it stands in the record; see ``word_changes``."""
    parts = [counted_words(int(recorded["count"]))]
    if added := recorded.get("added"):
        parts.append(_("added: {words}", words=_some(added)))
    if removed := recorded.get("removed"):
        parts.append(_("removed: {words}", words=_some(removed)))
    return " · ".join(parts)


def too_many_words(there: int) -> str:
    """Return what is said where ``there`` words would be more than a list takes."""
    return _("That makes {count} words, and a list takes {most}. Nothing was changed.", count=there, most=MOST_WORDS)


def word_too_long(word: str) -> str:
    """Return what is said of a word or phrase that is too long."""
    return _("“{word}” is too long: at most {most} characters.", word=quote(word, 40), most=LONGEST_WORD)


def no_word(typed: str) -> str:
    """Return what is said of a text without anything to compare with."""
    return _("“{word}” has no letter, digit or symbol in it.", word=quote(typed, 40))


def not_listed(word: str) -> str:
    """Return what is said of a word that is to be removed and is not there."""
    return _("“{word}” is not on the list.", word=quote(word, LONGEST_WORD))


def _some(words: Sequence[str]) -> str:
    named = [_quoted(word, _NAMED_SHOWN) for word in words[:_NAMED]]
    if more := len(words[_NAMED:]):
        named.append(ngettext("{count} more", "{count} more", more))
    return format_list(named)


def _listed(words: WordList) -> str:
    shown: list[str] = []
    for word in sorted(words.words, key=str.casefold):
        if length(" · ".join([*shown, _quoted(word)])) > _ROOM:
            more = len(words.words) - len(shown)
            return " · ".join(shown) + "\n" + ngettext("and {count} more", "and {count} more", more)
        shown.append(_quoted(word))
    return " · ".join(shown)


def _quoted(word: str, most: int = LONGEST_WORD) -> str:
    return in_quotes(quote(word, most))
