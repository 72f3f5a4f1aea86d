"""What must be done by when, and the facts that say so. Made by the room ``priority``, shown by ``reports``."""

from datetime import date

from pavedroad.core.noun import Noun

# Kinds of findings about the process, not about a flaw: they have no exploitation, no tier and no deadline.
NOT_FLAWS = frozenset({"waivers", "licenses"})


class Signals(Noun, frozen=True, kw_only=True):
    """What the world knows about the exploitation of one flaw.

    ``cve`` is the CVE that the values are about. ``known_exploited`` is None when no catalogue was there to ask, which
    is not the same as no. ``epss`` is the probability (0 to 1) that exploitation is seen in the next 30 days,
    ``percentile`` its rank (0 to 1); None: no score. ``exploitation`` (``none``, ``poc``, ``active``), ``automatable``
    and ``total_impact`` are decision points of SSVC as CISA publishes them; None: not known. The ``*_as_of`` dates say
    how old each source is.
    """

    cve: str = ""
    known_exploited: bool | None = None
    known_since: date | None = None
    due: date | None = None
    ransomware: bool | None = None
    kev_as_of: date | None = None
    epss: float | None = None
    percentile: float | None = None
    epss_as_of: date | None = None
    exploitation: str | None = None
    automatable: bool | None = None
    total_impact: bool | None = None


class Priority(Noun, frozen=True, kw_only=True):
    """Tier, deadline and the sentence why.

    ``table`` names the decision table and its version, ``tier`` its outcome, ``rank`` the tier's urgency (0 is the most
    urgent). ``days`` are calendar days from ``start``, None when the tier has no deadline; ``due`` is the date.
    ``assumed`` lists inputs that were unknown, each with the value that was assumed; ``advice`` names the cheapest fact
    that would lower the tier. ``score`` is the environmental CVSS score and ``score_name`` says what is in it
    (``CVSS-BTE 4.0``). ``order`` sorts within a tier, larger is more urgent.
    """

    table: str
    tier: str
    rank: int
    days: int | None = None
    start: date | None = None
    due: date | None = None
    why: str = ""
    assumed: tuple[str, ...] = ()
    advice: str = ""
    score: float | None = None
    score_name: str = ""
    order: float = 0.0
    signals: Signals | None = None
