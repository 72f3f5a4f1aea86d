"""Secrets: one encoding, right lines and columns, and lines shown without secrets."""

import codecs
import time

import pytest

from pavedroad.scanning.scanners.secrets.masking import STARS, line_of, masked
from pavedroad.scanning.scanners.secrets.text import normalise, places


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "schlüssel = 1".encode(),
        codecs.BOM_UTF16_LE + "schlüssel = 1".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "schlüssel = 1".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "schlüssel = 1".encode("utf-32-le"),
        "schlüssel = 1".encode("utf-16-le"),
        "schlüssel = 1".encode("utf-16-be"),
        "schlüssel = 1".encode(),
    ],
)
def test_every_unicode_encoding_becomes_plain_utf8(content: bytes) -> None:
    assert normalise(content) == "schlüssel = 1".encode()


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    content = b"\xff\x00\x13\x80abc"
    assert normalise(content) == content


def test_columns_count_code_points_and_lines_survive_crlf() -> None:
    content = "é = 1\r\nüü = secret\r\n".encode()
    assert places(content, [content.index(b"secret")])[content.index(b"secret")] == (2, 6)


def test_thousands_of_places_on_one_line_of_many_megabytes_take_one_pass() -> None:
    content = b"x" * 25_000_000
    begin = time.monotonic()
    found = places(content, range(0, 25_000_000, 5_000))
    assert found[24_995_000] == (1, 24_995_001)
    assert time.monotonic() - begin < 5


def test_a_short_secret_shows_neither_text_nor_length() -> None:
    assert masked(b"tiny") == masked(b"fifteen chars..") == STARS


def test_a_long_secret_shows_four_characters_and_no_length() -> None:
    assert masked(b"abcd" + b"e" * 12) == masked(b"abcd" + b"f" * 80) == "abcd" + STARS


def test_a_line_is_shown_with_all_its_secrets_masked() -> None:
    line = b"user=me first=Tulip99! second=Falcon88? again Tulip99!\n"
    hidden = [(line.index(word), line.index(word) + len(word), word) for word in (b"Tulip99!", b"Falcon88?")]
    shown = line_of(line, hidden[0][0], hidden)
    assert "Tulip" not in shown
    assert "Falcon" not in shown
    assert shown.startswith("user=me first=")


def test_long_mixed_tokens_that_nobody_named_are_masked_too() -> None:
    line = b"pw=Tulip99! other=" + b"a1B2c3D4" * 5
    assert "a1B2c3D4" not in line_of(line, 3, [(3, 11, b"Tulip99!")])


def test_a_long_line_is_cut_without_leaving_half_a_token() -> None:
    token = "q7" * 30
    line = f"{'word ' * 20}{token} pw=Tulip99! {token}{' word' * 60}".encode()
    start = line.index(b"Tulip")
    shown = line_of(line, start, [(start, start + 8, b"Tulip99!")])
    assert "q7q7" not in shown
    assert len(shown) <= 200


def test_control_and_direction_marks_do_not_reach_the_reader() -> None:
    line = "a\u202eb pw=Tulip99!\x1b[31m".encode()
    start = line.index(b"Tulip")
    shown = line_of(line, start, [(start, start + 8, b"Tulip99!")])
    assert "\u202e" not in shown
    assert "\x1b" not in shown
