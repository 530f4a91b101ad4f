"""What a rehearsed cell tries to do outside of itself, in words, from Python's audit events.

Promise: this only listens. It stops nothing (the walls do), and it sees what goes through Python: a library's native
code is known by the error that its wall gave, a subprocess by its command line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["Attempts"]

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NATIVE = frozenset({
    "socket", "connect", "bind", "sendto", "open", "openat", "creat", "unlink", "unlinkat", "rename",
    "renameat", "truncate", "ftruncate", "kill", "tkill", "ptrace", "process_vm_writev", "mount", "umount",
    "fork", "vfork", "clone", "execve", "system", "syscall", "shm_open", "shm_unlink", "chmod", "chown",
    "mkdir", "rmdir", "link", "symlink", "write", "pwrite", "msync",
})  # fmt: skip
_PATHS = {
    "os.remove": "delete {0}",
    "os.rmdir": "delete the folder {0}",
    "shutil.rmtree": "delete the folder {0}",
    "os.mkdir": "make the folder {0}",
    "os.rename": "rename {0} to {1}",
    "os.link": "link {0} as {1}",
    "os.symlink": "link {0} as {1}",
    "os.truncate": "truncate {0}",
    "os.chmod": "change the mode of {0}",
    "os.chown": "change the owner of {0}",
    "os.utime": "change the times of {0}",
    "os.setxattr": "change attributes of {0}",
    "os.removexattr": "change attributes of {0}",
    "os.mkfifo": "make the pipe {0}",
    "os.mknod": "make the device {0}",
    "shutil.move": "move {0} to {1}",
    "shutil.copyfile": "write {1}",
}
_OTHERS = {
    "subprocess.Popen": "run {1}",
    "os.system": "run {0}",
    "os.exec": "run {0}",
    "os.posix_spawn": "run {0}",
    "os.spawn": "run {1}",
    "pty.spawn": "run {0}",
    "os.fork": "fork a process",
    "os.forkpty": "fork a process",
    "os.kill": "send signal {1} to process {0}",
    "os.killpg": "send signal {1} to process group {0}",
    "socket.getaddrinfo": "look up {0}",
    "socket.gethostbyname": "look up {0}",
    "socket.connect": "connect to {1}",
    "socket.bind": "listen at {1}",
    "socket.sendto": "send to {1}",
    "webbrowser.open": "open {0} in a browser",
    "smtplib.connect": "connect to {1}:{2}",
    "ftplib.connect": "connect to {1}:{2}",
    "signal.pthread_kill": "send signal {1} to a thread",
    "socket.sendmsg": "send to {1}",
    "syslog.openlog": "write to the system log",
    "syslog.syslog": "write to the system log",
    "resource.prlimit": "change the limits of process {0}",
}


class Attempts:
    """The tries so far, each once, at most `limit`.

    `scratch` is the folder that may be written: what happens there is not told. `paused` is true while our own code
    works.
    """

    def __init__(self, scratch: str, limit: int = 40) -> None:
        self.scratch = os.path.realpath(scratch)
        self.limit = limit
        self.paused = True
        self.seen: dict[str, None] = {}

    def listen(self) -> None:
        """Begin; an audit hook stays for the life of the process."""
        sys.addaudithook(self._hear)

    def note(self, words: str) -> None:
        """Keep one try in words."""
        if len(self.seen) < self.limit:
            self.seen.setdefault(words if len(words) <= 200 else words[:199] + "…")

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.paused:
            return
        listener = _LISTENERS.get(event)
        if listener is None:
            return
        self.paused = True  # what the words need must not be heard itself
        try:
            words = listener(self, event, arguments)
            if words:
                self.note(words)
        except Exception:  # noqa: BLE001  an odd argument must not change what the cell does
            self.note(event)
        finally:
            self.paused = False

    def _open(self, _: str, arguments: tuple[Any, ...]) -> str:
        path, mode, flags = (*arguments, None, None)[:3]
        writes = bool(isinstance(mode, str) and set(mode) & set("wax+")) or (
            mode is None and isinstance(flags, int) and bool(flags & _WRITING)
        )
        return "" if not writes or isinstance(path, int) or self._free(path) else f"write {_word(path)}"

    def _path(self, event: str, arguments: tuple[Any, ...]) -> str:
        if all(self._free(one) for one in arguments[: 1 + ("{1}" in _PATHS[event])]):
            return ""
        return _PATHS[event].format(*map(_word, arguments))

    def _other(self, event: str, arguments: tuple[Any, ...]) -> str:
        words = [*map(_word, arguments), "", "", ""]
        if event in ("os.system", "os.exec", "subprocess.Popen", "os.posix_spawn") and event in _OTHERS:
            command = arguments[1] if event == "subprocess.Popen" else arguments[0]
            return f"run {_word(command)}"
        return _OTHERS[event].format(*words)

    def _connect(self, event: str, arguments: tuple[Any, ...]) -> str:
        if event == "sqlite3.connect":
            path = arguments[0]
            return "" if not path or ":memory:" in str(path) or self._free(path) else f"open the database {_word(path)}"
        return _word(arguments)

    def _native(self, _: str, arguments: tuple[Any, ...]) -> str:
        name = arguments[1] if len(arguments) > 1 else ""
        return f"call {name} in native code" if name in _NATIVE else ""

    def _free(self, path: object) -> bool:
        if isinstance(path, int):
            return False
        try:
            full = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
        return full == self.scratch or full.startswith((self.scratch + os.sep, "/dev/null", "/dev/shm/"))  # noqa: S108


_Listener = Callable[[Attempts, str, "tuple[Any, ...]"], str]
_LISTENERS: dict[str, _Listener] = {
    "open": Attempts._open,
    "sqlite3.connect": Attempts._connect,
    "ctypes.dlsym": Attempts._native,
    **dict.fromkeys(_PATHS, Attempts._path),
    **dict.fromkeys(_OTHERS, Attempts._other),
}


def _word(value: object) -> str:
    if isinstance(value, (bytes, os.PathLike)):
        try:
            value = os.fsdecode(value)
        except TypeError:
            value = str(value)
    if isinstance(value, (list, tuple)):
        return " ".join(_word(one) for one in value)
    return str(value)
