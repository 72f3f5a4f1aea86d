"""Whether a text is a CPE name as the NIST specification (NISTIR 7695) spells it. The schemas of both formats ask."""

import re

_LONGEST = 400
# One attribute: wildcards at its ends alone, and plain or escaped characters between; '*' (any) and '-' (none) alone.
_VALUE = r"""(?:(?:\?*|\*?)(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@\[\]^`{|}~])+(?:\?*|\*?)|[*\-])"""
_LANGUAGE = r"(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*\-])"
_CPE23 = re.compile(rf"cpe:2\.3:[aho*\-](?::{_VALUE}){{5}}:{_LANGUAGE}(?::{_VALUE}){{4}}")
_CPE22 = re.compile(r"cpe:/[ahoAHO]?(?::[A-Za-z0-9._\-~%]*){0,6}")


def is_cpe23(text: str) -> bool:
    """``cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*``."""
    return len(text) <= _LONGEST and _CPE23.fullmatch(text) is not None


def is_cpe22(text: str) -> bool:
    """``cpe:/a:vendor:product:1.0``."""
    return len(text) <= _LONGEST and _CPE22.fullmatch(text) is not None
