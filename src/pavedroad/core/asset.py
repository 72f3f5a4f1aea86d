"""What a finding is about: a reference to something an organisation owns."""

import enum

from pavedroad.core.noun import Noun


class AssetKind(enum.Enum):
    """The closed list of things that can carry findings."""

    REPOSITORY = "repository"
    IMAGE = "image"
    WORKLOAD = "workload"
    CLOUD_RESOURCE = "cloud-resource"
    SECRET = "secret"  # noqa: S105 - the word, not a secret
    WEB_APPLICATION = "web-application"
    FILE_SYSTEM = "file-system"


class AssetRef(Noun, frozen=True, kw_only=True):
    """A stable name of one asset: no tag, no commit, no line. For a repository: its remote without credentials, or
    its folder name."""

    kind: AssetKind
    name: str


class AssetFacts(Noun, frozen=True, kw_only=True):
    """What the organisation says about an asset. Every field may be None: unknown, never "no".

    ``exposure``: ``internet``, ``partner``, ``internal`` or ``isolated``. ``criticality``: ``low``, ``medium``,
    ``high`` or ``critical`` to the mission. ``environment``: ``production``, ``staging``, ``development``. ``data``:
    ``public``, ``internal``, ``confidential``, ``regulated``. ``safety``: the harm to people when it fails, in the
    words of SSVC: ``negligible``, ``marginal``, ``critical`` or ``catastrophic``.
    """

    exposure: str | None = None
    criticality: str | None = None
    environment: str | None = None
    data: str | None = None
    safety: str | None = None
