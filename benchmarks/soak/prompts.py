"""The prompts of the generated history: every combination of a subject, an action, a place and a style."""

from __future__ import annotations

_SUBJECTS = (
    "a cat",
    "my dog",
    "an old sailor",
    "the robot",
    "our grandmother",
    "a paper dragon",
    "two penguins",
    "the queen",
)
_ACTIONS = (
    "dances",
    "learns to fly",
    "wakes up and smiles",
    "plays the cello",
    "walks slowly away",
    "is turned to glass",
)
_PLACES = (
    "on the old pier",
    "in heavy rain",
    "above the clouds",
    "in a neon street at night",
    "under the sea",
    "at home",
)
_STYLES = (
    "slow motion",
    "handheld, 35 mm",
    "in the style of a 1950s film",
    "golden hour, wide shot",
    "stop motion",
    "",
)

PROMPTS = [
    f"{who} {does} {where}, {how}" for who in _SUBJECTS for does in _ACTIONS for where in _PLACES for how in _STYLES
]
