"""Decoding in processes of their own: the same pictures, limits of memory and time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from tests.helpers.picture_files import FORMATS, encoded, png_of, scene
from wildcrawl.pictures import apart
from wildcrawl.pictures.apart import check_apart, view_apart
from wildcrawl.pictures.decode import Limits, PictureError, PictureFault, check_whole
from wildcrawl.pictures.views import make_view


def refusal(data: bytes, limits: Limits | None = None) -> PictureError:
    with pytest.raises(PictureError) as caught:
        view_apart(data, 240, limits or Limits())
    return caught.value


@pytest.mark.parametrize("kind", FORMATS)
def test_pictures_are_the_same_as_in_this_process(kind: str) -> None:
    data = encoded(scene(1, 300), kind)
    assert view_apart(data, 240) == make_view(data, 240)
    assert check_apart(data) == check_whole(data)


@pytest.mark.parametrize(
    ("data", "fault", "reason"),
    [
        (b"", PictureFault.TYPE, "empty file"),
        (b"<svg onload=alert(1)>", PictureFault.TYPE, "SVG"),
        (png_of(100_000, 100_000), PictureFault.PIXELS, "100,000 x 100,000 pixels"),
        (png_of(300, 300), PictureFault.DAMAGED, "PNG"),
        (bytes(11 << 20), PictureFault.BYTES, "11,534,336 bytes"),
    ],
)
def test_refusals_come_with_their_reason(data: bytes, fault: PictureFault, reason: str) -> None:
    error = refusal(data)
    assert error.fault is fault
    assert reason in error.reason


def test_a_picture_that_takes_much_memory_or_time_is_refused_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = BytesIO()
    Image.new("RGB", (4000, 4000)).save(written, "PNG")
    bomb, photograph = written.getvalue(), encoded(scene(1, 200), "JPEG")
    assert len(bomb) < 400_000, "48 MB of pixels"
    with monkeypatch.context() as patch:
        patch.setattr(apart, "MEMORY", 20 << 20)
        patch.setattr(apart, "BYTES_A_PIXEL", 0)
        error = refusal(bomb)
        assert error.fault is PictureFault.PIXELS
        assert error.reason == "PNG that takes too much memory to read"
    with monkeypatch.context() as patch:
        patch.setattr(apart, "TIMEOUT", 0.001)
        assert refusal(bomb).reason == "reading it took too much memory or time"
    assert view_apart(bomb, 240).width == 240
    for process in apart._pool._free:
        process._process.kill()
        process._process.wait()
    with ThreadPoolExecutor(4) as threads:
        views = list(threads.map(lambda _: view_apart(photograph, 100), range(8)))
    assert views == [make_view(photograph, 100)] * 8
    assert len(apart._pool._free) <= apart.PROCESSES
