"""Age claim of an advertisement."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.patterns import Role
from wildcrawl.analysis.tagging.scan import Hit, Scan, covered
from wildcrawl.analysis.text import FIELD

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Rules

_MOST_YEARS = 50
_DATE = re.compile("年|(?:1[6-9]|20)[0-9]{2}")
_PAUSE = re.compile(f"[ {FIELD}]")
_CLAUSE = 8
"""Characters after a date within which a word refers to it."""
_DATED = ("年代", "几年", "商店", "公司")
"""Ends of a date, and of the shop that dates, which may be those of a purchase."""
_OF_MATERIAL = frozenset("老旧新古")
"""First characters of words that say how old the material before or behind them is."""
AGE_ROLES = (Role.AGE, Role.AGE_ALONE, Role.AGE_BEFORE)
_YEAR = re.compile(
    r"(?<![0-9])([12](?: ?[0-9]){3}|[4-9] ?[0-9]) ?(?:年代?)(?![以之]?前(?!后)|的?历史|以上|份|多)"
    # A year alone: no digit, letter or unit beside it makes it a number, a size or a weight.
    r"|(?<![0-9a-z号克斤价售.])(1[6-9][0-9]{2}|20[0-2][0-9])"
    r"(?= [^0-9a-z克斤公厘毫元块张颗粒片枚买购收入]"
    r"| ?(?:出口|外销|出厂|生产|产|制|造|前后)|s(?![a-z])|[\x1e]|$)"
    # One that is written on the goods: 台签写1976.
    r"|(?<=[签写牌刻])(1[6-9][0-9]{2}|20[0-2][0-9])(?![0-9元块])"
)
_SPOKEN_YEAR = re.compile(
    r"(?<![零〇一二三四五六七八九十百千两几第])([五六七八九])([零〇一二三四五六七八九])年(?!前|以上|份|多)"
)
_NUMERALS = "零一二三四五六七八九"


def age_claim(scan: Scan, rules: Rules) -> str:
    """Age claim of the first step with a word or year; "" if there is none."""
    steps = [*age_steps(scan), *_year_steps(scan, rules)]
    return rules.age_claims[min(steps)].claim if steps else ""


def age_steps(scan: Scan) -> list[int]:
    """The steps of the age words that claim an age, each once; found once for a scan."""
    steps = scan.age_steps
    if steps is None:
        steps = scan.age_steps = []
        for role in AGE_ROLES:
            hits = scan.hits[role]
            for hit in hits:
                step = hit[2][0]
                # 公私合营以前 is not 公私合营.
                if step in steps or (len(hits) > 1 and covered(hit, hits)):
                    continue
                if speaks(scan, role, hit):
                    steps.append(step)
    return steps


def speaks(scan: Scan, role: int, hit: Hit) -> bool:
    """Whether an age word claims an age in its context."""
    if scan.in_category(hit):
        return False
    if role == Role.AGE_ALONE:
        return scan.alone(hit) and not _spelt_out(scan, hit)
    silent = scan.hits[Role.NO_AGE]
    if silent and covered(hit, silent):
        return False
    foreign = scan.hits[Role.WORD] and scan.text[hit[0]] in _OF_MATERIAL and scan.foreign
    if foreign and scan.clause(hit[0]) in foreign:
        return False
    if scan.hits[Role.ACQUIRED]:
        decade = hit[1] + 2 if scan.text.startswith("年代", hit[1]) else hit[1]
        decade += scan.text.startswith("年", decade)
        if scan.text.endswith(_DATED, hit[0], decade) and _acquired(scan, decade):
            return False
    if role == Role.AGE_BEFORE:
        end = hit[1]
        return not scan.gap(end) and (
            _at(scan.hits[Role.TERM], end) or _at(scan.hits[Role.PRODUCT], end)
        )
    return True


def _at(hits: list[Hit], start: int) -> bool:
    for hit in hits:
        if hit[0] == start:
            return True
    return False


def _spelt_out(scan: Scan, hit: Hit) -> bool:
    """Whether a word is only the start of a term written with spaces: 老 虎 皮."""
    if not covered(hit, scan.hits[Role.NO_AGE]):
        return False
    terms = [term for term in scan.hits[Role.TERM] if term[0] == hit[0] and term[1] > hit[1]]
    return any(all(scan.gap(at) for at in range(hit[1], term[1])) for term in terms)


def _acquired(scan: Scan, end: int) -> bool:
    """Whether the date that ends at `end` is that of a purchase: 1985年从缅甸带回."""
    return any(
        end <= acquired[0] <= end + _CLAUSE and _PAUSE.search(scan.text, end, acquired[0]) is None
        for acquired in scan.hits[Role.ACQUIRED]
    )


def _year_steps(scan: Scan, rules: Rules) -> list[int]:
    steps: list[int] = []
    text = scan.text
    # A quick look first: most texts name no year.
    if not _DATE.search(text):
        return steps
    for year in islice(_YEAR.finditer(text), _MOST_YEARS):
        start, end = year.span(year.lastindex or 0)
        if scan.in_category((start, end, None)) or any(
            number[0] == end or number[0] <= start < number[1] for number in scan.hits[Role.NO_AGE]
        ):
            continue
        if _acquired(scan, year.end()):
            continue
        digits = year[year.lastindex or 0].replace(" ", "")
        steps += _step_of(int(digits) if len(digits) == 4 else 1900 + int(digits), rules)
    for spoken in islice(_SPOKEN_YEAR.finditer(text), _MOST_YEARS):
        tens, ones = (_NUMERALS.index(digit.replace("〇", "零")) for digit in spoken.groups())
        # 七八年 are seven or eight years.
        if ones != tens + 1 and not (
            scan.in_category((*spoken.span(), None)) or _acquired(scan, spoken.end())
        ):
            steps += _step_of(1900 + 10 * tens + ones, rules)
    return steps


def _step_of(year: int, rules: Rules) -> list[int]:
    """The first step of which the period includes a year."""
    return [
        step
        for step, rule in enumerate(rules.age_claims)
        if rule.years and rule.years[0] <= year <= rule.years[1]
    ][:1]
