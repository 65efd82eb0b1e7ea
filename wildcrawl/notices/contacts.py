"""Takes out of a text what would reach its writer: numbers, messenger names, addresses."""

from __future__ import annotations

import re

HIDDEN = "▒▒▒"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NUMBER = r"(?<![\w.])\+?\d(?:[ \-–.·*]?\d){6,}(?![\w.])"
_MESSENGER = (
    r"(?:微信号?|威信|薇信|v信|加v|vx|wx|wechat|weixin|q{2}号?|扣扣|电话|手机|联系|tel|phone)"
    r"[ :：=号]{0,3}[a-z0-9][\w-]{4,}"
)
_CONTACT = re.compile(f"{_MAIL}|{_MESSENGER}|{_NUMBER}", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)


def without_contacts(text: str) -> str:
    """`text` in one line, with contacts hidden.

    >>> without_contacts("象牙手串 微信：abc12345 或 138-0013-8000")
    '象牙手串 ▒▒▒ 或 ▒▒▒'
    >>> without_contacts("犀牛角 580克 16毫米 编号 20160503")
    '犀牛角 580克 16毫米 编号 ▒▒▒'
    """
    return _CONTACT.sub(HIDDEN, one_line(text))


def one_line(text: str) -> str:
    """`text` without line breaks and characters that nobody sees or that turn its direction."""
    return " ".join(_UNSEEN.sub(" ", text).split())
