"""The languages that a visitor can set Discord to, and commands as Discord shows them in one of those."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.state.commands import CommandDefinition

ENGLISH = "en-US"
LANGUAGES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es-ES": "Español",
    "fr": "Français",
    "ja": "日本語",
    "pt-BR": "Português (Brasil)",
    "zh-CN": "中文",
}
"""Each language's own name, by Discord's locale."""


def language_list() -> list[dict[str, str]]:
    """Every language: `locale`, and its own `name`."""
    return [{"locale": locale, "name": name} for locale, name in LANGUAGES.items()]


def known_language(locale: str | None) -> str:
    """`locale` if it is one of `LANGUAGES`, otherwise English."""
    return locale if locale in LANGUAGES else ENGLISH


def localized(definition: CommandDefinition, locale: str) -> dict[str, Any]:
    """
    A command, or an option or choice of one, with what is in it.

    Where it has words in `locale`, they are its `name_localized` and `description_localized`, as in Discord's answers
    (docs: interactions/application-commands, "Retrieving localized commands"); those of other languages are left out.
    """
    shown = {key: value for key, value in definition.items() if not key.endswith("_localizations")}
    for word in ("name", "description"):
        if said := (definition.get(f"{word}_localizations") or {}).get(locale):
            shown[f"{word}_localized"] = said
    for inner in ("options", "choices"):
        if inner in definition:
            shown[inner] = [localized(each, locale) for each in definition[inner]]
    return shown
