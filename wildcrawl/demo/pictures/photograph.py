"""Photographs of objects: a textured shape on a ground, with light, shadow and sensor noise."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from wildcrawl.demo.pictures import textures
from wildcrawl.demo.pictures.shapes import Colour, Still, shape_for

SIZE = 480
"""Side length of a photograph in pixels."""

BRIGHTEST = 1.6
"""The strongest light of a scene, as a factor of a colour."""

Light = NDArray[np.float32]
Tint = tuple[float, float, float]

_COLOURS: dict[str, tuple[Colour, ...]] = {
    "ivory": ((241, 230, 203), (233, 216, 178), (247, 240, 222)),
    "rhino_horn": ((92, 58, 34), (120, 76, 40), (64, 42, 30)),
    "sea_turtle": ((168, 98, 38), (196, 132, 58), (126, 66, 30)),
    "helmeted_hornbill": ((222, 166, 72), (212, 120, 60), (230, 190, 110)),
    "tiger": ((226, 200, 150), (214, 184, 138), (236, 214, 172)),
    "saiga": ((224, 202, 162), (206, 178, 132), (232, 216, 184)),
    "pangolin": ((112, 92, 70), (134, 108, 80), (88, 72, 58)),
    "whale": ((238, 232, 214), (228, 220, 200), (244, 240, 228)),
    "leopard": ((206, 164, 98), (190, 146, 84), (216, 178, 116)),
    "": ((122, 146, 160), (160, 120, 128), (128, 150, 110), (176, 148, 108), (138, 130, 164)),
}
_LOOKS = (
    ("象牙", "ivory"),
    ("玳瑁", "sea_turtle"),
    ("犀", "rhino_horn"),
    ("鹤顶红", "helmeted_hornbill"),
    ("虎", "tiger"),
)
"""Materials that decoys resemble."""
_MATERIAL = str.maketrans("", "", "角牙尖骨皮鳞鱗甲片")
"""Characters that do not determine the shape of a decoy."""


_GROUNDS: tuple[tuple[str, Colour], ...] = (
    ("wood", (150, 110, 78)),
    ("wood", (92, 62, 44)),
    ("cloth", (132, 36, 40)),
    ("cloth", (40, 62, 96)),
    ("cloth", (206, 202, 192)),
    ("marble", (222, 220, 214)),
    ("marble", (96, 108, 102)),
    ("newspaper", (214, 208, 192)),
    ("granite", (132, 130, 134)),
    ("carpet", (142, 74, 52)),
    ("carpet", (74, 92, 82)),
    ("plain", (236, 236, 232)),
    ("plain", (52, 54, 62)),
)


def look_of(words: str) -> str:
    """The material that the words of a decoy name, as a species group; "" if none."""
    return next((look for word, look in _LOOKS if word in words), "")


def without_material(words: str) -> str:
    """`words` without the characters that name a material."""
    return words.translate(_MATERIAL)


@lru_cache(maxsize=256)
def photograph(name: str, number: int, material: str, words: str) -> Image.Image:
    """RGB photograph `number` of the object `name`, SIZE × SIZE pixels.

    `material` is a species group or ""; `words` determine the shape. The photographs of an
    object differ in its position, the ground and the light.
    """
    scene = random.Random(f"{name}#{number}")  # noqa: S311
    thing = _object(name, material, words).rotate(
        scene.uniform(-30, 30),
        Image.Resampling.BILINEAR,
        translate=(scene.randint(-34, 34), scene.randint(-34, 34)),
    )
    cover = thing.getchannel("A")
    window, tint = _window(scene)
    noise = scene.uniform(0.5, 1.3)
    image = _ground(scene, cover, window, tint)
    image.paste(_lit(thing, scene, material, window, tint), (0, 0), cover)
    grain = Image.fromarray(_part(textures.grain(), scene)).point(
        [round((level - 128) * noise + 128) for level in range(256)]
    )
    return ImageChops.add(image, Image.merge("RGB", (grain,) * 3), 1, -128)


@lru_cache(maxsize=64)
def _object(name: str, material: str, words: str) -> Image.Image:
    """The object drawn flat, RGBA, SIZE × SIZE."""
    still = Still(random.Random(name), _COLOURS.get(material, _COLOURS[""]))  # noqa: S311
    shape_for(words)(still)
    return still.image.reduce(2)


def _lit(
    thing: Image.Image, scene: random.Random, material: str, window: Light, tint: Tint
) -> Image.Image:
    """The object's surface under light from one side, with a highlight where it is polished."""
    height = np.asarray(_soft(thing.getchannel("A"), 9), dtype=np.float32)
    height = height + np.asarray(_soft(thing.convert("L"), 3), dtype=np.float32) * np.float32(0.5)
    angle = scene.uniform(0, 2 * math.pi)
    slope = np.zeros_like(height)
    slope[:, 1:] = np.diff(height, axis=1) * np.float32(math.cos(angle))
    slope[1:] += np.diff(height, axis=0) * np.float32(math.sin(angle))
    shade = np.clip(slope / 14, -0.5, 0.55)
    surface = _part(textures.material(material), scene) * (1 + shade) * window
    lit = ImageChops.multiply(thing.convert("RGB"), _coloured(_levels(surface), (1, 1, 1)))
    shine = np.clip(shade - 0.25, 0, 1) * np.float32(scene.uniform(120, 320))
    glow = _coloured(Image.fromarray(shine.astype(np.uint8)), tint)
    bright = _coloured_each(lit, (BRIGHTEST * part for part in tint))
    return ImageChops.add(bright, glow)


def _ground(scene: random.Random, cover: Image.Image, window: Light, tint: Tint) -> Image.Image:
    """The ground with what lies on it and the object's shadow."""
    name, colour = scene.choice(_GROUNDS)
    part = _part(textures.ground(name, scene.randrange(3)), scene)
    light = np.rot90(part, scene.randrange(4)) * window
    ground = _coloured(
        _levels(light),
        tuple(BRIGHTEST * part / 255 * share for part, share in zip(tint, colour, strict=True)),
    )
    props = _props(scene)
    if props is not None:
        ground.paste(props, (0, 0), props)
    shadow = Image.new("L", (SIZE, SIZE), 0)
    shadow.paste(cover, (scene.randint(-22, 22), scene.randint(6, 26)))
    dark = _soft(shadow, 9).point([round(255 - 0.55 * level) for level in range(256)])
    return ImageChops.multiply(ground, Image.merge("RGB", (dark,) * 3))


def _levels(light: NDArray[Any]) -> Image.Image:
    """A field of light as a grey image: 255 is BRIGHTEST."""
    return Image.fromarray(np.clip(light * (255 / BRIGHTEST), 0, 255).astype(np.uint8))


def _coloured(grey: Image.Image, colour: Sequence[float]) -> Image.Image:
    """A grey image as RGB, its levels times the parts of `colour`."""
    return Image.merge("RGB", [grey.point(_times(part)) for part in colour])


def _coloured_each(image: Image.Image, factors: Iterable[float]) -> Image.Image:
    """An RGB image with each channel times its factor."""
    return image.point([level for factor in factors for level in _times(factor)])


def _times(factor: float) -> list[int]:
    return [min(255, round(level * factor)) for level in range(256)]


def _part(pattern: NDArray[Any], scene: random.Random) -> NDArray[Any]:
    """A random SIZE × SIZE part of a pattern."""
    down, across = scene.randrange(textures.SIDE - SIZE), scene.randrange(textures.SIDE - SIZE)
    return pattern[down : down + SIZE, across : across + SIZE]


def _props(scene: random.Random) -> Image.Image | None:
    """Things beside the object, RGBA: a ruler, a coin, the edge of a tray; None without any."""
    kind = scene.choice(("", "", "ruler", "coin", "tray"))
    if not kind:
        return None
    layer = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    if kind == "ruler":
        strip = Image.new("RGBA", (SIZE + 80, 38), (226, 196, 120, 255))
        ticks = ImageDraw.Draw(strip)
        for tick in range(0, strip.width, 8):
            ticks.line((tick, 0, tick, 20 if tick % 40 == 0 else 11), fill=(40, 34, 30, 255))
        tilted = strip.rotate(scene.uniform(-6, 6), Image.Resampling.BILINEAR, expand=True)
        layer.paste(tilted, (-40, scene.randint(360, 410)))
    elif kind == "coin":
        x, y = scene.choice((60, 410)), scene.choice((60, 410))
        draw.ellipse((x - 36, y - 36, x + 36, y + 36), fill=(182, 184, 188, 255))
        draw.ellipse((x - 30, y - 30, x + 30, y + 30), outline=(120, 122, 128, 255), width=2)
        draw.ellipse((x - 12, y - 16, x + 12, y + 16), outline=(96, 98, 104, 255), width=3)
    else:
        edge = scene.randint(14, 50)
        draw.rounded_rectangle(
            (edge, edge, SIZE - edge, SIZE - edge), 30, outline=(74, 44, 30, 255), width=14
        )
    return layer


def _window(scene: random.Random) -> tuple[Light, Tint]:
    """The light of a window, brighter on one side and darker in the corners, and its colour."""
    steps = np.linspace(-1, 1, SIZE, dtype=np.float32)
    angle, strength = scene.uniform(0, 2 * math.pi), scene.uniform(0.08, 0.3)
    corner, exposure = scene.uniform(0.05, 0.17), scene.uniform(0.86, 1.1)
    across = 1 + strength * math.cos(angle) * steps - corner * steps**2
    down = strength * math.sin(angle) * steps - corner * steps**2
    light = (across[None, :] + down[:, None]) * np.float32(exposure)
    warm = scene.uniform(-0.07, 0.07)
    return light, (1 + warm, 1, 1 - warm)


def _soft(image: Image.Image, radius: int) -> Image.Image:
    """`image` blurred; at a quarter of its size, which is faster."""
    small = image.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4))
    return small.resize(image.size, Image.Resampling.BILINEAR)
