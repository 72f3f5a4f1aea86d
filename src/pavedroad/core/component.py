"""A component: a package that a product is made of, named by its purl."""

from pavedroad.core.noun import Noun


class Hash(Noun, frozen=True, kw_only=True):
    """A digest of a component's archive. ``algorithm`` is spelled as CycloneDX spells it (``SHA-256``, ``MD5``),
    ``value`` is in lower-case hexadecimal digits."""

    algorithm: str
    value: str


class Component(Noun, frozen=True, kw_only=True):
    """One package in one place.

    ``purl`` is the identity (package-url specification), with the version when known. ``ecosystem`` and ``name`` are
    spelled as OSV spells them. ``path`` lists package names from the root of the dependency graph to this one,
    empty when the source file does not say. ``direct`` is None when unknown. ``scope`` is ``runtime``, ``optional``,
    ``dev``, ``test``, or empty when unknown.

    ``depends_on`` are the purls of its direct dependencies in the same file; None when the file does not say, which is
    not the same as none. ``licenses`` are SPDX license expressions, each as its source states it; several hold
    together. ``layer`` is the digest of the image layer that brought it, empty outside images.
    """

    purl: str
    name: str
    version: str = ""
    ecosystem: str = ""
    direct: bool | None = None
    scope: str = ""
    path: tuple[str, ...] = ()
    found_in: str = ""
    depends_on: tuple[str, ...] | None = None
    licenses: tuple[str, ...] = ()
    hashes: tuple[Hash, ...] = ()
    layer: str = ""
