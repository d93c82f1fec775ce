"""`python -m config.web FD`: serve the web application on a socket that the supervisor listens on.

The supervisor keeps the socket, so that a restarted web server loses no waiting visitor.
"""

import socket
import sys

import uvicorn


def main(descriptor: int) -> None:
    listener = socket.socket(fileno=descriptor)
    options = uvicorn.Config(
        "config.asgi:application",
        log_config=None,  # the settings configure all logs
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(options).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
