"""Labels of figures: 成交价, 原价, 定金 and the like say which figure is the asking price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

Span = tuple[int, int]


class PriceLabel(IntEnum):
    """PriceLabel of a figure; the figure with the lowest label is the asking price."""

    PAID = 0
    CURRENT = 1
    SELLING = 2
    ASKED = 3
    PLAIN = 4
    BUNDLE = 5
    REFERENCE = 6
    UNRELATED = 7


_PAID = (
    r"(?<![天日月年周计])成交(?![量数笔记时日])(?:总?价格?|总?额|金额)?|预?估?到手价?|"
    r"(?:用?券|领券|用码|折|满减|减|补贴|优惠|返)后(?:价格?)?|实付款?|实收|实际支付|"
    r"拍下(?:改价|价)?|改价[后为到至]?|最终价格?|最后价格?"
)
_CURRENT = (
    r"现价|现售价?|现在|现时|现(?![代货场金])|如今|目前|今价|特价|特惠价?|打折后|促销价?|"
    r"活动价?|优惠价|限时价?|秒杀价?|抢购价?|团购价|拼[团单]价?|直播价|内购价|粉丝价|"
    r"当前(?:价格?|出价)?|最高出价|领先价|落[槌锤]价?|本店价|会员价|批发价|清仓价?|处理价|"
    r"实价|实际(?:价格?)?|(?<![老真确其证诚现])实$|(?:[降跌减]|亏本?)[到至为]|改[为成]|改$|"
    r"[→↘⇒➡]\ufe0f?|->|=>|>>|》》"
)
_SELLING = (
    r"一口价?|售价|卖价|转让价?|转手价?|出让价?|出售价?|只要|仅售|仅需|只卖|低价出|"
    r"[便让]宜[卖出]|(?<=[,，;；])我(?:[这只要就是]|这[里边儿])?|我?这[里边儿]"
)
_REFERENCE = (
    r"原价|原售价?|原(?![石料木装创始])(?:先|来)?(?:[都是要也]*卖)?|市价|专卖店|"
    r"吊牌价?|官方价|官网价?|旗舰店价?|参考价|指导价|建议(?:零售)?价|估价|评估价?|估值|划线价?|"
    r"券前价?|折前价?|入手价?|买入价?|买来|购入价?|购买价|进货?价|拿货价|收购价|回收价|成本价?|旧价|"
    r"曾售|保留价|门市价|门店价|新品价|发行价|发售价|保险价|日常价|平时价?|京东价|"
    r"(?:新的|新货|之前|以前|从前|当时|当年|外面|别人|人家|店里|市场|专柜|商场)(?:[都是要也]*卖|价)?|"
    r"零售价|淘宝价|[某官][宝东猫鱼网]|拍卖[行场会](?:起拍)?|发票价?|小票价?|折合|约合|合人民币|≈|相当于"
)
_OPENING = r"起拍价?|起步价|起价|底价|起标价?|竞拍价?"
_ASKED = r"价格|价钱|价位|标价|报价|单价|总价|全款|货款|定价|出价|价|price"
_BUNDLE = r"[都全]要|打包|全拿|都拿|一起拿|一起要|全部拿"
_DOWN = r"定金|订金|首付款?|预付款?|首期"
_OTHER_MONEY = (
    r"(?<![包免含无])(?:运费|邮费?|佣金|税[费金]?|服务费|手续费|包装费)|快递费?|邮资|物流费?|鉴定费|"
    r"证书费?|安装费|押金|保证金|[尾余]款|(?:月|(?<=月))[供付还]|每[月期]|"
    r"加价幅度|加价|加幅|阶梯|"
    r"(?<=[天月日周年])成交额?|立减|直降|减免?|降价?|涨价?|抵扣?|满|[立节]?省|便宜|优惠|补贴|津贴|红包|返[现利]?|补[邮差]?|加收?|券|赠|送|(?<!早)买|\+|"
) + _DOWN
"""Words directly before an amount of money that is not the price."""
_SIZE = (
    r"第|已售|月[销售]|销量|成交[量数]|笔数|库存|数量|次数|人数|浏览量?|收藏|想要|评价|评论|关注|粉丝|"
    r"编号|货号|款号|型号|邮编|no\.?|id|圈口|口径|内径|外径|直径|珠径|尺寸|规格|长|宽|高|厚|重|克重|"
    r"净重|重量|(?<![一总款价])共|年份"
)
"""Words directly before a figure without currency: sizes, and counters of the page."""

_BEFORE = (
    (PriceLabel.PAID, _PAID),
    (PriceLabel.CURRENT, _CURRENT),
    (PriceLabel.SELLING, _SELLING),
    (PriceLabel.REFERENCE, _REFERENCE),
    (PriceLabel.BUNDLE, _BUNDLE),
    (PriceLabel.PLAIN, _OPENING),
    (PriceLabel.ASKED, _ASKED),
)
_LABEL = re.compile("|".join(f"(?P<{label.name}>{pattern})" for label, pattern in _BEFORE))
_LINK = r"了?(?:\([^()]{1,4}\)|/元)?[\s\])】》」↓⬇↘▼]*[约:是为=各共]?\s?$"
_OTHER_MONEY_BEFORE = re.compile(rf"(?:{_OTHER_MONEY}){_LINK}")
_SIGN = r"(?:¥\s?)?$"
DOWN_BEFORE = re.compile(rf"(?:{_DOWN}|(?<![一预价议待])定){_LINK[:-1]}{_SIGN}")
_REST = r"[尾余]款|剩余|余下|剩下|到货付款?|货到付款?|到付"
REST_BEFORE = re.compile(rf"(?:{_REST}){_LINK[:-1]}{_SIGN}")
"""Before the two parts of a price: 定金500 尾款3000."""
SAVED_BEFORE = re.compile(rf"(?:[立节]?省|优惠|便宜|立减|直降|[减降亏]价?){_LINK[:-1]}{_SIGN}")
"""Before what is saved: 4200 3500 省700."""
LESS_BEFORE = re.compile(r"(?:(?P<loss>亏[了损]?)|便宜了?|立减|立省|直降)(?:¥\s?)?$")
"""Directly before what is less than a former price: 原价4200 亏700出."""
_LESS_BY_BEFORE = re.compile(r"(?<=[0-9可])刀[了掉]?\s?(?:¥\s?)?$")
"""A cut that may be asked for: 5000可刀200; what follows 可小刀 may be the price."""
_SIZE_BEFORE = re.compile(rf"(?:{_SIZE})\s?[约:是为=]?\s?$")
_LOWERED_BEFORE = re.compile(r"已经?[降调]价\s+$")
"""A badge before a price with its sign; 已降价¥200 without a blank says by how much."""
_SELLING_BEFORE = re.compile(r"(?<![已月销零])[卖售出转]\s?:?\s?$")
_OPENING_BEFORE = re.compile(rf"(?:{_OPENING}){_LINK}")

_VERB_AFTER = (
    r"(?:[就便]?走(?![心货线量账流顺快邮物闲咸平担中微水])|"
    r"出(?![价让售手头])|转(?![让手头])|卖(?![价头])|到手|拿走|带走|成交|拍下)"
)
_AFTER = (
    (PriceLabel.UNRELATED, r"(?:邮费|运费|快递费?|邮资)(?![你买自对另您到由各双我包免发])"),
    (
        PriceLabel.UNRELATED,
        r"人?付款|已售|人想要|次浏览|(?:定|订|押|保证)金|尾款|首付|优惠券?|红包|立减",
    ),
    (PriceLabel.UNRELATED, r"(?:元|块)?(?:[每/]期|一期(?=\s?[,，(]?\s?[分共]\s?[0-9]))"),
    (PriceLabel.UNRELATED, r"减免|抵扣|津贴|补贴|佣金|服务费|手续费|包装费|鉴定费|加价"),
    (
        PriceLabel.REFERENCE,
        r"(?:元)?(?:入手|购入|买入|买的|收的|进的)|原价|市场价?|专柜价?|吊牌价?",
    ),
    (
        PriceLabel.REFERENCE,
        r"划掉|单独购买价?|单买价?|打[0-9.]{1,3}折|官网价?|划线价|成本价?|估价|评估价?|券前价?|参考价|进价",
    ),
    (PriceLabel.PAID, rf"(?:到手|成交|券后|折后|拍下)价?|实付|{_VERB_AFTER}"),
    (PriceLabel.CURRENT, r"现价|特价|秒杀价?|活动价|优惠价|促销价|当前价?|拼[团单]价?"),
    (PriceLabel.SELLING, r"一口价|售价|卖价|转让价?|转手|出售|出让"),
    (PriceLabel.PLAIN, r"起拍价?|起标价?|起售|起卖|起批|起(?![步名价])"),
)
_AFTER_WORD = re.compile(
    r"(?P<left>\s?[(\[【]?)(?:"
    + "|".join(f"(?P<p{place}>{pattern})" for place, (_, pattern) in enumerate(_AFTER))
    + ")"
)
_BREAK = re.compile(r"[,，、;；。!！|/]")
_BY_WEIGHT = re.compile(r"(?:克|斤|两|k?g)$")
_TIGHT = re.compile(r"(?:[价格为是约仅只才需要达售卖])*[:=]?")
REACH = 24
"""Characters before a figure that may belong to it."""


@dataclass(frozen=True)
class Labelled:
    """PriceLabel of one figure; `opening` if the auction opens with it."""

    label: PriceLabel
    opening: bool = False


@dataclass(frozen=True)
class _After:
    label: PriceLabel
    end: int
    opening: bool


def labels_of(text: str, spans: Sequence[Span], currencies: Sequence[str]) -> list[Labelled]:
    """PriceLabel of each figure in a folded text, in order.

    `spans` are the figures' starts and ends, in order, including their currencies and units;
    `currencies` are "" where none is written. A word between two figures belongs to the nearer
    one; if it is as near to both, to the second, unless the text has its words after its figures.
    """
    labelled = []
    after_style = _words_come_after(text, spans)
    taken = 0
    for place, (start, end) in enumerate(spans):
        begin = max(start - REACH, taken, 0)
        following = spans[place + 1][0] if place + 1 < len(spans) else None
        after = _after(text, end, following, after_style=after_style)
        label = _before(text, begin, start, currencies[place])
        opening = bool(_OPENING_BEFORE.search(text, begin, start)) or bool(after and after.opening)
        if after and not after.opening and _overrules(after.label, label, text[begin:start]):
            label = after.label
        labelled.append(Labelled(label, opening))
        taken = after.end if after else end
    return labelled


def _overrules(after: PriceLabel, before: PriceLabel, words: str) -> bool:
    """Whether the word after a figure counts rather than those before it."""
    if before is PriceLabel.UNRELATED:
        # 降价500出 names a price, 定金500出 does not.
        return after is PriceLabel.PAID and words.rstrip().endswith("降价")
    return before is not PriceLabel.BUNDLE or after > PriceLabel.BUNDLE


def _before(text: str, begin: int, start: int, currency: str) -> PriceLabel:
    """PriceLabel by the words between `begin` and the figure's start; the nearest word counts."""
    if text[start : start + 1] == "¥" and _LOWERED_BEFORE.search(text, begin, start):
        return PriceLabel.CURRENT
    if _OTHER_MONEY_BEFORE.search(text, begin, start) or _LESS_BY_BEFORE.search(text, begin, start):
        return PriceLabel.UNRELATED
    if not currency and _SIZE_BEFORE.search(text, begin, start):
        return PriceLabel.UNRELATED
    label, end = PriceLabel.PLAIN, begin
    for match in _LABEL.finditer(text, begin, start):
        label, end = PriceLabel[str(match.lastgroup)], match.end()
    # 原来卖3000: the verb is part of the label; 原价不说了 卖2800: it is a label of its own.
    unsaid = label in (PriceLabel.PLAIN, PriceLabel.REFERENCE)
    if unsaid and _SELLING_BEFORE.search(text, end, start):
        return PriceLabel.SELLING
    return label


def _words_come_after(text: str, spans: Sequence[Span]) -> bool:
    """Whether the text begins with a figure and ends with the label of one."""
    if not spans or _LABEL.search(text, 0, spans[0][0]):
        return False
    return _AFTER_WORD.match(text, spans[-1][1]) is not None


def _after(text: str, end: int, following: int | None, *, after_style: bool) -> _After | None:
    """The label that comes after the figure that ends at `end`, if it is that figure's."""
    match = _AFTER_WORD.match(text, end)
    if not match:
        return None
    label = _AFTER[int(str(match.lastgroup)[1:])][0]
    found = _After(label, match.end(), label is PriceLabel.PLAIN)
    if following is None:
        return found
    # 5800 打6折 3480: the label has a figure of its own.
    if following < match.end():
        return None if _BY_WEIGHT.search(text, 0, end) else found
    left, rest = match["left"], text[match.end() : following]
    if "(" in left:
        return found if ")" in rest else None
    if rest.lstrip().startswith((":", "=")):
        return None
    left_tight, right_tight = not left.strip("[【"), bool(_TIGHT.fullmatch(rest))
    # 原价899现价只要499: the verb goes on with the label.
    if _BREAK.search(rest) or (_LABEL.search(rest) and not right_tight):
        return found
    if left_tight != right_tight:
        return found if left_tight else None
    return found if after_style else None
