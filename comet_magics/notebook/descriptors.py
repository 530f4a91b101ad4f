"""What a forked child inherited and could still change for its parent: open descriptors and shared memory.

Promise: afterwards a descriptor keeps its number but reads only (a file), or leads nowhere (a socket, a pipe, a
terminal); shared memory keeps its address and contents but is a private copy. Call these in a forked child only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import select
import stat
import zlib
from collections.abc import Container, Iterable
from pathlib import Path

from .syscalls import libc

__all__ = ["NotPrivate", "detach_descriptors", "fingerprints", "privatize_memory"]

_HARMLESS = {os.makedev(1, minor) for minor in (3, 5, 7, 8, 9)}  # null, zero, full, random, urandom
_LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (....) ([0-9a-f]+) \S+ (\d+)\s*(.*)")
_READ, _WRITE, _PRIVATE, _FIXED, _ANONYMOUS = 1, 2, 2, 0x10, 0x20
_MREMAP_MOVE_FIXED = 3
_FAILED = ctypes.c_void_p(-1).value
_COPY_AT_MOST = 1 << 30
_SUMMED_AT_MOST = 64 << 20


class NotPrivate(Exception):
    """Memory shared with other processes could not be made private."""


def detach_descriptors(keep: Container[int]) -> None:
    """Put a harmless descriptor over every open one that is not in `keep`, under the same number."""
    # Read only: a write fails instead of vanishing, so that it can be told.
    nowhere = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers
        number = int(name)
        if number in keep or number == nowhere:
            continue
        try:
            found = os.fstat(number)
            harmless = _harmless(number, found)
        except OSError:
            continue  # the descriptor of the listing itself
        if harmless is None:
            os.dup2(nowhere, number, inheritable=os.get_inheritable(number))
        elif harmless != number:
            os.dup2(harmless, number, inheritable=os.get_inheritable(number))
            os.close(harmless)
    os.close(nowhere)


def _harmless(number: int, found: os.stat_result) -> int | None:
    """A descriptor to put in place of `number`: itself, a new one, or None for /dev/null."""
    if stat.S_ISCHR(found.st_mode):
        return number if found.st_rdev in _HARMLESS else None
    target = os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - not always a path
    if target == "anon_inode:[eventpoll]":
        # An epoll instance is shared: registering here would change what the parent waits for.
        return os.dup(select.epoll().fileno())
    if stat.S_ISDIR(found.st_mode):
        return _reopen(target, found, os.O_DIRECTORY)
    if not stat.S_ISREG(found.st_mode):
        return None
    # By its path first: that leads through this namespace's read-only mount. A deleted file has none.
    fresh = _reopen(target, found, 0)
    if fresh is None:
        fresh = _reopen(f"/proc/self/fd/{number}", found, 0)
    if fresh is not None:
        with contextlib.suppress(OSError):
            os.lseek(fresh, os.lseek(number, 0, os.SEEK_CUR), os.SEEK_SET)
    return fresh


def _reopen(path: str, found: os.stat_result, flags: int) -> int | None:
    try:
        fresh = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    except OSError:
        return None
    now = os.fstat(fresh)
    if (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino):
        return fresh
    os.close(fresh)
    return None


def privatize_memory() -> list[tuple[int, int]]:
    """Replace every shared mapping by a private one; return where they are, as (start, end).

    Raises NotPrivate where that can't be done.
    """
    places = []
    libc.mmap.restype = libc.mremap.restype = ctypes.c_void_p
    for line in Path("/proc/self/maps").read_text().splitlines():
        found = _LINE.match(line)
        if found is None or found[3][3] != "s":
            continue
        start, end = int(found[1], 16), int(found[2], 16)
        path = found[6]
        if "r" not in found[3]:
            libc.munmap(ctypes.c_void_p(start), ctypes.c_size_t(end - start))
        elif path.startswith("/dev/") and not path.startswith(("/dev/shm/", "/dev/zero")):  # noqa: S108
            raise NotPrivate(f"the kernel holds the memory of a device ({path})")
        elif not _map_again(path, int(found[5]), start, end, int(found[4], 16)):
            _copy(start, end)
        if "r" in found[3]:
            places.append((start, end))
    return places


def fingerprints(places: Iterable[tuple[int, int]]) -> list[int]:
    """A checksum of each place's first 64 MB; 0 for one that is not there any more."""
    found = []
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for start, end in places:
            try:
                found.append(zlib.crc32(os.pread(memory.fileno(), min(end - start, _SUMMED_AT_MOST), start)))
            except OSError:
                found.append(0)
    return found


def _map_again(path: str, inode: int, start: int, end: int, offset: int) -> bool:
    """Map the same file privately over the shared mapping: no copy until a page is written."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return False
    try:
        if os.fstat(number).st_ino != inode:
            return False
        size, flags = ctypes.c_size_t(end - start), _PRIVATE | _FIXED
        mapped = libc.mmap(ctypes.c_void_p(start), size, _READ | _WRITE, flags, number, ctypes.c_long(offset))
        return bool(mapped == start)
    finally:
        os.close(number)


def _copy(start: int, end: int) -> None:
    size = end - start
    if size > _COPY_AT_MOST:
        raise NotPrivate(f"the kernel shares {size >> 20} MB of memory with other processes")
    length = ctypes.c_size_t(size)
    copy = libc.mmap(None, length, _READ | _WRITE, _PRIVATE | _ANONYMOUS, -1, ctypes.c_long(0))
    if copy == _FAILED:
        raise NotPrivate("there is no room for a copy of memory that the kernel shares")
    ctypes.memmove(copy, start, size)
    moved = libc.mremap(ctypes.c_void_p(copy), length, length, _MREMAP_MOVE_FIXED, ctypes.c_void_p(start))
    if moved != start:
        raise NotPrivate("memory that the kernel shares could not be made private")
