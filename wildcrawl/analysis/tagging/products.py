"""Product type of an advertisement: what its title names, and what the description adds."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.patterns import ANY_TERM, WEAK, Role
from wildcrawl.analysis.tagging.scan import Hit, Scan, covered, overlaps
from wildcrawl.analysis.text import FIELD
from wildcrawl.items import ProductType

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Rules

_MOST_SPANS = 50
_NONE = 10_000
"""The step of a field that contains no word of a step."""
_REFINED = {
    ProductType.WORKED_UNCARVED.value: ProductType.WORKED_CARVED.value,
    ProductType.RAW.value: ProductType.SEMI_WORKED.value,
}
"""What a description or a category may make of the type that the title names."""
_CARVED = ProductType.WORKED_CARVED.value
_SEMI_WORKED = ProductType.SEMI_WORKED.value
_OTHER = ProductType.OTHER.value
_PARTS = frozenset({ProductType.RAW.value, ProductType.SEMI_WORKED.value})
_LUMP = "料"
_LOT = 2
"""Counted goods of a list of unlike goods, at least."""
_COUNTED = re.compile(
    "[一二两三四五六七八九十几0-9][0-9]{0,4}(?!块钱)[个只对根支枝条件枚颗块片张副套串把粒尊方幅]"
)
_DOING = "做雕刻磨车打切改镶串配炮挖泡炒镑锉煮绘开裁"
# The first character apart from the rest, so that the search skips all others fast.
_POSSIBLE = re.compile(
    rf"[可能够适合用拿留想打准等建支免来需要改绘{_DOING}](?:"
    "(?:(?<=可)以?|(?<=能)够?|(?<=够)|(?<=适)[合宜]|(?<=合)适|(?<=用)[来于]|(?<=拿)来|(?<=留)[着作给]"
    "|(?<=打)算|(?<=准)备|(?<=等)着?上?|(?<=建)议|(?<=支)持|(?<=免)费|(?<=来)图|(?<=需)要?"
    "|(?<=[想要改绘]))(?:再|定|以|来|去|拿来|用来|直接|自己|自行|另外|给您?|帮您?|代|替|先)?"
    rf"(?!开牌)[{_DOING}][^\s,，。；;!！?？{FIELD}]{{0,20}}"
    rf"|(?<=[{_DOING}])\w{{0,8}}"
    r"(?:剩|用(?!\w)|下来的|都行|都可以?|都成|都好|随便|也行|也可以?|皆可|均可))"
)
"""What could be made of the goods, or is made of the rest: 可做手镯, 打粉做珠都行, 做碗剩的."""
_VERB = re.compile(f"[{_DOING}]")
_DENIED = re.compile(
    "(?:做|绘|申报[为成]|伪装[为成]|谎称|伪称|(?:没有?|未|无|不)(?:经过?|曾|再|动过?|做过?|有|带|任何|人工|过|加|用|上)?)$"
)
_VOIDING = frozenset("做绘没有未无不经过曾再动带何工加用上为成称")
"""Characters before a word that may void it."""
_MAKING = frozenset("雕刻镂嵌素")
_ENDINGS = frozenset("子纹形状头首身的款件型一二两三四五六七八九十半几")
"""Characters that may follow a noun of one character without making it another word."""
_PLACES = frozenset("上里内写")
"""Characters after a noun of a title that make it the place of something else: 签上写."""
_CONTAINERS = frozenset("瓶盒罐坛袋箱碗壶盘杯")
_COUNTS = frozenset("一二两三四五六七八九十几半整单多0123456789")
_NUMERALS = frozenset("一二两三四五六七八九十半几零的")
_COMPOUND = 4
"""Characters between a material and the goods that end the word, at most: 象牙小座钟."""
_LEAST = 2
"""Characters of a word before its end, at least: 虎骨酒, but not 泡酒."""
_WITH = re.compile("[带配连含有无去]")


def product_type(scan: Scan, rules: Rules, unworked: str, focus: Hit | None = None) -> str:
    """Product type by the title, else by description and category; `unworked` if none names one.

    In each of them the first step with a match decides, and a category of blanks for all. Of
    finished goods the description may say that they are carved, and of raw ones that they are
    cut; it makes nothing else of them.
    """
    reader = _Reader(scan, rules, focus)
    title, description, category = reader.steps()
    steps = rules.product_types
    least = min(title, description, category)
    if reader.unlike(unworked):
        return _OTHER
    if category != _NONE and steps[category].product_type == _SEMI_WORKED:
        return _SEMI_WORKED
    if least == _NONE:
        return unworked
    if title == _NONE or steps[title].weak:
        return steps[least].product_type
    said = steps[title].product_type
    refined = _REFINED.get(said)
    if refined is None:
        return said
    others = [steps[step].product_type for step in (description, category) if step < title]
    if refined in others:
        return refined
    # A thin piece of finished goods (书签 … 刻梅兰竹菊，薄片) hides that they are carved.
    hidden = refined == _CARVED and _SEMI_WORKED in others
    return _CARVED if hidden and reader.carved(title) else said


class _Reader:
    """Reader of the product words of one text."""

    __slots__ = ("first", "last", "rules", "scan", "silent", "spans")

    def __init__(self, scan: Scan, rules: Rules, focus: Hit | None) -> None:
        self.scan = scan
        self.rules = rules
        self.first, self.last = (focus[0], focus[1]) if focus else (0, len(scan.text))
        self.silent = scan.hits[Role.NO_PRODUCT]
        self.spans: list[tuple[int, int]] | None = None

    def steps(self) -> tuple[int, int, int]:
        """The first step with a match in title, description and category.

        Of a title without a term the clauses of the description that have one are a part. A
        clause about another material counts only where no other has a match. A step of the
        description behind that of the title says nothing, and is not looked for.
        """
        scan = self.scan
        opens, closes = scan.bounds
        foreign = scan.hits[Role.WORD] and scan.foreign
        headed = scan.hits[Role.TERM][0][0] < opens
        found = [_NONE, _NONE]
        spare = category = _NONE
        for role, names in ((Role.PRODUCT, self.counts), (Role.PRODUCT_END, self.ends)):
            for step, hit in self.ranked(role) if scan.hits[role] else ():
                if step >= found[0]:
                    break
                start = hit[0]
                if opens < start < closes or start < self.first or hit[1] > self.last:
                    continue
                untitled = start > opens and (headed or scan.clause(start) not in scan.own)
                if (untitled and step >= found[1]) or not names(hit):
                    continue
                if foreign and scan.clause(start) in foreign:
                    spare = min(spare, step)
                else:
                    found[untitled] = step
        for hit in scan.hits[Role.CATEGORY_PRODUCT]:
            if hit[2].step < category:
                category = hit[2].step
        title, description = found
        return (spare if min(*found, category) == _NONE else title), description, category

    def carved(self, before: int) -> bool:
        """Whether the description says by a step before this one that the goods are carved."""
        opens, steps = self.scan.bounds[1], self.rules.product_types
        return any(
            opens < hit[0] and steps[step].product_type == _CARVED and self.counts(hit)
            for step, hit in self.ranked(Role.PRODUCT)
            if step < before
        )

    def ranked(self, role: int) -> list[tuple[int, Hit]]:
        """Words with the step of each, the deciding ones first."""
        scan = self.scan
        hits = scan.hits[role]
        text, conditional = scan.text, scan.patterns.conditional
        words = scan.hits[Role.BESIDE]
        found = []
        lumps = _LUMP in text
        for hit in hits:
            step = hit[2][0]
            if step in conditional and not (words and _beside(words, hit)):
                continue
            if lumps and text.startswith(_LUMP, hit[1]):
                step = self.step(hit)
            found.append((step, hit))
        if len(found) > 1:
            found.sort()
        return found

    def step(self, hit: Hit) -> int:
        """The step of a word before 料, which makes blanks of it (茶针料), of vessels a lump."""
        step: int = hit[2].step
        if not _for_making(self.scan, hit):
            return step
        kind = self.rules.product_types[step].product_type
        if kind == ProductType.WORKED_UNCARVED and self.scan.text[hit[1] - 1] not in _CONTAINERS:
            return next(
                (
                    number
                    for number, rule in enumerate(self.rules.product_types)
                    if rule.product_type == ProductType.SEMI_WORKED and not rule.beside
                ),
                _NONE,
            )
        return step if kind == ProductType.SEMI_WORKED else _NONE

    def counts(self, hit: Hit) -> bool:
        """Whether a product word names what is offered."""
        scan = self.scan
        start = hit[0]
        if self.silent and covered(hit, self.silent):
            return False
        if hit[1] - start == 1 and _within_word(scan, hit):
            return False
        spans = self.spans
        if spans is None:
            spans = self.spans = _possible(scan)
        if start > scan.bounds[1] and scan.hits[Role.ASIDE]:
            spans = [*spans, *scan.asides]
        for first, last in spans:
            if first <= start < last:
                return False
        for around in scan.hits[Role.PRODUCT]:
            if around[0] <= start < around[1] and self.void(around):
                return False
        return True

    def void(self, hit: Hit) -> bool:
        """Whether goods or work are not there: 做刀柄 (but not 做的), 未经雕刻.

        What is painted is not carved (莳绘菊花), but there is what is painted on: 彩绘簪.
        """
        scan, start = self.scan, hit[0]
        text = scan.text
        if not start or text[start - 1] not in _VOIDING or scan.gap(start):
            return False
        if _DENIED.search(text[max(0, start - 4) : start]) is None:
            return False
        kind = self.rules.product_types[hit[2].step].product_type
        return text[start - 1] != "绘" or kind == _CARVED

    def ends(self, hit: Hit) -> bool:
        """Whether a hit ends a longer word of the title: 紫雪散.

        After …, and in a description, it must be a word that begins with a term: 象牙小座钟.
        Behind a number it is a measure: 两具.
        """
        scan = self.scan
        start, end = hit[0], hit[1]
        text = scan.text
        after = text[end : end + 1]
        if after.isalpha() and after not in _NUMERALS and not scan.gap(end):
            return False
        if end - start == 1 and text[start - 1 : start] in _COUNTS and not scan.gap(start):
            return False
        if covered(hit, scan.hits[Role.PRODUCT]):
            return False
        if hit[2].word[0] == ANY_TERM or start > scan.bounds[0]:
            if not any(
                term[1] <= start <= term[1] + _COMPOUND and self.joined(term[1], start)
                for term in scan.hits[Role.TERM]
                if term[2].strength not in WEAK
            ):
                return False
        elif not text[max(0, start - _LEAST) : start].isalpha() or (
            scan.gap(start) or scan.gap(start - 1)
        ):
            return False
        return self.counts(hit)

    def joined(self, first: int, last: int) -> bool:
        """Whether what is between two positions is part of a word, or of the next one."""
        between = self.scan.text[first:last].removeprefix(" ")
        return (
            (not between or between.isalpha())
            and _WITH.search(between) is None
            and not any(self.scan.gap(place) for place in range(first + 1, last))
        )

    def unlike(self, unworked: str) -> bool:
        """Whether the title lists parts beside finished goods, each with its number."""
        scan = self.scan
        if not scan.bounds[0] or not scan.hits[Role.PRODUCT]:
            return False
        if not _COUNTED.search(scan.text, 0, scan.bounds[0]):
            return False
        numbers = list(islice(_COUNTED.finditer(scan.text, 0, scan.bounds[0]), _MOST_SPANS))
        if len(numbers) < _LOT:
            return False
        counted = {scan.clause(number.start()) for number in numbers}
        best: dict[int, int] = {}
        for step, hit in self.ranked(Role.PRODUCT):
            clause = scan.clause(hit[0])
            if clause in counted and clause not in best and self.counts(hit):
                best[clause] = step
        for hit in scan.hits[Role.TERM]:
            clause = scan.clause(hit[0])
            if clause in counted and hit[2].strength == "name":
                best.setdefault(clause, _NONE)
        types = {
            unworked if step == _NONE else self.rules.product_types[step].product_type
            for step in best.values()
        }
        return bool(types & _PARTS) and bool(types - _PARTS)


def _possible(scan: Scan) -> list[tuple[int, int]]:
    """Spans of the folded text about what could be made of the goods."""
    if not _VERB.search(scan.text):
        return []
    return [
        (
            bisect_left(scan.folded.offsets, found.start()),
            bisect_left(scan.folded.offsets, found.end()),
        )
        for found in islice(_POSSIBLE.finditer(scan.original), _MOST_SPANS)
    ]


def _for_making(scan: Scan, hit: Hit) -> bool:
    """Whether 料 behind goods ends a word."""
    text, end = scan.text, hit[1]
    if scan.gap(end):
        return False
    after = text[end + 1 : end + 2]
    return bool(scan.gap(end + 1)) or not after.isalpha() or after in _NUMERALS


def _within_word(scan: Scan, hit: Hit) -> bool:
    """Whether a hit of one character begins another word, is a place, or measures: 三瓶.

    In a description more words are others: 环节, 渔船老伯.
    """
    start, end = hit[0], hit[1]
    text = scan.text
    if text[start] in _CONTAINERS and text[start - 1 : start] in _COUNTS and not scan.gap(start):
        return True
    if scan.gap(end) or text[start] in _MAKING:
        return False
    after = text[end : end + 1]
    if start < scan.bounds[0]:
        return after in _PLACES
    return after.isalpha() and after not in _ENDINGS


def _beside(words: list[Hit], hit: Hit) -> bool:
    """Whether one of the `words` is required by the step of this hit, and is not part of it."""
    step = hit[2][0]
    for word in words:
        if word[2] == step and not overlaps(word, hit):
            return True
    return False
