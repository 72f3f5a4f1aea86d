"""What kind of file a path names, as far as secrets are concerned. Pure, cached by path."""

import re
from functools import lru_cache

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_CONFIG = word_set(
    "env ini cfg conf cnf config properties yml yaml toml tfvars tf hcl xml plist service rc credentials",
    "netrc pgpass settings editorconfig dockerfile compose sql dump bak desktop reg inf cmd bat ps1 psd1",
    "sh bash zsh fish ksh csh envrc txt bashrc zshrc profile bash_profile bash_history zsh_history",
    "history pp j2 tpl ldif rdp ovpn nmconnection netdev cred secret secrets local prod production dev",
    "development staging tfstate backup log http rest htaccess jaas ldap mutt muttrc msmtprc",
)
_SHELL = word_set(
    "sh bash zsh fish ksh csh cmd bat ps1 dockerfile makefile mk yml yaml jenkinsfile groovy bash_history",
    "zsh_history history",
)
_QUOTED = frozenset(("json", "json5", "jsonc", "ipynb"))
_SHELL_STARTS = ("dockerfile", "containerfile", "docker-compose", "makefile", "procfile", "jenkinsfile", "vagrantfile")
_CONFIG_STARTS = (".", "config", *_SHELL_STARTS)
_DOC_NAMES = frozenset(("readme", "changelog", "changes", "history", "news", "install", "authors"))
_DOC = word_set(
    "md markdown mdx rst adoc asciidoc html htm xhtml tex texi txt1 1 3 5 7 8 pod rdoc textile org ipynb",
    "pot po",
)
_TEST = re.compile(
    r"(?i)(?:^|[/._-])(?:tests?|testing|testdata|test-?data|test_?suites?|specs?|__tests__|fixtures?|mocks?|__mocks__|fakes?|stubs?|e2e|cassettes?|"
    r"__snapshots__|testlib|testutils?|unittests?|conftest|testcases?|golden|regress|expected[-_]?(?:outputs?|results?)?|t)(?:$|[/._-])|/(?:[A-Z]\w*Tests?|Test[A-Z]\w*)\.\w+$|\.(?:spec|test)\.\w+$|"
    # As a whole folder only: "rds_snapshot" and "jira-integration" are products, not tests.
    r"(?:^|/)(?:snapshots?|integration)/"
)
_SAMPLE = re.compile(
    r"(?i)(?:^|[/._-])(?:examples?|samples?|demos?|tutorials?|template|skel|skeleton|boilerplate|quickstart|playground|sandbox)(?:$|[/._-])|\.dist$"
)
_DOCS = re.compile(
    r"(?i)(?:^|/)(?:docs?(?:[-_][a-z]+)?|documentation|man(?:pages?|\d)?|locale|i18n|l10n|locali[sz]ations?|locales?|translations?|lang|languages?|changelog[^/]*|changes[^/]*|news[^/]*|history\.\w+|readme[^/]*|release[_-]?notes[^/]*|LocalStrings[^/]*)(?:/|$)"
)
_LOCK = re.compile(
    r"(?i)(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|cargo\.lock|gemfile\.lock|"
    r"composer\.lock|go\.sum|flake\.lock|mix\.lock|packages\.lock\.json|bun\.lock|deno\.lock|podfile\.lock|pubspec\.lock|\.terraform\.lock\.hcl|sha\d*sums?[^/]*|[^/]+\.(?:sha256|sha512|md5|sri))$"
)
# Filesystem Hierarchy Standard 3.0. What people add stands in /usr/local, /opt, /srv, /app, /home, /root or /etc.
_SYSTEM = re.compile(
    r"(?:usr/(?:bin|sbin|libexec|include|games|share|lib(?:32|64|x32)?)|lib(?:32|64|x32)?|bin|sbin|boot)/(?!node_modules/)"
    r"|var/(?:log|lib/(?:dpkg|apt|rpm)|cache)/|lib/apk/|etc/(?:ssl/openssl\.cnf|pam\.d/)"
)
_SETTINGS = re.compile(
    r"(?i)(?:^|/)(?:[\w.-]*(?:settings|config|configuration|secrets?|credentials?|constants|database|initializers?|parameters|wp-config|local_?settings)[\w.-]*)\.\w+$"
)


class Place(Noun, frozen=True, kw_only=True):
    """``config``: values stand unquoted there. ``settings``: code whose purpose is configuration. ``system``: where a
    distribution installs its own programs and keeps its logs, in an image or root file system."""

    config: bool = False
    settings: bool = False
    shell: bool = False
    doc: bool = False
    test: bool = False
    sample: bool = False
    lock: bool = False
    system: bool = False


def plain_values(path: str) -> bool:
    """Whether values stand unquoted in such a file. Asked for every file of a tree, so it looks at the name only."""
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    # In JSON and its kin every value is quoted: the ordinary patterns see all of them.
    return ending in _CONFIG or (
        (ending not in _QUOTED and name.startswith(_CONFIG_STARTS)) or "." not in name or ".env" in name
    )


# Source text of which no configuration format is made: format detectors need not look at such names.
_SOURCE = frozenset(
    (
        *(
            "js",
            "jsx",
            "mjs",
            "cjs",
            "ts",
            "tsx",
            "vue",
            "svelte",
            "css",
            "scss",
            "less",
            "html",
            "htm",
            "svg",
            "map",
            "md",
            "rst",
        ),
        *(
            "c",
            "h",
            "cc",
            "cpp",
            "hpp",
            "cs",
            "go",
            "java",
            "kt",
            "scala",
            "rs",
            "swift",
            "m",
            "mm",
            "pl",
            "pm",
            "lua",
            "r",
            "erl",
        ),
        *(
            "ex",
            "exs",
            "hs",
            "ml",
            "clj",
            "dart",
            "pyi",
            "pyx",
            "pyc",
            "so",
            "po",
            "mo",
            "pot",
            "dtd",
            "xsd",
            "am",
            "ac",
            "m4",
        ),
    )
)
_PYTHON_CONFIG = ("settings", "config", "conf", "local", "prod", "dev", "base", "staging", "development")


def formatless(path: str) -> bool:
    """Whether the name is one of plain source text, in which no format of ours can be."""
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    if ending == "py":
        return not any(word in name for word in _PYTHON_CONFIG)
    return ending in _SOURCE and "." in name.lstrip(".") and not name.startswith(".mongorc")


@lru_cache(8192)
def place_of(path: str) -> Place:
    """The kind of file, by its path relative to the root."""
    name = path.rpartition("/")[2].lower()
    stem = name.lstrip(".")
    ending = stem.rpartition(".")[2]
    doc = ("." in stem and ending in _DOC) or bool(_DOCS.search(path)) or stem in _DOC_NAMES
    return Place(
        config=(plain_values(path) or ending in _QUOTED) and not doc,
        settings=bool(_SETTINGS.search(path)),
        shell=ending in _SHELL or name.startswith(_SHELL_STARTS),
        doc=doc,
        test=bool(_TEST.search(path)),
        sample=bool(_SAMPLE.search(path)),
        lock=bool(_LOCK.search(path)),
        system=bool(_SYSTEM.match(path)),
    )
