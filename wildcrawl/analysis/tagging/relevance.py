"""Relevance of an advertisement: whether it is likely to offer a monitored species, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.attributes import AGE_ROLES, age_steps
from wildcrawl.analysis.tagging.hints import asks, asks_for_goods, lists_goods, offers, told
from wildcrawl.analysis.tagging.negation import listed, names_style, negated
from wildcrawl.analysis.tagging.patterns import NUMERALS, PIECES, STRENGTHS, WEAK, Role
from wildcrawl.analysis.tagging.scan import Hit, Scan, covered, overlaps
from wildcrawl.analysis.tagging.statements import names_part, of_part, offered_with, says_so, stated
from wildcrawl.analysis.tagging.terms import TermMatch, all_named, find_terms
from wildcrawl.items import Relevance

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Reason, Rules, Support

NEEDED = 2
"""Points of support that a code word needs to count."""
_SIGN_POINTS = 2
_NEEDED_GROUPS = 2
"""Further groups whose codes speak for a code beside them."""

_SOLE_LENGTH = 30
"""Characters of a text that names nothing but one thing, at most."""
_WEIGHT = frozenset("克斤两g")
"""Last characters of units of weight."""
_NUMBER = re.compile(rf" ?[{NUMERALS}][0-9]{{0,3}}[{PIECES}](?![a-z0-9])")
"""Number of pieces behind a name."""
_PARTS = re.compile(rf" ?[{NUMERALS}][0-9]{{0,3}}[根支枚颗张对]")
"""Number of teeth, claws or skins behind a name, but not of fish or glasses: 虎牙3枚, 虎皮1张."""
_QUANTITY = re.compile(
    r"[每共约重净总长]{0,2}(?:[0-9.一二两三四五六七八九十百半几多余]+ ?[千万]?)?"
    r"(?:个|只|对|根|支|枝|条|件|枚|颗|块|片|张|副|套|克|斤|公斤|千克|两|厘米|公分|毫米|米|mm|cm|kg|g|元)"
    r"|[0-9.一二两三四五六七八九十百千万半几多余]+(?:[kw](?![a-z]))?"
)


class CodeEvidence:
    """Signs and supports of one text, collected once for all its code words."""

    __slots__ = (
        "_age",
        "_beside",
        "_codes",
        "_matches",
        "_ready",
        "_signs",
        "_sizes",
        "_supports",
        "known",
        "rules",
        "scan",
    )

    def __init__(
        self, scan: Scan, rules: Rules, matches: list[TermMatch], known: Iterable[str]
    ) -> None:
        self.scan = scan
        self.rules = rules
        self.known = known
        self._matches = matches
        self._ready = False
        self._beside: dict[tuple[str, str], list[tuple[Hit, str]]] = {}
        self._age: set[str] | None = None
        self._sizes: list[tuple[Hit, Support, str]] | None = None

    def points(self, code: TermMatch) -> int:
        """Points of support for a code word, from outside of the word itself.

        Two points for each sign of its group, the points of each kind of support, and one point
        each for another code of the group, for a search keyword of the group, and for an age.
        A size beside no more than a new claim supports nothing: 广角 24mm 全新.
        """
        if not self._ready:
            self._gather()
        group, hit, term = code.term.group, code.hit, code.term.term
        signs: dict[str, None] = {}
        for at, word in self._signs_beside(group, term):
            if not overlaps(at, hit):
                signs[word] = None
        supports: dict[str, str] = {}
        beside, weight = self._beside_term(code)
        weight += int(self._aged()) + self._weigh(self._supports, hit, supports)
        others = self._codes.get(group, {})
        further = [word for word, at in others.items() if word != term and not overlaps(at, hit)]
        searched = ("found by a keyword of its group",) if group in self.known else ()
        further += self._codes_of_three(group)
        if signs or supports or further or searched or self._old():
            weight += self._weigh(self._measured(), hit, supports, once=True)
        code.signed = bool(signs or beside)
        code.supports = (*sorted(signs), *beside, *supports.values(), *sorted(further), *searched)
        return _SIGN_POINTS * len(signs) + weight + len(further) + len(searched)

    @staticmethod
    def _weigh(
        found: Iterable[tuple[Hit, Support, str]],
        hit: Hit,
        supports: dict[str, str],
        *,
        once: bool = False,
    ) -> int:
        """Points of what is outside of a hit, one word a kind; `supports` gets the words."""
        weight = 0
        for at, support, word in found:
            known = support.name in supports
            if overlaps(at, hit) or (known and once):
                continue
            weight += 0 if known else support.points
            supports[support.name] = word
        return weight

    def _beside_term(self, code: TermMatch) -> tuple[tuple[str, ...], int]:
        """What is beside a code that is the name of an animal's part, and its points."""
        if code.term.plain:
            return self._beside_name(code)
        # An animal's emoji directly before goods says what they are made of.
        return (), NEEDED if code.term.pictured else 0

    def _beside_name(self, name: TermMatch) -> tuple[tuple[str, ...], int]:
        """What is beside a name that needs support, and its points.

        A firm name of another group that it is listed with (象牙、虎牙) is enough; goods directly
        behind it (虎牙项链) are one point, and an old age is one point more than for a code word.
        Of a name that is legal in longer texts alone, a weight is enough (羚羊角一根 90克), and its
        number is one point: 虎须三根.
        """
        for other in self._matches:
            firm = other.strength == "name" and other.excluded is None
            if not firm or other.term.group == name.term.group:
                continue
            if listed(self.scan, name.hit, other.hit):
                return (other.term.term,), _SIGN_POINTS
        goods = [
            self.scan.text[at[0] : at[1]]
            for at in self.scan.hits[Role.PRODUCT]
            if self.scan.follows(name.hit, at)
        ]
        if name.term.sole and (weights := self._weights()):
            return (weights[0],), _SIGN_POINTS
        if name.term.sole and not goods and (number := _NUMBER.match(self.scan.text, name.hit[1])):
            goods = [number[0].strip()]
        return tuple(goods[:1]), int(bool(goods)) + int(self._old())

    def _weights(self) -> list[str]:
        """Numbers with a unit of weight, outside of the category."""
        scan = self.scan
        return [
            scan.place(hit)[3]
            for hit in scan.measures
            if hit[2] is None and not scan.in_category(hit) and scan.text[hit[1] - 1] in _WEIGHT
        ]

    def _codes_of_three(self, group: str) -> list[str]:
        """A code of each of two other groups, which speak for each other: 白料 黑料 红料."""
        if len(self._codes) <= _NEEDED_GROUPS:
            return []
        return sorted(min(codes) for name, codes in self._codes.items() if name != group)

    def _signs_beside(self, group: str, term: str) -> list[tuple[Hit, str]]:
        """Signs of a group outside of all places of a term: within, they say nothing new."""
        # By group as well: 非洲料 is a code of two groups.
        signs = self._signs.get(group)
        if not signs:
            return []
        key = group, term
        if key not in self._beside:
            places = [match.hit for match in self._matches if match.term.term == term]
            self._beside[key] = [
                (at, word) for at, word in signs if word != term and not covered(at, places)
            ]
        return self._beside[key]

    def context(self, name: TermMatch) -> bool:
        """Whether the text has a context for a disguised name."""
        scan = self.scan
        roles = (Role.PRODUCT, Role.SUPPORT, Role.CATEGORY_SUPPORT, Role.SIGN)
        for at in chain(scan.measures, *(scan.hits[role] for role in roles)):
            if not overlaps(at, name.hit):
                name.supports = (scan.text[at[0] : at[1]],)
                return True
        return self._aged()

    def countable(self, name: TermMatch) -> bool:
        """Whether a name counts where nothing else is named: 羚羊角; 虎牙 only with a number."""
        term = name.term
        return term.sole or (term.plain and bool(_PARTS.match(self.scan.text, name.hit[1])))

    def sole(self, name: TermMatch) -> bool:
        """Whether the text names nothing but this: only numbers, prices, ages and selling."""
        scan = self.scan
        kept = [name.hit]
        for role in (Role.SUPPORT, Role.SALE, *AGE_ROLES):
            kept += scan.hits[role]
        if scan.bounds[1] - scan.bounds[0] > 1 or len(scan.text) > _SOLE_LENGTH:
            return False
        letters = list(scan.text)
        for start, end, _ in kept:
            letters[start:end] = " " * (end - start)
        left = _QUANTITY.sub("", "".join(letters))
        if any(letter.isalnum() for letter in left):
            return False
        name.supports = ("nothing else is named",)
        return True

    def _gather(self) -> None:
        self._ready = True
        scan, hits = self.scan, self.scan.hits
        self._signs: dict[str, list[tuple[Hit, str]]] = {}
        if hits[Role.SIGN]:
            veils = hits[Role.HARMLESS] + hits[Role.COVER]
            # A disguise that the text excludes was none, so that its plain word is no sign either.
            veils += [m.hit for m in self._matches if m.excluded and m.strength == "spelling"]
            for hit in hits[Role.SIGN]:
                if not covered(hit, veils):
                    group, word = hit[2]
                    self._signs.setdefault(group, []).append((hit, word))
        within = scan.in_category
        found = [hit for hit in hits[Role.SUPPORT] if not within(hit)]
        found += [hit for hit in hits[Role.CATEGORY_SUPPORT] if within(hit)]
        self._supports: list[tuple[Hit, Support, str]] = [
            (hit, hit[2], scan.text[hit[0] : hit[1]]) for hit in found
        ]
        self._codes: dict[str, dict[str, Hit]] = {}
        for match in self._matches:
            if match.excluded is None and match.strength != "mark":
                self._codes.setdefault(match.term.group, {}).setdefault(match.term.term, match.hit)

    def _measured(self) -> list[tuple[Hit, Support, str]]:
        """Sizes that support; read only for a text that supports the word otherwise."""
        if self._sizes is None:
            scan = self.scan
            self._sizes = [
                (hit, hit[2], scan.place(hit)[3])
                for hit in scan.measures
                if hit[2] and not scan.in_category(hit)
            ]
        return self._sizes

    def _aged(self) -> bool:
        return bool(self._claims())

    def _old(self) -> bool:
        return "old" in self._claims()

    def _claims(self) -> set[str]:
        if self._age is None:
            claims = self.rules.age_claims
            self._age = {claims[step].claim for step in age_steps(self.scan)}
        return self._age


_GIVES = ("送", "赠")
"""Ends of what gives a thing away: 送口罩, 附赠口罩."""
_REFUSES = "不出"
_REFUSING = frozenset("了的哦啊哈啦呀哟呢售让手人也只谢先")
"""What follows a refusal to sell: 不出了, 不出手, but not 不出名."""
_OF_GOODS = ("other_category", "elsewhere", "textile", "technique", "brand", "mineral")
"""Reasons by a shelf of goods of which a part may be made of a monitored species."""
_NAMED = 2
"""Characters that name the goods again of which the material was named: 盔犀隔片 … 卖的是隔片."""
GENERAL = "general"
"""Group of the keywords for any species; a match of another group takes precedence."""
_OBJECTION_POINTS = 2
_RANKS = {strength: rank for rank, strength in enumerate(STRENGTHS)}
# Module constants are faster to read than enum members.
_LIKELY, _ASIDE, _NONE = Relevance.LIKELY, Relevance.SET_ASIDE, Relevance.NONE
_AGAINST = {"all": 0, "bare": 1, "codes": 2}


class RelevanceJudgement:
    """Relevance with its reason, the groups (primary first) and all terms of the text.

    `focus` is the span of a keyword-stuffed text that describes the offer; `deciding` is the
    match that makes the advertisement likely, `evidence` what supports its code words.
    """

    # Plain classes, since a named tuple takes twice as long to make.
    __slots__ = ("deciding", "evidence", "focus", "matches", "reason", "relevance", "species")

    def __init__(
        self,
        relevance: Relevance,
        reason: str,
        species: tuple[str, ...],
        matches: list[TermMatch],
        focus: Hit | None = None,
        deciding: TermMatch | None = None,
        evidence: CodeEvidence | None = None,
    ) -> None:
        self.relevance = relevance
        self.reason = reason
        self.species = species
        self.matches = matches
        self.focus = focus
        self.deciding = deciding
        self.evidence = evidence


class Objection:
    """A reason against the advertisement, and the word or category it is based on."""

    __slots__ = ("reason", "word")

    def __init__(self, reason: Reason, word: str) -> None:
        self.reason = reason
        self.word = word


def judge(scan: Scan, rules: Rules, known: Iterable[str], price: str = "") -> RelevanceJudgement:
    """Judgement of one scanned text with the text of its price.

    `known` are the groups of the keywords that found it.
    """
    matches = find_terms(scan, rules)
    if not matches:
        return RelevanceJudgement(_NONE, "no term of the vocabulary", (), [])
    focus = _focus(scan, rules, matches) if scan.hits[Role.OFFER] else None
    if isinstance(focus, Objection):
        return _set_aside(matches, focus.reason, focus.word)
    if focus is not None:
        matches = [match for match in matches if overlaps(match.hit, focus)]
    objections = _objections(scan, rules, matches, focus, price)
    if (scan.hits[Role.BEFORE] or objections) and lists_goods(scan, matches):
        objections = _listed(matches, objections)
    decisive = _decisive(objections) if objections else None
    for match in matches:
        if match.excluded is not None and match.excluded.whole and match.hit[0] < scan.bounds[0]:
            first = _first_of_file(rules, decisive, Objection(match.excluded, match.by))
            return _set_aside(matches, first.reason, first.word)
    evidence = CodeEvidence(scan, rules, matches, known)
    if decisive is not None:
        if _has_match(evidence, matches):
            return _ruled_out(matches, decisive)
    elif counting := _counting(evidence, matches, objections):
        return _likely(matches, counting, focus, evidence)
    return _unsupported(matches, objections)


def _listed(matches: list[TermMatch], objections: list[Objection]) -> list[Objection]:
    """The objections to a list of seized goods without those of telling; takes them off matches."""
    for match in matches:
        if match.excluded is not None and match.excluded.hints:
            match.excluded, match.by = None, ""
    return [each for each in objections if not each.reason.hints]


def _focus(scan: Scan, rules: Rules, matches: list[TermMatch]) -> Hit | Objection | None:
    """The span of a keyword-stuffed text that describes the offer, or the objection to it."""
    offers = scan.hits[Role.OFFER]
    harmless = scan.hits[Role.HARMLESS]
    offers = [offer for offer in offers if not covered(offer, harmless)]
    if not offers:
        return None
    last = max(offers, key=lambda offer: offer[1])
    end = (*scan.bounds, len(scan.text))[scan.field(last[0])]
    rest = (last[1], end, None)
    if any(overlaps(match.hit, rest) and not match.excluded for match in matches):
        return rest
    named = scan.text[last[1] : last[1] + _NAMED]
    if any(scan.text.startswith(named, match.hit[1]) for match in matches):
        return None
    roles = (Role.SIGN, Role.AGE)
    if rest[1] - rest[0] > 1 and not any(
        overlaps(hit, rest) for role in roles for hit in scan.hits[role]
    ):
        stuffing = next((reason for reason in rules.reasons if reason.name == "stuffing"), None)
        if stuffing:
            return Objection(stuffing, str(last[2]))
    return None


def _objections(
    scan: Scan, rules: Rules, matches: list[TermMatch], focus: Hit | None, price: str
) -> list[Objection]:
    words = scan.hits[Role.WORD]
    categories = scan.hits[Role.CATEGORY_REASON]
    titles = _titles(scan) if scan.hits[Role.TITLE_WORD] else []
    hinted = scan.hits[Role.HINT] or scan.hits[Role.HALF_HINT] or asks(scan)
    if not (words or titles or categories or hinted):
        return []
    objections: list[Objection] = []
    asked = offered = False
    if hinted or titles or (categories and any(map(_outweighed, categories))):
        offered = offers(scan)
        # An asked price makes an offer of a title that sounds like news: 法院退回来的象牙筷.
        asked = offered or (_untold(titles, categories) and asks_for_goods(price))
        if titles:
            words = [*words, *_titles_left(titles, asked=asked, offered=offered)]
        if hinted and not offered and (telling := told(scan, rules, price)):
            objections.append(Objection(*telling))
    if focus:
        words = [hit for hit in words if overlaps(hit, focus)]
    terms = [match.hit for match in matches]
    standing = _undenied(scan, rules, words, terms) if words else []
    if not standing and not categories:
        return objections
    odd = _odd(categories)
    doubtful = odd or _odd(standing, "bare")
    sincere = doubtful and any(says_so(scan, match, rules) for match in matches)
    if standing:
        objections += _of_words(scan, rules, matches, standing, words, sincere=sincere)
    if categories:
        if any(names_part(scan, match) for match in matches):
            categories = [hit for hit in categories if hit[2].name not in _OF_GOODS]
            odd = _odd(categories)
        sincere = sincere or (odd and _signed(scan, matches))
        objections += _shelves(
            scan, categories, terms, sincere=sincere, asked=asked, offered=offered
        )
    return objections


def _odd(hits: list[Hit], against: str = "") -> bool:
    """Whether any of these is a reason for goods of another kind, or one against such words."""
    for hit in hits:
        if hit[2].outcome == "none" or hit[2].against == against:
            return True
    return False


def _of_words(
    scan: Scan,
    rules: Rules,
    matches: list[TermMatch],
    standing: list[Hit],
    words: list[Hit],
    *,
    sincere: bool,
) -> Iterator[Objection]:
    """Objections of the words that stand, but for those that mean something else."""
    for hit in standing:
        reason, word = hit[2], scan.text[hit[0] : hit[1]]
        if reason.against == "codes" and any(span[0] <= hit[0] < span[1] for span in scan.asides):
            continue
        if word in rules.styles and names_style(
            scan, hit, rules.styles[word], [match.hit for match in matches]
        ):
            continue
        if sincere and reason.outcome == "none" and reason.against == "all":
            continue
        doubted = reason.against == "bare" and not sincere and stated(scan, hit, rules)
        if doubted and not offered_with(scan, hit, matches, words):
            reason = rules.stated(reason)
        yield Objection(reason, word)


def _titles(scan: Scan) -> list[Hit]:
    """Words of reasons that count in titles alone, there or in what begins a post without one.

    Of such a post no more is read so than whether it offers anything. A gift says nothing of the
    goods: 象牙手串 送口罩.
    """
    starts, ends = scan.head
    return [
        hit
        for hit in scan.hits[Role.TITLE_WORD]
        if starts <= hit[0] < ends
        and (not starts or hit[2].hints or hit[2].whole)
        and (hit[2].hints or not scan.text.endswith(_GIVES, 0, hit[0]))
    ]


def _titles_left(titles: list[Hit], *, asked: bool, offered: bool) -> list[Hit]:
    """Words of titles that neither an asked price nor the form of an offer outweighs."""
    return [hit for hit in titles if not ((asked and hit[2].hints) or (offered and _shows(hit)))]


def _untold(titles: list[Hit], categories: list[Hit]) -> bool:
    """Whether a price outweighs any of these: words and shelves of news, of talk or of shows."""
    return any(hit[2].hints for hit in titles) or any(map(_shows, categories))


def _closes_clause(scan: Scan, end: int) -> bool:
    """Whether a clause ends here, or only goes on as after 不出了."""
    after = scan.text[end : end + 1]
    return not after.isalnum() or after in _REFUSING or bool(scan.gap(end))


def _shows(shelf: Hit) -> bool:
    """Whether a shelf tells or shows, so that words of selling outweigh it."""
    return bool(shelf[2].hints) or shelf[2].name == "not_for_sale"


def _outweighed(shelf: Hit) -> bool:
    """Whether the form of an offer outweighs a shelf: one that tells or shows, or of services."""
    return _shows(shelf) or shelf[2].name == "service"


def _signed(scan: Scan, matches: list[TermMatch]) -> bool:
    """Whether a name has a sign of its group beside it, which a wrong shelf does not void."""
    names = [match for match in matches if match.strength == "name" and match.excluded is None]
    groups = {match.term.group for match in names}
    taken = [*scan.hits[Role.COVER], *scan.hits[Role.HARMLESS]]
    taken += [match.hit for match in matches if match.strength != "mark"]
    return any(
        sign[2][0] in groups
        and not scan.in_category(sign)
        and not any(overlaps(sign, hit) for hit in taken)
        for sign in scan.hits[Role.SIGN]
    )


def _shelves(
    scan: Scan, shelves: list[Hit], terms: list[Hit], *, sincere: bool, asked: bool, offered: bool
) -> list[Objection]:
    """Objections of the site's category; words of selling outweigh one that shows or tells."""
    sells = bool(scan.hits[Role.SALE])
    return [
        Objection(hit[2], scan.text[hit[0] : hit[1]])
        for hit in shelves
        if not covered(hit, terms)
        and not covered(hit, scan.hits[Role.HARMLESS])
        and not (sincere and hit[2].outcome == "none")
        and not (offered and _outweighed(hit))
        and not (hit[2].hints and asked and sells)
        and not (hit[2].name == "not_for_sale" and (asked or sells))
    ]


def _undenied(scan: Scan, rules: Rules, words: list[Hit], terms: list[Hit]) -> list[Hit]:
    """Words of reasons in title and description that nothing covers and no negation reaches."""
    opens, closes = scan.bounds
    harmless = scan.hits[Role.HARMLESS]
    denied: list[Hit] = []
    kept: list[Hit] = []
    for hit in words:
        if opens < hit[0] < closes or covered(hit, terms):
            continue
        if harmless and covered(hit, harmless):
            continue
        if scan.joined(hit) or of_part(scan, hit):
            continue
        if scan.text[hit[0] : hit[1]] == _REFUSES and not _closes_clause(scan, hit[1]):
            continue
        (denied if negated(scan, hit, rules) else kept).append(hit)
    # 仿 is denied as well where 仿品 is.
    return [hit for hit in kept if not covered(hit, denied)] if denied else kept


def _decisive(objections: list[Objection]) -> Objection | None:
    """The objection against terms of all strengths; one that sets aside takes precedence."""
    decisive = None
    for objection in objections:
        if objection.reason.against == "all":
            if objection.reason.outcome == "set_aside":
                return objection
            decisive = decisive or objection
    return decisive


def _first_of_file(rules: Rules, decisive: Objection | None, excluded: Objection) -> Objection:
    """Of two objections that set aside, the one whose reason is first in the file."""
    if decisive is None or decisive.reason.outcome != "set_aside":
        return excluded
    order = [reason.name for reason in rules.reasons]
    return min(excluded, decisive, key=lambda each: order.index(each.reason.name))


def _has_match(evidence: CodeEvidence, matches: list[TermMatch]) -> bool:
    """Whether there is a match to rule out, other than code words without support."""
    for match in matches:
        if match.strength not in WEAK:
            return True
        if match.strength == "code" and evidence.points(match) >= NEEDED:
            return True
    return False


def _supported(evidence: CodeEvidence, code: TermMatch, needed: int) -> bool:
    """Whether a code has enough support; an emoji before goods has none beside another material."""
    if code.term.pictured and needed > NEEDED:
        return False
    return evidence.points(code) >= needed + code.term.doubt


def _counting(
    evidence: CodeEvidence, matches: list[TermMatch], objections: list[Objection]
) -> list[TermMatch]:
    """The matches that count; sets the supports of each code word that decides on its group."""
    left = [match for match in matches if match.excluded is None]
    if len(left) < len(matches) and (ruled_out := _ruled_out_groups(evidence.scan, matches)):
        left = [match for match in left if match.term.group not in ruled_out]
    if all_named(left):
        return left
    against = {each.reason.name: _AGAINST[each.reason.against] for each in objections}
    material_named = bool(against) and min(against.values()) < _AGAINST["codes"]
    needed = NEEDED + _OBJECTION_POINTS * len(against)
    counting = [
        match
        for match in left
        if (strength := match.strength) == "name"
        or (strength == "bare" and not material_named)
        or (strength == "spelling" and not material_named and evidence.context(match))
    ]
    named = {match.term.group for match in counting}
    for match in left:
        strength = match.strength
        if match.term.group not in named and (
            (match.shown and not _of_likeness(evidence.scan, objections))
            or (strength == "code" and _supported(evidence, match, needed))
            or (evidence.countable(match) and not objections and evidence.sole(match))
            or (strength == "mark" and _marked(evidence, match, needed))
        ):
            counting.append(match)
    # With words that only one group has, general support does not count.
    firm = [match for match in counting if match.strength != "code" or match.signed]
    return firm or counting


def _marked(evidence: CodeEvidence, mark: TermMatch, needed: int) -> bool:
    """Whether a mark of the material has a sign beside it, and enough support."""
    return not mark.term.apart and evidence.points(mark) >= needed and mark.signed


def _of_likeness(scan: Scan, objections: list[Objection]) -> bool:
    """Whether an animal near a word of remains may be of another material: 大象 摆件 木雕 长牙.

    Another material in a description may be that of a base or of eyes of glass.
    """
    head = scan.text[: scan.head[1]]
    return any(each.reason.against != "codes" or each.word in head for each in objections)


def _ruled_out_groups(scan: Scan, matches: list[TermMatch]) -> set[str]:
    """Groups that the text itself denies, such as by 仿象牙 anywhere.

    A description may also say what the seller buys (收象牙十年) if the title offers it.
    """
    named = {m.term.group for m in matches if m.strength == "name" and m.excluded is None}
    denied = [
        (match.term.group, match.excluded.whole)
        for match in matches
        if match.excluded is not None
        and match.excluded.outcome == "set_aside"
        and match.excluded.against != "codes"
        and (match.strength not in WEAK or match.term.plain)
        # 羚羊角 within 高鼻羚羊角 denies nothing.
        and not covered(match.hit, [firm.hit for firm in matches if firm.excluded is None])
        # Nor does 羚羊角杯, mostly of another animal, where 高鼻羚角 says which it is.
        and not (
            match.term.plain and match.term.group in named and match.excluded.name == "other_animal"
        )
    ]
    if not denied:
        return set()
    title = scan.bounds[0]
    offered = {
        match.term.group
        for match in matches
        if match.excluded is None and match.hit[0] < title and match.strength not in WEAK
    }
    return {group for group, whole in denied if not (whole and group in offered)}


def _likely(
    matches: list[TermMatch], counting: list[TermMatch], focus: Hit | None, evidence: CodeEvidence
) -> RelevanceJudgement:
    if len(counting) == 1:
        deciding = counting[0]
        species = [deciding.term.group]
    else:
        ranked = sorted(counting, key=_rank)
        species = list(dict.fromkeys([match.term.group for match in ranked]))
        if len(species) > 1 and GENERAL in species:
            species.remove(GENERAL)
        deciding = next(match for match in ranked if match.term.group == species[0])
    reason = f"{deciding.term.term} ({deciding.strength})"
    if deciding.supports:
        reason += f" with {', '.join(deciding.supports[:4])}"
    return RelevanceJudgement(_LIKELY, reason, tuple(species), matches, focus, deciding, evidence)


def _rank(match: TermMatch) -> tuple[int, int]:
    """Order of the matches: the strong ones first, then those that stand first."""
    return _RANKS[match.strength], match.hit[0]


def _ruled_out(matches: list[TermMatch], objection: Objection) -> RelevanceJudgement:
    for match in matches:
        if match.excluded is not None and match.excluded.outcome == "set_aside":
            return _set_aside(matches, match.excluded, match.by)
    if objection.reason.outcome == "set_aside":
        return _set_aside(matches, objection.reason, objection.word)
    return RelevanceJudgement(_NONE, f"{objection.reason.label}: {objection.word}", (), matches)


def _set_aside(matches: list[TermMatch], reason: Reason, word: str) -> RelevanceJudgement:
    species = tuple(dict.fromkeys([match.term.group for match in matches]))
    return RelevanceJudgement(_ASIDE, f"{reason.label}: {word}", species, matches)


def _unsupported(matches: list[TermMatch], objections: list[Objection]) -> RelevanceJudgement:
    """Judgement if no match counts: set aside if the text says why, else none.

    A name such as 虎皮, which needs support, is set aside in news and stories alone.
    """
    taken = None
    for match in matches:
        if match.excluded is not None:
            taken = taken or match
            if match.excluded.outcome == "set_aside" and match.strength not in WEAK:
                return _set_aside(matches, match.excluded, match.by)
    for match in matches:
        if match.excluded is None and match.strength not in WEAK:
            for objection in objections:
                if objection.reason.outcome == "set_aside":
                    return _set_aside(matches, objection.reason, objection.word)
            return RelevanceJudgement(_NONE, f"{match.term.term} without context", (), matches)
    if unsold := _told(matches, objections):
        return unsold
    if taken is not None and taken.excluded is not None:
        return RelevanceJudgement(_NONE, f"{taken.excluded.label}: {taken.by}", (), matches)
    code = matches[0].term.term
    return RelevanceJudgement(_NONE, f"{code} is a code word and has no support", (), matches)


def _told(matches: list[TermMatch], objections: list[Objection]) -> RelevanceJudgement | None:
    """Judgement of news or a story about a name that needs support, such as 虎皮."""
    if any(match.term.plain and match.excluded is None for match in matches):
        for objection in objections:
            if objection.reason.hints and objection.reason.outcome == "set_aside":
                return _set_aside(matches, objection.reason, objection.word)
    return None
