"""Reading of pictures: seconds per 1,000 pictures for text, codes, hashes and features.

    python -m benchmarks.pictures [NUMBER]

CPU seconds in one process for each part, then the time of NUMBER pictures with two processes,
as `scrapy look -j 2` reads them. A third of the pictures have text, one in ten a QR code.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

from PIL import Image

from tests.helpers.picture_files import encoded, qr_code, scene, with_text
from wildcrawl.pictures import codes, features, text
from wildcrawl.pictures.decode import as_pixels, read_picture
from wildcrawl.pictures.framing import framed_part
from wildcrawl.pictures.hashes import part_hashes, picture_hash
from wildcrawl.pictures.reading import Task
from wildcrawl.pictures.workers import work_through
from wildcrawl.review.looking.look import read_safely

SIDE = 800
LINES = (["象牙手镯 老料", "加微信：made_up_77"], ["全场包邮"], ["虎骨 手串", "支持鉴定"])


def picture(number: int) -> bytes:
    """The file of picture `number`."""
    image = scene(number % 40, SIDE)
    if number % 3 == 0:
        image = with_text(image, LINES[number // 3 % len(LINES)])
    if number % 10 == 0:
        image = image.copy()
        image.paste(qr_code("https://u.wechat.com/made-up", 5), (400, 400))
    return encoded(image, quality=75)


def main(number: int) -> None:
    """Prints the times of the parts, and of whole readings with two processes."""
    files = [picture(each) for each in range(number)]
    opened = [read_picture(data, text.LONGEST) for data in files[: max(20, number // 5)]]
    parts: dict[str, Callable[[Image.Image], object]] = {
        "text": lambda image: text.read_lines(as_pixels(image)),
        "QR codes": lambda image: codes.read_codes(as_pixels(image)),
        "hashes": lambda image: (picture_hash(image), framed_part(image), part_hashes(image)),
        "features": lambda image: features.features_of(as_pixels(_small(image).convert("L"))),
    }
    start = time.process_time()
    for data in files[: len(opened)]:
        read_picture(data, text.LONGEST)
    _tell("decoding", time.process_time() - start, len(opened), "s CPU")
    for name, part in parts.items():
        part(opened[0])
        start = time.process_time()
        for image in opened:
            part(image)
        _tell(name, time.process_time() - start, len(opened), "s CPU")
    began = time.perf_counter()
    tasks = ((str(at), partial(Task, data)) for at, data in enumerate(files))
    done = sum(not each.fault for each in work_through(read_safely, tasks, processes=2))
    _tell(f"all, {done} with 2 processes", time.perf_counter() - began, number, "s")


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((features.LONGEST, features.LONGEST))
    return small


def _tell(what: str, seconds: float, number: int, unit: str) -> None:
    print(f"{what:26} {1000 * seconds / number:7.1f} {unit} per 1,000 pictures", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
