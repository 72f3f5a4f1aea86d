"""Small projects for tests, with secrets that are assembled at run time and are nobody's."""

import hashlib
import subprocess
from pathlib import Path


def fake_secret(seed: str = "one") -> str:
    """Random-looking text, the same for the same seed."""
    return hashlib.sha256(seed.encode()).hexdigest()[:24] + "Zq7"


def env_line(seed: str = "one", name: str = "DB_PASSWORD") -> str:
    """A line of a .env file that holds a password."""
    return f"{name}={fake_secret(seed)}\n"


def git(root: Path, *arguments: str) -> str:
    """Run git in ``root`` and give what it said."""
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(root: Path, files: dict[str, str]) -> None:
    """Write files, folders included."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def repository(root: Path, files: dict[str, str]) -> Path:
    """A git repository with one commit that holds ``files``."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    write(root, files)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
    return root
