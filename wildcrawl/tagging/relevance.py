"""Whether an advertisement is likely to offer what is monitored, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.items import Relevance
from wildcrawl.tagging.evidence import NEEDED, Evidence
from wildcrawl.tagging.patterns import STRENGTHS, WEAK, Part
from wildcrawl.tagging.scan import FIELDS, Hit, Scan, covered, overlaps
from wildcrawl.tagging.terms import Found, find_terms, negated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.vocabulary import Reason, Rules

GENERAL = "general"
"""The group of the keywords of all species; a species found beside it is what counts."""
_OBJECTION_POINTS = 2
_RANKS = {strength: rank for rank, strength in enumerate(STRENGTHS)}
_LAST = (len(STRENGTHS), 0)
_AGAINST = {"all": 0, "bare": 1, "codes": 2}
_SENTENCE = frozenset(" ,，、。；：:;!！?？()（）[]【】/|\n\t")


class Judgement(NamedTuple):
    """The relevance with its reason, the groups (primary first) and every term found.

    `focus` is the part of the text that says what is really offered, where it is stuffed.
    """

    relevance: Relevance
    reason: str
    species: tuple[str, ...]
    found: list[Found]
    focus: Hit | None = None


class Objection(NamedTuple):
    """A reason that a word or the category gives, and the word."""

    reason: Reason
    word: str


def judge(scan: Scan, rules: Rules, known: Iterable[str]) -> Judgement:
    """The judgement of one scanned text; `known` are the groups whose keywords found it."""
    found = find_terms(scan, rules.negations)
    if not found:
        return Judgement(Relevance.NONE, "no term of the vocabulary", (), [])
    focus = _focus(scan, rules, found)
    if isinstance(focus, Objection):
        return _set_aside(found, focus.reason, focus.word)
    if focus is not None:
        found = [each for each in found if overlaps(each.hit, focus)]
    objections = _objections(scan, rules, found, focus)
    evidence = Evidence(scan, found, frozenset(known))
    counting = _counting(evidence, found, objections)
    if counting:
        for objection in objections:
            if objection.reason.against == "all":
                return _ruled_out(found, objections)
        return _likely(found, counting)._replace(focus=focus)
    return _unsupported(found, objections)


def _focus(scan: Scan, rules: Rules, found: list[Found]) -> Hit | Objection | None:
    """Where a stuffed text says what it really offers."""
    offers = scan.hits[Part.OFFER]
    if not offers:
        return None
    last = max(offers, key=lambda each: each[1])
    end = (*scan.bounds, len(scan.text))[scan.field(last[0])]
    rest = (last[1], end, None)
    if any(overlaps(each.hit, rest) and not each.excluded for each in found):
        return rest
    told = (Part.SIGN, Part.AGE)
    if rest[1] - rest[0] > 1 and not any(
        overlaps(each, rest) for part in told for each in scan.hits[part]
    ):
        stuffing = next((each for each in rules.reasons if each.name == "stuffing"), None)
        if stuffing:
            return Objection(stuffing, str(last[2]))
    return None


def _objections(scan: Scan, rules: Rules, found: list[Found], focus: Hit | None) -> list[Objection]:
    words, categories = scan.hits[Part.WORD], scan.hits[Part.CATEGORY_REASON]
    objections: list[Objection] = []
    if not words and not categories:
        return objections
    terms = [each.hit for each in found]
    harmless = scan.hits[Part.HARMLESS]
    for hit in words:
        if scan.in_category(hit) or (focus and not overlaps(hit, focus)) or scan.torn(hit):
            continue
        if covered(hit, terms) or covered(hit, harmless) or negated(scan, hit, rules.negations):
            continue
        reason = hit[2]
        word = scan.text[hit[0] : hit[1]]
        if reason.against == "bare" and _stated(scan, hit, rules):
            reason = rules.stated(reason)
        objections.append(Objection(reason, word))
    objections += [
        Objection(hit[2], scan.text[hit[0] : hit[1]])
        for hit in categories
        if scan.in_category(hit) and not covered(hit, terms)
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


def _counting(evidence: Evidence, found: list[Found], objections: list[Objection]) -> list[Found]:
    """The terms that count, with what supports them written into them."""
    against = {each.reason.name: _AGAINST[each.reason.against] for each in objections}
    material_named = bool(against) and min(against.values()) < _AGAINST["codes"]
    needed = NEEDED + _OBJECTION_POINTS * len(against)
    ruled_out = {
        each.term.group
        for each in found
        if each.excluded is not None
        and each.strength not in WEAK
        and each.excluded.outcome == "set_aside"
    }
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
        ):
            counting.append(each)
    # What speaks for any code word speaks for none while another group's own words are there.
    firm = [each for each in counting if each.strength != "code" or each.signed]
    return firm or counting


def _likely(found: list[Found], counting: list[Found]) -> Judgement:
    groups: dict[str, tuple[int, int]] = {}
    for each in counting:
        rank = (_RANKS[each.strength], each.hit[0])
        if rank < groups.get(each.term.group, _LAST):
            groups[each.term.group] = rank
    species = sorted(groups, key=groups.__getitem__) if len(groups) > 1 else list(groups)
    if len(species) > 1 and GENERAL in species:
        species.remove(GENERAL)
    best = next(
        each
        for each in counting
        if (_RANKS[each.strength], each.hit[0]) == groups[species[0]]
        and each.term.group == species[0]
    )
    reason = f"{best.term.term} ({best.strength})"
    if best.supports:
        reason += f" with {', '.join(best.supports[:4])}"
    return Judgement(Relevance.LIKELY, reason, tuple(species), found)


def _ruled_out(found: list[Found], objections: list[Objection]) -> Judgement:
    strong = [each for each in objections if each.reason.against == "all"]
    for each in strong:
        if each.reason.outcome == "set_aside":
            return _set_aside(found, each.reason, each.word)
    return Judgement(Relevance.NONE, f"{strong[0].reason.label}: {strong[0].word}", (), found)


def _set_aside(found: list[Found], reason: Reason, word: str) -> Judgement:
    species = tuple(dict.fromkeys(each.term.group for each in found))
    return Judgement(Relevance.SET_ASIDE, f"{reason.label}: {word}", species, found)


def _unsupported(found: list[Found], objections: list[Objection]) -> Judgement:
    """Nothing counts: set aside if the text itself says why, else it is none."""
    for each in found:
        if each.excluded and each.excluded.outcome == "set_aside":
            return _set_aside(found, each.excluded, each.by)
    named = [each for each in found if not each.excluded and each.strength not in WEAK]
    for objection in objections:
        if objection.reason.outcome == "set_aside":
            return _set_aside(found, objection.reason, objection.word)
    if named:
        return Judgement(Relevance.NONE, f"{named[0].term.term} without context", (), found)
    taken = next((each for each in found if each.excluded), None)
    if taken and taken.excluded:
        return Judgement(Relevance.NONE, f"{taken.excluded.label}: {taken.by}", (), found)
    return Judgement(
        Relevance.NONE, f"{found[0].term.term} is a code word and has no support", (), found
    )
