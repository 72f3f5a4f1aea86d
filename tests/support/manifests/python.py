"""Files of Python's package managers."""

from tests.support.manifests import Sample

SHA = "ab" * 32

SAMPLES = [
    Sample(
        "requirements",
        "app/requirements.txt",
        "-r base.txt\n-c limits.txt\n-r requirements-dev.txt\n--index-url https://pypi.example/simple\n"
        f"flask==3.0.0 --hash=sha256:{SHA}\nwaits\nranged>=2\npywin32==306 ; sys_platform == 'win32'\n"
        "fast==1.0 ; extra == 'speed'\n-e git+https://git.example/x.git#egg=x\n",
        finds=(
            "basic 1.0 - -",
            "flask 3.0.0 - -",
            "waits 9.1 - -",
            "pywin32 306 - -",
            "fast 1.0 optional -",
        ),
        gaps=("a requirement without an exact version", "an editable requirement"),
        harmless=(
            "another requirements file, read on its own",
            "installed under a condition only: judged whatever it says",
        ),
        beside={"app/base.txt": "basic==1.0\n-r base.txt\n", "app/limits.txt": "waits==9.1\nnever-asked==1\n"},
    ),
    Sample(
        "requirements",
        "requirements.in",
        "flask>=3\nexact==1.0\n",
        finds=("exact 1.0 - -",),
        harmless=("a range; the compiled file beside it is read on its own",),
        beside={"requirements.txt": "flask==3.0.0\n"},
    ),
    Sample(
        "poetry",
        "poetry.lock",
        '[[package]]\nname = "a"\nversion = "1.0"\n[package.dependencies]\nb = "*"\n\n'
        f'[[package]]\nname = "b"\nversion = "2.0"\nfiles = [{{file = "b.whl", hash = "sha256:{SHA}"}}]\n\n'
        '[metadata]\nlock-version = "2.1"\n',
        finds=("a 1.0 - direct", "b 2.0 - -"),
    ),
    Sample(
        "uv",
        "uv.lock",
        'version = 1\n[[package]]\nname = "me"\nversion = "0"\nsource = {virtual = "."}\n'
        'dependencies = [{name = "a"}]\n'
        '[[package]]\nname = "a"\nversion = "1.0"\nsource = {registry = "https://pypi.example"}\n'
        f'sdist = {{url = "u", hash = "sha256:{SHA}"}}\n',
        finds=("a 1.0 runtime direct",),
        harmless=("a local package, not from a registry",),
    ),
    Sample(
        "pipfile-lock",
        "Pipfile.lock",
        '{"_meta": {"pipfile-spec": 6},\n "default": {\n  "flask": {"version": "==3.0.0", "hashes": ["sha256:'
        + SHA
        + '"]},\n  "click": {"version": "==8.1"},\n  "forked": {"git": "https://git.example/x.git", "ref": "abc"},\n'
        '  "own": {"path": ".", "editable": true}},\n "develop": {\n  "pytest": {"version": "==8.0"}}}\n',
        finds=("flask 3.0.0 runtime direct", "click 8.1 runtime indirect", "pytest 8.0 dev direct"),
        gaps=("a package by URL or from a repository of source code: its version is not known",),
        harmless=("a local package, not from a registry",),
        beside={"Pipfile": '[packages]\nFlask = "*"\n[dev-packages]\npytest = "*"\n'},
    ),
    Sample(
        "pdm",
        "pdm.lock",
        '[metadata]\ngroups = ["default", "test"]\nlock_version = "4.5.0"\n\n[[package]]\nname = "anyio"\n'
        'version = "4.4.0"\ngroups = ["default"]\ndependencies = ["idna>=2.8; python_version >= \'3\'"]\n'
        f'files = [{{file = "anyio.whl", hash = "sha256:{SHA}"}}]\n\n[[package]]\nname = "idna"\nversion = "3.7"\n'
        'groups = ["default", "test"]\n\n[[package]]\nname = "nose"\nversion = "1.0"\ngroups = ["test"]\n\n'
        '[[package]]\nname = "me"\nversion = "1"\npath = "."\n',
        finds=("anyio 4.4.0 runtime direct", "idna 3.7 runtime -", "nose 1.0 dev direct"),
        harmless=("a local package, not from a registry",),
    ),
    Sample(
        "pylock",
        "pylock.prod.toml",
        'lock-version = "1.0"\ncreated-by = "tool"\n[[packages]]\nname = "attrs"\nversion = "25.1.0"\n'
        f'wheels = [{{name = "attrs.whl", hashes = {{sha256 = "{SHA}"}}}}]\n[[packages]]\nname = "cattrs"\n'
        'version = "24.1.2"\nmarker = "python_version < \'3.12\'"\ndependencies = [{name = "attrs"}]\n'
        '[[packages]]\nname = "own"\ndirectory = {path = "."}\n[[packages]]\nname = "forked"\nvcs = {type = "git"}\n',
        finds=("attrs 25.1.0 - -", "cattrs 24.1.2 - direct"),
        gaps=("a package without a usable name or version",),
        harmless=(
            "installed under a condition only: judged whatever it says",
            "a local package, not from a registry",
        ),
    ),
    Sample(
        "pyproject",
        "pyproject.toml",
        '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "me"\ndependencies = [\n  "flask==3.0.0",\n'
        '  "click>=8",\n]\n[project.optional-dependencies]\nfast = ["uvloop==0.19"]\n'
        '[dependency-groups]\ndev = ["pytest==8.0", {include-group = "lint"}]\n[tool.poetry.dependencies]\n'
        'python = "^3.11"\nrich = "13.0.0"\nhttpx = "^0.27"\nown = {path = "../own"}\n',
        finds=(
            "flask 3.0.0 runtime direct",
            "uvloop 0.19 optional direct",
            "pytest 8.0 dev direct",
            "rich 13.0.0 runtime direct",
        ),
        gaps=("a declared dependency that no lock file pins",),
        harmless=(
            "a local package, not from a registry",
            "what builds the package, chosen when it is built",
        ),
    ),
    Sample(
        "pyproject",
        "member/pyproject.toml",
        '[project]\nname = "me"\ndependencies = ["click>=8", "flask==3.0.0"]\n',
        harmless=("declared here; a lock file says the version",),
        beside={"uv.lock": "version = 1\n"},
    ),
    Sample(
        "setuptools",
        "setup.cfg",
        "[metadata]\nname = me\n[options]\ninstall_requires =\n    flask==3.0.0\n    click>=8 # why\n"
        "[options.extras_require]\nfast = uvloop==0.19\n",
        finds=("flask 3.0.0 runtime direct", "uvloop 0.19 optional direct"),
        gaps=("a declared dependency that no lock file pins",),
    ),
    Sample(
        "setuptools",
        "setup.py",
        "from setuptools import setup\nsetup(install_requires=['flask'])\n",
        gaps=("setup.py is a program: what it requires is not known",),
    ),
    Sample(
        "dist-info",
        "lib/python3.11/site-packages/flask-3.0.0.dist-info/METADATA",
        "Metadata-Version: 2.4\nName: flask\nVersion: 3.0.0\nLicense-Expression: BSD-3-Clause\n\nName: not me\n",
        finds=("flask 3.0.0 - direct",),
        beside={"lib/python3.11/site-packages/flask-3.0.0.dist-info/REQUESTED": ""},
    ),
    Sample(
        "dist-info",
        "lib/six.egg-info/PKG-INFO",
        "Metadata-Version: 1.1\nName: six\nVersion: 1.16.0\nLicense: UNKNOWN\n"
        "Classifier: License :: OSI Approved :: MIT License\n",
        finds=("six 1.16.0 - -",),
    ),
]
