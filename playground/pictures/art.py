"""Draws the sample picture: a lighthouse at dusk."""

from __future__ import annotations

import io
import itertools
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (1200, 900)
# Drawn this much larger and scaled down, which smooths the edges.
SUPERSAMPLING = 2
SEED = 1896  # the year of the Kinora's patent; any number would do

HORIZON = 0.66
LAMP = (0.715, 0.262)
Stops = Sequence[tuple[float, str]]
SKY: Stops = ((0.0, "#0b1033"), (0.35, "#2b2a6b"), (0.6, "#7a4a8c"), (0.82, "#e0797a"), (1.0, "#ffc98f"))
SEA: Stops = ((0.0, "#e8a08a"), (0.12, "#8a5f8f"), (0.45, "#33326a"), (1.0, "#0c1030"))


def draw_sample() -> bytes:
    """A PNG of 1200 x 900, the same bytes at every call."""
    return encode(draw_lighthouse(), "PNG")


def draw_lighthouse() -> Image.Image:
    """The sample picture as an image, 1200 x 900 RGB."""
    width, height = SIZE[0] * SUPERSAMPLING, SIZE[1] * SUPERSAMPLING
    horizon = round(height * HORIZON)
    chance = random.Random(SEED)
    image = Image.new("RGB", (width, height))
    image.paste(_gradient(SKY, (width, horizon)), (0, 0))
    image.paste(_gradient(SEA, (width, height - horizon)), (0, horizon))
    _add_stars(image, horizon, chance)
    _add_glow(image, (0.27 * width, horizon), 0.34 * width, "#ff9d5c")
    _add_sun(image, horizon)
    _add_glints(image, horizon, chance)
    _add_beams(image)
    _add_rock(image, chance)
    _add_tower(image)
    _add_glow(image, (LAMP[0] * width, LAMP[1] * height), 0.075 * width, "#ffe9a8")
    return image.resize(SIZE, Image.Resampling.LANCZOS)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """The image as the bytes of a file; `kind` and `options` as Pillow's save takes them."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _gradient(stops: Stops, size: tuple[int, int]) -> Image.Image:
    """A vertical gradient through the stops' colours, each at its share of the height."""
    column = Image.new("RGB", (1, size[1]))
    pen = ImageDraw.Draw(column)
    for (start, first), (end, last) in itertools.pairwise(stops):
        top, bottom = round(start * size[1]), round(end * size[1])
        ramp = Image.linear_gradient("L").resize((1, max(1, bottom - top)))
        part = Image.composite(Image.new("RGB", ramp.size, last), Image.new("RGB", ramp.size, first), ramp)
        column.paste(part, (0, top))
    pen.point((0, size[1] - 1), fill=stops[-1][1])
    return column.resize(size, Image.Resampling.NEAREST)


def _add_light(image: Image.Image, mask: Image.Image, colour: str) -> None:
    """Brighten the image by the colour where the mask is bright, as light does."""
    light = Image.composite(Image.new("RGB", image.size, colour), Image.new("RGB", image.size), mask)
    image.paste(ImageChops.screen(image, light))


def _add_glow(image: Image.Image, centre: tuple[float, float], radius: float, colour: str) -> None:
    side = round(2 * radius)
    # Pillow's radial gradient is dark within and white only in the corners; the edge of the disc is where it is 180.
    disc = Image.radial_gradient("L").point(lambda shade: max(0, 180 - shade) ** 2 // 128).resize((side, side))
    mask = Image.new("L", image.size)
    mask.paste(disc, (round(centre[0] - radius), round(centre[1] - radius)))
    _add_light(image, mask, colour)


def _add_stars(image: Image.Image, horizon: int, chance: random.Random) -> None:
    mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(mask)
    for _ in range(260):
        x, depth = chance.uniform(0, image.width), chance.random() ** 1.8
        y, radius = depth * horizon * 0.8, chance.uniform(0.6, 2.4) * SUPERSAMPLING / 2
        shade = round(255 * (1 - depth) * chance.uniform(0.4, 1))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
    _add_light(image, mask, "#fff6e0")


def _add_sun(image: Image.Image, horizon: int) -> None:
    """The upper half of a sun that stands on the horizon."""
    x, radius = 0.27 * image.width, 0.055 * image.width
    pen = ImageDraw.Draw(image)
    pen.pieslice((x - radius, horizon - radius, x + radius, horizon + radius), 180, 360, fill="#fff0c2")


def _add_glints(image: Image.Image, horizon: int, chance: random.Random) -> None:
    """Light on the waves: narrow and dense far away, wide and sparse nearby, most of it below the sun."""
    mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(mask)
    for _ in range(900):
        depth = chance.random() ** 1.6
        y = horizon + depth * (image.height - horizon)
        spread = (0.05 + 0.2 * depth) * image.width
        x = chance.gauss(0.27 * image.width, spread) if chance.random() < 0.75 else chance.uniform(0, image.width)
        half, thick = (4 + 46 * depth) * chance.uniform(0.4, 1), 1 + 2.4 * depth
        shade = round(215 * (1 - 0.7 * depth) * chance.uniform(0.3, 1))
        pen.ellipse((x - half, y - thick, x + half, y + thick), fill=shade)
    _add_light(image, mask, "#ffc79a")


def _add_beams(image: Image.Image) -> None:
    mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(mask)
    x, y = LAMP[0] * image.width, LAMP[1] * image.height
    for reach, slope, spread, shade in ((-1.0, -0.10, 0.055, 190), (0.6, 0.07, 0.04, 120)):
        far = x + reach * image.width
        middle = y + slope * image.width * abs(reach)
        half = spread * image.width * abs(reach)
        pen.polygon([(x, y - 6), (far, middle - half), (far, middle + half), (x, y + 6)], fill=shade)
    fade = Image.linear_gradient("L").rotate(90, expand=True).resize(image.size)
    mask = ImageChops.multiply(mask, ImageChops.lighter(fade, Image.new("L", image.size, 40)))
    _add_light(image, mask.filter(ImageFilter.GaussianBlur(7 * SUPERSAMPLING)), "#ffe9b0")


def _add_rock(image: Image.Image, chance: random.Random) -> None:
    """A headland that rises from the sea towards the right, in two layers."""
    pen = ImageDraw.Draw(image)
    for colour, start, top, rough in (("#2a2148", 0.46, 0.60, 0.010), ("#120f26", 0.54, 0.655, 0.012)):
        ridge = []
        for step in range(61):
            share = step / 60
            x = start + (1.02 - start) * share
            rise = math.sin(min(1.0, share * 2.1) * math.pi / 2) ** 1.5
            y = 0.76 - (0.76 - top) * rise + chance.uniform(-rough, rough)
            ridge.append((x * image.width, y * image.height))
        foot = [(1.02 * image.width, image.height), ((start - 0.07) * image.width, image.height)]
        pen.polygon([*ridge, *foot], fill=colour)


def _add_tower(image: Image.Image) -> None:
    """A tapered tower with red bands, lit from the sun's side, with a gallery, a lantern and a roof on top."""
    width, height = image.size
    x, lamp = LAMP[0] * width, LAMP[1] * height
    base, neck = 0.664 * height, lamp + 0.035 * height
    foot, top = 0.036 * width, 0.021 * width
    shape = Image.new("L", image.size)
    ImageDraw.Draw(shape).polygon([(x - foot, base), (x - top, neck), (x + top, neck), (x + foot, base)], fill=255)
    image.paste(_tower_walls(image.size, x, neck, base, foot), (0, 0), shape)
    _add_lantern(ImageDraw.Draw(image), x, lamp, neck, image.size)


def _tower_walls(size: tuple[int, int], x: float, neck: float, base: float, foot: float) -> Image.Image:
    """The walls' colours for the whole picture; the tower's shape masks them."""
    walls = Image.new("RGB", size, "#f3e3d3")
    pen = ImageDraw.Draw(walls)
    band = (base - neck) / 7
    for number in (1, 3, 5):
        pen.rectangle((0, neck + number * band, size[0], neck + (number + 1) * band), fill="#c8414b")
    for share in (0.32, 0.62):
        y = neck + share * (base - neck)
        pen.rounded_rectangle((x - 9, y, x + 9, y + 34), radius=9, fill="#ffe08a")
    shade = Image.linear_gradient("L").rotate(90).resize((round(2 * foot), size[1]))
    shadow = Image.new("L", size)
    shadow.paste(shade.point(lambda tone: tone * 3 // 4), (round(x - foot), 0))
    walls.paste("#1b1740", (0, 0), shadow)
    return walls


def _add_lantern(pen: ImageDraw.ImageDraw, x: float, lamp: float, neck: float, size: tuple[int, int]) -> None:
    width, height = size
    room, roof, dark = 0.0135 * width, lamp - 0.026 * height, "#1c1836"
    pen.rectangle((x - 0.028 * width, neck - 8, x + 0.028 * width, neck + 10), fill=dark)
    pen.rectangle((x - room, roof, x + room, neck - 8), fill="#fff3c4")
    for bar in (-1.0, -0.33, 0.33, 1.0):
        pen.line((x + bar * room, roof, x + bar * room, neck - 8), fill=dark, width=5)
    pen.polygon([(x - 1.5 * room, roof), (x, roof - 0.045 * height), (x + 1.5 * room, roof)], fill="#8f2c3a")
    pen.line((x, roof - 0.042 * height, x, roof - 0.07 * height), fill=dark, width=5)
