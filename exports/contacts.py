"""Contacts in advertisements of a report: hidden before any file or page is made of them."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping

import polars as pl

from wildcrawl.analysis.contacts import (
    LIKE_DIGITS,
    TWO_DIGITS,
    Kind,
    hide_contacts,
    hide_in_address,
    invisible_characters,
    written_forms,
)

TEXTS = ("title", "description", "category", "price", "seller", "seller_id", "location", "note")
"""Columns of sellers' texts, and the note that may repeat them."""
ADDRESSES = ("url",)
LISTS = ("image_urls",)
"""Columns of addresses, with a semicolon between."""
# What every text with a contact has; polars finds it many times faster than Python reads a text.
_LETTERS = set(written_forms(string.ascii_lowercase)) - set(string.ascii_letters)
_FORMS = re.escape("".join(sorted(_LETTERS)))
_DIGIT = f"[{re.escape(written_forms(string.digits + LIKE_DIGITS))}{TWO_DIGITS[1:]}"
_SPOKEN = (
    "(?:yi|yao|er|liang|san|si|wu|liu|qi|ba|jiu|ling|dong"
    "|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_HOUSE = rf"[路街巷弄道同村区园寓厦城场苑坊](?s:.){{0,10}}{_DIGIT}[号號弄栋幢座室层楼单铺摊档]"
_SUSPECT = (
    r"[@＠﹫#＃]|艾特|[(（\[［{｛<＜【《「]\s?(?i:at?)\s?[)）\]］}｝>＞】》」]"
    r"|[\s*＊/／_＿](?i:dot)[\s*＊/／_＿]"
    r"|[:：] ?[/／]|[a-zA-Z][:：][^\s/]|[.．][a-zA-Z]{2,24}[/／]"
    rf"|[{_FORMS}{re.escape(invisible_characters())}]|{TWO_DIGITS}|亻"
    rf"|{_DIGIT}(?:[^\p{{L}}\p{{N}}]*{_DIGIT}){{6}}"
    rf"|{_DIGIT}[ ,，;；、]?[空横杠点中尾后电電手联聯再然接最]|{_HOUSE}"
    rf"|打{_DIGIT}{{2}}|(?:{_DIGIT}|两)个{_DIGIT}"
    rf"|{_DIGIT}[a-zA-Z]{{1,2}}{_DIGIT}|{_DIGIT} ?{_DIGIT}[千仟]"
    rf"|(?i:{_SPOKEN}[\s,.·-]{{0,2}}){{6}}|(?i:{_SPOKEN}){_DIGIT}"
    r"|推特|[✈🛩🛰谓✚蔚伟群瓦公視视众眾微薇威徽维維围圍卫衛崴嶶魏葳溦徵巍绿綠扣抠叩鹅鵝蔻🐧球♥❤♡💗💕❥💚☎☏✆📞📱📲➕陌钉釘]"
    r"|[电電].{0,4}[话話]|手.{0,4}[机機]|热线|熱線|[联聯][系繫係络絡]|(?i:(?:t|wa)点me|discord|www。)|✌|老鼠|[dD]音|致[电電]|[拨撥]|[来來][电電]"
    r"|座[机機]|固[话話]|店[电電]|[传傳]真|短信|[咨諮][询詢]|客服|支付[宝寶]|抖|快手|[电電][报報]"
    r"|[飞飛][机機]|[倒反][着过過]|淘宝|微博|小红[书薯]|[闲咸]鱼|旺旺|蝙蝠|转转|贴吧|秋秋|丘丘|企.{0,4}鹅"
    r"|点\s?(?i:com|cn|net|cc|top|vip|shop|store|xyz|club)"
    r"|[网網]址|官[网網]|官方[网網]站|[网網]站|[网網]店|店[铺鋪址]|域名|相册"
    r"|[_＿﹍﹎﹏︳︴💬]|复制|復制|胃|店[铺鋪]?名|[先就][记記]|[前头頭].位|前[半段面]|开头|分开|拆开|[断隔]开|分[段行]|拆成|提取码|访问密码|口令|\s[.．]\s|加我|[加搜+＋➕][^\w\s]{0,2}[a-zA-Z]|好友|私[聊我]|[扫掃]我|身份[证證]|人证件|昵称|用户名|字母|下划线|斜杠|行|卡|[账帳][号號户戶]|信"
    r"|(?i:v|w|q|b站|tel|tg|skype|signal|line|kou|kakao|zalo|insta|ig|facebook|fb|messenger)"
    r"|(?i:ph|mob|call|cell|hotline|fax)|[kK].{0,4}[号號群]|我的|[是为為]我"
)
_ADDRESS = (
    r"(?i)[?&#;@]|%40|(?:^|[/.])(?:wa|t|m|line|telegram|signal)\.me[/?]|wechat|weixin|whatsapp"
    r"|qq\.com|alipay|viber|discord|tencent|mqq|wxp:|^(?:tg|line|skype|mailto|callto|tel|sms|xmpp):|^\w+:[^/]"
)


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
