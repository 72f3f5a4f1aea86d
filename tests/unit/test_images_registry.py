"""Images from a registry: signing in, digests that are believed rather than servers, and servers that misbehave."""

import json
from pathlib import Path

import pytest

from pavedroad.infra.images import Entry, ImageError, ImageLimits, LayerProblem, merged, open_image
from tests.support.http_server import serving
from tests.support.images import build, digest, file
from tests.support.registry import USER, WORD, FakeRegistry, credentials, registry

pytestmark = [pytest.mark.loopback, pytest.mark.enable_socket]
LIMITS = ImageLimits(seconds=20)
IMAGE = build([file("etc/os-release", "ID=x\n")], [file("app/a", "1")])


def names(reference: str) -> list[str]:
    items = list(merged(open_image(reference, limits=LIMITS), lambda path, size: True, LIMITS))
    assert not [item for item in items if isinstance(item, LayerProblem)]
    return sorted(item.path for item in items if isinstance(item, Entry))


def layer(number: int) -> str:
    return str(json.loads(IMAGE.blobs[IMAGE.manifest])["layers"][number]["digest"])


def layer_path(place: FakeRegistry, number: int) -> str:
    return f"/v2/{place.repository}/blobs/{layer(number)}"


def broken_layers(place: FakeRegistry) -> list[str]:
    items = merged(open_image(place.reference, limits=LIMITS), lambda path, size: True, LIMITS)
    return [item.message for item in items if isinstance(item, LayerProblem)]


def test_anonymous_pull_by_tag_and_by_digest() -> None:
    with registry(IMAGE) as place:
        assert names(place.reference) == ["app/a", "etc/os-release"]
        assert names(f"{place.host}/{place.repository}@{IMAGE.manifest}") == ["app/a", "etc/os-release"]


def test_basic_credentials_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAVED_REGISTRY_USERNAME", USER)
    monkeypatch.setenv("PAVED_REGISTRY_PASSWORD", WORD)
    with registry(IMAGE, "basic") as place:
        assert "app/a" in names(place.reference)


def test_a_bearer_token_with_the_credentials_of_docker_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with registry(IMAGE, "bearer") as place:
        place.offer_tokens("repository%3Ateam%2Fapp%3Apull")
        (tmp_path / "config.json").write_text(json.dumps({"auths": {place.host: {"auth": credentials()}}}))
        assert "app/a" in names(place.reference)
        assert place.tokens_asked == [{"scope": ["repository:team/app:pull"], "service": ["here"]}]


def test_without_credentials_it_says_to_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with registry(IMAGE, "basic") as place, pytest.raises(ImageError) as caught:
        names(place.reference)
    assert "login" in caught.value.next_step


def test_credentials_do_not_follow_a_redirect_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAVED_REGISTRY_USERNAME", USER)
    monkeypatch.setenv("PAVED_REGISTRY_PASSWORD", WORD)
    with registry(IMAGE, "basic") as place, serving() as elsewhere:
        elsewhere.replies["/blob"] = (200, {}, IMAGE.blobs[layer(1)])
        place.replaced[layer_path(place, 1)] = (307, {"Location": f"{elsewhere.url}/blob"}, b"")
        assert "app/a" in names(place.reference)
        assert elsewhere.asked
        assert all("Authorization" not in asked for asked in elsewhere.asked)


def test_a_registry_that_lies_about_a_digest_is_not_believed() -> None:
    other = build([file("evil", "x")])
    with registry(IMAGE) as place:
        place.replaced[f"/v2/team/app/manifests/{IMAGE.manifest}"] = (200, {}, other.blobs[other.manifest])
        with pytest.raises(ImageError, match="digest"):
            names(f"{place.host}/team/app@{IMAGE.manifest}")
    with registry(IMAGE) as place:
        place.replaced[layer_path(place, 0)] = (200, {}, IMAGE.blobs[layer(1)])
        assert len(broken_layers(place)) == 1


@pytest.mark.parametrize("status", [404, 403, 418, 500])
def test_an_error_of_the_registry_is_told_with_a_next_step(status: int) -> None:
    with registry(IMAGE) as place:
        place.replaced["/v2/team/app/manifests/1.0"] = (status, {}, b"{}")
        with pytest.raises(ImageError) as caught:
            names(place.reference)
    assert caught.value.next_step


def test_a_layer_that_stops_in_the_middle_is_told() -> None:
    with registry(IMAGE) as place:
        content = IMAGE.blobs[layer(1)]
        place.replaced[layer_path(place, 1)] = (200, {"Content-Length": str(len(content) - 5)}, content[:-5])
        assert len(broken_layers(place)) == 1


def test_redirects_without_end_and_huge_manifests_end() -> None:
    with registry(IMAGE) as place:
        path = "/v2/team/app/manifests/1.0"
        place.replaced[path] = (302, {"Location": path}, b"")
        with pytest.raises(ImageError, match="redirects"):
            names(place.reference)
        place.replaced[path] = (200, {}, b" " * (9 << 20))
        with pytest.raises(ImageError, match="too large"):
            names(place.reference)
        place.replaced[path] = (302, {"Location": "file:///etc/passwd"}, b"")
        with pytest.raises(ImageError):
            names(place.reference)


def test_a_registry_elsewhere_needs_the_network_to_be_allowed() -> None:
    with pytest.raises(ImageError) as caught:
        open_image("registry.example/team/app:1.0", limits=LIMITS)
    assert "--network" in caught.value.next_step


@pytest.mark.parametrize("text", ["app", "team/app:1.0", "registry.example/UPPER", "registry.example/a:b:c", "x y/z.q"])
def test_references_that_name_no_registry_or_are_none_say_what_to_write(text: str) -> None:
    with pytest.raises(ImageError) as caught:
        open_image(text, limits=LIMITS, network=True)
    assert caught.value.next_step


def test_the_digest_of_a_tag_is_that_of_its_manifest() -> None:
    with registry(IMAGE) as place:
        assert open_image(place.reference, limits=LIMITS).digest == digest(IMAGE.blobs[IMAGE.manifest])
