"""The pages of docs/reference, each a function from the code to Markdown. No page is written by hand, so none can lie.

Called by ``scripts/generate_reference.py``, which writes or compares them.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from pavedroad.advisories.versions import schemes
from pavedroad.cli import app
from pavedroad.cli.dev import known_kinds
from pavedroad.cli.init.proposals import platforms
from pavedroad.core.finding import RuleInfo
from pavedroad.infra.plugins import module_names, registry
from pavedroad.policy import RULES, config_schema
from pavedroad.policy.config import GateRule
from pavedroad.policy.defaults import DEFAULT_RULES
from pavedroad.reports import formats
from pavedroad.scanning.registry import PACKAGE as SCANNERS
from pavedroad.scanning.registry import module_of, scanners
from pavedroad.scanning.scanners.dependencies.parsers import parsers

NOTE = "<!-- Written by `make docs` from the code. Change the code, not this page. -->\n\n"
EXIT_CODES = (
    (app.EXIT_PASS, "pass", "Nothing that the policy blocks was found, and everything it asks for was looked at."),
    (app.EXIT_FAIL, "fail", "At least one finding is blocked by a rule of the gate."),
    (app.EXIT_USAGE, "usage", "The command line or a configuration file is wrong; nothing was looked at."),
    (
        app.EXIT_INCOMPLETE,
        "incomplete",
        "Something could not be looked at: a scanner failed, a limit was reached, data was missing or too old.",
    ),
    (app.EXIT_INTERRUPTED, "interrupted", "Ctrl-C or a signal; nothing was decided."),
)
ENVIRONMENT = {
    "PAVED_CACHE_DIR": "Folder of compiled rules in place of `$XDG_CACHE_HOME/pavedroad`; safe to delete.",
    "PAVED_DATA_DIR": "Folder of the advisory database and guest tools in place of `$XDG_DATA_HOME/pavedroad`.",
    "PAVED_CACHE_KEY": "Key that signs `.paved/cache`, for machines that share one; default: one per machine.",
    "PAVED_HASH_KEY": "Keys the hashes of secrets in place of `project.key`, to keep the key out of the repository.",
    "PAVED_OWNER": "Owner of the waivers that `paved waive` writes.",
    "NO_COLOR": "Any value: no colour in the terminal report.",
    "FORCE_COLOR": "Any value: colour although the output is no terminal.",
    "PAVED_REGISTRY": "Container registry of image references that name none: `registry.example`.",
    "PAVED_REGISTRY_USERNAME": "User name for that registry and others; default: what `docker login` stored.",
    "PAVED_REGISTRY_PASSWORD": "Password or token that goes with it.",
}


def cell(text: object) -> str:
    """Text for one cell of a Markdown table."""
    return " ".join(str(text).replace("|", "\\|").split())


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; empty when there are no rows."""
    body = ["| " + " | ".join(cell(value) for value in row) + " |\n" for row in rows]
    names = list(head)
    lines = [f"| {' | '.join(names)} |\n", f"|{'---|' * len(names)}\n", *body]
    return "".join(lines) + "\n" if body else ""


def prose(text: str | None) -> str:
    """A docstring as Markdown: reStructuredText's double back-quotes and roles become single ones."""
    clean = inspect.cleandoc(text or "").replace("``", "`")
    for role in (":mod:", ":class:", ":meth:", ":func:"):
        clean = clean.replace(role, "")
    return clean.replace("\n::\n", "\n")


# --- commands -------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name, depth first."""

    def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for sub in command.list_commands(context):
                found = command.get_command(context, sub)
                assert found is not None  # noqa: S101 - it was just listed
                yield from below(f"{name} {sub}".strip(), found)

    yield from (pair for pair in below("", app.paved) if pair[0])


def commands_page() -> str:
    """docs/reference/commands.md"""
    parts = ["# Commands\n\n", NOTE, "Exit codes are explained in [exit-codes.md](exit-codes.md).\n\n"]
    for name, command in commands():
        parts.append(f"## paved {name}\n\n")
        context = click.Context(command, info_name=f"paved {name}")
        parts.append(f"```text\n{' '.join(command.get_usage(context).split()).removeprefix('Usage: ')}\n```\n\n")
        parts.append(prose(command.help) + "\n\n")
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        parts.append(table(("option", "meaning"), (_option(option, context) for option in options)))
    return "".join(parts).rstrip("\n") + "\n"


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    said = any(words in (option.help or "") for words in ("several times", "again", "same position"))
    more = " May be given several times." if option.multiple and not said else ""
    return f"`{', '.join(option.opts)}{value}`", f"{option.help}{more}"


def exit_codes_page() -> str:
    """docs/reference/exit-codes.md"""
    return (
        "# Exit codes\n\n"
        + NOTE
        + table(("code", "name", "meaning"), EXIT_CODES)
        + "Reports are written before the code is decided, so a report exists whatever the code. `--exit-zero` makes\n"
        "`paved check` end with 0 for pass, fail and incomplete; the reports still tell the verdict.\n"
    )


# --- settings -------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """docs/reference/settings.md"""
    schema = config_schema()
    defs = schema["$defs"]
    parts = [
        "# Settings: paved.yaml\n\n",
        NOTE,
        "Every setting may be left out, and an unknown one is an error.\n",
        "The same as a JSON Schema for editors: [paved.schema.json](paved.schema.json).\n\n",
    ]
    for path, name in _sections("Config", "", defs):
        parts.append(f"## {f'`{path}`' if path else 'Top level'}\n\n{prose(defs[name]['description'])}\n\n")
        required = defs[name].get("required", [])
        parts.append(
            table(
                ("setting", "values", "default", "meaning"),
                (
                    (f"`{key}`", _values(value, defs), _default(key, value, required), value.get("description", ""))
                    for key, value in defs[name]["properties"].items()
                ),
            )
        )
    parts.append("## Default rules of the gate\n\nAsked after yours, in this order; the first one met decides.\n\n")
    parts.append(table(("rule", "findings", "scope", "mode", "because"), map(_default_rule, DEFAULT_RULES)))
    parts.append("## Environment\n\n" + table(("variable", "meaning"), ((f"`{k}`", v) for k, v in ENVIRONMENT.items())))
    return "".join(parts).rstrip("\n") + "\n"


def _default_rule(rule: GateRule) -> tuple[str, ...]:
    asked = [f"kind {', '.join(rule.kinds)}"] if rule.kinds else []
    asked += [f"rules {', '.join(f'`{name}`' for name in rule.rules)}"] if rule.rules else []
    asked += [f"severity {rule.severity.value} or higher"] if rule.severity else []
    asked += [f"confidence {rule.confidence.value} or higher"] if rule.confidence else []
    return f"`{rule.id}`", "; ".join(asked) or "all", rule.scope.value, rule.mode.value, rule.because


def _sections(name: str, path: str, defs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, definition) of each table of settings, in the order of the file."""
    yield path, name
    for key, value in defs[name]["properties"].items():
        for inner, suffix in _inner(value):
            if defs[inner].get("type") == "object":
                yield from _sections(inner, f"{path}.{key}{suffix}".lstrip("."), defs)


def _inner(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Definitions that a setting holds: itself, its items (``[]``), its values (``.<name>``)."""
    if "$ref" in value:
        yield value["$ref"].rpartition("/")[2], ""
    for choice in value.get("anyOf", ()):
        yield from _inner(choice)
    if isinstance(value.get("items"), dict):
        yield from ((name, "[]") for name, _ in _inner(value["items"]))
    if isinstance(value.get("additionalProperties"), dict):
        yield from ((name, ".<name>") for name, _ in _inner(value["additionalProperties"]))


def _values(value: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return _values(defs[name], defs) if "enum" in defs[name] else "table, below"
    if "enum" in value:
        return ", ".join("empty" if choice == "" else f"`{choice}`" for choice in value["enum"] if choice is not None)
    if "anyOf" in value:
        return " or ".join(
            dict.fromkeys(_values(choice, defs) for choice in value["anyOf"] if choice != {"type": "null"})
        )
    kind = value.get("type", "")
    if kind == "array":
        return f"list of {_values(value.get('items', {}), defs).replace('table,', 'tables,')}"
    if kind == "object":
        inner = value.get("additionalProperties")
        return (
            f"table of {_values(inner, defs)}" if isinstance(inner, dict) and inner != {"type": "object"} else "table"
        )
    bounds = [f"{word} {value[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in value]
    words = {"string": "text", "integer": "number", "boolean": "`true`, `false`", "null": "nothing"}.get(kind, kind)
    return " ".join([words, *bounds])


def _default(key: str, value: Mapping[str, Any], required: Iterable[str]) -> str:
    if key in required:
        return "required"
    default = value.get("default")
    if default is None or isinstance(default, dict) or default in ("", [], ()):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


# --- plug-ins -------------------------------------------------------------------------------------------------------


def formats_page() -> str:
    """docs/reference/formats.md"""
    parts = ["# Report formats\n\n", NOTE, "`paved check --format NAME -o FILE`, as often as needed.\n\n"]
    parts.append(
        table(
            ("format", "file ending", "what it is"),
            ((f"[`{n}`](#{n})", f"`.{f.extension}`", f.title) for n, f in formats().items()),
        )
    )
    parts += [f"## {name}\n\n{_page('pavedroad.reports.formats', name)}\n\n" for name in formats()]
    return "".join(parts).rstrip("\n") + "\n"


def _page(package: str, name: str) -> str:
    return prose(sys.modules[f"{package}.{name.replace('-', '_')}"].__doc__)


def scanners_page() -> str:
    """docs/reference/scanners.md"""
    parts = ["# Scanners\n\n", NOTE, "The rules of each are listed in [rules.md](rules.md).\n\n"]
    for name, scanner in scanners().items():
        needs = scanner.needs
        parts.append(
            f"## {name}\n\n{scanner.title}.\n\n{prose(sys.modules[f'{SCANNERS}.{module_of(name)}'].__doc__)}\n\n"
        )
        facts = (
            ("kind, for `--only`, `--skip` and gate rules", f"`{scanner.kind}`"),
            ("looks at git history with `--history`", "yes" if scanner.history else "no"),
            ("network", "needed" if needs.network else "not used"),
            ("programs", ", ".join(f"`{p}`" for p in needs.executables) or "none"),
            ("guest tools", ", ".join(f"`{t}`" for t in needs.tools) or "none"),
            ("runs code of the project", "yes" if needs.runs_target_code else "never"),
            ("memory, at most", f"{needs.memory >> 20} MiB"),
            ("time, at most", f"{needs.seconds} s for each run"),
            ("rules", f"{len(scanner.rules())}"),
        )
        parts.append(table(("fact", "value"), facts))
    parts += [_detectors(), _parsers()]
    return "".join(parts).rstrip("\n") + "\n"


def _detectors() -> str:
    package = f"{SCANNERS}.secrets.detectors"
    registry(package, "DETECTOR")
    rows = ((f"`{n.replace('_', '-')}`", _first(_page(package, n))) for n in module_names(package))
    return "## File formats in which `secrets` knows the places\n\n" + table(("detector", "what it reads"), rows)


def _parsers() -> str:
    package = f"{SCANNERS}.dependencies.parsers"
    known = parsers()
    modules = {sys.modules[f"{package}.{n}"].PARSER.name: n for n in module_names(package)}
    rows = ((f"`{p.title}`", p.ecosystem, _first(_page(package, modules[n]))) for n, p in sorted(known.items()))
    text = "## Lock files that `dependencies` reads\n\n" + table(("file", "ecosystem", "notes"), rows)
    return text + f"Versions are compared by the rules of: {', '.join(sorted(schemes()))}.\n"


def _first(text: str) -> str:
    """The first paragraph."""
    return text.split("\n\n", 1)[0]


def rules_page() -> str:
    """docs/reference/rules.md"""
    parts = ["# Rules\n\n", NOTE, "`paved explain RULE` shows the page of each.\n\n"]
    groups: dict[str, tuple[RuleInfo, ...]] = {name: scanner.rules() for name, scanner in scanners().items()}
    groups["waivers"] = tuple(RULES)
    for name, rules in groups.items():
        parts.append(f"## {name}\n\n")
        rows = ((f"`{r.id}`", r.title, r.severity.value, r.confidence.value, _cwe(r)) for r in rules)
        parts.append(table(("rule", "what it finds", "severity", "confidence", "CWE"), rows))
        if name == "dependencies":
            parts.append(
                "Each finding carries its advisory as its rule (`dependencies/CVE-2024-0001`), with the severity of\n"
                "the advisory.\n\n"
            )
    return "".join(parts).rstrip("\n") + "\n"


def _cwe(rule: RuleInfo) -> str:
    return ", ".join(str(number) for number in rule.cwe)


def plugins_page() -> str:
    """docs/reference/plugins.md"""
    parts = [
        "# Kinds of plug-in\n\n",
        NOTE,
        "`paved dev new KIND NAME` writes the skeleton of each. It passes the contract tests as it is, and nothing\n",
        "else is edited to add one. See [CONTRIBUTING.md](../../CONTRIBUTING.md).\n\n",
    ]
    for name, kind in known_kinds().items():
        parts.append(f"## {name}\n\n{kind.title[0].upper()}{kind.title[1:]}.\n\n")
        parts += [f"- `{skeleton.path.replace('$', '')}`\n" for skeleton in kind.files]
        parts.append(f"\nFirst: {kind.edit}.\n\n")
    parts.append("## CI platforms of `paved init`\n\n")
    parts.append(
        table(
            ("name", "platform", "file", "then"),
            ((f"`{n}`", p.title, f"`{p.path}`", p.after) for n, p in platforms().items()),
        )
    )
    return "".join(parts).rstrip("\n") + "\n"
