"""Our purl codec gives what the reference implementation gives, and bears any text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from pavedroad.core.ecosystems import named, purl
from pavedroad.core.purl import Purl, PurlError, make, parse, without_version

TYPES = ["pypi", "npm", "golang", "cargo", "maven", "gem", "composer", "nuget", "hex", "pub", "swift", "conan", "conda"]
TYPES += ["cran", "hackage", "github", "docker", "oci", "deb", "rpm", "apk", "generic", "bitnami", "alpm"]
ECOSYSTEMS = ["PyPI", "npm", "Go", "crates.io", "Maven", "RubyGems", "Packagist", "NuGet", "Hex", "Pub", "SwiftURL"]
ECOSYSTEMS += ["ConanCenter", "Conda", "CRAN", "GitHub Actions", "Docker", "OCI", "Debian:12", "Ubuntu:22.04:LTS"]
ECOSYSTEMS += ["Alpine:v3.19", "AlmaLinux:9", "Rocky Linux:8", "Red Hat", "Wolfi", "Elsewhere"]

# The reference implementation leaves a slash in a name or a version as it is, so that it is read as another part: the
# specification encodes it, and so do we. White space at the ends is stripped by both, though not of the same kinds.
words = st.text(
    st.characters(codec="utf-8", exclude_characters="/", exclude_categories=("C", "Z")), min_size=1, max_size=12
)
plain = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,12}", fullmatch=True)
pieces = st.one_of(words, plain)
keys = st.from_regex(r"[a-z][a-z0-9._-]{0,6}", fullmatch=True)
options = st.dictionaries(keys, pieces, max_size=3)


@given(
    st.sampled_from(TYPES),
    st.lists(pieces, max_size=2),
    pieces,
    st.just("") | pieces,
    options,
    st.lists(pieces, max_size=2),
)
def test_it_is_written_and_read_as_the_reference_implementation_does(
    kind: str, namespace: list[str], name: str, version: str, qualifiers: dict[str, str], subpath: list[str]
) -> None:
    subpath = [part for part in subpath if part not in (".", "..")]
    theirs = PackageURL(kind, "/".join(namespace) or None, name, version or None, qualifiers, "/".join(subpath) or None)
    ours = make(
        kind, name, namespace="/".join(namespace), version=version, qualifiers=qualifiers, subpath="/".join(subpath)
    )
    # Theirs writes the digits of an encoded name of some types in small letters; the specification wants capitals.
    assert str(ours) == re.sub("%[0-9a-f]{2}", lambda match: match.group().upper(), theirs.to_string())
    assert parse(str(ours)) == ours
    back = PackageURL.from_string(str(ours))
    assert (ours.type, ours.namespace, ours.name, ours.version) == (
        back.type,
        back.namespace or "",
        back.name,
        back.version or "",
    )


def canonical(text: str) -> Purl | None:
    try:
        return parse(text)
    except PurlError:
        return None


@given(st.text(max_size=60) | st.text("pkg:/@%?#&=.aA1 +~2F", max_size=40).map("pkg:npm/".__add__))
def test_any_text_is_refused_or_has_one_canonical_form(text: str) -> None:
    found = canonical(text)
    if found is not None:
        assert parse(str(found)) == found
        assert str(parse(str(found))) == str(found)
    assert (named(text) is None) == (found is None)
    assert without_version(text) in text


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
@given(name=st.text(max_size=40) | st.text("abcAB/@:._- ", max_size=12), version=st.text(max_size=20))
def test_every_package_has_a_purl(ecosystem: str, name: str, version: str) -> None:
    text = purl(ecosystem, name, version)
    assert text.startswith("pkg:")
    assert text.isascii()
    found = canonical(text)
    assert found is None or str(found) == text


# Names as the registries allow them, so that nothing of them is lost on the way.
SAFE = {
    "PyPI": r"[a-z][a-z0-9-]{0,10}",
    "npm": r"(@[a-z]{1,5}/)?[a-z][a-z0-9._-]{0,8}",
    "Go": r"[a-z]{1,5}\.org/[A-Za-z]{1,5}/[a-z]{1,5}",
    "crates.io": r"[A-Za-z][A-Za-z0-9_-]{0,8}",
    "Maven": r"[A-Za-z]{1,4}\.[a-z]{1,4}:[A-Za-z][A-Za-z0-9._-]{0,6}",
    "RubyGems": r"[A-Za-z][A-Za-z0-9._-]{0,8}",
    "Packagist": r"[a-z]{1,4}/[a-z][a-z0-9-]{0,6}",
    "NuGet": r"[A-Za-z][A-Za-z0-9.]{0,8}",
    "Hex": r"[a-z][a-z0-9_]{0,8}",
    "Pub": r"[a-z][a-z0-9_]{0,8}",
    "SwiftURL": r"github\.com/[A-Za-z]{1,4}/[A-Za-z]{1,5}",
    "CRAN": r"[A-Za-z][A-Za-z0-9.]{0,8}",
    "GitHub Actions": r"[a-z]{1,4}/[a-z]{1,5}(/[a-zA-Z]{1,4})?",
    "Debian:12": r"[a-z][a-z0-9+.-]{1,8}",
    "Alpine:v3.19": r"[a-z][a-z0-9+._-]{1,8}",
    "AlmaLinux:9": r"[A-Za-z][A-Za-z0-9+._-]{1,8}",
}


@pytest.mark.parametrize("ecosystem", sorted(SAFE))
@given(data=st.data(), version=st.from_regex(r"([1-9]:)?[0-9][0-9A-Za-z.+~-]{0,10}", fullmatch=True))
def test_a_package_is_named_by_its_purl(ecosystem: str, data: st.DataObject, version: str) -> None:
    name = data.draw(st.from_regex(SAFE[ecosystem], fullmatch=True))
    found = named(purl(ecosystem, name, version))
    assert found is not None
    assert (found.ecosystem, found.name, found.version) == (ecosystem, name.removesuffix(".git"), version)
