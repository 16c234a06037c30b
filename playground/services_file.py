"""The two video services of the page, described in a ``services.toml`` as an operator writes it."""

from __future__ import annotations

from pathlib import Path
from string import Template

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


def write_services(path: Path, api: str, urls: dict[str, str], keys: dict[str, str]) -> dict[str, str]:
    """
    Write the description of the services at ``urls`` to ``path``, and return the settings that name it.

    ``api`` is what the relay speaks, as in ``VIDEO_API``; ``keys`` are the services' own, by their names as ``urls``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SERVICES.substitute(urls, api=api), "utf-8")
    return {"SERVICES_FILE": str(path), "RELAY_KEY": keys[RELAY], "HOME_KEY": keys[HOME]}
