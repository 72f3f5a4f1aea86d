"""Whatever documents say, some things hold."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.core import Judged, Justification, Severity, VexStatus
from pavedroad.vex import Document, Product, Statement, apply_vex
from pavedroad.vex.exporting import document_of
from tests.support.sample_run import dependency, sample_run

statements = st.builds(
    Statement,
    vulnerability=st.sampled_from(["CVE-2025-27516", "GHSA-cpwx-vrp4-4pq7", "CVE-2025-1"]),
    products=st.sampled_from(
        [
            (Product(purl="pkg:pypi/jinja2"),),
            (Product(purl="pkg:oci/shop", subcomponents=("pkg:pypi/jinja2@3.1.2",)),),
            (Product(purl="pkg:oci/other", subcomponents=("pkg:pypi/jinja2",)),),
            (),
        ]
    ),
    status=st.sampled_from(VexStatus),
    justification=st.none() | st.sampled_from(Justification),
    impact=st.sampled_from(["", " ", "no"]),
    timestamp=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3), timezones=st.just(UTC)),  # noqa: DTZ001
)


def apply(said: list[Statement], **changes: object) -> Judged:
    finding = msgspec.structs.replace(dependency(), **changes)
    document = Document(statements=tuple(said), author="A", where="a.json")
    (judged,) = apply_vex([Judged(finding=finding)], [document], products=["pkg:oci/shop"]).judged
    return judged


@given(said=st.lists(statements, max_size=5), data=st.data())
@settings(max_examples=200)
def test_the_order_of_statements_changes_nothing(said: list[Statement], data: st.DataObject) -> None:
    first, second = apply(said), apply(data.draw(st.permutations(said)))
    assert (first.waived is None) is (second.waived is None)
    assert (first.vex and first.vex.status) is (second.vex and second.vex.status)


@given(said=st.lists(statements, max_size=5))
def test_a_malicious_package_is_never_set_aside_and_nothing_silently(said: list[Statement]) -> None:
    assert apply(said, severity=Severity.MALICIOUS).waived is None
    judged = apply(said)
    if judged.waived is not None:
        assert judged.vex
        assert judged.vex.status in (VexStatus.NOT_AFFECTED, VexStatus.FIXED)
        assert judged.vex.author in judged.waived.sentence
        assert any(each.reasoned and each.status is judged.vex.status for each in said)


@given(said=st.lists(statements, max_size=4))
def test_an_export_never_says_more_than_was_heeded(said: list[Statement]) -> None:
    judged = apply(said)
    document = document_of(
        sample_run(findings=(judged,)),
        product="pkg:oci/shop",
        author="B",
        timestamp=datetime(2026, 2, 1, tzinfo=UTC),
        tool="pavedroad 0",
    )
    (statement,) = document.statements
    cleared = statement.status in (VexStatus.NOT_AFFECTED, VexStatus.FIXED)
    assert cleared is (judged.waived is not None)
