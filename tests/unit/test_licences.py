"""Licence expressions are read as SPDX writes them, and judged by lists as a lawyer would read the words."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.core.component import Component
from pavedroad.core.licences import LicenceError, canonical, is_identifier, licences, parse
from pavedroad.policy.config import LicenceOutcome, LicencePolicy
from pavedroad.policy.licences import LicenceJudgement, judge_licences

POLICY = LicencePolicy(
    allow=("MIT", "Apache-2.0", "BSD-*", "GPL-2.0-only WITH Classpath-exception-2.0"),
    deny=("AGPL-*", "GPL-2.0-only"),
    review=("LGPL-*",),
)


def judged(*texts: str, policy: LicencePolicy = POLICY) -> LicenceJudgement:
    return judge_licences(Component(purl="pkg:pypi/x@1", name="x", licenses=texts), policy)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("mit", "MIT"),
        ("MIT or apache-2.0", "MIT OR Apache-2.0"),
        ("(mit)", "MIT"),
        ("MIT AND (BSD-3-Clause OR Apache-2.0)", "MIT AND (BSD-3-Clause OR Apache-2.0)"),
        ("MIT OR BSD-3-Clause AND Apache-2.0", "MIT OR (BSD-3-Clause AND Apache-2.0)"),
        ("MIT OR (Apache-2.0 OR Zlib)", "MIT OR Apache-2.0 OR Zlib"),
        ("gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0+", "GPL-2.0+"),
        ("LicenseRef-Our-Own.1", "LicenseRef-Our-Own.1"),
        ("DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"),
    ],
)
def test_an_expression_is_spelled_as_spdx_does(text: str, spelled: str) -> None:
    assert canonical(text) == spelled
    assert canonical(spelled) == spelled


@pytest.mark.parametrize(
    "text",
    ["", " ", "Apache License 2.0", "MIT OR", "OR MIT", "MIT Apache-2.0", "(MIT", "MIT)", "()", "MIT WITH",
     "MIT WITH MIT",
     "MIT WITH (Classpath-exception-2.0)", "(MIT) WITH Classpath-exception-2.0", "LicenseRef-", "LicenseRef-ä", "MIT++",
     "and", "MIT/Apache-2.0", "(" * 40 + "MIT" + ")" * 40, "MIT OR " * 1000 + "MIT", "__import__('os')",
     "1 if 1 else 1"],
)  # fmt: skip
def test_what_is_no_expression_is_told(text: str) -> None:
    assert canonical(text) == ""
    with pytest.raises(LicenceError):
        parse(text)


def test_identifiers_are_told_from_expressions() -> None:
    assert is_identifier("MIT")
    assert not is_identifier("mit")
    assert not is_identifier("MIT OR Zlib")
    assert not is_identifier("LicenseRef-x")


@given(st.text(alphabet="MITorANDWHlicenseRf-()+ .20\0é", max_size=60))
def test_any_text_is_an_expression_or_an_error_and_spelling_is_stable(text: str) -> None:
    spelled = canonical(text)
    if spelled:
        assert canonical(spelled) == spelled
        assert list(licences(parse(spelled)))


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (["MIT"], "allow"),
        (["mit"], "allow"),
        (["BSD-3-Clause"], "allow"),
        (["AGPL-3.0-only"], "deny"),
        (["AGPL-3.0-only OR MIT"], "allow"),
        (["AGPL-3.0-only AND MIT"], "deny"),
        (["MIT", "AGPL-3.0-only"], "deny"),
        (["LGPL-2.1-only OR AGPL-3.0-only"], "review"),
        (["(MIT OR AGPL-3.0-only) AND LGPL-2.1-only"], "review"),
        (["GPL-2.0-only"], "deny"),
        (["GPL-2.0-only WITH Classpath-exception-2.0"], "allow"),
        (["GPL-2.0-only WITH GCC-exception-2.0"], "deny"),
        (["Zlib"], "review"),
        ([], "unknown"),
        (["Some words nobody knows"], "unknown"),
        (["LicenseRef-Ours"], "unknown"),
        (["MIT OR LicenseRef-Ours"], "allow"),
        (["MIT AND LicenseRef-Ours"], "unknown"),
        (["AGPL-3.0-only AND LicenseRef-Ours"], "deny"),
    ],
)
def test_the_lists_decide(texts: list[str], outcome: str) -> None:
    answer = judged(*texts)
    assert answer.outcome.value == outcome
    assert answer.because


def test_a_name_that_spdx_does_not_know_can_be_listed_as_it_is() -> None:
    policy = LicencePolicy(allow=("Acme *", "LicenseRef-Acme"))
    assert judged("Acme internal", policy=policy).outcome is LicenceOutcome.ALLOW
    assert judged("LicenseRef-Acme", policy=policy).outcome is LicenceOutcome.ALLOW


def test_what_decided_is_named_with_its_list_entry() -> None:
    answer = judged("MIT AND AGPL-3.0-or-later")
    assert answer.licences == ("AGPL-3.0-or-later",)
    assert answer.because == "AGPL-3.0-or-later is on the list 'deny' (AGPL-*)"


def test_the_organisation_says_what_unknown_and_unlisted_mean() -> None:
    policy = LicencePolicy(otherwise=LicenceOutcome.DENY, unknown=LicenceOutcome.DENY)
    assert judged("MIT", policy=policy).outcome is LicenceOutcome.DENY
    assert judged(policy=policy).outcome is LicenceOutcome.DENY


def test_the_settings_are_read_from_yaml_data_and_unknown_keys_are_refused() -> None:
    assert msgspec.convert({"allow": ["MIT"], "otherwise": "deny"}, LicencePolicy).allow == ("MIT",)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"allowed": ["MIT"]}, LicencePolicy)
