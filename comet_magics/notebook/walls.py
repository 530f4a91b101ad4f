"""Walls that the operating system puts around a rehearsal: no writing, no network, no reaching other processes.

Several that overlap, because none is there on every machine:
- namespaces (user, mount, net, pid, ipc): the file system read-only but for a scratch folder in memory, no network,
  no other process to be seen;
- Landlock: no writing outside the scratch folder, no TCP, no signals out;
- seccomp: no new sockets, no io_uring; where the file system could not be made read-only, no chmod and its kin.

Promise: each wall holds for native code and subprocesses too, and can't be taken down from inside. What could not be
put up is named in `open_ways`. Call these in a forked child only: they can't be undone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from .syscalls import NUMBERS, libc, prctl, syscall

__all__ = ["Walls", "close_in", "landlock_abi", "new_namespaces"]

# linux/sched.h, linux/mount.h, linux/prctl.h
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 2, 4, 0x4000, 0x40000
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = -100, 0x8000, 1
_NO_NEW_PRIVS, _SET_SECCOMP, _CAPBSET_DROP, _SET_DUMPABLE = 38, 22, 24, 4
_PIDS = 400  # the least that the system accepts is 301
_SCRATCH_BYTES = 256 * 1024 * 1024

# linux/landlock.h: EXECUTE, READ_FILE and READ_DIR stay free; all the others are writing of some kind.
_WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_TCP = 0b11
_SCOPE = 0b11
_HARMLESS_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls stand, and which ways no wall closes; each in a word or two."""

    standing: tuple[str, ...]
    open_ways: tuple[str, ...]
    files: bool


def landlock_abi() -> int:
    """The version of Landlock that this kernel has; 0 if none."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return syscall("landlock_create_ruleset", None, 0, 1)
    except OSError:
        return 0


def new_namespaces() -> bool:
    """Leave the host's user, net, ipc namespaces; the next fork begins a new pid namespace.

    The process keeps its user and group number. Returns False, with nothing changed, where the system forbids it.
    """
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_NEWUSER | _NEWNET | _NEWIPC | _NEWPID) != 0:
        return False
    with contextlib.suppress(OSError):
        # A new user namespace hides the process from its own user; the supervisor has to look at its child.
        prctl(_SET_DUMPABLE, 1)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return True


def close_in(scratch: str, *, namespaces: bool) -> Walls:
    """Put up every wall that this system has; afterwards only `scratch` can be written.

    `namespaces` says whether `new_namespaces` succeeded before the fork that made this process.
    """
    read_only = namespaces and _read_only_mounts(scratch)
    prctl(_NO_NEW_PRIVS, 1)
    abi = _landlock(scratch)
    _drop_capabilities()
    filtered = _seccomp(owners=not read_only, processes=not (namespaces or abi >= 6))
    ways = {
        "writing files": read_only or abi >= 3,
        "changing modes and owners": read_only or filtered,
        "network": namespaces or filtered,
        "signals to other processes": namespaces or abi >= 6 or filtered,
        "shared memory of other processes": namespaces or filtered,
    }
    standing = [
        *(["namespaces"] if namespaces else []),
        *(["read-only file system"] if read_only else []),
        *([f"Landlock {abi}"] if abi else []),
        *(["seccomp"] if filtered else []),
    ]
    return Walls(tuple(standing), tuple(way for way, closed in ways.items() if not closed), files=ways["writing files"])


def _read_only_mounts(scratch: str) -> bool:
    """Every mount read-only; memory in place of the scratch folder and of /dev/shm; this namespace's own /proc."""
    if libc.unshare(_NEWNS) != 0:  # here, so that the supervisor keeps its own view
        return False
    try:
        _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
        attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
        syscall("mount_setattr", _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes))
    except OSError:
        return False
    size = f"size={_SCRATCH_BYTES},mode=700"
    try:
        _mount("tmpfs", scratch, "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    except OSError:
        return False
    for kind, target, data in (("tmpfs", "/dev/shm", size), ("proc", "/proc", None)):  # noqa: S108  hidden, not used
        with contextlib.suppress(OSError):  # as in a container that masks its /proc: then the outer one is read-only
            _mount(kind, target, kind, _MS_NOSUID | _MS_NODEV, data)
    with contextlib.suppress(OSError):
        # From Linux 6.14 on this is the namespace's own; before, or without the right to it, it is refused.
        if os.getpid() == 1 and tuple(map(int, os.uname().release.split("-")[0].split(".")[:2])) >= (6, 14):
            Path("/proc/sys/kernel/pid_max").write_text(str(_PIDS))
    return True


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, data)]
    if libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


def _landlock(scratch: str) -> int:
    abi = landlock_abi()
    if abi == 0:
        return 0
    writes = _WRITES | (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0) | (_IOCTL_DEV if abi >= 5 else 0)
    ruleset = struct.pack("QQQ", writes, _TCP if abi >= 4 else 0, _SCOPE if abi >= 6 else 0)
    ruleset = ruleset[: 8 if abi < 4 else 16 if abi < 6 else 24]
    try:
        rules = syscall("landlock_create_ruleset", ruleset, len(ruleset), 0)
        device_writes = (1 << 1) | (writes & (_TRUNCATE | _IOCTL_DEV))
        _allow(rules, scratch, writes)
        for device in _HARMLESS_DEVICES:
            _allow(rules, device, device_writes)
        if _is_private("/dev/shm"):  # noqa: S108  only where it is this namespace's own
            _allow(rules, "/dev/shm", writes)  # noqa: S108
        syscall("landlock_restrict_self", rules, 0)
        os.close(rules)
    except OSError:
        return 0
    return abi


def _allow(rules: int, path: str, access: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = struct.pack("=Qi", access, folder)
    syscall("landlock_add_rule", rules, 1, rule, 0)
    os.close(folder)


def _is_private(path: str) -> bool:
    """Whether `path` is a mount that `_read_only_mounts` made: all that it left writable are its own."""
    try:
        return not os.statvfs(path).f_flag & os.ST_RDONLY and bool(os.statvfs("/").f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _drop_capabilities() -> None:
    """Give up root's powers, but for reading what the kernel could read."""
    keep = {1, 2}  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    for capability in range(64):
        if capability not in keep:
            with contextlib.suppress(OSError):
                prctl(_CAPBSET_DROP, capability)
    mask = sum(1 << capability for capability in keep)
    header = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) == 0:
        low = [number & mask for number in struct.unpack("=6I", held.raw)[:3]]
        libc.capset(header, struct.pack("=6I", low[0], low[1], 0, 0, 0, 0))


# Calls that no rehearsal needs, and ways around the other walls.
_NEVER = (
    "socket", "io_uring_setup", "ptrace", "process_vm_writev", "process_vm_readv", "pidfd_getfd", "bpf",
    "perf_event_open", "keyctl", "add_key", "userfaultfd", "reboot", "clock_settime", "settimeofday", "syslog",
)  # fmt: skip
_OWNERS = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "futimesat",
    "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "setxattrat",
    "removexattrat",
)  # fmt: skip
_PROCESSES = ("kill", "tkill", "pidfd_send_signal", "shmget", "shmat", "semget", "msgget", "mq_open", "setpriority",
              "sched_setaffinity", "ioprio_set")  # fmt: skip
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def _seccomp(*, owners: bool, processes: bool) -> bool:
    """A filter that answers EACCES to some calls, and to any call of another architecture's table."""
    architecture = _ARCHITECTURES.get(os.uname().machine)
    if architecture is None or struct.calcsize("P") != 8:
        return False
    names = (*_NEVER, *(_OWNERS if owners else ()), *(_PROCESSES if processes else ()))
    numbers = [NUMBERS[name] for name in names if name in NUMBERS]
    # BPF: load the architecture, then the number; jump to the last instruction (deny) on a match.
    deny = len(numbers) + 5
    code = [(0x20, 0, 0, 4), (0x15, 0, deny - 2, architecture), (0x20, 0, 0, 0), (0x35, deny - 4, 0, 0x40000000)]
    code += [(0x15, deny - 5 - place, 0, number) for place, number in enumerate(numbers)]
    code += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | 13)]
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer)))
    try:
        prctl(_SET_SECCOMP, 2, head)
    except OSError:
        return False
    return True
