"""Contacts in text and codes: kinds, one spelling, hashes under a key, never plain."""

from __future__ import annotations

import pytest

from wildcrawl.pictures.contacts import (
    Contact,
    contact_of_code,
    contacts_in,
    contacts_in_lines,
    keyed_contacts,
)


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("加微信：ivory_8899", [("wechat", "ivory_8899")]),
        ("+V: Xy8866 同号", [("wechat", "xy8866")]),
        ("薇信号 abc-12345", [("wechat", "abc-12345")]),
        ("VX ａｂｃ１２３４", [("wechat", "abc1234")]),
        ("微信同号 13800138000", [("phone", "13800138000")]),
        ("电话 138-0013-8000", [("phone", "13800138000")]),
        ("+86 138 0013 8000", [("phone", "13800138000")]),
        ("QQ：12345678", [("qq", "12345678")]),
        ("扣扣群 88776655", [("qq", "88776655")]),
        ("微信 ivory_8899\nQQ 12345678\n13800138000", [
            ("wechat", "ivory_8899"), ("qq", "12345678"), ("phone", "13800138000"),
        ]),
        ("加薇\nabc12345\n圈口 58", [("wechat", "abc12345")]),
        ("电话 138/0013/8000", [("phone", "13800138000")]),
        ("①③⑧〇〇一三八〇〇〇", [("phone", "13800138000")]),
        ("微 信：a b c 1 2 3", [("wechat", "abc123")]),
        ("邮箱 shop@mall.example", [("email", "shop@mall.example")]),
    ],
)  # fmt: skip
def test_contacts_are_read_and_masked(text: str, contacts: list[tuple[str, str]]) -> None:
    found, masked = contacts_in_lines(text.split("\n"))
    assert [(contact.kind, contact.value) for contact in found] == contacts
    for kind, value in contacts:
        assert f"[{kind}]" in masked
        assert value not in masked.lower().replace("-", "").replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "象牙手镯 内径58圈口 重62克",
        "编号 20160513001 起拍价 12800138000",
        "vivo 手机 iphone6",
        "118001380001",
        "qq糖 12 包",
        "微信",
        "象牙\n138\n0013\n8000元",
    ],
)
def test_numbers_and_words_of_goods_are_no_contacts(text: str) -> None:
    assert contacts_in_lines(text.split("\n")) == ([], text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://u.wechat.com/abc", "wechat"),
        ("weixin://contacts/profile/abc", "wechat"),
        ("wxp://f2f0abc", "wechat"),
        ("https://qm.qq.com/cgi-bin/x", "qq"),
        ("https://qr.alipay.com/fkx", "alipay"),
        ("https://shop.example/1", "link"),
        ("微信 ivory_8899", "wechat"),
        ("http://[broken", "code"),
        ("6901234567892", "code"),
    ],
)
def test_codes_have_the_kind_of_what_they_lead_to(text: str, kind: str) -> None:
    assert contact_of_code(text).kind == kind


def test_a_hash_needs_its_key_and_links_the_same_contact() -> None:
    contact = Contact("wechat", "ivory_8899")
    kept = keyed_contacts([contact, contact], b"one")
    assert kept == keyed_contacts(contacts_in("V信: Ivory_8899"), b"one")
    assert len(kept) == 1
    assert kept != keyed_contacts([contact], b"two")
    assert kept[0].startswith("wechat:")
    assert "ivory" not in kept[0]
    assert Contact("qq", "12345678").keyed(b"one") != Contact("phone", "12345678").keyed(b"one")
