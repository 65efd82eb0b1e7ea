"""Folding of price texts: half width, lower case, simplified, with digits in one form.

Digits in circles, keycaps, mathematical letters and Chinese numerals within a figure become plain
ones; what hides a digit becomes a mark (see masks).
"""

from __future__ import annotations

import html
import re
import unicodedata

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.masks import (
    BROKEN,
    UNREADABLE,
    mark_broken_figures,
    mark_superscripts,
    mark_unreadable_digits,
)
from wildcrawl.analysis.text import simplified

LIMIT = 1000
"""Characters of a text that are read, to bound the time; no price is longer."""

_CUT_FIGURE = re.compile(r"[^\s;；，。]{0,40}$")
_STRUCK = re.compile(r"<(?:del|s|strike)(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_STRUCK_MARKDOWN = re.compile(r"~~([^~]{1,40})~~")
_STRUCK_CHARACTERS = re.compile(r"((?:[^\u0335-\u0338][\u0335-\u0338])+)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_FORMER = " 原价 "
_SIGNS = str.maketrans({"−": "-", "—": "-", "–": "-", "―": "-", "➕": "加", "∼": "~", "〜": "~"})
_ENCLOSED_TENS = re.compile(
    "(?<=[\u2460-\u2468])[\u2469-\u2473]|[\u2469-\u2473](?=[\u2460-\u2468])"
)
"""A number of two digits in one circle beside a circled digit, which is no figure: ⑥⑧⑩."""
_ENCLOSED = re.compile(
    "(?:[\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788"
    "\u278a-\u2792\U0001f100-\U0001f10a\U0001f10b\U0001f10c]|[0-9]\ufe0f?\u20e3)+"
)
_POINTED = "\u2488\u2489\u248a\u248b\u248c\u248d\u248e\u248f\u2490"
"""Digits with a point in one character: behind a sign of money it is a decimal point."""
_WIDE_COMMA = re.compile(r"(?<=\d)，(?=(?:\d{1,2}|\d{4,})(?!\d))")
"""A full-width comma that separates no thousands, but two figures: 1个25，2个45."""
_GROUPS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:['’ʼ′`][0-9]{3})+(?![0-9])")
_SPACED = re.compile(
    rf"({words.PREFIX}?)(\d{{1,2}}(?: \d{{3}})+(?:\.\d{{1,2}})?|\d(?: \d){{2,}})({words.SUFFIX}?)"
)
_SPACED_CONTINENTAL = re.compile(r"(?<![\d.,])([1-9]\d{0,2}(?: \d{3})+),(\d{2})(?![\d.,])")
"""Thousands apart before a comma and cents: 3 500,00 €."""
_SPACED_AFTER_SIGN = re.compile(
    r"(?:(?<=¥)\s?[1-9]\d{0,2}|(?:(?<=[价仅售卖])|(?<=[价仅售卖]:)"
    r"|(?<=价格)|(?<=价格:))\s?[1-9]\d?)"
    r"(?: \d{3})+(?:\.\d{1,2})?(?![\d.])"
    r"|(?<![\d.])[1-9]\d{0,2}(?: 0\d{2})(?: \d{3})*(?![\d.])"
)
"""Thousands apart behind a sign or a price's label; no figure of its own begins with a 0."""
_APART = re.compile(r"(?:价 ?格?|¥) ?:? ?\d(?: \d){2,4}(?! ?[\d.])")
"""Digits apart behind a sign or a price's label; of more than five some count something else."""
_DIGITS_APART = re.compile(r"(?<![\d.])\d(?: \d){2,}(?! ?[\d.])")
"""Digits apart that nothing joins, which are one figure or several: 价格 3 5 0 0 1 2."""
_CENTS_APART = re.compile(r"(?<=\d) (\.) ?(\d{1,2})(?![\d.])")
_RAISED_CENTS = re.compile(r"(¥\s?)\d+ \d{2}(元?)")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_DASH = re.compile(r"(?<=[0-9]{2})一(?=[0-9]{2})")
_HAN_BETWEEN = re.compile(r"(?<=[0-9])[〇零一二三四五六七八九]+(?=[0-9])")
_HAN_FIRST = re.compile(
    r"(?<![〇零一二三四五六七八九十百千万第])[一二三四五六七八九]+(?=00*(?![0-9.]))"
)
_HAN_ZEROS = re.compile(r"(?<=[0-9])(?:〇+|零+(?=元|块|$))")


_BY_WEIGHT = re.compile(r"(?<![0-9.长宽高])([0-9]+)米(?=(?:一|1|/|每)?[克g斤])")
_SPOKEN_YUAN = re.compile(
    r"(?<![0-9.,/长宽高深径线绳剩共约每])([1-9][0-9]{2,})[米秒](?![长宽高深/])"
)
"""The yuan of dealers' talk: 3200米, 1600秒, 30米一克; no shorter number of metres is one."""
_SPOKEN = (
    (re.compile("一块儿(?!钱)"), "一起"),
    (re.compile("(?<=[0-9元])[刀砍][到至成](?=¥?[0-9])"), "→"),
    (re.compile(r"(?<=[0-9])\s?[(\[]\s?([万千])(元?)\s?[)\]]"), r"\1\2"),
    (
        re.compile(
            r"[(\[]\s?([万千]元?)\s?[)\]]\s?:?\s?"
            r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7}(?:\.[0-9]{1,4})?)(?![0-9.,万千wk元块])"
        ),
        r" \2\1",
    ),
    (re.compile("(?<=[0-9]{2})两块(?![钱0-9一])"), "两个"),
    (re.compile("(?<![0-9一两三四五六七八九十多个])半万"), "5千"),
    (
        re.compile(
            "(?<![0-9.十百张;；])([1-9][0-9]?|[两三四五六七八九])张(?:红票子?|毛爷爷|百元大?钞)"
            r"(?!\s?(?:[+加零又]\s?)?[0-9])"
        ),
        r"\1百元",
    ),
    (
        re.compile(
            r"(?<!rmb)(?<!cny)(?<!民币)(?<!(?:rmb|cny) )(?<!民币 )"
            r"¥\s?([0-9][0-9.,]{0,14}万?\s?[(\[【]?税(?:[込抜]|别(?!算)))"
        ),
        r"jpy \1",
    ),
    (
        re.compile(r"^限时直降\s+(?=¥\s?[0-9.,]{1,14}(?:\s?立?省\s?¥?[0-9.]{1,9})?[^0-9¥起后]*$)"),
        "现价 ",
    ),
)
"""Words that read as money but are none, and amounts that read as none, or as yuan."""
_FIGURE = r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,9}(?:\.[0-9]{1,2})?)"
_FALLS = re.compile(
    rf"(?<![0-9.,]){_FIGURE}[元块]?\s*[↓⬇]\s*(¥?\s?){_FIGURE}"
    r"(?![0-9.,]|\s?[克g斤两个只条件对颗粒串厘毫cmk%])"
)
_STEPS = re.compile(rf"(?<![0-9.,]){_FIGURE}[元块]?\s*[>》]\s*(¥?\s?){_FIGURE}(?![0-9.,])")
"""A former price and the one that takes its place: 4200>3800, ￥4200》￥3800."""
_MONEY = re.compile(r"[¥$€£元块]|[0-9][万千wk]|rmb|cny|人民币|[0-9](?:\s|$)")
"""What an amount is in, or a figure that is alone and may be one."""


def fold(text: str) -> str:
    """`text` in half width, lower case and simplified characters, without markup.

    A figure that is not whole becomes masks.BROKEN.
    """
    cut = html.unescape(_shortened(text.strip()))
    cut = _STRUCK_CHARACTERS.sub(rf"{_FORMER}\1 ", _STRUCK.sub(_FORMER, cut))
    plain = _TAG.sub(" ", _STRUCK_MARKDOWN.sub(rf"{_FORMER}\1 ", cut))[:LIMIT]
    plain = _WIDE_COMMA.sub("；", plain)
    plain = unicodedata.normalize("NFKC", mark_superscripts(_opened(plain))).translate(_SIGNS)
    visible = "".join(
        character
        for character in plain
        if unicodedata.category(character) not in ("Cf", "Cs", "Mn", "Me")
    )
    marked = mark_unreadable_digits(" ".join(visible.lower().split()))
    marked = _STEPS.sub(_step, _FALLS.sub(_fall, marked))
    simple = _in_yuan(_joined(_with_plain_digits(simplified(marked))))
    return words.PAID_POSTAGE.sub(" ", mark_broken_figures(_in_plain_words(simple)))


def _fall(found: re.Match[str]) -> str:
    """A fall to the second figure as a step to it; one by that figure without it.

    >>> _FALLS.sub(_fall, "3500↓2800"), _FALLS.sub(_fall, "2800 ↓700")
    ('3500→2800', '2800')
    """
    price, sign, second = found.groups()
    before, after = (float(each.replace(",", "")) for each in (price, second))
    return f"{price}→{sign}{second}" if after * 2 > before else price


def _step(found: re.Match[str]) -> str:
    """A step to a lower price; a sign between other figures stands for something else.

    >>> _STEPS.sub(_step, "¥100>80"), _STEPS.sub(_step, "¥3>80")
    ('¥100→80', '¥3>80')
    """
    price, sign, second = found.groups()
    before, after = (float(each.replace(",", "")) for each in (price, second))
    return f"{price}→{sign}{second}" if after < before <= after * 5 else found[0]


def _in_yuan(text: str) -> str:
    """Metres and seconds that mean yuan, as yuan; beside other money they are what they say.

    >>> _in_yuan("3200米"), _in_yuan("渔线500米 200元")
    ('3200元', '渔线500米 200元')
    """
    by_weight = _BY_WEIGHT.sub(r"\1元", text)
    if _MONEY.search(by_weight):
        return by_weight
    return _SPOKEN_YUAN.sub(r"\1元", by_weight)


def _in_plain_words(text: str) -> str:
    """A text in which 块 means yuan alone.

    >>> _in_plain_words("三个一块儿600"), _in_plain_words("500两块"), _in_plain_words("半万")
    ('三个一起600', '500两个', '5千')
    """
    for pattern, plain in _SPOKEN:
        text = pattern.sub(plain, text)
    return text


def _shortened(text: str) -> str:
    """The first LIMIT characters, without the beginning of a figure."""
    return text if len(text) <= LIMIT else _CUT_FIGURE.sub("", text[:LIMIT])


def _opened(text: str) -> str:
    """Digits in circles, brackets and keycaps as plain ones; a list's ① ② as separators."""
    text = _ENCLOSED_TENS.sub(UNREADABLE, text)
    runs = list(_ENCLOSED.finditer(text))
    if not runs:
        return text
    digits = [_digits(run[0]) for run in runs]
    numbered = len(runs) > 1 and digits == [str(place) for place in range(1, len(runs) + 1)]
    parts, end = [], 0
    for run, plain in zip(runs, digits, strict=True):
        parts.append(text[end : run.start()])
        end = run.end()
        before, after = text[run.start() - 1 : run.start()], text[end : end + 1]
        if numbered:
            parts.append(" ; ")
        elif len(run[0]) == 1 and run[0] in _POINTED and before in "¥￥" and before:
            parts.append(f"{plain}.")
        elif len(plain) == 1 and after.isdigit() and not before.isdigit():
            # ①80: a digit of the figure, or the number of an entry.
            parts.append(UNREADABLE)
        else:
            parts.append(plain)
    return "".join([*parts, text[end:]])


def _digits(run: str) -> str:
    signs = re.sub("[\ufe0f\u20e3]", "", run)
    return "".join(str(unicodedata.digit(sign, 0)) for sign in signs)


def _with_plain_digits(text: str) -> str:
    """3五0 and 五00 in plain digits; 3800一5000 is a range."""
    text = _HAN_DASH.sub("-", text)
    for pattern in (_HAN_BETWEEN, _HAN_FIRST, _HAN_ZEROS):
        text = pattern.sub(lambda match: match[0].translate(_HAN_DIGITS), text)
    return text


def _joined(text: str) -> str:
    """Figures with their groups of digits joined: 3'500, ￥ 12 000, ￥3 .80, 价格 3 5 0 0.

    Digits apart that may be several figures are none that is whole.
    """
    text = _GROUPS.sub(lambda match: re.sub(r"[^0-9]", "", match[0]), text)
    text = _CENTS_APART.sub(r"\1\2", text)
    text = _SPACED_CONTINENTAL.sub(lambda match: f"{match[1].replace(' ', '')}.{match[2]}", text)
    spaced = _SPACED.fullmatch(text)
    if spaced:
        return f"{spaced[1]}{spaced[2].replace(' ', '')}{spaced[3]}"
    raised = _RAISED_CENTS.fullmatch(text)
    if raised:
        return f"{raised[1]}{BROKEN}{raised[2]}"
    for pattern in (_APART, _SPACED_AFTER_SIGN):
        text = pattern.sub(lambda match: match[0].replace(" ", ""), text)
    return _DIGITS_APART.sub(BROKEN, text)
