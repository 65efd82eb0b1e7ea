"""Certificates and TLS of sites: which are valid, and what a failed connection says of them.

Twisted takes a certificate with a name that it cannot read for one of any name: here, only the
others count. It also keeps to itself why OpenSSL refused one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from weakref import ref

from cryptography import x509
from OpenSSL.crypto import X509
from service_identity import CertificateError
from service_identity.hazmat import DNSPattern, IPAddressPattern
from twisted.internet import _sslverify
from twisted.python.failure import Failure

VERIFY_FAILED = "certificate verify failed"
"""What OpenSSL says of a certificate that is not valid."""
INVALID = "its certificate is not valid"
OTHER_NAME = "it is for another name"
EXPIRED = "it has expired or begins later"
UNKNOWN = "no authority that this machine trusts has signed it, or a certificate between is missing"
WEAK = "its key or signature is too weak"
_OF_OPENSSL = {
    2: UNKNOWN, 18: UNKNOWN, 19: UNKNOWN, 20: UNKNOWN, 21: UNKNOWN,
    9: EXPIRED, 10: EXPIRED, 66: WEAK, 67: WEAK, 68: WEAK,
}  # fmt: skip
"""Result of OpenSSL's verification (X509_V_ERR_…) to its words."""
_FAULTS = (
    (re.compile(r"(?:Verification|Certificate)Error|ERR_CERT_COMMON_NAME_INVALID"), OTHER_NAME),
    (re.compile(rf"{EXPIRED}|ERR_CERT_DATE_INVALID"), EXPIRED),
    (re.compile(rf"{UNKNOWN}|ERR_CERT_AUTHORITY_INVALID"), UNKNOWN),
    (re.compile(rf"{WEAK}|ERR_CERT_WEAK_"), WEAK),
    (re.compile(rf"{VERIFY_FAILED}|{INVALID}|ERR_CERT_"), ""),
)
"""Messages of failed connections, and what they say of a certificate; "" says no more."""
_TLS = (
    (
        re.compile(r"protocol version|unsupported protocol|handshake failure|CIPHER_MISMATCH"),
        "it has no TLS of version 1.2 or newer with a cipher that is safe",
    ),
    (
        re.compile(r"wrong version number|packet length too long|ERR_SSL_PROTOCOL_ERROR"),
        "it does not answer with TLS, as an https address should",
    ),
)
Verify = Callable[[Any, X509, int, int, bool], bool]


class InvalidCertificate(Exception):
    """A certificate that OpenSSL refused, with the reason."""


def connection_fault(error: str) -> str:
    """What is wrong with a site's TLS if a connection failed with the message `error`, else ""."""
    for message, words in _FAULTS:
        if message.search(error):
            return INVALID + (f": {words}" if words else "")
    return next((words for message, words in _TLS if message.search(error)), "")


def is_of_certificate(error: str) -> bool:
    """Whether a connection failed, with the message `error`, for the certificate of the site."""
    return any(message.search(error) for message, _ in _FAULTS)


def names_in(certificate: X509) -> list[DNSPattern | IPAddressPattern]:
    """The names of sites in a certificate that can be read."""
    extensions = certificate.to_cryptography().extensions
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    read: list[DNSPattern | IPAddressPattern] = [
        IPAddressPattern(address)
        for address in names.get_values_for_type(x509.IPAddress)
        if isinstance(address, IPv4Address | IPv6Address)
    ]
    for name in names.get_values_for_type(x509.DNSName):
        with suppress(CertificateError):
            read.append(DNSPattern.from_bytes(name.encode()))
    return read


def _with_reason(make: Callable[..., Verify]) -> Callable[..., Verify]:
    """Twisted's verification of certificates, which then also says why OpenSSL refuses one."""

    def verification(protocol: Any, *host: Any) -> Verify:
        checks, known = make(protocol, *host), ref(protocol)

        def verify(connection: Any, certificate: X509, error: int, depth: int, ok: bool) -> bool:
            waiting = known()
            if not ok and waiting is not None:
                words = _OF_OPENSSL.get(error, f"error {error} of OpenSSL")
                fault = InvalidCertificate(f"{VERIFY_FAILED}: {words}")
                waiting.failVerification(Failure(fault))  # type: ignore[no-untyped-call]
                return False
            return checks(connection, certificate, error, depth, ok)

        return verify

    return verification


def _is_plain(record: logging.LogRecord) -> bool:
    """Whether a record of Twisted is not the traceback of a certificate, which fails anyway."""
    return not record.getMessage().startswith("while verifying certificate")


logging.getLogger("twisted").addFilter(_is_plain)
vars(_sslverify).update(
    # The errors in a certificate's names for which Twisted refuses it.
    VerificationError=Exception,
    extract_patterns=names_in,
    _verifyCB=_with_reason(_sslverify._verifyCB),
)
