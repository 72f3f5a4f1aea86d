"""Files of other languages, of build machines and of deployments."""

from tests.support.manifests import Sample

SHA = "ab" * 32
MD5 = "cd" * 16
COMMIT = "0123456789" * 4
LOCAL = "a local package, not from a registry"
BY_URL = "a package by URL or from a repository of source code: its version is not known"
UNPINNED = "a dependency without an exact version"
DECLARED = "declared here; a lock file says the version"
TAG_ONLY = "an image by tag, without a digest: it may change"
NO_VERSION = "a branch or a commit in place of a version"

MIX = f"""\
%{{
  "core": {{:hex, :core, "2.0.0", "{SHA}", [:mix], [], "hexpm", "{SHA}"}},
  "forked": {{:git, "https://git.example/x.git", "{COMMIT}", []}},
  "web": {{:hex, :web, "1.0.0", "{SHA}", [:mix], [{{:core, "~> 2.0", [hex: :core, repo: "hexpm"]}}], "hexpm", "{SHA}"}},
  what is this
}}
"""

PUBSPEC = f"""\
packages:
  core:
    dependency: transitive
    description:
      name: core
      sha256: {SHA}
      url: "https://registry.example"
    source: hosted
    version: "2.0.0"
  flutter:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
  own:
    dependency: "direct main"
    description:
      path: "../own"
    source: path
    version: "0.0.1"
  web:
    dependency: "direct main"
    description:
      name: web
    source: hosted
    version: "1.0.0"
sdks:
  dart: ">=3.0.0 <4.0.0"
"""

PODS = """\
PODS:
  - Core (2.0.0):
    - Core/Part (= 2.0.0)
  - Core/Part (2.0.0)
  - Forked (0.1.0)
  - Own (0.0.1)
  - Web (1.0.0):
    - Core

DEPENDENCIES:
  - Forked (from `https://git.example/forked.git`)
  - Own (from `../own`)
  - Web (~> 1.0)

EXTERNAL SOURCES:
  Forked:
    :git: https://git.example/forked.git
  Own:
    :path: "../own"

SPEC CHECKSUMS:
  Core: 0123456789012345678901234567890123456789

COCOAPODS: 1.15.0
"""

WORKFLOW = f"""\
on: push
jobs:
  call:
    uses: acme/flows/.github/workflows/x.yml@v2.1.0
  test:
    steps:
      - uses: actions/checkout@{COMMIT} # v4.2.2
      - name: with quotes
        uses: "acme/full@v1.2.3"
      - uses: acme/moving@v4
      - uses: acme/branch@main
      - uses: acme/commit@{COMMIT}
      - uses: ./own
      - uses: docker://alpine:3.19
      - run: |
          echo is no action
          uses: acme/inside@v1.0.0
"""

DOCKERFILE = f"""\
# syntax=docker/dockerfile:1
ARG VERSION=3.11
FROM --platform=linux/amd64 registry.example:5000/team/python:${{VERSION}} AS build
ARG VERSION
RUN pip install \\
    FROM nothing
FROM alpine:3.19@sha256:{SHA}
FROM scratch AS empty
FROM build
COPY --from=build /a /b
COPY --from=busybox:1.36 /c /d
COPY --from=0 /a /b
FROM untagged
FROM $NOWHERE
FROM debian:12-slim
"""

SAMPLES = [
    Sample(
        "mix",
        "mix.lock",
        MIX,
        finds=("core 2.0.0 - -", "web 1.0.0 - direct"),
        gaps=(BY_URL, "a line that is no package"),
    ),
    Sample(
        "pubspec",
        "pubspec.lock",
        PUBSPEC,
        finds=("core 2.0.0 - indirect", "web 1.0.0 runtime direct"),
        harmless=(LOCAL, "a part of the SDK"),
    ),
    Sample(
        "swift",
        "Package.resolved",
        '{\n"pins": [{"identity": "core", "kind": "remoteSourceControl",\n'
        ' "location": "https://git.example/acme/core.git",\n'
        ' "state": {"revision": "abc", "version": "2.0.0"}},\n{"identity": "edge", "kind": "remoteSourceControl", '
        '"location": "git@git.example:acme/edge.git",\n "state": {"branch": "main", "revision": "abc"}},\n'
        '{"identity": "own", "kind": "localSourceControl", "location": "/x", "state": {}}],\n"version": 3}',
        finds=("git.example/acme/core 2.0.0 - -",),
        gaps=(NO_VERSION,),
        harmless=(LOCAL,),
    ),
    Sample(
        "swift",
        "old/Package.resolved",
        '{"object": {"pins": [{"package": "Core",\n "repositoryURL": "git@git.example:acme/core.git",\n'
        ' "state": {"branch": null, "revision": "abc", "version": "2.0.0"}}]}, "version": 1}',
        finds=("git.example/acme/core 2.0.0 - -",),
    ),
    Sample(
        "podfile",
        "ios/Podfile.lock",
        PODS,
        finds=("Core 2.0.0 - indirect", "Forked 0.1.0 - direct", "Web 1.0.0 - direct"),
        harmless=(LOCAL,),
    ),
    Sample(
        "conan",
        "conan.lock",
        '{"version": "0.5", "requires": [\n "zlib/1.3#abc%1700000000.1",\n "own/[>=1]"],\n"build_requires": [\n'
        ' "cmake/3.28"]}',
        finds=("zlib 1.3 runtime -", "cmake 3.28 dev -"),
        gaps=(UNPINNED,),
    ),
    Sample(
        "conan",
        "one/conan.lock",
        '{"version": "0.4", "graph_lock": {"nodes": {"0": {"requires": ["1"], "build_requires": ["3"]},\n'
        ' "1": {"ref": "openssl/3.2.0@user/stable#abc", "requires": ["2"]},\n "2": {"ref": "zlib/1.3"},\n'
        ' "3": {"ref": "cmake/3.28", "context": "build"}}}}',
        finds=("openssl 3.2.0 runtime direct", "zlib 1.3 runtime indirect", "cmake 3.28 dev direct"),
        harmless=(LOCAL,),
    ),
    Sample(
        "conan",
        "conanfile.txt",
        "[requires]\nzlib/1.3 # why\nrange/[>=1 <2]\n[tool_requires]\ncmake/3.28\n[generators]\nCMakeDeps\n",
        finds=("zlib 1.3 runtime direct", "cmake 3.28 dev direct"),
        gaps=(UNPINNED,),
    ),
    Sample(
        "conan",
        "conanfile.py",
        "class Own: ...\n",
        gaps=("conanfile.py is a program: what it requires is not known",),
    ),
    Sample(
        "conda",
        "environment.yml",
        "name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11.4=h123_0\n  - conda-forge::numpy==1.26.0\n"
        "  - fuzzy=1.2\n  - pip\n  - pip:\n    - flask==3.0.0\n    - ranged>=1\n",
        finds=("python 3.11.4 - direct", "numpy 1.26.0 - direct", "flask 3.0.0 - direct"),
        gaps=(UNPINNED,),
    ),
    Sample(
        "conda",
        "env/environment.yaml",
        "dependencies:\n  - numpy\n",
        harmless=(DECLARED,),
        beside={"env/conda-lock.yml": "package: []\n"},
    ),
    Sample(
        "conda",
        "conda-lock.yml",
        f"version: 1\npackage:\n- name: numpy\n  version: 1.26.0\n  manager: conda\n  platform: linux-64\n"
        f"  dependencies:\n"
        f"    libblas: '>=3'\n  hash:\n    md5: {MD5}\n    sha256: {SHA}\n  category: main\n- name: libblas\n"
        f"  version: 3.9.0\n"
        "  manager: conda\n  platform: linux-64\n  dependencies: {}\n  category: main\n- name: flask\n"
        "  version: 3.0.0\n"
        "  manager: pip\n  platform: linux-64\n  dependencies: {}\n  category: dev\n",
        finds=("numpy 1.26.0 runtime direct", "libblas 3.9.0 runtime -", "flask 3.0.0 dev direct"),
    ),
    Sample(
        "conda",
        "opt/conda/conda-meta/numpy-1.26.0-py311.json",
        '{\n  "name": "numpy",\n  "version": "1.26.0",\n  "license": "BSD-3-Clause",\n  "requested_spec": "numpy"\n}',
        finds=("numpy 1.26.0 - direct",),
    ),
    Sample(
        "haskell",
        "cabal.project.freeze",
        "active-repositories: hackage.example:merge\nconstraints: any.base ==4.18.0.0,\n"
        "             any.text ==2.0.2,\n"
        "             text +simdutf,\n-- any.gone ==1.0\n",
        finds=("base 4.18.0.0 - -", "text 2.0.2 - -"),
    ),
    Sample(
        "haskell",
        "stack.yaml.lock",
        f"packages:\n- completed:\n    hackage: acme-missiles-0.3@sha256:{SHA},613\n  original:\n"
        "    hackage: acme-missiles-0.3\n- completed:\n    git: https://git.example/x\n    name: forked\n"
        "snapshots:\n- original: {url: lts-22}\n",
        finds=("acme-missiles 0.3 - -",),
        gaps=(BY_URL, "a snapshot: what it brings is not in this file"),
    ),
    Sample(
        "renv",
        "renv.lock",
        '{"R": {"Version": "4.3.0"}, "Packages": {\n'
        ' "rlang": {"Package": "rlang", "Version": "1.1.0", "Source": "Repository", '
        '"Repository": "CRAN", "License": "MIT + file LICENSE"},\n "vctrs": {"Package": "vctrs", "Version": "0.6.0", '
        '"Source": "GitHub", "Requirements": ["rlang"]},\n'
        ' "own": {"Package": "own", "Version": "1", "Source": "Local"}}}',
        finds=("rlang 1.1.0 - -", "vctrs 0.6.0 - direct"),
        harmless=(LOCAL,),
    ),
    Sample(
        "github-actions",
        ".github/workflows/test.yml",
        WORKFLOW,
        finds=(
            "acme/flows v2.1.0 dev direct",
            "actions/checkout v4.2.2 dev direct",
            "acme/full v1.2.3 dev direct",
            "alpine 3.19 dev direct",
        ),
        gaps=(
            "an action by a tag that moves: which version runs is not known",
            "an action by branch: what runs is not known",
            "an action by commit: its version is not known; a comment such as '# v1.2.3' would say it",
        ),
        harmless=(LOCAL, TAG_ONLY, "a version that only a comment claims"),
    ),
    Sample(
        "github-actions",
        "own/action.yml",
        "name: x\nruns:\n  using: composite\n  steps:\n    - uses: acme/full@1.2.3\n",
        finds=("acme/full 1.2.3 dev direct",),
    ),
    Sample(
        "pre-commit",
        ".pre-commit-config.yaml",
        "repos:\n  - repo: https://git.example/psf/black.git\n    rev: 24.1.0\n    hooks:\n      - id: black\n"
        '        additional_dependencies: ["flask==3.0.0", "eslint@9.1.0", loose]\n'
        "  - repo: https://git.example/x/y\n    rev: main\n    hooks: [{id: y}]\n  - repo: local\n"
        "    hooks: [{id: own}]\n",
        finds=("git.example/psf/black 24.1.0 dev direct", "flask 3.0.0 dev direct", "eslint 9.1.0 dev direct"),
        gaps=(NO_VERSION, UNPINNED),
    ),
    Sample(
        "dockerfile",
        "Dockerfile",
        DOCKERFILE,
        finds=(
            "registry.example:5000/team/python 3.11 dev direct",
            "alpine 3.19 dev direct",
            "busybox 1.36 dev direct",
            "debian 12-slim runtime direct",
        ),
        gaps=(UNPINNED, "an image whose name is computed or cannot be read"),
        harmless=(TAG_ONLY,),
    ),
    Sample(
        "dockerfile",
        "docker/api.Dockerfile",
        f"FROM alpine@sha256:{SHA}\n",
        finds=(f"alpine sha256:{SHA} runtime direct",),
    ),
    Sample(
        "compose",
        "docker-compose.prod.yml",
        "services:\n  db:\n    image: postgres:16.1\n  web:\n    build: .\n    image: me/web:1\n  cache:\n"
        "    image: ${CACHE:-redis:7.2}\n  odd:\n    image: $UNSET\n",
        finds=("postgres 16.1 runtime direct", "redis 7.2 runtime direct"),
        gaps=("an image whose name is computed or cannot be read",),
        harmless=(TAG_ONLY,),
    ),
    Sample(
        "terraform-lock",
        ".terraform.lock.hcl",
        '# made by a tool\nprovider "registry.example/acme/cloud" {\n  version     = "5.0.0"\n'
        '  constraints = "~> 5.0"\n'
        f'  hashes = [\n    "h1:abc=",\n    "zh:{SHA}",\n  ]\n}}\n\nprovider "registry.example/acme/dns" {{\n'
        f'  version = "3.4.0"\n}}\n',
        finds=("registry.example/acme/cloud 5.0.0 - direct", "registry.example/acme/dns 3.4.0 - direct"),
    ),
    Sample(
        "helm-lock",
        "chart/Chart.lock",
        "dependencies:\n- name: postgresql\n  repository: https://charts.example\n  version: 13.2.0\n- name: own\n"
        "  repository: file://../own\n  version: 1.0.0\ndigest: sha256:abc\n",
        finds=("postgresql 13.2.0 - direct",),
        harmless=(LOCAL,),
    ),
]
