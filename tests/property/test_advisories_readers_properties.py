"""Readers of lists, catalogues, scores and decision points: any bytes are read or refused, nothing else happens."""

import contextlib
import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.advisories import listing
from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.exploitation import epss, kev, ssvc

junk = st.binary(max_size=400)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
ids = st.from_regex(r"[A-Z]{2,5}-[0-9]{1,5}", fullmatch=True)
days = st.dates().map(lambda day: f"{day.year:04}-{day.month:02}-{day.day:02}T00:00:00Z")


@given(junk)
def test_any_bytes_are_a_list_of_changes_or_refused(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        listing.parse(content)


@given(st.dictionaries(ids, days, max_size=30), st.sets(ids, max_size=30))
def test_a_plan_asks_for_what_is_unknown_and_forgets_what_is_not_listed(
    listed: dict[str, str], known: set[str]
) -> None:
    parsed = listing.parse("".join(f"{time},{name}\n" for name, time in listed.items()).encode())
    assert parsed.keys() == listed.keys()
    made = listing.plan(parsed, known, "1990-01-01T00:00:00.000000000")
    if not made.whole:
        assert listed.keys() - known <= set(made.changed) <= listed.keys()
        assert set(made.gone) == known - listed.keys()


@given(junk | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_catalogue_or_refused(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        kev.parse(content)


@given(st.lists(values, max_size=5), st.text(max_size=30))
def test_entries_of_any_shape_are_counted(entries: list[Any], released: str) -> None:
    good = {"cveID": "CVE-2026-0001", "dateAdded": "2026-01-01"}
    content = json.dumps({"vulnerabilities": [good, *entries], "dateReleased": released}).encode()
    found = kev.parse(content)
    assert len(found.entries) == 1
    assert found.broken == len(entries)


@given(junk | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_cve_record_or_refused(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        ssvc.parse(content)


@given(values)
def test_decision_points_of_any_shape_are_read_or_left_out(content: Any) -> None:
    adp = {"providerMetadata": {"shortName": "CISA-ADP"}, "metrics": [{"other": {"type": "ssvc", "content": content}}]}
    record = {"cveMetadata": {"cveId": "CVE-2026-0001"}, "containers": {"adp": [adp]}}
    points = ssvc.parse(json.dumps(record).encode())
    assert points is None or points.cve == "CVE-2026-0001"


@settings(max_examples=60)
@given(junk | st.text(alphabet="CVE-0123456789.,#\n\"'", max_size=300).map(str.encode), st.booleans())
def test_any_bytes_are_scores_or_refused(content: bytes, packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scores.csv")
        path.write_bytes(gzip.compress(content) if packed else content)
        with contextlib.suppress(SourceError):
            for cve, score, _ in epss.Scores(path).read():
                assert cve.startswith("CVE-")
                assert 0.0 <= score <= 1.0
