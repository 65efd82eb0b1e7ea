"""Local web server on 127.0.0.1, without request logs, stopped by Ctrl+C."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from flask import Flask

HOST = "127.0.0.1"


class PortError(RuntimeError):
    """The port is not available; the message gives the reason and the fix."""


class _Quiet(WSGIRequestHandler):
    """Request handler without request logs."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        pass


def server_of(app: Flask, port: int) -> BaseWSGIServer:
    """A server of `app` that already listens; port 0 is any free one. PortError if it fails."""
    try:
        # Bound here, since werkzeug exits the process if the port is in use.
        listening = socket.create_server((HOST, port), backlog=128)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise PortError(f"port {port}: {reason}; choose another one") from problem
    with listening:
        return make_server(
            HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno()
        )
