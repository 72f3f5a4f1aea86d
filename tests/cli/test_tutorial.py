"""The tutorial's commands do what the tutorial says."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(r"^```sh(?: exit=(\d+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_every_step_ends_as_told(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "tutorial" / "first-gate.md").read_text(encoding="utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "paved").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pavedroad "$@"\n')
    (tools / "paved").chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    folder = tmp_path
    steps = _BLOCK.findall(text)
    assert len(steps) >= 5
    for wanted, commands in steps:
        done = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == int(wanted or 0), f"{commands}\n{done.stdout}\n{done.stderr}"
        folder = tmp_path / "shop"
