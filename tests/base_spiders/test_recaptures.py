"""Recaptures: what a search leaves out shows by what other searches found of the same goods."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

from tests.helpers.searched import Market, Searched, Shown
from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.base_spiders.recaptures import Recaptures
from wildcrawl.base_spiders.searched import Ending

SIZE = 10
KEYWORDS = "象牙,象牙手镯,象牙印章,象牙摆件,虎骨,虎骨酒"
GOODS = [
    *(f"{kind}{n}号" for kind in ("象牙手镯", "象牙印章", "象牙摆件") for n in range(9)),
    *(f"虎骨酒{n}号" for n in range(8)),
]


def listing(titles: Iterable[str]) -> str:
    cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in titles)
    return f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'


def run(store: str, hidden: Collection[str], *, only_for: str, once: bool = False) -> Searched:
    """A run on a site that leaves goods out of the answers to one keyword, always or `once`."""
    asked: list[str] = []

    def answer(keyword: str, number: int) -> Shown:
        shown = [each for each in GOODS if keyword in each][max(number - 1, 0) * SIZE :][:SIZE]
        asked.append(f"{keyword} {number}")
        if keyword == only_for and number and not (once and asked.count(asked[-1]) > 1):
            shown = [each for each in shown if each not in hidden]
        return 200, listing(shown if number else [])

    return Searched(Market, answer, store, KEYWORDS)


def test_a_site_that_shows_all_it_has_is_ok_without_a_word(sqlite_url: str) -> None:
    done = run(sqlite_url, (), only_for="")
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert done.ids == set(GOODS)


def test_short_pages_that_lack_what_others_found_are_thin(sqlite_url: str) -> None:
    hidden = {"象牙手镯2号", "象牙手镯7号", "象牙印章3号", "象牙印章5号"}
    done = run(sqlite_url, hidden, only_for="象牙")
    assert done.judgement.health == "thin", done.judgement.reason
    assert "'象牙': 4 of 27 missing" in done.judgement.reason


def test_a_list_that_lacks_what_others_found_is_not_certain(sqlite_url: str) -> None:
    hidden = {f"虎骨酒{n}号" for n in (1, 5, 7)}
    done = run(sqlite_url, hidden, only_for="虎骨")
    assert done.judgement.health == "ok"
    assert "'虎骨': 3 of 8 missing): not certain" in done.judgement.reason


@pytest.mark.parametrize("hidden", [{"虎骨酒6号", "虎骨酒7号", "虎骨酒5号"}, set(GOODS)])
def test_what_others_found_is_asked_for_again_first(sqlite_url: str, hidden: set[str]) -> None:
    done = run(sqlite_url, hidden, only_for="虎骨", once=True)
    assert done.judgement.health == "thin", done.judgement.reason
    assert "'虎骨': " in done.judgement.reason
    assert done.ids == set(GOODS)


def recaptured(ad_ids: set[str], ending: Ending = Ending.LAST, total: int | None = None) -> str:
    """What is said of a search for "象牙" that showed `ad_ids`, of three titles with the word."""
    recaptures = Recaptures()
    titles = {"1": "象牙一号", "2": "老象牙 二号", "3": "象　牙三号", "4": "象牙一号", "5": "虎骨"}
    recaptures.add({"ad_id": ad_id, "title": title} for ad_id, title in titles.items())
    keyword = Keyword("象牙", "ivory", "", ambiguous=False, since="")
    recaptures.end(Search(keyword, "象牙", 1, ad_ids=ad_ids, total=total), ending)
    return recaptures.note()


@pytest.mark.parametrize(
    ("ad_ids", "ending", "total"),
    [
        ({"1", "2", "3"}, Ending.LAST, None),
        ({"4", "2", "3"}, Ending.LAST, None),
        ({"1"}, Ending.LIMIT, None),
        ({"1"}, Ending.FAILED, None),
        ({"1"}, Ending.LAST, 1),
        ({"1", "2"}, Ending.LAST, None),
    ],
    ids=["all", "under another id", "page limit", "unread page", "as stated", "one of them"],
)
def test_what_a_search_need_not_show_is_not_missed(
    ad_ids: set[str], ending: Ending, total: int | None
) -> None:
    assert recaptured(ad_ids, ending, total) == ""


def test_two_missing_titles_are_said() -> None:
    assert recaptured({"1"}).startswith("2 advertisements were found by other keywords only")


def test_a_search_for_words_with_a_sold_one_left_out_is_not_certain(sqlite_url: str) -> None:
    pools = {"象牙": [f"象牙摆件{n}" for n in range(23)], "虎骨": [f"虎骨{n}" for n in range(9)]}
    pools["象牙手镯"] = [f"象牙手镯{n}" for n in range(5)]

    def answer(keyword: str, number: int) -> Shown:
        shown = pools.get(keyword, [])[max(number - 1, 0) * SIZE :][:SIZE] if number else []
        return 200, listing(shown[: 9 if number == 1 else SIZE])

    judgement = Searched(Market, answer, sqlite_url, "象牙,象牙手镯,虎骨").judgement
    assert judgement.health == "ok", judgement.reason
    assert "'象牙': 5 of 27 missing): not certain" in judgement.reason
