"""Time-stamp authority (RFC 3161) on loopback, with certificates made for the test."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """
[tsa]
default_tsa = test
[test]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """An authority; `chain` adds its root to each reply, `digests` are those it accepts."""

    folder: Path
    url: str = ""
    chain: bool = False
    digests: str = "sha256"
    root: bytes = b""
    replies: list[bytes] = field(default_factory=list)

    def stamp(self, request: bytes) -> bytes:
        """The reply to a time-stamp request."""
        folder = self.folder
        (folder / "config").write_text(_CONFIG.format(folder=folder, digests=self.digests))
        (folder / "request").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "config", "-queryfile", "request"]
        command += ["-signer", "signer.pem", "-inkey", "signer.key", "-out", "reply"]
        command += ["-chain", "root.pem"] if self.chain else []
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        self.replies.append((folder / "reply").read_bytes())
        return self.replies[-1]


@contextmanager
def running_authority(folder: Path) -> Iterator[Authority]:
    """An authority that answers at `url`; the test is skipped where openssl is not installed."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, with which the tests make time-stamps, is not installed")
    authority = Authority(folder, root=_certificates(folder))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            reply = authority.stamp(request)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsa"
    yield authority
    server.shutdown()
    server.server_close()
    thread.join()


def _certificates(folder: Path) -> bytes:
    """Writes the certificates of a root and of a signer, and the signer's key; returns the root."""
    root_key, signer_key = ec.generate_private_key(ec.SECP256R1()), _key(folder / "signer.key")
    root_name = _name("Test root")
    root = (
        _builder(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    signer = (
        _builder(_name("Test authority"), root_name, signer_key)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    (folder / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    return root.public_bytes(Encoding.PEM)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - day).not_valid_after(now + day)
