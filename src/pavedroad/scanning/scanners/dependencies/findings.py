"""From a component and a flaw to a finding that says where, what, how sure, and what now."""

import re
from collections.abc import Iterable

import msgspec

from pavedroad.advisories import Flaw
from pavedroad.advisories.versions import package_key
from pavedroad.core.finding import Evidence, Finding
from pavedroad.core.identity import Observation
from pavedroad.core.location import Location, Region, Snippet
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.dependencies.model import Found, shown
from pavedroad.scanning.scanners.dependencies.pages import KIND, references, rule_of, title

SCANNER_NAME = "dependencies"
MAX_SNIPPET = 300

_LANGUAGE = re.compile(r"[0-9]+\.[0-9]+", re.ASCII)


class Source:
    """The lock file's lines, for snippets and for before and after."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        # Only shown to people: what is not UTF-8 was refused or decoded otherwise by the parser.
        encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self._lines = content.decode(encoding, "replace").split("\n")

    def line(self, number: int) -> str:
        text = self._lines[number - 1] if 0 < number <= len(self._lines) else ""
        return shown(text.rstrip("\r").expandtabs(4), MAX_SNIPPET)

    def after(self, number: int, old: str, new: str) -> tuple[str, str]:
        """The line that holds the version, before and after: the entry's own, or one of the next two."""
        for at in (number, number + 1, number + 2):
            text = self.line(at) if number else ""
            if old in text:
                return text.strip(), text.strip().replace(old, new)
        return "", ""


def by_source(components: Iterable[Found]) -> list[Found]:
    """One for each source package, which is what advisories of distributions speak about: the flaw of a source is one
    finding, however many packages were built from it. The package called like its source speaks for the others."""
    groups: dict[tuple[str, str, str], list[Found]] = {}
    result: list[Found] = []
    for found in components:
        if found.source is None:
            result.append(found)
        else:
            groups.setdefault((found.component.ecosystem, *found.source), []).append(found)
    for (_, name, _), group in groups.items():
        speaker = next((f for f in group if f.component.name == name), group[0])
        others = tuple(sorted(f.component.name for f in group if f is not speaker))
        result.append(msgspec.structs.replace(speaker, siblings=others))
    return result


def observation(found: Found, flaw: Flaw, source: Source) -> Observation:
    """One flaw of one component. The anchor has no version, so raising to another affected version keeps the
    identity."""
    component = found.component
    return Observation(
        anchor=(_product(found), package_key(component.ecosystem, _judged_name(found)), flaw.id),
        finding=_finding(found, flaw, source),
    )


def _finding(found: Found, flaw: Flaw, source: Source) -> Finding:
    headers = [record.header for record in flaw.records]
    line = found.line
    return Finding(
        rule=rule_of(flaw),
        kind=KIND,
        title=f"{flaw.id}: {title(headers)}",
        message=_message(found, flaw),
        severity=flaw.rating.severity,
        confidence=_confidence(found, flaw),
        location=Location(
            path=source.path,
            region=Region.of_line(line) if line else None,
            snippet=Snippet(text=source.line(line), start_line=line) if line else None,
            symbol=found.component.name,
        ),
        scanner=SCANNER_NAME,
        component=found.component,
        score=flaw.rating.score,
        vectors=_vectors(flaw),
        cwe=tuple(sorted({cwe for header in headers for cwe in header.cwe})),
        aliases=(flaw.id, *flaw.aliases),
        upstream=flaw.upstream,
        references=references(headers),
        remediation=_remediation(found, flaw, source),
        evidence=_evidence(found, flaw),
    )


def _product(found: Found) -> str:
    """The ecosystem in an anchor: without the release, so that moving to a newer one keeps the identity."""
    return found.component.ecosystem.partition(":")[0]


def _judged_name(found: Found) -> str:
    return found.source[0] if found.source else found.component.name


def _name(found: Found) -> str:
    component = found.component
    return "the Go standard library" if component.name == "stdlib" else component.name


def _message(found: Found, flaw: Flaw) -> str:
    at_least = "at least " if found.minimum else ""
    name = f"{_name(found)} {at_least}{found.component.version}"
    if flaw.malicious:
        return f"{name} is a malicious package ({flaw.id})."
    fixed = f"fixed in {_fix(found, flaw)}" if flaw.fixed else "no fixed version is known"
    return f"{name} is affected by {flaw.id}; {fixed}."


def _language_version(found: Found) -> bool:
    """``go 1.21``: the language, not the toolchain that builds it."""
    return found.minimum and _LANGUAGE.fullmatch(found.component.version) is not None


def judged_version(found: Found) -> str:
    """The version to judge. For a language version the newest patch release is assumed: assuming the first one would
    report every flaw of that release line, to people whose toolchain most likely has the fixes."""
    if found.source:
        return found.source[1]
    return f"{found.component.version}.9999" if _language_version(found) else found.component.version


def _confidence(found: Found, flaw: Flaw) -> Confidence:
    """High for a published version. Lower where the code may differ from it, or where no person has looked at the
    record."""
    if _language_version(found):
        return Confidence.LOW  # which toolchain builds it is not in the file
    unreviewed = not any(record.header.reviewed for record in flaw.records)
    return Confidence.MEDIUM if found.origin or found.minimum or unreviewed else Confidence.HIGH


def _remediation(found: Found, flaw: Flaw, source: Source) -> Remediation:
    component, name = found.component, _name(found)
    if flaw.malicious:
        return Remediation(
            text=f"Remove {name} now. Treat machines that installed it as compromised: replace the secrets they held."
        )
    if not flaw.fixed:
        return Remediation(text=f"No fixed version of {name} is known: replace it, or waive it with reason and end.")
    fixed = _fix(found, flaw)
    if found.source:
        what = f"Update {found.source[0]} from {found.source[1]} to {fixed} or later"
        return Remediation(
            text=f"{what}: let the distribution's package manager do it, and build the image anew.",
            fixed_versions=(fixed,),
        )
    before, after = source.after(found.line, component.version, fixed)
    start = next((each for each in component.path[:-1] if each != component.path[0]), "")
    by = f" It comes in through {start}." if start and component.direct is not True else ""
    return Remediation(
        text=f"Move {name} from {component.version} to {fixed} or later and write the lock file anew.{by}",
        before=before,
        after=after,
        fixed_versions=(fixed,),
    )


def _fix(found: Found, flaw: Flaw) -> str:
    """The fixed version in the spelling of the lock file: Go modules have a ``v`` that advisories leave out."""
    return f"v{flaw.fixed}" if found.component.version.startswith("v") and flaw.fixed[:1].isdigit() else flaw.fixed


def _vectors(flaw: Flaw) -> tuple[str, ...]:
    headers = [v for record in flaw.records for v in record.header.vectors]
    return tuple(dict.fromkeys([*headers, *(v for r in flaw.records for each in r.affected for v in each.vectors)]))


def _evidence(found: Found, flaw: Flaw) -> tuple[Evidence, ...]:
    facts = [("affected range", span if len(flaw.spans) == 1 else f"{name}: {span}") for name, span in flaw.spans]
    if found.source and found.source != (found.component.name, found.component.version):
        facts.append(("source package", " ".join(found.source)))
    if found.siblings:
        facts.append(("also built from it", ", ".join(found.siblings[:20])))
    if found.component.path:
        facts.append(("dependency path", " > ".join(shown(name) for name in found.component.path)))
    facts.append(("advisory source", ", ".join(f"{record.id} (OSV {record.source})" for record in flaw.records)))
    newest = [record.header.modified for record in flaw.records if record.header.modified]
    if newest:
        facts.append(("modified", f"{max(newest):%Y-%m-%d}"))
    if flaw.rating.vector:
        facts.append(("CVSS vector", flaw.rating.vector))
    imports = [path for record in flaw.records for affected in record.affected for path in affected.imports]
    if imports:
        facts.append(("affected Go packages", ", ".join(dict.fromkeys(imports))))
    words = {affected.informational for record in flaw.records for affected in record.affected} - {""}
    facts.extend(("informational", word) for word in sorted(words))
    facts.extend(("note", note) for note in flaw.notes)
    if _language_version(found):
        facts.append(("assumption", "go.mod names no toolchain: the newest patch release of this version is assumed"))
    if found.origin:
        facts.append(("note", f"the package comes from {found.origin}: its code may differ from the published version"))
    return tuple(Evidence(name=name, value=value) for name, value in facts)
