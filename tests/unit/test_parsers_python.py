"""What users see of Python's manifests beyond the samples."""

from pavedroad.core.component import Hash
from pavedroad.scanning.scanners.dependencies.parsers import parsers
from tests.support.manifests import Folder


def test_hashes_and_edges_of_lock_files_reach_the_component() -> None:
    lock = (
        '[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "a"\nversion = "1"\ndependencies = ["b"]\n'
        f'files = [{{hash = "sha256:{"0f" * 32}"}}, {{hash = "sha256:short"}}, {{hash = "klingon:{"0f" * 32}"}}]\n'
        '[[package]]\nname = "b"\nversion = "2"\n'
    )
    a, b = (found.component for found in parsers()["pdm"].parse("pdm.lock", lock.encode()).components)
    assert a.hashes == (Hash(algorithm="SHA-256", value="0f" * 32),)
    assert a.depends_on == (b.purl,)
    assert b.depends_on == ()
    assert b.path == ("a", "b")


def test_licences_of_installed_packages_come_from_the_best_field() -> None:
    def licences(fields: str) -> tuple[str, ...]:
        content = f"Metadata-Version: 2.1\nName: a\nVersion: 1\n{fields}\n\nbody".encode()
        return parsers()["dist-info"].parse("a.dist-info/METADATA", content).components[0].component.licenses

    classifier = "Classifier: License :: OSI Approved :: MIT License"
    assert licences(f"License: see file\n{classifier}") == ("MIT License",)
    assert licences(f"License-Expression: MIT OR Apache-2.0\n{classifier}") == ("MIT OR Apache-2.0",)
    assert licences("License: BSD") == ("BSD",)
    assert licences("License: UNKNOWN") == ()


def test_included_files_in_a_circle_end() -> None:
    tree = Folder({"a.list": "-r b.list\none==1\n", "b.list": "-r a.list\ntwo==2\n"})
    result = parsers()["requirements"].parse("requirements.txt", b"-r a.list\n", tree)
    assert [(f.component.name, f.line) for f in result.components] == [("two", 1), ("one", 1)]


def test_an_included_file_that_is_not_there_is_a_gap() -> None:
    (gap,) = parsers()["requirements"].parse("requirements.txt", b"-r ../gone.list\n").gaps
    assert (gap.reason, gap.harmless) == ("another requirements file that cannot be read", False)
