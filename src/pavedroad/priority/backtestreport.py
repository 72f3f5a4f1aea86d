"""A back-test for people (table, chart) and for programs (JSON). The chart is one file that loads nothing."""

from collections.abc import Iterator

import msgspec

from pavedroad.priority.backtest import Backtest, Row
from pavedroad.reports.formats.html.tags import Markup, tag
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import columns, count, fit, line

_NAME = 46
_LEFT, _BAR, _STEP, _SCALE, _TOP = 330, 10, 34, 420, 40
_SERIES = (("effort", "#6b7680"), ("coverage", "#17599c"), ("efficiency", "#97600a"))
_CSS = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b2228;
  background: #ffffff; }
table { border-collapse: collapse; } caption { text-align: left; padding-bottom: .5rem; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid #d9dedb; text-align: right; }
th:first-child { text-align: left; }
svg { max-width: 100%; height: auto; }
"""


def as_json(found: Backtest) -> str:
    """The whole result."""
    return escaped_json({"schema": "1", "backtest": msgspec.to_builtins(found)}).decode().rstrip("\n")


def as_table(found: Backtest) -> str:
    """Lines for a terminal."""
    return "\n".join(_lines(found))


def as_svg(found: Backtest) -> str:
    """The chart alone, as an SVG document."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _chart(found).text + "\n"


def as_html(found: Backtest) -> str:
    """The chart, the table behind it and the notes, as one page."""
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("title", "Back-test of priorities"),
            tag("style", Markup(_CSS)),
        ),
        tag(
            "body",
            tag("h1", "Back-test of priorities"),
            [tag("p", sentence) for sentence in summary(found)],
            _chart(found),
            _figures(found),
            tag("h2", "Notes"),
            tag("ul", [tag("li", note) for note in found.notes]),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page.text}\n"


def summary(found: Backtest) -> Iterator[str]:
    """What was judged, in a few sentences."""
    yield f"Judged on what was known on {found.at}, by what was added to KEV until {found.until}."
    yield (
        f"{count(found.population, 'CVE')} in the population; {found.seen:,} of them "
        f"{'was' if found.seen == 1 else 'were'} added later."
    )
    apart = [
        (found.unseen, "later additions had no data on the day: no strategy could see them"),
        (found.foreign, "later additions are not among the findings"),
        (found.listed_before, "CVEs were in the catalogue already and are left out"),
        (found.too_new, "CVEs were published later and are left out"),
    ]
    yield from (f"{number:,} {words}." for number, words in apart if number)
    if not found.seen:
        yield "Without a later addition in the population there is no coverage to measure."


def percent(share: float | None) -> str:
    """``12.3 %``, below one per cent two digits that count (``0.0029 %``), or ``-`` where nothing could be divided."""
    if share is None:
        return "-"
    return f"{share * 100:.2g} %" if 0 < share < 0.01 else f"{share * 100:.1f} %"


def _lines(found: Backtest) -> Iterator[str]:
    yield from summary(found)
    yield ""
    yield f"{'strategy':{_NAME}} {'selected':>9} {'effort':>8} {'found':>6} {'coverage':>9} {'efficiency':>10}  no data"
    for row in found.rows:
        name = fit(line(row.name, 100), _NAME)
        yield (
            f"{name}{' ' * (_NAME - columns(name))} {row.selected:>9,} {percent(row.effort):>8} {row.hits:>6,} "
            f"{percent(row.coverage):>9} {percent(row.efficiency):>10}  {_blind(row)}"
        )
    yield ""
    yield from (f"note: {note}" for note in found.notes)


def _blind(row: Row) -> str:
    return f"{row.blind:,} ({row.blind_hits:,} added)" if row.blind else ""


def _chart(found: Backtest) -> Markup:
    """Three bars per strategy: effort (less is better), coverage and efficiency (more is better)."""
    height = _TOP + len(found.rows) * (_STEP + 8) + 10
    width = _LEFT + _SCALE + 80
    parts: list[Markup] = [tag("rect", width=width, height=height, fill="#ffffff")]
    for place, (name, colour) in enumerate(_SERIES):
        left = _LEFT + place * 120
        parts.append(tag("rect", x=left, y=10, width=12, height=12, fill=colour))
        parts.append(tag("text", name, x=left + 18, y=21))
    for number, row in enumerate(found.rows):
        top = _TOP + number * (_STEP + 8)
        parts.append(tag("text", fit(line(row.name, 100), _NAME), x=_LEFT - 10, y=top + 20, text_anchor="end"))
        parts += _bars(row, top)
    label = "Effort, coverage and efficiency of each strategy in per cent. The table holds the same figures."
    return tag(
        "svg",
        parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
        font_family="system-ui, sans-serif",
        font_size="13",
        fill="#1b2228",
    )


def _bars(row: Row, top: int) -> Iterator[Markup]:
    for place, (name, colour) in enumerate(_SERIES):
        share: float | None = getattr(row, name)
        y = top + place * (_BAR + 2)
        length = max((share or 0.0) * _SCALE, 1.0)
        yield tag("rect", x=_LEFT, y=y, width=f"{length:.1f}", height=_BAR, fill=colour)
        yield tag("text", percent(share), x=f"{_LEFT + length + 5:.1f}", y=y + 9, font_size="10")


def _figures(found: Backtest) -> Markup:
    heads = ("strategy", "selected", "effort", "found", "coverage", "efficiency", "no data")
    rows = [
        tag(
            "tr",
            tag("th", line(row.name, 100), scope="row"),
            [
                tag("td", cell)
                for cell in (
                    f"{row.selected:,}",
                    percent(row.effort),
                    f"{row.hits:,}",
                    percent(row.coverage),
                    percent(row.efficiency),
                    _blind(row),
                )
            ],
        )
        for row in found.rows
    ]
    head = tag("tr", [tag("th", name, scope="col") for name in heads])
    caption = tag("caption", "Found: later additions to KEV among the selected.")
    return tag("table", caption, tag("thead", head), tag("tbody", rows))
