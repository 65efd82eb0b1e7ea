"""Serves the shop at the port that is named."""

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

from django.core.wsgi import get_wsgi_application


class Server(ThreadingMixIn, WSGIServer):
    """Answers requests beside each other."""

    daemon_threads = True


make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), Server).serve_forever()
