"""
What is sent to each maker's service and what it answers, as its documents say: a row each.

``bodies`` are names of recorded answers, of tests/data/native_samples.jsonl or beside the description: to the create,
to a poll while it waits, when the video was made, when it was refused, and where there is one to the call after that.
In what is sent ``<data>``, ``<base64>``, ``<link>`` and ``<type>`` stand for the picture.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.models import Outcome
from bot.providers.tasks.descriptions.file import SERVICES, load_description
from tests.providers.tasks.film_service import FILM, KEY

SAMPLES = Path(__file__).parents[2] / "data" / "native_samples.jsonl"
BEARER = {"Authorization": f"Bearer {KEY}"}
ARK_CONTENT = [
    {"type": "text", "text": "a cat"},
    {"type": "image_url", "role": "first_frame", "image_url": {"url": "<data>"}},
]
CDN = "https://cdn.example/v.mp4?sig=x"
FLAGGED = Outcome.MODERATION_UNKNOWN


@dataclass(frozen=True)
class Row:
    """One service: a model of it, its calls, and the names of its answers."""

    model: str
    create: str
    body: dict[str, Any]
    poll: str
    bodies: tuple[str, ...]
    refused: Outcome
    link: str = CDN
    headers: dict[str, str] = field(default_factory=lambda: BEARER)
    create_headers: dict[str, str] = field(default_factory=dict)
    poll_body: Any = None
    upload: str = ""
    upload_body: str = "upload"
    after: str = ""
    cost: float | None = None
    options: dict[str, Any] = field(default_factory=dict)


@cache
def _answers(service: str) -> dict[str, dict[str, Any]]:
    files = (SERVICES / f"{service}.examples.jsonl", SAMPLES)
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return {line["name"]: line for line in lines if line.get("description", service) == service}


def answer_of(service: str, name: str, moved: tuple[str, str]) -> tuple[int, Any]:
    """Return status and body of the recorded answer, the address in it ``moved`` from the service's to another."""
    line = _answers(service)[name]
    return line["status"], json.loads(json.dumps(line["body"]).replace(*moved))


def answers(name: str, ending: str, url: str, films: str = "") -> dict[str, list[Any]]:
    """
    Return what a service at ``url`` answers to each call that ``name`` makes, whose task ends as ``ending`` says: made,
    or refused. A film that lies elsewhere is moved to the host ``films``, if there is one.
    """
    row = ROWS[name]
    base = urlsplit("http://127.0.0.1:8189" if name == "comfy" else load_description(name).base)
    own, link = f"{base.scheme}://{base.netloc}", urlsplit(row.link)
    is_own = row.link.startswith(own)

    def told(answer: str) -> tuple[int, Any]:
        status, body = answer_of(name, answer, (own, url))
        text = json.dumps(body).replace("https://api.us1.bfl.ai", url)
        if films and not is_own:
            text = text.replace(f"{link.scheme}://{link.netloc}", films)
        return status, json.loads(text)

    created, waits, made, refused, *after = row.bodies
    last = made if ending == "made" else refused
    if name == "fal":  # where a second call tells how it ended
        after = ["result" if ending == "made" else "fal_result_422_prompt_flagged"]
    found: dict[str, list[Any]] = {row.create: [told(created)], row.poll: [told(waits), told(last)]}
    if row.upload:
        found[row.upload] = [told(row.upload_body)]
    if row.after:
        found[row.after] = [told(after[0])]
    if films or is_own:
        found[f"GET {link.path}?{link.query}".removesuffix("?")] = [FILM]
    return found


ROWS = {
    "ark": Row(
        "doubao-seedance-2-0-260128",
        "POST /api/v3/contents/generations/tasks",
        {
            "model": "doubao-seedance-2-0-260128",
            "duration": 5,
            "resolution": "720p",
            "generate_audio": False,
            "watermark": False,
            "content": ARK_CONTENT,
        },
        "GET /api/v3/contents/generations/tasks/cgt-20261001120000-abcde",
        ("ark_create_ok", "ark_poll_running", "ark_poll_succeeded", "ark_poll_output_copyright"),
        Outcome.MODERATION_RESULT,
        "https://ark-content.example/seedance/0217.mp4?X-Tos-Expires=86400&X-Tos-Signature=x",
    ),
    "dashscope": Row(
        "wan2.7-i2v",
        "POST /api/v1/services/aigc/video-generation/video-synthesis",
        {
            "model": "wan2.7-i2v",
            "input": {"prompt": "a cat", "media": [{"type": "first_frame", "url": "<data>"}]},
            "parameters": {"resolution": "720P", "duration": 5, "watermark": False},
        },
        "GET /api/v1/tasks/0385dc79-5ff8-4d82-bcb6-000000000001",
        (
            "dashscope_create_ok",
            "dashscope_poll_running",
            "dashscope_poll_succeeded",
            "dashscope_poll_failed_inspection",
        ),
        Outcome.MODERATION_RESULT,
        "https://dashscope-result.example/1d/ab/clip.mp4?Expires=1790086520&Signature=x",
        create_headers={"X-DashScope-Async": "enable"},
    ),
    "minimax": Row(
        "MiniMax-H3",
        "POST /v2/video_generation",
        {"model": "MiniMax-H3", "duration": 5, "resolution": "768P", "ratio": "adaptive", "content": ARK_CONTENT},
        "GET /v2/query/video_generation/428463094829280",
        ("minimax_v2_create_ok", "minimax_v2_poll_running", "poll_succeeded", "poll_output"),
        Outcome.MODERATION_RESULT,
    ),
    "minimax_v1": Row(
        "MiniMax-Hailuo-2.3",
        "POST /v1/video_generation",
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "a cat",
            "first_frame_image": "<data>",
            "duration": 6,
            "resolution": "768P",
        },
        "GET /v1/query/video_generation?task_id=106916112212032",
        (
            "minimax_v1_create_ok",
            "minimax_v1_poll_processing",
            "minimax_v1_poll_success_file",
            "poll_fail",
            "file",
        ),
        Outcome.MODERATION_RESULT,
        after="GET /v1/files/retrieve?file_id=176844028768320",
    ),
    "kling": Row(
        "kling-3.0-turbo",
        "POST /image-to-video/kling-3.0-turbo",
        {
            "contents": [{"type": "prompt", "text": "a cat"}, {"type": "first_frame", "url": "<link>"}],
            "settings": {"duration": 5, "resolution": "720p", "multi_shot": False},
        },
        "GET /tasks?task_ids=893605946402811985",
        ("kling_new_create_ok", "poll_processing_of_it", "kling_new_poll_succeeded", "kling_new_poll_failed"),
        FLAGGED,
        "https://v1-kling.example/kcdn/output/893605.mp4",
    ),
    "kling_v1": Row(
        "kling-v2-6",
        "POST /v1/videos/image2video",
        {"model_name": "kling-v2-6", "prompt": "a cat", "image": "<base64>", "duration": "5"},
        "GET /v1/videos/image2video/893605946402811985",
        ("kling_v1_create_ok", "poll_processing", "kling_v1_poll_succeed", "kling_v1_poll_risk_control"),
        FLAGGED,
        "https://v1-kling.example/output/893605.mp4",
    ),
    "vidu": Row(
        "viduq3-turbo",
        "POST /ent/v2/img2video",
        {"model": "viduq3-turbo", "prompt": "a cat", "images": ["<data>"], "duration": 5, "resolution": "720p"},
        "GET /ent/v2/tasks/793816200000000001/creations",
        ("vidu_create_ok", "vidu_poll_processing", "poll_success", "vidu_poll_creation_policy"),
        Outcome.MODERATION_RESULT,
        headers={"Authorization": f"Token {KEY}"},
    ),
    "pixverse": Row(
        "v6",
        "POST /openapi/v2/video/img/generate",
        {"model": "v6", "prompt": "a cat", "duration": 5, "quality": "720p", "img_id": 123456},
        "GET /openapi/v2/video/result/318633193768896",
        ("create", "pixverse_poll_generating", "pixverse_poll_done", "pixverse_poll_moderation"),
        Outcome.MODERATION_RESULT,
        "https://media.pixverse.example/openapi/y.mp4",
        headers={"API-KEY": KEY},
        upload="POST /openapi/v2/image/upload",
        upload_body="pixverse_upload_ok",
    ),
    "zhipu": Row(
        "cogvideox-3",
        "POST /api/paas/v4/videos/generations",
        {"model": "cogvideox-3", "prompt": "a cat", "image_url": "<data>", "duration": 5},
        "GET /api/paas/v4/async-result/8868902201637896192",
        ("zhipu_create_ok", "zhipu_poll_processing", "zhipu_poll_success", "poll_refused"),
        Outcome.MODERATION_RESULT,
        "https://aigc-files.example/z.mp4",
    ),
    "siliconflow": Row(
        "Wan-AI/Wan2.2-I2V-A14B",
        "POST /v1/video/submit",
        {"model": "Wan-AI/Wan2.2-I2V-A14B", "prompt": "a cat", "image": "<data>", "image_size": "1280x720"},
        "POST /v1/video/status",
        ("create", "siliconflow_poll_in_progress", "siliconflow_poll_succeed", "poll_sensitive"),
        Outcome.MODERATION_PROMPT,
        "https://sf-video.example/outputs/x.mp4",
        poll_body={"requestId": "sf-1"},
    ),
    "qianfan": Row(
        "musesteamer-2.0-turbo-i2v",
        "POST /video/generations",
        {
            "model": "musesteamer-2.0-turbo-i2v",
            "duration": 5,
            "content": [{"type": "text", "text": "a cat"}, {"type": "image_url", "image_url": {"url": "<data>"}}],
        },
        "GET /video/generations?task_id=task-abc0001",
        ("qianfan_create_ok", "poll_running", "qianfan_poll_succeeded", "poll_refused"),
        Outcome.MODERATION_PROMPT,
        "https://qianfan.example/v.mp4",
    ),
    "fal": Row(
        "bytedance/seedance-2.5/image-to-video",
        "POST /bytedance/seedance-2.5/image-to-video",
        {"prompt": "a cat", "image_url": "<data>", "duration": 5},
        "GET /fal-ai/kling-video/requests/0a1b/status?logs=1",
        ("create", "fal_poll_in_progress_logs", "fal_poll_completed", "poll_completed", "result"),
        Outcome.MODERATION_PROMPT,
        "https://v3.fal.media/files/x.mp4",
        headers={"Authorization": f"Key {KEY}"},
        after="GET /fal-ai/kling-video/requests/0a1b",
        options={"seconds": (5,)},
    ),
    "replicate": Row(
        "bytedance/seedance-2.0",
        "POST /v1/models/bytedance/seedance-2.0/predictions",
        {"input": {"prompt": "a cat", "image": "<data>", "duration": 5}},
        "GET /v1/predictions/aaaa0000bbbb1111cccc2222dd",
        (
            "replicate_create_201_starting",
            "replicate_poll_logs_percent",
            "replicate_poll_succeeded_list",
            "replicate_poll_failed_e005",
        ),
        FLAGGED,
        "https://replicate.delivery/xezq/0000/out-0.mp4",
        options={"seconds": (5,)},
    ),
    "runway": Row(
        "gen4_turbo",
        "POST /v1/image_to_video",
        {
            "model": "gen4_turbo",
            "promptText": "a cat",
            "duration": 5,
            "ratio": "1280:720",
            "promptImage": [{"uri": "<data>", "position": "first"}],
        },
        "GET /v1/tasks/17f20503-6c24-4c16-946b-000000000001",
        (
            "runway_create_id_only",
            "poll_running",
            "runway_poll_succeeded",
            "runway_poll_failed_safety_input_image",
        ),
        Outcome.MODERATION_IMAGE,
        "https://cdn.example.com/rw/0000.mp4?_jwt=x",
        headers={**BEARER, "X-Runway-Version": "2024-11-06"},
    ),
    "luma": Row(
        "ray-3.2",
        "POST /v1/generations",
        {
            "model": "ray-3.2",
            "type": "video",
            "prompt": "a cat",
            "video": {
                "duration": "5s",
                "resolution": "720p",
                "start_frame": {"data": "<base64>", "media_type": "<type>"},
            },
        },
        "GET /v1/generations/6f0c2f5e-0000-4000-8000-000000000001",
        ("luma_create_201_queued", "poll_processing", "luma_poll_completed", "luma_poll_failed_content_moderated"),
        FLAGGED,
        "https://storage.example.com/luma/0000.mp4?X-Amz-Expires=3600&X-Amz-Signature=x",
    ),
    "luma_dream_machine": Row(
        "ray-2",
        "POST /dream-machine/v1/generations/video",
        {
            "model": "ray-2",
            "prompt": "a cat",
            "duration": "5s",
            "resolution": "720p",
            "keyframes": {"frame0": {"type": "image", "url": "<link>"}},
        },
        "GET /dream-machine/v1/generations/6f0c",
        ("create", "poll_dreaming", "luma_dream_machine_poll_completed", "poll_moderated"),
        FLAGGED,
        "https://storage.example.com/v.mp4",
    ),
    "veo": Row(
        "veo-3.1-generate-preview",
        "POST /v1beta/models/veo-3.1-generate-preview:predictLongRunning",
        {
            "instances": [{"prompt": "a cat", "image": {"bytesBase64Encoded": "<base64>", "mimeType": "<type>"}}],
            "parameters": {"durationSeconds": 8},
        },
        "GET /v1beta/models/veo-3.1-generate-preview/operations/abc000000001",
        ("veo_create_operation", "veo_poll_not_done", "poll_done", "veo_poll_error_input_image"),
        Outcome.MODERATION_IMAGE,
        "https://generativelanguage.googleapis.com/v1beta/files/f1:download?alt=media",
        headers={"x-goog-api-key": KEY},
    ),
    "together": Row(
        "ByteDance/Seedance-2.5",
        "POST /v2/videos",
        {
            "model": "ByteDance/Seedance-2.5",
            "prompt": "a cat",
            "seconds": "5",
            "media": {"frame_images": [{"input_image": "<data>", "frame": "first"}]},
        },
        "GET /v2/videos/019a0000-0000-7000-8000-000000000001",
        (
            "together_create_in_progress",
            "together_poll_in_progress",
            "together_poll_completed",
            "together_poll_failed_message_only",
        ),
        FLAGGED,
        "https://cdn.example.com/tg/0000.mp4",
        cost=1.245,
        options={"seconds": (5,)},
    ),
    "novita": Row(
        "kling-v2.1-i2v",
        "POST /v3/async/kling-v2.1-i2v",
        {"prompt": "a cat", "image": "<data>", "duration": "5"},
        "GET /v3/async/task-result?task_id=novita-task-1",
        ("novita_create_task_id", "novita_poll_processing", "poll_done", "novita_poll_failed_policy"),
        FLAGGED,
        options={"seconds": (5,)},
    ),
    "kie": Row(
        "kling-3.0/video",
        "POST /api/v1/jobs/createTask",
        {
            "model": "kling-3.0/video",
            "input": {
                "prompt": "a cat",
                "image_urls": ["https://tempfile.redpandaai.co/kieai/1/images/a.png"],
                "duration": "5",
            },
        },
        "GET /api/v1/jobs/recordInfo?taskId=task_0000000000000001",
        ("kie_create_ok", "poll_generating", "kie_poll_success_json_in_string", "kie_poll_fail_moderator"),
        Outcome.MODERATION_PROMPT,
        "https://tempfile.kie.example/0000.mp4",
        upload="POST /api/file-stream-upload",
        options={"seconds": (5,)},
    ),
    "kie_veo": Row(
        "veo3_fast",
        "POST /api/v1/veo/generate",
        {
            "model": "veo3_fast",
            "prompt": "a cat",
            "imageUrls": ["https://tempfile.redpandaai.co/kieai/1/images/a.png"],
            "generationType": "FIRST_AND_LAST_FRAMES_2_VIDEO",
        },
        "GET /api/v1/veo/record-info?taskId=v1",
        ("create", "poll_0", "poll_1", "kie_veo_poll_prominent_people"),
        Outcome.MODERATION_IMAGE,
        upload="POST /api/file-stream-upload",
    ),
    "kie_runway": Row(
        "runway",
        "POST /api/v1/runway/generate",
        {
            "prompt": "a cat",
            "imageUrl": "https://tempfile.redpandaai.co/kieai/1/images/a.png",
            "duration": 5,
            "quality": "720p",
            "waterMark": "",
        },
        "GET /api/v1/runway/record-detail?taskId=e1",
        ("create", "poll_generating", "kie_runway_poll_success", "poll_refused"),
        FLAGGED,
        "https://file.com/k/xxxxxxx.mp4",
        upload="POST /api/file-stream-upload",
    ),
    "wavespeed": Row(
        "bytedance/seedance-2.5/image-to-video",
        "POST /api/v3/bytedance/seedance-2.5/image-to-video",
        {"prompt": "a cat", "image": "<data>", "duration": 5},
        "GET /api/v3/predictions/bc6c0000fa9f4b76bc950000bf930001/result",
        ("wavespeed_create", "poll_processing", "wavespeed_poll_completed", "wavespeed_poll_failed_1200"),
        FLAGGED,
        "https://cdn.example.com/ws/0000/1.mp4",
        options={"seconds": (5,)},
    ),
    "bfl": Row(
        "flux-3-video",
        "POST /v1/flux-3-video",
        {"mode": "i2v", "prompt": "a cat", "keyframes": ["<base64>"], "duration": 5},
        "GET /v1/get_result?id=req-000001",
        ("bfl_create", "poll_pending", "bfl_poll_ready", "bfl_poll_content_moderated"),
        Outcome.MODERATION_RESULT,
        "https://delivery.bfl.example/0000/sample.mp4?sig=x",
        headers={"x-key": KEY},
    ),
    "aimlapi": Row(
        "blackforestlabs/flux-3-video-i2v",
        "POST /v2/video/generations",
        {"model": "blackforestlabs/flux-3-video-i2v", "prompt": "a cat", "image_url": "<data>", "duration": 5},
        "GET /v2/video/generations?generation_id=60ac",
        ("create", "poll_generating", "aimlapi_poll_completed", "aimlapi_poll_error"),
        FLAGGED,
        "https://cdn.aimlapi.com/generations/hedgehog/0000.mp4",
        cost=0.06,
        options={"seconds": (5,)},
    ),
    "piapi": Row(
        "kling",
        "POST /api/v1/task",
        {
            "model": "kling",
            "task_type": "video_generation",
            "input": {"prompt": "a cat", "image_url": "<link>", "duration": 5},
        },
        "GET /api/v1/task/0c75",
        ("create", "poll_processing", "piapi_poll_completed", "poll_refused"),
        Outcome.MODERATION_PROMPT,
        "https://cdn.example.com/n.mp4",
        headers={"x-api-key": KEY},
    ),
    "comfy": Row(
        "wan",
        "POST /api/v2/jobs",
        {"workflow": {"6": {"text": "a cat"}, "56": {"image": {"__type": "core/ASSET", "info": {"id": "823d"}}}}},
        "GET /api/v2/jobs/b43e",
        ("create", "poll_running", "poll_done", "poll_failed"),
        Outcome.PROVIDER_ERROR,
        "http://127.0.0.1:8189/api/v2/assets/v/content",
        upload="POST /api/v2/assets",
        options={"extra": {"workflow": {"6": {"text": "{prompt}"}, "56": {"image": "{image}"}}}},
    ),
}
