"""Charsets: encoding of keywords, and detection of the charset of pages."""

import contextlib
import json
import time

import pytest

from wildcrawl.analysis.charsets import NotAPage, decode, quote_keyword

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


@pytest.mark.parametrize("codec", ["hz", "iso2022_jp_2"])
@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8"])
def test_a_page_whose_chinese_is_written_in_ascii_is_read(codec: str, header: str) -> None:
    assert decode(PAGE.encode(codec), "utf-8", header).text == PAGE


@pytest.mark.parametrize("text", ["~{name~} and ~{title~}", "a = ~{}~}", "<p>home ~/x ~{ y ~}"])
def test_signs_of_templates_are_no_chinese(text: str) -> None:
    assert decode(text.encode(), "utf-8").text == text


@pytest.mark.parametrize("site_charset", ["gbk", "utf-8"])
@pytest.mark.parametrize(
    "header", ["", "text/html; charset=iso-8859-1", "text/html; charset=utf-8"]
)
@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_page_is_decoded_despite_a_wrong_header(codec: str, header: str, site_charset: str) -> None:
    if codec == "gb18030" and site_charset == "utf-8":
        pytest.skip("nothing names the charset of such a page")
    body = PAGE.encode(codec)
    assert decode(body, site_charset, header).text == PAGE


@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=gbk"])
def test_big5_page_is_read_right(header: str) -> None:
    body = TRADITIONAL.encode("big5")
    assert decode(body, "big5", header).text == TRADITIONAL


def test_site_that_moved_to_another_charset_is_read_by_its_meta() -> None:
    page = '<meta charset="gb2312">' + PAGE
    body = page.encode("gb18030")
    assert decode(body, "utf-8", "text/html").text == page


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_page_cut_in_the_middle_of_a_character_keeps_its_charset(codec: str) -> None:
    body = PAGE.encode(codec)[:-2]
    text = body.decode(decode(body, "gbk", "text/html; charset=gbk").codec, "ignore")
    assert text[:200] == PAGE[:200]


def test_one_broken_byte_does_not_turn_a_page_into_mojibake() -> None:
    body = PAGE.encode("utf-8").replace("清".encode(), b"\xe6\xb8", 1)
    assert decode(body, "gbk", "text/html; charset=gbk").codec == "utf-8"


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200)])
def test_a_body_that_is_not_text_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPage):
        decode(body, "gbk")


def test_unknown_charset_of_a_declaration_is_named() -> None:
    with pytest.raises(LookupError, match="gbx"):
        quote_keyword("象牙", "gbx")


FRAME = (
    "<html><head><title>搜索结果</title></head><body>" + "<li>老象牙手镯 ￥3500 江浙沪包邮</li>" * 8
)


@pytest.mark.parametrize(
    ("codec", "site_charset", "content_type"),
    [
        ("gb18030", "utf-8", ""),
        ("gb18030", "utf-8", "text/html; charset=utf-8"),
        ("gb18030", "utf-8", "text/html; charset=iso-8859-1"),
        ("gb18030", "big5", ""),
        ("big5hkscs", "utf-8", ""),
        ("big5hkscs", "gb18030", ""),
        ("utf-8", "gb18030", "text/html; charset=gbk"),
        ("utf-16", "utf-8", ""),
        ("utf-16-le", "utf-8", "text/html; charset=utf-16le"),
        ("utf-16-be", "gb18030", ""),
        ("utf-16-le", "utf-8", "text/html; charset=utf-16"),
        ("utf-16-be", "utf-8", "text/html; charset=utf-16"),
        ("utf-8", "utf-8", "text/html; charset=utf-16"),
        ("utf-8", "utf-8", "text/html; charset=utf-32"),
        ("utf-8-sig", "gb18030", ""),
    ],
)
def test_a_page_is_read_in_a_charset_that_nothing_names(
    codec: str, site_charset: str, content_type: str
) -> None:
    text = FRAME if "big5" not in codec else TRADITIONAL
    assert decode(text.encode(codec), site_charset, content_type).text == text


def test_a_meta_that_says_utf_8_over_gbk_is_not_believed_and_this_is_noted() -> None:
    page = '<meta charset="utf-8">' + FRAME
    found = decode(page.encode("gbk"), "utf-8", "text/html; charset=utf-8")
    assert (found.text, found.codec, found.declared) == (page, "gb18030", False)
    assert decode(page.encode(), "utf-8").declared


@pytest.mark.parametrize("text", ['{"title":"牙"}', '{"id":1,"title":"老象牙"}', "<li>虎骨</li>"])
def test_a_single_word_is_enough_to_find_the_charset(text: str) -> None:
    assert decode(text.encode("gbk"), "utf-8").text == text


@pytest.mark.parametrize(("wrong", "right"), [("latin-1", "utf-8"), ("latin-1", "gb18030")])
def test_text_that_was_decoded_wrongly_before_is_decoded_again(wrong: str, right: str) -> None:
    found = decode(FRAME.encode(right).decode(wrong).encode(), "utf-8")
    assert found.text == FRAME
    assert found.repaired


def test_a_garbled_title_within_a_right_page_is_repaired() -> None:
    garbled = "老象牙".encode().decode("latin-1")
    found = decode(f"{FRAME}<li>{garbled}</li>".encode(), "utf-8")
    assert found.text == f"{FRAME}<li>老象牙</li>"
    assert found.repaired


def test_pieces_in_another_charset_are_read() -> None:
    body = FRAME.encode() + "<p>友情链接</p>".encode("gbk")
    found = decode(body, "utf-8")
    assert "老象牙手镯" in found.text
    assert "�" not in found.text or found.text.count("�") <= 6


@pytest.mark.parametrize(
    "body",
    [
        FRAME.encode().decode("gb18030", "replace").encode(),
        FRAME.encode().decode("ascii", "replace").encode(),
        ("<p>" + "锟斤拷" * 9 + "</p>").encode(),
        ("<p>" + "锟斤拷" * 9 + "</p>").encode("gbk"),
        b"<p>" + b"\xff\xfe\xfd" * 40 + b"</p>",
        FRAME.encode("gbk").replace("牙".encode("gbk"), b"\xff\xff"),
    ],
)
def test_a_page_that_is_legible_in_no_charset_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPage):
        decode(body, "utf-8", "text/html")


@pytest.mark.parametrize(
    "body",
    [
        FRAME.encode() + b"\xff",
        b"<html>plain text with one stray byte \xe9 in it</html>",
        # Titles that a program cut by bytes.
        "".join(
            f"<li>老象牙手镯{n}".encode()[:-1].decode("utf-8", "ignore") for n in "甲乙"
        ).encode()
        + b"".join(f"<li>老象牙手镯{n}号甲".encode()[:-1] + b"...</li>" for n in range(20)),
        b"".join(f"<li>老象牙手镯{n}号甲".encode("gbk")[:-1] + b"</li>" for n in range(20)),
        ("<p>" + "Ägypten, café, naïve, Übersee" * 5 + "</p>").encode(),
        ("<p>" + "слоновая кость" * 5 + "</p>").encode(),
        ("<p>" + "งาช้าง" * 5 + "</p>").encode(),
        "<p>鵎鵼 麒麟 饕餮</p>".encode(),
        "<p>••• ——— ™™™ »»» 5℃ ①②③ ★★★ 😀😀</p>".encode(),
    ],
)
def test_an_ordinary_page_is_no_garbled_one(body: bytes) -> None:
    site = "gb18030" if b"\xcf\xf3\xd1\xc0" in body else "utf-8"
    found = decode(body, site)
    assert found.declared
    assert not found.repaired
    assert found.unchanged


def test_a_western_page_without_a_charset_is_read() -> None:
    text = "<p>" + "Ägypten, café, naïve, Übersee. " * 5 + "</p>"
    assert decode(text.encode("cp1252"), "utf-8").text == text


def test_nul_and_control_characters_are_left_out() -> None:
    body = FRAME.replace("老象牙", "老\0象\x01牙").encode()
    found = decode(body, "utf-8")
    assert (found.text, found.unchanged) == (FRAME, False)


@pytest.mark.parametrize(
    "unit",
    ["老象牙 ".encode("gbk"), b"\x81a", b"\xe6", "æ±".encode(), b"a\0", b"~{a", b"~{ab", b"\x1b$B"],
)
def test_detection_takes_linear_time(unit: bytes) -> None:
    def seconds(length: int) -> float:
        body = unit * (length // len(unit))
        start = time.process_time()
        with contextlib.suppress(NotAPage):
            decode(body, "utf-8")
        return time.process_time() - start

    short = min(seconds(5_000) for _ in range(3))
    assert seconds(50_000) < 40 * short + 0.5


@pytest.mark.parametrize("title", ["~{VPND~}", "\x1b$B0!", "~{VPND~} ~{HKIq~}"])
def test_one_text_in_another_charset_changes_no_page_in_ascii(title: str) -> None:
    body = json.dumps([{"title": "象牙手镯"}, {"title": title}]).encode()
    assert decode(body, "utf-8").text == body.decode()
