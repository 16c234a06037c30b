"""The decision table and what it is made of."""

from __future__ import annotations

import pytest

from bot.providers.judge.decisions import RULES
from bot.providers.judge.judge import judge
from bot.providers.judge.vocabulary import FEATURES


def test_the_rules_are_made_of_features_that_have_words() -> None:
    used = {name for rule in RULES for names in (*rule.needs, rule.unless) for name in names}

    assert used == set(FEATURES)


def test_no_two_rules_have_one_name_and_each_has_a_source() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize(
    ("refusal", "twin"),
    [
        ("The image violates our content policy", "The request violates our data policy"),
        ("Content rejected by moderation", "Failed to moderate image"),
        ("Sensitive content detected", "Model names are case-sensitive"),
        ("检测到人脸，暂不支持", "图片中未检测到人脸"),
        ("内容审核未通过", "内容审核服务超时"),
        ("图片违规", "图片尺寸不符合要求"),
        ("Изображение нарушает правила сервиса", "Изображение слишком большое"),
        ("Das Bild verstößt gegen die Richtlinien", "Das Bild hat ein falsches Format"),
        ("La imagen infringe las políticas de contenido", "La política de retención de datos no lo permite"),
        ("画像がポリシーに違反しています", "画像のサイズが大きすぎます"),
    ],
)
def test_a_refusal_and_its_twin_are_told_apart(refusal: str, twin: str) -> None:
    refused, other = judge(refusal), judge(twin)

    assert refused
    assert refused.outcome.is_refusal
    assert not (other and other.outcome.is_refusal)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_key_is_the_operators_only_in_an_answer_to_this_request(status: int) -> None:
    mine, upstream = judge("Invalid API key", status=status), judge("upstream: invalid API key", status=status)
    assert mine
    assert upstream
    assert (mine.outcome.value, upstream.outcome.value) == ("auth", "provider_error")


def test_a_refused_key_after_work_has_begun_or_with_a_5xx_is_the_services_own() -> None:
    for verdict in (judge("Invalid API key", status=500), judge("Invalid API key", started=True)):
        assert verdict
        assert verdict.outcome.value == "provider_error"
