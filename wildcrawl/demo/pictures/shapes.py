"""Shapes of the objects that advertisements show, drawn flat; the words determine the shape."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
FULL = 960
"""Side length of the drawing in pixels."""


class Still:
    """A picture being drawn: the canvas, the colours, the random generator."""

    def __init__(self, dice: random.Random, colours: tuple[Colour, ...]) -> None:
        self.dice = dice
        self.base = dice.choice(colours)
        self.image = Image.new("RGBA", (FULL, FULL), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def shade(self, factor: float) -> Colour:
        red, green, blue = (min(255, round(channel * factor)) for channel in self.base)
        return red, green, blue

    def ball(self, x: float, y: float, radius: float) -> None:
        """A bead, lit from the upper left."""
        for step in range(12):
            part = 1 - step / 12
            shift = radius * 0.35 * (1 - part)
            box = _around(x - shift, y - shift, radius * part, radius * part)
            self.draw.ellipse(box, fill=self.shade(0.72 + 0.38 * (1 - part)))

    def slab(self, box: Box, corner: float) -> None:
        """A block with a lit face and grain."""
        left, top, right, bottom = box
        self.draw.rounded_rectangle(
            (left + 10, top + 12, right + 10, bottom + 12), corner, fill=self.shade(0.68)
        )
        self.draw.rounded_rectangle(box, corner, fill=self.shade(1.0))
        for _ in range(7):
            y = self.dice.uniform(top + corner, bottom - corner)
            self.draw.line(
                (left + 14, y, right - 14, y + self.dice.uniform(-14, 14)),
                fill=self.shade(0.9),
                width=4,
            )


def _around(x: float, y: float, across: float, down: float) -> Box:
    return (x - across, y - down, x + across, y + down)


def _ring(still: Still) -> None:
    x, y, radius = FULL / 2, FULL / 2, still.dice.uniform(230, 300)
    thick = still.dice.uniform(52, 92)
    flat = still.dice.uniform(0.72, 1.0)
    for step in range(10):
        part = step / 10
        reach = radius - part * thick / 2
        box = _around(x, y - part * 16, reach, reach * flat)
        still.draw.ellipse(
            box, outline=still.shade(0.7 + 0.36 * part), width=round(thick * (1 - part * 0.8))
        )


def _beads(still: Still) -> None:
    count, radius = still.dice.randint(13, 20), still.dice.uniform(225, 285)
    size = math.pi * radius / count * 0.98
    turn = still.dice.uniform(0, math.pi)
    for index in range(count):
        angle = turn + 2 * math.pi * index / count
        still.ball(FULL / 2 + radius * math.cos(angle), FULL / 2 + radius * math.sin(angle), size)


def _sticks(still: Still) -> None:
    for index in range(2):
        left = 360 + index * 130
        lean = still.dice.uniform(-40, 40)
        still.draw.polygon(
            [(left, 110), (left + 44, 110), (left + 36 + lean, 850), (left + 16 + lean, 850)],
            fill=still.shade(1.0 - index * 0.08),
        )
        still.draw.line((left + 12, 120, left + 20 + lean, 840), fill=still.shade(1.1), width=6)


def _block(still: Still) -> None:
    half, height = still.dice.uniform(90, 150), still.dice.uniform(200, 290)
    still.slab((FULL / 2 - half, 480 - height, FULL / 2 + half, 480 + height), 16)
    if still.dice.random() < 0.5:
        still.ball(FULL / 2, 480 - height - 20, half * 0.7)


def _pendant(still: Still) -> None:
    half, height = still.dice.uniform(130, 180), still.dice.uniform(170, 250)
    still.draw.arc(_around(FULL / 2, 240, 150, 220), 180, 360, fill=(120, 40, 40), width=10)
    still.slab((FULL / 2 - half, 520 - height, FULL / 2 + half, 520 + height), 70)
    for _ in range(6):
        x, y = still.dice.uniform(-half, half) * 0.6, still.dice.uniform(-height, height) * 0.6
        still.draw.arc(
            _around(FULL / 2 + x, 520 + y, 46, 46), 0, 300, fill=still.shade(0.78), width=9
        )


def _figure(still: Still) -> None:
    middle = FULL / 2 + still.dice.uniform(-20, 20)
    still.slab((middle - 210, 780, middle + 210, 840), 14)
    still.draw.polygon(
        [(middle - 90, 360), (middle + 90, 360), (middle + 180, 790), (middle - 180, 790)],
        fill=still.shade(0.94),
    )
    for index in range(5):
        lean = (index - 2) * 62
        drapery = _around(middle + lean * 0.6, 600, 50 + index * 6, 200)
        still.draw.arc(drapery, 60, 260, fill=still.shade(0.76), width=8)
    still.ball(middle, 280, still.dice.uniform(84, 112))


def _tusk(still: Still) -> None:
    bend, thick = still.dice.uniform(220, 320), still.dice.uniform(64, 96)
    for step in range(140):
        part = step / 139
        angle = math.pi * (1.12 - 0.95 * part)
        x = FULL / 2 + 330 * math.cos(angle)
        y = 380 + bend * 1.1 * math.sin(angle)
        radius = thick * (1 - part) ** 0.7 + 6
        still.draw.ellipse(
            _around(x, y, radius, radius), fill=still.shade(0.8 + 0.25 * math.sin(part * 3))
        )


def _cup(still: Still) -> None:
    wide = still.dice.uniform(210, 260)
    still.draw.polygon(
        [(480 - wide, 300), (480 + wide, 300), (480 + wide * 0.42, 780), (480 - wide * 0.42, 780)],
        fill=still.shade(0.9),
    )
    still.draw.ellipse(_around(480, 780, wide * 0.42, 40), fill=still.shade(0.8))
    still.draw.ellipse(_around(480, 300, wide, 76), fill=still.shade(1.12))
    still.draw.ellipse(_around(480, 308, wide * 0.88, 58), fill=still.shade(0.55))


def _scales(still: Still) -> None:
    for row in range(4):
        for column in range(4):
            x = 230 + column * 165 + (row % 2) * 60 + still.dice.uniform(-14, 14)
            y = 240 + row * 150 + still.dice.uniform(-14, 14)
            still.draw.pieslice(_around(x, y, 96, 128), 0, 360, fill=still.shade(0.7))
            still.draw.pieslice(_around(x, y - 8, 88, 116), 0, 360, fill=still.shade(0.95))
            still.draw.arc(_around(x, y, 54, 82), 200, 340, fill=still.shade(0.8), width=6)


def _hide(still: Still) -> None:
    points = []
    for index in range(22):
        angle = 2 * math.pi * index / 22
        reach = still.dice.uniform(270, 390)
        points.append((480 + reach * math.cos(angle), 480 + reach * 0.86 * math.sin(angle)))
    still.draw.polygon(points, fill=still.shade(1.0))
    for _ in range(46):
        x, y = still.dice.uniform(280, 680), still.dice.uniform(300, 660)
        still.draw.ellipse(
            _around(x, y, still.dice.uniform(8, 18), still.dice.uniform(16, 34)), fill=(60, 42, 30)
        )


def _bottle(still: Still) -> None:
    still.slab((340, 380, 620, 830), 60)
    still.slab((430, 180, 530, 390), 16)
    still.draw.rectangle((424, 150, 536, 215), fill=(150, 34, 34))
    still.draw.rectangle((370, 520, 590, 700), fill=(236, 226, 204))


def _garment(still: Still) -> None:
    right = [(580, 170), (650, 330), (590, 360), (700, 830)]
    left = [(FULL - x, y) for x, y in reversed(right)]
    still.draw.polygon(right + left, fill=still.shade(1.0))
    for index in range(5):
        crease = (400 + index * 40, 400, 330 + index * 75, 820)
        still.draw.line(crease, fill=still.shade(0.86), width=7)


def _box(still: Still) -> None:
    still.slab((220, 330, 740, 760), 26)
    still.draw.rectangle((220, 440, 740, 470), fill=still.shade(0.78))
    still.ball(480, 455, 26)


_SHAPES: tuple[tuple[str, Callable[[Still], None]], ...] = (
    ("嘴扇烟煙", _sticks),
    ("镯鐲戒圈", _ring),
    ("串珠", _beads),
    ("筷簪针針勺梳尺", _sticks),
    ("裙衣衫鞋外套巾", _garment),
    ("酒瓶漆膏", _bottle),
    ("皮毯", _hide),
    ("鳞鱗甲片", _scales),
    ("杯碗盒壶壺筒", _cup),
    ("佛观觀音像雕仕女罗羅汉漢貔貅狮獅", _figure),
    ("牌坠墜扣挂掛件", _pendant),
    ("章印方料坯骰", _block),
    ("角牙尖骨支", _tusk),
)


def shape_for(words: str) -> Callable[[Still], None]:
    """Drawing function for the words of an advertisement."""
    for signs, shape in _SHAPES:
        if any(sign in words for sign in signs):
            return shape
    return _box
