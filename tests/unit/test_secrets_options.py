"""Secrets: options are checked with helpful words, and the digest covers what a result depends on."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from pavedroad.core.errors import UsageError
from pavedroad.scanning.model import ScanSettings
from pavedroad.scanning.scanners.secrets import SCANNER


def settings(tmp_path: Path, **options: Any) -> ScanSettings:
    return ScanSettings(key=b"k" * 32, user_cache=str(tmp_path), data=str(tmp_path), options=options)


def test_a_misspelt_option_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'confidence'"):
        SCANNER.prepare(settings(tmp_path, confidense="low"))


@pytest.mark.parametrize(
    "options",
    [{"confidence": "sure"}, {"confidence": 3}, {"allow_paths": "x"}, {"allow_paths": [3]}, {"nothing_alike": 1}],
)
def test_wrong_options_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        SCANNER.prepare(settings(tmp_path, **options))


@pytest.mark.parametrize("value", ["yes", 1, None, ["true"]])
def test_validate_is_true_or_false_and_nothing_else(tmp_path: Path, value: object) -> None:
    with pytest.raises(UsageError, match="validate must be true or false"):
        SCANNER.prepare(settings(tmp_path, validate=value))


def test_live_checks_are_off_unless_asked_for(tmp_path: Path) -> None:
    assert SCANNER.verification(settings(tmp_path)) is None
    assert "live validation is off" in SCANNER.prepare(settings(tmp_path)).notes[0]
    wanted = SCANNER.verification(settings(tmp_path, validate=True))
    assert wanted is not None
    assert wanted.needs.network
    assert not SCANNER.needs.network


def test_asking_for_live_checks_keeps_what_the_cache_knows(tmp_path: Path) -> None:
    plain, live = settings(tmp_path), settings(tmp_path, validate=True)
    assert SCANNER.prepare(plain).digest == SCANNER.prepare(live).digest


def test_the_digest_depends_on_key_and_options_but_not_on_folders(tmp_path: Path) -> None:
    base = settings(tmp_path)
    digest = SCANNER.prepare(base).digest
    assert SCANNER.prepare(settings(tmp_path / "other")).digest == digest
    assert SCANNER.prepare(msgspec.structs.replace(base, key=b"j" * 32)).digest != digest
    assert SCANNER.prepare(settings(tmp_path, confidence="high")).digest != digest


def test_preparing_loads_no_engine(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pavedroad.scanning.model import ScanSettings;"
        "from pavedroad.scanning.scanners.secrets import SCANNER;"
        f"SCANNER.prepare(ScanSettings(key=b'k', user_cache={str(tmp_path)!r}, data='x'));"
        "sys.exit('kingfisher_sdk' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_media_and_empty_files_are_not_read() -> None:
    assert not SCANNER.selects("logo.PNG", 10)
    assert not SCANNER.selects("empty.txt", 0)
    assert SCANNER.selects("a/.env", 10)
    assert SCANNER.selects("no-ending", 10)
