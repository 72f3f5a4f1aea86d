"""Takes the file system away from a guest but for named paths: Landlock, from Linux 5.13. The child's side.

Used by :mod:`pavedroad.infra._confine` between ``fork`` and ``exec``. Needs no privilege. A rule is made of the folder
that a path names when the guest starts, so what is renamed or linked later opens nothing more.

Numbers and rights are from <linux/landlock.h>; the system calls have these numbers on every machine but alpha. What
each version of the interface knows: the kernel's Documentation/userspace-api/landlock.rst.
"""

import ctypes
import errno
import os
import stat
import struct

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
# Rights, by bit.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1  # all that version 1 knows
SCOPE_ABSTRACT_SOCKETS, SCOPE_SIGNALS = 1, 2
READ = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # a rule on a file may name no others


def handled(version: int) -> int:
    """The rights that are taken away unless a rule gives them back, for a version of the interface."""
    rights = FIRST_RIGHTS
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if version >= since:
            rights |= right
    return rights


def attributes(version: int, *, network: bool) -> bytes:
    """``struct landlock_ruleset_attr``, as long as the kernel of this version knows it.

    From version 6 on, a guest cannot send signals out of its own tree; without the network, it cannot reach abstract
    sockets out of it either.
    """
    scoped = SCOPE_SIGNALS | (0 if network else SCOPE_ABSTRACT_SOCKETS)
    whole = struct.pack("=QQQ", handled(version), 0, scoped)
    return whole if version >= 6 else whole[:16] if version >= 4 else whole[:8]


def allowed(version: int, *, write: bool, folder: bool) -> int:
    """The rights of one rule. Devices are never made, not even where a guest may write."""
    rights = handled(version) & ~(MAKE_CHAR | MAKE_BLOCK) if write else READ
    return rights if folder else rights & OF_FILES & handled(version)


def rule(rights: int, descriptor: int) -> bytes:
    """``struct landlock_path_beneath_attr``: packed."""
    return struct.pack("=Qi", rights, descriptor)


def abi(libc: ctypes.CDLL) -> int:
    """The version of the interface, 0 where there is none (``ctypes.get_errno()`` says why)."""
    version: int = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), CREATE_RULESET_VERSION)
    return max(0, version)


def _add(libc: ctypes.CDLL, ruleset: int, version: int, path: str, *, write: bool) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, so there is nothing to allow
    try:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        packed = ctypes.create_string_buffer(rule(allowed(version, write=write, folder=folder), descriptor))
        if libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, packed, 0) != 0:
            raise OSError(ctypes.get_errno(), f"no rule for {path}")
    finally:
        os.close(descriptor)


def restrict(libc: ctypes.CDLL, read: list[str], write: list[str], *, network: bool) -> str:
    """Give up everything but ``read`` and ``write``, for this process and all it starts. ``no_new_privs`` must be set.

    The sentence for coverage: it starts with ``confined``, or with ``open`` where the kernel cannot. Raises OSError
    when it can and the rules cannot be made: the guest would not be what was asked for.
    """
    version = abi(libc)
    if version == 0:
        return f"open: no Landlock in this kernel ({_why(ctypes.get_errno())})"
    packed = attributes(version, network=network)
    ruleset = libc.syscall(
        CREATE_RULESET, ctypes.create_string_buffer(packed, len(packed)), ctypes.c_size_t(len(packed)), 0
    )
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "no Landlock rule set")
    try:
        for paths, writing in ((read, False), (write, True)):
            for path in paths:
                _add(libc, ruleset, version, path, write=writing)
        if libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "the Landlock rules were refused")
    finally:
        os.close(ruleset)
    return f"confined by Landlock {version}"


def _why(number: int) -> str:
    return {errno.ENOSYS: "not built in", errno.EOPNOTSUPP: "switched off"}.get(number, os.strerror(number))
