"""A port on which one worker, all its processes together, tells what it counted.

With a token it listens on every address and answers whoever has the token; without one only this
machine can ask.
"""

import logging
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder

from config.metrics.access import has_token
from config.metrics.processes import process_figures

logger = logging.getLogger(__name__)
PATH = "/metrics"


def listen(port: int) -> ThreadingHTTPServer:
    """Answer from a thread of its own. Raises OSError when the port is taken."""
    host = "" if settings.METRICS_TOKEN else "127.0.0.1"
    server = ThreadingHTTPServer((host, port), _Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    logger.info("metrics are at port %s", server.server_address[1])
    return server


class _Processes:
    def collect(self) -> Iterator[Metric]:
        yield from process_figures()


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "")
        if self.path != PATH or (settings.METRICS_TOKEN and not has_token(token)):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        encode, content_type = choose_encoder(self.headers.get("Accept", ""))
        content = encode(_Processes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *message: object) -> None:
        logger.debug(*message)
