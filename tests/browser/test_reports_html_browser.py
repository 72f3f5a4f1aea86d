"""The page in a real browser: asks for nothing, obeys nobody, sorts, filters, prints, works without scripts."""

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from pavedroad.core import Mode, Run, Severity
from pavedroad.reports import ReportContext, formats
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run
from tests.support.sample_priorities import overdue, priority, soon, unhurried
from tests.support.sample_run import STARTED, many, sample_run

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.loopback,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason="chromium and chromedriver are not installed"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One Chromium with a fresh profile, driven over the loopback."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


class Page:
    """One report, opened from a file."""

    def __init__(self, browser: webdriver.Chrome, folder: Path) -> None:
        self.browser = browser
        self._file = folder / "report.html"

    def show(self, run: Run, *, scripts: bool = True, width: int = 1280, dark: bool = False) -> None:
        self._file.write_bytes(formats()["html"].render(run, ReportContext()))
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])
        self.command("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=width < 500
        )
        self.log("browser")
        self.log("performance")
        self.browser.get(self._file.as_uri())

    def command(self, name: str, **arguments: Any) -> Any:
        return self.browser.execute_cdp_cmd(name, arguments)

    def log(self, name: str) -> list[dict[str, Any]]:
        """What has come up since the last time."""
        return list(self.browser.get_log(name))  # type: ignore[no-untyped-call]

    def complaints(self) -> list[str]:
        return [str(entry["message"]) for entry in self.log("browser")]

    def requests(self) -> list[str]:
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def column(self, index: int, group: str = "tbody") -> list[str]:
        cells = self.all(f"{group} tr.finding td:nth-child({index})")
        return [cell.text for cell in cells if cell.is_displayed()]

    @property
    def address(self) -> str:
        return self._file.as_uri()


@pytest.fixture
def page(browser: webdriver.Chrome, tmp_path: Path) -> Page:
    return Page(browser, tmp_path)


@pytest.mark.parametrize("text", [None, *HOSTILE], ids=range(len(HOSTILE) + 1))
def test_the_page_asks_for_nothing_and_breaks_no_policy(page: Page, text: str | None) -> None:
    page.show(sample_run() if text is None else hostile_run(text))
    assert page.complaints() == []
    assert set(page.requests()) == {page.address}


def test_an_injected_script_or_request_would_be_refused(page: Page) -> None:
    page.show(sample_run())
    page.browser.execute_script(
        "const i = new Image(); i.src = 'http://127.0.0.1:9/x.png';"
        "const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s);"
    )
    assert page.browser.execute_script("return window.evil") is None
    assert any("Content Security Policy" in text for text in page.complaints())


def test_a_click_on_a_head_sorts_inside_the_groups_and_says_so(page: Page) -> None:
    run = sample_run(findings=many(3, severity=Severity.LOW) + many(2, mode=Mode.WARN))
    page.show(run)
    head = page.one("#findings-table thead th:nth-child(4)")
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.column(4, ".group-blocking") == [f"src/app/module_{i}.py:1{i}:5" for i in (0, 1, 2)]
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert page.column(4, ".group-blocking") == [f"src/app/module_{i}.py:1{i}:5" for i in (2, 1, 0)]
    assert len(page.column(4, ".group-warning")) == 2


def test_the_keyboard_sorts_too_and_worst_comes_first(page: Page) -> None:
    low, high = many(1, severity=Severity.LOW), many(2, severity=Severity.HIGH)[1:]
    page.show(sample_run(findings=low + high))
    button = page.one("#findings-table thead th:first-child button")
    button.send_keys(Keys.ENTER)
    assert page.column(1) == ["high", "low"]
    button.send_keys(Keys.SPACE)
    assert page.column(1) == ["low", "high"]


def test_a_click_sorts_by_due_date_and_what_has_no_deadline_comes_last(page: Page) -> None:
    late = priority("60 days", 60, STARTED.date())
    given = zip(many(4), (unhurried(), late, overdue(), soon()), strict=True)
    page.show(sample_run(findings=tuple(msgspec.structs.replace(judged, priority=due) for judged, due in given)))
    head = page.one("#findings-table thead th:nth-child(2)")
    head.find_element(By.TAG_NAME, "button").click()
    firsts = [text.splitlines()[0] for text in page.column(2)]
    assert firsts == ["overdue by 4 days", "due in 3 days", "due in 60 days", "no deadline"]
    head.find_element(By.TAG_NAME, "button").click()
    assert page.column(2)[0].startswith("no deadline")


def test_without_scripts_the_deadline_and_where_its_facts_come_from_can_be_read(page: Page) -> None:
    page.show(image_run(), scripts=False)
    assert "overdue by 4 days" in page.one("tr.finding .until").text
    page.one("summary").click()
    said = page.one(".detail").text
    for words in (
        "catalogue of 2026-11-23",
        "scores of 2026-11-24",
        "assumed yes",
        "RUN apt-get install",
        "2 of the image",
    ):
        assert words in said


def test_filters_hide_rows_and_empty_groups_and_tell_how_many_are_left(page: Page) -> None:
    page.show(sample_run())
    page.one("#filter-text").send_keys("jinja2")
    assert page.one("#filter-told").text == "1 of 9 findings are shown."
    assert [body.is_displayed() for body in page.all("#findings-table tbody")] == [True, False, False, False, False]
    page.one("#filters button[type=reset]").click()
    page.browser.execute_async_script("setTimeout(arguments[0])")
    assert page.one("#filter-told").text == "All 9 findings are shown."


def test_every_control_is_reached_by_the_tab_key_with_a_visible_focus(page: Page) -> None:
    page.show(sample_run())
    reached = set()
    for _ in range(60):
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
        active = page.browser.switch_to.active_element
        if active.tag_name == "body":
            break
        reached.add(active.tag_name)
        assert active.value_of_css_property("outline-style") != "none"
    assert {"a", "input", "select", "button", "summary"} <= reached


def test_without_scripts_the_page_is_whole(page: Page) -> None:
    page.show(sample_run(), scripts=False)
    assert len(page.all("tr.finding")) == 9
    assert not page.one("#filters").is_displayed()
    assert not page.one(".detail").is_displayed()
    page.one("summary").click()
    assert page.one(".detail").is_displayed()
    assert "Revoke the key first" in page.one(".detail").text


@pytest.mark.parametrize("scripts", [True, False])
def test_it_prints_to_pdf(page: Page, scripts: bool) -> None:
    page.show(sample_run(), scripts=scripts)
    pdf = base64.b64decode(page.command("Page.printToPDF")["data"])
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 20_000


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "run", [sample_run(), image_run(), hostile_run(HOSTILE[2]), hostile_run("x" * 5_000)], ids=range(4)
)
def test_a_narrow_screen_needs_no_sideways_scrolling(page: Page, run: Run, dark: bool) -> None:
    page.show(run, width=390, dark=dark)
    size = page.command("Page.getLayoutMetrics")["cssContentSize"]
    assert size["width"] <= 390


def test_light_and_dark_follow_the_reader(page: Page) -> None:
    colors = []
    for dark in (False, True):
        page.show(sample_run(), dark=dark)
        colors.append(page.one("body").value_of_css_property("background-color"))
    assert colors == ["rgba(246, 247, 245, 1)", "rgba(20, 24, 27, 1)"]
