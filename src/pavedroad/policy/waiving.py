"""Applies waivers to findings. Pure; an exception covers what its words say and not one finding more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from pavedroad.core.asset import AssetRef
from pavedroad.core.finding import Finding
from pavedroad.core.run import Judged
from pavedroad.core.waiver import Waiver, WaiverMatch, WaiverScope
from pavedroad.policy.config import Inline, OverBroad, WaiverPolicy
from pavedroad.policy.decide import INLINE
from pavedroad.policy.globs import name_glob, path_glob
from pavedroad.policy.hygiene import begun, hygiene, over_broad
from pavedroad.policy.ledger import Ledger
from pavedroad.policy.matching import rule_names
from pavedroad.policy.wording import plain

# The list of comments goes into every saved run; the findings carry them all the same.
MAX_INLINE_LISTED = 1000


class WaiverOutcome(msgspec.Struct, frozen=True):
    """``judged``: the findings in the order given, waived where a waiver covers them. ``findings``: what is wrong with
    the exceptions themselves. ``waivers``: the ledger's, then suppression comments as waivers without owner."""

    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def apply_waivers(
    judged: Sequence[Judged],
    ledger: Ledger,
    *,
    today: date,
    policy: WaiverPolicy,
    asset: AssetRef,
    renames: Mapping[str, str],
    existing_paths: Collection[str],
    complete: bool,
) -> WaiverOutcome:
    """The findings with the waivers that cover them, and the findings about waivers.

    ``renames`` maps old paths to new ones, ``existing_paths`` holds every path of the tree, ``asset`` is what findings
    without one are about. ``complete``: the whole tree was looked at by every scanner, so a waiver that matches nothing
    is stale. Comments of other tools are attached as waivers of origin ``inline:<tool>``; ``decide`` takes them away
    from what would block.
    """
    findings = [each.finding for each in judged]
    covers = _Coverer(ledger.waivers, findings, asset, renames, existing_paths)
    matches: defaultdict[str, int] = defaultdict(int)
    done = []
    for each in judged:
        covering = covers(each.finding)
        for waiver in covering:
            matches[waiver.id] += 1
        waiver_match = next((_match(w) for w in covering if _holds(w, today, policy)), None) or _inline(each, policy)
        done.append(msgspec.structs.replace(each, waived=waiver_match) if waiver_match else each)
    marked = [finding for finding in findings if finding.marker is not None]
    return WaiverOutcome(
        judged=tuple(done),
        findings=hygiene(ledger, matches, marked, today=today, policy=policy, complete=complete),
        waivers=(*ledger.waivers, *_as_waivers(marked)),
    )


def _holds(waiver: Waiver, today: date, policy: WaiverPolicy) -> bool:
    """``expires`` is the last day on which it holds."""
    return (
        begun(waiver, today)
        and waiver.expires is not None
        and today <= waiver.expires
        and not (policy.over_broad is OverBroad.REFUSE and over_broad(waiver))
    )


def _match(waiver: Waiver) -> WaiverMatch:
    reason = plain(waiver.reason).rstrip(".")
    return WaiverMatch(
        waiver=waiver.id,
        origin=waiver.origin,
        sentence=f"{reason}; owned by {plain(waiver.owner, 80)}, {plain(waiver.ticket, 80)}, until {waiver.expires}",
        expires=waiver.expires,
    )


def _inline_id(finding: Finding, tool: str) -> str:
    return f"{INLINE}{plain(tool, 40)}:{finding.fingerprint.removeprefix('pr1-')[:12]}"


def _inline(judged: Judged, policy: WaiverPolicy) -> WaiverMatch | None:
    marker = judged.finding.marker
    if marker is None or policy.inline is Inline.REFUSE:
        return None
    said = f" ({plain(marker.reason, 100)})" if marker.reason else ""
    return WaiverMatch(
        waiver=_inline_id(judged.finding, marker.tool),
        origin=f"{INLINE}{marker.tool}",
        sentence=f"comment '{plain(marker.text, 60)}' on line {marker.line}{said}; it has no owner and no end",
    )


def _as_waivers(marked: Iterable[Finding]) -> list[Waiver]:
    listed: dict[tuple[str, str], Waiver] = {}
    for finding in marked:
        marker = finding.marker
        if marker is None or len(listed) >= MAX_INLINE_LISTED:
            continue
        name = _inline_id(finding, marker.tool)
        scope = WaiverScope(fingerprint=finding.fingerprint, path=finding.location.path)
        waiver = Waiver(id=name, scope=scope, reason=marker.reason, origin=f"{INLINE}{marker.tool}")
        listed.setdefault((name, finding.location.path), waiver)
    return list(listed.values())


class _Coverer:
    """Finds the waivers whose scope covers a finding, in the order of the ledger, whether or not they hold today."""

    def __init__(
        self,
        waivers: Sequence[Waiver],
        findings: Sequence[Finding],
        asset: AssetRef,
        renames: Mapping[str, str],
        existing_paths: Collection[str],
    ) -> None:
        self._by_mark: defaultdict[str, list[Waiver]] = defaultdict(list)
        self._by_rule = [waiver for waiver in waivers if waiver.scope.rule]
        for waiver in waivers:
            if waiver.scope.fingerprint:
                self._by_mark[waiver.scope.fingerprint].append(waiver)
        self._order = {waiver.id: number for number, waiver in enumerate(waivers)}
        self._asset = asset
        self._renames = renames
        self._existing = existing_paths if isinstance(existing_paths, set | frozenset) else frozenset(existing_paths)
        self._rules: dict[tuple[str, ...], list[Waiver]] = {}
        self._unclaimed = self._find_unclaimed(findings)

    def __call__(self, finding: Finding) -> list[Waiver]:
        exact = [waiver for waiver in self._by_mark.get(finding.fingerprint, ()) if self._is_place(waiver, finding)]
        broad = [waiver for waiver in self._named_like(finding) if self._is_within(waiver.scope, finding)]
        return sorted(exact + broad, key=lambda waiver: self._order[waiver.id])

    def _find_unclaimed(self, findings: Sequence[Finding]) -> dict[str, set[str]]:
        """For each waived fingerprint, the paths that hold it and that no waiver names (renames followed)."""
        paths: defaultdict[str, set[str]] = defaultdict(set)
        for finding in findings:
            if finding.fingerprint in self._by_mark:
                paths[finding.fingerprint].add(finding.location.path)
        for mark, holding in paths.items():
            holding -= {path for w in self._by_mark[mark] for path in self._known_as(w.scope.path)}
        return paths

    def _known_as(self, path: str) -> tuple[str, str]:
        return path, self._renames.get(path, path)

    def _is_place(self, waiver: Waiver, finding: Finding) -> bool:
        """Where it was waived, or where it has moved to. Gone from there and found in one other place is a move; in
        several, nobody can say which of them was waived, so none is."""
        was, here = waiver.scope.path, finding.location.path
        if not was or here in self._known_as(was):
            return True
        return was not in self._existing and was not in self._renames and self._unclaimed[finding.fingerprint] == {here}

    def _named_like(self, finding: Finding) -> list[Waiver]:
        names = rule_names(finding)
        if names not in self._rules:
            self._rules[names] = [w for w in self._by_rule if any(map(name_glob(w.scope.rule), names))]
        return self._rules[names]

    def _is_within(self, scope: WaiverScope, finding: Finding) -> bool:
        return (
            (not scope.path or path_glob(scope.path)(finding.location.path))
            and (not scope.component or _is_component(scope.component, finding))
            and (not scope.asset or _is_asset(scope.asset, finding.asset or self._asset))
        )


def _is_component(pattern: str, finding: Finding) -> bool:
    component = finding.component
    if component is None:
        return False
    matches = name_glob(pattern)
    return any(matches(name) for name in (component.purl, _without_version(component.purl), component.name) if name)


def _without_version(purl: str) -> str:
    """``pkg:type/namespace/name``: the version stands after the last ``@`` of the last path segment, qualifiers after
    ``?``, a subpath after ``#`` (package-url specification)."""
    core = purl.partition("#")[0].partition("?")[0]
    folder, slash, last = core.rpartition("/")
    name = last.rpartition("@")[0] or last
    return folder + slash + name


def _is_asset(pattern: str, asset: AssetRef) -> bool:
    matches = name_glob(pattern)
    return matches(asset.name) or matches(f"{asset.kind.value}:{asset.name}")
