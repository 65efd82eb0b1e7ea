"""Certificates: a site without a valid one is not read, unless its spider declares that."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from OpenSSL.crypto import X509
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity

from tests.helpers.certificates import OWN_ADDRESS, self_signed
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import odd_site, results
from wildcrawl.crawl.downloads import _names

UNREADABLE = [x509.DNSName("10.0.0.5"), x509.DNSName("*.localhost")]


def test_a_name_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    self_signed(tmp_path, [*UNREADABLE, OWN_ADDRESS, x509.DNSName("*.mall.example")])
    pem = (tmp_path / "site.pem").read_bytes()
    names = _names(X509.from_cryptography(x509.load_pem_x509_certificate(pem)))
    ids: list[ServiceID] = [IPAddress_ID("127.0.0.1"), DNS_ID("www.mall.example")]
    assert len(verify_service_identity(names, ids, [])) == 2
    others: list[ServiceID] = [
        IPAddress_ID("10.0.0.5"),
        DNS_ID("a.localhost"),
        DNS_ID("mall.example"),
    ]
    for other in others:
        with pytest.raises(VerificationError):
            verify_service_identity(names, [other], [])


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


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([*UNREADABLE, OWN_ADDRESS], marks=pytest.mark.slow),
        [x509.DNSName("*")],
        pytest.param([x509.DNSName("127.0.0.1")], marks=pytest.mark.slow),
        [],
    ],
    ids=str,
)
def test_a_certificate_of_an_authority_is_for_the_name_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[x509.GeneralName]
) -> None:
    """Names that nobody can read, or none at all, are not those of any site."""
    server = self_signed(tmp_path, names)
    # This machine trusts whoever signed it.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "site.pem"))
    with odd_site(results, tls=server) as site:
        run, _, _ = crawl(site, tmp_path, "-s", "RETRY_TIMES=0", keywords="keywords=象牙")
    if OWN_ADDRESS in names:
        assert run.health == "ok"
    else:
        assert (run.health, site.asked) == ("broken", [])
        assert "its certificate is not valid" in run.reason
