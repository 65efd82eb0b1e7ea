"""Server of the desk: Hypercorn, with TLS, without request logs, stopped by Ctrl+C.

It reads requests in one event loop and hands only whole ones to threads, so that connections that
send nothing, or half a request, hold no thread and are closed after PATIENCE.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Any

from hypercorn.app_wrappers import WSGIWrapper
from hypercorn.asyncio.run import worker_serve
from hypercorn.config import Config, Sockets
from werkzeug.wsgi import ClosingIterator

from wildcrawl.desk.accounts.access import AccessError
from wildcrawl.desk.guard import LARGEST, takes_pictures
from wildcrawl.local_server import PortError

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from hypercorn.typing import HTTPScope

PATIENCE = 15
"""Seconds that a connection may take for a request's headers, or between parts of its body.

The whole body may take four times as long.
"""
SMALL = 64 * 1024
LARGE_BODIES = 16
"""Bodies of more than SMALL bytes that are read at once, each into memory."""
UPLOADS = 2
"""Bodies of more than LARGEST bytes, which hold pictures, that are read at once."""
THREADS = 16


class DeskServer:
    """A server of the desk that already listens, so that its port is known; PortError if it fails.

    `serve` runs an application until Ctrl+C, SIGTERM or, from another thread, `stop`.
    """

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family, backlog=128)
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise PortError(f"port {port}: {reason}; choose another one") from problem
        self.port: int = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()
        self._stopped = False

    def serve(self, app: Flask, certificate: Path | None = None, key: Path | None = None) -> None:
        """Answers requests until it is stopped; with a certificate by TLS alone."""
        asyncio.run(self._serve(app, certificate, key))

    def stop(self) -> None:
        """Ends `serve`, from any thread."""
        self._stopped = True
        if self._loop:
            self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self, app: Flask, certificate: Path | None, key: Path | None) -> None:
        self._loop = loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "desk"))
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(name, self._ended.set)
        config = Config()
        config.loglevel = "WARNING"
        config.include_server_header = False
        config.keep_alive_timeout = config.ssl_handshake_timeout = PATIENCE
        config.read_timeout = PATIENCE
        config.alpn_protocols = ["http/1.1"]
        secure = certificate is not None and key is not None
        if secure:
            config.certfile, config.keyfile = str(certificate), str(key)
        sockets = Sockets(
            secure_sockets=[self._socket] if secure else [],
            insecure_sockets=[] if secure else [self._socket],
            quic_sockets=[],
        )
        if self._stopped:
            self._ended.set()
        wrapped = _Bounded(app)
        await worker_serve(wrapped, config, sockets=sockets, shutdown_trigger=self._ended.wait)


class _Bounded(WSGIWrapper):
    """Reads bodies within limits of size, time and number, before a thread is used."""

    def __init__(self, app: Flask) -> None:
        super().__init__(_WithBody(app), int(app.config["MAX_CONTENT_LENGTH"]))
        self._large = asyncio.Semaphore(LARGE_BODIES)
        self._uploads = asyncio.Semaphore(UPLOADS)

    async def handle_http(
        self, scope: HTTPScope, receive: Any, send: Any, sync_spawn: Any, call_soon: Any
    ) -> None:
        length = _length(scope)
        # A body without a length is not an upload of the desk's own pages.
        upload = length > LARGEST and takes_pictures(scope["path"])
        most = self.max_body_size if upload else min(LARGEST, self.max_body_size)
        if length > most:
            text = f"The request has {length} bytes; the most is {most}.\n".encode()
            headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(text))]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": text, "more_body": False})
            return
        try:
            async with self._slot(length):
                body = await asyncio.wait_for(_whole_body(receive, most), PATIENCE * 4)
        except (ConnectionError, TimeoutError):
            # What came of it may be a valid form, but not the one that a person sent.
            return

        async def whole() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await super().handle_http(scope, whole, send, sync_spawn, call_soon)

    def _slot(self, length: int) -> AbstractAsyncContextManager[object]:
        if length > LARGEST:
            return self._uploads
        return self._large if length > SMALL else nullcontext()


async def _whole_body(receive: Any, most: int) -> bytes:
    """A request's body, at most one byte more than `most`; ConnectionError if it is cut short."""
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)


def _length(scope: HTTPScope) -> int:
    """The length that a request gives; a request without one may be long."""
    headers = dict(scope["headers"])
    given = headers.get(b"content-length", b"")
    if given.isdigit():
        return int(given)
    return SMALL + 1 if b"transfer-encoding" in headers else 0


class _WithBody:
    """Gives each answer at least one part, with which Hypercorn sends the headers."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._app(environ, start_response)
        return ClosingIterator(chain(answer, [b""]), getattr(answer, "close", None))


def check_certificate(certificate: Path, key: Path) -> None:
    """Raises AccessError if the files are not a certificate and its key."""
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise AccessError(
            f"--tls-cert {certificate} and --tls-key {key} are not a certificate and its key in "
            f"PEM form: {error.strerror or error}"
        ) from error
