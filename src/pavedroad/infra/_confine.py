"""The child's side of :mod:`pavedroad.infra._launch`: everything a guest gives up between ``fork`` and ``exec``.

In this order: its session, its limits, its network (a namespace of its own and a system call filter that refuses
sockets), every capability but those over files, the hope of winning privileges from a set-uid program, and the files it
was not given (:mod:`pavedroad.infra._landlock`). What was really achieved is told in two sentences, which end up in the
coverage of the run. See docs/explain/adr/0007-guests.md.

Constants are from the Linux headers named beside them. Imports nothing that costs more than a millisecond.
"""

import _signal  # type: ignore[import-not-found]
import ctypes
import os
import resource
import struct
import sys

from pavedroad.infra import _landlock

# <linux/prctl.h>
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
# <linux/sched.h>
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
# <linux/capability.h>: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID: what root needs to read and write files.
FILE_CAPABILITIES = frozenset({0, 1, 2, 3, 4})
# <linux/audit.h> and the system call tables: machine -> (AUDIT_ARCH, socket, seccomp)
ARCHITECTURES = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}
IO_URING_SETUP = 425
EACCES, EINVAL, ENOSYS = 13, 22, 38

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):  # noqa: N818 - not an error yet: the caller decides
    """The kernel said no; the text says to what."""


class UnconfinedError(Exception):
    """The guest must not start: it would be less confined than was asked for, or could not work at all."""


def call(name: str, *args: object) -> None:
    """A libc function that returns 0 on success. Raises Refused."""
    if getattr(libc, name)(*args) != 0:
        raise Refused(f"{name}: {os.strerror(ctypes.get_errno())}")


def _limit(cpu: int, memory: int, file_size: int, open_files: int) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        # Twice the budget: this counts what is reserved, not what is used; use is judged by the watch below.
        resource.RLIMIT_DATA: memory * 2,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_NOFILE: open_files,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or cpu < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # SIGXCPU first: it says why


def write_text(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _same_ids(table: str) -> str:
    """A map that gives every id we can see to itself, so that root keeps its rights over other people's files."""
    with open(table, encoding="ascii") as lines:  # noqa: PTH123 - pathlib would cost 10 ms
        ranges = [line.split() for line in lines]
    return "".join(f"{inside} {inside} {count}\n" for inside, _, count in ranges)


def _user_namespace(ask_parent: int, answer: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", CLONE_NEWUSER | CLONE_NEWNET)
    try:
        if uid == 0:
            os.write(ask_parent, b"m")  # only a process outside may map more than one id
            if os.read(answer, 1) != b"y":
                raise Refused("the ids could not be mapped")
        else:
            write_text("/proc/self/setgroups", "deny")
            write_text("/proc/self/gid_map", f"{gid} {gid} 1\n")
            write_text("/proc/self/uid_map", f"{uid} {uid} 1\n")
    except OSError as error:
        # Inside a namespace without ids no file could be read: this cannot be undone, so the guest must not start.
        raise UnconfinedError(f"the ids could not be mapped: {error.strerror}") from error


def _network_namespace(ask_parent: int, answer: int) -> str:
    """Empty when there is a new network namespace, else why not."""
    try:
        call("unshare", CLONE_NEWNET)
    except Refused:
        try:
            _user_namespace(ask_parent, answer)
        except Refused as refused:
            return str(refused)
    return ""


def _drop_capabilities() -> None:
    """Root keeps its rights over files and nothing else: it could walk back into our network namespace otherwise."""
    for capability in range(64):
        if capability not in FILE_CAPABILITIES and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            if ctypes.get_errno() == EINVAL:  # past the last capability of this kernel
                return
            raise Refused("the capabilities could not be dropped")


def _refuse_sockets() -> str:
    """A system call filter: no new sockets, nor local ones (a container engine listens there). Empty, or why not."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES or sys.maxsize < 1 << 32:
        return f"no system call filter for {machine}"
    audit, socket_number, seccomp = ARCHITECTURES[machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06  # <linux/bpf_common.h>
    program = [
        (load, 0, 0, 4),  # the architecture of the call
        (equal, 0, 5, audit),
        (load, 0, 0, 0),  # its number
        (at_least, 3, 0, 0x40000000),  # the x32 table
        (equal, 3, 0, socket_number),
        (equal, 1, 0, IO_URING_SETUP),  # opens sockets without the call
        (give, 0, 0, 0x7FFF0000),
        (give, 0, 0, 0x00050000 | ENOSYS),
        (give, 0, 0, 0x00050000 | EACCES),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    # SECCOMP_SET_MODE_FILTER with SPEC_ALLOW: older kernels would slow the guest down for no gain of ours.
    if libc.syscall(seccomp, 1, 4, header) != 0:
        return f"seccomp: {os.strerror(ctypes.get_errno())}"
    return ""


def _confine_network(ask_parent: int, answer: int) -> str:
    """The sentence for coverage: it starts with ``none`` when the guest has no network, ``open`` when it may."""
    no_namespace = _network_namespace(ask_parent, answer)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.geteuid() == 0:
        _drop_capabilities()
    no_filter = _refuse_sockets()
    if not no_namespace:
        return "none: own network namespace" + (f" ({no_filter})" if no_filter else ", no sockets")
    if not no_filter:
        return f"none: no sockets by a system call filter (own namespace refused by the kernel: {no_namespace})"
    return f"open: refused by the kernel: {no_namespace}; {no_filter}"


def _take_paths(arguments: list[str], counts: tuple[int, int]) -> tuple[list[str], list[str], list[str]]:
    """The paths to read, those to write, and the program with its arguments."""
    to_read, to_write = counts
    return arguments[:to_read], arguments[to_read : to_read + to_write], arguments[to_read + to_write :]


def _become(settings: list[str], arguments: list[str], report: int, answer: int, launcher: int) -> None:
    """Confine this process and turn it into the guest. Only returns by raising."""
    cpu, memory, file_size, open_files, network, strict, to_read, to_write = (int(text) for text in settings)
    read, write, program = _take_paths(arguments, (to_read, to_write))
    os.setsid()
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):  # Python ignores these; programs expect them
        _signal.signal(number, _signal.SIG_DFL)
    _signal.pthread_sigmask(_signal.SIG_SETMASK, [])
    _limit(cpu, memory, file_size, open_files)
    if network:
        call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        sentence = "allowed"
    else:
        sentence = _confine_network(report, answer)
        if strict and not sentence.startswith("none"):
            raise UnconfinedError(f"the network cannot be taken away, {sentence}")
    # After the namespace: a change of credentials clears it.
    call("prctl", PR_SET_PDEATHSIG, int(_signal.SIGKILL), 0, 0, 0)
    if os.getppid() != launcher:
        os._exit(1)
    os.umask(0o077)
    files = _landlock.restrict(libc, read, write, network=bool(network))
    os.write(report, f"confined\t{sentence}\t{files}\n".encode())
    os.execv(program[0], program)  # noqa: S606 - an argument list, no shell


def become_guest(settings: list[str], arguments: list[str], report: int, answer: int, launcher: int) -> None:
    try:
        _become(settings, arguments, report, answer, launcher)
    except OSError as error:
        os.write(report, f"failed\t{error.errno or 0}\t{error.strerror}\n".encode())
    except (Refused, UnconfinedError, ValueError) as error:
        os.write(report, f"failed\t0\t{error}\n".encode())
    finally:
        os._exit(127)


def map_ids(pid: int) -> bool:
    try:
        for table in ("gid_map", "uid_map"):
            write_text(f"/proc/{pid}/{table}", _same_ids(f"/proc/self/{table}"))
    except OSError:
        return False
    return True
