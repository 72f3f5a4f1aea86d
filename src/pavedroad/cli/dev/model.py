"""What a kind of plug-in is to the generator, and the names that its templates may use."""

import keyword
import re

from pavedroad.core.errors import UsageError
from pavedroad.core.noun import Noun

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 32


class Names(Noun, frozen=True, kw_only=True):
    """One name in four spellings: ``license-files``, ``license_files``, ``LicenseFiles``, ``License files``."""

    name: str
    module: str
    Class: str
    title: str

    @staticmethod
    def of(name: str) -> "Names":
        """Raises UsageError for a name that cannot be a module, an option and a class at once."""
        module = name.replace("-", "_")
        if len(name) > _LONGEST or not _NAME.fullmatch(name) or keyword.iskeyword(module):
            raise UsageError(
                f"'{name[:60]}' cannot name a plug-in",
                next_step=f"use lower-case words with hyphens, at most {_LONGEST} characters: license-files",
            )
        words = name.split("-")
        return Names(
            name=name,
            module=module,
            Class="".join(word.capitalize() for word in words),
            title=" ".join(words).capitalize(),
        )


class Skeleton(Noun, frozen=True, kw_only=True):
    """One file to write: ``path`` relative to the repository and ``template`` relative to ``templates/``, both may hold
    ``$module`` and the other names."""

    path: str
    template: str


class Kind(Noun, frozen=True, kw_only=True):
    """A plug-in: ``kinds/<name>.py`` defines ``KIND``. ``edit`` says what to do in the skeleton first."""

    name: str
    title: str
    files: tuple[Skeleton, ...]
    edit: str
