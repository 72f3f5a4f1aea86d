"""The text of a fresh ``paved.yaml``: everything at its default, and the settings people ask for first, explained."""

import secrets

_TEXT = """\
# What Pavedroad looks at and when it blocks. Every setting may be left out; an unknown one is an error.
# All of them, with their defaults: docs/reference/settings.md of Pavedroad, or the JSON Schema next to it.
version: 1

project:
  # Keys the hashes of secrets in reports, so that nobody can guess a secret from its hash. It is random, belongs to
  # this project alone, and opens nothing; changing it makes every known secret look new.
  key: {key}
  # name: shop            # default: the git remote

# scan:
#   ignore:               # beside .gitignore and .pavedignore, in the same syntax
#     - vendor/
#   skip: [dependencies]  # kinds not to look for

# gate:
#   rules:                # asked before the default rules; the first one that a finding meets decides
#     - id: no-criticals-anywhere
#       severity: critical
#       scope: all        # new (what a change brings), old, or all
#       mode: block       # block, warn or observe
#       because: Critical flaws are fixed before anything else ships.
#   modes:
#     dependencies: warn  # no finding of this kind blocks while a team catches up
"""


def fresh_key() -> str:
    """256 random bits as hex."""
    return secrets.token_hex(32)


def settings_text(key: str) -> str:
    """The file, keyed by ``key``."""
    return _TEXT.format(key=key)


def key_lines(key: str) -> str:
    """Only what a file without a project key lacks."""
    return f"project:\n  key: {key}\n"
