"""Applies VEX statements to findings, as waivers are applied. Pure; nothing is set aside without a sentence that says
by whom and why.

- ``not_affected`` (with a reason) and ``fixed`` set a finding aside; ``affected`` and ``under_investigation`` are shown
  beside it.
- A malicious package is never set aside: that it is there is the harm.
- What is known to be exploited is set aside with a note of the run that names it.
"""

from collections.abc import Sequence

import msgspec

from pavedroad.core.finding import Finding
from pavedroad.core.noun import Noun
from pavedroad.core.priority import NOT_FLAWS
from pavedroad.core.run import Judged
from pavedroad.core.severity import Severity
from pavedroad.core.vex import VexNote, VexStatus
from pavedroad.core.waiver import WaiverMatch
from pavedroad.vex.matching import Said, Statements
from pavedroad.vex.model import Document

ORIGIN = "vex"
_SETS_ASIDE = (VexStatus.NOT_AFFECTED, VexStatus.FIXED)
_LEDGER = "ledger"
_MOST_NOTES = 20
_SHORT = 300


class VexOutcome(Noun, frozen=True):
    """The findings in the order given, and sentences for the run."""

    judged: tuple[Judged, ...]
    notes: tuple[str, ...] = ()


def apply_vex(judged: Sequence[Judged], documents: Sequence[Document], *, products: Sequence[str]) -> VexOutcome:
    """The findings, with what ``documents`` say of them. ``products`` are the purls of what is delivered
    (:func:`pavedroad.vex.matching.purls_of`). Findings that the ledger waives stay waived by it."""
    statements = Statements(documents, products)
    loud: dict[str, None] = {}
    used: set[int] = set()
    done = []
    for each in judged:
        said = statements.about(each.finding) if _is_flaw(each.finding) else []
        used.update(id(one.statement) for one in said)
        done.append(_told(each, said, loud) if said else each)
    notes = [*loud][:_MOST_NOTES]
    if len(loud) > _MOST_NOTES:
        notes.append(f"VEX: {len(loud) - _MOST_NOTES} more such notes are left out")
    return VexOutcome(tuple(done), (*notes, *_account(documents, used)))


def _is_flaw(finding: Finding) -> bool:
    return finding.component is not None and finding.kind not in NOT_FLAWS


def _told(judged: Judged, said: list[Said], loud: dict[str, None]) -> Judged:
    """The finding with the statement that counts; ``loud`` gains what must not be missed."""
    first = said[0]
    statement, why = first.statement, _why_not(first, judged.finding)
    aside = statement.status in _SETS_ASIDE and not why
    sentence = _sentence(first) + (f"; not heeded: {why}" if why else "")
    if any(one.statement.status is not statement.status for one in said[1:]):
        sentence += "; other statements differ, the latest counts"
    note = VexNote(
        status=statement.status,
        document=first.document.where or first.document.id,
        sentence=sentence,
        author=first.document.author,
        justification=statement.justification,
        impact=statement.impact,
    )
    judged = msgspec.structs.replace(judged, vex=note)
    if why:
        loud[f"VEX: {_named(judged)}: a statement of {_document(first)} is not heeded: {why}"] = None
    if not aside or (judged.waived is not None and judged.waived.origin == _LEDGER):
        return judged
    if _exploited(judged):
        loud[
            f"KNOWN EXPLOITED and set aside by VEX: {_named(judged)}, by {_document(first)} "
            f"({statement.status.value}): make sure that it is true"
        ] = None
    match = WaiverMatch(waiver=f"vex:{_document(first)}", origin=ORIGIN, sentence=sentence)
    return msgspec.structs.replace(judged, waived=match)


def _why_not(said: Said, finding: Finding) -> str:
    """Why a statement that would set the finding aside does not; empty when it does."""
    if said.statement.status not in _SETS_ASIDE:
        return ""
    if finding.severity is Severity.MALICIOUS or any(n.upper().startswith("MAL-") for n in finding.aliases):
        return "the package is malicious, so that it is there is the harm"
    return "" if said.statement.reasoned else "it says 'not affected' and does not say why"


def _exploited(judged: Judged) -> bool:
    signals = judged.priority.signals if judged.priority else None
    return bool(signals and signals.known_exploited)


def _named(judged: Judged) -> str:
    finding = judged.finding
    component = finding.component
    return f"{finding.rule} in {component.name if component else finding.location.path}"


def _document(said: Said) -> str:
    return (said.document.where or said.document.id or "a document")[:120]


def _sentence(said: Said) -> str:
    """``not affected (vulnerable code not present): the impact; by Example Org, in a.json, of 2026-01-31``."""
    statement, document = said.statement, said.document
    words = statement.status.value.replace("_", " ")
    if statement.justification:
        words += f" ({statement.justification.value.replace('_', ' ')})"
    told = statement.impact or statement.action or statement.notes
    if told:
        words += f": {' '.join(told.split())[:_SHORT]}"
    day = f", of {statement.timestamp:%Y-%m-%d}" if statement.timestamp else ", of unknown date"
    return f"{words}; by {document.author[:80] or 'an unknown author'}, in {_document(said)}{day}"


def _account(documents: Sequence[Document], used: set[int]) -> list[str]:
    """One sentence per document: how many of its statements speak about this run, and what could not be read."""
    notes = []
    for document in documents:
        count = sum(id(statement) in used for statement in document.statements)
        note = (
            f"VEX: {document.where or document.id}: {count} of {len(document.statements)} statements are about findings"
        )
        if document.left:
            note += "; not read: " + ", ".join(f"{left.what} ({left.count})" for left in document.left[:5])
        notes.append(note)
    return notes
