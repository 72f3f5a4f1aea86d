"""The type of the ``run_paved`` fixture, importable by tests."""

import subprocess
from pathlib import Path
from typing import Protocol


class RunPaved(Protocol):
    """Runs ``paved ARGS`` as a process; ``env`` is added to the neutral environment of the tests."""

    def __call__(
        self, *args: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 120
    ) -> "subprocess.CompletedProcess[str]": ...
