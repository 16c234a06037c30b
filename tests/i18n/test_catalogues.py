"""The catalogues and the code fit together: nothing is missing, left over, broken, or said past the catalogues."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import discord
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.gateway.client import EXTENSIONS
from bot.i18n import translation as language
from bot.i18n.translation import DOMAIN, LOCALES
from bot.media.picture_problems import PictureProblem
from bot.models import Outcome
from bot.policy.admission import Denial, DenialReason
from bot.policy.blocks import KINORA, Block
from bot.policy.limit_kinds import kinds
from bot.policy.policy import Allowance
from bot.texts.buttons import button_label
from bot.texts.chart import chart_words
from bot.texts.denials import denial_sentence
from bot.texts.pictures import picture_sentence
from bot.texts.policy import policy_lines
from bot.texts.refusals import RefusalCost, refusal_details
from bot.texts.server_log import paused_line
from cogs.shared.localized import LocalizedItem
from tests.texts import test_details as details
from tests.texts import test_job_reply as texts
from tests.texts import test_limits as limits
from tests.texts import test_privacy as privacy
from tests.texts import test_quota as quota
from tests.texts import test_usage as usage
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
    found = problems(catalogues.read(name))

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

msgid "Place {{place}} in the line."
msgstr "{place}"

msgid "**Now it is:**"
msgstr "{now}"

msgid "-# The server as a whole has no limits; `/limits` sets them."
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
    assert [cls.__name__ for cls in ours if cls.interaction_check is not LocalizedItem.interaction_check] == []


def _subclasses(cls: type) -> set[type]:
    return {cls, *(below for direct in cls.__subclasses__() for below in _subclasses(direct))}


# Every view, with a catalogue in which each message stands in brackets: what is outside of them was not looked up.
VIEWS: dict[str, Callable[[], str]] = {
    "each state of a job": lambda: "\n".join(
        texts.shown(texts.job_view(end, texts.ASKED, texts.NOW)) for end in texts.ENDS
    ),
    "a job at work": lambda: texts.shown(texts.job_view(texts.at_work(typical=90.0), texts.ASKED, texts.NOW)),
    "the reasons of refusals": lambda: "\n".join(
        "\n".join(refusal_details(outcome, "", RefusalCost(charged=True, counted=False)).paragraphs)
        for outcome in Outcome
        if outcome.is_refusal
    ),
    "what a member is denied": lambda: "\n".join(
        denial_sentence(Denial(reason, of_server, most, texts.NOW, allowed=(1, 2)))
        for reason in (*DenialReason, *kinds())
        for of_server in (True, False)
        for most in (0, 1, 5)
    ),
    "the usage of a server": lambda: usage.overview(usage.a_report()),
    "the usage of a member": lambda: usage.member(Allowance(videos_day=3, money_month=5, at_once=1)),
    "the rules": lambda: "\n".join(policy_lines(limits.FULL, limits.HERE)),
    "a request": lambda: details.shown(details.details_view(details.DONE, [], None, 3)),
    "a quota": lambda: quota.page(quota.LimitUsage(Allowance(videos_day=5, cooldown=60), quota.SOME, quota.NOW)),
    "what is kept": lambda: privacy.shown(privacy.privacy_view(30, 48, link_sent=False)),
    "what is wrong with a picture": lambda: "\n".join(map(picture_sentence, PictureProblem)),
    "the buttons of each state": lambda: "\n".join(
        button_label(action) for end in texts.ENDS for action in texts.job_view(end, texts.ASKED, texts.NOW).actions
    ),
    "a pause in the server's log": lambda: paused_line(Block(1, 2, texts.NOW, "", KINORA, texts.NOW)),
    "a chart": lambda: "\n".join(astuple(chart_words(usage.a_report()))),
}


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


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_says_nothing_past_the_catalogues(bracketed: None, view: str) -> None:
    shown = VIEWS[view]()
    assert "⟦" in shown
    while shown != (shown := re.sub(r"⟦[^⟦⟧]*⟧", "", shown)):
        pass

    outside = re.sub(r"<[^>]*>|`[^`]*`|\(https:[^)]*\)|“[^”]*”", "", shown)
    assert set(re.findall(r"[^\W\d_]{2,}", outside)) <= {"UTC", *NAMES}


# The names, prompts and links in the views.
NAMES = {"lighthouse", "at", "dusk", "My", "server", "Sora", "März"}
