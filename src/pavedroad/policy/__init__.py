"""Policy: gate rules, waivers and the verdict. Called by ``gate`` (and later by admission and the server).

Texts in, decisions out: it never reads a file, a clock or the network, so the same inputs give the same verdict on a
laptop, in CI and at admission.
"""

from pavedroad.policy.config import Config
from pavedroad.policy.decide import decide
from pavedroad.policy.hygiene import RULES
from pavedroad.policy.ledger import Ledger, load_ledger
from pavedroad.policy.loading import config_schema, load_config
from pavedroad.policy.waiving import apply_waivers

__all__ = ["RULES", "Config", "Ledger", "apply_waivers", "config_schema", "decide", "load_config", "load_ledger"]
