"""VEX documents for tests: one with everything in it, and drawn ones."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from pavedroad.core.vex import Justification, VexStatus
from pavedroad.vex.model import Document, Product, Statement

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
SHOP = "pkg:oci/shop"


def part(*purls: str) -> tuple[Product, ...]:
    return (Product(purl=SHOP, subcomponents=purls),)


def sample_document() -> Document:
    """Every status, with texts that need escaping."""
    return Document(
        statements=(
            Statement(
                vulnerability="CVE-2026-1001", aliases=("GHSA-aaaa-bbbb-cccc",), products=part("pkg:pypi/flask@3.1"),
                status=VexStatus.AFFECTED, action='The risk is "accepted" <here>', wont_fix=True, timestamp=AT,
            ),
            Statement(
                vulnerability="CVE-2026-1002", products=part("pkg:npm/%40acme/ui@1.0.0", "pkg:pypi/flask@3.1"),
                status=VexStatus.NOT_AFFECTED, justification=Justification.CODE_NOT_IN_EXECUTE_PATH,
                impact="nobody calls it", timestamp=AT,
            ),
            Statement(vulnerability="CVE-2026-1003", products=part("pkg:pypi/flask@3.1"), status=VexStatus.FIXED,
                      timestamp=AT),
            Statement(vulnerability="GHSA-dddd-eeee-ffff", products=part("pkg:pypi/flask@3.1"),
                      status=VexStatus.UNDER_INVESTIGATION, notes="we look", timestamp=AT),
        ),
        author="Example Org",
        namespace="https://example.com",
        product_name="shop",
        timestamp=AT,
        tool="pavedroad 0.1.0",
    )  # fmt: skip


_purls = st.sampled_from(
    ["pkg:pypi/flask@3.1", "pkg:pypi/jinja2", "pkg:npm/%40acme/ui@1.0.0", "pkg:golang/example.com/m@v1.2.0",
     "pkg:deb/debian/openssl@1.1?arch=amd64"]
)  # fmt: skip
_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Each flaw is said of once, so that formats which group by flaw change nothing."""
    numbers = draw(st.lists(st.integers(1, 9999), max_size=6, unique=True))
    return Document(
        statements=tuple(
            Statement(
                vulnerability=f"CVE-2026-{number:05}",
                products=part(*draw(st.lists(_purls, min_size=1, max_size=3, unique=True))),
                status=(status := draw(st.sampled_from(VexStatus))),
                justification=draw(st.sampled_from(Justification)) if status is VexStatus.NOT_AFFECTED else None,
                impact=draw(_texts).strip() if status is VexStatus.NOT_AFFECTED else "",
                action=(draw(_texts).strip() or "update") if status is VexStatus.AFFECTED else "",
                timestamp=AT,
            )
            for number in numbers
        ),
        author=draw(_texts) or "me",
        namespace="https://example.com",
        product_name="shop",
        timestamp=AT,
    )
