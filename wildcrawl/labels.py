"""Labels of fields and closed values in English and Chinese, for desk, worksheets and report.

Each label is written here alone, so that a word changed here changes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wildcrawl.items import (
    AgeClaim,
    Health,
    PriceKind,
    ProductType,
    Relevance,
    Strength,
    Verdict,
)


class Label(NamedTuple):
    """A label in English and Chinese."""

    english: str
    chinese: str

    def in_language(self, lang: str) -> str:
        """The label in the language `lang`: Chinese for "zh", else English."""
        return self.chinese if lang == "zh" else self.english


Labels = Mapping[str, Label]
"""Labels by value."""

FIELDS: Labels = {
    "site": Label("Website", "网站"),
    "ad_id": Label("Advertisement id", "广告编号"),
    "url": Label("Address", "网址"),
    "title": Label("Title", "标题"),
    "description": Label("Text", "描述"),
    "category": Label("Category", "类目"),
    "price": Label("Price as written", "原文标价"),
    "seller": Label("Seller", "卖家"),
    "seller_id": Label("Seller id", "卖家编号"),
    "location": Label("Location", "所在地"),
    "posted_at": Label("Posted", "发布时间"),
    "found_at": Label("Found at", "发现时间"),
    "found_by": Label("Found by", "搜索关键词"),
    "image_urls": Label("Picture addresses", "图片网址"),
    "images": Label("Pictures", "图片数"),
    "videos": Label("Videos", "视频数"),
    "species": Label("Species", "物种"),
    "product_type": Label("Product type", "产品类型"),
    "age_claim": Label("Age claimed", "卖家所称年代"),
    "verdict": Label("Verdict", "判定"),
    "screened_by": Label("Judged by", "审核人"),
    "note": Label("Note", "备注"),
    "price_kind": Label("Kind of price", "标价方式"),
    "price_cny": Label("Price, RMB", "价格（元）"),
    "price_usd": Label("Price, USD", "价格（美元）"),
    "first_seen": Label("First seen", "首次发现"),
    "last_seen": Label("Last seen", "最近一次发现"),
    "relevance": Label("Relevance", "系统判断"),
    "terms": Label("Matched terms", "匹配词"),
    "rate": Label("Rate", "汇率"),
    "rate_date": Label("Date of the rate", "汇率日期"),
}
"""Columns of an advertisement."""

VERDICTS: Labels = {
    Verdict.PENDING: Label("pending", "待审"),
    Verdict.VALID: Label("valid", "有效"),
    Verdict.IRRELEVANT: Label("irrelevant", "无关"),
    Verdict.FAKE: Label("fake", "虚假"),
}
PRODUCT_TYPES: Labels = {
    ProductType.RAW: Label("raw", "原材料"),
    ProductType.SEMI_WORKED: Label("semi-worked", "半成品"),
    ProductType.WORKED_CARVED: Label("worked, carved", "成品（雕刻）"),
    ProductType.WORKED_UNCARVED: Label("worked, uncarved", "成品（无雕刻）"),
    ProductType.OTHER: Label("other", "其他"),
}
AGE_CLAIMS: Labels = {
    AgeClaim.OLD: Label("old", "老"),
    AgeClaim.NEW: Label("new", "新"),
}
PRICE_KINDS: Labels = {
    PriceKind.AMOUNT: Label("amount", "总价"),
    PriceKind.PER_GRAM: Label("per gram", "单价（元/克）"),
    PriceKind.ON_REQUEST: Label("on request", "面议"),
    PriceKind.PLACEHOLDER: Label("placeholder (such as 999999, 1)", "虚标价（如999999元、1元）"),
    PriceKind.RANGE: Label("range", "价格区间"),
    PriceKind.FOREIGN: Label("other currency", "外币"),
    PriceKind.INVALID: Label("not readable", "无法识别"),
    PriceKind.ABSENT: Label("no price", "无价格"),
}
VERDICT_REASONS: Labels = {
    "resin": Label("resin or plastic", "树脂、塑料"),
    "bone": Label("bone", "骨"),
    "mammoth": Label("mammoth", "猛犸"),
    "plant": Label("plant, such as ivory nut", "植物（如象牙果）"),
    "other_animal": Label("another animal", "其他动物"),
    "other_material": Label("another material", "其他材质"),
    "colour": Label("a colour word", "颜色词"),
    "name": Label("a name or a brand", "名称、品牌"),
    "no_offer": Label("not an offer", "不是出售"),
    "other": Label("something else", "其他"),
}
"""What an irrelevant or fake advertisement showed instead."""
HEALTH: Labels = {
    Health.OK: Label("ok", "正常"),
    Health.QUIET: Label("quiet", "结果很少"),
    Health.THIN: Label("thin", "搜索不全"),
    Health.BROKEN: Label("broken", "出错"),
    Health.BLOCKED: Label("blocked", "被拒绝"),
    Health.KILLED: Label("run killed", "运行被中止"),
}
"""Health of a run."""
RELEVANCE: Labels = {
    Relevance.LIKELY: Label("to judge", "需判定"),
    Relevance.SET_ASIDE: Label("set aside", "自动排除"),
    Relevance.SECOND_READER: Label("raised by the second reader", "复查模型选出"),
    Relevance.NONE: Label("nothing matched", "没有匹配"),
}
STRENGTHS: Labels = {
    Strength.NAME: Label("name", "名称"),
    Strength.BARE: Label("bare name", "材质名"),
    Strength.SPELLING: Label("disguised name", "变形写法"),
    Strength.CODE: Label("code word", "暗语"),
    Strength.MARK: Label("mark", "特征词"),
    Strength.HINT: Label("hint", "行话"),
    Strength.SECOND_READER: Label("second reader", "复查模型"),
}
"""Strengths of a match."""
ACCOUNT_STATES: Labels = {
    "active": Label("active", "活跃"),
    "suspended": Label("suspended by the platform", "被平台封停"),
    "quit": Label("closed by its owner", "本人停用"),
    "private": Label("private", "已设为私密"),
    "moved": Label("moved to another account", "已换到其他账号"),
    "other": Label("other", "其他"),
}
"""States of a social media account."""
SITE_KINDS: Labels = {
    "antiques": Label("antiques", "古玩"),
    "auction": Label("auctions", "拍卖"),
    "classifieds": Label("classifieds", "分类信息"),
    "e-commerce": Label("online shopping", "电商"),
    "forum": Label("forum", "论坛"),
    "second_hand": Label("second-hand goods", "二手"),
    "social": Label("social media", "社交媒体"),
}
WAYS: Labels = {
    "html": Label("web pages", "网页"),
    "json": Label("data interface", "数据接口"),
    "board": Label("boards", "板块"),
    "browser": Label("browser", "浏览器"),
    "profile": Label("own sign-in", "登录账号"),
    "manual": Label("by hand", "人工"),
}
"""Ways of working of a site."""
ROLES: Labels = {
    "viewer": Label("viewer", "查看者"),
    "screener": Label("screener", "审核员"),
    "admin": Label("admin", "管理员"),
}
"""Roles of the desk's accounts."""

CLOSED: Mapping[str, Labels] = {
    "verdict": VERDICTS,
    "product_type": PRODUCT_TYPES,
    "age_claim": AGE_CLAIMS,
    "price_kind": PRICE_KINDS,
    "reason": VERDICT_REASONS,
    "health": HEALTH,
    "relevance": RELEVANCE,
    "strength": STRENGTHS,
    "status": ACCOUNT_STATES,
    "site_kind": SITE_KINDS,
    "way": WAYS,
    "role": ROLES,
}
"""Labels of closed values by what they are of."""


def labels_in(lang: str, labels: Labels) -> dict[str, str]:
    """The labels in one language, by value."""
    return {str(value): label.in_language(lang) for value, label in labels.items()}


def label_of(kind: str, value: str, lang: str) -> str:
    """The label of a closed value; the value itself if it has none."""
    label = CLOSED[kind].get(value)
    return label.in_language(lang) if label else value


def field_label(name: str, lang: str) -> str:
    """The label of a column of an advertisement; its name if it has none."""
    label = FIELDS.get(name)
    return label.in_language(lang) if label else name
