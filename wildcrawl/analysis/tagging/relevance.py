"""Relevance of an advertisement: whether it is likely to offer what is monitored, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.analysis.tagging.attributes import AGE_ROLES, speaks
from wildcrawl.analysis.tagging.patterns import STRENGTHS, WEAK, Role
from wildcrawl.analysis.tagging.scan import FIELDS, Hit, Scan, asides, covered, overlaps
from wildcrawl.analysis.tagging.terms import Found, find_terms, negated
from wildcrawl.items import Relevance

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Reason, Rules, Support

NEEDED = 2
"""Points of support from which a code word counts."""
_SIGN_POINTS = 2


class Evidence:
    """Signs and supports of one text, gathered once for all its code words."""

    __slots__ = ("_age", "_codes", "_found", "_ready", "_signs", "_supports", "known", "scan")

    def __init__(self, scan: Scan, found: list[Found], known: Iterable[str]) -> None:
        self.scan = scan
        self.known = known
        self._found = found
        self._ready = False
        self._age: bool | None = None

    def points(self, code: Found) -> int:
        """Points of support for a code word; what lies within the word itself does not count.

        Two for each sign of its group; for each kind of support its own points; one each for
        another code of the group, for a keyword of the group that found it, and for an age.
        """
        if not self._ready:
            self._gather()
        group, hit, term = code.term.group, code.hit, code.term.term
        signs: dict[str, None] = {}
        for at, word in self._signs.get(group, ()):
            if word != term and not overlaps(at, hit):
                signs[word] = None
        supports: dict[str, str] = {}
        weight = int(self._aged())
        for at, support, word in self._supports:
            if not overlaps(at, hit):
                if support.name not in supports:
                    weight += support.points
                supports[support.name] = word
        others = self._codes.get(group, {})
        further = [each for each, at in others.items() if each != term and not overlaps(at, hit)]
        came = ("found by a keyword of its group",) if group in self.known else ()
        code.signed = bool(signs)
        code.supports = (*sorted(signs), *supports.values(), *sorted(further), *came)
        return _SIGN_POINTS * len(signs) + weight + len(further) + len(came)

    def context(self, name: Found) -> bool:
        """Whether anything in the text fits a disguised name."""
        scan = self.scan
        for role in (Role.PRODUCT, Role.SUPPORT, Role.CATEGORY_SUPPORT, Role.SIGN):
            for at in scan.hits[role]:
                if not overlaps(at, name.hit):
                    name.supports = (scan.text[at[0] : at[1]],)
                    return True
        return self._aged()

    def _gather(self) -> None:
        self._ready = True
        scan, hits = self.scan, self.scan.hits
        veils = hits[Role.HARMLESS] + hits[Role.COVER]
        self._signs: dict[str, list[tuple[Hit, str]]] = {}
        for hit in hits[Role.SIGN]:
            if not covered(hit, veils):
                group, word = hit[2]
                self._signs.setdefault(group, []).append((hit, word))
        self._supports: list[tuple[Hit, Support, str]] = [
            (hit, hit[2], scan.text[hit[0] : hit[1]])
            for role in (Role.SUPPORT, Role.CATEGORY_SUPPORT)
            for hit in hits[role]
            if scan.in_category(hit) == (role == Role.CATEGORY_SUPPORT)
        ]
        self._codes: dict[str, dict[str, Hit]] = {}
        for each in self._found:
            if each.excluded is None and each.strength != "mark":
                self._codes.setdefault(each.term.group, {}).setdefault(each.term.term, each.hit)

    def _aged(self) -> bool:
        if self._age is None:
            scan = self.scan
            self._age = any(
                speaks(scan, role, hit) for role in AGE_ROLES for hit in scan.hits[role]
            )
        return self._age


GENERAL = "general"
"""The group of the keywords of all species; a species found beside it is what counts."""
_OBJECTION_POINTS = 2
_RANKS = {strength: rank for rank, strength in enumerate(STRENGTHS)}
# Module names: reading a member of an enum takes longer.
_LIKELY, _ASIDE, _NONE = Relevance.LIKELY, Relevance.SET_ASIDE, Relevance.NONE
_AGAINST = {"all": 0, "bare": 1, "codes": 2}
_SENTENCE = frozenset(" ,，、。；：:;!！?？()（）[]【】/|\n\t")


class Judgement(NamedTuple):
    """The relevance with its reason, the groups (primary first) and every term found.

    `focus` is the part of the text that says what is really offered, where it is stuffed;
    `deciding` is the match that makes it likely.
    """

    relevance: Relevance
    reason: str
    species: tuple[str, ...]
    found: list[Found]
    focus: Hit | None = None
    deciding: Found | None = None


class Objection(NamedTuple):
    """A reason against the advertisement, and the word or category that gives it."""

    reason: Reason
    word: str


def judge(scan: Scan, rules: Rules, known: Iterable[str]) -> Judgement:
    """The judgement of one scanned text; `known` are the groups whose keywords found it."""
    found = find_terms(scan, rules.negations)
    if not found:
        return Judgement(_NONE, "no term of the vocabulary", (), [])
    focus = _focus(scan, rules, found)
    if isinstance(focus, Objection):
        return _set_aside(found, focus.reason, focus.word)
    if focus is not None:
        found = [each for each in found if overlaps(each.hit, focus)]
    for each in found:
        if each.excluded is not None and each.excluded.whole and each.hit[0] < scan.bounds[0]:
            return _set_aside(found, each.excluded, each.by)
    objections = _objections(scan, rules, found, focus)
    evidence = Evidence(scan, found, known)
    decisive = _decisive(objections)
    if decisive is not None:
        if _anything(evidence, found):
            return _ruled_out(found, decisive)
    elif counting := _counting(evidence, found, objections):
        return _likely(found, counting, focus)
    return _unsupported(found, objections)


def _focus(scan: Scan, rules: Rules, found: list[Found]) -> Hit | Objection | None:
    """The span in which a stuffed text says what it really offers, or the objection to it."""
    offers = scan.hits[Role.OFFER]
    if not offers:
        return None
    harmless = scan.hits[Role.HARMLESS]
    offers = [each for each in offers if not covered(each, harmless)]
    if not offers:
        return None
    last = max(offers, key=lambda each: each[1])
    end = (*scan.bounds, len(scan.text))[scan.field(last[0])]
    rest = (last[1], end, None)
    if any(overlaps(each.hit, rest) and not each.excluded for each in found):
        return rest
    told = (Role.SIGN, Role.AGE)
    if rest[1] - rest[0] > 1 and not any(
        overlaps(each, rest) for role in told for each in scan.hits[role]
    ):
        stuffing = next((each for each in rules.reasons if each.name == "stuffing"), None)
        if stuffing:
            return Objection(stuffing, str(last[2]))
    return None


def _objections(scan: Scan, rules: Rules, found: list[Found], focus: Hit | None) -> list[Objection]:
    words, categories = scan.hits[Role.WORD], scan.hits[Role.CATEGORY_REASON]
    opens, closes = scan.bounds
    titles = scan.hits[Role.TITLE_WORD]
    if titles:
        words = [*words, *[each for each in titles if each[0] < opens]]
    objections: list[Objection] = []
    if not words and not categories:
        return objections
    terms = [each.hit for each in found]
    harmless = scan.hits[Role.HARMLESS]
    aside = asides(scan)
    for hit in words:
        if opens < hit[0] < closes or (focus and not overlaps(hit, focus)):
            continue
        if covered(hit, terms) or covered(hit, harmless) or negated(scan, hit, rules.negations):
            continue
        reason = hit[2]
        if reason.against == "codes" and any(each[0] <= hit[0] < each[1] for each in aside):
            continue
        word = scan.text[hit[0] : hit[1]]
        if reason.against == "bare" and _stated(scan, hit, rules):
            reason = rules.stated(reason)
        objections.append(Objection(reason, word))
    objections += [
        Objection(hit[2], scan.text[hit[0] : hit[1]])
        for hit in categories
        if opens < hit[0] < closes and not covered(hit, terms) and not covered(hit, harmless)
    ]
    return objections


def _stated(scan: Scan, hit: Hit, rules: Rules) -> bool:
    """Whether the text says outright: it is of this material.

    A description may say so by the bare name; a title needs a word such as "made of".
    """
    before, after = scan.text[max(0, hit[0] - 4) : hit[0]], scan.text[hit[1] : hit[1] + 4]
    worded_before = before.rstrip().endswith(rules.states_before)
    worded_after = after.startswith(rules.states_after)
    opens = worded_before or _breaks(scan, hit[0], before[-1:])
    closes = worded_after or _breaks(scan, hit[1], after[:1])
    if FIELDS[scan.field(hit[0])] != "description" and not (worded_before or worded_after):
        return False
    return opens and closes


def _breaks(scan: Scan, position: int, neighbour: str) -> bool:
    return not neighbour.isalnum() or any(each in _SENTENCE for each in scan.gap(position))


def _decisive(objections: list[Objection]) -> Objection | None:
    """The objection that rules out terms of every strength; one that sets aside comes first."""
    decisive = None
    for each in objections:
        if each.reason.against == "all":
            if each.reason.outcome == "set_aside":
                return each
            decisive = decisive or each
    return decisive


def _anything(evidence: Evidence, found: list[Found]) -> bool:
    """Whether there is a match to rule out: more than code words without support."""
    return any(
        each.strength not in WEAK or (each.strength == "code" and evidence.points(each) >= NEEDED)
        for each in found
    )


def _counting(evidence: Evidence, found: list[Found], objections: list[Objection]) -> list[Found]:
    """The terms that count, with what supports them written into them."""
    against = {each.reason.name: _AGAINST[each.reason.against] for each in objections}
    material_named = bool(against) and min(against.values()) < _AGAINST["codes"]
    needed = NEEDED + _OBJECTION_POINTS * len(against)
    ruled_out = _ruled_out_groups(evidence.scan, found)
    counting = []
    for each in found:
        if each.excluded is not None or each.term.group in ruled_out:
            continue
        strength = each.strength
        if (
            strength == "name"
            or (strength == "bare" and not material_named)
            or (strength == "spelling" and not material_named and evidence.context(each))
            or (strength == "code" and evidence.points(each) >= needed)
            or (strength == "mark" and evidence.points(each) >= needed and each.signed)
        ):
            counting.append(each)
    # General support does not count beside words that only one group has.
    firm = [each for each in counting if each.strength != "code" or each.signed]
    return firm or counting


def _ruled_out_groups(scan: Scan, found: list[Found]) -> set[str]:
    """The groups that the text itself denies: 仿象牙 anywhere.

    A description may say what is wanted (收象牙十年) if the title offers it.
    """
    groups: set[str] = set()
    strong = [each for each in found if each.strength not in WEAK]
    title = scan.bounds[0]
    offered = {each.term.group for each in strong if each.excluded is None and each.hit[0] < title}
    for each in strong:
        reason = each.excluded
        if reason is None or reason.outcome != "set_aside" or reason.against == "codes":
            continue
        if not (reason.whole and each.term.group in offered):
            groups.add(each.term.group)
    return groups


def _likely(found: list[Found], counting: list[Found], focus: Hit | None) -> Judgement:
    best: dict[str, tuple[int, int, Found]] = {}
    for each in counting:
        rank, start, group = _RANKS[each.strength], each.hit[0], each.term.group
        if group not in best or (rank, start) < best[group][:2]:
            best[group] = rank, start, each
    species = sorted(best, key=lambda group: best[group][:2]) if len(best) > 1 else list(best)
    if len(species) > 1 and GENERAL in species:
        species.remove(GENERAL)
    deciding = best[species[0]][2]
    reason = f"{deciding.term.term} ({deciding.strength})"
    if deciding.supports:
        reason += f" with {', '.join(deciding.supports[:4])}"
    return Judgement(_LIKELY, reason, tuple(species), found, focus, deciding)


def _ruled_out(found: list[Found], objection: Objection) -> Judgement:
    for each in found:
        if each.excluded is not None and each.excluded.outcome == "set_aside":
            return _set_aside(found, each.excluded, each.by)
    reason, word = objection
    if reason.outcome == "set_aside":
        return _set_aside(found, reason, word)
    return Judgement(_NONE, f"{reason.label}: {word}", (), found)


def _set_aside(found: list[Found], reason: Reason, word: str) -> Judgement:
    species = tuple(dict.fromkeys([each.term.group for each in found]))
    return Judgement(_ASIDE, f"{reason.label}: {word}", species, found)


def _unsupported(found: list[Found], objections: list[Objection]) -> Judgement:
    """No match counts: set aside if the text itself says why, else none."""
    taken = None
    for each in found:
        if each.excluded is not None:
            taken = taken or each
            if each.excluded.outcome == "set_aside" and each.strength not in WEAK:
                return _set_aside(found, each.excluded, each.by)
    for each in found:
        if each.excluded is None and each.strength not in WEAK:
            for objection in objections:
                if objection.reason.outcome == "set_aside":
                    return _set_aside(found, objection.reason, objection.word)
            return Judgement(_NONE, f"{each.term.term} without context", (), found)
    if taken is not None and taken.excluded is not None:
        return Judgement(_NONE, f"{taken.excluded.label}: {taken.by}", (), found)
    code = found[0].term.term
    return Judgement(_NONE, f"{code} is a code word and has no support", (), found)
