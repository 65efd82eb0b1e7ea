"""agreement.csv: how far two persons agree who judged the same advertisements independently."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from exports.rounding import percent
from exports.tables.table import COEFFICIENT, COUNT, PERCENT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData

_STEP = Decimal("0.01")


def agreement(data: ReportData) -> Table:
    """One row on the shared sample of the period; none if no advertisement was judged twice."""
    columns = {
        "sample": COUNT,
        "agreed": COUNT,
        "agreed_percent": PERCENT,
        "kappa": COEFFICIENT,
        "kappa_low": COEFFICIENT,
        "kappa_high": COEFFICIENT,
        "unsettled": COUNT,
    }
    given = data.context.agreement
    rows = []
    if given is not None and given.sample:
        share = percent(given.agreed, given.sample)
        limits = [_rounded(value) for value in (given.kappa, given.low, given.high)]
        rows.append((given.sample, given.agreed, share, *limits, data.context.unsettled))
    return make_table("agreement", columns, rows)


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(_STEP, ROUND_HALF_UP)
