"""Text of captured pages."""

from __future__ import annotations

import pytest

from wildcrawl.review.page_text import MOST, PageText, page_text


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<h1>象牙</h1><style>p{}</style><p>手镯 <b>一只</b>", "象牙\n手镯\n一只"),
        ("<!-- 无 --><p>有</p><noscript>无</noscript><template><p>无</template>", "有"),
        ('{"title": "象牙"}', '{"title": "象牙"}'),
        ("<!-- 只有注释 -->", "<!-- 只有注释 -->"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_only_the_visible_text_of_a_page_is_shown(page: str, shown: str) -> None:
    assert page_text(page.encode()) == PageText(shown)


def test_charsets_are_recognised() -> None:
    assert page_text("<meta charset=gbk><p>老象牙手镯".encode("gbk")).text == "老象牙手镯"
    declared = '<?xml version="1.0" encoding="gbk"?><html><p>老象牙手镯</p></html>'
    assert page_text(declared.encode("gbk")).text == "老象牙手镯"
    assert page_text("老象牙手镯".encode("gbk"), "text/plain; charset=gbk").text == "老象牙手镯"


@pytest.mark.parametrize("body", [b"", b"  ", b"\x89PNG\r\n\x1a\n\0\0\0"])
def test_a_body_that_is_not_text_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="the page is"):
        page_text(body)


@pytest.mark.timeout(60)
def test_hostile_pages_are_bounded_and_what_is_left_out_is_known() -> None:
    assert page_text(b"<div>" * 1_000 + b"end") == PageText("end")
    assert not page_text(b"<div>" * 200_000 + b"end").whole
    long = page_text("<p>象</p>".encode() * 300_000)
    assert (len(long.text), long.whole) == (MOST, False)
