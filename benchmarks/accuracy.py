"""Accuracy of the tagger and of the price parser on labelled advertisements.

Run: python -m benchmarks.accuracy [FILE…]; without files, the labelled ones under tests/data:

- labelled_dev: the examples of the rules of annotation
- labelled_tuning: what keywords.yaml was tuned on
- labelled_heldout: written with the tuning set, but kept out of the tuning
- labelled_blind1 to 8: written by two other hands; blind1 and blind6, the first of each, before
  keywords.yaml was ever read, the others in between the fixes, blind8 to break what the last
  of them had added, with the rare species and no semi-worked goods (so its product type cannot
  pass 0.750); each was read once before the rules changed for it. Their first readings, on 365,
  255, 182, 140, 91, 362, 219 and 124 advertisements, are the honest figures; what this prints
  now is after the fixes:

  | set    | F1    | precision | recall | species | product | age   | price |
  | ------ | ----- | --------- | ------ | ------- | ------- | ----- | ----- |
  | blind1 | 0.981 | 0.994     | 0.967  | 0.967   | 0.930   | 0.967 | 0.997 |
  | blind2 | 0.973 | 1.000     | 0.947  | 0.947   | 0.939   | 0.874 | 1.000 |
  | blind3 | 0.978 | 1.000     | 0.957  | 0.957   | 0.818   | 0.917 | 1.000 |
  | blind4 | 0.988 | 1.000     | 0.976  | 0.976   | 0.904   | 0.903 | 0.993 |
  | blind5 | 0.993 | 1.000     | 0.986  | 0.986   | 0.945   | 0.965 | 1.000 |
  | blind6 | 0.985 | 0.975     | 0.995  | 0.995   | 0.937   | 0.985 | 1.000 |
  | blind7 | 0.961 | 0.976     | 0.946  | 0.946   | 0.892   | 0.964 | 1.000 |
  | blind8 | 0.913 | 0.907     | 0.919  | 0.919   | 0.666   | 0.819 | 1.000 |
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from wildcrawl.analysis.prices import read_price
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Relevance

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
PRODUCTS = ("raw", "semi_worked", "worked_carved", "worked_uncarved")
AGES = ("old", "new", "")
Row = dict[str, Any]


@dataclass
class Accuracy:
    """The measures of one labelled file, each from 0 to 1; `mistakes` says each thing wrong.

    `price` is how many prices have both kind and amount right; 1 where the file has none.
    """

    rows: int
    precision: float
    recall: float
    f1: float
    species: float
    product: float
    age: float
    price: float
    group_recall: dict[str, float]
    mistakes: list[str] = field(default_factory=list)


def read_rows(file: Path) -> list[Row]:
    """The labelled advertisements of one file, one JSON object a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def measure(tagger: Tagger, rows: Sequence[Row]) -> Accuracy:
    """Tags every row and compares. What is missed counts as wrong in every measure."""
    outcomes: Counter[tuple[bool, bool]] = Counter()
    products: list[tuple[str, str]] = []
    ages: list[tuple[str, str]] = []
    asked: Counter[str] = Counter()
    given: Counter[str] = Counter()
    primary = 0
    mistakes: list[str] = []
    for row in rows:
        tagging = tagger.tag(row["title"], row["description"], row["category"])
        likely = tagging.relevance is Relevance.LIKELY
        outcomes[row["relevant"], likely] += 1
        if row["relevant"] != likely:
            mistakes.append(f"{_shown(row)}: {tagging.relevance} ({tagging.reason})")
        if not row["relevant"]:
            continue
        read = (tagging.species, tagging.product_type, tagging.age_claim)
        species, product, age = read if likely else ((), "", "missed")
        asked.update(row["species"])
        given.update(set(row["species"]) & set(species))
        primary += bool(species) and species[0] in row["species"]
        products.append((row["product"] or "", product))
        ages.append((row["age_claim"] or "", age))
        if likely and (products[-1][0] != product or ages[-1][0] != age):
            mistakes.append(f"{_shown(row)}: {product or '-'}, {age or '-'}")
    true = outcomes[True, True]
    return Accuracy(
        rows=len(rows),
        precision=true / max(1, true + outcomes[False, True]),
        recall=true / max(1, true + outcomes[True, False]),
        f1=2 * true / max(1, 2 * true + outcomes[False, True] + outcomes[True, False]),
        species=primary / max(1, len(products)),
        product=_macro_f1(products, PRODUCTS),
        age=_macro_f1(ages, AGES),
        price=_prices(rows, mistakes),
        group_recall={name: given[name] / count for name, count in asked.items()},
        mistakes=mistakes,
    )


def _macro_f1(pairs: Iterable[tuple[str, str]], classes: Sequence[str]) -> float:
    counted = Counter(pairs)
    scores = []
    for name in classes:
        right = counted[name, name]
        wanted = sum(number for (truth, _), number in counted.items() if truth == name)
        said = sum(number for (_, answer), number in counted.items() if answer == name)
        scores.append(2 * right / max(1, wanted + said))
    return sum(scores) / len(scores)


def _prices(rows: Sequence[Row], mistakes: list[str]) -> float:
    priced = [row for row in rows if "price_text" in row]
    right = 0
    for row in priced:
        price = read_price(row["price_text"])
        good = price.kind == row["price_kind"]
        wanted = row.get("amount") or row.get("price_cny")
        if good and wanted is not None:
            good = price.amount == Decimal(str(wanted))
        right += good
        if not good:
            mistakes.append(f"{row['id']} '{row['price_text']}': {price.kind} {price.amount}")
    return right / len(priced) if priced else 1.0


def _shown(row: Row) -> str:
    text = " | ".join((row["title"], row["description"], row["category"]))
    truth = ",".join(row["species"]) or "irrelevant"
    return f"{row['id']} {text} [{truth}, {row['product'] or '-'}, {row['age_claim'] or '-'}]"


def main() -> None:
    """Prints every measure of every file, and its mistakes."""
    tagger = Tagger(load_vocabulary())
    files = [Path(each) for each in sys.argv[1:]] or sorted(DATA.glob("labelled_*.jsonl"))
    for file in files:
        found = measure(tagger, read_rows(file))
        print(
            f"{file.name}: {found.rows} rows, F1 {found.f1:.3f}, precision {found.precision:.3f}, "
            f"recall {found.recall:.3f}, species {found.species:.3f}, "
            f"product {found.product:.3f}, age {found.age:.3f}, price {found.price:.3f}"
        )
        print("  recall", {name: round(each, 3) for name, each in found.group_recall.items()})
        for mistake in found.mistakes:
            print("  ", mistake)


if __name__ == "__main__":
    main()
