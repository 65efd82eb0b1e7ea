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
from wildcrawl.crawl.certificates import connection_fault, names_in

UNREADABLE = [x509.DNSName("10.0.0.5"), x509.DNSName("*.localhost")]


def test_a_name_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    self_signed(tmp_path, [*UNREADABLE, OWN_ADDRESS, x509.DNSName("*.mall.example")])
    pem = (tmp_path / "site.pem").read_bytes()
    names = names_in(X509.from_cryptography(x509.load_pem_x509_certificate(pem)))
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
        assert "its certificate is not valid: no authority that this machine trusts" in run.reason
        assert "its spider declares verify_certificates = False" in run.reason
        run, ads, _ = crawl(site, tmp_path, *retry, spider="unverified_site")
    assert (run.health, len(ads)) == ("ok", 6)
    assert "its certificate is not verified, as its spider declares" in run.reason


def test_a_certificate_that_has_expired_is_said_to_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = self_signed(tmp_path, days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "site.pem"))
    with odd_site(results, tls=server) as site:
        run, _, _ = crawl(site, tmp_path, "-s", "RETRY_TIMES=0", keywords="keywords=象牙")
    assert (run.health, site.asked) == ("broken", [])
    assert "its certificate is not valid: it has expired" in run.reason


def test_an_https_address_without_tls_is_said_to_be_one(tmp_path: Path) -> None:
    with odd_site(results) as site:
        site.scheme = "https"
        run, _, _ = crawl(site, tmp_path, "-s", "RETRY_TIMES=0", keywords="keywords=象牙")
    assert (run.health, site.asked) == ("broken", [])
    assert "it does not answer with TLS" in run.reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("[('SSL routines', '', 'tlsv1 alert protocol version')]", "TLS of version 1.2 or newer"),
        ("net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH at https://a.example/", "TLS of version 1.2"),
        ("net::ERR_CERT_DATE_INVALID at https://a.example/", "it has expired or begins later"),
        ("net::ERR_CERT_COMMON_NAME_INVALID at https://a.example/", "it is for another name"),
        ("net::ERR_CERT_REVOKED at https://a.example/", "its certificate is not valid"),
        ("net::ERR_CONNECTION_RESET at https://a.example/", ""),
    ],
)
def test_a_failed_connection_says_what_is_wrong(error: str, words: str) -> None:
    assert words in connection_fault(error)
    assert bool(words) == bool(connection_fault(error))


@pytest.mark.usefixtures("browser")
def test_a_browser_that_trusts_less_than_the_crawl_says_what_is_to_be_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one sentence, for as many pages as it takes to end the run, and without a traceback."""
    server = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "site.pem"))
    with odd_site(results, tls=server) as site:
        run, _, done = crawl(site, tmp_path, "-s", "RETRY_TIMES=0", spider="polite_browser")
    assert (run.health, site.paths("/search")) == ("broken", [])
    assert run.reason.count("its spider declares verify_certificates = False") == 1
    assert "Call log" not in done.err


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
        assert "its certificate is not valid: it is for another name" in run.reason
