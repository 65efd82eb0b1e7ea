"""Charsets: encoding of keywords, and detection of the charset of pages."""

import pytest

from wildcrawl.analysis.charsets import NotAPage, charset_of, quote_keyword

PAGE = "<html><head><title>老象牙手镯</title></head><body>" + "玳瑁手镯 清代 犀角杯 龙 " * 30
TRADITIONAL = "<html><body>" + "玳瑁手鐲 清代 犀角杯 龍 " * 30


@pytest.mark.parametrize(
    ("term", "charset", "quoted"),
    [
        ("象牙", "utf-8", "%E8%B1%A1%E7%89%99"),
        ("象牙", "gbk", "%CF%F3%D1%C0"),
        ("象牙", "gb2312", "%CF%F3%D1%C0"),
        ("虎牙", "big5", "%AA%EA%A4%FA"),
        ("XY", "gb18030", "XY"),
        ("果冻 料", "utf-8", "%E6%9E%9C%E5%86%BB%20%E6%96%99"),
    ],
)
def test_keyword_is_sent_in_the_sites_charset(term: str, charset: str, quoted: str) -> None:
    assert quote_keyword(term, charset) == quoted


def test_big5_site_is_searched_in_traditional_characters() -> None:
    assert quote_keyword("犀牛角雕龙", "big5") == quote_keyword("犀牛角雕龍", "big5")


def test_keyword_that_the_charset_lacks_is_not_sent_garbled() -> None:
    assert quote_keyword("🐘牙", "big5") is None


@pytest.mark.parametrize("site_charset", ["gbk", "utf-8"])
@pytest.mark.parametrize(
    "header", ["", "text/html; charset=iso-8859-1", "text/html; charset=utf-8"]
)
@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_page_is_decoded_despite_a_wrong_header(codec: str, header: str, site_charset: str) -> None:
    if codec == "gb18030" and site_charset == "utf-8":
        pytest.skip("nothing names the charset of such a page")
    body = PAGE.encode(codec)
    assert body.decode(charset_of(body, site_charset, header)) == PAGE


@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=gbk"])
def test_big5_page_is_read_right(header: str) -> None:
    body = TRADITIONAL.encode("big5")
    assert body.decode(charset_of(body, "big5", header)) == TRADITIONAL


def test_site_that_moved_to_another_charset_is_read_by_its_meta() -> None:
    page = '<meta charset="gb2312">' + PAGE
    body = page.encode("gb18030")
    assert body.decode(charset_of(body, "utf-8", "text/html")) == page


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_page_cut_in_the_middle_of_a_character_keeps_its_charset(codec: str) -> None:
    body = PAGE.encode(codec)[:-2]
    text = body.decode(charset_of(body, "gbk", "text/html; charset=gbk"), "ignore")
    assert text[:200] == PAGE[:200]


def test_one_broken_byte_does_not_turn_a_page_into_mojibake() -> None:
    body = PAGE.encode("utf-8").replace("清".encode(), b"\xe6\xb8", 1)
    assert charset_of(body, "gbk", "text/html; charset=gbk") == "utf-8"


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200)])
def test_a_body_that_is_not_text_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPage):
        charset_of(body, "gbk")


def test_unknown_charset_of_a_declaration_is_named() -> None:
    with pytest.raises(LookupError, match="gbx"):
        quote_keyword("象牙", "gbx")
