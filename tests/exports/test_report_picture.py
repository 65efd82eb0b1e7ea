"""Picture of a report for README: the advertisements that it is made of."""

from __future__ import annotations

from scripts.report_picture import FIRST, MONTH, SITES, made_up
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.months import month_of, months_between


def test_the_picture_is_of_known_species_and_sites_in_every_month() -> None:
    advertisements = list(made_up())
    named = {name for ad in advertisements for name in ad.species}
    assert named <= load_vocabulary().groups.keys()
    assert {ad.site for ad in advertisements} == SITES.keys()
    assert {month_of(ad.found_at) for ad in advertisements if ad.found_at} == {
        *months_between(FIRST, MONTH)
    }
    assert not any(ad.verdict == "pending" for ad in advertisements)
