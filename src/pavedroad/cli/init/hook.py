"""The pre-commit hook: a plain git hook, or an entry for the pre-commit framework where a project uses that."""

import shlex

# Exit code 1 and 2 stop the commit. 3 says that something could not be looked at: on a laptop that is told and left to
# CI, which stops it; otherwise a laptop without advisory data could never commit. -P: a hook starts in the work tree,
# whose own modules must not be imported.
_SCRIPT = """\
#!/bin/sh
# Written by 'paved init': looks at what is staged. Once without it: git commit --no-verify (CI looks all the same).
if command -v paved >/dev/null 2>&1; then
    paved check --staged --quiet
else
    {python} -P -m pavedroad check --staged --quiet
fi
code=$?
if [ "$code" = 3 ]; then
    echo "paved: incomplete; the commit goes on, and CI will ask again" >&2
    exit 0
fi
exit "$code"
"""

ENTRY = """\
  - repo: local
    hooks:
      - id: paved
        name: paved check --staged
        entry: paved check --staged --quiet
        language: system
        pass_filenames: false
        always_run: true
"""


def script(python: str) -> str:
    """The hook; ``python`` is the interpreter that has Pavedroad, used when ``paved`` is not on PATH."""
    return _SCRIPT.format(python=shlex.quote(python))
