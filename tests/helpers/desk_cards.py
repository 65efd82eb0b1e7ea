"""Cards for tests of the desk: advertisements, their store, and verdicts by a form."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

FOUND = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)

HOSTILE = '"><script>alert(1)</script><img src=http://seller.example/x>'


def ad(ad_id: str, title: str = "老象牙手镯", **given: object) -> Advertisement:
    fields: dict[str, object] = {
        "relevance": "likely",
        "species": ["ivory"],
        "terms": ["象牙"],
        "found_at": FOUND + timedelta(minutes=len(ad_id)),
        "reason": "象牙",
    }
    return Advertisement(site="fair", ad_id=ad_id, title=title, **(fields | given))  # type: ignore[arg-type]


def keep(folder: Path, *ads: Advertisement) -> None:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        store.record(list(ads), "run")


def kept(folder: Path, ad_id: str) -> Advertisement:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        found = store.get("fair", ad_id)
    assert found is not None
    return found


def judge(
    client: FlaskClient, ad_id: str, verdict: str, **given: str | list[str]
) -> tuple[int, str]:
    """Submits a verdict; returns status and text of the resulting page."""
    form = {"site": "fair", "ad_id": ad_id, "was": "pending", "by": "Li", "verdict": verdict}
    answer = client.post("/screen/verdict", data=form | given, follow_redirects=True)
    return answer.status_code, answer.text
