"""What the image scanner says of whole small images, and what it never says."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.core.finding import Finding
from pavedroad.core.severity import Severity
from pavedroad.scanning.model import Blob, FileResult, ScanSettings
from pavedroad.scanning.scanners.image import SCANNER, feed
from pavedroad.scanning.scanners.image.accounts import accounts
from pavedroad.scanning.scanners.image.advice import advise
from pavedroad.scanning.scanners.image.attribution import APPLICATION, BASE, UNKNOWN, attributions, base_reference
from pavedroad.scanning.scanners.image.configuration import read
from pavedroad.scanning.scanners.image.distributions import Distribution, distribution, families, family_of
from pavedroad.scanning.scanners.image.instructions import parsed, shown
from pavedroad.scanning.scanners.image.samples import Files
from pavedroad.scanning.scanners.image.session import ImageSession

SECRET = "Xk29vbQz" + "81LmPoR7"  # in two pieces: this repository is checked by its own gate


def config(*history: str, **inner: Any) -> dict[str, Any]:
    """An OCI configuration; lines that start with CMD and the like make no layer."""
    entries = [
        {"created_by": line, "empty_layer": not line.startswith(("RUN", "COPY", "ADD", "/bin"))} for line in history
    ]
    count = sum(not each["empty_layer"] for each in entries)
    return {"config": inner, "history": entries, "rootfs": {"diff_ids": [f"sha256:{n}" for n in range(count)]}}


def look(
    path: str, given: dict[str, Any], *, today: date | None = date(2026, 1, 15), files: dict[str, bytes] | None = None
) -> FileResult:
    told = {**feed.texts(given, [], feed.Reference()), **(files or {})}
    told.setdefault(feed.FILES, feed.file_lines([feed.FileLine(path="etc")]))
    return ImageSession(today).scan(Blob(path, told[path], Files(told)))


def findings(result: FileResult) -> dict[str, Finding]:
    return {each.finding.rule: each.finding for each in result.observations}


# --- what history may show ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        f"ENV API_KEY={SECRET}",
        f"/bin/sh -c #(nop)  ENV API_KEY={SECRET}",
        f"ENV PASSWORD {SECRET}",
        f"ARG TOKEN={SECRET}",
        f"LABEL note={SECRET}",
        f"RUN |1 TOKEN={SECRET} /bin/sh -c make # buildkit",
        f"|2 A=1 TOKEN={SECRET} /bin/bash -o pipefail -c make",
        f"RUN |1 TOKEN={SECRET}",
        f"RUN /bin/sh -c curl -H 'Authorization: Bearer {SECRET}' https://a.example",
        f"RUN /bin/sh -c git clone https://me:{SECRET}@git.example/x",
        f"RUN /bin/sh -c curl -u me:{SECRET} https://a.example",
        f"RUN /bin/sh -c mysql --password {SECRET}",
        f"RUN /bin/sh -c DB_PASSWORD={SECRET} ./migrate",
        f"RUN /bin/sh -c echo root:{SECRET} | chpasswd",
        f"RUN /bin/sh -c echo {SECRET}aB3dE6 > /x",
        'CMD ["app", "--token=' + SECRET + '"]',
    ],
)
def test_no_value_that_may_be_a_secret_is_shown_of_a_history_line(line: str) -> None:
    assert SECRET not in shown(line)
    told = feed.texts(config(line), [feed.LayerLine(number=0, created_by=line)], feed.Reference())
    for path, content in told.items():
        assert SECRET.encode() not in content or path in feed.FOR_SECRETS, path
    assert SECRET.encode() in b"".join(told[path] for path in feed.FOR_SECRETS)


def test_variables_labels_and_arguments_go_to_the_secrets_scanner_one_a_line() -> None:
    given = config(
        f"RUN |2 NOTE=two words TOKEN={SECRET} /bin/sh -c make # buildkit",
        Env=["PATH=/bin", f"DB_PASSWORD={SECRET}", "KEY=a\nb"],
        Labels={"note": "x y"},
        Cmd=["app", "--fast"],
    )
    told = feed.texts(given, [], feed.Reference())
    assert told[feed.ENVIRONMENT].decode().splitlines() == ["PATH=/bin", f"DB_PASSWORD={SECRET}", 'KEY="a\\nb"']
    assert told[feed.LABELS].decode() == 'note="x y"\n'
    assert told[feed.ARGUMENTS].decode().splitlines() == ['NOTE="two words"', f"TOKEN={SECRET}"]
    assert told[feed.HISTORY].decode().splitlines() == ["make", "app --fast"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ('/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'),
        ("RUN /bin/sh -c make # buildkit", "RUN make"),
        ("|1 A=b /bin/sh -c make", "RUN make"),
        ("COPY app /app # buildkit", "COPY app /app"),
        ("/bin/sh -c #(nop) ADD file:01 in / ", "ADD file:01 in /"),
        ("WORKDIR /app", "WORKDIR /app"),
        ("", ""),
    ],
)
def test_the_spellings_of_all_builders_become_dockerfile_lines(line: str, text: str) -> None:
    assert parsed(line).text == text


@given(st.text(max_size=300))
def test_any_history_line_is_shown_on_one_bounded_printable_line(line: str) -> None:
    text = shown(line, 80)
    assert len(text) <= 80
    assert text.isprintable()


# --- attribution ----------------------------------------------------------------------------------------------------


def parts(given: dict[str, Any], base: tuple[str, ...] = ()) -> list[str]:
    return [each.part for each in attributions(read(given), base)]


def test_what_stands_above_the_command_of_a_base_is_the_application() -> None:
    given = config(
        "/bin/sh -c #(nop) ADD file:01 in / ", 'CMD ["bash"]', "RUN a", 'CMD ["python3"]', "COPY . /app", 'CMD ["app"]'
    )
    assert parts(given) == [BASE, BASE, APPLICATION]
    assert attributions(read(given))[2].instruction == "COPY . /app"


def test_a_lone_root_file_system_is_the_base_and_the_rest_the_application() -> None:
    assert parts(config("ADD rootfs.tar.xz / # buildkit", "COPY . /app")) == [BASE, APPLICATION]
    assert parts(config("COPY rootfs / # base", "COPY app /app")) == [BASE, APPLICATION]


def test_without_a_sign_nothing_is_guessed() -> None:
    assert parts(config("COPY server /server", 'CMD ["/server"]')) == [UNKNOWN]
    assert parts({"rootfs": {"diff_ids": ["sha256:0", "sha256:1"]}}) == [UNKNOWN, UNKNOWN]
    assert parts({}) == []


def test_history_that_does_not_fit_the_layers_is_not_believed() -> None:
    given = {**config("ADD file:01 in /", "COPY . /app"), "rootfs": {"diff_ids": ["sha256:0"]}}
    assert parts(given) == [UNKNOWN]


def test_known_layers_of_the_base_go_before_history() -> None:
    given = config("COPY a /a", "COPY b /b", "COPY c /c")
    assert parts(given, ("sha256:0", "sha256:1")) == [BASE, BASE, APPLICATION]
    assert parts(given, ("sha256:9",)) == [UNKNOWN] * 3


def test_the_base_is_named_by_annotations_first_and_labels_second() -> None:
    name, digest = "org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"
    labelled = read(config(Labels={name: "label.example/a:1", digest: "sha256:1"}))
    assert base_reference(labelled, {}) == ("label.example/a:1", "sha256:1")
    assert base_reference(labelled, {name: "note.example/b:2"})[0] == "note.example/b:2"
    assert base_reference(read({}), {}) == ("", "")


@given(
    st.lists(
        st.sampled_from(("RUN a", 'CMD ["x"]', "COPY . /", "ENTRYPOINT x", "WORKDIR /", "ADD rootfs /", "")),
        max_size=12,
    )
)
def test_a_base_is_always_below_the_application(history: list[str]) -> None:
    found = parts(config(*history))
    assert found == sorted(found, key=(BASE, APPLICATION, UNKNOWN).index)


def test_a_finding_in_a_layer_says_which_and_who_brought_it() -> None:
    given = config("ADD file:01 in /", 'CMD ["sh"]', "RUN chmod 4755 /opt/x")
    files = feed.file_lines([feed.FileLine(path="opt/x", mode=0o4755, layer=1)])
    told = {
        each.name: each.value
        for each in findings(look(feed.FILES, given, files={feed.FILES: files}))["image/set-user-id"].evidence
    }
    assert told["layer"] == "2 of the image, sha256:1"
    assert told["brought by"] == "RUN chmod 4755 /opt/x"
    assert told["part"].startswith(APPLICATION)


# --- distributions --------------------------------------------------------------------------------------------------


def end(os_release: str, today: date | None) -> Finding | None:
    result = look(feed.FILES, {}, today=today, files={"usr/lib/os-release": os_release.encode()})
    return findings(result).get("image/end-of-life")


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2024, 6, 29), Severity.LOW),
        (date(2024, 6, 30), Severity.LOW),
        (date(2024, 7, 1), Severity.HIGH),
        (date(2022, 9, 10), Severity.LOW),
        (date(2022, 6, 1), None),
    ],
)
def test_an_end_of_life_comes_on_its_day(today: date, severity: Severity | None) -> None:
    found = end('ID=debian\nVERSION_ID="10"\n', today)
    assert (found.severity if found else None) is severity


def test_an_old_release_is_told_with_what_to_write_in_its_place() -> None:
    found = end('ID=alpine\nVERSION_ID=3.15.4\nPRETTY_NAME="Alpine Linux v3.15"\n', date(2026, 1, 15))
    assert found is not None
    assert found.remediation is not None
    assert (found.remediation.before, found.remediation.after) == ("FROM alpine:3.15", "FROM alpine:3.23")
    assert any("https://alpinelinux.org" in each.value for each in found.evidence)


@pytest.mark.parametrize("os_release", ["ID=debian\nVERSION_ID=99\n", "ID=mylinux\n", ""])
def test_what_the_table_does_not_know_is_said(os_release: str) -> None:
    result = look(feed.FILES, {}, files={"etc/os-release": os_release.encode()})
    assert any("end of life" in gap.reason for gap in result.gaps)


def test_without_a_day_the_run_says_that_it_could_not_judge() -> None:
    (gap,) = look(feed.FILES, {}, today=None, files={"etc/os-release": b"ID=debian\nVERSION_ID=10\n"}).gaps
    assert not gap.harmless


def test_the_day_is_part_of_what_a_cached_result_depends_on() -> None:
    days = (None, date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2))
    digests = [SCANNER.prepare(ScanSettings(key=b"k", user_cache="/c", data="/d", today=day)).digest for day in days]
    assert len(set(digests)) == 3
    assert digests[2] == digests[3]


@pytest.mark.parametrize("name", sorted(families()))
def test_the_table_holds_together(name: str) -> None:
    family = families()[name]
    assert family.source.startswith("https://")
    assert family.rolling is not bool(family.releases)
    for release in family.releases:
        assert release.since < release.ends <= (release.extended or release.ends)
        assert family.find(f"{release.version}.7") is release or family.find(release.version) is release
        assert "{" not in family.reference(release)
        assert not any("{" in family.reference(release, lean) for lean in family.lean)
    assert len({release.version for release in family.releases}) == len(family.releases)


def test_two_distributions_of_one_id_are_told_apart() -> None:
    stream, linux = (distribution(f'ID="centos"\nNAME="{n}"\n'.encode()) for n in ("CentOS Stream", "CentOS Linux"))
    assert [each.name for each in (family_of(stream), family_of(linux)) if each] == ["CentOS Stream", "CentOS Linux"]


def test_advice_names_the_newest_supported_release_and_no_interim_one() -> None:
    found = advise(Distribution(id="ubuntu", version="22.04"), date(2026, 3, 1))
    assert found is not None
    assert (found.newer_image, found.fewer) == ("ubuntu:24.04", None)
    assert advise(Distribution(id="ubuntu", version="24.04"), date(2026, 3, 1)) is None
    assert advise(Distribution(id="wolfi"), date(2026, 3, 1)) is None


def test_advice_counts_findings_where_somebody_did_and_advises_nothing_worse() -> None:
    old = Distribution(id="debian", version="12")
    better, worse = (advise(old, date(2026, 3, 1), {"12": 40, "13": n}) for n in (15, 41))
    assert better is not None
    assert better.fewer == 25
    assert worse is None


@given(st.binary(max_size=300))
def test_any_os_release_is_borne(content: bytes) -> None:
    found = distribution(content)
    assert all(len(text) <= 200 for text in (found.id, found.version, found.name))
    family_of(found)


# --- accounts -------------------------------------------------------------------------------------------------------


def test_accounts_are_read_as_the_c_library_does() -> None:
    found = accounts(
        b"root:x:0:0:root:/root:/bin/sh\n# no\nbroken\ndaemon:*:1:1::/:/usr/sbin/nologin\nx:x:-1:1::/:\n", b"root::1\n"
    )
    assert [(each.name, each.uid, each.password, each.may_log_in) for each in found] == [
        ("root", 0, "none", True),
        ("daemon", 1, "locked", False),
    ]


def test_a_shadow_file_that_is_not_there_says_nothing_about_passwords() -> None:
    assert accounts(b"root:x:0:0:root:/root:/bin/sh\n", None)[0].password == ""


@given(st.binary(max_size=300), st.none() | st.binary(max_size=300))
def test_any_account_files_are_borne(passwd: bytes, shadow: bytes | None) -> None:
    assert all(0 <= each.uid < 10**10 for each in accounts(passwd, shadow))


# --- hostile configurations -----------------------------------------------------------------------------------------


def test_wrong_types_are_gaps_and_the_rest_is_judged() -> None:
    given = {"config": {"User": 0, "ExposedPorts": 22, "Env": [1, "A=b"], "Volumes": {"/etc": {}}}, "history": "none"}
    result = look(feed.CONFIG, given)
    assert {"image/runs-as-root", "image/sensitive-volume"} <= set(findings(result))
    assert {example for gap in result.gaps for example in gap.examples} >= {"User is no text", "history is no list"}
    assert not any(gap.harmless for gap in result.gaps)


def test_a_configuration_of_enormous_lists_is_cut_and_says_so() -> None:
    given = config(Env=[f"A{n}=1" for n in range(5000)], ExposedPorts={f"{n}/tcp": {} for n in range(5000)})
    given["history"] = [{"created_by": "RUN a", "empty_layer": True}] * 5000
    result = look(feed.CONFIG, given)
    assert len([gap for gap in result.gaps if not gap.harmless]) >= 3
    assert len(result.observations) < 1000


def test_a_lone_surrogate_and_a_control_character_reach_no_report() -> None:
    result = look(
        feed.CONFIG, json.loads('{"config": {"User": "root", "Volumes": {"/etc\\ud800\\u001b[31m": {}, "/etc": {}}}}')
    )
    for observation in result.observations:
        assert observation.finding.message.encode().isascii()
        assert observation.finding.message.isprintable()


def test_identity_does_not_change_with_tag_digest_size_or_layer() -> None:
    one = contents_of(reference="registry.example/app:1", size=2 << 20, layer=0)
    other = contents_of(reference="registry.example/app:2", size=9 << 20, layer=1)
    assert one == other
    assert len(one) >= 3


def contents_of(*, reference: str, size: int, layer: int) -> set[tuple[str, ...]]:
    files = [
        feed.FileLine(path="root/.cache/pip/a", size=size, layer=layer),
        feed.FileLine(path="opt/x", mode=0o4755, layer=layer),
    ]
    told = feed.texts(config("COPY a /", "COPY b /"), [], feed.Reference(reference=reference, digest=reference))
    told[feed.FILES] = feed.file_lines(files)
    results = (ImageSession().scan(Blob(path, told[path], Files(told))) for path in (feed.CONFIG, feed.FILES))
    return {each.anchor for result in results for each in result.observations}
