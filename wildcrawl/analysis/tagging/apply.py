"""Application of tags to an advertisement: what a person gave stays."""

from __future__ import annotations

import hashlib

from wildcrawl.analysis.tagging.tagger import Tagger, Tagging
from wildcrawl.items import GIVEN_TAGS, Advertisement, Relevance, Verdict

AUDIT_ONE_IN = 50
"""Share of set-aside advertisements that the analyst screens anyway (audit): 2%."""


def apply_tagging(ad: Advertisement, tagging: Tagging, rules: str) -> None:
    """Writes the tagger's result into `ad`; values given by a person stay.

    `rules` is the fingerprint of the tagger's rules.
    """
    ad.species = ad.species or list(tagging.species)
    ad.product_type = ad.product_type or tagging.product_type
    if "age_claim" not in ad.by_person:
        ad.age_claim = ad.age_claim or tagging.age_claim
    ad.terms = list(tagging.terms)
    ad.relevance = tagging.relevance.value
    ad.reason = tagging.reason
    ad.strength, ad.supports = tagging.strength, tagging.supports
    if ad.relevance == Relevance.NONE and vouched_for(ad):
        ad.relevance = Relevance.LIKELY.value
        ad.reason = "recorded by a person"
    ad.audit = ad.relevance == Relevance.SET_ASIDE and chosen_for_audit(ad.site, ad.ad_id)
    ad.rules = rules


def tag_again(ad: Advertisement, tagger: Tagger) -> None:
    """Replaces the tags of a stored `ad` by those of its text under the rules of `tagger`.

    The text in its pictures counts where it has no other.
    """
    given = {name: getattr(ad, name) for name in GIVEN_TAGS if name in ad.by_person}
    ad.species, ad.product_type, ad.age_claim = [], "", ""
    tagging = tagger.tag(
        ad.title, ad.description, ad.category, ad.found_by, ad.picture_text, ad.price
    )
    apply_tagging(ad, tagging, tagger.fingerprint)
    for name, value in given.items():
        setattr(ad, name, value)


def vouched_for(ad: Advertisement) -> bool:
    """Whether a person said that the advertisement is relevant, or judged it."""
    return "species" in ad.by_person or ad.verdict not in ("", Verdict.PENDING)


def chosen_for_audit(site: str, ad_id: str) -> bool:
    """Whether this advertisement is in the audited share; the same in every run."""
    digest = hashlib.sha256(f"{site}\0{ad_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % AUDIT_ONE_IN == 0
