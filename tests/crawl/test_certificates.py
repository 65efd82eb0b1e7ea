"""Certificates: a site without a valid one is not read, unless its spider declares that."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.certificates import self_signed
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import odd_site, results


def test_a_certificate_must_be_valid_unless_the_site_declares_otherwise(
    tmp_path: Path,
) -> None:
    retry = ("-s", "RETRY_TIMES=0")
    with odd_site(results, tls=self_signed(tmp_path)) as site:
        run, ads, _ = crawl(site, tmp_path, *retry)
        assert (run.health, ads, site.asked) == ("broken", [], [])
        assert "its certificate is not valid" in run.reason
        run, ads, _ = crawl(site, tmp_path, *retry, spider="unverified_site")
    assert (run.health, len(ads)) == ("ok", 6)
    assert "its certificate is not verified, as its spider declares" in run.reason
