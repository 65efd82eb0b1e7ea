"""Contacts are hidden in every written form; prices, sizes, years and item numbers remain."""

from __future__ import annotations

import re

import pytest

from tests.helpers.contact_forms import forms
from wildcrawl.analysis.contacts import (
    HIDDEN,
    Kind,
    hide_contacts,
    hide_in_address,
    is_hidden,
)


def test_every_written_form_of_a_contact_is_hidden_and_nothing_beside_it() -> None:
    rows = forms("hidden.txt")
    assert len(rows) == 1063
    wrong = []
    for row in rows:
        text = re.sub("[⟦⟧]", "", row)
        shown = hide_contacts(text).text
        if shown != re.sub("⟦[^⟧]*⟧", HIDDEN, row):
            wrong.append((row, shown))
    assert wrong == []


def test_every_innocent_figure_and_word_remains() -> None:
    rows = forms("kept.txt")
    assert len(rows) == 1168
    assert [(row, hide_contacts(row).text) for row in rows if hide_contacts(row).text != row] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("牛角梳 1380\n0138572 老李", "牛角梳 ▒▒▒ 老李"),
        ("138\n00138572", "▒▒▒"),
        ("电话：13800\n138572", "电话：▒▒▒"),
        ("138-0013-\n8572", "▒▒▒"),
        ("138 0013\r\n8572", "▒▒▒"),
        ("一三八零零\n一三八五七二", "▒▒▒"),
        ("先记138\n再记0013\n再记8000\n老料", "先记▒▒▒\n再记▒▒▒\n再记▒▒▒\n老料"),
        ("手机分开写：154\n6630\n2017\n老料", "手机分开写：▒▒▒\n▒▒▒\n▒▒▒\n老料"),
        ("分开卖：120\n130\n150", None),
        ("15000\n138000", None),
        ("1500000\n1368", None),
        ("1380013\n2019", None),
        ("138\n12345678件", None),
        ("12\n13\n14\n15\n16\n18", None),
        ("2016-05-13\n13800138", None),
        ("价格 1380\n1234567", None),
        ("telegram 用户名\nyaju.8899 豹皮价18000", "telegram 用户名\n▒▒▒ 豹皮价18000"),
        ("加微信\nZB1107 象牙牌", None),
        ("加微信号\nsize12cm 30g", None),
        ("QQ号\nlot12345 象牙牌", None),
    ],
)
def test_a_number_broken_over_two_lines_is_hidden(text: str, shown: str | None) -> None:
    assert hide_contacts(text).text == (text if shown is None else shown)


def test_hidden_contacts_are_counted_by_kind() -> None:
    hidden = hide_contacts("微信abc12345 QQ12345678 13800138000 a@mail.example 110101199003071234")
    kinds = (Kind.WECHAT, Kind.QQ, Kind.PHONE, Kind.EMAIL, Kind.ID_CARD)
    assert hidden.counts == dict.fromkeys(kinds, 1)


def test_hiding_twice_changes_nothing_more() -> None:
    for row in forms("hidden.txt"):
        once = hide_contacts(re.sub("[⟦⟧]", "", row)).text
        assert hide_contacts(once).text == once


def test_a_text_is_known_again_with_its_contacts_hidden() -> None:
    whole = "牙雕\n加薇abc12345  面议"
    assert is_hidden(hide_contacts(whole).text, whole)
    assert is_hidden("牙雕 加薇▒▒▒ 面议", whole)
    assert not is_hidden("牙雕 加薇▒▒▒ 500元", whole)
    assert not is_hidden(whole, whole)


def test_an_address_keeps_its_host_its_path_and_the_ids_of_its_items() -> None:
    for address, shown in (
        ("http://mall.example/13800138000?id=13900139000", None),
        ("http://li:secret@mall.example/1", "http://▒▒▒@mall.example/1"),
        ("http://mall.example/1?tel=1&a=2", "http://mall.example/1?tel=▒▒▒&a=2"),
        ("https://WA.ME/8613800138000", "https://WA.ME/▒▒▒"),
        ("https://e.tb.cn/h.Ab12?tk=Cd34", "https://e.tb.cn/h.Ab12?tk=▒▒▒"),
        ("https://m.tb.cn/h.Ab12?a=1&tk=Cd34 HU1", "https://m.tb.cn/h.Ab12?a=1&tk=▒▒▒"),
        (
            "https://mall.example/1?tk=Cd34&share_uid=77",
            "https://mall.example/1?tk=Cd34&share_uid=▒▒▒",
        ),
        ("javascript:alert(1)", None),
        ("", None),
        ("http://[broken", None),
    ):
        assert hide_in_address(address) == (address if shown is None else shown)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "象牙",
        "1",
        "1 ",
        "1.",
        "a@",
        "-",
        "+1",
        "微信 ",
        "138 ",
        "400-",
        "a.",
        "6222 ",
        "?tel=",
    ],
)
def test_contacts_are_looked_for_in_a_long_text_at_once(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert len(hide_contacts(text).text) <= len(text)
