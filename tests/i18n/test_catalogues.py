"""The catalogues and the code fit together: nothing is missing, left over, broken, or said past the catalogues."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.gateway.client import EXTENSIONS
from bot.i18n import translation as language
from bot.i18n.translation import DOMAIN, LOCALES
from cogs.shared.localized import Form, LocalizedItem
from tests.texts.cases import CASES
from tests.texts.snapshots import rendered
from tools import catalogues
from tools.extraction import template
from tools.problems import problems


def keys(catalog: Catalog) -> set[tuple[Any, Any]]:
    return {(message.context, message.id) for message in catalog if message.id}


def test_the_template_holds_the_words_of_the_code_and_no_others() -> None:
    with (LOCALES / f"{DOMAIN}.pot").open("rb") as file:
        written = read_po(file)

    assert keys(written) == keys(template()), "run `make catalogues`"


@pytest.mark.parametrize("name", catalogues.NAMES)
def test_a_catalogue_says_everything_and_says_it_whole(name: str) -> None:
    found = catalogues.found_in(name)

    assert not found, f"{len(found)} problems, such as:\n" + "\n".join(found[:40])


def test_no_catalogue_is_without_a_language() -> None:
    assert sorted(path.parent.parent.name for path in LOCALES.rglob("*.po")) == catalogues.NAMES


A_CATALOGUE = r"""
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgctxt "command name"
msgid "limits"
msgstr "{name}"

msgctxt "command name"
msgid "usage"
msgstr "nutzung"

msgid "Number {{place}} in the queue."
msgstr "{place}"

msgid "**It is now:**"
msgstr "{now}"

msgid "-# The server has no limits; set them with `/limits`."
msgstr "{hint}"

msgid "{{count}} video"
msgid_plural "{{count}} videos"
msgstr[0] "{video}"
msgstr[1] "{{count}} Videos"

msgid "Log"
msgstr "{log}"
"""
GOOD = {
    "name": "grenzen",
    "place": "Platz {place} in der Schlange.",
    "now": "**Jetzt gilt:**",
    "hint": "-# Der Server als Ganzes hat keine Grenzen; `/grenzen` setzt sie.",
    "video": "{count} Video",
    "log": "Protokoll",
}
COMPLAINTS = [
    ("place", "Platz {platz} in der Schlange.", "other placeholders"),
    ("place", "Platz {place in der Schlange.", "other placeholders"),
    ("place", "Platz in der Schlange.", "other placeholders"),
    ("place", "", "missing"),
    ("now", "Jetzt gilt:", "other number of '**'"),
    ("hint", "Der Server als Ganzes hat keine Grenzen; `/grenzen` setzt sie.", "other number of '-# '"),
    ("hint", "-# Der Server als Ganzes hat keine Grenzen; `/limits` setzt sie.", "other words in backticks"),
    ("name", "Grenzen", "no name for Discord"),
    ("name", "die grenzen", "no name for Discord"),
    ("name", "nutzung", "two of the commands are called nutzung"),
    ("video", "", "missing"),
    ("video", "ein {thing}", "other placeholders"),
    ("log", "Log", "the same as the English"),
    ("log", "Das Protokoll, in dem alles steht, was hier geschehen ist", "longer than 45"),
]


def complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **said: str) -> set[str]:
    path = tmp_path / "de" / "LC_MESSAGES" / "kinora.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(A_CATALOGUE.format(**GOOD | said), "utf-8")
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path)
    return set(problems(catalogues.read("de")))


@pytest.mark.parametrize(("which", "said", "why"), COMPLAINTS)
def test_the_check_finds_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, said: str, why: str
) -> None:
    more = complaints(tmp_path, monkeypatch, **{which: said}) - complaints(tmp_path, monkeypatch)

    assert any(why in line for line in more), more


def overlaid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, name: str, **said: tuple[str, str]
) -> set[str]:
    """Return the problems of an overlay, by what its base and it say of ``place`` and ``log``, "" for nothing."""
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path)
    english = {"place": "Number {place} in the queue.", "log": "Log"}
    for catalogue, index in ((base, 0), (name, 1)):
        catalog = Catalog(locale=catalogue, domain=DOMAIN)
        for key, texts in said.items():
            catalog.add(english[key], texts[index])
        catalogues.write(catalog, catalogues.path_of(catalogue))
    return {line for line in catalogues.found_in(name) if not line.startswith("missing")}


@pytest.mark.parametrize(
    ("names", "texts", "why"),
    [
        (("zh_CN", "zh_TW"), ("日志", "日志"), "as in zh_CN, so leave it out"),
        (("zh_CN", "zh_TW"), ("记录", ""), "'记录': simplified characters"),
        (("zh_CN", "zh_TW"), ("日志", "日誌"), "'日誌': in Taiwan"),
        (("es", "es_ES"), ("Del video", ""), "'video': in Spain it is a vídeo"),
    ],
)
def test_the_check_of_an_overlay_tells_what_it_repeats_and_what_its_base_says_in_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str], texts: tuple[str, str], why: str
) -> None:
    found = overlaid(tmp_path, monkeypatch, *names, log=texts)

    assert any(why in line for line in found), found


def test_an_overlay_that_leaves_out_what_its_base_says_as_well_has_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"place": ("当前排在第 {place} 位。", "目前排在第 {place} 位。"), "log": ("原因", "")}

    assert overlaid(tmp_path, monkeypatch, "zh_CN", "zh_TW", **said) == set()


def test_an_update_adds_nothing_to_an_overlay_and_takes_out_what_the_code_no_longer_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path)
    monkeypatch.setattr(catalogues, "NAMES", ["es_ES"])
    catalog = Catalog(locale="es_ES", domain=DOMAIN)
    for english, spanish in {"Which picture?": "Qué imagen", "Nobody says this": "Un vídeo"}.items():
        catalog.add(english, spanish)
    catalogues.write(catalog, catalogues.path_of("es_ES"))

    catalogues.update()

    assert {(m.id, m.string) for m in catalogues.read("es_ES") if m.id} == {("Which picture?", "Qué imagen")}


def test_whoever_uses_an_item_or_a_form_is_answered_in_their_language() -> None:
    for extension in EXTENSIONS:
        importlib.import_module(extension)
    ours = [
        cls
        for cls in _subclasses(discord.ui.DynamicItem) | _subclasses(discord.ui.Modal)
        if cls.__module__.startswith("cogs")
    ]

    assert len(ours) >= 10
    assert [cls.__name__ for cls in ours if not issubclass(cls, LocalizedItem)] == []
    checks = (LocalizedItem.interaction_check, Form.interaction_check)  # the second asks the first
    assert [cls.__name__ for cls in ours if cls.interaction_check not in checks] == []


def _subclasses(cls: type) -> set[type]:
    return {cls, *(below for direct in cls.__subclasses__() for below in _subclasses(direct))}


@pytest.fixture
def bracketed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak a language in which everything is said as in English, in brackets."""
    catalog = template()
    said = Catalog(locale="de", domain=DOMAIN)
    for message in catalog:
        if message.id:
            forms = tuple(f"⟦{form}⟧" for form in message.id) if isinstance(message.id, tuple) else f"⟦{message.id}⟧"
            said.add(message.id, forms, context=message.context)
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path)
    catalogues.write(said, catalogues.path_of("de"))
    _forget()
    with language.locale_context("de"):
        yield
    _forget()


def _forget() -> None:
    language._catalogue.cache_clear()
    language._read.cache_clear()


@pytest.mark.parametrize("module", CASES)
def test_no_punctuation_or_blank_is_put_between_what_the_catalogues_say(bracketed: None, module: str) -> None:
    shown = "\n".join(rendered(said()) for named in CASES[module].values() for said in named.values())
    while shown != (shown := re.sub(r"(⟦[^⟦⟧]*)⟦([^⟦⟧]*)⟧", r"\1\2", shown)):  # what stands within another
        pass

    said = r"\**⟦[^⟦⟧]*⟧\**"
    assert re.findall(rf"⟧ \**⟦|{said} ?[,:;.(“]|[,;)”] ?{said}|\({said}", shown) == []


@pytest.mark.parametrize("module", CASES)
def test_a_text_says_nothing_past_the_catalogues(bracketed: None, module: str) -> None:
    shown = "\n".join(rendered(said()) for named in CASES[module].values() for said in named.values())
    assert "⟦" in shown or module == "model_label"
    while shown != (shown := re.sub(r"⟦[^⟦⟧]*⟧", "", shown)):
        pass

    outside = re.sub(r"^\[[^\]]*\]|<[^>]*>|`[^`]*`|https?:[^) ]*|“[^”]*”", "", shown, flags=re.MULTILINE)
    assert set(re.findall(r"[^\W\d_]{2,}", outside)) <= {"UTC", *NAMES}


# The names and prompts in the cases, German months and the words of its lists, and what stands for the missing value
# and the missing words.
NAMES = {"lighthouse", "at", "dusk", "My", "server", "Sora", "sora", "Pro", "https", "example", "everyone"}
NAMES |= {"Wan", "Vidu", "Frames", "name", "und", "oder", "Jan", "März", "Apr", "Dez", "null", "nothing"}
