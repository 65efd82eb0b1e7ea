"""Contacts in advertisements of a report: hidden before any file or page is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from wildcrawl.analysis.contacts import Kind, hide_contacts, hide_in_address

TEXTS = ("title", "description", "category", "price", "seller", "seller_id", "location", "note")
"""Columns of sellers' texts, and the note that may repeat them."""
ADDRESSES = ("url",)
LISTS = ("image_urls",)
"""Columns of addresses, with a semicolon between."""
# What every text with a contact has; polars finds it many times faster than Python reads a text.
_FORMS = r"Ａ-Ｚａ-ｚ\x{1D400}-\x{1D7FF}\x{1F100}-\x{1F189}Ⓐ-ⓩ"
_DIGIT = (
    r"[0-9oOlI\p{Nd}\p{No}\p{Nl}〇零○◯一壹弌幺二贰貳弍三叁參弎四肆五伍六陆陸七柒八捌九玖"
    r"㊀-㊈㈠-㈨洞妖么拐勾Зз]"
)
_SPOKEN = (
    "(?:yi|yao|er|liang|san|si|wu|liu|qi|ba|jiu|ling|dong"
    "|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_HOUSE = rf"[路街巷弄道同村区园寓厦城场苑坊].{{0,4}}{_DIGIT}[号弄栋幢座室层楼单铺摊档]"
_SUSPECT = (
    r"[@＠#]|艾特|[(\[{<【《「]\s?(?i:at)| (?i:dot) "
    rf"|:/|[a-z]:[^\s/]|\.[a-zA-Z]{{2,24}}/|[{_FORMS}]"
    rf"|{_DIGIT}(?:[^\p{{L}}\p{{N}}\n]*{_DIGIT}){{6}}|\d[空横杠点]|{_HOUSE}"
    rf"|(?i:{_SPOKEN}[\s,.·-]{{0,2}}){{6}}|(?i:{_SPOKEN}){_DIGIT}"
    r"|[微薇威徽维維围圍卫衛崴绿綠扣抠叩鹅鵝球♥❤♡💗💕☎☏✆📞📱📲➕陌钉釘]"
    r"|[电電].{0,4}[话話]|手.{0,4}[机機]|热线|熱線|[联聯][系繫係]|致[电電]|[拨撥]|[来來][电電]"
    r"|座[机機]|[传傳]真|短信|[咨諮][询詢]|客服|支付[宝寶]|抖音|快手|[电電][报報]|[飞飛][机機]"
    r"|加我|私[聊我]|[扫掃]我|身份[证證]|行|卡|[账帳][号號户戶]|信"
    r"|(?i:v|w|q|tel|tg|skype|signal|line|kakao|insta|ig|phone|mob|call|cell|hotline|fax)"
    r"|[kK].{0,4}[号號群]|我的|[是为为]我"
)
_ADDRESS = r"[?&#;@]|://[^/]*\.me/|wechat|weixin|qq\.com|alipay|^\w+:[^/]"


_PRICE = r"^\s*[¥￥]?\s*(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,2})?\s*元?\s*$"
"""A plain price: too few digits for a number that no word announces, and no word."""


def without_contacts(rows: pl.DataFrame) -> tuple[pl.DataFrame, Counter[Kind]]:
    """`rows` of the store with the contacts in them hidden, and how many of each kind were.

    Equal texts are searched once.
    """
    counts: Counter[Kind] = Counter()

    def hide(text: str) -> tuple[str, Mapping[Kind, int]]:
        hidden = hide_contacts(text)
        return hidden.text, hidden.counts

    changed = []
    for names, pattern, change in (
        (TEXTS, _SUSPECT, hide),
        (ADDRESSES, _ADDRESS, _hide_address),
        (LISTS, _ADDRESS, _hide_list),
    ):
        for name in names:
            texts = rows[name]
            suspects = (texts.str.contains(pattern) & ~texts.str.contains(_PRICE)).arg_true()
            if not suspects.len():
                continue
            found = texts.gather(suspects)
            shown: dict[str, str] = {}
            for text, number in Counter(found).items():
                shown[text], hidden = change(text)
                for kind, times in hidden.items():
                    counts[kind] += times * number
            changed.append(texts.scatter(suspects, [shown[text] for text in found]))
    return rows.with_columns(changed), +counts


def _hide_address(address: str) -> tuple[str, Mapping[Kind, int]]:
    shown = hide_in_address(address)
    return shown, {Kind.ADDRESS: int(shown != address)}


def _hide_list(addresses: str) -> tuple[str, Mapping[Kind, int]]:
    hidden = [_hide_address(address) for address in addresses.split(";")]
    number = sum(counts[Kind.ADDRESS] for _, counts in hidden)
    return ";".join(shown for shown, _ in hidden), {Kind.ADDRESS: number}
