"""Labels for the video service's behaviours: each word of a prompt with a short text, in groups."""

from __future__ import annotations

from playground.fake_video_service.families import FAMILIES
from playground.fake_video_service.scenarios import BEHAVIOURS, HAPPY
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED
from playground.fake_video_service.tasks.habits import HABITS

FAMILY_GROUP = "Service family"
TASK_GROUP = "At task services"

_LABELS = {
    "It goes well": {
        "": "Makes a video",
        "slow": "Makes a video, slowly",
        "silent": "Reports no percentages",
        "retry-inside": "Fails once, tries again by itself",
        "busy-once": "Is busy the first time",
        "json": "Answers in one piece, no stream",
        "pieces": "Streams in tiny pieces",
        "no-done": "Never says [DONE]",
        "late-error": "Reports an error after the video",
    },
    "It is refused": {
        "refuse-image": "Refuses the picture",
        "refuse-prompt": "Refuses the prompt",
        "refuse-result": "Refuses the finished video",
        "refuse-unknown": "Refuses without saying why",
    },
    "The service fails": {
        "overload": "Overloaded (429)",
        "busy-503": "Overloaded (503)",
        "quota": "Out of credit (403)",
        "token-quota": "Out of credit (401)",
        "auth": "Key not accepted",
        "no-model": "No such model",
        "html-504": "Gateway timeout",
        "fail": "Fails at 93 %",
        "leak": "An error with secrets in it",
        "redirect": "Sends the bot elsewhere",
    },
    "The stream breaks": {
        "cut": "Cut at 42 %",
        "cut-character": "Ends inside a character",
        "stall": "Silence at 42 %",
        "drip": "Never comes to an end",
        "huge-line": "A line without end",
        "empty": "Answers nothing",
        "garbage": "Answers nonsense",
    },
    "The link to the video": {
        "relative": "Link without a host",
        "expiring": "Link for three days",
        "dead-link": "Link that leads nowhere",
        "private-link": "Link to a private host",
        "dotless-link": "Link to a host without a dot",
    },
    "The video itself": {
        "grainy": "Too big for Discord",
        "big": "Too big for Discord, half empty",
        "index-last": "Index at its end",
        "webm": "WebM",
        "av1": "AV1",
        "hevc": "HEVC",
    },
}
_FAMILY_LABELS = {
    "family-a": "Sora 2 resellers",
    "family-a-zh": "Sora 2 resellers, Chinese",
    "family-b": "Asyncdata, Chinese",
    "family-b-en": "Asyncdata, English",
    "family-c": "sora2api",
    "family-d-sub2api": "sub2api",
    "family-d-grok": "grok2api",
    "flow2api": "flow2api",
}


def scenario_list() -> list[dict[str, str]]:
    """Every word for chats and for tasks: `word` with its `#` ("" for success), `label`, `group`, `about`."""
    summaries = {scenario.word: scenario.summary for scenario in (HAPPY, *BEHAVIOURS)}
    rows = [
        {"word": f"#{word}" if word else "", "label": label, "group": group, "about": summaries[word]}
        for group, labels in _LABELS.items()
        for word, label in labels.items()
    ]
    families = [
        {"word": f"#{name}", "label": _FAMILY_LABELS[name], "group": FAMILY_GROUP, "about": (family.__doc__ or "")}
        for name, family in FAMILIES.items()
    ]
    speakers = [
        {"word": f"#{name}", "label": f"Tasks: {name}", "group": FAMILY_GROUP, "about": dialect.__doc__ or ""}
        for name, dialect in OPENAI_SHAPED.items()
    ]
    habits = [
        {
            "word": f"#{habit.word}",
            "label": habit.summary[0].upper() + habit.summary[1:],
            "group": TASK_GROUP,
            "about": habit.summary,
        }
        for habit in HABITS
    ]
    return rows + habits + families + speakers
