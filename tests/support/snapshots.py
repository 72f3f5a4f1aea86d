"""Small dated snapshots for the back-test. Nothing in them is real: real EPSS files are 250,000 rows a day."""

import gzip
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path


def kev_file(path: Path, added: Mapping[str, str], released: str = "2026-06-30") -> Path:
    """A catalogue in CISA's form."""
    entries = [{"cveID": cve, "dateAdded": day, "vendorProject": "x"} for cve, day in added.items()]
    path.write_text(json.dumps({"dateReleased": f"{released}T10:00:00.000Z", "vulnerabilities": entries}))
    return path


def epss_file(path: Path, scores: Mapping[str, float], day: date | None = None) -> Path:
    """A daily file in FIRST's form, packed when its name says so."""
    head = f"#model_version:v2026.01.01,score_date:{day}T00:00:00+0000\n" if day else ""
    text = head + "cve,epss,percentile\n" + "".join(f"{cve},{score},0.5\n" for cve, score in scores.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def vectors_file(path: Path, rows: list[str], head: str = "cve,vector,published") -> Path:
    """A list of vectors."""
    path.write_text("\n".join([head, *rows]) + "\n")
    return path
