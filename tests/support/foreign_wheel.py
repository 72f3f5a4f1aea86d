"""A wheel that stands in for Pavedroad: its ``paved`` writes down what it was asked. No build tool, no index."""

import zipfile
from pathlib import Path

_CODE = """\
import os, sys
def main():
    with open(os.environ["PAVED_ASKED"], "a", encoding="utf-8") as asked:
        asked.write(" ".join(sys.argv[1:]) + "\\n")
"""


def build(folder: Path, version: str = "9.9.9") -> Path:
    """``pavedroad-VERSION-py3-none-any.whl`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"pavedroad-{version}-py3-none-any.whl"
    info = f"pavedroad-{version}.dist-info"
    files = {
        "stand_in_for_pavedroad.py": _CODE,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pavedroad\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\npaved = stand_in_for_pavedroad:main\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(name, text)
    return path
