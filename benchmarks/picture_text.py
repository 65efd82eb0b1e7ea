"""Text in pictures: how many of the search keywords are read, and the processor time of it.

    python -m benchmarks.picture_text [FOLDER]

Each keyword is drawn at a place, in ink with an edge, upon a picture of 800 pixels: the drawn
pictures of the tests, which are livelier than photographs, or the JPEG files of FOLDER. Text is 28
pixels tall. Counted are keywords without a fault, characters in order, and lines invented on the
same pictures without text.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from PIL import Image, ImageFilter
from rapidfuzz.distance import LCSseq

from tests.helpers.picture_files import encoded, overlaid, scene
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.pictures.decode import as_pixels, read_picture
from wildcrawl.pictures.text import LONGEST, Line, is_text, read_lines

SIDE, SIZE = 800, 28
INKS = (
    ((255, 255, 255), (20, 20, 20)),
    ((250, 220, 40), (60, 20, 0)),
    ((20, 20, 20), (250, 250, 250)),
    ((220, 20, 20), (255, 255, 255)),
)


def grounds(folder: Path | None) -> list[Image.Image]:
    """Pictures without text: 40 drawn ones, or those of a folder."""
    if folder is None:
        return [scene(seed, SIDE) for seed in range(40)]
    opened = [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.jpg"))]
    return [_sized(image) for image in opened]


def _sized(image: Image.Image) -> Image.Image:
    scale = SIDE / max(image.size)
    return image.resize((round(image.width * scale), round(image.height * scale)))


def with_keyword(ground: Image.Image, keyword: str, number: int) -> bytes:
    """The file of a picture with a keyword at a place and in an ink that follow from `number`."""
    dice = random.Random(number)
    room = ground.width - 40 - SIZE * len(keyword), ground.height - 40 - SIZE
    place = dice.uniform(20, 20 + room[0]), dice.uniform(20, 20 + room[1])
    ink, edge = dice.choice(INKS)
    picture = overlaid(ground, keyword, place, SIZE, ink, edge)
    return encoded(picture.filter(ImageFilter.GaussianBlur(0.5)), quality=70)


def lines_in(data: bytes) -> tuple[list[Line], float]:
    """The lines of a picture's file, and the processor seconds of reading them."""
    pixels = as_pixels(read_picture(data, LONGEST))
    start = time.process_time()
    return read_lines(pixels), time.process_time() - start


def main(folder: Path | None) -> None:
    """Prints the share of keywords and characters that are read, and what was missed."""
    pictures = grounds(folder)
    keywords = [keyword.term for keyword in load_vocabulary().keywords]
    characters, seconds = 0, 0.0
    missed: list[str] = []
    lines_in(encoded(pictures[0]))
    for number, keyword in enumerate(keywords):
        lines, took = lines_in(with_keyword(pictures[number % len(pictures)], keyword, number))
        said = "".join(line.text for line in lines).replace(" ", "")
        characters += LCSseq.similarity(keyword, said)
        seconds += took
        if keyword not in said:
            missed.append(f"{keyword} as {'|'.join(line.text for line in lines) or 'nothing'}")
    every = sum(map(len, keywords))
    print(f"{len(keywords) - len(missed)} of {len(keywords)} keywords", end=", ")
    print(f"{characters} of {every} characters ({characters / every:.1%})", end=", ")
    print(f"{1000 * seconds / len(keywords):.0f} ms CPU a picture")
    print(f"missed: {'; '.join(missed) or 'none'}")
    read = [lines_in(encoded(picture, quality=90))[0] for picture in pictures]
    invented = [line.text for lines in read for line in lines if is_text(line.text)]
    print(f"without text: {len(invented)} lines in {len(pictures)} pictures: {' '.join(invented)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
