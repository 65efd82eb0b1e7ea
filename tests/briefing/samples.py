"""The briefing's price examples, among others of their kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What an advertisement says that names its price."""

    title: str
    product_type: str
    age_claim: str
    price: str


def price_samples() -> dict[str, list[Sample]]:
    """By species; each kind has the briefing's example in its middle or at its ends."""
    plate = "象牙牌 4×6×1厘米"
    new = [f"{price}元" for price in (180, 260, 340, 420, 500, 570, 640, 760, 980, 1500, 2600)]
    old = [f"¥{price}" for price in (1200, 1900, 2600, 3300, 4100, 4900, 5600, 6800, 9800, 26000)]
    ivory = [Sample(plate, "worked_uncarved", "new", price) for price in new]
    ivory += [Sample(f"清代{plate}", "worked_uncarved", "old", price) for price in (*old, "3万")]
    cups = ("3600元", "8800", "2.2万", "5万", "12万", "36万", "80万", "150万", "580万")
    rhino = [Sample("老犀牛角杯", "worked_carved", "old", price) for price in cups]
    rhino += [
        Sample("犀牛角料", "raw", "new", f"{gram}元/克") for gram in (520, 580, 600, 630, 700)
    ]
    return {"ivory": ivory, "rhino_horn": rhino}
