"""Contents and paths that nobody would write on purpose, for contract tests over plug-ins."""

from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "examples/leaky-shop"

# One real file of every kind that a scanner of ours reads, so that cutting and twisting starts from something true.
REAL = {str(p.relative_to(SHOP)): p.read_bytes() for p in sorted(SHOP.rglob("*")) if p.is_file()}

NESTED = b"[" * 5000 + b"]" * 5000

STRANGE = (
    b"",
    b"\0",
    b"\xff\xfe\0\0",
    b"\xef\xbb\xbf",
    b"\n" * 1000,
    b"=" * 5000,
    b'{"a": 1e999999}',
    NESTED,
    NESTED.replace(b"[", b'{"a":').replace(b"]", b"}"),
    b"a: &a [*a, *a]\n",
    b"x = " + b'"' * 4001,
    b"password" * 600,
    bytes(range(256)) * 20,
)

paths = st.one_of(
    st.text(max_size=80),
    st.sampled_from([*REAL, "", "/", "..", "a/../b", "-rf", ".env\n", "\udcff.json", "x" * 5000, "é/ü.lock"]),
)
contents = st.one_of(
    st.binary(max_size=600),
    st.sampled_from(STRANGE),
    st.builds(
        lambda content, start, end: content[start % (len(content) + 1) : end % (len(content) + 1)],
        st.sampled_from(sorted(REAL.values())),
        st.integers(0, 5000),
        st.integers(0, 5000),
    ),
    st.builds(
        lambda content, at, piece: content[: at % (len(content) + 1)] + piece + content[at % (len(content) + 1) :],
        st.sampled_from(sorted(REAL.values())),
        st.integers(0, 5000),
        st.binary(max_size=12),
    ),
)
