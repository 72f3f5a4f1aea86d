"""Bills of materials for tests: one with everything in it, and drawn ones."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from pavedroad.core.component import Component, Hash
from pavedroad.sbom.model import TYPES, Bill, Part, Property, Reference, Tool

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
SHA = Hash(algorithm="SHA-256", value="ab" * 32)


def sample_bill() -> Bill:
    """Every field is used, with texts that need escaping."""
    flask = Part(
        ref="pkg:pypi/flask@3.1",
        component=Component(
            purl="pkg:pypi/flask@3.1", name="flask", version="3.1", scope="runtime", licenses=("BSD-3-Clause",),
            hashes=(SHA, Hash(algorithm="MD5", value="cd" * 16)),
        ),
        type="framework",
        supplier="Pallets <contact@example.org>",
        author="Armin & friends",
        description='A "web" <framework>',
        copyright="Copyright 2010 Pallets",
        cpes=("cpe:2.3:a:palletsprojects:flask:3.1:*:*:*:*:*:*:*",),
        references=(
            Reference(type="distribution", url="https://example.org/flask-3.1.tar.gz"),
            Reference(type="website", url="https://example.org/flask"),
            Reference(type="vcs", url="https://example.org/flask.git", comment="the code"),
        ),
        properties=(Property(name="acme:owner", value="team <a>"),),
        occurrences=("services/a/uv.lock", "uv.lock"),
        depends_on=("pkg:pypi/jinja2@3.1",),
    )  # fmt: skip
    jinja = Part(
        ref="pkg:pypi/jinja2@3.1",
        component=Component(purl="pkg:pypi/jinja2@3.1", name="jinja2", version="3.1", scope="test",
                            licenses=("MIT OR Apache-2.0",)),
        occurrences=("uv.lock",),
        depends_on=(),
    )  # fmt: skip
    scoped = Part(
        ref="pkg:npm/%40acme/ui@1.0.0",
        component=Component(purl="pkg:npm/%40acme/ui@1.0.0", name="@acme/ui", version="1.0.0",
                            licenses=("Acme's own licence",), layer="sha256:" + "0" * 64),
        occurrences=("web/package-lock.json",),
    )  # fmt: skip
    odd = Part(
        ref="vendored thing",
        component=Component(
            purl="", name="vendored thing", version="", hashes=(Hash(algorithm="Tiger", value="00ff"),)
        ),
        type="data",
        within="pkg:npm/%40acme/ui@1.0.0",
    )
    return Bill(
        subject=Part(
            ref="pavedroad:subject",
            component=Component(purl="", name="shop", version="7"),
            type="application",
            depends_on=("pkg:pypi/flask@3.1",),
        ),
        parts=(flask, jinja, scoped, odd),
        tools=(Tool(name="pavedroad", version="0.1.0"),),
        authors=("Jo Doe <jo@example.org>",),
        timestamp=AT,
        serial="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        gaps=("requirements.txt: 2 lines are not pinned & cannot be judged",),
        complete=False,
    )


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split()) or "x"
)
_plain = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """Bills as a hostile tree could give them: any text, any edges, cycles and rings of containers included."""
    names = draw(st.lists(_plain, unique=True, max_size=6))
    refs = [f"pkg:pypi/{name}@1" for name in names]
    some = st.sampled_from(refs) if refs else st.nothing()
    parts = []
    for name, ref in zip(names, refs, strict=True):
        component = Component(
            purl=ref,
            name=name,
            version="1",
            scope=draw(st.sampled_from(["", "runtime", "optional", "dev", "test"])),
            licenses=tuple(
                draw(st.lists(st.sampled_from(["MIT", "Zlib", "MIT OR Zlib", "Own words"]), unique=True, max_size=2))
            ),
            hashes=tuple(draw(st.lists(st.sampled_from([SHA, Hash(algorithm="X", value="1")]), unique=True))),
        )
        parts.append(
            Part(
                ref=ref,
                component=component,
                type=draw(st.sampled_from(TYPES)),
                supplier=draw(st.just("") | words),
                occurrences=tuple(draw(st.lists(words, unique=True, max_size=2))),
                depends_on=draw(
                    st.none() | st.lists(some, unique=True, max_size=3).map(lambda found: tuple(sorted(found)))
                ),
                within=draw(st.just("") | some),
            )
        )
    subject = Part(ref="top", component=Component(purl="", name=draw(words)), type="application")
    return Bill(
        subject=subject, parts=tuple(parts), timestamp=AT, gaps=tuple(draw(st.lists(words, unique=True, max_size=2)))
    )
