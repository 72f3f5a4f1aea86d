"""One self-contained page: no request leaves it, a strict content policy binds it, and it is whole without JavaScript.

Built in :mod:`.findings`, :mod:`.chart` and :mod:`.sections`; every value passes through :mod:`.tags`.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from pavedroad.core.run import Run
from pavedroad.reports.formats.html.chart import chart_section
from pavedroad.reports.formats.html.findings import findings_section, first_section
from pavedroad.reports.formats.html.sections import (
    coverage_section,
    licences_section,
    masthead,
    record_section,
    waivers_section,
)
from pavedroad.reports.formats.html.tags import Markup, tag
from pavedroad.reports.model import ReportContext
from pavedroad.reports.text import line
from pavedroad.reports.view import grouped, outcome_word


class HtmlFormat:
    """For people: the page to open, to print, to send on."""

    name = "html"
    title = "One self-contained HTML page"
    extension = "html"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The page, UTF-8; ``context`` changes nothing."""
        groups = grouped(run)
        title = f"{outcome_word(run.verdict.outcome)}: {line(run.subject.name, 120)} - Pavedroad"
        body = tag(
            "body",
            tag("a", "Skip to the findings", href="#findings", class_="skip"),
            masthead(run, groups),
            tag(
                "main",
                first_section(run, groups),
                chart_section(run),
                findings_section(run, groups),
                coverage_section(run),
                licences_section(run),
                waivers_section(run),
                record_section(run),
            ),
            _raw("script", _asset("page.js")),
        )
        page = tag("html", _head(title), body, lang="en")
        return f"<!doctype html>\n{page.text}\n".encode("utf-8", "replace")


def _head(title: str) -> Markup:
    policy = (
        f"default-src 'none'; style-src {_hash(_asset('page.css'))}; script-src {_hash(_asset('page.js'))}; "
        "base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        # Before any style or script, because the policy holds only for what follows it.
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        _raw("style", _asset("page.css")),
    )


def _raw(name: str, content: str) -> Markup:
    """Our own style or script as it is: the hash in the policy is of exactly this text."""
    return Markup(f"<{name}>{content}</{name}>")


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """A source expression of Content Security Policy level 3 for one inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


FORMAT = HtmlFormat()
