"""Bills are built, compared, merged and measured as a reader would by hand."""

from pavedroad.core.component import Component
from pavedroad.core.coverage import Coverage, CoverageStatus, LimitHit, ScanError, Skipped
from pavedroad.core.purl import without_version
from pavedroad.sbom import Bill, Part, Tool, build_bill, compare, gaps_of, measure, merge, read_bill, write_bill
from tests.support.bills import AT, sample_bill

TOOL = Tool(name="pavedroad", version="1")


def component(name: str, version: str = "1", **rest: object) -> Component:
    return Component(purl=f"pkg:pypi/{name}@{version}", name=name, version=version, **rest)  # type: ignore[arg-type]


def bill(*components: Component, name: str = "app") -> Bill:
    return build_bill(components, name=name, tool=TOOL, timestamp=AT)


def test_one_package_in_two_files_is_one_part_with_two_occurrences() -> None:
    made = bill(
        component("a", found_in="x.lock", scope="dev", licenses=("mit",), depends_on=("pkg:pypi/b@1",)),
        component("a", found_in="y.lock", scope="runtime"),
        component("b", found_in="x.lock", direct=False),
    )
    a, b = made.parts
    assert (a.occurrences, a.component.scope, a.component.licenses) == (("x.lock", "y.lock"), "runtime", ("MIT",))
    assert (a.depends_on, b.depends_on) == (("pkg:pypi/b@1",), None)
    assert made.subject is not None
    assert made.subject.depends_on == ("pkg:pypi/a@1",)


def test_an_edge_to_a_package_that_no_file_lists_is_told() -> None:
    made = bill(component("a", depends_on=("pkg:pypi/gone@1",)))
    assert made.parts[0].depends_on == ()
    assert made.gaps == ("1 dependencies are named by other packages and listed by no file, such as pkg:pypi/gone@1",)


def test_only_the_time_differs_between_two_moments() -> None:
    later = build_bill([component("a")], name="app", tool=TOOL, timestamp=AT.replace(year=2027))
    one, other = (write_bill(each, "cyclonedx-json").decode().splitlines() for each in (bill(component("a")), later))
    assert [a for a, b in zip(one, other, strict=True) if a != b] == ['    "timestamp": "2026-01-31T12:00:00Z",']


def test_gaps_of_an_inventory_are_sentences_and_harmless_skips_are_none() -> None:
    coverage = Coverage(
        scanner="dependencies",
        kind="dependencies",
        status=CoverageStatus.PARTIAL,
        errors=(ScanError(message="broken", where="a.lock"),),
        limits=(LimitHit(limit="scan.limits.files", value="10"),),
        skipped=(
            Skipped(reason="an unpinned requirement", count=2, examples=("flask",), harmless=False),
            Skipped(reason="binary", count=9),
        ),
    )
    assert gaps_of([coverage]) == (
        "a.lock: broken",
        "the limit scan.limits.files was reached: 10",
        "2 times an unpinned requirement, such as flask",
    )


def test_gaps_make_the_written_bill_incomplete() -> None:
    made = build_bill([component("a")], name="x", tool=TOOL, gaps=("something",))
    assert b'"aggregate": "incomplete"' in write_bill(made, "cyclonedx-json")
    assert b'"aggregate": "unknown"' in write_bill(bill(component("a")), "cyclonedx-json")
    again = read_bill(write_bill(made, "cyclonedx-xml"))
    assert (again.complete, again.gaps) == (False, ("something",))


def test_a_difference_is_by_package_not_by_version() -> None:
    old = bill(component("same"), component("up", "1"), component("gone"), component("law", licenses=("MIT",)))
    new = bill(component("same"), component("up", "2"), component("come"), component("law", licenses=("Zlib",)))
    found = compare(old, new)
    assert [(c.what, c.package, c.old, c.new) for c in found.changes] == [
        ("added", "pkg:pypi/come", (), ("1",)),
        ("removed", "pkg:pypi/gone", ("1",), ()),
        ("version", "pkg:pypi/up", ("1",), ("2",)),
        ("licence", "pkg:pypi/law", ("1",), ("1",)),
    ]
    assert (found.changes[3].old_licences, found.changes[3].new_licences) == (("MIT",), ("Zlib",))
    assert found.unchanged == 1


def test_a_purl_without_its_version_keeps_its_namespace() -> None:
    assert without_version("pkg:npm/%40acme/ui@1.0?x=y@2#z") == "pkg:npm/%40acme/ui"
    assert without_version("pkg:npm/@acme/ui") == "pkg:npm/@acme/ui"
    assert without_version("pkg:deb/debian/curl@1:7@x?distro=debian-12") == "pkg:deb/debian/curl@1:7"


def test_merging_flat_keeps_one_of_each_and_joins_what_each_knows() -> None:
    one = bill(component("a", found_in="x", depends_on=("pkg:pypi/b@1",)), component("b", found_in="x"), name="one")
    two = bill(component("b", found_in="y", licenses=("MIT",), depends_on=()), name="two")
    merged = merge([one, two], name="both", tool=TOOL, timestamp=AT)
    found = {part.component.name: part for part in merged.parts}
    assert set(found) == {"one", "two", "a", "b"}
    assert (found["b"].occurrences, found["b"].component.licenses, found["b"].depends_on) == (("x", "y"), ("MIT",), ())
    assert found["a"].depends_on == (found["b"].ref,)
    assert merged.subject is not None
    assert merged.subject.depends_on == (found["one"].ref, found["two"].ref)


def test_merging_hierarchically_keeps_each_bill_below_its_subject() -> None:
    merged = merge([bill(component("a"), name="one"), bill(component("a"), name="two")], name="m", tool=TOOL,
                   timestamp=AT, hierarchical=True)  # fmt: skip
    again = read_bill(write_bill(merged, "cyclonedx-json"))
    names = {part.ref: part.component.name for part in again.parts}
    assert [(part.component.name, names.get(part.within, "")) for part in again.parts] == [
        ("one", ""), ("a", "one"), ("two", ""), ("a", "two")
    ]  # fmt: skip


def test_containers_nested_too_deep_are_written_flat_and_none_is_lost() -> None:
    parts = tuple(
        Part(ref=str(n), component=component(f"p{n}"), within=str(n - 1) if n else "1") for n in range(200)
    )  # the first two contain each other
    again = read_bill(write_bill(Bill(parts=parts), "cyclonedx-json"))
    assert len(again.parts) == 200


def test_quality_names_what_the_minimum_elements_ask_for() -> None:
    found = measure(sample_bill())
    shares = {share.what: share.count for share in found.shares}
    assert shares == {
        "purl": 3,
        "version": 3,
        "licence": 3,
        "hash": 2,
        "supplier": 1,
        "dependencies": 2,
        "occurrences": 3,
    }
    assert found.ecosystems == {"PyPI": 2, "(no purl)": 1, "npm": 1}
    assert found.missing == (
        "3 of 4 components have not a supplier",
        "1 of 4 components have not a version",
        "1 of 4 components have not an identifier (purl or CPE)",
    )
    assert "no component is listed" in measure(Bill()).missing
