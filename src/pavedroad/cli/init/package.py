"""What the CI job installs: which Pavedroad, and from where. A job that names a version nobody published would fail.

In this order: ``.paved/requirements.txt`` of the project, locked by hash; what ``--package`` says; and what our own
installation knows of its origin (PEP 610, ``direct_url.json``).

What ends up in a job stands inside shell text inside YAML or Groovy. So nothing is escaped: whatever could mean
something to a shell, to YAML, to Groovy or to the variables of a platform is refused.
"""

import json
import os
import re
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from pavedroad import __version__
from pavedroad.cli.init.model import Package
from pavedroad.core.errors import UsageError

REQUIREMENTS = ".paved/requirements.txt"
DISTRIBUTION = "pavedroad"
_MAX_SPEC = 500
# Inert in double quotes of a POSIX shell, in single quotes of YAML and Groovy, in block texts of YAML, and in the
# template languages of GitHub (${{ }}), GitLab ($X), CircleCI (<< >>), Azure ($( )) and Jenkins.
_INERT = re.compile(r"[A-Za-z0-9._+@:/=,\[\]~-]+", re.ASCII)
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]+\])?==[A-Za-z0-9.+_-]+", re.ASCII
)
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?"
_GIT = re.compile(rf"git\+https://{_HOST}(?:/[A-Za-z0-9._~+-]+)+@(?:[0-9a-f]{{40}}|[0-9a-f]{{64}})", re.ASCII)
_FORMS = "NAME==VERSION, the path of a wheel in this project, or git+https://HOST/PATH@FULL-COMMIT"


def choose_package(root: Path, spec: str | None, *, origin: str | None = None) -> Package:
    """What the job in the project at ``root`` installs. ``origin`` is the text of our direct_url.json, looked up when
    None. Raises UsageError for a ``spec`` that is none, that could inject, or that has no file."""
    locked = _locked(root)
    if spec is not None:
        if locked:
            raise UsageError(
                f"the job installs what {REQUIREMENTS} locks, so --package would be ignored",
                next_step=f"leave --package out, or remove {REQUIREMENTS}",
            )
        return _named(root, spec)
    if locked:
        return Package(arguments=f"--only-binary :all: --require-hashes -r {REQUIREMENTS}")
    return _as_installed(direct_url() if origin is None else origin)


def direct_url() -> str:
    """The text of direct_url.json of our own installation: empty when it came from an index, ``{}`` when there is no
    installation (a source tree on the path)."""
    try:
        return metadata.distribution(DISTRIBUTION).read_text("direct_url.json") or ""
    except metadata.PackageNotFoundError:
        return "{}"


def _locked(root: Path) -> bool:
    path = root / REQUIREMENTS
    if not os.path.lexists(path):
        return False
    if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
        raise UsageError("this is not a plain file", where=REQUIREMENTS, next_step="make it one, or remove it")
    return True


def _named(root: Path, spec: str) -> Package:
    if not spec or len(spec) > _MAX_SPEC or not _INERT.fullmatch(spec):
        raise UsageError(
            "--package holds something that a shell or a CI platform could take for more than a name",
            next_step=f"give {_FORMS}",
        )
    if spec.startswith("git+"):
        return _from_git(spec)
    if spec.endswith(".whl"):
        return _from_wheel(root, spec)
    if _REQUIREMENT.fullmatch(spec):
        return _from_index(spec)
    raise UsageError(
        f"--package: '{spec}' is nothing that a job can install the same way twice", next_step=f"give {_FORMS}"
    )


def _from_index(requirement: str) -> Package:
    return Package(arguments=f'--only-binary :all: "{requirement}"')


def _from_git(spec: str) -> Package:
    if not _GIT.fullmatch(spec) or ".." in spec:
        raise UsageError(
            f"--package: '{spec}' does not name one commit at one place",
            next_step="give git+https://HOST/PATH@COMMIT: the whole commit id in hexadecimal digits, no credentials",
        )
    return Package(arguments=f'--only-binary :all: "{spec}"')


def _from_wheel(root: Path, spec: str) -> Package:
    path = PurePosixPath(spec)
    if path.is_absolute() or ".." in path.parts or ":" in spec:
        raise UsageError(
            f"--package: '{spec}' is no path inside the project", next_step="put the wheel into the project"
        )
    try:
        parse_wheel_filename(path.name)
    except InvalidWheelFilename as error:
        raise UsageError(
            f"--package: '{path.name}' is no name that pip takes for a wheel",
            next_step="keep the name it was built under",
        ) from error
    here = root.joinpath(*path.parts)
    if not here.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"--package: '{spec}' leads out of the project", next_step="put the wheel itself there")
    if not here.is_file():
        raise UsageError(f"--package: there is no wheel '{spec}'", next_step=f"build it: {_build(str(path.parent))}")
    return Package(arguments=f'--only-binary :all: "./{path}"', after=f"commit {path}: the job installs it")


def _build(folder: str) -> str:
    return f"pip wheel --no-deps -w {folder} SOURCE-OF-PAVEDROAD"


def _as_installed(origin: str) -> Package:
    """By what our own installation says of its origin."""
    if not origin:
        return _from_index(f"{DISTRIBUTION}=={__version__}")
    reference = _reference(origin)
    if reference:
        return _from_git(reference)
    wheel = f"vendor/{DISTRIBUTION}-{__version__}-py3-none-any.whl"
    missing = (
        "this Pavedroad did not come from a package index, so the CI job may find none to install. Put a wheel into "
        f"the project: {_build('vendor')}, commit it, and run 'paved init --force --package {wheel}'. Or publish "
        f"{DISTRIBUTION} {__version__} to the index that your CI uses"
    )
    remarks = (
        "Pavedroad was installed from a folder or a file when this was written, so the version below may be on no",
        "package index, and this job then fails where it installs. Publish it to your index; or build a wheel with",
        f"'pip wheel --no-deps -w vendor SOURCE', commit it, and install './{wheel}' here.",
    )
    return Package(arguments=f'--only-binary :all: "{DISTRIBUTION}=={__version__}"', remarks=remarks, missing=missing)


def _reference(origin: str) -> str:
    """``git+https://...@commit`` of a direct_url.json; empty when it tells of something else, or of no safe place."""
    try:
        content: Any = json.loads(origin)
        told = content["vcs_info"]
        reference = f"git+{content['url']}@{told['commit_id']}"
        plain = told["vcs"] == "git" and not content.get("subdirectory")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return (
        reference
        if plain and len(reference) <= _MAX_SPEC and _GIT.fullmatch(reference) and ".." not in reference
        else ""
    )
