"""Words that are not wanted are found as whole words, in any case and width, and in scripts without spaces anywhere."""

from __future__ import annotations

import pytest

from bot.policy.word_list import WordList, has_word

FOUND = [
    ("cat", "A CAT!"),
    ("cat", "ｔｈｅ　ＣＡＴ"),
    ("cat", "cat's"),
    ("cat", "the\ncat-dog"),
    ("cat", "ca\u00adt and c\u200bat"),
    ("cat", "c\u2800a\ufe0ft"),
    ("STRASSE", "auf der Straße"),
    ("Ärger", "a\u0308rger"),
    ("big dog", "a Big,\n  DOG"),
    ("big-dog", "big dog"),
    ("हिन्दी", "मैं हिन्दी बोलता हूँ"),
    ("ナチ", "ﾅﾁの旗"),
    ("セックス", "セックスを"),
    ("爆弾", "小さな爆弾を作る"),
    ("ばか", "ばかり"),
    ("天安门", "在天安门广场"),
    ("폭탄", "폭탄을 만들다"),
    ("ระเบิด", "ทำระเบิดเอง"),
    ("🍆", "look 🍆🏽!"),
    ("❤", "❤️"),
    ("a$$", "A$$"),
    ("42", "4\uff12"),
]
NOT_FOUND = [
    ("cat", "category concatenate"),
    ("cat", "cats"),
    ("cat", "ca t"),
    ("cat", "c\u0301at"),
    ("cafe", "café"),
    ("big dog", "a big old dog"),
    ("big dog", "dog big"),
    ("हिन", "हिन्दी"),
    ("ナチ", "ナチュラル"),
    ("กา", "ก่า"),
    ("爆弾", "爆 発 弾"),
    ("🍆", "🍅"),
    ("42", "420"),
    ("cat", ""),
]


@pytest.mark.parametrize(("word", "prompt"), FOUND)
def test_a_word_is_found_whole_in_any_case_and_width(word: str, prompt: str) -> None:
    assert WordList(("other", word)).found_in([prompt]) == word


@pytest.mark.parametrize(("word", "prompt"), NOT_FOUND)
def test_a_word_is_not_found_in_another_one(word: str, prompt: str) -> None:
    assert WordList((word,)).found_in([prompt]) is None


def test_signs_of_patterns_are_no_patterns() -> None:
    assert WordList((".*", "c.t", "c*")).found_in(["cat", "cc", "anything"]) is None


def test_a_phrase_does_not_reach_from_one_text_into_the_next() -> None:
    assert WordList(("big dog",)).found_in(["big", "dog"]) is None
    assert WordList(("big dog",)).found_in(["small", "big dog"]) == "big dog"


def test_a_word_is_there_once_in_whatever_form_and_keeps_the_first() -> None:
    words = WordList().with_words(["Cat", "CAT", "big  dog", "ｂｉｇ-dog"])
    assert words.words == ("Cat", "big  dog")
    assert words.without(["cAt"]).words == ("big  dog",)
    assert words.without(["cow"]) == words


def test_a_list_is_read_as_it_was_written() -> None:
    words = WordList(("Cat", "爆弾", '"quoted"', "🍆"))
    assert WordList.from_json(words.to_json()) == words


@pytest.mark.parametrize("text", ["", " ", "\u2800", "…!?", "\u200b", "\u0301", "()"])
def test_what_holds_nothing_to_compare_with_is_no_word(text: str) -> None:
    assert not has_word(text)
    assert WordList((text,)).found_in(["anything … \u200b"]) is None
