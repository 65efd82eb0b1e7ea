"""Server of the desk: Hypercorn, with TLS, without request logs, stopped by Ctrl+C.

It reads requests and sends answers in one event loop and gives threads only whole requests, so that
connections that send nothing or half a request, or do not read their answer, hold no thread and are
closed after TIMEOUT.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from hypercorn.app_wrappers import WSGIWrapper
from hypercorn.asyncio.run import worker_serve
from hypercorn.config import Config, Sockets
from werkzeug.wsgi import ClosingIterator

from wildcrawl.desk.accounts.access import AccessError
from wildcrawl.desk.guard import LARGEST, MOST_BYTES, SMALL, takes_pictures
from wildcrawl.local_server import PortError

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from hypercorn.typing import HTTPScope

TIMEOUT = 15
"""Seconds that a connection may take for a request's headers, between parts of its body, and to
read a part of its answer. The whole body may take four times as long.
"""
LARGE_BODIES = 16
"""Bodies of more than SMALL bytes that are read at once, each into memory."""
UPLOADS = 2
"""Bodies of more than LARGEST bytes, which hold pictures, that are read at once."""
GRACE = 3
"""Seconds that a stopped server gives the answers on their way."""
THREADS = 16
UNREAD = 4 * 1024 * 1024
"""Bytes of an answer that may wait for its reader before a thread waits too."""


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
        # Where the system can, it ends a connection whose other side takes nothing any more.
        with suppress(AttributeError, OSError):
            patience = TIMEOUT * 2000
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)
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
        loop.set_exception_handler(_report)
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(name, self._ended.set)
        config = Config()
        config.loglevel = "WARNING"
        config.include_server_header = False
        config.keep_alive_timeout = config.ssl_handshake_timeout = TIMEOUT
        config.read_timeout = TIMEOUT
        config.graceful_timeout = GRACE
        config.alpn_protocols = ["http/1.1"]
        config.h2_max_concurrent_streams = 1
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


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Reports an error of the event loop, but no connection that either side ended."""
    if not isinstance(context.get("exception"), OSError | asyncio.CancelledError):
        loop.default_exception_handler(context)


class _Bounded(WSGIWrapper):
    """Reads bodies within limits of size, time and number, before a thread is used."""

    def __init__(self, app: Flask) -> None:
        super().__init__(_WithBody(app), int(app.config["MAX_CONTENT_LENGTH"]))
        self._most: Callable[[str, str], int] | None = app.extensions.get(MOST_BYTES)
        self._large = asyncio.Semaphore(LARGE_BODIES)
        self._uploads = asyncio.Semaphore(UPLOADS)
        self._waiting = threading.BoundedSemaphore(THREADS // 2)

    async def handle_http(
        self,
        scope: HTTPScope,
        receive: Any,
        send: Any,
        sync_spawn: Any,
        call_soon: Any,  # noqa: ARG002
    ) -> None:
        # WSGI has one name for "X-Forwarded-For" and "X_Forwarded_For", which proxies let through.
        scope["headers"] = [each for each in scope["headers"] if b"_" not in each[0]]
        body = await self._body(scope, receive, send)
        if body is None:
            return

        async def whole() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        answer = _Answer(self._waiting)

        async def put(message: Any) -> None:
            answer.put(message)

        async def run() -> None:
            try:
                await super(_Bounded, self).handle_http(scope, whole, put, sync_spawn, answer.keep)
            finally:
                answer.put(None)

        running = asyncio.create_task(run())
        try:
            while (message := await answer.next()) is not None:
                for part in _blocks(message):
                    await asyncio.wait_for(send(part), TIMEOUT)
        except TimeoutError:
            # The thread ends at the next part of the answer.
            return
        finally:
            answer.close()
            # An error of the application ends the request, as without a queue.
            with suppress(_UnreadError):
                await running

    async def _body(self, scope: HTTPScope, receive: Any, send: Any) -> bytes | None:
        """The body of a request; None if it is too large, which is answered, or incomplete."""
        length, most = _length(scope), self._most_bytes(scope)
        if length > most:
            await _refuse(send, length, most)
            return None
        try:
            async with self._slot(length):
                body = await asyncio.wait_for(_whole_body(receive, most), TIMEOUT * 4)
        except (ConnectionError, TimeoutError):
            # What came of it may be a valid form, but not the one that a person sent.
            return None
        if len(body) > most:
            await _refuse(send, len(body), most)
            return None
        return body

    def _most_bytes(self, scope: HTTPScope) -> int:
        """Most bytes of a request: few for one without a session, many for one with pictures."""
        length, most = _length(scope), self.max_body_size
        # A body without a length is not an upload of the desk's own pages.
        if not (length > LARGEST and takes_pictures(scope["path"])):
            most = min(LARGEST, most)
        if self._most is None or length <= SMALL:
            return most
        headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
        return min(most, self._most(scope["path"], "; ".join(headers)))

    def _slot(self, length: int) -> AbstractAsyncContextManager[object]:
        if length > LARGEST:
            return self._uploads
        return self._large if length > SMALL else nullcontext()


def _blocks(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The message in parts of at most SMALL bytes, each of which a slow line takes in time."""
    body = message.get("body", b"")
    for start in range(0, len(body) - SMALL, SMALL):
        yield {**message, "body": body[start : start + SMALL], "more_body": True}
    if len(body) > SMALL:
        message = {**message, "body": body[-(len(body) % SMALL or SMALL) :]}
    yield message


async def _refuse(send: Any, length: int, most: int) -> None:
    text = f"The request has {length} bytes; the most is {most}.\n".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})


class _UnreadError(ConnectionAbortedError):
    """Raised in a thread whose answer is not sent: it is not read, or the desk stops."""


class _Answer:
    """Parts of an answer on their way from the application's thread to the event loop.

    A thread waits only behind UNREAD bytes, in no more than `waiting` threads at once.
    """

    def __init__(self, waiting: threading.BoundedSemaphore) -> None:
        self._loop = asyncio.get_running_loop()
        self._parts: asyncio.Queue[Any] = asyncio.Queue()
        self._waiting = waiting
        self._unread = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, message: Any) -> None:
        """Adds a part, in the event loop; None is the end."""
        self._parts.put_nowait(message)

    def keep(self, _send: Any, message: Any) -> None:
        """Adds a part, in a thread; _UnreadError if nobody reads the answer."""
        size = len(message.get("body", b""))
        with self._changed:
            if self._unread + size > UNREAD and not self._closed:
                self._wait(size)
            if self._closed:
                raise _UnreadError("the answer is not read")
            self._unread += size
        self._loop.call_soon_threadsafe(self.put, message)

    def _wait(self, size: int) -> None:
        if not self._waiting.acquire(blocking=False):
            raise _UnreadError("too many large answers are sent at once")
        try:
            # An answer of one large part goes out alone.
            self._changed.wait_for(
                lambda: self._closed or not self._unread or self._unread + size <= UNREAD,
                TIMEOUT * 4,
            )
        finally:
            self._waiting.release()
        self._closed = self._closed or (self._unread + size > UNREAD and self._unread > 0)

    async def next(self) -> Any:
        """The next part; None at the end. The part before it has been sent."""
        message = await self._parts.get()
        if message and (size := len(message.get("body", b""))):
            with self._changed:
                self._unread -= size
                self._changed.notify_all()
        return message

    def close(self) -> None:
        """Lets the thread end, since nothing is sent any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


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
    """Raises AccessError if the files are not a certificate and its key, without passphrase."""

    def no_passphrase() -> str:
        raise AccessError(
            f"--tls-key {key} is encrypted, and the desk asks for no passphrase; write it without "
            f"one to a file that only you can read: openssl pkey -in {key} -out FILE"
        )

    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key, no_passphrase)
    except (OSError, ssl.SSLError) as error:
        raise AccessError(
            f"--tls-cert {certificate} and --tls-key {key} are not a certificate and its key in "
            f"PEM form: {error.strerror or error}"
        ) from error
