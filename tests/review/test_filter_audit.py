"""Miss rate of the filter: estimated from the audited sample only, with its uncertainty."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tests.helpers.verdicts import ad, fill
from wildcrawl.items import Advertisement
from wildcrawl.review.filter_audit import COLUMNS, MissRate, miss_rates, wilson
from wildcrawl.store import Store


def aside(number: int, *, audit: bool = False, verdict: str = "") -> Advertisement:
    """An advertisement that was set aside for its text."""
    made = replace(ad(number, "猛犸象牙手镯"), audit=audit, verdict=verdict)
    assert made.relevance == "set_aside"
    return made


def miss_rate(frame: pl.DataFrame) -> MissRate:
    return miss_rates(frame.with_columns(month=pl.lit(0)), "month").get(0, MissRate())


def test_only_the_judged_of_the_audited_sample_count(store: Store) -> None:
    sample = ["valid", "irrelevant", "fake", *["irrelevant"] * 17]
    ads = [aside(number, audit=True, verdict=verdict) for number, verdict in enumerate(sample)]
    ads += [aside(100 + number, audit=True) for number in range(5)]
    # Verdicts on others than the audited ones are not a sample.
    ads += [aside(200 + number, verdict="valid") for number in range(30)]
    ads += [aside(300 + number) for number in range(945)]
    ads += [ad(2000 + number, "老象牙手镯 一只", verdict="valid") for number in range(10)]
    fill(store, ads)
    found = miss_rate(store.frame(columns=COLUMNS))
    assert (found.set_aside, found.judged, found.valid) == (1000, 20, 1)
    assert found == sum(map(miss_rate, store.frames(columns=COLUMNS)), MissRate())
    assert found.rate == 0.05
    assert found.missed == 50
    assert str(found) == (
        "Of 1,000 advertisements set aside 20 were audited and 1 of these are valid: 5.0% "
        "(95% confidence: 0.9% to 23.6%). The filter has missed an estimated 50 (9 to 236)."
    )


def test_nothing_audited_is_not_nothing_missed(store: Store) -> None:
    found = miss_rate(store.frame(columns=COLUMNS))
    assert (found.rate, found.missed, found.interval) == (None, None, (0.0, 1.0))
    assert "miss rate of the filter is unknown" in str(found)


def test_no_valid_one_in_a_small_sample_is_no_proof() -> None:
    found = MissRate(set_aside=1000, judged=10, valid=0)
    assert (found.rate, found.missed) == (0.0, 0)
    least, most = found.missed_between
    assert (least, most) == (0, 278)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert list(wilson(successes, trials)) == pytest.approx([low, high], abs=6e-5)
    mirrored = wilson(trials - successes, trials)
    assert list(mirrored) == pytest.approx([1 - high, 1 - low], abs=6e-5)
