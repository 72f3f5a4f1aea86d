"""The base of every noun: frozen, keyword-only, cheap to encode."""

import msgspec


class Noun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Frozen data. Unknown fields are tolerated on decode, so a newer writer can be read by an older reader."""
