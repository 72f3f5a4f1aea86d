"""``setup.cfg`` and ``setup.py`` (setuptools). ``setup.py`` is a program and is never run: what it
requires is a gap."""

import configparser
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_OPTIONAL, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._python import COMPANIONS, declared, locked


def _read(source: Source) -> Iterator[Package | None]:
    if source.base == "setup.py":
        if b"setup" in source.content:
            harmless = locked(source)
            source.gaps.add("setup.py is a program: what it requires is not known", source.path, harmless=harmless)
        return
    config = configparser.RawConfigParser(strict=False)
    try:
        config.read_string(source.text)
        options = dict(config.items("options")) if config.has_section("options") else {}
        extras = dict(config.items("options.extras_require")) if config.has_section("options.extras_require") else {}
    except (configparser.Error, ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise LockfileError("setup.cfg cannot be read", next_step="repair its sections and options") from error
    pinned = locked(source)
    yield from declared(source, _lines(options.get("install_requires")), SCOPE_RUNTIME, pinned_elsewhere=pinned)
    for text in extras.values():
        yield from declared(source, _lines(text), SCOPE_OPTIONAL, pinned_elsewhere=pinned)


def _lines(text: str | None) -> list[str]:
    found = [line.split(" #")[0].strip() for line in (text or "").replace(";\n", ";").split("\n")]
    return [line for line in found if line and not line.startswith(("#", "file:"))]


PARSER = Format(
    "setuptools", "setup.cfg, setup.py", "PyPI", _read, names=("setup.cfg", "setup.py"), companions=COMPANIONS
)
