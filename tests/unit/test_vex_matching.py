"""Which statements count for a finding, and what they do to it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from pavedroad.core import AssetKind, AssetRef, Finding, Judged, Justification, Severity, VexStatus, WaiverMatch
from pavedroad.core.priority import Priority, Signals
from pavedroad.vex import Document, Product, Statement, apply_vex, purls_of
from pavedroad.vex.matching import means
from tests.support.sample_run import dependency, secret

OURS = ("pkg:oci/shop",)


def said(status: VexStatus = VexStatus.NOT_AFFECTED, purl: str = "pkg:pypi/jinja2", **more: Any) -> Statement:
    fields: dict[str, Any] = {
        "vulnerability": "CVE-2025-27516",
        "products": (Product(purl=purl),),
        "justification": Justification.CODE_NOT_IN_EXECUTE_PATH if status is VexStatus.NOT_AFFECTED else None,
        **more,
    }
    return Statement(status=status, **fields)


def applied(*statements: Statement, finding: Finding | None = None, **judged: Any) -> tuple[Judged, tuple[str, ...]]:
    document = Document(statements=statements, author="Example Org", where="vex.json")
    outcome = apply_vex([Judged(finding=finding or dependency(), **judged)], [document], products=OURS)
    return outcome.judged[0], outcome.notes


@pytest.mark.parametrize(
    ("stated", "purl", "same"),
    [
        ("pkg:pypi/jinja2", "pkg:pypi/jinja2@3.1.2", True),
        ("pkg:pypi/Jinja2@3.1.2", "pkg:pypi/jinja2@3.1.2", True),
        ("pkg:pypi/jinja2@3.1.3", "pkg:pypi/jinja2@3.1.2", False),
        ("pkg:pypi/zope.interface", "pkg:pypi/zope-interface@1", True),
        ("pkg:deb/debian/openssl@1?arch=amd64", "pkg:deb/debian/openssl@1?arch=amd64&distro=debian-12", True),
        ("pkg:deb/debian/openssl@1?arch=amd64", "pkg:deb/debian/openssl@1", False),
        ("pkg:deb/debian/openssl@1?arch=amd64", "pkg:deb/debian/openssl@1?arch=arm64", False),
        ("pkg:golang/example.com/m@1.2.0", "pkg:golang/example.com/m@v1.2.0", True),
        ("pkg:npm/%40acme/ui", "pkg:npm/ui@1", False),
        ("jinja2", "pkg:pypi/jinja2@3.1.2", False),
    ],
)
def test_a_purl_means_all_that_say_the_same_and_more(stated: str, purl: str, same: bool) -> None:
    assert means(stated, purl) is same


@pytest.mark.parametrize("name", ["CVE-2025-27516", "cve-2025-27516", "GHSA-cpwx-vrp4-4pq7", "PYSEC-2025-33"])
def test_any_name_of_the_flaw_will_do(name: str) -> None:
    judged, notes = applied(said(vulnerability=name))
    assert judged.waived
    assert "1 of 1 statements" in notes[-1]


def test_an_alias_of_the_statement_will_do() -> None:
    assert applied(said(vulnerability="EXAMPLE-1", aliases=("CVE-2025-27516",)))[0].waived
    assert not applied(said(vulnerability="CVE-2025-1"))[0].vex


@pytest.mark.parametrize(
    ("product", "heeded"),
    [
        (Product(purl="pkg:pypi/jinja2"), True),
        (Product(purl="pkg:oci/shop"), True),
        (Product(purl="pkg:oci/shop", subcomponents=("pkg:pypi/jinja2@3.1.2",)), True),
        (Product(purl="pkg:oci/shop", subcomponents=("pkg:pypi/flask",)), False),
        (Product(purl="pkg:oci/other", subcomponents=("pkg:pypi/jinja2@3.1.2",)), False),
        (Product(purl="pkg:oci/other"), False),
    ],
)
def test_a_statement_is_about_our_product_or_the_component(product: Product, heeded: bool) -> None:
    assert (applied(said(products=(product,)))[0].waived is not None) is heeded


@pytest.mark.parametrize("status", VexStatus)
def test_only_not_affected_and_fixed_set_aside_and_all_are_shown(status: VexStatus) -> None:
    judged, _ = applied(said(status))
    assert judged.vex
    assert judged.vex.status is status
    assert (judged.waived is not None) is (status in (VexStatus.NOT_AFFECTED, VexStatus.FIXED))
    assert "Example Org" in judged.vex.sentence
    assert "vex.json" in judged.vex.sentence


def test_not_affected_without_a_reason_is_told_and_not_heeded() -> None:
    judged, notes = applied(said(justification=None))
    assert judged.waived is None
    assert any("does not say why" in note for note in notes)
    assert applied(said(justification=None, impact="nobody calls it"))[0].waived


def test_the_latest_statement_counts_and_of_equals_the_most_cautious() -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    good, bad = said(timestamp=old), said(VexStatus.AFFECTED, timestamp=new)
    for statements in ((good, bad), (bad, good)):
        judged, _ = applied(*statements)
        assert judged.waived is None
        assert judged.vex
        assert "others differ" in judged.vex.sentence.replace("statements ", "s ") or "differ" in judged.vex.sentence
    assert applied(msgspec.structs.replace(good, timestamp=new), msgspec.structs.replace(bad, timestamp=old))[0].waived
    assert applied(good, msgspec.structs.replace(bad, timestamp=old))[0].waived is None
    assert applied(good, msgspec.structs.replace(bad, timestamp=None))[0].waived


def test_what_is_known_to_be_exploited_is_set_aside_with_a_loud_note() -> None:
    priority = Priority(table="t", tier="3 days", rank=0, signals=Signals(known_exploited=True))
    judged, notes = applied(said(), priority=priority)
    assert judged.waived
    assert notes[0].startswith("KNOWN EXPLOITED")


def test_a_malicious_package_is_never_set_aside() -> None:
    for changes in ({"severity": Severity.MALICIOUS}, {"aliases": ("CVE-2025-27516", "MAL-2025-1")}):
        judged, notes = applied(said(), finding=msgspec.structs.replace(dependency(), **changes))
        assert judged.waived is None
        assert "malicious" in notes[0]


def test_the_ledger_goes_before_and_markers_behind() -> None:
    ledger = WaiverMatch(waiver="W-1", origin="ledger", sentence="x")
    assert applied(said(), waived=ledger)[0].waived == ledger
    marker = WaiverMatch(waiver="inline:x", origin="inline:x", sentence="x")
    found, _ = applied(said(), waived=marker)
    assert found.waived
    assert found.waived.origin == "vex"


def test_findings_that_are_no_flaws_of_components_are_left_alone() -> None:
    assert applied(said(), finding=secret())[0].vex is None


def test_a_repository_is_named_by_its_host_and_by_its_name() -> None:
    asset = AssetRef(kind=AssetKind.REPOSITORY, name="github.com/Org/Shop")
    assert purls_of(asset, ["pkg:oci/shop"]) == (
        "pkg:oci/shop",
        "pkg:github/org/shop",
        "pkg:generic/github.com/Org/Shop",
    )
    assert purls_of(AssetRef(kind=AssetKind.REPOSITORY, name="p")) == ("pkg:generic/p",)


def test_an_image_is_named_by_its_repository() -> None:
    names = purls_of(AssetRef(kind=AssetKind.IMAGE, name="registry.example/team/shop"))
    assert any(means("pkg:oci/shop", name) for name in names)
    assert any(means("pkg:oci/shop?repository_url=registry.example/team/shop", name) for name in names)
    assert not any(means("pkg:oci/shop?repository_url=registry.example/other/shop", name) for name in names)
