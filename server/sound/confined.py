"""A child process for work on strangers' files: limits on time, memory and open files, and no network.

A file that hangs, bombs or crashes a decoder ends the child; the next file gets a new one. The child is
started once and kept, because starting Python and the audio libraries takes longer than analysing a song.
"""

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import RawArray
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from server.sound.errors import UnreadableAudio
from server.sound.freed_memory import keep_freed_memory

T = TypeVar("T")
Progress = Callable[[float], None]

MEMORY_BYTES = 2 << 30
_LIBRARIES_BYTES = 2 << 30  # address space for FFmpeg, numpy and thread stacks, little of it ever touched
_PROGRESS_SLOTS = 256
_LOOK_EVERY_SECONDS = 0.02
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# Set in the child: one number per running call. Plain shared memory and no queue, whose lock a killed child
# would take with it.
_progress: Any = None


class ConfinedProcesses:
    """A few warm children. ``run`` may be called from any number of threads."""

    def __init__(self, *, workers: int = 1, memory_bytes: int = MEMORY_BYTES, open_files: int = 64) -> None:
        # Inherited by the children, and read by OpenBLAS when numpy is imported: one thread each is enough.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # And by glibc, which would otherwise keep what every thread has freed to itself.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        self._workers, self._limits = workers, (memory_bytes, open_files)
        self._progress = RawArray("d", _PROGRESS_SLOTS)
        self._free_slots = list(range(_PROGRESS_SLOTS))
        self._lock, self._closed = threading.Lock(), False
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            initializer=_confine,
            initargs=(self._progress, *self._limits),
            context=multiprocessing.get_context("spawn"),
        )

    def warm_up(self) -> None:
        """Start the children and import the audio libraries in them."""
        for _, future in [self._schedule(_import_libraries) for _ in range(self._workers)]:
            future.result()

    def _schedule(
        self, function: Callable[..., Any], *args: Any, timeout: float | None = None
    ) -> tuple[ProcessPool, Any]:
        """A child that dies while nothing is asked of it (the system was short of memory) breaks pebble's pool for
        good. Then there is another."""
        with self._lock:
            try:
                return self._pool, self._pool.schedule(function, args=args, timeout=timeout)
            except RuntimeError:
                if self._closed:
                    raise
            threading.Thread(target=self._pool.join, daemon=True).start()
            self._pool = self._new_pool()
            return self._pool, self._pool.schedule(function, args=args, timeout=timeout)

    def run(
        self,
        function: Callable[..., T],
        *args: Any,
        seconds: float,
        on_progress: Progress | None = None,
    ) -> T:
        """``function(*args, progress=report)`` in a child; raises UnreadableAudio when the child had to be
        ended. ``on_progress`` is told fractions from 0 to 1."""
        with self._slot() as slot:
            pool, future = self._schedule(_call, function, args, slot, seconds, timeout=seconds)
            try:
                if on_progress:
                    on_progress(0.0)  # only now: it may take its time, and the child is at work
                while not future.done():
                    self._wait(future, on_progress, slot)
                    if not pool.active and not _done_soon(future):
                        raise UnreadableAudio("crashed")
                result: T = future.result()
            except FutureTimeoutError as error:
                raise UnreadableAudio("took-too-long") from error
            except (ProcessExpired, BrokenProcessPool) as error:
                raise UnreadableAudio("crashed") from error
            except MemoryError as error:
                raise UnreadableAudio("too-big-to-decode") from error
            except BaseException:
                future.cancel()
                raise
            if on_progress:
                on_progress(1.0)
            return result

    def _wait(self, future: Any, on_progress: Progress | None, slot: int) -> None:
        before = self._progress[slot]
        with contextlib.suppress(FutureTimeoutError):
            future.exception(timeout=_LOOK_EVERY_SECONDS)
        if on_progress and before < self._progress[slot] < 1:
            on_progress(self._progress[slot])

    @contextlib.contextmanager
    def _slot(self) -> Iterator[int]:
        with self._lock:
            slot = self._free_slots.pop()
        self._progress[slot] = 0.0
        try:
            yield slot
        finally:
            with self._lock:
                self._free_slots.append(slot)

    def close(self) -> None:
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _done_soon(future: Any) -> bool:
    """A pool that breaks ends what its children were given, not what was still waiting for them."""
    with contextlib.suppress(BaseException):
        future.exception(timeout=1.0)
    return bool(future.done())


def _confine(progress: Any, memory_bytes: int, open_files: int) -> None:
    """Run first thing in the child."""
    global _progress
    _progress = progress
    # Pebble asks with SIGTERM before it kills; a decoder that hangs never gets to answer.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for limit, value in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_AS, memory_bytes + _LIBRARIES_BYTES),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them only by name
            resource.setrlimit(limit, (value, value))
    _leave_the_network()
    keep_freed_memory()


def _leave_the_network() -> None:
    """An empty network namespace, where the system lets us have one.

    Not the only wall: no reader here can open an address in the first place.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _import_libraries() -> None:
    """Import what an analysis needs, and give the other children time to take one of these calls each."""
    from server.sound import analysis, ffmpeg_reader, renditions, soundfile_reader

    assert analysis and ffmpeg_reader and renditions and soundfile_reader
    time.sleep(0.1)


def _call(function: Callable[..., T], args: tuple[Any, ...], slot: int, seconds: float) -> T:
    def report(done: float) -> None:
        _progress[slot] = done

    # A second clock: should the parent be killed meanwhile, nobody else would end this.
    signal.setitimer(signal.ITIMER_REAL, seconds + 5)
    try:
        return function(*args, progress=report)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
