"""What every report format must do, whoever wrote it."""

import re
import sys

import pytest

from pavedroad.core.run import Run
from pavedroad.reports import ReportContext, formats
from pavedroad.reports.registry import PACKAGE
from tests.support.audit import Events, watch
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run
from tests.support.sample_run import clean_run, sample_run

NAMES = sorted(formats())
RUNS: dict[str, Run] = {
    "sample": sample_run(),
    "clean": clean_run(),
    "image": image_run(),
    **{f"hostile-{number}": hostile_run(text) for number, text in enumerate(HOSTILE)},
}

pytestmark = pytest.mark.parametrize("name", NAMES)


def test_it_is_named_as_its_module_and_says_what_it_is(name: str) -> None:
    chosen = formats()[name]
    module = sys.modules[f"{PACKAGE}.{name.replace('-', '_')}"]
    assert (module.__doc__ or "").strip()
    assert chosen.name == name
    assert chosen.title.strip()
    assert re.fullmatch(r"[a-z0-9.]{1,12}", chosen.extension)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_any_run_is_rendered_to_the_same_bytes_twice(name: str, run: Run) -> None:
    context = ReportContext()
    first = formats()[name].render(run, context)
    assert isinstance(first, bytes)
    assert first == formats()[name].render(run, context)


@pytest.mark.parametrize("width", [40, 100, 300])
@pytest.mark.parametrize("verbose", [True, False])
def test_any_reader_is_served(name: str, width: int, verbose: bool) -> None:
    context = ReportContext(width=width, verbose=verbose, color=False, root="elsewhere")
    assert b"\x1b" not in formats()[name].render(sample_run(), context)


def test_rendering_opens_no_socket_and_starts_no_process(name: str) -> None:
    with watch() as events:
        formats()[name].render(sample_run(), ReportContext())
    assert not events.of((*Events.SOCKET, *Events.PROCESS))
