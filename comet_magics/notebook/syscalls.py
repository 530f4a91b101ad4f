"""The few Linux system calls that the rehearsal's walls need and that Python does not wrap, through `ctypes`.

Promise: a call that the kernel lacks or forbids raises OSError, as any other would.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform

__all__ = ["NUMBERS", "libc", "prctl", "syscall"]

# Numbers of the syscalls that the seccomp filter names; those above 423 are the same on every architecture.
_COMMON = {
    "io_uring_setup": 425,
    "pidfd_send_signal": 424,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
}
_X86 = {
    "socket": 41, "kill": 62, "tkill": 200, "ptrace": 101, "process_vm_writev": 311, "process_vm_readv": 310,
    "shmget": 29, "shmat": 30, "semget": 64, "msgget": 68, "mq_open": 240, "chmod": 90, "fchmod": 91, "fchmodat": 268,
    "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "utime": 132, "utimes": 235, "futimesat": 261,
    "utimensat": 280, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198,
    "fremovexattr": 199, "truncate": 76, "bpf": 321, "perf_event_open": 298, "keyctl": 250, "add_key": 248,
    "userfaultfd": 323, "reboot": 169, "clock_settime": 227, "settimeofday": 164, "setpriority": 141,
    "sched_setaffinity": 203, "prlimit64": 302, "ioprio_set": 251, "syslog": 103,
}  # fmt: skip
_ARM = {
    "socket": 198, "kill": 129, "tkill": 130, "ptrace": 117, "process_vm_writev": 271, "process_vm_readv": 270,
    "shmget": 194, "shmat": 196, "semget": 190, "msgget": 186, "mq_open": 180, "fchmod": 52, "fchmodat": 53,
    "fchown": 55, "fchownat": 54, "utimensat": 88, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14,
    "lremovexattr": 15, "fremovexattr": 16, "truncate": 45, "bpf": 280, "perf_event_open": 241, "keyctl": 219,
    "add_key": 217, "userfaultfd": 282, "reboot": 142, "clock_settime": 112, "settimeofday": 170, "setpriority": 140,
    "sched_setaffinity": 122, "prlimit64": 261, "ioprio_set": 30, "syslog": 116,
}  # fmt: skip
_MACHINES = {"x86_64": _X86, "aarch64": _ARM}

NUMBERS: dict[str, int] = {**_COMMON, **_MACHINES.get(platform.machine(), {})}

libc = ctypes.CDLL(None, use_errno=True)


def syscall(name: str, *arguments: object) -> int:
    """Make a system call by name; raises OSError with the kernel's reason."""
    number = NUMBERS.get(name)
    if number is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    libc.syscall.restype = ctypes.c_long
    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    return _checked(libc.syscall(ctypes.c_long(number), *wide), name)


def prctl(option: int, first: int = 0, second: object = 0) -> int:
    """Make a `prctl` call; raises OSError with the kernel's reason."""
    wide = ctypes.c_ulong(second) if isinstance(second, int) else second
    zero = ctypes.c_ulong(0)
    return _checked(libc.prctl(ctypes.c_int(option), ctypes.c_ulong(first), wide, zero, zero), "prctl")


def _checked(result: int, name: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return int(result)
