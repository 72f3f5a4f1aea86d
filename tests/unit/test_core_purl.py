"""Package URLs are written as the specification says, and name the package that advisories know.

The examples and the rules are those of the package-url specification (ECMA-427) and of its type definitions.
"""

import pytest

from pavedroad.core.ecosystems import Named, named, purl
from pavedroad.core.purl import Purl, PurlError, make, parse, without_version


@pytest.mark.parametrize(
    "text",
    [
        "pkg:apk/alpine/curl@7.83.0-r0?arch=x86",
        "pkg:bitnami/wordpress@6.2.0?arch=arm64&distro=photon-4",
        "pkg:cargo/structopt@0.3.11",
        "pkg:cocoapods/GoogleUtilities@7.5.2#NSData%2Bzlib",
        "pkg:composer/laravel/laravel@5.5.0",
        "pkg:conan/openssl.org/openssl@3.0.3?channel=stable&user=bincrafters",
        "pkg:conda/absl-py@0.4.1?build=py36h06a4308_0&channel=main&subdir=linux-64&type=tar.bz2",
        "pkg:cpan/Perl::Version@1.013",
        "pkg:cran/rJava@1.0-4",
        "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64",
        "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
        "pkg:docker/customer/dockerimage@sha256:244fd47e07d10?repository_url=gcr.io",
        "pkg:gem/jruby-launcher@1.1.2?platform=java",
        "pkg:github/package-url/purl-spec@244fd47e07d1004#everybody/loves/dogs",
        "pkg:githubactions/myorg/actions-repo%2Fmyaction@main",
        "pkg:golang/google.golang.org/genproto#googleapis/api/annotations",
        "pkg:hackage/3d-graphics-examples@0.0.0.2",
        "pkg:hex/phoenix_html@2.13.3#priv/static/phoenix_html.js",
        "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=sources&repository_url=repo.spring.io/release",
        "pkg:npm/%40angular/animation@12.3.1",
        "pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
        "pkg:oci/debian@sha256:244fd47e07d10?arch=amd64&repository_url=ghcr.io/debian&tag=bullseye",
        "pkg:pub/characters@1.2.0",
        "pkg:pypi/django-allauth@12.23",
        "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25",
        "pkg:swift/github.com/Alamofire/Alamofire@5.4.3",
        "pkg:generic/name%20with%20%E2%82%AC@1.0~b%2B1",
    ],
)
def test_a_canonical_purl_is_read_and_written_as_it_was(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("PKG:PyPI/Django_Auth@1.0", "pkg:pypi/django-auth@1.0"),
        ("pkg:NPM/Foo@1", "pkg:npm/foo@1"),
        ("pkg://npm/foo@1", "pkg:npm/foo@1"),
        ("pkg:npm/@angular/core@16.0.0", "pkg:npm/%40angular/core@16.0.0"),
        ("pkg:npm/@angular/core", "pkg:npm/%40angular/core"),
        ("pkg:composer/Laravel/Laravel@5.5.0", "pkg:composer/laravel/laravel@5.5.0"),
        ("pkg:GitHub/Package-URL/Purl-Spec", "pkg:github/package-url/purl-spec"),
        ("pkg:golang/github.com/BurntSushi/toml@v1.3.2", "pkg:golang/github.com/BurntSushi/toml@v1.3.2"),
        ("pkg:pub/Flutter-Downloader@1.0", "pkg:pub/flutter_downloader@1.0"),
        ("pkg:deb/debian/x@1%3A2?distro=bookworm&arch=amd64", "pkg:deb/debian/x@1:2?arch=amd64&distro=bookworm"),
        ("pkg:maven/a/b@1?type=&Classifier=x", "pkg:maven/a/b@1?classifier=x"),
        ("pkg:generic//a//b@1#./x/../y/", "pkg:generic/a/b@1#x/y"),
        (" pkg:gem/rails@7 ", "pkg:gem/rails@7"),
    ],
)
def test_other_spellings_become_canonical(written: str, canonical: str) -> None:
    assert str(parse(written)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "npm/foo@1",
        "https://example.org",
        "pkg:n%70m/foo",
        "pkg:1npm/foo",
        "pkg:npm/foo?arch",
        "pkg:npm/foo?a b=1",
        "pkg:npm/foo?a=1&a=2",
        "pkg:npm/a%2Fb/foo",
        "pkg:npm/foo%00",
        "pkg:npm/foo%E2%80%AE",
        "pkg:npm/" + "a" * 5000,
    ],
)
def test_what_is_no_purl_is_refused(text: str) -> None:
    with pytest.raises(PurlError):
        parse(text)
    assert named(text) is None


PACKAGES = [
    ("PyPI", "jinja2", "3.1.2", "pkg:pypi/jinja2@3.1.2"),
    ("npm", "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0"),
    ("Go", "github.com/BurntSushi/toml", "v1.3.2", "pkg:golang/github.com/BurntSushi/toml@v1.3.2"),
    ("Go", "stdlib", "1.21.0", "pkg:golang/stdlib@1.21.0"),
    ("crates.io", "serde_json", "1.0.0", "pkg:cargo/serde_json@1.0.0"),
    ("Maven", "org.apache.commons:commons-text", "1.9", "pkg:maven/org.apache.commons/commons-text@1.9"),
    ("RubyGems", "rails", "7.0.0", "pkg:gem/rails@7.0.0"),
    ("Packagist", "symfony/http-kernel", "v6.0.0", "pkg:composer/symfony/http-kernel@v6.0.0"),
    ("NuGet", "Newtonsoft.Json", "13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1"),
    ("Hex", "phoenix", "1.7.0", "pkg:hex/phoenix@1.7.0"),
    ("Pub", "http", "0.13.0", "pkg:pub/http@0.13.0"),
    ("SwiftURL", "github.com/apple/swift-nio", "2.0.0", "pkg:swift/github.com/apple/swift-nio@2.0.0"),
    ("ConanCenter", "openssl", "1.1.1k", "pkg:conan/openssl@1.1.1k"),
    ("Conda", "numpy", "1.26.0", "pkg:conda/numpy@1.26.0"),
    ("CRAN", "rJava", "1.0-4", "pkg:cran/rJava@1.0-4"),
    ("Bioconductor", "limma", "3.58.1", "pkg:bioconductor/limma@3.58.1"),
    ("Hackage", "aeson", "2.0.0.0", "pkg:hackage/aeson@2.0.0.0"),
    ("GitHub Actions", "actions/checkout", "v4.1.0", "pkg:githubactions/actions/checkout@v4.1.0"),
    ("GitHub Actions", "actions/cache/restore", "v4", "pkg:githubactions/actions/cache%2Frestore@v4"),
    ("Docker", "library/python", "3.12", "pkg:docker/library/python@3.12"),
    ("Docker", "ghcr.io/a/b", "1", "pkg:docker/a/b@1?repository_url=ghcr.io"),
    ("OCI", "ghcr.io/a/b", "sha256:ab", "pkg:oci/b@sha256:ab?repository_url=ghcr.io/a/b"),
    ("Debian:12", "curl", "7.88.1-10+deb12u5", "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?distro=debian-12"),
    ("Debian", "attr", "1:2.5.1-4", "pkg:deb/debian/attr@1:2.5.1-4"),
    ("Ubuntu:22.04:LTS", "dpkg", "1.21.1", "pkg:deb/ubuntu/dpkg@1.21.1?distro=ubuntu-22.04"),
    ("Ubuntu:23.10", "dpkg", "1.22.0", "pkg:deb/ubuntu/dpkg@1.22.0?distro=ubuntu-23.10"),
    ("Alpine:v3.19", "openssl", "3.1.4-r0", "pkg:apk/alpine/openssl@3.1.4-r0?distro=alpine-3.19"),
    ("Wolfi", "curl", "8.5.0-r0", "pkg:apk/wolfi/curl@8.5.0-r0"),
    ("Chainguard", "curl", "8.5.0-r0", "pkg:apk/chainguard/curl@8.5.0-r0"),
    ("AlmaLinux:9", "kernel", "5.14.0-1.el9", "pkg:rpm/almalinux/kernel@5.14.0-1.el9?distro=almalinux-9"),
    ("Rocky Linux:8", "bind", "32:9.11-1.el8", "pkg:rpm/rocky/bind@9.11-1.el8?distro=rocky-8&epoch=32"),
    ("Red Hat", "bash", "5.1.8-6.el9", "pkg:rpm/redhat/bash@5.1.8-6.el9"),
    ("Photon OS:3.0", "curl", "7.0-1.ph3", "pkg:rpm/photon/curl@7.0-1.ph3?distro=photon-3.0"),
    ("openSUSE:Leap 15.5", "curl", "8.0-1", "pkg:rpm/opensuse/curl@8.0-1?distro=opensuse-leap-15.5"),
    ("openSUSE:Tumbleweed", "curl", "8.0-1", "pkg:rpm/opensuse/curl@8.0-1?distro=opensuse-tumbleweed"),
    ("SUSE:Linux Enterprise Server 15 SP5", "curl", "8.0-1", "pkg:rpm/suse/curl@8.0-1?distro=sles-15.5"),
]


@pytest.mark.parametrize(("ecosystem", "name", "version", "text"), PACKAGES)
def test_a_package_has_a_purl_that_names_it(ecosystem: str, name: str, version: str, text: str) -> None:
    assert purl(ecosystem, name, version) == text
    assert named(text) == Named(ecosystem=ecosystem, name=name, version=version)


@pytest.mark.parametrize(
    ("text", "ecosystem", "name", "version"),
    [
        ("pkg:github/actions/checkout@v4", "GitHub Actions", "actions/checkout", "v4"),
        ("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=bookworm&upstream=glibc", "Debian:12", "glibc", "2.36-9"),
        ("pkg:deb/debian/perl-base@5.36?upstream=perl%405.35&distro=debian-12.5", "Debian:12", "perl", "5.35"),
        ("pkg:deb/ubuntu/x@1?distro=jammy", "Ubuntu:22.04:LTS", "x", "1"),
        ("pkg:apk/alpine/libssl3@3.1-r0?distro=3.19.1&upstream=openssl", "Alpine:v3.19", "openssl", "3.1-r0"),
        ("pkg:rpm/rocky-linux/x@1-1?distro=rocky-9.3", "Rocky Linux:9", "x", "1-1"),
        ("pkg:rpm/rhel/x@1-1?distro=rhel-9.3", "Red Hat", "x", "1-1"),
        ("pkg:rpm/x@1-1?distro=fedora-40", "Fedora:40", "x", "1-1"),
        ("pkg:rpm/redhat/x@1-1?epoch=0", "Red Hat", "x", "1-1"),
        ("pkg:rpm/opensuse-leap/x@1?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5", "x", "1"),
        ("pkg:alpm/arch/pacman@6.0.1-1", "", "arch/pacman", "6.0.1-1"),
        ("pkg:generic/openssl@1.1.1", "", "openssl", "1.1.1"),
        ("pkg:deb/raspbian/x@1", "", "x", "1"),
    ],
)
def test_purls_of_other_tools_name_the_package_that_advisories_know(
    text: str, ecosystem: str, name: str, version: str
) -> None:
    assert named(text) == Named(ecosystem=ecosystem, name=name, version=version)


def test_more_qualifiers_go_with_those_that_follow_from_the_package() -> None:
    text = purl("Debian:12", "curl", "1", (("arch", "amd64"), ("upstream", "curl-src")))
    assert text == "pkg:deb/debian/curl@1?arch=amd64&distro=debian-12&upstream=curl-src"
    assert parse(text).qualifier("arch") == "amd64"
    assert parse(text).qualifier("nothing") == ""


def test_addresses_of_swift_packages_lose_what_is_not_their_name() -> None:
    spellings = ("https://github.com/a/b.git", "git@github.com:a/b.git", "ssh://git@github.com/a/b", "github.com/a/b")
    assert {purl("SwiftURL", each, "1") for each in spellings} == {"pkg:swift/github.com/a/b@1"}


@pytest.mark.parametrize(
    "ecosystem", ["PyPI", "npm", "Go", "Maven", "GitHub Actions", "Docker", "Debian:12", "Elsewhere"]
)
@pytest.mark.parametrize("name", ["/", "//", "a/", "/a", "@", "@/x", "", " ", "a//b", ":", "a:", "\x00", "\ud800"])
def test_every_name_has_a_purl(ecosystem: str, name: str) -> None:
    assert purl(ecosystem, name, "1.0.0").startswith("pkg:")


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("pkg:npm/%40a/b@1?x=y#z", "pkg:npm/%40a/b"),
        ("pkg:npm/@a/b", "pkg:npm/@a/b"),
        ("pkg:npm/@a/b@1", "pkg:npm/@a/b"),
        ("pkg:pypi/x", "pkg:pypi/x"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_purl_without_its_version(text: str, stem: str) -> None:
    assert without_version(text) == stem


def test_parts_are_normalised_when_a_purl_is_made() -> None:
    assert make("PyPI", "/A_B/", version=" 1 ", qualifiers={"K": "v", "empty": " "}, subpath="/./x/") == Purl(
        type="pypi", name="a-b", version="1", qualifiers=(("k", "v"),), subpath="x"
    )
