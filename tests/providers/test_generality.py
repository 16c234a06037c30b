"""What holds of any reply: a success in any dressing, a failure in any place, and any prompt as an echo."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wire import DONE, delta, event, outcome, read, reasoning, urls

FINISH = delta(finish="stop") + DONE
MP4 = "https://cdn.example/v/0f3a.mp4"
PLAIN = "https://cdn.example/play/77?sig=a%2Fb"

DRESSINGS: dict[str, Callable[[str], str]] = {
    "markdown": lambda link: f"[Download the video]({link})",
    "chinese markdown": lambda link: f"视频生成成功，[点击这里]({link}) 查看视频~~~",
    "image whose label says video": lambda link: f"![video]({link})",
    "poster in a link": lambda link: f"[![poster](https://cdn.example/p.jpg)]({link})",
    "tag": lambda link: f"<video controls src='{link}'></video>",
    "anchor": lambda link: f'<a href="{link}" target="_blank">▶ Watch</a>',
    "anchor around a poster": lambda link: f'<a href="{link}"><img src="https://cdn.example/p.jpg" alt="x"></a>',
    "label and colon": lambda link: f"视频链接：{link}",
    "english label": lambda link: f"Your video is ready: {link}",
    "label above": lambda link: f"Download:\n{link}",
    "two brackets": lambda link: f"[[下载视频]]({link})",
    "angle brackets": lambda link: f"✅ Done <{link}>",
    "fence of JSON": lambda link: f'```json\n{{"video_url": "{link}"}}\n```',
    "escaped slashes": lambda link: f"视频地址: {link.replace('/', chr(92) + '/')}",
    "full stop of another script": lambda link: f"视频：{link}。请查收",
    "beside a cover and a page of help": lambda link: (
        f"[封面](https://cdn.example/c.jpg)\n[下载视频]({link})\n[帮助](https://cdn.example/help)"
    ),
}
FIELDS: dict[str, Callable[[str], str]] = {
    "beside choices": lambda link: json.dumps({"choices": [{"message": {"content": "done"}}], "video_url": link}),
    "a part of the content": lambda link: event(
        {"choices": [{"delta": {"content": [{"type": "video_url", "video_url": {"url": link}}]}}]}
    ),
    "videos of the message": lambda link: json.dumps(
        {"choices": [{"message": {"content": "", "videos": [{"url": link}]}}]}
    ),
    "data": lambda link: json.dumps({"code": 0, "data": {"url": link}}),
    "output": lambda link: json.dumps({"status": "succeeded", "output": [link]}),
    "JSON in the content": lambda link: json.dumps({"choices": [{"message": {"content": json.dumps({"url": link})}}]}),
}
REFUSALS = {
    "The uploaded image violates our content policy.": "moderation_image",
    "上传的图片违反了内容规范": "moderation_image",
    "Your prompt was flagged by the safety system.": "moderation_prompt",
    "提示词包含敏感内容，请修改后重试": "moderation_prompt",
    "Le texte enfreint nos règles de contenu.": "moderation_prompt",
    "生成された動画がポリシーに違反しています": "moderation_result",
    "The generated video was rejected by content moderation.": "moderation_result",
    "Запрос отклонён системой модерации: изображение нарушает правила": "moderation_image",
    "Das Bild verstößt gegen die Richtlinien.": "moderation_image",
    "업로드한 이미지가 정책을 위반했습니다": "moderation_image",
}
FAILURES = {
    "Parameter 'duration' must be 5 or 10": "provider_error",
    "Internal server error": "provider_error",
    "Insufficient credits": "quota",
    "余额不足，请充值": "quota",
    "Rate limit exceeded": "rate_limited",
}
PLACES: dict[str, Callable[[str], str]] = {
    "an error object": lambda text: event({"error": {"message": text, "type": "x", "code": None}}) + DONE,
    "an error string": lambda text: json.dumps({"error": text}),
    "an error of a choice": lambda text: json.dumps(
        {"choices": [{"message": {"content": ""}, "error": {"code": 400, "message": text}, "finish_reason": "error"}]}
    ),
    "a failed task": lambda text: json.dumps({"data": {"task_status": "failed", "task_status_msg": text}}),
    "a reason of failure": lambda text: json.dumps({"id": "1", "state": "fail", "failMsg": text}),
    "a code of its own": lambda text: json.dumps({"code": -7, "msg": text, "data": None}),
    "a marked line": lambda text: delta(f"> ❌ {text}\n") + FINISH,
    "the reasoning alone": lambda text: reasoning(f"❌ {text}\n") + FINISH,
    "JSON within a message": lambda text: event(
        {"error": {"message": "API request failed: 400 - " + json.dumps({"error": {"message": text}})}}
    ),
    "a list": lambda text: json.dumps([{"error": {"code": 400, "message": text}}]),
}
ADVICE = (
    "",
    " Please try again with another prompt or image.",
    " 请修改提示词或更换图片后重试。",
    " Bitte ändern Sie den Text.",
)


@pytest.mark.parametrize("link", [MP4, PLAIN])
@pytest.mark.parametrize("dressing", DRESSINGS)
def test_a_link_is_found_in_any_dressing(dressing: str, link: str) -> None:
    assert urls(read(delta(DRESSINGS[dressing](link) + "\n") + FINISH)[0]) == [link]


@pytest.mark.parametrize("link", [MP4, PLAIN])
@pytest.mark.parametrize("place", FIELDS)
def test_a_link_is_found_in_any_field(place: str, link: str) -> None:
    assert urls(read(FIELDS[place](link))[0]) == [link]


@pytest.mark.parametrize("place", PLACES)
def test_a_failure_means_the_same_in_any_place_with_and_without_advice(place: str) -> None:
    wrong = {
        (text, advice): outcome(ending)
        for text, expected in {**REFUSALS, **FAILURES}.items()
        for advice in ADVICE
        if outcome(ending := read(PLACES[place](text + advice))[0]) != expected
    }
    assert wrong == {}


_LOUD = (
    "failed|violates the policy|99%|❌|blocked|真人|违规|nude|error|https://x.example/a.mp4|a|cat|dances|rejected|Ошибка"
    "|insufficient credits|儿童|100％|finished"
)
_WORDS = st.sampled_from((*_LOUD.split("|"), '{"status": "failed"}'))
_PROMPTS = st.lists(_WORDS, min_size=2, max_size=6).map(" ".join)
_ECHOES = st.sampled_from(
    [
        lambda prompt: f"> Prompt: {prompt}\n",
        lambda prompt: f'Generating "{prompt}"\n',
        lambda prompt: f"正在生成：{prompt}\n",
        lambda prompt: "```json\n" + json.dumps({"prompt": prompt, "mode": "x"}, indent=1) + "\n```\n",
    ]
)


@given(_PROMPTS, _ECHOES, st.integers(1, 9))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_prompt_that_is_repeated_changes_how_a_reply_ends(
    prompt: str, echo: Callable[[str], str], step: int
) -> None:
    began = delta(echo(prompt))
    assert urls(read(began + delta(f"[下载视频]({MP4})\n") + FINISH, prompt=prompt, step=step)[0]) == [MP4]
    assert outcome(read(began + delta("Progress: 40%\n") + FINISH, prompt=prompt, step=step)[0]) == "bad_stream"
    failed = began + delta("❌ Internal server error\n") + FINISH
    assert outcome(read(failed, prompt=prompt, step=step)[0]) == "provider_error"


@given(_PROMPTS, _ECHOES)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_no_prompt_gets_into_the_log(prompt: str, echo: Callable[[str], str]) -> None:
    for body in (delta(echo(prompt)) + FINISH, json.dumps({"odd": prompt}), event({"error": f"broken: {prompt}"})):
        ending, _ = read(body, prompt=prompt)
        assert prompt not in getattr(ending, "detail", "")
