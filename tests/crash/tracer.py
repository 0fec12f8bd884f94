"""A tracer: runs a program and stops at each of its system calls that writes below one folder, in the order in which they happen.

What ``strace --inject`` does, with three things that it cannot do: the calls of all threads and processes are counted together, only those
that change the folder are counted, and who watches may look at the files between two calls. Linux on x86-64, with ptrace(2) and a seccomp(2)
filter, so that all other calls run at full speed. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["create", "write", "truncate", "sync", "rename", "remove", "mkdir"]

_CALLS: dict[int, tuple[str, Kind]] = {
    1: ("write", "write"), 18: ("pwrite64", "write"), 20: ("writev", "write"), 296: ("pwritev", "write"), 285: ("fallocate", "write"),
    40: ("sendfile", "write"), 326: ("copy_file_range", "write"),
    76: ("truncate", "truncate"), 77: ("ftruncate", "truncate"), 74: ("fsync", "sync"), 75: ("fdatasync", "sync"),
    82: ("rename", "rename"), 264: ("renameat", "rename"), 316: ("renameat2", "rename"),
    87: ("unlink", "remove"), 263: ("unlinkat", "remove"), 84: ("rmdir", "remove"),
    83: ("mkdir", "mkdir"), 258: ("mkdirat", "mkdir"), 2: ("open", "create"), 257: ("openat", "create"),
}  # fmt: skip
"""System calls of x86-64 that change files. What a program writes through a mapping (SQLite's -shm) is not among them."""
_OPEN_FLAGS = {2: 1, 257: 2}
"""Which argument of the calls that open holds the flags."""
_PATHS = {
    76: (0,),
    82: (0, 1),
    264: (1, 3),
    316: (1, 3),
    87: (0,),
    263: (1,),
    84: (0,),
    83: (0,),
    258: (1,),
    2: (0,),
    257: (1,),
}
"""Which arguments are paths; of the other calls the first one is a file descriptor, but of those in _TARGETS."""
_TARGETS = {326: 2}

_TRACEME, _CONT, _GETREGS, _SETREGS, _SETOPTIONS, _GETEVENTMSG = 0, 7, 12, 13, 0x4200, 0x4201
_OPTIONS = (
    0x02 | 0x04 | 0x08 | 0x10 | 0x80 | 0x100000
)  # fork, vfork, clone, exec, seccomp, and: kill them when the tracer dies
_BORN, _EVENT_SECCOMP = (1, 2, 3), 7


class _Regs(ctypes.Structure):
    """user_regs_struct of <sys/user.h>."""

    _fields_ = [
        (name, ctypes.c_ulonglong)
        for name in [
            "r15",
            "r14",
            "r13",
            "r12",
            "rbp",
            "rbx",
            "r11",
            "r10",
            "r9",
            "r8",
            "rax",
            "rcx",
            "rdx",
            "rsi",
            "rdi",
            "orig_rax",
            "rip",
            "cs",
            "eflags",
            "rsp",
            "ss",
            "fs_base",
            "gs_base",
            "ds",
            "es",
            "fs",
            "gs",
        ]
    ]


class _Filter(ctypes.Structure):
    """sock_filter of <linux/filter.h>."""

    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class _Program(ctypes.Structure):
    """sock_fprog of <linux/filter.h>."""

    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter))]


_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.restype = ctypes.c_long
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that is about to change the folder."""

    number: int
    """Which one it is, from 1 on."""
    name: str
    kind: Kind
    path: Path
    """The file or folder."""
    target: Path | None = None
    """The new name, of a rename."""


Verdict = Literal["go", "kill"] | int
"""What becomes of a call: it is made, the program is killed before it is made, or it fails with that errno."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the program ended."""

    code: int
    """Its exit code; minus the signal that ended it."""
    calls: int
    """How many calls were counted."""


def why_not() -> str | None:
    """Why this machine cannot trace; None if it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "needs Linux on x86-64"
    try:
        ended = run(lambda: os._exit(0), Path("/dev/null"), lambda call: "go")
    except OSError as error:
        return f"ptrace is not allowed here: {error}"
    return None if ended.code == 0 else "ptrace or seccomp is not allowed here"


def run(program: Callable[[], object], folder: Path, judge: Callable[[Call], Verdict]) -> Ended:
    """Run ``program`` in a child process, and its own children, to their end; ``judge`` is asked before each call that changes ``folder``.

    While ``judge`` works, no other such call is made: what it sees of the folder is what a kill at that moment would leave.
    """
    pid = os.fork()
    if pid == 0:
        _become(program)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        return Ended(os.waitstatus_to_exitcode(status), 0)
    _ptrace(_SETOPTIONS, pid, 0, _OPTIONS)
    _ptrace(_CONT, pid)
    return _follow(pid, os.fspath(folder), judge)


def _become(program: Callable[[], object]) -> None:
    """In the child: run the program, traced, in a process group of its own."""
    try:
        os.setsid()
        filters = _filters()
        rules = _Program(len(filters), (_Filter * len(filters))(*filters))
        _libc.ptrace(_TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        if _libc.prctl(22, 2, ctypes.byref(rules), 0, 0) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
            os._exit(126)
        program()
    finally:
        os._exit(125)


def _filters() -> list[_Filter]:
    """A BPF program: stop at the calls of the table, of those that open only where they may create or cut."""
    load, equal, any_bit, give = 0x20, 0x15, 0x45, 0x06
    made = [
        _Filter(load, 0, 0, 4),
        _Filter(equal, 1, 0, 0xC000003E),
        _Filter(give, 0, 0, 0x7FFF0000),
    ]  # only this machine's calls
    made.append(_Filter(load, 0, 0, 0))
    for number in _CALLS:
        if number in _OPEN_FLAGS:
            made += [
                _Filter(equal, 0, 4, number),
                _Filter(load, 0, 0, 16 + 8 * _OPEN_FLAGS[number]),
                _Filter(any_bit, 0, 1, os.O_CREAT | os.O_TRUNC),
                _Filter(give, 0, 0, 0x7FF00000),
                _Filter(give, 0, 0, 0x7FFF0000),
            ]
        else:
            made += [_Filter(equal, 0, 1, number), _Filter(give, 0, 0, 0x7FF00000)]
    made.append(_Filter(give, 0, 0, 0x7FFF0000))
    return made


def _ptrace(request: int, pid: int, address: int = 0, data: object = 0) -> bool:
    """Returns whether the tracee was still there."""
    if _libc.ptrace(request, pid, address, data) == -1:
        error = ctypes.get_errno()
        if error == 3:  # ESRCH: killed meanwhile
            return False
        raise OSError(error, os.strerror(error))
    return True


def _follow(root: int, folder: str, judge: Callable[[Call], Verdict]) -> Ended:
    calls, code = 0, 0
    alive = {root}
    """Processes and threads that are traced; what else ends here is no concern of ours."""
    while alive:
        pid, status = os.waitpid(-1, 0x40000000)  # __WALL
        if not os.WIFSTOPPED(status):
            alive.discard(pid)
            if pid == root:
                code = os.waitstatus_to_exitcode(status)
            continue
        number, event = os.WSTOPSIG(status), status >> 16
        passed = 0
        if event == _EVENT_SECCOMP:
            calls = _stopped(pid, folder, judge, calls)
        elif event in _BORN:
            new = ctypes.c_ulong()
            if _ptrace(_GETEVENTMSG, pid, 0, ctypes.addressof(new)):
                alive.add(new.value)
        elif event == 0 and number not in (signal.SIGTRAP, signal.SIGSTOP):
            passed = number  # a SIGSTOP is how a new thread begins
        _ptrace(_CONT, pid, 0, passed)
    return Ended(code, calls)


def _stopped(pid: int, folder: str, judge: Callable[[Call], Verdict], calls: int) -> int:
    regs = _Regs()
    if not _ptrace(_GETREGS, pid, 0, ctypes.addressof(regs)):
        return calls
    number = regs.orig_rax
    name, kind = _CALLS[number]
    arguments = (regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8)
    try:
        if number in _PATHS:
            paths = [_path(pid, arguments[index]) for index in _PATHS[number]]
        else:
            paths = [os.readlink(f"/proc/{pid}/fd/{ctypes.c_int(arguments[_TARGETS.get(number, 0)]).value}")]
    except OSError:
        return calls  # a descriptor that is closed, or the process is gone
    if not any(path == folder or path.startswith(folder + "/") for path in paths):
        return calls
    if kind == "create" and os.path.exists(paths[0]) and not arguments[_OPEN_FLAGS[number]] & os.O_TRUNC:
        return calls
    calls += 1
    verdict = judge(Call(calls, name, kind, Path(paths[0]), Path(paths[1]) if len(paths) > 1 else None))
    if verdict == "kill":
        os.killpg(os.getpgid(pid), signal.SIGKILL)
    elif verdict != "go":
        regs.orig_rax = ctypes.c_ulonglong(-1).value
        regs.rax = ctypes.c_ulonglong(-int(verdict)).value
        _ptrace(_SETREGS, pid, 0, ctypes.addressof(regs))
    return calls


def _path(pid: int, address: int) -> str:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        data = memory.read(4096 - address % 4096)
        if b"\0" not in data:
            data += memory.read(4096)
    path = os.fsdecode(data.partition(b"\0")[0])
    return path if path.startswith("/") else os.path.join(os.readlink(f"/proc/{pid}/cwd"), path)
