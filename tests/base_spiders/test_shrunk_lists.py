"""Shrunk lists: goods removed while a list is read hide others, which are read after all."""

from __future__ import annotations

from tests.helpers.searched import NONE, Market, Run, Shown

SIZE = 10


class Shop:
    """A site that removes its first goods after some requests for a keyword; maybe with totals."""

    def __init__(
        self, removed: dict[tuple[str, int], int], *, totals: bool, count: int = 47
    ) -> None:
        self.removed = removed
        self.totals = totals
        self.count = count
        self.goods = {
            keyword: [f"{keyword}挂件 {n}" for n in range(count)] for keyword in ("象牙", "虎骨")
        }
        self.asked: dict[str, int] = {}

    def __call__(self, keyword: str, number: int) -> Shown:
        goods = self.goods.get(keyword, [])
        part = goods[(number - 1) * SIZE : number * SIZE] if number else []
        total = f"<p>共 {len(goods)} 件</p>" if self.totals else ""
        self.asked[keyword] = self.asked.get(keyword, 0) + 1
        del goods[: self.removed.get((keyword, self.asked[keyword]), 0)]
        cards = "".join(
            f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
            for title in part
        )
        return 200, f"<ul>{cards}</ul>{total}" if cards else NONE

    @property
    def left(self) -> set[str]:
        return {title for goods in self.goods.values() for title in goods}


def test_what_moved_to_a_page_already_read_is_read_where_totals_show_it(run: Run) -> None:
    shop = Shop({("象牙", 2): 1, ("虎骨", 1): 2}, totals=True)
    done = run(Market, shop, "象牙,虎骨")
    assert shop.left <= done.ids
    assert done.judgement.health == "ok"
    assert done.judgement.reason == (
        "goods were removed while the lists were read, so that others moved to pages already "
        "read: 2 of these were requested again and had 3 more"
    )


def test_pages_beyond_the_number_of_checks_are_said(run: Run) -> None:
    shop = Shop({("象牙", number): 1 for number in range(1, 12)}, totals=True, count=130)
    done = run(Market, shop, "象牙,虎骨")
    missing = shop.left - done.ids
    assert missing
    assert "were not: not certain that nothing is missing" in done.judgement.reason


def test_lists_that_stay_as_they_are_cost_no_request(run: Run) -> None:
    done = run(Market, Shop({}, totals=True), "象牙,虎骨")
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert "shrunk" not in [request.cb_kwargs["search"].check for request in done.run.requests]


def test_a_total_of_the_page_alone_is_none_of_the_list(run: Run) -> None:
    shop = Shop({}, totals=False)

    def answer(keyword: str, number: int) -> Shown:
        status, body, *_ = shop(keyword, number)
        return status, f"{body}<p>共 {body.count('<li')} 件</p>"

    assert "goods were removed" not in run(Market, answer, "象牙,虎骨").judgement.reason
