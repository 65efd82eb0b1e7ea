"""Ids of advertisements: as sites and people write them, damaged ones, and derived ones."""

from wildcrawl.analysis.ids.addresses import canonical_address, find_address, names_one_page
from wildcrawl.analysis.ids.damage import Damage, damage_of, restored_id
from wildcrawl.analysis.ids.derived import BY_TITLE, derive_ad_id, is_derived
from wildcrawl.analysis.ids.spelling import clean_id, names_nothing, number_in

__all__ = [
    "BY_TITLE",
    "Damage",
    "canonical_address",
    "clean_id",
    "damage_of",
    "derive_ad_id",
    "find_address",
    "is_derived",
    "names_nothing",
    "names_one_page",
    "number_in",
    "restored_id",
]
