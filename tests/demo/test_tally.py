"""Tally of the demo: what a person judged since counts as it did before."""

from __future__ import annotations

from wildcrawl.demo.tally import tally
from wildcrawl.demo.truth import Planted
from wildcrawl.items import Advertisement


def test_verdicts_change_neither_what_was_found_nor_what_was_kept() -> None:
    relevant = [Planted("mall", str(each), f"象牙手镯 {each}", relevant=True) for each in range(4)]
    decoys = [Planted("mall", f"d{each}", "象牙白手镯") for each in range(2)]
    stored = [
        Advertisement("mall", "0", relevance="likely"),
        Advertisement("mall", "1", relevance="likely", verdict="irrelevant"),
        Advertisement("mall", "2", relevance="set_aside", verdict="valid"),
        Advertisement("mall", "3", relevance="set_aside", verdict="irrelevant"),
        Advertisement("mall", "d0", relevance="likely", verdict="fake"),
        Advertisement("mall", "d1", relevance="set_aside"),
    ]
    counted = tally([*relevant, *decoys], stored, ["象牙"])
    assert (counted.found, [each.ad_id for each in counted.missed]) == (3, ["3"])
    assert (counted.decoys_kept, counted.decoys_set_aside) == (1, 1)
