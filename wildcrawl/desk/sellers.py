"""Sellers page: accounts that belong together, with when each was active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from wildcrawl.desk.request_store import store_of_request
from wildcrawl.review.sellers import MOST_ACCOUNTS, MOST_SHARING, sellers_of

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk

SHOWN = 200
"""Groups on the page."""
BESIDE = 20
"""Accounts beside a group on the page."""
REASONS = {
    "wechat": ("the same WeChat", "微信相同"),
    "qq": ("the same QQ", "QQ 相同"),
    "phone": ("the same phone", "电话相同"),
    "alipay": ("the same Alipay", "支付宝相同"),
    "link": ("the same link", "链接相同"),
    "code": ("the same code", "二维码相同"),
    "same_picture": ("the same photograph", "照片相同"),
    "repost": ("nearly the same text", "文字几乎相同"),
}
"""What links accounts, in English and Chinese."""


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the sellers page."""
    sellers = Blueprint("sellers", __name__)

    @sellers.get("/sellers")
    def index() -> str:
        found = sellers_of(store_of_request(desk))
        number = sum(len(group.accounts) > 1 for group in found.groups)
        return render_template(
            "sellers.html",
            groups=found.groups[:SHOWN],
            number=number,
            uncertain=len(found.groups) - number,
            more=max(len(found.groups) - SHOWN, 0),
            most_beside=BESIDE,
            shared=found.shared_contacts,
            most=MOST_ACCOUNTS,
            shared_pictures=found.shared_pictures,
            most_sharing=MOST_SHARING,
            why=REASONS,
        )

    return sellers
