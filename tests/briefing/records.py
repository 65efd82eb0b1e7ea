"""The ledger's advertisements, as a file in the records format."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from tests.briefing import plan
from tests.briefing.samples import Sample, price_samples
from wildcrawl.months import month_bounds

COLUMNS = (
    "site",
    "ad_id",
    "url",
    "title",
    "price",
    "seller",
    "found_at",
    "found_by",
    "species",
    "product_type",
    "age_claim",
    "verdict",
    "screened_by",
)
Row = dict[str, str]

_TITLES = {
    "ivory": (("象牙手串", "worked_uncarved"), ("象牙雕件", "worked_carved"), ("象牙原料", "raw")),
    "rhino_horn": (("犀牛角手串", "worked_uncarved"), ("犀牛角雕件", "worked_carved")),
    "sea_turtle": (("玳瑁手镯", "worked_uncarved"), ("玳瑁标本", "raw")),
    "helmeted_hornbill": (("鹤顶红手串", "worked_uncarved"), ("鹤顶红雕件", "worked_carved")),
    "tiger": (("虎骨手串", "worked_uncarved"), ("虎骨", "raw")),
    "saiga": (("羚羊角", "raw"), ("羚羊角片", "semi_worked")),
    "pangolin": (("穿山甲甲片", "raw"),),
    "leopard": (("豹骨", "raw"),),
    "whale": (("抹香鲸牙", "raw"),),
}
_KEYWORDS = {
    "ivory": "象牙",
    "rhino_horn": "犀牛角",
    "sea_turtle": "玳瑁",
    "helmeted_hornbill": "鹤顶红",
    "tiger": "虎骨",
    "saiga": "羚羊角",
    "pangolin": "穿山甲",
    "leopard": "豹骨",
    "whale": "抹香鲸牙",
}
_PRICES = ("私聊", "999999", "", "电话联系", "1", "￥1,280", "面议", "3800元", "", "2.6万")
"""Few give an amount; many write "on request" or a placeholder."""
OLD, NEW = 1081, 118
"""The age claims of the leading site's sample."""


def rows() -> Iterator[Row]:
    """Every advertisement, month by month."""
    counts = plan.by_site()
    samples = {key: deque(some) for key, some in price_samples().items()}
    claims = _age_claims(counts[plan.LEADING])
    number = 0
    for month in plan.MONTHS:
        cells = [
            (site, species)
            for site, of_site in counts.items()
            for species in _TITLES
            for _ in range(of_site.get((month, species), 0))
        ]
        moments = _moments(month, len(cells))
        for place, (site, species) in enumerate(_mixed(cells)):
            number += 1
            row = _row(number, site, species, next(moments))
            if site == plan.LEADING and month >= "2016":
                row["age_claim"] = claims.popleft()
                row["price"] = "" if row["age_claim"] else row["price"]
            elif month >= "2016" and place % 3 == 0 and samples.get(species):
                _take_sample(row, samples[species].popleft())
            yield row


def every(step: int) -> Iterator[Row]:
    """Each `step`th advertisement."""
    return islice(rows(), None, None, step)


def write(path: Path, some: Iterable[Row]) -> int:
    """Writes advertisements to the CSV file `path`; how many these are."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in some:
            writer.writerow(row)
            written += 1
    return written


def _row(number: int, site: str, species: str, moment: datetime) -> Row:
    kinds = _TITLES[species]
    title, product_type = kinds[number // 7 % len(kinds)]
    return {
        "site": site,
        "ad_id": f"{100_000 + number}",
        "url": f"https://{site.replace('_', '-')}.example/item/{100_000 + number}",
        "title": f"{title} {number % 900 + 100}",
        "price": _PRICES[number % len(_PRICES)],
        "seller": f"藏友{number % 4099}",
        "found_at": moment.isoformat(),
        "found_by": _KEYWORDS[species],
        "species": species,
        "product_type": product_type,
        "age_claim": "",
        "verdict": "valid",
        "screened_by": "a made-up analyst",
    }


def _take_sample(row: Row, sample: Sample) -> None:
    row["title"] = sample.title
    row["price"] = sample.price
    row["product_type"], row["age_claim"] = sample.product_type, sample.age_claim


def _mixed(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same cells, no site and species in one block."""
    step = 97 if len(cells) % 97 else 101
    return [cells[place * step % len(cells)] for place in range(len(cells))]


def _moments(month: str, number: int) -> Iterator[datetime]:
    """The first and the last second of the month in China, and moments between them."""
    start, end = month_bounds(month, month)
    seconds = int((end - start).total_seconds()) - 1
    for place in range(number):
        yield start + timedelta(seconds=seconds * place // max(1, number - 1))


def _age_claims(leading: plan.Cells) -> deque[str]:
    """The claims of the leading site's advertisements of 2016: a sample has one, most have none."""
    number = sum(count for (month, _), count in leading.items() if month >= "2016")
    with_claim = OLD + NEW
    found = [""] * number
    for place in range(with_claim):
        is_new = place * NEW // with_claim != (place + 1) * NEW // with_claim
        found[place * number // with_claim] = "new" if is_new else "old"
    return deque(found)
