"""Proxy of the browser: lets it reach public addresses only, whatever a page makes it request.

A page reaches out in many ways: scripts, forms, popups, WebSockets, workers, redirects. A browser
sends all of them through its proxy, and leaves it to the proxy to look up names.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from wildcrawl.crawl.addresses import (
    NoAddress,
    PublicAddresses,
    address_of,
    host_and_port,
    parsed_address,
)

MOST_HEAD = 256 * 1024
"""Bytes of a request or an answer before its body."""
CHUNK = 64 * 1024
CONNECT_S = 30
"""Seconds that a connection may take."""
HEAD_S = 60
"""Seconds that the beginning of a request may take."""
_CONNECTION = re.compile(
    rb"(?:proxy-connection|proxy-authorization|connection|keep-alive)\s*:", re.IGNORECASE
)
"""Headers that concern one connection only."""


_ENDS = (OSError, EOFError, ValueError, asyncio.LimitOverrunError, TimeoutError, NoAddress)
"""Errors with which a connection may end."""


class Refused(Exception):
    """A request that is not passed on; `url` and the reason."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(why)
        self.url = url


class BrowserProxy:
    """An HTTP proxy on loopback that asks `public` where a host is, and calls `note` if it refuses.

    A refused connection is closed without an answer, which no page can take for one of a site.
    """

    def __init__(self, public: PublicAddresses, note: Callable[[str, str], None]) -> None:
        self._public = public
        self._note = note
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listens on a free port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=MOST_HEAD)

    @property
    def address(self) -> str:
        """The proxy's address, for the browser; it must have been started."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Ends all connections."""
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except Refused as refused:
            self._note(refused.url, str(refused))
        except (*_ENDS, asyncio.CancelledError):
            # The browser sees a closed connection, and reports it.
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
        first, _, rest = head.partition(b"\r\n")
        method, target, _ = first.decode("latin-1").split(" ", 2)
        url = f"https://{target}/" if method == "CONNECT" else target
        there, out = await self._reach(url)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _until_one_ends(_copy(reader, out), _copy(there, writer))
                return
            parts = urlsplit(target)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            out.write(f"{method} {path} HTTP/1.1\r\n".encode("latin-1") + _for_one_request(rest))
            await _until_one_ends(_copy(reader, out), _answer(there, writer))
        finally:
            out.close()

    async def _reach(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the host of `url`; Refused if it is not to be requested."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise Refused(url, "a proxy passes on http and https")
        host, port = host_and_port(url)
        if why := await self._public.why_refused(host, port):
            raise Refused(url, why)
        # The address that was checked, and not the name, which might be looked up anew.
        address = host if parsed_address(host) else await address_of(host)
        return await asyncio.wait_for(
            asyncio.open_connection(address, port, limit=MOST_HEAD), CONNECT_S
        )


def _for_one_request(head: bytes) -> bytes:
    """The headers of a request or an answer whose connection ends with it.

    So a browser sends no second request, perhaps to another host, on a connection that was checked.
    """
    lines = [line for line in head.split(b"\r\n") if line and not _CONNECTION.match(line)]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


async def _answer(there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Passes an answer on, whose connection ends with it."""
    while True:
        head = await there.readuntil(b"\r\n\r\n")
        first, _, rest = head.partition(b"\r\n")
        writer.write(first + b"\r\n" + _for_one_request(rest))
        if not re.match(rb"HTTP/1\.\d 1\d\d", first):
            break
    await _copy(there, writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


async def _until_one_ends(up: Awaitable[None], down: Awaitable[None]) -> None:
    """Copies both ways until the answer has ended, or the browser has closed the connection."""
    tasks = [asyncio.ensure_future(up), asyncio.ensure_future(down)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
