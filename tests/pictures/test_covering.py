"""Covering of contacts in a picture for publication."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.helpers.picture_files import encoded, qr_code, scene, with_text
from wildcrawl.pictures import codes, text
from wildcrawl.pictures.covering import covered_view, lines_with_contacts
from wildcrawl.pictures.decode import PictureError, as_pixels
from wildcrawl.pictures.text import Line


@pytest.mark.parametrize(
    ("lines", "covered"),
    [
        (["象牙手镯 58mm", "加微信：made_up_77"], ["加微信：made_up_77"]),
        (["加薇", "zhang-1", "62克"], ["加薇", "zhang-1"]),
        (["微信", "圈口 58"], []),
        (["电话 138", "0013 8000"], ["电话 138", "0013 8000"]),
        (["QQ 1234567", "加薇", "abc_99"], ["QQ 1234567", "加薇", "abc_99"]),
        (["1 3 8 0 0 1"], ["1 3 8 0 0 1"]),
        (["￥12,800", "2016年 老料", "A4 62g"], []),
        ([], []),
    ],
)
def test_lines_with_a_contact_or_a_part_of_one_are_covered(
    lines: list[str], covered: list[str]
) -> None:
    read = [Line(words, (0, 20 * row, 99, 20 * row + 15), 0.9) for row, words in enumerate(lines)]
    assert [line.text for line in lines_with_contacts(read)] == covered


def test_an_unsure_line_of_letters_is_a_pattern_and_one_with_digits_is_covered() -> None:
    box = (0.0, 0.0, 99.0, 15.0)
    read = [Line("LTTAAHEA", box, 0.3), Line("made77up", box, 0.3), Line("LTTAAHEA", box, 0.9)]
    assert lines_with_contacts(read) == read[1:]


def test_a_view_for_publication_shows_no_contact_code_metadata_or_named_part() -> None:
    picture = scene(1).copy()
    picture.paste(qr_code("https://u.wechat.com/made-up", 5), (60, 260))
    words = with_text(picture, ["象牙手镯 圈口58", "加微信：made_up_77"])
    exif = Image.Exif()
    exif[0x013B] = "seller made_up_77"
    shown = covered_view(encoded(words, exif=exif, comment=b"made_up_77"), [(90, 90, 100, 100)])
    assert (shown.lines, shown.codes) == (1, 1)
    view = Image.open(BytesIO(shown.view.data)).convert("RGB")
    assert not view.getexif()
    assert "comment" not in Image.open(BytesIO(shown.view.data)).info
    assert b"made_up" not in shown.view.data
    pixels = as_pixels(view)
    assert codes.code_boxes(pixels) == []
    assert [line.text for line in text.read_lines(pixels)] == ["象牙手镯圈口58"]
    corner = as_pixels(view)[round(view.height * 0.92) :, round(view.width * 0.92) :]
    assert 120 < corner.min() <= corner.max() < 136


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\xff\xd8\xff\xe0 cut"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        covered_view(data)
