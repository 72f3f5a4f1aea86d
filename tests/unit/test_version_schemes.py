"""Versions are ordered as the tools of each ecosystem order them.

Each table is a list of facts: what the named tool answered, or what the named specification gives as its example.
"""

import pytest

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.matching import Answer, judge
from pavedroad.advisories.model import Advisory, Affected, Event, Header, Range
from pavedroad.advisories.versions import ecosystem_key, package_key, scheme

# maven-artifact 3.9.12, ComparableVersion.
MAVEN = """
1 = 1.0 = 1.0.0 = 1-ga = 1-0 = 1.final = 1.0-RELEASE
1-alpha = 1-alpha-0 = 1.0.alpha = 1.0-ALPHA
1-alpha < 1-a1 < 1-beta < 1-b1 < 1-milestone < 1-m1 < 1-rc < 1-cr1 < 1-snapshot < 1 < 1-sp < 1-foo < 1-1 < 1.1
1-alpha-1 = 1-alpha1 = 1-a1
1-rc = 1-cr
1.0.RC1 < 1.0-RC2 < 1.0-RC3-SNAPSHOT < 1.0-RC3
2.0-SNAPSHOT < 2.0
4.1.0.Alpha1 < 4.1.0.Beta2 < 4.1.0.CR1 < 4.1.0.Final < 4.1.1.Final
4.1.0.Final < 4.1.0.Final-redhat-1 < 4.1.0.Final-redhat-10 < 4.1.0.1
31.1-android < 31.1-jre < 32.0-android
Finchley.SR1 < Finchley.SR10 < Hoxton.SR1 < 2020.0.1
1.0.10 > 1.0.9
1x < 1x1 < 1.1
"""

# Gem::Version of Ruby 3.1.
RUBYGEMS = """
1 = 1.0 = 1.0.0
1.0.a < 1.0.a.1 < 1.0.a.2 < 1.0.b < 1.0 < 1.0.1
1.a = 1.0.a = 1.0.0.a
1.0.a.0 = 1.0.a
1.0.a1 < 1.0.a2 < 1.0.a10
1.0.0-1 = 1.0.0.pre.1 < 1.0.0
1.0.pre < 1.0.rc1 < 1.0.rc2
1.0.A < 1.0.a
3.1.4.pre2 < 3.1.4 < 3.1.10
1.a.b < 1.a.0.b < 1.a
"""

# composer/semver 3.3: normalize, then Comparator.
PACKAGIST = """
1 = 1.0 = v1.0.0 = 1.0.0.0 = 1.0-stable = 1.0+build
1.0-dev < 1.0-alpha < 1.0-a1 < 1.0-beta < 1.0b2 < 1.0-RC < 1.0.rc2 < 1.0 < 1.0-patch < 1.0pl1 = 1.0-p1
1.0-alpha1-dev < 1.0-alpha1
1.0.x-dev > 1.0.999
1.x-dev > 1.999
1.0.x-dev < 1.1
2.0-beta.5.2 > 2.0-beta.5
20100102 > 2010.01.02
"""

# NuGet.Versioning's published rules (package versioning, normalised version numbers).
NUGET = """
1 = 1.0 = 1.0.0 = 1.0.0.0 = 01.00.0 = 1.0.0+abc
1.0.0 < 1.0.0.1 < 1.0.1
1.0.1-alpha = 1.0.1-ALPHA
1.0.1-alpha < 1.0.1-alpha.2 < 1.0.1-alpha.10 < 1.0.1-alpha2 < 1.0.1-beta < 1.0.1-rc.1 < 1.0.1
1.0.0-1 < 1.0.0-a
1.0.0.0-pre < 1.0.0
"""

# dpkg --compare-versions 1.21.
DEBIAN = """
1.0~rc1 < 1.0 < 1.0+b1 < 1.0.1
1.0~~ < 1.0~~a < 1.0~ < 1.0
1.0-1~bpo11+1 < 1.0-1 < 1.0-1+deb11u1 < 1.0-1.1 < 1.0-2
9:1 < 10:0
2.0 < 1:1.0
0:1.0 = 1.0 = 1.0-0 = 1.00
1.0a < 1.0b < 1.0+ < 1.0.
1.2.3-00 > 1.2.3-00~1
7.88.1-10+deb12u5 < 7.88.1-10+deb12u12
1.1.1n-0+deb11u3 < 1.1.1w-0+deb11u1
"""

# rpm 4.18, labelCompare.
RPM = """
1.0~rc1 < 1.0 < 1.0^ < 1.0^git1 < 1.0.1
1.0~rc1^git1 > 1.0~rc1
1.0a < 1.0.1
1.0 = 1_0 = 1..0 = 1.0. = 01.00
1.0 < 1.0-1 < 1.0-1.el8 < 1.0-1.el9 < 1.0-2
2.0 < 1:1.0
0:1.0-1 = 1.0-1
FC5 < fc4
4.18.0-80.el8 < 4.18.0-80.1.2.el8_0 < 4.18.0-147.el8
1.1.1k-7.el8_6 < 1.1.1k-12.el8_9
"""

# apk-tools 3: its own table of version pairs, and the order in apk-package(5).
ALPINE = """
0.1.0_alpha < 0.1.0_alpha2 < 0.1.0_beta < 0.1.0_pre < 0.1.0_rc1 < 0.1.0 < 0.1.0_cvs < 0.1.0_svn < 0.1.0_git < 0.1.0_p
1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0
0.1.0_alpha_pre2 < 0.1.0_alpha
1.0_p9-r0 < 1.0_p10-r0
1.2 < 1.2-r0 < 1.2-r1 < 1.2-r10 < 1.2_p1 < 1.2a < 1.2b < 1.2.1
1.010 < 1.09 < 1.1
2.5.1-r8 < 2.5.1a-r1
6b-r7 > 1.12-r7
1.0.4-r4 < 1.6 < 10-r1
006 > 1.0.0
22.7-r1 < 22.7.3-r1
3.9_pre20060124 > 0.01
"""

# R's compareVersion; Haskell's Data.Version.
CRAN = """
0.1-2 = 0.1.2 = 0.01-02
1.0 < 1.0.0 < 1.0.1 < 1.0-10
0.75 > 0.9
"""

# pub_semver's documented order: builds count, and come after the release.
PUB = """
1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta < 1.0.0 < 1.0.0+1 < 1.0.0+2 < 1.0.0+10 < 1.0.0+a < 1.0.1
"""

# rattler 0.28 (py-rattler), which follows conda's VersionOrder; the long line is that class's own example.
CONDA = """
0.4 = 0.4.0
0.4 < 0.4.1.rc < 0.4.1 < 0.5a1 < 0.5b3 < 0.5 < 0.9.6 < 0.960923 < 1.0 < 1.1dev1 < 1.1_ < 1.1a1 < 1.1 < 1.1post1
1.1.0dev1 = 1.1.dev1
1996.07.12 < 1!0.4.1 < 1!3.1.1.6 < 2!0.4.1
1.0 < 1.0+1 < 1.0+2
1.0.1_ < 1.0.1a
"""

# Conan 2.34's Version class, where it does not run in a circle.
CONAN = """
1.0 = 1 = 1.0.0
1.1.1a < 1.1.1b < 1.1.1k < 1.1.2
1.0-rc1 < 1.0-rc2 < 1.0 < 1.0+1 < 1.0+2 < 1.0.1
1.9 < 1.10
"""

# node-semver 7, golang.org/x/mod/semver and Elixir's Version agree on these.
SEMVER = """
1.0.0-0 < 1.0.0-1 < 1.0.0-10 < 1.0.0-- < 1.0.0-B < 1.0.0-alpha < 1.0.0-alpha.0 < 1.0.0-alpha.a < 1.0.0-alpha1 < 1.0.0
1.0.0+1 = 1.0.0+2 = 1.0.0
"""

TABLES = {
    "Maven": MAVEN,
    "RubyGems": RUBYGEMS,
    "Packagist": PACKAGIST,
    "NuGet": NUGET,
    "Debian:12": DEBIAN,
    "Ubuntu:22.04:LTS": DEBIAN,
    "AlmaLinux:9": RPM,
    "Red Hat:enterprise_linux:9::baseos": RPM,
    "openSUSE:Leap 15.5": RPM,
    "Alpine:v3.19": ALPINE,
    "Wolfi": ALPINE,
    "CRAN": CRAN,
    "Pub": PUB,
    "Conda": CONDA,
    "ConanCenter": CONAN,
    "npm": SEMVER,
    "Hex": SEMVER,
    "Go": SEMVER,
    "crates.io": SEMVER,
    "SwiftURL": SEMVER,
    "GitHub Actions": SEMVER,
}
ROWS = [(ecosystem, row) for ecosystem, table in TABLES.items() for row in table.strip().splitlines()]


@pytest.mark.parametrize(("ecosystem", "row"), ROWS)
def test_versions_are_ordered_as_the_ecosystem_orders_them(ecosystem: str, row: str) -> None:
    rules = scheme(ecosystem)
    assert rules
    words = row.split()
    for low, sign, high in zip(words[0::2], words[1::2], words[2::2], strict=False):
        a, b = rules.key(low), rules.key(high)
        assert (a < b, a == b, b < a) == (sign == "<", sign == "=", sign == ">"), (low, sign, high)
        assert sign != "=" or hash(a) == hash(b)


REFUSED = {
    "Maven": ["", "1 0", "1\n", "é", "1" * 1000],
    "RubyGems": ["", "a", ".1", "1..", "1.0_1"],
    "Packagist": ["", "dev-main", "dev-feature/x", "feature-dev", "master", "^1.0", "1.0.0.0.0"],
    "NuGet": ["", "1.0.0.0.0", "1.0-", "v1.0", "99999999999", "1.0-a_b"],
    "Debian": ["", "1.0-", ":1", "a:1", "1_0", "1 0"],
    "Rocky Linux": ["", "1-2-3", "-1", "1 0", "x:1"],
    "Alpine": ["", "1.", "v1.0", "1.0-1", "1.0-r", "1.0_foo", "1.0bc", "1.0A"],
    "CRAN": ["", "1.0a", "1.-", "v1"],
    "Pub": ["", "main", "1.0.0-", "1.0.0.0"],
    "Conda": ["", "1..0", "1!!0", "1.0+", "1 0"],
    "ConanCenter": ["", "latest", "[>=1.0]", "1.0-", "cci.x"],
    "npm": ["", "latest", "^1.0.0", "1.x", "1.0.0.0"],
    "GitHub Actions": ["", "main", "0" * 40 + "f", "release/v1"],
}


@pytest.mark.parametrize(("ecosystem", "text"), [(e, text) for e, texts in REFUSED.items() for text in texts])
def test_what_cannot_be_ordered_is_refused(ecosystem: str, text: str) -> None:
    rules = scheme(ecosystem)
    assert rules
    with pytest.raises(VersionError):
        rules.key(text)


@pytest.mark.parametrize(
    ("ecosystem", "same_as"),
    [
        ("Debian:12", "Debian"),
        ("Ubuntu:Pro:18.04:LTS", "Debian"),
        ("Alpine:v3.19", "Alpine"),
        ("Maven:https://maven.google.com", "Maven"),
        ("Photon OS:3.0", "Red Hat"),
        ("Root:Alpine:3.18", "Alpine"),
        ("Root:PyPI", "PyPI"),
        ("Echo", "Debian"),
        ("Echo:npm", "npm"),
    ],
)
def test_a_suffix_selects_the_rules_of_its_base(ecosystem: str, same_as: str) -> None:
    assert scheme(ecosystem) is scheme(same_as) is not None


@pytest.mark.parametrize("ecosystem", ["", ":", "Nowhere", "Nowhere:12", "GIT", "Root", "Android"])
def test_an_ecosystem_without_rules_has_none(ecosystem: str) -> None:
    assert scheme(ecosystem) is None
    assert package_key(ecosystem, "Name") == "Name"


@pytest.mark.parametrize(
    ("written", "looked_up"),
    [
        ("Debian:12.5", "Debian:12"),
        ("Debian", "Debian"),
        ("Alpine:3.19.1", "Alpine:v3.19"),
        ("Alpine:v3.19", "Alpine:v3.19"),
        ("Alpine:edge", "Alpine:edge"),
        ("Ubuntu:22.04:LTS", "Ubuntu:22.04"),
        ("Ubuntu:22.04", "Ubuntu:22.04"),
        ("Ubuntu:Pro:18.04:LTS", "Ubuntu:Pro:18.04"),
        ("AlmaLinux:9.3", "AlmaLinux:9"),
        ("Rocky Linux:8", "Rocky Linux:8"),
        ("Maven:https://maven.google.com", "Maven"),
        ("Photon OS:3.0", "Photon OS:3.0"),
        ("Red Hat:rhel_aus:8.4::appstream", "Red Hat:rhel_aus:8.4::appstream"),
    ],
)
def test_spellings_of_one_release_are_looked_up_as_one(written: str, looked_up: str) -> None:
    assert ecosystem_key(written) == looked_up
    assert ecosystem_key(looked_up) == looked_up


@pytest.mark.parametrize(
    ("ecosystem", "written", "looked_up"),
    [
        ("PyPI", "Zope.Interface", "zope-interface"),
        ("npm", "JSONStream", "jsonstream"),
        ("Go", "github.com/BurntSushi/toml", "github.com/burntsushi/toml"),
        ("crates.io", "serde_json", "serde-json"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Packagist", "Symfony/HTTP-Kernel", "symfony/http-kernel"),
        ("GitHub Actions", "Actions/Checkout", "actions/checkout"),
        ("SwiftURL", "https://GitHub.com/apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("SwiftURL", "git@github.com:apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("SwiftURL", "ssh://git@github.com/apple/swift-nio", "github.com/apple/swift-nio"),
        ("Maven", "org.Apache:Thing", "org.Apache:Thing"),
        ("CRAN", "rJava", "rJava"),
    ],
)
def test_spellings_of_one_package_are_looked_up_as_one(ecosystem: str, written: str, looked_up: str) -> None:
    assert package_key(ecosystem, written) == looked_up
    assert package_key(ecosystem, looked_up) == looked_up


@pytest.mark.parametrize(("ecosystem", "row"), ROWS)
def test_introduced_0_is_before_the_lowest_version(ecosystem: str, row: str) -> None:
    rules = scheme(ecosystem)
    assert rules
    every = Range(events=(Event(introduced="0"),))
    one = Advisory(
        source="", ecosystem=ecosystem, package="p", header=Header(id="X-1"), affected=(Affected(ranges=(every,)),)
    )
    assert all(judge(one, version, rules).answer is Answer.AFFECTED for version in row.split()[0::2])


def test_a_fix_ends_what_is_affected_in_every_ecosystem() -> None:
    for ecosystem, row in ROWS:
        low, sign, high, *_ = row.split()
        rules = scheme(ecosystem)
        assert rules
        if sign != "<":
            continue
        span = Range(events=(Event(introduced="0"), Event(fixed=high)))
        one = Advisory(
            source="", ecosystem=ecosystem, package="p", header=Header(id="X-1"), affected=(Affected(ranges=(span,)),)
        )
        assert judge(one, low, rules).answer is Answer.AFFECTED, (ecosystem, low, high)
        assert judge(one, high, rules).answer is Answer.NOT_AFFECTED, (ecosystem, low, high)
