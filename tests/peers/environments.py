"""Environments of their own for the libraries of others: their pins clash with each other's."""

import subprocess
import sys
import venv
from pathlib import Path


def make_environment(folder: Path, *packages: str) -> Path:
    """Make an environment with these packages; gives its interpreter."""
    venv.create(folder, with_pip=True, clear=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages]
    subprocess.run(install, check=True, capture_output=True, text=True, timeout=600)
    return python


def wheel_of(package: str, folder: Path, *, python: str) -> Path:
    """Unpack a package without what it needs, whatever Python it asks for."""
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder]
    wanted = ["--python-version", python, "--only-binary=:all:", package]
    subprocess.run([*download, *wanted], check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", wheel, folder], check=True, capture_output=True
    )
    return folder


def run(python: Path | str, script: str, *arguments: object, **environment: str) -> str:
    """Run a script in another interpreter, without anything of this one; gives what it prints."""
    command = [str(python), "-I", "-c", script, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
