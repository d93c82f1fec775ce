"""A real asynchronous server that gives out the file that an address names; ends with its input.

Says its port on the first line. It has no database and none of the application's settings.
"""

import socket
import sys
import threading
from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

from simulation.downloads import download


def view(request):
    return download(
        request,
        Path(request.GET["file"]),
        name="export.zip",
        media_type="application/zip",
        sha256=request.GET["sha256"],
    )


urlpatterns = [path("", view)]


def main():
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="x")
    listener = socket.create_server(("127.0.0.1", 0))
    options = uvicorn.Config(get_asgi_application(), log_level="critical", lifespan="off")
    server = uvicorn.Server(options)
    threading.Thread(target=server.run, args=[[listener]], daemon=True).start()
    print(listener.getsockname()[1], flush=True)  # noqa: T201  whoever started it reads it
    sys.stdin.read()


if __name__ == "__main__":
    main()
