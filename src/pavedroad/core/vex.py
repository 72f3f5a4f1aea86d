"""What somebody says about a flaw in a product: the words of VEX, and what became of such a statement in a run."""

import enum

from pavedroad.core.noun import Noun


class VexStatus(enum.Enum):
    """The four statuses that OpenVEX, CSAF and CISA's minimum requirements share."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


class Justification(enum.Enum):
    """Why a product is not affected: the five reasons of CISA, as OpenVEX and CSAF spell them."""

    COMPONENT_NOT_PRESENT = "component_not_present"
    CODE_NOT_PRESENT = "vulnerable_code_not_present"
    CODE_NOT_IN_EXECUTE_PATH = "vulnerable_code_not_in_execute_path"
    CODE_NOT_CONTROLLABLE = "vulnerable_code_cannot_be_controlled_by_adversary"
    MITIGATED = "inline_mitigations_already_exist"


class VexNote(Noun, frozen=True, kw_only=True):
    """A statement that speaks about a finding. ``document`` is the file's name, ``sentence`` says what it states and
    what follows from it."""

    status: VexStatus
    document: str
    sentence: str
    author: str = ""
    justification: Justification | None = None
    impact: str = ""
