#!/usr/bin/env python3
"""How long a bill of 10,000 components takes to build, write and read: ours against cyclonedx-python-lib, the reference
library, which builds its own model, writes CycloneDX 1.6 JSON and XML, and reads them back.

    .venv/bin/python benchmarks/sbom_speed.py [COMPONENTS] [ROUNDS]

Prints the best of the rounds (default 3) and the ratio. Both sides get the same components: purl, version, licence,
one hash, one occurrence, three dependencies each. The library's own schema validation is not timed.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as TheirComponent
from cyclonedx.model.component_evidence import ComponentEvidence, Occurrence
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from pavedroad.core.component import Component, Hash
from pavedroad.sbom import Tool, build_bill, components, read_bill, write_bill

AT = datetime(2026, 1, 31, tzinfo=UTC)


def ours(count: int) -> list[Component]:
    """``count`` components, each with three edges to later ones."""
    return [
        Component(
            purl=f"pkg:pypi/package-{n}@1.{n}",
            name=f"package-{n}",
            version=f"1.{n}",
            direct=n < 50,
            scope="runtime",
            found_in="uv.lock",
            licenses=("MIT",),
            hashes=(Hash(algorithm="SHA-256", value=f"{n:064x}"),),
            depends_on=tuple(f"pkg:pypi/package-{m}@1.{m}" for m in range(n + 1, min(n + 4, count))),
        )
        for n in range(count)
    ]


def theirs(count: int) -> Bom:
    """The same in the library's model."""
    bom = Bom()
    bom.metadata.component = TheirComponent(name="app", bom_ref="app")
    listed = [
        TheirComponent(
            name=f"package-{n}",
            version=f"1.{n}",
            bom_ref=f"pkg:pypi/package-{n}@1.{n}",
            purl=PackageURL("pypi", None, f"package-{n}", f"1.{n}"),
            licenses=[DisjunctiveLicense(id="MIT")],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=f"{n:064x}")],
            evidence=ComponentEvidence(occurrences=[Occurrence(location="uv.lock")]),
        )
        for n in range(count)
    ]
    bom.components = listed
    # Not `register_dependency`: that searches the whole list for each call, and 10,000 calls take minutes.
    refs = [each.bom_ref for each in listed]
    bom.dependencies = [
        Dependency(bom.metadata.component.bom_ref, dependencies=map(Dependency, refs[:50])),
        *(Dependency(ref, dependencies=map(Dependency, refs[n + 1 : n + 4])) for n, ref in enumerate(refs)),
    ]
    return bom


def best(rounds: int, work: Callable[[], Any]) -> float:
    """Seconds of the fastest of ``rounds``."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def show(what: str, mine: float, other: float | None = None) -> None:
    """One line of the table."""
    print(f"{what:36}{mine:8.2f}" + (f"{other:9.2f}{other / mine:7.1f}x" if other is not None else ""), flush=True)


def main() -> int:
    """Print one line for each step."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    inventory = ours(count)

    def write(name: str) -> bytes:
        return write_bill(build_bill(inventory, name="app", tool=Tool(name="bench"), timestamp=AT), name)

    def they_write(form: OutputFormat) -> str:
        return make_outputter(theirs(count), form, SchemaVersion.V1_6).output_as_string()

    print(f"{count} components, best of {rounds} rounds, seconds")
    print(f"{'':36}{'ours':>8}{'library':>9}{'ratio':>8}", flush=True)
    for name, form in (("cyclonedx-json", OutputFormat.JSON), ("cyclonedx-xml", OutputFormat.XML)):
        show(f"build and write {name}", best(rounds, partial(write, name)), best(1, partial(they_write, form)))
    text = write("cyclonedx-json")
    library: Any = Bom  # its readers are made at run time
    show(
        "read cyclonedx-json",
        best(rounds, partial(read_bill, text)),
        best(1, lambda: library.from_json(json.loads(text))),
    )
    show("build and write spdx-json", best(rounds, partial(write, "spdx-json")))
    for name in ("cyclonedx-xml", "spdx-json"):
        show(f"read {name}", best(rounds, partial(read_bill, write(name))))
    show("components with ecosystem and path", best(rounds, partial(components, read_bill(text))))
    return 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
