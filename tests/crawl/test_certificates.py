"""Certificates: a site without a valid one is not read, unless its spider declares that."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.helpers.crawls import crawl
from tests.helpers.odd_site import odd_site, results


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for the site's address that no authority has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "site.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "site.pem")
    return context


def test_a_certificate_must_be_valid_unless_the_site_declares_otherwise(
    tls: ssl.SSLContext, tmp_path: Path
) -> None:
    retry = ("-s", "RETRY_TIMES=0")
    with odd_site(results, tls=tls) as site:
        run, ads, _ = crawl(site, tmp_path, *retry)
        assert (run.health, ads, site.asked) == ("broken", [], [])
        assert "its certificate is not valid" in run.reason
        run, ads, _ = crawl(site, tmp_path, *retry, spider="unverified_site")
    assert (run.health, len(ads)) == ("ok", 6)
    assert "its certificate is not verified, as its spider declares" in run.reason
