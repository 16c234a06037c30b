"""The check knows how each language is written; and what is put together of its messages is written so, too."""

from __future__ import annotations

import re

import pytest

from bot.i18n.translation import LANGUAGES
from tests.texts.cases import CASES
from tests.texts.snapshots import path_of
from tools.spelling import misspelt

WRONG = [
    ("de", "Das “Modell”", "quotation marks"),
    ("de", "Das „Modell”", "quotation marks"),
    ("de", "Zu 90% fertig", "a blank stands before %"),
    ("de", "Wo : überall", "no blank stands before it"),
    ("de", 'Das "Modell"', "quotation marks are curved"),
    ("de", "Erst das , dann dies", "no blank stands before it"),
    ("de", "Gleich...", "it is one sign"),
    ("de", "Zwei  Wörter", "a blank too many"),
    ("fr", "Où: partout", "a blank that keeps lines together is missing"),
    ("fr", "Où : partout", "a blank that keeps lines together is missing"),
    ("fr", "Prêt ! À toi", "a blank that keeps lines together is missing"),
    ("fr", "« Sora »", "a blank that keeps lines together is missing"),
    ("fr", "90 % fait", "a blank that keeps lines together is missing"),
    ("fr", "Le modèle “Sora”", "quotation marks"),
    ("fr", "l'image", "the apostrophe"),
    ("es", "Qué pasó?", "it begins with ¿"),
    ("es", "Un vídeo", "it is a video"),
    ("es", "El 90 %", "no blank stands before %"),
    ("es_ES", "Un video", "it is a vídeo"),
    ("es_ES", "El 90%", "a blank stands before %"),
    ("pt_BR", "90 % pronto", "no blank stands before %"),
    ("pt_BR", "O «modelo»", "quotation marks"),
    ("ja", "使える場所: すべて", "it is full-width"),
    ("ja", "今日(UTC)", "it is full-width"),
    ("ja", "“Sora”のみ", "quotation marks"),
    ("ja", "できました。 次へ", "the mark brings its own blank"),
    ("ja", "残り 三本", "no blank stands between two of these"),
    ("zh_CN", "每天 5 个, 同时 1 个", "it is full-width"),
    ("zh_CN", "已完成.", "it is full-width"),
    ("zh_CN", "仅 “Sora”", "the mark brings its own blank"),
    ("zh_CN", "「模型」", "quotation marks"),
    ("zh_TW", "“模型”", "quotation marks"),
    ("zh_TW", "模型已完成！ 請看", "the mark brings its own blank"),
    ("zh_TW", "身份組", "another word"),
    ("zh_TW", "伺服器的设定", "simplified characters"),
]
RIGHT = [
    ("de", "Das „Modell“: zu 90 % fertig (`a : b`), um 12:30!"),
    ("fr", "Où\u00a0: «\u00a0Sora\u00a0», l’image à 90\u00a0%\u202f; à 12:30\u202f!"),
    ("es", "¿Qué pasó? El video “Sora” va al 90%."),
    ("es_ES", "¿Qué ha pasado? El vídeo “Sora” va al 90 %."),
    ("pt_BR", "O modelo “Sora” está em 90%: falta pouco!"),
    ("ja", "今日（UTC）の「Sora 2」：/動画 を使う。12:30、1,234本"),
    ("zh_CN", "仅“Sora 2”：今天（UTC）12:30，`/限制 查看`。"),
    ("zh_TW", "僅「Sora 2」：今天（UTC）12:30，`/限制 檢視`。"),
]


@pytest.mark.parametrize(("language", "text", "why"), WRONG)
def test_what_a_language_does_not_write_is_found(language: str, text: str, why: str) -> None:
    assert any(why in found for found in misspelt(language, text))


@pytest.mark.parametrize(("language", "text"), RIGHT)
def test_what_a_language_writes_is_let_be(language: str, text: str) -> None:
    assert list(misspelt(language, text)) == []


# Headings and facts of the snapshots, prompts, links, mentions and times, and what was escaped.
_NOT_OURS = re.compile(r"^(?:===|\[|> |\(nothing\)).*|(?<=\])\([^)]*\)|https?:\S*|<[^>]*>|\\.", re.MULTILINE)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_is_put_together_of_messages_is_written_as_in_each_of_them(locale: str) -> None:
    shown = {
        line for module in CASES for line in _NOT_OURS.sub("``", path_of(module, locale).read_text("utf-8")).split("\n")
    }
    parts = {part for line in shown for part in re.split(r" · | → |^\*\*[^*]*\*\* |^[-#]* ", line)}

    assert {part: found for part in parts if (found := list(misspelt(LANGUAGES[locale].catalogue, part.strip())))} == {}
