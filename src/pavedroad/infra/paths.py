"""Where Pavedroad keeps things on this machine: XDG folders, movable by PAVED_CACHE_DIR and PAVED_DATA_DIR."""

import os
from pathlib import Path


def user_cache() -> Path:
    """Compiled rules and downloads: safe to delete. Not created here."""
    return _folder("PAVED_CACHE_DIR", "XDG_CACHE_HOME", ".cache")


def user_data() -> Path:
    """Advisory databases and guest tools. Not created here."""
    return _folder("PAVED_DATA_DIR", "XDG_DATA_HOME", ".local/share")


def _folder(own: str, xdg: str, fallback: str) -> Path:
    if chosen := os.environ.get(own):
        return Path(chosen).absolute()
    base = os.environ.get(xdg)
    return (Path(base) if base else Path.home() / fallback).absolute() / "pavedroad"
