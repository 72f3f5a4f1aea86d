"""An upgrade plan for people (table, Markdown) and for programs (JSON). Names come from strangers and are made
harmless."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from pavedroad.core.noun import Noun
from pavedroad.priority.upgrades import Rest, Step, UpgradePlan
from pavedroad.reports.markdown import code, escape
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import columns, count, fit, line

_MAX_NAME, _MAX_REST = 60, 50


class About(Noun, frozen=True, kw_only=True):
    """The run behind a plan: what was looked at, and when it ended."""

    subject: str
    finished: datetime
    table: str = ""


def as_json(plan: UpgradePlan, about: About, top: int | None = None) -> str:
    """The plan with the run it is made from; at most ``top`` steps, and how many were left out."""
    shown = msgspec.structs.replace(plan, steps=plan.steps[:top])
    left_out = len(plan.steps) - len(shown.steps)
    document = {"schema": "1", "run": about, "plan": shown, "steps_left_out": left_out}
    return escaped_json(msgspec.to_builtins(document)).decode().rstrip("\n")


def as_table(plan: UpgradePlan, about: About, width: int = 100, top: int | None = None) -> str:
    """Lines for a terminal of ``width`` columns, with at most ``top`` steps."""
    return "\n".join(_table(plan, about, max(width, 60), top))


def as_markdown(plan: UpgradePlan, about: About, top: int | None = None) -> str:
    """For a ticket or a pull request, with at most ``top`` steps."""
    return "\n".join(_markdown(plan, about, top))


def headline(plan: UpgradePlan) -> str:
    """One sentence: how many findings how many steps close."""
    closed = sum(len(step.closes) for step in plan.steps)
    if not plan.total:
        return "No package finding is open."
    if not plan.steps:
        return f"No upgrade is known that closes any of the {count(plan.total, 'package finding')}."
    return (
        f"{count(len(plan.steps), 'step')} {'closes' if len(plan.steps) == 1 else 'close'} {closed:,} of "
        f"{count(plan.total, 'package finding')}."
    )


def notes(plan: UpgradePlan) -> Iterator[str]:
    """What the plan leaves out or assumes."""
    if plan.by_severity and plan.total:
        yield "This run has no tiers, so the order follows severity."
    if plan.steps and not plan.checked:
        yield "No advisory database was there to ask whether the recommended versions have flaws of their own."
    if plan.waived:
        yield f"{count(plan.waived, 'package finding is', 'package findings are')} waived and left out."
    if plan.others:
        yield f"{count(plan.others, 'finding is', 'findings are')} not about a package; no upgrade closes them."


def _made_from(about: About) -> str:
    by = f", by {line(about.table, 60)}" if about.table else ""
    return f"From the run of {about.finished:%Y-%m-%d %H:%M} UTC on {line(about.subject, 100)}{by}."


def _versions(step: Step) -> str:
    shown = ", ".join(line(version, 40) for version in step.versions[:3] if version)
    return shown + (f" and {len(step.versions) - 3} more" if len(step.versions) > 3 else "")


def _what(step: Step) -> str:
    name = f"{line(step.ecosystem, 30)} {line(step.package, _MAX_NAME)}".strip()
    return f"{name} {_versions(step)} -> {line(step.target, 40)}" if step.target else f"remove {name} {_versions(step)}"


def _tiers(step: Step) -> str:
    return ", ".join(f"{number} x {line(tier, 40)}" for tier, number in step.tiers)


def _through(step: Step) -> str:
    if step.via:
        shown = ", ".join(line(name, 40) for name in step.via[:3])
        more = f" and {len(step.via) - 3} more" if len(step.via) > 3 else ""
        return f"{'direct, and ' if step.direct else ''}through {shown}{more}"
    return "direct" if step.direct else "transitive" if step.direct is False else ""


def _smaller(step: Step) -> str:
    if step.smaller is None:
        return ""
    target, closes = line(step.smaller.target, 40), step.smaller.closes
    return f"without a new major version: {target} closes {closes} of {len(step.closes)}"


def _brings(step: Step) -> str:
    if not step.brings:
        return ""
    shown = ", ".join(line(name, 40) for name in step.brings[:5])
    more = f" and {len(step.brings) - 5} more" if len(step.brings) > 5 else ""
    return f"brings {count(len(step.brings), 'known flaw')} of its own: {shown}{more}"


def _more(plan: UpgradePlan, top: int | None) -> str:
    left_out = len(plan.steps) - len(plan.steps[:top])
    return f"... and {count(left_out, 'more step')}" if left_out else ""


def _table(plan: UpgradePlan, about: About, width: int, top: int | None) -> Iterator[str]:
    yield _made_from(about)
    yield headline(plan)
    yield from notes(plan)
    if plan.steps:
        yield ""
        yield from _steps(plan.steps[:top], width)
        if more := _more(plan, top):
            yield f"      {more}"
    if plan.rest:
        yield ""
        yield "Open after all steps:"
        for each in plan.rest[:_MAX_REST]:
            yield f"      {fit(_open(each), width - 6)}"
        if len(plan.rest) > _MAX_REST:
            yield f"      ... and {len(plan.rest) - _MAX_REST} more (--format json lists all)"


def _steps(steps: tuple[Step, ...], width: int) -> Iterator[str]:
    whats = [_what(step) for step in steps]
    wide = min(max(columns(what) for what in [*whats, "step"]), max(width - 40, 30))
    yield f"{'':>4}  {'step':{wide}}  closes  tiers"
    for number, (what, step) in enumerate(zip(whats, steps, strict=True), 1):
        shown = fit(what, wide)
        pad = " " * (wide - columns(shown))
        yield f"{number:>4}  {shown}{pad}  {len(step.closes):>6}  {_tiers(step)}"
        for more in (_through(step), _smaller(step), _brings(step), _places(step)):
            if more:
                yield f"      {fit(more, width - 6)}"


def _places(step: Step) -> str:
    shown = ", ".join(line(name, 80) for name in step.files[:3])
    return f"in {shown}" + (f" and {len(step.files) - 3} more" if len(step.files) > 3 else "") if shown else ""


def _open(rest: Rest) -> str:
    name = f"{line(rest.ecosystem, 30)} {line(rest.package, _MAX_NAME)} {line(rest.version, 40)}".strip()
    return f"{name}: {line(rest.rule, 80)} ({line(rest.tier, 40)}), {rest.reason}"


def _markdown(plan: UpgradePlan, about: About, top: int | None) -> Iterator[str]:
    yield "## Upgrade plan"
    yield ""
    yield escape(f"{headline(plan)} {_made_from(about)}", 600)
    for note in notes(plan):
        yield ""
        yield escape(note)
    if plan.steps:
        yield ""
        yield "| step | closes | tiers | how it comes in | files |"
        yield "|---|---:|---|---|---|"
        for step in plan.steps[:top]:
            beside = "".join(f"; {escape(words)}" for words in (_smaller(step), _brings(step)) if words)
            files = ", ".join(code(name, 80) for name in step.files[:3])
            yield (
                f"| {code(_what(step))}{beside} | {len(step.closes)} | {escape(_tiers(step))} | "
                f"{escape(_through(step))} | {files} |"
            )
        if more := _more(plan, top):
            yield ""
            yield escape(more)
    if plan.rest:
        yield ""
        yield "### Open after all steps"
        yield ""
        for each in plan.rest[:_MAX_REST]:
            yield f"- {escape(_open(each))}"
        if len(plan.rest) > _MAX_REST:
            yield f"- and {len(plan.rest) - _MAX_REST} more"
