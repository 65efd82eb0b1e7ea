"""Hints of a text that it tells of goods, such as news, and forms that show that it offers them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from wildcrawl.analysis.prices import asks_price, gives_price
from wildcrawl.analysis.tagging.attributes import AGE_ROLES, speaks
from wildcrawl.analysis.tagging.patterns import NUMERALS, PIECES, Role
from wildcrawl.analysis.tagging.scan import HEAD, Hit, Scan, covered
from wildcrawl.analysis.tagging.terms import TermMatch
from wildcrawl.analysis.text import FIELD
from wildcrawl.analysis.vocabulary import Reason, Rules

_TRADE = (Role.SUPPORT, Role.SALE)
_POINTS = {Role.HINT: 2, Role.HALF_HINT: 1}
_HINTED, _HINTED_OFFER = 2, 3
"""Points of hints that set a title aside: of one without goods, and of one that names some."""
_TELLING = (Role.WORD, Role.TITLE_WORD, Role.HINT, Role.HALF_HINT, Role.BEFORE)
_COUNTED = re.compile(rf"[^{FIELD}]{{0,10}}?[{NUMERALS}][{PIECES}片串把包袋具方面头双]")
"""Goods, with their number of pieces behind them, that a name begins: 手镯3只."""
_HELD = re.compile("从?(?:[^,，、 ]{0,8}(?:箱|行李|包裹|柜|车厢|冷库|邮件|快件)[内中里]?)?")
"""What held seized goods, where nothing else precedes them: 行李中, but not 云南 or 王某家中."""
_ADMISSION = re.compile("门票|票价|报名费|听课|学费")
_HEADLINE = re.compile("[：“《？?]")
"""Marks of punctuation that headlines have, half a hint each."""
_QUESTION = re.compile(
    "(?:能|会|可以|[是算真值管]|有用|有效|[合违犯]法|知道|[见吃用]过|什么|怎么|为何|多少)"
    "(?![^，,]{0,6}(?:带走|拿走|[要收接买换]|喜欢))[^，,？?]{0,8}[吗呢么][？?]?$"
    "|是[^，,？]{1,8}还是[^，,？]{1,8}$"
)
"""End of a title that asks about goods: …能退烧吗, but not 有人带走吗, with which sellers offer."""
_ASKING = frozenset("吗呢么？?")
_ASKED_AT_ALL = re.compile("[吗呢么？?是]")
_ASKED = 20
"""Last characters of questions, and characters of its end that decide."""
_WORKED = ("worked_carved", "worked_uncarved", "semi_worked")
_OPENS_SALE = re.compile(
    r"(?:[【\[(（][^】\])）\x1e]{0,8}[】\])）])?\s*(?:谈个?价|[出转轉售]"
    r"(?![土版口海现生家差世自运租发载基身嫁没演征炉国游境席庭警访任动台路假發運載現來國]))"
)
"""Beginning of a title that offers: 出一条, [转让]."""
_CLOSES_SALE = re.compile(
    r"(?:(?:[,，。、;； \t]|不得已|忍痛|想|急|低价?|诚|便宜|一起|打包|现|今晚|整体)"
    r"(?:出|转|售|处理|甩|清|卖|转让|转藏友)(?:了|掉|手)?|割爱|待售|易主)[。.!！~～]*$"
)
"""End of a title that offers: …，不得已出, …割爱."""
_CLOSING = 8
"""Characters of the end of a title that may close a sale."""


def offers(scan: Scan) -> bool:
    """Whether a text has the form of an offer: 出…, …割爱, …59圈口, or calls for buyers: 要的来."""
    if any(not scan.in_category(hit) for hit in scan.hits[Role.CALL]):
        return True
    title, _, description = scan.original.split(FIELD)
    head = title or description[:HEAD]
    if _OPENS_SALE.match(head) or _CLOSES_SALE.search(head[-_CLOSING:]):
        return True
    starts, ends = scan.head
    return any(hit[2] is not None and starts <= hit[0] < ends for hit in scan.measures)


def lists_goods(scan: Scan, matches: Iterable[TermMatch]) -> bool:
    """Whether a title alone counts pieces as a list of seized goods does: 行李中查获象牙手镯3只.

    Who, where or what came of it makes news of it, and so do tons: 海关查获…, …3只 男子获刑.
    """
    if len(scan.text) > scan.bounds[0] + len(FIELD) * 2:
        return False
    telling = [hit for role in _TELLING for hit in scan.hits[role] if hit[2].hints]
    if not telling or asks(scan):
        return False
    covers = [*scan.hits[Role.TERM], *telling]
    if any(
        scan.text[hit[0] : hit[1]] not in hit[2].items and not covered(hit, covers)
        for hit in telling
    ):
        return False
    if not _HELD.fullmatch(scan.text, 0, min(hit[0] for hit in covers)):
        return False
    return any(
        match.strength == "name" and _COUNTED.match(scan.text, match.hit[1]) for match in matches
    )


def asks_for_goods(price: str) -> bool:
    """Whether a price is asked, and not that of a ticket."""
    return asks_price(price) and not _ADMISSION.search(price)


def asks(scan: Scan) -> bool:
    """Whether the title is a question."""
    # A quick look first: few texts have any of these.
    if not _ASKED_AT_ALL.search(scan.original):
        return False
    title = scan.original[: scan.original.index(FIELD)].rstrip()
    if title[-1:] not in _ASKING and "还是" not in title:
        return False
    return bool(_QUESTION.search(title[-_ASKED:]))


def told(scan: Scan, rules: Rules, price: str) -> tuple[Reason, str] | None:
    """The reason that a title hints at, with its words; an offer needs more hints: 游客 … 被查.

    Two words that offers have as well, such as 原来 or 村民, are one hint; beside a placeholder of
    a price or a word of selling they hint at nothing. Beside an asked price nothing does. Where
    nothing shows an offer, the words of the description count, too.
    """
    if asks_for_goods(price):
        return None
    sells = bool(scan.hits[Role.SALE]) or gives_price(price)
    roles = (Role.HINT,) if sells else (Role.HINT, Role.HALF_HINT)
    hits = [(hit, _POINTS[role]) for role in roles for hit in scan.hits[role]]
    # 最高法院 is one hint, not two.
    covers = [*scan.hits[Role.HARMLESS], *scan.hits[Role.TERM], *(hit for hit, _ in hits)]
    starts, ends = scan.head
    words: dict[str, None] = {}
    points: Counter[str] = Counter()
    further = 0
    for hit, weight in hits:
        word = scan.text[hit[0] : hit[1]]
        if word in words or scan.in_category(hit) or covered(hit, covers):
            continue
        if starts <= hit[0] < ends:
            words[word] = None
            points[hit[2].name] += weight
        else:
            further += weight
    if asks(scan) and any(reason.name == "story" for reason in rules.reasons):
        points["story"] += _POINTS[Role.HINT]
        words[scan.original[: scan.original.index(FIELD)].strip()[-6:]] = None
    if not points:
        return None
    title = scan.original[: scan.original.index(FIELD)]
    total = points.total() + len(set(_HEADLINE.findall(title)))
    if not (sells or _trades(scan)):
        total += further
    offered = total >= _HINTED and _names_goods(scan, rules)
    if total < (_HINTED_OFFER if offered else _HINTED):
        return None
    reason = next(reason for reason in rules.reasons if points[reason.name] == max(points.values()))
    return reason, " … ".join(list(words)[:2])


def _trades(scan: Scan) -> bool:
    """Whether a text has words of trade, or a size."""
    return bool(scan.hits[Role.SUPPORT]) or any(hit[2] is not None for hit in scan.measures)


def _names_goods(scan: Scan, rules: Rules) -> bool:
    """Whether the title names worked goods, a size or words of trade or selling, or an age."""
    starts, ends = scan.head

    def named(hits: Iterable[Hit]) -> list[Hit]:
        return [hit for hit in hits if starts <= hit[0] < ends]

    return (
        bool(named(scan.measures))
        or any(
            rules.product_types[hit[2].step].product_type in _WORKED
            for hit in named(scan.hits[Role.PRODUCT])
            if not covered(hit, scan.hits[Role.NO_PRODUCT])
        )
        or any(named(scan.hits[role]) for role in _TRADE)
        or any(speaks(scan, role, hit) for role in AGE_ROLES for hit in named(scan.hits[role]))
    )
