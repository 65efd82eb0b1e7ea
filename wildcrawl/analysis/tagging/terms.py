"""Terms in a text: which of them count, and what excludes the others."""

from __future__ import annotations

import re
from itertools import islice

from wildcrawl.analysis.tagging.negation import listed, negated
from wildcrawl.analysis.tagging.patterns import APART, WEAK, Cover, Role, Term
from wildcrawl.analysis.tagging.scan import Hit, Scan, covered, overlaps
from wildcrawl.analysis.vocabulary import Reason, Rules
from wildcrawl.items import ProductType

_LOOSE = (*WEAK, "bare")
_MOST_APART = 50
"""Names of animals, and words of remains, that are looked at; it bounds the time."""
_OF_ALL = frozenset("都均代替")
"""First characters of what is said of all names in a list: 都不是, 代用."""
_ENDING_CLAUSE = frozenset("都也均还部")
"""First characters of what says so only at the end of a clause: 都没有, but not 都没有裂."""
_ENDINGS = ("的", "吗", "呢", "啊")
_STANDING_FOR = ("代", "替", "没有")
"""Words before a term that say so only beside it, and as words of their own: not in 老代象牙."""
_HELPERS = frozenset("可能以来用再也价")
_PRICED_SALE = re.compile("[0-9](?:元|块)?[出转卖]")
_PAUSES = frozenset(",，;；!！?？。")


class TermMatch:
    """A term in a text; `excluded` is the reason against it, `signed` whether it has a sign."""

    __slots__ = (
        "by",
        "closes",
        "excluded",
        "hit",
        "shown",
        "signed",
        "strength",
        "supports",
        "term",
    )

    def __init__(self, hit: Hit, term: Term, strength: str) -> None:
        self.hit = hit
        self.term = term
        self.strength = strength
        self.excluded: Reason | None = None
        self.by = ""
        self.supports: tuple[str, ...] = ()
        self.signed = False
        self.shown = False
        """Whether an animal's name is beside a word of remains."""
        self.closes = False
        """Whether a separate word behind it excludes it, and so what is listed before it."""


def find_terms(scan: Scan, rules: Rules) -> list[TermMatch]:
    """All terms of a text, each with the reason that excludes it, if any."""
    matches = []
    named, alike = True, False
    for hit in scan.hits[Role.TERM]:
        term = hit[2]
        strength = _strength(scan, hit) if scan.respelt else term.strength
        matches.append(TermMatch(hit, term, strength))
        named = named and strength == "name"
        alike = alike or term.apart or term.pictured
    if alike:
        matches = _without_likenesses(scan, matches)
    covers = scan.hits[Role.COVER]
    if covers:
        hits = [match.hit for match in matches]
        covers = [
            cover
            for cover in covers
            if not covered(cover, hits) and not negated(scan, cover, rules)
        ]
    if covers or scan.hits[Role.BEFORE] or scan.hits[Role.AFTER]:
        for match in matches:
            _exclude(scan, match, covers, rules)
        _spread(matches)
        if scan.hits[Role.AFTER]:
            _spread_back(scan, matches)
    harmless = scan.hits[Role.HARMLESS]
    if not named:
        matches = _beginning(scan, matches, rules)
        codes = [match.hit for match in matches if match.strength == "code" and not match.excluded]
        if codes and len(codes) < len(matches):
            matches = [
                match
                for match in matches
                if match.strength != "name" or match.excluded or not covered(match.hit, codes)
            ]
    if harmless:
        return [match for match in matches if not covered(match.hit, harmless)]
    return matches


def all_named(matches: list[TermMatch]) -> bool:
    """Whether all matches are names that speak for themselves, as in most texts that offer."""
    for match in matches:
        if match.strength != "name":
            return False
    return True


def _beginning(scan: Scan, matches: list[TermMatch], rules: Rules) -> list[TermMatch]:
    """The matches without loose ones that begin within another word."""
    kept = []
    loose = False
    for match in matches:
        strength = match.strength
        if match.excluded is None and (
            (strength == "bare" and not _led(scan, match, rules))
            or (strength == "code" and match.term.term[-1] == "的" and not _begins(scan, match))
        ):
            continue
        kept.append(match)
        loose = loose or strength in _LOOSE
    if loose and len(kept) > 1:
        names = [match for match in kept if match.strength != "mark"]
        kept = [m for m in kept if m.strength not in _LOOSE or not _begins_within(m, names)]
    return kept


def _without_likenesses(scan: Scan, matches: list[TermMatch]) -> list[TermMatch]:
    """The matches without emoji that the text does not have, and animals without their remains."""
    matches = [m for m in matches if not m.term.pictured or _in_original(scan, m)]
    animals = [match for match in matches if match.term.apart]
    if not animals:
        return matches
    veils = [*scan.hits[Role.HARMLESS], *scan.hits[Role.COVER], *scan.hits[Role.TERM]]
    dropped = []
    for count, animal in enumerate(animals):
        beside = None
        if count < _MOST_APART and not covered(animal.hit, veils):
            near = islice(scan.remains(animal.term.group), _MOST_APART)
            kept = (at for at in near if not overlaps(at, animal.hit) and not covered(at, veils))
            beside = next((at for at in kept if scan.one_sentence(at, animal.hit)), None)
        if beside is not None:
            animal.supports = (scan.text[beside[0] : beside[1]],)
            animal.shown = True
        elif animal.strength == APART:
            dropped.append(animal)
    return [match for match in matches if match not in dropped] if dropped else matches


def _begins(scan: Scan, code: TermMatch) -> bool:
    """Whether a code such as 牙的 begins a phrase; within one it ends another word: 刷牙的."""
    start = code.hit[0]
    return not start or bool(scan.gap(start)) or not scan.text[start - 1].isalnum()


def _in_original(scan: Scan, match: TermMatch) -> bool:
    """Whether the emoji of a term is one in the text as well: 🐘手串, but not 象手串."""
    return scan.original[scan.folded.offsets[match.hit[0]]] == match.term.term[0]


def _begins_within(code: TermMatch, others: list[TermMatch]) -> bool:
    """Whether a code word begins inside a term of another group and ends after it: 十三鳞|片."""
    start, end, _ = code.hit
    for other in others:
        first, last, _ = other.hit
        if first < start < last < end and other.term.group != code.term.group:
            return True
    return False


def _led(scan: Scan, match: TermMatch, rules: Rules) -> bool:
    """Whether a bare word begins there, and does not end another word: 蓝牙戒指."""
    start, text = match.hit[0], scan.text
    if not text.endswith(rules.word_starts, 0, start) or scan.gap(start):
        return True
    for term in scan.hits[Role.TERM]:
        if term[0] < start <= term[1]:
            return True
    return False


def _strength(scan: Scan, hit: Hit) -> str:
    """Strength of a term in a text with disguises, of which a name may be one."""
    strength: str = hit[2].strength
    if strength == "name":
        respelt = (overlaps(hit, (start, end, None)) for start, end in scan.respelt)
        strength = "spelling" if any(respelt) else strength
    return strength


def _exclude(scan: Scan, match: TermMatch, covers: list[Hit], rules: Rules) -> None:
    hit = match.hit
    start, end = hit[0], hit[1]
    for cover in covers:
        over: Cover = cover[2]
        # A phrase that ends within the term excludes it as well: 豹牙 in 豹牙吊坠 leaves no 牙吊坠.
        reaches = cover[0] <= start < cover[1] if cover[0] < start else end <= cover[1]
        # Of a disguise the other reading is the likelier one: 像牙齿 is not 象牙.
        reaches = (cover[0] <= start and reaches) or (
            match.strength == "spelling" and start < cover[0] < end
        )
        # A word of any text in which a term ends: 大象牙|膏, 犀牛角|色.
        reaches = reaches or (not over.group and start < cover[0] < end < cover[1])
        near = reaches and over.group in ("", match.term.group)
        if near and not _split(scan, hit, cover) and not _goes_on(scan, hit, cover, rules):
            match.excluded = over.reason
            match.by = scan.text[cover[0] : cover[1]]
            return
    for before in scan.hits[Role.BEFORE]:
        if before[1] in (start, start - 1) and _close(scan, start, before, rules):
            match.excluded = before[2]
            match.by = scan.text[before[0] : end]
            return
    for after in scan.hits[Role.AFTER]:
        if (
            after[0] - end in (0, 1)
            and _follows(scan, end, after)
            and not (
                covered(after, scan.hits[Role.HARMLESS]) or covered(after, scan.hits[Role.TERM])
            )
        ):
            match.excluded = after[2]
            match.by = scan.text[start : after[1]]
            match.closes = after[0] > end or scan.text[after[0]] in _OF_ALL
            return


def _follows(scan: Scan, end: int, after: Hit) -> bool:
    """Whether a phrase follows a term directly, or as a separate word: 犀牛角 造型."""
    text = scan.text
    if text[after[0]] in _ENDING_CLAUSE and not _ends_clause(scan, after):
        return False
    if after[0] == end:
        return not scan.gap(end)
    if after[0] != end + 1 or text[end] != " " or after[1] - after[0] == 1:
        return False
    return not text[after[1] : after[1] + 1].isalnum() or bool(scan.gap(after[1]))


def _ends_clause(scan: Scan, after: Hit) -> bool:
    """Whether a phrase ends its clause, and no words of selling make a question feigned.

    Behind 都没有 comes what the goods lack (都没有裂); 象牙还是骨头不懂 100出 offers.
    """
    text, end = scan.text, after[1]
    if text[after[0]] == "还" and (scan.hits[Role.SALE] or _PRICED_SALE.search(text)):
        return False
    end += text.startswith(_ENDINGS, end) and not scan.gap(end)
    return not text[end : end + 1].isalnum() or bool(scan.gap(end))


def _split(scan: Scan, hit: Hit, cover: Hit) -> bool:
    """Whether a gap directly after the term separates it from the rest of its cover."""
    end = hit[1]
    if cover[1] <= end or not scan.gap(end):
        return False
    return not scan.folded.has_gap(hit[0], end)


def _goes_on(scan: Scan, hit: Hit, cover: Hit, rules: Rules) -> bool:
    """Whether goods behind a term go on where its cover ends: 豹牙|刀柄 is no 豹牙刀.

    Subjects of carvings may be what the cover names: 虎皮兰|花.
    """
    end, ends = hit[1], cover[1]
    return end < ends and any(
        end <= goods[0] < ends < goods[1]
        and rules.product_types[goods[2].step].product_type != ProductType.WORKED_CARVED
        and not covered(goods, scan.hits[Role.NO_PRODUCT])
        for goods in scan.hits[Role.PRODUCT]
    )


def _close(scan: Scan, start: int, before: Hit, rules: Rules) -> bool:
    if before[1] < start and scan.text[before[1]] != " ":
        return False
    word = scan.text[before[0] : before[1]]
    if word in _STANDING_FOR and not (before[1] == start and _own_word(scan, before[0])):
        return False
    offsets = scan.folded.offsets
    if not _PAUSES.isdisjoint(scan.original[offsets[before[1] - 1] : offsets[start]]):
        return False
    # A word of age as well: 清代象牙 is not 代象牙.
    if any(covered(before, scan.hits[role]) for role in (Role.HARMLESS, Role.TERM, Role.AGE)):
        return False
    return not negated(scan, before, rules)


def _own_word(scan: Scan, start: int) -> bool:
    """Whether a word begins at `start`, or behind a helping verb or a term: 可代犀角."""
    if not start or scan.gap(start) or scan.word_before(start) is not None:
        return True
    return not scan.text[start - 1].isalnum() or scan.text[start - 1] in _HELPERS


def _spread(matches: list[TermMatch]) -> None:
    """Extends the exclusion of a term to terms of its group that overlap it."""
    for taken in [match for match in matches if match.excluded]:
        for match in matches:
            if match.excluded is None and overlaps(match.hit, taken.hit):
                same = match.term.group == taken.term.group
                # Not a match that starts before it: what excludes 牙印 does not exclude 象牙印.
                near = match.hit[0] >= taken.hit[0] or covered(taken.hit, [match.hit])
                if same and near and not _wider(match, taken) and not _other(match, taken):
                    match.excluded, match.by = taken.excluded, taken.by


def _spread_back(scan: Scan, matches: list[TermMatch]) -> None:
    """Extends what a separate word behind a list says of its last term: 象牙 玳瑁 都不是."""
    for taken in reversed(matches):
        if taken.excluded is None or not taken.closes:
            continue
        for match in matches:
            before = match.hit[0] < taken.hit[0] and match.excluded is None
            if before and listed(scan, match.hit, taken.hit):
                match.excluded, match.by, match.closes = taken.excluded, taken.by, True


def _other(match: TermMatch, taken: TermMatch) -> bool:
    """Whether a name says which animal it is, unlike the word within it: 高鼻羚羊角 手串."""
    named = match.strength == "name" and match.hit[0] < taken.hit[0]
    return named and taken.excluded is not None and taken.excluded.name == "other_animal"


def _wider(match: TermMatch, taken: TermMatch) -> bool:
    """Whether a term is longer than the phrase that excludes another: 象牙白菜 over 象牙白."""
    return match.hit[1] - match.hit[0] > len(taken.by) and covered(taken.hit, [match.hit])
