"""Words and numbers in the language of the reader: fallbacks, plurals, forms of numbers, whose language it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.i18n import translation as language
from bot.i18n.translation import (
    ENGLISH,
    LANGUAGES,
    _,
    command,
    day_words,
    format_list,
    format_or,
    in_context,
    locale_context,
    money,
    ngettext,
    number,
    percent,
    pgettext,
    plain_money,
    set_locale,
    span_words,
)
from bot.texts.view import duration
from tests.programs import run_program

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Number {place} in the queue."
msgstr "In der Schlange auf Platz {place}."

msgid "{member} asked for {thing}"
msgstr "{thing}: das wollte {member}"

msgid "{a} is broken"
msgstr "{b} ist kaputt"

msgid "{a} is open"
msgstr "{a ist offen"

msgid "not translated"
msgstr ""

msgid "{count} video"
msgid_plural "{count} videos"
msgstr[0] "ein Video"
msgstr[1] "{count} Videos"

msgctxt "command name"
msgid "limits"
msgstr "grenzen"

msgctxt "wait"
msgid "none of {count}"
msgstr "keine von {count}"

msgctxt "log channel"
msgid "none of {count}"
msgstr "keiner von {count}"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak a small German of this test's own."""
    path = tmp_path / "de" / "LC_MESSAGES" / "kinora.po"
    path.parent.mkdir(parents=True)
    path.write_text(GERMAN, "utf-8")
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    forget()
    with locale_context("de"):
        yield
    forget()


def forget() -> None:
    language._catalogue.cache_clear()
    language._read.cache_clear()


def test_english_loads_nothing_of_babel() -> None:
    assert run_program("speak_english").returncode == 0


def test_words_and_their_placeholders_are_those_of_the_language(german: None) -> None:
    assert _("Number {place} in the queue.", place=3) == "In der Schlange auf Platz 3."
    assert _("{member} asked for {thing}", member="<@1>", thing="{braces}") == "{braces}: das wollte <@1>"


def test_one_english_text_is_said_in_another_way_in_each_context(german: None) -> None:
    said = [pgettext(context, "none of {count}", count=3) for context in ("wait", "log channel", "elsewhere")]

    assert said == ["keine von 3", "keiner von 3", "none of 3"]


def test_plurals_follow_the_rule_of_the_language(german: None) -> None:
    said = [ngettext("{count} video", "{count} videos", count) for count in (1, 2, 1234)]

    assert said == ["ein Video", "2 Videos", "1.234 Videos"]


@pytest.mark.parametrize(
    ("text", "english"),
    [("not translated", "not translated"), ("unheard of", "unheard of"), ("{a} is broken", "x is broken"),
     ("{a} is open", "x is open")],
)  # fmt: skip
def test_what_is_missing_or_broken_is_said_in_english(german: None, text: str, english: str) -> None:
    assert _(text, a="x") == english


SPANISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Open video"
msgstr "Abrir el video"

msgid "Cancel"
msgstr "Cancelar"

msgid "{count} video"
msgid_plural "{count} videos"
msgstr[0] "un video"
msgstr[1] "{count} videos"
"""


@pytest.fixture
def spains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let there be a small Spanish, in which Spain writes a word in its own way."""
    cancels = SPANISH.index('msgid "Cancel"')
    for name, said in {"es": SPANISH, "es_ES": SPANISH[:cancels].replace('video"\n\n', 'vídeo"\n\n')}.items():
        path = tmp_path / name / "LC_MESSAGES" / "kinora.po"
        path.parent.mkdir(parents=True)
        path.write_text(said, "utf-8")
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    forget()
    yield
    forget()


@pytest.mark.parametrize(("locale", "own"), [("es-ES", "Abrir el vídeo"), ("es-419", "Abrir el video")])
def test_a_region_has_words_of_its_own_and_says_the_rest_as_its_base_or_in_english(
    spains: None, locale: str, own: str
) -> None:
    with locale_context(locale):
        assert [_("Open video"), _("Cancel"), ngettext("{count} video", "{count} videos", 2), _("unheard of")] == [
            own,
            "Cancelar",
            "2 videos",
            "unheard of",
        ]
    assert in_context("command name", "limits", locale) is None


def test_commands_are_called_as_discord_calls_them(german: None) -> None:
    assert command("/limits member") == "/grenzen member"
    assert in_context("command name", "limits", "de") == "grenzen"
    assert in_context("command name", "member", "de") is None
    assert in_context("command name", "limits", "sv-SE") is None


def test_after_the_block_the_language_is_what_it_was() -> None:
    with locale_context("de"):
        with locale_context("ja"):
            assert number(1234) == "1,234"
        assert number(1234) == "1.234"
    assert number(1234) == "1,234"


async def test_tasks_started_by_others_speak_their_own_language() -> None:
    async def reply(locale: str) -> str:
        set_locale(locale)
        await asyncio.sleep(0)
        return await asyncio.create_task(later())

    async def later() -> str:
        return money(1_500_000)

    assert await asyncio.gather(reply("de"), reply("ja"), later()) == ["1,50", "1.50", "1.50"]
    assert money(1_500_000) == "1.50"


@pytest.mark.parametrize("locale", [ENGLISH, "en-GB", "sv-SE", "", "nonsense"])
def test_english_and_whatever_is_no_language_of_ours_have_the_english_form(locale: str) -> None:
    with locale_context(locale):
        assert [number(1234567), percent(12.54), percent(50), percent(99.6, 0)] == [
            "1,234,567",
            "12.5%",
            "50%",
            "100%",
        ]
        assert [money(0), money(12_500_000), money(1_234_567_891)] == ["0.00", "12.50", "1,234.567891"]
        assert [duration(45), duration(125), duration(3780)] == ["45 s", "2 min 5 s", "1 h 3 min"]
        assert span_words(date(2025, 12, 1), date(2026, 3, 9)) == "1 Dec 2025 – 9 Mar 2026"
        assert span_words(date(2026, 3, 1), date(2026, 3, 9)) == "1 Mar – 9 Mar 2026"
        assert [format_or("abc"), format_list("abc"), format_list("ab", choice=True), format_list("a")] == [
            "a or b or c",
            "a, b and c",
            "a or b",
            "a",
        ]


@pytest.mark.parametrize(
    ("locale", "whole", "share", "amount", "day", "names"),
    [
        ("de", "1.234.567", "12,5 %", "12,50", "9. März", "a, b und c"),
        ("fr", "1 234 567", "12,5 %", "12,50", "9 mars", "a, b et c"),
        ("es-ES", "1.234.567", "12,5 %", "12,50", "9 mar", "a, b y c"),
        ("es-419", "1,234,567", "12.5%", "12.50", "9 mar", "a, b y c"),
        ("pt-BR", "1.234.567", "12,5%", "12,50", "9 de mar.", "a, b e c"),
        ("ja", "1,234,567", "12.5%", "12.50", "3月9日", "a、b、c"),
        ("zh-CN", "1,234,567", "12.5%", "12.50", "3月9日", "a、b和c"),
        ("zh-TW", "1,234,567", "12.5%", "12.50", "3月9日", "a、b和c"),
    ],
)
def test_numbers_and_lists_have_the_form_of_the_locale(
    locale: str, whole: str, share: str, amount: str, day: str, names: str
) -> None:
    with locale_context(locale):
        shown = [number(1234567), percent(12.54), money(12_500_000), day_words(date(2026, 3, 9)), format_list("abc")]

    assert [" ".join(words.split()) for words in shown] == [whole, share, amount, day, names]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_spreadsheets_read_amounts_alike_in_every_language(locale: str) -> None:
    with locale_context(locale):
        assert plain_money(12_500_000) == "12.50"
