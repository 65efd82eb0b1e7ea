"""Contacts of sellers are in no file and no page of a report but the one for officers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import polars as pl
import pytest

from exports import export
from exports.contacts import _ADDRESS, _SUSPECT, without_contacts
from exports.file_names import OFFICERS_ONLY
from tests.helpers.contact_forms import forms
from tests.helpers.exports_data import ad, context, frame
from tests.helpers.pattern_texts import patterns_of, text_of
from wildcrawl.analysis.contacts import (
    HIDDEN,
    Kind,
    addresses,
    disguises,
    handles,
    hide_contacts,
    hide_in_address,
    hiding,
    labels,
    numbers,
    places,
    spoken,
    written_forms,
)
from wildcrawl.store.frame import FRAME_SCHEMA


def test_every_text_with_a_contact_is_looked_at() -> None:
    texts = pl.Series([re.sub("[⟦⟧]", "", row) for row in forms("hidden.txt")])
    assert texts.filter(~texts.str.contains(_SUSPECT)).to_list() == []


def test_every_composed_text_with_a_contact_is_looked_at() -> None:
    random = Random(20160503)
    rows = [re.sub("[⟦⟧]", "", row) for row in forms("hidden.txt")]
    patterns = patterns_of(labels, handles, hiding, places, numbers, disguises, spoken)
    rows += [text_of(pattern, random) for pattern in patterns for _ in range(40)]
    rows += [_disguised(row, random) for row in rows]
    rows += ["象牙 ⑬⑧⑫⑱⑰⑯", "138bb138bbb", "魏芯：abc12345", "收货地址 万达广场A12区 B1234号"]
    hidden = [row for row in rows if hide_contacts(row).counts]
    assert len(hidden) > 2000
    texts = pl.Series(hidden)
    assert texts.filter(~texts.str.contains(_SUSPECT)).to_list() == []


def test_every_composed_address_with_a_contact_is_looked_at() -> None:
    random = Random(20160503)
    pieces = [text_of(each, random) for each in patterns_of(addresses) for _ in range(30)]
    starts = ("", "https:", "https://mall.example/")
    rows = [start + piece + "/13800138000" for piece in pieces for start in starts]
    rows += [row.upper() for row in rows]
    hidden = [row for row in rows if hide_in_address(row) != row]
    assert len(hidden) > 300
    texts = pl.Series(hidden)
    assert texts.filter(~texts.str.contains(_ADDRESS)).to_list() == []


@cache
def _forms_of(character: str) -> str:
    return written_forms(character)


def _disguised(text: str, random: Random) -> str:
    """`text` with some characters in another written form, and a few invisible ones."""
    return "".join(
        (random.choice(_forms_of(each)) if random.random() < 0.1 else each)
        + "\u200b" * (random.random() < 0.01)
        for each in text.lower()
    )


def test_contacts_are_hidden_in_each_column_and_counted() -> None:
    cells = {
        "title": "牙雕 加薇abc12345",
        "description": "电话138/0013/8000，580元",
        "seller": "藏友13800138000",
        "seller_id": "u2201234567890",
        "url": "http://mall.example/1?tel=13800138000",
        "image_urls": "http://mall.example/1.jpg;http://mall.example/2.jpg?wx=abc12345",
    }
    row = {name: "" for name, kind in FRAME_SCHEMA.items() if kind == pl.String} | cells
    shown, counts = without_contacts(pl.DataFrame([row]))
    assert {name: shown[name].item() for name in cells} == {
        "title": "牙雕 加薇▒▒▒",
        "description": "电话▒▒▒，580元",
        "seller": "藏友▒▒▒",
        "seller_id": "u2201234567890",
        "url": "http://mall.example/1?tel=▒▒▒",
        "image_urls": "http://mall.example/1.jpg;http://mall.example/2.jpg?wx=▒▒▒",
    }
    assert counts == {Kind.WECHAT: 1, Kind.PHONE: 2, Kind.ADDRESS: 2}


@pytest.mark.usefixtures("drawn")
def test_only_the_marked_file_has_contacts(tmp_path: Path) -> None:
    rows = frame(
        ad("2016-04-05", ad_id="1", title="牙雕 vx👉abc12345", url="http://mall.example/1?tel=1"),
        ad("2016-05-05", ad_id="2", title="手串 580元", description="一三八零零一三八零零零"),
    )
    given = context("2016-04", "2016-05")
    formats = ("html", "csv", "xlsx")
    marked = export(rows, replace(given, with_contacts=True), tmp_path, formats=formats)
    assert marked.with_contacts == tmp_path / OFFICERS_ONLY
    own = pl.read_csv(marked.with_contacts)
    assert own["title"].to_list() == ["牙雕 vx👉abc12345", "手串 580元"]
    assert set(own["marking"]) == {"officers only: has contacts, not for publication"}
    assert marked.with_contacts.stat().st_mode & 0o077 == 0
    assert "advertisements" in marked.csv
    done = export(rows, given, tmp_path, formats=formats)
    assert done.with_contacts is None
    assert not (tmp_path / OFFICERS_ONLY).exists()
    texts = [path.read_text(encoding="utf-8-sig") for path in (*done.csv.values(), done.index)]
    texts += [path.read_text(encoding="utf-8") for path in done.months.values()]
    assert len(done.months) == 2
    assert done.xlsx
    sheet = openpyxl.load_workbook(done.xlsx)["advertisements"]
    texts.append(str([*sheet.iter_rows(values_only=True)]))
    for text in texts:
        for contact in ("abc12345", "tel=1", "一三八零零"):
            assert contact not in text
    assert sum(text.count(f"vx👉{HIDDEN}") for text in texts) >= 3
    note = "here and in the files: 3 (telephone numbers 1, WeChat accounts 1, contacts in web"
    assert note in " ".join(done.index.read_text(encoding="utf-8").split())


def test_equal_texts_count_each_time_and_plain_prices_never() -> None:
    prices = ["1234567.89", "￥7654321", "120元", "0.5", "13800138000"]
    rows = frame(*(ad(ad_id=price, price=price, note="电话13800138000") for price in prices))
    shown, counts = without_contacts(rows)
    assert counts == {Kind.PHONE: 6}
    assert shown["price"].to_list() == [*prices[:4], HIDDEN]
    assert shown["note"].to_list() == [f"电话{HIDDEN}"] * 5
    # What is not searched has nothing that a search would hide.
    for text in (*prices[:4], " ¥ 9999999.99 元", "1000000.00", "4008001.23"):
        assert not hide_contacts(text).counts
