"""Takes out of a text what would reach its writer: numbers, messenger names, addresses."""

from __future__ import annotations

import re

from wildcrawl.analysis.text import one_line

HIDDEN = "▒▒▒"
# Each is begun at its start alone and never gone back into, so that no text is slow.
_MAIL = r"(?<![a-z0-9_.+-])[a-z0-9_.+-]++@[a-z0-9-]++(?:\.[a-z0-9-]++)+"
_NUMBER = r"(?<![\w.])\+?\d(?:[ \-–.·*]?\d){6,}(?![\w.])"
_MESSENGER = (
    r"(?:微信号?|威信|薇信|v信|加v|vx|wx|wechat|weixin|q{2}号?|扣扣|电话|手机|联系|tel|phone)"
    r"[ :：=号]{0,3}[a-z0-9][\w-]{4,}"
)
_CONTACT = re.compile(f"{_MAIL}|{_MESSENGER}|{_NUMBER}", re.IGNORECASE)


def without_contacts(text: str) -> str:
    """`text` in one line, with contacts hidden.

    >>> without_contacts("象牙手串 微信：abc12345 或 138-0013-8000")
    '象牙手串 ▒▒▒ 或 ▒▒▒'
    >>> without_contacts("犀牛角 580克 16毫米 编号 20160503")
    '犀牛角 580克 16毫米 编号 ▒▒▒'
    """
    return _CONTACT.sub(HIDDEN, one_line(text))
