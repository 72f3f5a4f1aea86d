"""A loaded secrets scanner: content in, observations without secrets out."""

import os
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import msgspec
import pathspec

from pavedroad.core.coverage import ScanError, Skipped
from pavedroad.core.severity import Confidence
from pavedroad.infra.plugins import registry
from pavedroad.scanning.model import Blob, FileResult, ScanSettings
from pavedroad.scanning.scanners.secrets import findings, keyfiles, tables
from pavedroad.scanning.scanners.secrets.files import formatless
from pavedroad.scanning.scanners.secrets.judgement import Judgement, judge
from pavedroad.scanning.scanners.secrets.kingfisher import Kingfisher
from pavedroad.scanning.scanners.secrets.merge import merge
from pavedroad.scanning.scanners.secrets.model import Candidate, Detector
from pavedroad.scanning.scanners.secrets.options import read_options
from pavedroad.scanning.scanners.secrets.text import commented, normalise, places

DETECTORS = "pavedroad.scanning.scanners.secrets.detectors"
MAX_FINDINGS = 200
MAX_CANDIDATES = 5000
MAX_DETECTED_BYTES = 8 * 1024 * 1024


class SecretsSession:
    """Thread-safe: the engine and the detectors keep no state between files."""

    def __init__(self, settings: ScanSettings) -> None:
        options = read_options(settings.options)
        self._key = settings.key
        self._least = options.confidence
        self._allowed = pathspec.GitIgnoreSpec.from_lines(options.allow_paths) if options.allow_paths else None
        self._detectors: tuple[Detector, ...] = tuple(registry(DETECTORS, "DETECTOR").values())
        self._engine = Kingfisher(Path(settings.user_cache) / "kingfisher")
        # No format is named by more than the last four folders; trees hold the same names again and again.
        self._chosen = lru_cache(8192)(self._choose)
        self.threads = min(4, os.cpu_count() or 2)

    def scan(self, blob: Blob) -> FileResult:
        """Judge one file. What the engine or a detector cannot do becomes an error of this file, without its text."""
        if self._allowed is not None and self._allowed.match_file(blob.path):
            return FileResult(
                gaps=(Skipped(reason="allowed by the option allow_paths", count=1, examples=(blob.path,)),)
            )
        content = normalise(blob.content)
        errors: list[ScanError] = []
        candidates = [*self._by_engine(blob.path, content, errors), *self._by_detectors(blob.path, content, errors)]
        if not candidates:
            return FileResult(errors=tuple(errors))
        return self._judge(blob.path, content, candidates, errors)

    def _by_engine(self, path: str, content: bytes, errors: list[ScanError]) -> list[Candidate]:
        try:
            return self._engine.find(path, content)
        except TimeoutError:
            errors.append(_error("the engine took too long for this file", path))
        except Exception as error:
            # Only the type: the text could quote the file.
            errors.append(_error(f"the engine failed on this file ({type(error).__name__})", path))
        return []

    def _by_detectors(self, path: str, content: bytes, errors: list[ScanError]) -> list[Candidate]:
        found = list(keyfiles.detect(path, content))
        chosen = (
            () if formatless(path) else self._chosen("/".join(path.rsplit("/", 4)[1:]) if path.count("/") > 4 else path)
        )
        if not chosen:
            return found
        if len(content) > MAX_DETECTED_BYTES:
            errors.append(_error(f"too large for the format detectors (over {MAX_DETECTED_BYTES} bytes)", path))
            return found
        text = content.decode("latin-1")
        for detector in chosen:
            try:
                found += islice(detector.detect(path, text), MAX_CANDIDATES)
            except Exception as error:
                errors.append(_error(f"the detector '{detector.name}' failed ({type(error).__name__})", path))
        return found

    def _choose(self, tail: str) -> tuple[Detector, ...]:
        return tuple(detector for detector in self._detectors if detector.selects(tail))

    def _judge(self, path: str, content: bytes, candidates: list[Candidate], errors: list[ScanError]) -> FileResult:
        gaps: list[Skipped] = []
        if len(candidates) > MAX_CANDIDATES:
            gaps.append(
                Skipped(
                    reason=f"more than {MAX_CANDIDATES} secret-like values in one file",
                    count=1,
                    examples=(path,),
                    harmless=False,
                )
            )
            candidates = candidates[:MAX_CANDIDATES]
        hidden = [(c.start, c.end, c.secret) for c in candidates if c.end > c.start]
        candidates = [_seen_in(content, c) for c in candidates]
        kept, dropped = self._sort_out(path, candidates)
        gaps += [
            Skipped(reason=f"no secret: {reason}", count=count, examples=(path,))
            for reason, count in sorted(dropped.items())
        ]
        if len(kept) > MAX_FINDINGS:
            gaps.append(
                Skipped(
                    reason=f"more than {MAX_FINDINGS} secrets in one file",
                    count=len(kept) - MAX_FINDINGS,
                    examples=(path,),
                    harmless=False,
                )
            )
            kept = kept[:MAX_FINDINGS]
        where = places(content, [at for c, _ in kept for at in (c.start, c.end)])
        observations = tuple(
            findings.observation(
                c,
                path=path,
                content=content,
                places=where,
                hidden=_near(hidden, c),
                confidence=verdict.confidence or Confidence.LOW,
                reason=verdict.reason,
                key=self._key,
            )
            for c, verdict in kept
        )
        return FileResult(observations=observations, errors=tuple(errors), gaps=tuple(gaps))

    def _sort_out(
        self, path: str, candidates: list[Candidate]
    ) -> tuple[list[tuple[Candidate, Judgement]], Counter[str]]:
        """Judge before merging: a dropped guess must not drag a sure witness of the same place with it."""
        table = tables.same_names(candidates)
        verdicts = [(c, tables.DROPPED if c.secret in table else judge(c, path)) for c in candidates]
        kept = merge(
            msgspec.structs.replace(c, confidence=v.confidence, why=v.reason) for c, v in verdicts if v.confidence
        )
        dropped = Counter(v.reason for _, v in verdicts if not v.confidence)
        judged = [(c, Judgement(confidence=c.confidence, reason=c.why)) for c in kept if c.confidence >= self._least]
        return judged, dropped


def _seen_in(content: bytes, candidate: Candidate) -> Candidate:
    """The candidate, with what its line says of it."""
    return msgspec.structs.replace(candidate, commented=True) if commented(content, candidate.start) else candidate


def _near(hidden: Sequence[tuple[int, int, bytes]], candidate: Candidate) -> list[tuple[int, int, bytes]]:
    """Those that can touch the shown line; far ones need no look, and a file may have thousands."""
    low, high = candidate.start - 1024, candidate.end + 1024
    return [h for h in hidden if h[0] < high and h[1] > low]


def _error(message: str, path: str) -> ScanError:
    return ScanError(message=message, where=path, next_step="look at this file by hand, or exclude it on purpose")
