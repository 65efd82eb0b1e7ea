"""Exchange rates: the rate of a day, and faults of a file by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.rates import Rate, RateError, Rates, load_rates, parse_day, parse_rate

TODAY = date(2026, 3, 1)
DEFAULT = Rate(Decimal("6.89"), date(2017, 4, 14))


def loaded(folder: Path, text: str) -> Rates:
    file = folder / "rates.yaml"
    file.write_text(text, encoding="utf-8")
    return load_rates(file, DEFAULT, TODAY)


def test_a_day_has_the_latest_rate_up_to_it(tmp_path: Path) -> None:
    rates = loaded(tmp_path, "rates:\n  2026-01-05: 7.02\n  2024-01-02: '7.1'\n")
    assert rates.on(date(2024, 1, 1)) == DEFAULT
    assert rates.on(date(2024, 1, 2)) == Rate(Decimal("7.1"), date(2024, 1, 2))
    assert rates.on(date(2026, 1, 4)).cny_per_usd == Decimal("7.1")
    assert rates.on(date(2030, 1, 1)).cny_per_usd == Decimal("7.02")


def test_one_rate_is_the_rate_of_all_days() -> None:
    assert Rates(DEFAULT).on(date(2012, 1, 1)) == Rates(DEFAULT).on(TODAY) == DEFAULT


def test_the_example_file_is_valid() -> None:
    rates = load_rates(ROOT / "examples" / "rates.yaml", DEFAULT, TODAY)
    assert rates.on(date(2016, 6, 1)).cny_per_usd == Decimal("6.4565")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rates:\n  2026-01-05: 7.02\n  2026-01-06: 70.2\n", "line 3: '70.2' is not an exchange"),
        ("rates:\n  2026-01-05: 0.14\n", "line 2: '0.14' is not an exchange rate"),
        ("rates:\n  2026-03-02: 7.02\n", "line 2: 2026-03-02 is a day to come"),
        ("rates:\n  5 January: 7.02\n", "line 2: '5 January' is not a day; write it as YYYY-MM-DD"),
        ("rates:\n  20260105: 7.02\n", "line 2: '20260105' is not a day"),
        ("rates:\n  2026-02-30: 7.02\n", "line 2: '2026-02-30' is not a day"),
        ("rates:\n  2026-01-05: seven\n", "line 2: 'seven' is not an exchange rate"),
        ("rates:\n  2026-01-05:\n", "line 2: '' is not an exchange rate"),
        ("rates:\n  2026-01-05: [7, 8]\n", "line 2: '2026-01-05' has no single rate"),
        ("rates:\n  2026-01-05: 7.02\n  2026-01-05: 7.03\n", "line 3: "),
        ("rates:\n  2026-01-05: 7.02001\n", "line 2: '7.02001' has more than 4 decimals"),
        ("rates:\n  - 7.02\n", "line 1: the file has no list of rates"),
        ("rates: {}\n", "line 1: the file has no list of rates"),
        ("rate:\n  2026-01-05: 7.02\n", 'write it as "2026-01-05: 7.02" below "rates:"'),
        ("rates:\n  2026-01-05: 7.02\nother: 1\n", "line 1: the file has no list of rates alone"),
        ("rates：\n  2026-01-05: 7.02\n", "line 1: has a full-width colon '：'"),
        ("rates:\n  2026-01-05：7.02\n", "line 2: has a full-width colon '：'; write a plain"),
        ("rates:\n\t2026-01-05: 7.02\n", "line 2: is indented with a tab; use spaces"),
        ("", "line 1: the file has no list of rates"),
        ("rates:\n  2026-01-05: 'x\n", "is not YAML"),
    ],
)
def test_a_fault_is_named_by_file_line_and_fix(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RateError) as caught:
        loaded(tmp_path, text)
    assert says in str(caught.value)
    assert "rates.yaml" in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RateError, match=r"absent\.yaml cannot be read"):
        load_rates(tmp_path / "absent.yaml", DEFAULT, TODAY)


@pytest.mark.parametrize(
    "text", ["", "abc", "0", "-6.89", "NaN", "Infinity", "6,89", "0.999", "20.01", "689", "1_2"]
)
def test_a_rate_outside_1_to_20_is_reported_with_its_fix(text: str) -> None:
    with pytest.raises(RateError, match=r"a number from 1 to 20 such as 6\.89"):
        parse_rate(text)


def test_today_is_not_a_day_to_come() -> None:
    assert parse_day("2026-03-01", TODAY) == TODAY


def test_a_file_in_another_charset_is_reported_with_its_fix(tmp_path: Path) -> None:
    path = tmp_path / "rates.yaml"
    path.write_bytes("# 汇率\nrates:\n  2026-01-05: 7.02\n".encode("gb18030"))
    with pytest.raises(RateError, match=r"rates\.yaml is not UTF-8; save it as UTF-8"):
        load_rates(path, Rate(Decimal("6.89"), TODAY), TODAY)
