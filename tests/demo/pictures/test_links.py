"""Links among planted pictures: each change of a photograph is found, and no shared ground is."""

from __future__ import annotations

from itertools import combinations

import pytest

from benchmarks.demo_links import Shown, matches, shown
from wildcrawl.demo.pictures.photograph import photograph
from wildcrawl.demo.truth import advertisement, load_truth, photograph_of
from wildcrawl.pictures.features import ENOUGH, agreement
from wildcrawl.pictures.likeness import likeness_of


def planted_pairs() -> dict[str, list[tuple[str, str, int]]]:
    """The first copy of a photograph by each change, and its original: site, id, number."""
    pairs: dict[str, list[tuple[str, str, int]]] = {}
    for ad in load_truth():
        for photo in ad.photos:
            if any(photo.of) and photo.change and ad.relevant:
                pairs.setdefault(
                    photo.change, [(*ad.key, photo.number), (*photo.of, photo.of_number)]
                )
    return pairs


def test_every_change_is_linked_to_its_original_and_to_no_other() -> None:
    pairs = planted_pairs()
    assert len(pairs) == 6
    pictures: dict[str, Shown] = {}
    for site, ad_id, number in {each for pair in pairs.values() for each in pair}:
        one = shown((advertisement(site, ad_id), number))
        assert one is not None
        pictures[one.seen.sha] = one
    linked = {frozenset((match.sha, match.other)) for match in matches(pictures)}
    same = {
        frozenset(pair)
        for pair in combinations(pictures, 2)
        if pictures[pair[0]].photograph == pictures[pair[1]].photograph
    }
    assert len(same) == 7
    assert linked == same


def test_objects_on_one_carpet_are_not_alike() -> None:
    carpet = [
        likeness_of(photograph(name, 1, "ivory", "象牙筷子")).features for name in ("9", "19", "69")
    ]
    pairs = [
        agreement(first, second)
        for first, second in combinations(carpet, 2)
        if first is not None and second is not None
    ]
    assert all(one.points >= ENOUGH for one in pairs)
    assert not any(one.may_be for one in pairs)


@pytest.mark.parametrize("change", ["crop", "mirror", "screenshot"])
def test_a_copy_has_the_name_of_its_photograph(change: str) -> None:
    (site, ad_id, number), (other, other_id, other_number) = planted_pairs()[change]
    copied = photograph_of(advertisement(site, ad_id), number)
    assert copied == photograph_of(advertisement(other, other_id), other_number)
    assert copied != photograph_of(advertisement(other, other_id), other_number + 7)
