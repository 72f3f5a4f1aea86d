"""Import names from source text. Pure, tolerant and linear: broken files give what can be seen in them.

Regular expressions take the place of a parser, because parsing all files of a large tree would cost more than the whole
check. Texts and comments of Python are blanked first, so that an example in a docstring is no import; tests hold the
result to Python's own parser. In doubt more is listed, never less: what is imported counts as reachable.
"""

import re
from collections.abc import Iterator

_PYTHON = (".py", ".pyi", ".pyw")
_JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro")
_OTHERS = frozenset(
    {"node_modules", "bower_components", "site-packages", "dist-packages", ".venv", "venv", "vendor", "third_party"}
)
_MOST = 2000  # names of one file
_LEVELS = 3

# A text (prefix and all), a comment, or a backslash that joins two lines. A text that is never closed ends with its
# line, a long one with the file, as broken files must not cost more than whole ones.
_BLANK = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|\#[^\n]*"
    r"|\\\r?\n",
    re.DOTALL,
)
_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_IMPORT = re.compile(
    rf"(?:^|[;:])[ \t]*(?:from[ \t]+({_NAME})[ \t]+import\b[ \t]*([^\n;]*)|import[ \t]+([^\n;]+))", re.MULTILINE
)
_DYNAMIC = re.compile(
    r"\b(?:import_module|__import__|run_module|importorskip)\s*\(\s*(?:(?:name\s*=\s*)?([\"'])([\w.]{1,200})\1|([^)\s]))"
)
_NAMED = re.compile(rf"([\"'])({_NAME})\1")
_SETTINGS = re.compile(r"(?:^|[/_.])(?:settings?|conf|config|configuration|celery)(?:[/_.]|$)", re.IGNORECASE)

_SPECIFIER = re.compile(
    r"(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)(?:/\*[^*]{0,200}\*/\s*)?([\"'`])([^\"'`\n$]{1,214})\1"
)
_UNNAMED = re.compile(r"\b(?:require|import)\s*\(\s*(?:[A-Za-z_$][\w$.]*|`\$\{)[^\n]{0,80}")
_PACKAGE = re.compile(r"(@[a-z0-9~-][\w.~-]*/)?[a-z0-9~-][\w.~-]*", re.IGNORECASE)


def language(path: str) -> str:
    """``python``, ``javascript``, or empty for files that are not the project's own source."""
    if not _OTHERS.isdisjoint(path.split("/")) or path.endswith((".min.js", ".d.ts")):
        return ""
    if path.endswith(_PYTHON):
        return "python"
    return "javascript" if path.endswith(_JAVASCRIPT) else ""


def facts(path: str, content: bytes) -> tuple[str, ...]:
    """What the file imports, sorted, each once."""
    text = content.decode("utf-8", "replace")
    found = python(text, settings=bool(_SETTINGS.search(path))) if language(path) == "python" else javascript(text)
    return tuple(sorted(set(found))[:_MOST])


def python(text: str, *, settings: bool = False) -> Iterator[str]:
    """Imports of a Python file; with ``settings`` also the modules that its texts name."""
    if "import" in text:
        code = _BLANK.sub(" ", text) if "\\" in text or '"' in text or "'" in text or "#" in text else text
        for source, names, modules in _IMPORT.findall(code):
            yield from _from(source, names) if source else _plain(modules)
        if "import_module" in text or "__import__" in text or "run_module" in text or "importorskip" in text:
            for _, name, _other in _DYNAMIC.findall(text):
                yield f"python:{_short(name)}" if name.strip(".") and name[0] != "." else "python:?"
    if settings:
        for _, name in _NAMED.findall(text):
            yield f"named:{_short(name)}"


def _from(source: str, names: str) -> Iterator[str]:
    """``from google.cloud import storage``: the names may be modules. Those on later lines are not needed: their
    package is listed."""
    yield f"python:{_short(source)}"
    if source.count(".") < _LEVELS - 1:
        for name in names.strip("( \t").split(",")[:50]:
            word = name.split()[:1]
            if word and word[0].isidentifier():
                yield f"python:{source}.{word[0]}"


def _plain(modules: str) -> Iterator[str]:
    for each in modules.split(",")[:50]:
        word = each.split()[:1]
        if word and all(part.isidentifier() for part in word[0].split(".")):
            yield f"python:{_short(word[0])}"


def _short(name: str) -> str:
    return ".".join(name.split(".")[:_LEVELS])


def javascript(text: str) -> Iterator[str]:
    """Packages that a JavaScript or TypeScript file imports, requires or exports from."""
    if "import" not in text and "require" not in text and "from" not in text:
        return
    for _, specifier in _SPECIFIER.findall(text):
        name = _PACKAGE.match(specifier.removeprefix("npm:"))
        if name and specifier[0] not in "./" and ":" not in specifier.removeprefix("npm:"):
            yield f"javascript:{name.group().lower()}"
    if _UNNAMED.search(text):
        yield "javascript:?"
