"""Seals: RFC 3161 time-stamps over the custody log, which prove what existed at a moment.

A seal covers the head of the log and the captures of a run. The authority's reply is kept as it
came, so that `openssl ts -verify -data STATEMENT -in REPLY -CAfile ROOT` checks it too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wildcrawl.evidence.canonical import canonical, digest
from wildcrawl.evidence.custody import Action
from wildcrawl.evidence.der import ordered
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.utils import public_address

if TYPE_CHECKING:
    from wildcrawl.evidence.captures import Capture
    from wildcrawl.evidence.custody import Custody, LogEntry
    from wildcrawl.store.base import DocumentStore

KIND = "seal"
EXTRA = "install it with: pip install 'wildcrawl[timestamp]'"

_TIMEOUT = 30.0
_LONGEST = 1024 * 1024
"""Bytes of a reply that are read; one with its certificates has some thousand."""

_GRANTED = (0, 1)
"""Status of a reply: granted, and granted with changes."""

Post = Callable[[str, bytes], bytes]
"""Posts a time-stamp request to the URL of an authority; returns its reply."""


@dataclass(frozen=True)
class Seal:
    """A time-stamp: `statement` is what was stamped (canonical JSON), `reply` the raw reply.

    `number` and `hash` are the head of the custody log that it covers, `at` (ISO 8601, UTC) the
    moment at which this program received it; the authority's own is in the reply.
    """

    number: int
    hash: str
    run: str
    at: str
    authority: str
    statement: str
    reply: bytes

    @property
    def reply_digest(self) -> str:
        """SHA-256 of the reply, by which the custody log knows the seal."""
        return hashlib.sha256(self.reply).hexdigest()

    @property
    def key(self) -> str:
        """Key of the seal's document."""
        return f"{self.number:012}\n{self.reply_digest}"


@dataclass(frozen=True)
class SealCheck:
    """What was found out about a seal.

    `problems` are empty if nothing speaks against it. `stamped_at` is the authority's moment, None
    if the reply cannot be read. `trusted` says whether its signature was confirmed by one of the
    root certificates that were given.
    """

    seal: Seal
    problems: Sequence[str]
    stamped_at: datetime | None
    trusted: bool


class Seals:
    """The seals kept in `store`, over the log `custody`."""

    def __init__(self, store: DocumentStore, custody: Custody) -> None:
        self._store = store
        self._custody = custody

    def add(
        self,
        authority: str,
        run: str,
        captures: Iterable[Capture],
        who: str,
        post: Post | None = None,
        at: datetime | None = None,
    ) -> Seal:
        """Has the log's head and the captures of a run stamped by the authority at a URL.

        EvidenceError, and nothing is stored, if it cannot be reached or its reply does not hold.
        """
        head = self._custody.head()
        statement = canonical(
            {
                "custody": {"number": head.number, "hash": head.hash},
                "run": run,
                "captures": digest(sorted(capture.digest for capture in captures)),
            }
        )
        request = _request(statement.encode())
        reply = (post or post_http)(authority, request.as_bytes())
        when = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
        seal = Seal(head.number, head.hash, run, when, public_address(authority), statement, reply)
        _check_reply(seal, request.nonce)
        self._store.put_documents(KIND, {seal.key: _to_document(seal)})
        entry = {
            "reply": seal.reply_digest,
            "statement": hashlib.sha256(statement.encode()).hexdigest(),
        }
        self._custody.append(Action.SEALED, who, [canonical(entry)], at)
        return seal

    def all(self) -> list[Seal]:
        """The seals, by the number of the link that they cover."""
        return [_from_document(document) for document in self._store.documents(KIND).values()]

    def check(self, links: Iterable[LogEntry], roots: Sequence[bytes] = ()) -> Iterator[SealCheck]:
        """Checks each seal, and that the log still has the link that it covers.

        `roots` are root certificates (PEM) of authorities that are trusted.
        """
        hashes = {link.number: link.hash for link in links}
        for seal in self.all():
            found = check_seal(seal, roots)
            problems = [*found.problems]
            if seal.number and hashes.get(seal.number) != seal.hash:
                problems.append(f"covers another link {seal.number} than the custody log has")
            yield SealCheck(seal, problems, found.stamped_at, found.trusted)


def check_seal(seal: Seal, roots: Sequence[bytes] = ()) -> SealCheck:
    """Checks that the reply stamps the statement, and its signature against `roots` (PEM).

    Without `roots` the signature is not checked: nothing tells who the authority is.
    """
    client = _client()
    try:
        response = client.decode_timestamp_response(ordered(seal.reply))
        if response.status not in _GRANTED:
            words = "; ".join(response.status_string or ()) or f"status {response.status}"
            return SealCheck(seal, [f"was refused: {words}"], None, trusted=False)
        stamped_at, same = response.tst_info.gen_time, _is_of(response, seal.statement.encode())
    except ValueError as error:
        return SealCheck(seal, [f"cannot be read: {error}"], None, trusted=False)
    problems = [] if same else ["is of another statement"]
    if same and roots:
        problems += _signature_problems(client, response, seal, roots)
    return SealCheck(seal, problems, stamped_at, trusted=bool(roots) and not problems)


def check_authority(url: str) -> None:
    """Raises EvidenceError if no time-stamp can be requested of `url`; it is not contacted."""
    _client()
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise EvidenceError(
            f"WILDCRAWL_TIMESTAMP_URL: '{public_address(url)}' is not a valid address; "
            "write one that begins with http:// or https://"
        )


def post_http(url: str, request: bytes) -> bytes:
    """Posts a time-stamp request; EvidenceError, naming the authority, if no reply comes."""
    check_authority(url)
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        asked = urllib.request.Request(url, request, headers)  # noqa: S310 (checked above)
        with urllib.request.urlopen(asked, timeout=_TIMEOUT) as response:  # noqa: S310
            reply: bytes = response.read(_LONGEST + 1)
    except (OSError, ValueError) as error:
        raise EvidenceError(
            f"the time-stamp authority {public_address(url)} does not answer: {error}; "
            "check WILDCRAWL_TIMESTAMP_URL"
        ) from error
    if len(reply) > _LONGEST:
        raise EvidenceError(f"the reply of {public_address(url)} is longer than {_LONGEST} bytes")
    return reply


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise EvidenceError(f"a time-stamp needs rfc3161-client; {EXTRA}") from None
    return rfc3161_client


def _check_reply(seal: Seal, nonce: int | None) -> None:
    problems = list(check_seal(seal).problems)
    if not problems:
        response = _client().decode_timestamp_response(ordered(seal.reply))
        if response.tst_info.nonce != nonce:
            problems.append("answers another request")
    if problems:
        raise EvidenceError(
            f"the time-stamp of {seal.authority} {'; '.join(problems)};"
            " check WILDCRAWL_TIMESTAMP_URL"
        )


def _request(statement: bytes) -> Any:
    """A time-stamp request for the SHA-256 of `statement`."""
    client = _client()
    builder = client.TimestampRequestBuilder().data(statement)
    builder = builder.hash_algorithm(client.HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).build()


def _is_of(response: Any, statement: bytes) -> bool:
    imprint: bytes = response.tst_info.message_imprint.message
    hashes = (hashlib.sha256, hashlib.sha384, hashlib.sha512)
    return any(imprint == function(statement).digest() for function in hashes)


def _signature_problems(
    client: Any, response: Any, seal: Seal, roots: Sequence[bytes]
) -> Iterator[str]:
    from cryptography import x509

    try:
        certificates = [each for root in roots for each in x509.load_pem_x509_certificates(root)]
    except ValueError as error:
        raise EvidenceError(
            f"a root certificate cannot be read ({error}); give a file in PEM format"
        ) from error
    verifier = client.VerifierBuilder(roots=certificates).build()
    try:
        verifier.verify_message(response, seal.statement.encode())
    except (client.VerificationError, ValueError) as error:
        reason = str(error).partition(": ErrorStack")[0]
        yield f"has a signature that the given root certificates do not confirm: {reason}"


def _to_document(seal: Seal) -> dict[str, Any]:
    return {**vars(seal), "reply": base64.b64encode(seal.reply).decode()}


def _from_document(document: dict[str, Any]) -> Seal:
    try:
        reply = base64.b64decode(document["reply"], validate=True)
    except (binascii.Error, ValueError):
        reply = b""  # does not hold, as the check says
    values = {name: document[name] for name in Seal.__dataclass_fields__}
    return Seal(**{**values, "reply": reply})
