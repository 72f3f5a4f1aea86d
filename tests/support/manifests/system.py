"""Lists of installed packages of operating systems, and a bill of materials."""

from tests.support.manifests import Sample
from tests.support.rpmdb import as_sqlite, header

BILL = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": ['
BILL += b'{"type": "library", "name": "a", "version": "1.0", "bom-ref": "a", "purl": "pkg:pypi/a@1.0"}]}'

SAMPLES = [
    Sample("sbom", "sbom:/bill.json", BILL, finds=("a 1.0 - -",), anywhere=False),
    Sample(
        "dpkg",
        "var/lib/dpkg/status",
        "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nSource: zlib\nVersion: 1:1.2.13\n",
        finds=("zlib1g 1:1.2.13 - -",),
        beside={"etc/os-release": 'ID=debian\nVERSION_ID="12"\n'},
    ),
    Sample(
        "apk",
        "lib/apk/db/installed",
        "C:Q1abc\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\n\n",
        finds=("musl 1.2.4-r2 - -",),
        beside={"etc/os-release": "ID=alpine\nVERSION_ID=3.19.0\n"},
    ),
    Sample(
        "rpm",
        "var/lib/rpm/rpmdb.sqlite",
        as_sqlite([header("zlib", "1.2.11", "40.el9", license="zlib")]),
        finds=("zlib 1.2.11-40.el9 - -",),
        beside={"etc/os-release": 'ID=almalinux\nVERSION_ID="9.3"\n'},
    ),
]
