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


def test_live_validation_is_refused_in_plain_words_even_with_network(tmp_path: Path) -> None:
    wish = msgspec.structs.replace(settings(tmp_path, validate=True), network=True)
    with pytest.raises(UsageError, match="live validation"):
        SCANNER.prepare(wish)


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
