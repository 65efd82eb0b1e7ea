"""Lettering in pictures: Chinese text from the bundled letters, and codes to scan.

The letters are a part of WenQuanYi Micro Hei (Apache License 2.0; see data/letters.txt), since
many machines have no Chinese font.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Ink = tuple[int, int, int] | tuple[int, int, int, int]

CODE_TEXT = "https://u.wechat.com/EXAMPLE-not-a-code"
"""What CODE says when it is scanned; an invented address of the form of real ones."""
CODE = """\
#######..#...#..##..#.#######
#.....#..#.######.#.#.#.....#
#.###.#.#.##..#...#.#.#.###.#
#.###.#.###..###......#.###.#
#.###.#.##.##...#.#.#.#.###.#
#.....#.#.....###.#.#.#.....#
#######.#.#.#.#.#.#.#.#######
........#..##..##..##........
#.#####...#.###....#..#####..
##..##.#..#.#....###.####...#
..#####..###..###...##.##....
#......##.#...##....#.####.#.
###.#.#..#.....#...#.....##..
..##.#.#.###.#..#..######...#
###.#.##.##.#####.#.####.##..
.#.##...#.#..#.##.####.##..#.
..#####....##.#....#...#.##..
###..#..##..#....########.#.#
#.###.##.#..#..#....##....#..
#.#..#..##.#..###.##...#...#.
#....####.##...##...#####.###
........##.#.##.#.#.#...#####
#######...#######..##.#.###..
#.....#.#...##..#..##...#...#
#.###.#.###...#..##.#####.#..
#.###.#.###..#..###.#....####
#.###.#.#......#...##.#.####.
#.....#...#.#...#...#..###.#.
#######.#....#...#...#.####..
"""
"""A QR code of CODE_TEXT: a line a row of modules, # for a dark one."""


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The bundled letters with a size in pixels."""
    return ImageFont.truetype(BytesIO(_letters()), size)


@lru_cache(maxsize=1)
def _letters() -> bytes:
    return (files("wildcrawl.demo") / "data" / "letters.ttf").read_bytes()


def write(image: Image.Image, place: tuple[float, float], text: str, size: int, ink: Ink) -> None:
    """Writes `text` on an image; `place` is the upper left corner in pixels."""
    ImageDraw.Draw(image).text(place, text, fill=ink, font=font(size))


def code(side: int) -> Image.Image:
    """CODE as an RGB image with its quiet zone, about `side` pixels wide."""
    rows = CODE.splitlines()
    small = Image.new("RGB", (len(rows) + 8, len(rows) + 8), (255, 255, 255))
    for down, row in enumerate(rows, start=4):
        for across, module in enumerate(row, start=4):
            if module == "#":
                small.putpixel((across, down), (0, 0, 0))
    scale = max(1, side // small.width)
    return small.resize((small.width * scale, small.height * scale), Image.Resampling.NEAREST)
