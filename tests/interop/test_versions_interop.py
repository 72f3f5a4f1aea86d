"""Our order of versions is that of the ecosystem's own program, on pairs drawn at random with a fixed seed.

Each test skips where its program is not installed. A pair that either side refuses says nothing and is left out;
enough pairs must say something.
"""

import importlib
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions import scheme

pytestmark = pytest.mark.interop

Pair = tuple[str, str]
COMPOSER = Path("/usr/share/php/Composer/Semver/autoload.php")

GEM = """
STDIN.each_line { |l| a, b = l.chomp.split("\\t"); begin; puts(Gem::Version.new(a) <=> Gem::Version.new(b))
rescue ArgumentError; puts "E"; end }
"""
PHP = f"""
require '{COMPOSER}';
$p = new Composer\\Semver\\VersionParser();
while (($l = fgets(STDIN)) !== false) {{
    [$a, $b] = explode("\\t", rtrim($l, "\\n"));
    try {{ $a = $p->normalize($a); $b = $p->normalize($b); }} catch (Exception $e) {{ echo "E\\n"; continue; }}
    if (substr($a, 0, 4) == 'dev-' || substr($b, 0, 4) == 'dev-') {{ echo "E\\n"; continue; }}
    echo version_compare($a, $b), "\\n";
}}
"""
R = """
l <- strsplit(readLines(file("stdin")), "\\t")
f <- function(x) tryCatch(as.character(compareVersion(x[1], x[2])), error = function(e) "E")
cat(sapply(l, f), sep = "\\n")
"""
ELIXIR = """
IO.stream(:stdio, :line) |> Enum.each(fn l ->
  [a, b] = String.split(String.trim(l), "\\t")
  r = try do case Version.compare(a, b) do :lt -> -1; :gt -> 1; :eq -> 0 end rescue _ -> "E" end
  IO.puts(to_string(r))
end)
"""


class Drawn:
    """Versions of no ecosystem in particular: numbers, the words that ecosystems know, their separators."""

    def __init__(self, seed: int, words: str, separators: str, tail: str = "") -> None:
        self._random, self._words, self._separators = random.Random(seed), words.split(), separators  # noqa: S311
        self._tail = tail

    def _number(self) -> str:
        return self._random.choice(["0", "0", "1", "2", "9", "10", "11", "99", "100"])

    def version(self) -> str:
        text = ".".join(self._number() for _ in range(self._random.randint(1, 4)))
        for _ in range(self._random.randint(0, 2)):
            word = self._random.choice(self._words)
            text += self._random.choice(self._separators) + word + self._random.choice(["", self._number()])
        return text + (self._tail + self._number() if self._tail and self._random.random() < 0.5 else "")

    def pairs(self, count: int) -> Iterator[Pair]:
        """Half of them begin alike: what differs late is where orders disagree."""
        for _ in range(count):
            one, other = self.version(), self.version()
            cut = self._random.randint(0, len(one)) if self._random.random() < 0.5 else 0
            yield one, one[:cut] + other[cut:] or other


def told(command: list[str], pairs: list[Pair]) -> list[str]:
    """What a program says of pairs on its standard input, one line each."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    text = "".join(f"{a}\t{b}\n" for a, b in pairs)
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=120).stdout.split()


def ours(ecosystem: str, a: str, b: str) -> str:
    rules = scheme(ecosystem)
    assert rules
    try:
        x, y = rules.key(a), rules.key(b)
    except VersionError:
        return "E"
    return str((y < x) - (x < y))


def agree(ecosystem: str, pairs: list[Pair], answers: list[str]) -> None:
    said = [(pair, ours(ecosystem, *pair), answer) for pair, answer in zip(pairs, answers, strict=True)]
    decided = [each for each in said if "E" not in each[1:]]
    assert len(decided) > len(pairs) / 4
    assert [each for each in decided if each[1] != each[2]] == []


def test_debian_versions_are_ordered_as_dpkg_does() -> None:
    if shutil.which("dpkg") is None:
        pytest.skip("dpkg is not installed")
    pairs = list(Drawn(1, "~rc + dfsg deb12u ~ a Z", ".+~-", "-").pairs(150))

    def compare(pair: Pair) -> str:
        for sign, answer in (("lt", "-1"), ("gt", "1"), ("eq", "0")):
            command = ["dpkg", "--compare-versions", pair[0], sign, pair[1]]
            if subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0:
                return answer
        return "E"

    agree("Debian", pairs, [compare(pair) for pair in pairs])


def test_rpm_versions_are_ordered_as_rpm_does() -> None:
    if shutil.which("rpm") is None:
        pytest.skip("rpm is not installed")
    pairs = list(Drawn(2, "el ~rc ^git fc a Z module+el", "._~^").pairs(500))
    lua = "".join(f'print(rpm.vercmp("{a}", "{b}") .. " ")' for a, b in pairs)
    command = ["rpm", "--eval", "%{lua:" + lua + "}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    agree("Red Hat", pairs, out.split())


@pytest.mark.parametrize(
    ("ecosystem", "command", "drawn"),
    [
        ("RubyGems", ["ruby", "-e", GEM], Drawn(3, "a b rc pre beta1 A 0a x2y", ".-.")),
        ("CRAN", ["Rscript", "-e", R], Drawn(4, "1 2 10", ".-")),
        ("Hex", ["elixir", "-e", ELIXIR], Drawn(5, "alpha beta rc 0a x-y", "-.+")),
    ],
)
def test_versions_are_ordered_as_the_ecosystem_s_program_does(ecosystem: str, command: list[str], drawn: Drawn) -> None:
    pairs = list(drawn.pairs(2000))
    if ecosystem == "Hex":
        pairs = [("1.0." + a, "1.0." + b) for a, b in pairs if a[:2].isdigit() and b[:2].isdigit()] + [
            (f"1.2.3-{a}", f"1.2.3-{b}") for a, b in pairs
        ]
    agree(ecosystem, pairs, told(command, pairs))


def test_packagist_versions_are_ordered_as_composer_does() -> None:
    if not COMPOSER.exists():
        pytest.skip("composer/semver is not installed")
    pairs = list(Drawn(6, "alpha beta RC a b p pl patch dev stable", ".-_").pairs(2000))
    agree("Packagist", pairs, told(["php", "-r", PHP], pairs))


@pytest.mark.parametrize(
    ("ecosystem", "name", "drawn"),
    [
        ("RubyGems", "RubygemsVersion", Drawn(7, "a b rc pre beta1 A", ".-")),
        ("Red Hat", "RpmVersion", Drawn(8, "el ~rc ^git fc a Z", "._~^")),
    ],
)
def test_versions_are_ordered_as_univers_does_where_it_follows_the_ecosystem(
    ecosystem: str, name: str, drawn: Drawn
) -> None:
    """Its other classes differ from the ecosystems' own programs, as the decision on version schemes lists."""
    pytest.importorskip("univers")
    make: Callable[[str], object] = getattr(importlib.import_module("univers.versions"), name)
    pairs = list(drawn.pairs(1000))

    def compare(a: str, b: str) -> str:
        try:
            x, y = make(a), make(b)
        except ValueError:
            return "E"
        return "0" if x == y else "-1" if x < y else "1"  # type: ignore[operator]

    agree(ecosystem, pairs, [compare(a, b) for a, b in pairs])
