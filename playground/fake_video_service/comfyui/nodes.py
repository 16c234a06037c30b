"""The nodes that the server has, as ``/object_info`` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SEED = ["INT", {"default": 0, "min": 0, "max": 2**64 - 1, "control_after_generate": True}]
STEPS = ["INT", {"default": 20, "min": 1, "max": 10000}]
SIDE = ["INT", {"default": 832, "min": 16, "max": 16384, "step": 16}]


@dataclass(frozen=True, slots=True)
class Node:
    """A class of nodes: the rows of its inputs, the types that it gives, and whether it saves something."""

    inputs: dict[str, Any]
    gives: tuple[str, ...] = ()
    saves: bool = False
    title: str = ""

    def info(self, name: str) -> dict[str, Any]:
        return {
            "input": {"required": self.inputs},
            "input_order": {"required": list(self.inputs)},
            "output": list(self.gives),
            "name": name,
            "display_name": self.title or name,
            "category": "playground",
            "output_node": self.saves,
        }


def _choice(*names: str) -> list[Any]:
    return [list(names), {}]


NODES: dict[str, Node] = {
    "UNETLoader": Node({"unet_name": _choice("wan2.2_ti2v_5B_fp16.safetensors")}, ("MODEL",)),
    "CLIPLoader": Node(
        {
            "clip_name": _choice("umt5_xxl_fp8_e4m3fn_scaled.safetensors"),
            "type": ["COMBO", {"options": ["wan", "ltxv"]}],
        },
        ("CLIP",),
    ),
    "VAELoader": Node({"vae_name": _choice("wan2.2_vae.safetensors")}, ("VAE",)),
    "CLIPTextEncode": Node({"text": ["STRING", {"multiline": True}], "clip": ["CLIP", {}]}, ("CONDITIONING",)),
    "LoadImage": Node({"image": ["COMBO", {"image_upload": True}]}, ("IMAGE", "MASK"), title="Load Image"),
    "Wan22ImageToVideoLatent": Node(
        {
            "vae": ["VAE", {}],
            "width": SIDE,
            "height": SIDE,
            "length": ["INT", {"default": 49, "min": 1, "max": 16384, "step": 4}],
            "start_image": ["IMAGE", {}],
        },
        ("LATENT",),
    ),
    "KSampler": Node(
        {
            "model": ["MODEL", {}],
            "seed": SEED,
            "steps": STEPS,
            "positive": ["CONDITIONING", {}],
            "latent_image": ["LATENT", {}],
        },
        ("LATENT",),
    ),
    "VAEDecode": Node({"samples": ["LATENT", {}], "vae": ["VAE", {}]}, ("IMAGE",)),
    "RepeatImageBatch": Node({"image": ["IMAGE", {}], "amount": ["INT", {"min": 1, "max": 4096}]}, ("IMAGE",)),
    "StandInSampler": Node(
        {
            "image": ["IMAGE", {}],
            "steps": ["INT", {"default": 4, "min": 1, "max": 1000}],
            "seed": ["INT", {"default": 0, "min": 0, "max": 2**64 - 1}],
            "text": ["STRING", {"multiline": True}],
            "fail": _choice("no", "oom", "runtime"),
        },
        ("IMAGE",),
    ),
    "CreateVideo": Node(
        {"images": ["IMAGE", {"tooltip": "The images to create a video from."}], "fps": ["FLOAT", {"default": 30.0}]},
        ("VIDEO",),
        title="Create Video",
    ),
    "SaveVideo": Node(
        {
            "video": ["VIDEO", {"tooltip": "The video to save."}],
            "filename_prefix": ["STRING", {}],
            "format": ["COMBO", {"options": ["auto", "mp4", "webm"]}],
            "codec": ["COMBO", {"options": ["auto", "h264"]}],
        },
        saves=True,
        title="Save Video",
    ),
    "VHS_VideoCombine": Node(
        {"images": ["IMAGE", {}], "frame_rate": ["FLOAT", {}], "save_output": ["BOOLEAN", {}]}, saves=True
    ),
    "SaveImage": Node({"images": ["IMAGE", {}], "filename_prefix": ["STRING", {}]}, saves=True, title="Save Image"),
    "PreviewImage": Node({"images": ["IMAGE", {}]}, saves=True, title="Preview Image"),
}
