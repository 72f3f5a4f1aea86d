"""What every rule of the image scanner must do, whoever wrote it: judge its own samples right, and bear any image."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.core.identity import Observation
from pavedroad.scanning.model import Blob
from pavedroad.scanning.scanners.image import feed
from pavedroad.scanning.scanners.image.findings import rule_info
from pavedroad.scanning.scanners.image.model import CONFIGURATION, FILES, ImageRule, Sample
from pavedroad.scanning.scanners.image.rules import rules
from pavedroad.scanning.scanners.image.samples import Files, contents, judged
from pavedroad.scanning.scanners.image.session import ImageSession

RULES = rules()
EACH = pytest.mark.parametrize("name", sorted(RULES))

texts = st.text(max_size=30) | st.sampled_from(
    ("root", "0", "22/tcp", "/etc", "RUN curl http://a.example | sh", "ADD http://a.example /", "CMD [x]", "ID=debian")
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
KEYS = ("User", "ExposedPorts", "Volumes", "Env", "Cmd", "Entrypoint", "Healthcheck", "Labels", "WorkingDir")
configs = st.dictionaries(st.sampled_from(KEYS), values)
steps = st.lists(st.fixed_dictionaries({}, optional={"created_by": values, "empty_layer": values, "created": values}))
files = st.lists(
    st.builds(
        feed.FileLine,
        path=st.sampled_from(("usr/bin/su", "app/.git", "etc/passwd", "root/.ssh/id_rsa", "var/lib/apt/lists/x"))
        | st.text(max_size=20),
        kind=st.sampled_from(("file", "directory", "symlink", "hardlink", "special")),
        mode=st.integers(0, 0o7777),
        uid=st.integers(0, 1 << 31),
        size=st.integers(0, 1 << 40),
        layer=st.integers(-1, 3),
    ),
    max_size=6,
)


def of(rule: ImageRule, sample: Sample) -> list[Observation]:
    return [each for each in judged(sample, rule.reads) if each.finding.rule == f"image/{rule.name}"]


@EACH
def test_every_bad_sample_is_found_and_every_good_one_left_alone(name: str) -> None:
    rule = RULES[name]
    assert rule.bad
    assert rule.good
    for sample in rule.bad:
        assert of(rule, sample), sample
    for sample in rule.good:
        assert not of(rule, sample), sample


@EACH
def test_a_rule_says_what_why_and_how_to_fix(name: str) -> None:
    rule, page = RULES[name], rule_info(RULES[name]).page
    assert rule.reads in (CONFIGURATION, FILES)
    assert "**How to fix.**" in page
    assert len(page.split()) >= 30
    assert rule.remedy.text
    for sample in rule.bad:
        for observation in of(rule, sample):
            finding = observation.finding
            assert finding.message.endswith(".")
            assert finding.remediation
            assert rule.remedy.after or finding.remediation.after or finding.remediation.before
    if rule.benchmark:
        assert f"section {rule.benchmark}" in page


@EACH
def test_the_same_image_gives_the_same_findings_and_identity_twice(name: str) -> None:
    for sample in RULES[name].bad:
        assert of(RULES[name], sample) == of(RULES[name], sample)


@EACH
@given(config=values, files=files, passwd=st.text(max_size=60), today=st.none() | st.dates())
@settings(max_examples=40)
def test_a_rule_bears_any_image(
    name: str, config: object, files: list[feed.FileLine], passwd: str, today: date
) -> None:
    given = config if isinstance(config, dict) else {"config": config}
    sample = Sample(
        config=given, files=tuple(files), system={"etc/passwd": passwd, "etc/os-release": passwd}, today=today
    )
    judged(sample, RULES[name].reads)


@given(config=configs, history=values | steps, rootfs=values, files=files)
@settings(max_examples=300)
def test_any_configuration_is_judged_the_same_twice(
    config: dict[str, object], history: object, rootfs: object, files: list[feed.FileLine]
) -> None:
    whole = {"config": config, "history": history, "rootfs": rootfs}
    told = feed.texts(whole, [], feed.Reference())
    told[feed.FILES] = feed.file_lines(files)
    for path in (feed.CONFIG, feed.FILES):
        first = ImageSession(date(2026, 1, 1)).scan(Blob(path, told[path], Files(told)))
        assert not first.errors
        assert first == ImageSession(date(2026, 1, 1)).scan(Blob(path, told[path], Files(told)))


@given(config=configs, history=steps)
def test_what_the_gate_hands_over_says_the_same_as_the_whole_configuration(
    config: dict[str, object], history: list[dict[str, object]]
) -> None:
    whole = {"config": config, "history": history, "rootfs": {"diff_ids": ["sha256:0"] * len(history)}}
    handed = feed.texts(whole, [], feed.Reference())[feed.CONFIG]
    try:
        raw = json.dumps(whole).encode()
    except ValueError:
        return
    results = [ImageSession().scan(Blob(feed.CONFIG, content, Files({}))) for content in (raw, handed)]
    assert results[0].observations == results[1].observations


@given(
    content=st.binary(max_size=200) | st.sampled_from((b"[]", b"1", b'"x"', b"[" * 10_000, b'{"path":1}\n', b"\n\n"))
)
def test_broken_texts_are_errors_of_their_own(content: bytes) -> None:
    for path in (feed.CONFIG, feed.FILES):
        result = ImageSession().scan(Blob(path, content, Files(dict.fromkeys(feed.SYSTEM, content))))
        assert all(error.next_step for error in result.errors)
    beside = dict.fromkeys((*feed.SYSTEM, feed.CONFIG, feed.REFERENCE, feed.LAYERS), content)
    ImageSession().scan(Blob(feed.FILES, b'{"path":"a"}\n', Files(beside)))


def test_ten_thousand_equal_findings_are_listed_in_part_and_counted() -> None:
    many = tuple(feed.FileLine(path=f"srv/{number}", mode=0o666) for number in range(10_000))
    given = contents(Sample(files=many))
    result = ImageSession().scan(Blob(feed.FILES, given[feed.FILES], Files(given)))
    assert len([each for each in result.observations if each.finding.rule == "image/world-writable"]) == 200
    (gap,) = [gap for gap in result.gaps if "world-writable" in gap.reason]
    assert gap.count == 9800
    assert not gap.harmless


def test_an_ordinary_tree_holds_nothing_for_this_scanner() -> None:
    from pavedroad.scanning.scanners.image import SCANNER

    for path in ("etc/passwd", "config.json", "files.jsonl", "image/config.json", "etc/os-release", ".git"):
        assert not SCANNER.selects(path, 10)
