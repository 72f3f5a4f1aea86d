"""Reading from the top layer down gives what applying layer after layer gives."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.infra.images import Entry, ImageLimits, merged, open_image
from tests.support.images import Item, build, file, folder, write_layout

_NAMES = st.sampled_from(["a", "b", "c"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_ENTRIES = st.one_of(
    st.builds(lambda p, n: file(p, str(n)), _PATHS, st.integers(0, 99)),
    st.builds(folder, _PATHS),
    st.builds(lambda p: file("/".join([*p.split("/")[:-1], f".wh.{p.split('/')[-1]}"])), _PATHS),
    st.builds(lambda p: file(f"{p}/.wh..wh..opq"), _PATHS),
)


def _consistent(items: list[Item]) -> list[Item]:
    """One entry a path, every folder before what it holds, and nothing below a file: what a real build makes."""
    kept: dict[str, Item] = {}
    for item in [each for one in items for each in (*_folders_of(one.path), one)]:
        path = item.path
        above = ["/".join(path.split("/")[:n]) for n in range(1, path.count("/") + 1)]
        blocked = any(a in kept and kept[a].content for a in above) or any(k.startswith(f"{path}/") for k in kept)
        if (
            path not in kept
            and not (blocked and item.content)
            and not any(a in kept and kept[a].content for a in above)
        ):
            kept[path] = item
    return list(kept.values())


def _folders_of(path: str) -> list[Item]:
    return [folder("/".join(path.split("/")[:n])) for n in range(1, path.count("/") + 1)]


def _hidden_by(item: Item, tree: dict[str, bytes | None]) -> list[str]:
    above, _, name = item.path.rpartition("/")
    if name == ".wh..wh..opq":
        return [k for k in tree if k.startswith(f"{above}/") or not above]
    if name.startswith(".wh."):
        gone = f"{above}/{name[4:]}" if above else name[4:]
        return [k for k in tree if k == gone or k.startswith(f"{gone}/")]
    return []


def _applied(layers: list[list[Item]]) -> dict[str, bytes]:
    """The specification read literally: whiteouts of a layer first, then its entries."""
    tree: dict[str, bytes | None] = {}
    for layer in layers:
        for item in layer:
            for path in _hidden_by(item, tree):
                del tree[path]
        for item in layer:
            if item.path.rpartition("/")[2].startswith(".wh."):
                continue
            below = [k for k in tree if k == item.path or (item.content and k.startswith(f"{item.path}/"))]
            for path in below:
                del tree[path]
            tree[item.path] = item.content or None
    return {path: content for path, content in tree.items() if content is not None}


@given(st.lists(st.lists(_ENTRIES, max_size=6).map(_consistent), min_size=1, max_size=4))
@settings(max_examples=150)
def test_merging_from_the_top_equals_applying_from_the_bottom(layers: list[list[Item]]) -> None:
    limits = ImageLimits()
    with TemporaryDirectory() as scratch:
        image = open_image(f"oci:{write_layout(Path(scratch), ('v1', build(*layers)))}", limits=limits)
        seen = {
            item.path: item.content
            for item in merged(image, lambda path, size: True, limits)
            if isinstance(item, Entry) and item.kind == "file"
        }
    assert {path: content for path, content in seen.items() if content} == _applied(layers)
