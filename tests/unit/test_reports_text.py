"""Text from strangers is harmless in every report, and still says what is there."""

import pytest

from pavedroad.reports.text import block, columns, count, fit, line, prose, relative_uri, shorten, web_url, wrap


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x9b2J", "\\x9b2J"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("byte\udcff", "byte\\xff"),
        ("half\ud800", "half\\ud800"),
        ("\u2028", "\\u2028"),
    ],
)
def test_a_character_that_is_obeyed_or_unseen_is_shown_as_an_escape(raw: str, shown: str) -> None:
    assert line(raw) == shown


@pytest.mark.parametrize("text", ["plain", "Größe", "日本語", "emoji ☂️ 🎉", "back\\slash", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert line(text) == text


def test_a_block_keeps_line_breaks_and_tabs_only() -> None:
    assert block("a\r\nb\tc\x07\rd") == "a\nb\tc\\x07\\rd"


def test_prose_is_one_line_with_single_spaces() -> None:
    assert prose("  two\n\n  words\t ") == "two words"


def test_a_cut_text_ends_with_an_ellipsis_and_keeps_to_its_limit() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert line("abcd", 4) == "abcd"
    assert len(line("\x00" * 100, 10)) == 10


def test_a_huge_text_is_cut_before_it_is_escaped() -> None:
    assert len(prose("\x1b " * 1_000_000, 50)) == 50


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1)])
def test_columns_count_what_a_terminal_uses(text: str, width: int) -> None:
    assert columns(text) == width


def test_fit_never_exceeds_the_width_even_with_wide_characters() -> None:
    assert columns(fit("日本語日本語", 7)) <= 7


def test_wrap_breaks_at_spaces_and_cuts_words_that_are_too_long() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("x" * 20, 8) == ["x" * 8, "x" * 8, "x" * 4]
    assert wrap("", 8) == [""]


@pytest.mark.parametrize(
    "url",
    ["https://example.com/a?b=c#d", "http://localhost:8000/"],
)
def test_a_plain_web_address_may_become_a_link(url: str) -> None:
    assert web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "https://",
        "https://user@evil.example/",
        "https://example.com/\x00",
        'https://example.com/"onclick=',
        "https://exämple.com",
        "http://[::1",
        "file:///etc/passwd",
        "https://example.com/" + "a" * 3000,
    ],
)
def test_any_other_address_never_becomes_a_link(url: str) -> None:
    assert web_url(url) == ""


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("/etc/passwd", "etc/passwd"),
        ("../../x", "x"),
        ("C:\\x", "C%3A%5Cx"),
        ("a#b?c", "a%23b%3Fc"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("bad\udcff", "bad%FF"),
        ("bad\ud800", "bad%3F"),
        ("", "unknown"),
        ("javascript:alert(1)", "javascript%3Aalert(1)"),
    ],
)
def test_a_path_becomes_a_relative_uri_that_cannot_leave_the_tree(path: str, uri: str) -> None:
    assert relative_uri(path) == uri


def test_counts_read_like_a_sentence() -> None:
    assert [count(1, "finding"), count(0, "finding"), count(2400, "entry", "entries")] == [
        "1 finding",
        "0 findings",
        "2,400 entries",
    ]
