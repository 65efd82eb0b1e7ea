"""Canary: a server on loopback that nothing may reach, and that counts who does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread


@dataclass
class Canary:
    """Its port, and what was sent to it, one text for each connection."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def canary() -> Iterator[Canary]:
    """Listens on all addresses of this machine."""
    listening = socket.create_server(("0.0.0.0", 0), backlog=64)
    made = Canary(listening.getsockname()[1])

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(0.5)
                    made.heard.append("")
                    with suppress(OSError):
                        made.heard[-1] = connection.recv(4096).decode("latin-1")
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")

    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        # Wakes the thread, which waits for a connection.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
