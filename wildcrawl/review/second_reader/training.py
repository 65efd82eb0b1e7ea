"""Training of the second reader, and its cross-validation; needs scikit-learn."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from wildcrawl.items import Relevance, Verdict
from wildcrawl.review.ranking import Model
from wildcrawl.review.second_reader.examples import Example, digest
from wildcrawl.review.second_reader.model import Measures, SecondReader, ngrams
from wildcrawl.review.training import TooFewVerdicts, fit
from wildcrawl.store.forgotten import is_forgotten

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.items import Advertisement

FEWEST = 50
"""Minimum verdicts of each side; with fewer, the shipped examples alone know more."""
FOLDS = 5
"""Parts of the cross-validation."""
SHARE = 50 / 10_000
"""Share of titles of other goods that may be raised: it sets the threshold."""
_SMALL = 0.05
"""Weights below this are left out of the model; they move no score that is near the threshold."""


def train(
    examples: Sequence[Example], tagger: Tagger, verdicts: Sequence[Example] = ()
) -> tuple[SecondReader, Measures]:
    """A second reader trained on `examples` and `verdicts`, with what cross-validation found.

    The threshold is the score that SHARE of the ordinary titles exceed, each scored by a model
    that has not seen it. The result is the same for the same texts in any order.
    """
    chosen = sorted({*examples, *verdicts})
    model = _fit(chosen)
    measures, threshold = cross_validate(chosen, tagger)
    kinds = Counter("valid" if each.offer else "other" for each in verdicts)
    reader = SecondReader(
        {name: weight for name, weight in model.weights.items() if abs(weight) >= _SMALL},
        model.bias,
        threshold,
        examples=len(examples),
        trained_on=digest(examples),
        verdicts=dict(sorted(kinds.items())),
        rules=tagger.fingerprint,
        measures=measures._asdict(),
    )
    return reader, measures


def cross_validate(
    examples: Sequence[Example], tagger: Tagger, folds: int = FOLDS
) -> tuple[Measures, float]:
    """What models find that were trained without the fold of a text, and their threshold.

    Texts of one `fold` (a material, a kind of goods, a seller) are held out together.
    """
    scores = [0.0] * len(examples)
    places = [_part(each.fold, folds) for each in examples]
    for part in range(folds):
        model = _fit([each for each, place in zip(examples, places, strict=True) if place != part])
        for number, place in enumerate(places):
            if place == part:
                scores[number] = model.score_of(ngrams(examples[number].text))
    return measure(examples, scores, tagger)


def measure(
    examples: Sequence[Example], scores: Sequence[float], tagger: Tagger
) -> tuple[Measures, float]:
    """Offers found above the score that SHARE of the ordinary titles exceed, and that score."""
    others = sorted(
        (score for each, score in zip(examples, scores, strict=True) if each.ordinary),
        reverse=True,
    )
    allowed = int(len(others) * SHARE)
    threshold = others[allowed] if allowed < len(others) else 0.0
    offers = [
        (score > threshold, tagger.tag(each.text).relevance != Relevance.LIKELY)
        for each, score in zip(examples, scores, strict=True)
        if each.offer
    ]
    missed = [found for found, passed_over in offers if passed_over]
    result = Measures(
        offers=len(offers),
        found=sum(found for found, _ in offers),
        missed=len(missed),
        missed_found=sum(missed),
        titles=len(others),
        share=SHARE,
    )
    return result, round(threshold, 4)


def from_verdicts(ads: Iterable[Advertisement]) -> list[Example]:
    """The team's own verdicts as examples; TooFewVerdicts if either side has too few."""
    found: dict[str, Example] = {}
    for ad in ads:
        text = f"{ad.title} {ad.description}".strip()
        if ad.verdict in ("", Verdict.PENDING) or is_forgotten(ad.ad_id) or not text:
            continue
        seller = ad.seller_id or ad.seller or ad.title
        offer = ad.verdict == Verdict.VALID
        found[text] = Example(text, offer=offer, fold=f"{ad.site}\0{seller}")
    valid = sum(each.offer for each in found.values())
    other = len(found) - valid
    if min(valid, other) < FEWEST:
        raise TooFewVerdicts(
            f"the second reader learns from at least {FEWEST} texts judged valid and {FEWEST} "
            f"judged irrelevant or fake; the store has {valid} and {other}. Judge more; until then "
            "the shipped model reads"
        )
    return sorted(found.values())


def _fit(examples: Sequence[Example]) -> Model:
    return fit([(ngrams(each.text), each.offer) for each in examples])


def _part(fold: str, folds: int) -> int:
    hashed = hashlib.sha256(fold.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(hashed[:8], "big") % folds
