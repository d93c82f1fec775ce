"""Programs that run side by side: started again when they die, their output in one stream."""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from config import processes

TICK_SECONDS = 0.2
CHORE_SECONDS = 1.0
RESTART_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 10.0  # a program that ran this long failed for a new reason
# A task of Celery may finish, and scripted episodes rest at once; a longer one is taken up again
# later. A program that waits for answers that are paid for is given more.
PATIENCE_SECONDS = 1.0
READ_BYTES = 65_536

Emit = Callable[[str, str], None]


class Program:
    """One command, kept running."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: str,
        descriptors: Sequence[int] = (),
        delay: float = 0.0,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.name = name
        self.failures = 0
        self._command = command
        self._environment = environment
        self._folder = folder
        self._descriptors = descriptors
        self._patience = patience
        self._is_told_to_end = False
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next_start = time.monotonic() + delay
        self._unfinished = b""
        self.has_output = False

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Its process number while it runs."""
        process = self._process
        return process.pid if process else None

    @property
    def output(self) -> int:
        """The descriptor to read from while the program runs."""
        if self._process is None or self._process.stdout is None:
            raise ValueError(f"{self.name} does not run")
        return self._process.stdout.fileno()

    def is_due(self, now: float) -> bool:
        return self._process is None and now >= self._next_start

    def start(self, now: float) -> None:
        """Start it in a session of its own: only we tell it to end, no Ctrl+C reaches it."""
        self._started = now
        self._is_told_to_end = False
        self._process = subprocess.Popen(
            processes.leashed(self._command),
            cwd=self._folder,
            env=self._environment,
            pass_fds=self._descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.has_output = True

    def read(self) -> list[str]:
        """The complete lines that came since the last call."""
        read = os.read(self.output, READ_BYTES)
        self.has_output = bool(read)
        text = self._unfinished + (read or b"\n" * bool(self._unfinished))
        *lines, self._unfinished = text.split(b"\n")
        return [line.decode(errors="replace").rstrip() for line in lines]

    def ended(self) -> int | None:
        """The exit code, once the program itself is gone."""
        return None if self._process is None else self._process.poll()

    def bury(self, now: float) -> float:
        """Forget the ended process, its descendants killed; say in how many seconds it is due."""
        self._signal_all(signal.SIGKILL)
        if self._process and self._process.stdout:
            self._process.stdout.close()
        self._process = None
        self._unfinished = b""
        self.has_output = False
        self.failures = 1 if now - self._started > STEADY_SECONDS else self.failures + 1
        pause = RESTART_SECONDS[min(self.failures, len(RESTART_SECONDS)) - 1]
        self._next_start = now + pause
        return pause

    def end(self, elapsed: float, *, in_haste: bool = False) -> None:
        """Ask it to end, once; make it end when that was asked too long ago."""
        if elapsed > (min(self._patience, PATIENCE_SECONDS) if in_haste else self._patience):
            self._signal_all(signal.SIGKILL)
        elif self._process and not self._is_told_to_end:
            self._is_told_to_end = True
            self._process.terminate()

    def _signal_all(self, sign: signal.Signals) -> None:
        if self._process:
            try:
                os.killpg(self._process.pid, sign)
            except ProcessLookupError:
                return  # nobody of them is left


class Crew(threading.Thread):
    """Runs programs until it is told to stop.

    The programs are forked by this thread alone and end with it: that is what their leash means.
    """

    def __init__(
        self, programs: Sequence[Program], *, emit: Emit, chore: Callable[[], None]
    ) -> None:
        super().__init__(name="crew", daemon=True)
        self._programs = programs
        self._emit = emit
        self._chore = chore
        self._next_chore = 0.0
        self._stopping = threading.Event()
        self._is_in_haste = False
        # Not join(): interrupted by Ctrl+C, it takes a running thread for an ended one.
        self.has_ended = threading.Event()

    def hurry(self) -> None:
        """Have no more patience than the least with programs that are ending."""
        self._is_in_haste = True

    def stop(self) -> None:
        """End all programs and wait for that."""
        self._stopping.set()
        self.has_ended.wait()

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._tick()
        finally:
            self._end()
            self.has_ended.set()

    def _tick(self) -> None:
        now = time.monotonic()
        for program in self._programs:
            if program.is_due(now):
                program.start(now)
        if now >= self._next_chore:
            self._next_chore = now + CHORE_SECONDS
            self._chore()
        self._pass_on(TICK_SECONDS)
        for program in self._programs:
            self._mourn(program)

    def _mourn(self, program: Program) -> None:
        code = program.ended()
        if code is None:
            return
        self._pass_on(0)
        pause = program.bury(time.monotonic())
        self._emit("up", f"{program.name} ended ({_reason(code)}), it starts again in {pause} s")

    def _end(self) -> None:
        started = time.monotonic()
        while any(program.is_running for program in self._programs):
            for program in self._programs:
                elapsed = time.monotonic() - started
                program.end(elapsed, in_haste=self._is_in_haste)
                if program.ended() is not None:
                    self._pass_on(0)
                    program.bury(time.monotonic())
            self._pass_on(0.02)

    def _pass_on(self, patience: float) -> None:
        """Wait for output and hand it on, line by line."""
        with selectors.DefaultSelector() as selector:
            for program in self._programs:
                if program.has_output:
                    selector.register(program.output, selectors.EVENT_READ, program)
            for key, _ in selector.select(patience):
                for line in filter(None, key.data.read()):
                    self._emit(key.data.name, line)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
