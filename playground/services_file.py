"""The two video services of the page, described in a ``services.toml`` as an operator writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from playground.bot_process import WORKFLOW
from playground.fake_video_service.server import VideoService

RELAY, HOME = "relay", "home"
HOME_KEY = "key-of-the-service-at-home"

# The model that both have is Sora 2: each stands in for the other. Lengths and formats are for members to choose.
_SERVICES = Template("""\
[[services]]
name = "relay"
api = "$api"
url = "$relay"
key_env = "RELAY_KEY"
  [[services.models]]
  name = "sora_video2"
  label = "Sora 2"
  price = 0.15
  [[services.models]]
  name = "sora_video2-portrait"
  label = "Sora 2 portrait"
  price = 0.25
  max_images = 3

[[services]]
name = "home"
api = "videos"
url = "$home"
key_env = "HOME_KEY"
  [[services.models]]
  name = "sora-2"
  label = "Sora 2"
  price = 0.20
  [[services.models]]
  name = "Wan-AI/Wan2.2-I2V-A14B"
  label = "Wan 2.2"
  price_per_second = 0.02
  seconds = [4, 8]
  sizes = ["848x480", "480x848"]
""")


def write_services(path: Path, relay_api: str, services: Mapping[str, VideoService]) -> dict[str, str]:
    """
    Write the description of ``services``, which listen and stand under their names, to ``path``, and return the
    settings that name it. ``relay_api`` is what the relay speaks, as in ``VIDEO_API``.
    """
    urls = {name: service.url for name, service in services.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SERVICES.substitute(urls, api=relay_api), "utf-8")
    keys = {"RELAY_KEY": services[RELAY].key, "HOME_KEY": services[HOME].key}
    return {"SERVICES_FILE": str(path), "COMFYUI_WORKFLOW": str(WORKFLOW), **keys}
