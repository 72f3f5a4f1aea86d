"""A component: a package that a product is made of, named by its purl."""

from pavedroad.core.noun import Noun


class Component(Noun, frozen=True, kw_only=True):
    """One package in one place.

    ``purl`` is the identity (package-url specification), with the version when known. ``ecosystem`` and ``name`` are
    spelled as OSV spells them. ``path`` lists package names from the root of the dependency graph to this one,
    empty when the source file does not say. ``direct`` is None when unknown.
    """

    purl: str
    name: str
    version: str = ""
    ecosystem: str = ""
    direct: bool | None = None
    scope: str = ""
    path: tuple[str, ...] = ()
    found_in: str = ""
