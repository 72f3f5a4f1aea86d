"""Secrets: readers of hostile text never crash, keep true offsets, and nothing shown holds a secret."""

import itertools
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.core.severity import Confidence
from pavedroad.infra.plugins import registry
from pavedroad.scanning.scanners.secrets import keyfiles, listed, privatekeys
from pavedroad.scanning.scanners.secrets.detectors import _lines, _markup
from pavedroad.scanning.scanners.secrets.judgement import judge
from pavedroad.scanning.scanners.secrets.masking import line_of, masked
from pavedroad.scanning.scanners.secrets.merge import merge
from pavedroad.scanning.scanners.secrets.model import Candidate, Detector
from pavedroad.scanning.scanners.secrets.text import normalise, places

DETECTORS: dict[str, Detector] = registry("pavedroad.scanning.scanners.secrets.detectors", "DETECTOR")
PATHS = (
    *(
        ".env",
        ".netrc",
        ".npmrc",
        ".git-credentials",
        ".docker/config.json",
        "a.yaml",
        "etc/shadow",
        ".htpasswd",
        ".pgpass",
    ),
    *(
        "my.cnf",
        "sitemanager.xml",
        "sftp.json",
        "winscp.ini",
        "settings.py",
        "wp-config.php",
        "application.yml",
        "web.config",
    ),
    *(
        "appsettings.json",
        "a.sql",
        ".vscode/x.json",
        "credentials.xml",
        ".aws/credentials",
        "x.publishsettings",
        ".muttrc",
    ),
    *("chap-secrets", "x.ovpn", "server.properties", "x.tf", "x.tfvars", "x.tfstate", ".gitlab-ci.yml", "Dockerfile"),
    *(".bash_history", ".vault_pass", "rootkey.csv", "nuget.config", ".gitcookies", "dataSources.xml"),
)
PIECES = st.sampled_from(
    [
        *(
            "password",
            "=",
            ":",
            '"',
            "'",
            "\n",
            "\r\n",
            " ",
            "{",
            "}",
            "[",
            "]",
            "<Pass>",
            "</Pass>",
            "<a b='c'/>",
            "\\",
            "${X}",
            "$1$",
        ),
        *(
            "insert into u (password) values (",
            "'x'",
            ",",
            ")",
            ";",
            "kind: Secret",
            "apiVersion",
            "data:",
            "copy u (pwd) from stdin;",
        ),
        *(
            "machine h login u password ",
            "//r/:_authToken=",
            "https://u:p@h",
            "-----BEGIN ",
            "\x00",
            "\xff",
            "é",
            "Tulip9!xQ",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
SECRETS = st.text(string.ascii_letters + string.digits + "!#-_", min_size=6, max_size=40)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(PATHS), text=TEXTS)
def test_no_detector_crashes_and_every_span_lies_inside_the_text(path: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode("latin-1")
    for detector in DETECTORS.values():
        if detector.selects(path):
            for candidate in detector.detect(path, text):
                assert 0 <= candidate.start <= candidate.end <= len(text)
                judge(candidate, path)


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_readers_give_values_that_stand_where_they_say(text: str) -> None:
    for reader in (_lines.settings, _markup.json_values, _markup.xml_values):
        for value in reader(text):
            assert text[value.start : value.end] == value.value


@given(content=st.binary(max_size=300))
def test_normalising_and_key_files_accept_any_bytes(content: bytes) -> None:
    normal = normalise(content)
    found = places(normal, [0, len(normal) // 2, len(normal)])
    assert all(line >= 1 and column >= 1 for line, column in found.values())
    list(keyfiles.detect("x.p12", content))
    privatekeys.type_of(content)
    start, end = privatekeys.block(content, 0, min(5, len(content)))
    assert 0 <= start <= end <= max(len(content), 5)


@given(before=st.text(max_size=300), secret=SECRETS, after=st.text(max_size=300))
def test_a_shown_line_never_holds_the_secret(before: str, secret: str, after: str) -> None:
    content = f"{before}{secret}{after} {secret}".encode("utf-8", "replace")
    start = len(before.encode("utf-8", "replace"))
    shown = line_of(content, start, [(start, start + len(secret), secret.encode())])
    assert secret not in shown.replace("…", "")
    assert len(shown) <= 200
    assert secret not in masked(secret.encode())


@given(text=st.text(max_size=200))
def test_lines_and_columns_are_those_of_the_text(text: str) -> None:
    content = text.encode("utf-8", "replace")
    clean = content.decode()
    for at in range(0, len(clean) + 1, 7):
        before = clean[:at]
        offset = len(before.encode())
        assert places(content, [offset])[offset] == (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


SPANS = st.tuples(
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from(["env-file", "assigned-secret", "kingfisher.x", "url-password"]),
)


@given(spans=st.lists(SPANS, max_size=12))
def test_merging_gives_disjoint_candidates_and_loses_no_place(spans: list[tuple[int, int, str]]) -> None:
    several = [
        Candidate(start=a, end=a + n, secret=b"x" * n, type=kind, confidence=Confidence.MEDIUM, witness="w", why="y")
        for a, n, kind in spans
    ]
    merged = merge(several)
    assert all(left.end <= right.start for left, right in itertools.pairwise(merged))
    assert bool(merged) == bool(several)
    assert merge(merged) == merged


@given(st.text(alphabet="ab \\\"'(),:=>\n", max_size=200).map(str.encode))
def test_lists_and_rows_are_taken_apart_within_their_bounds(content: bytes) -> None:
    rows = b"id, password) values " + content
    for low, high in (
        *listed.members(content, 0, len(content)),
        *(span for _, span in listed.inserted(rows, 0, len(rows))),
    ):
        assert 0 <= low < high <= len(rows)
