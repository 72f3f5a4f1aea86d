"""Finds plug-ins by folder. A broken one stops the program: what silently vanishes is a false all-clear.

A plug-in is a module or a package inside a plug-in folder. It defines one attribute (``SCANNER``, ``FORMAT`` ...) whose
value has a ``name``. Names starting with an underscore are shared helpers of the folder, not plug-ins.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from pavedroad.infra.errors import PluginError


def module_names(package: str) -> list[str]:
    """The plug-in module names inside ``package``, sorted, without importing any of them."""
    folder = importlib.import_module(package)
    return sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if m.name[0] != "_")


def load_module(package: str, name: str) -> ModuleType:
    """One plug-in module. Raises PluginError, naming the file, when it cannot be imported."""
    try:
        return importlib.import_module(f"{package}.{name}")
    except Exception as error:
        raise PluginError(
            f"this plug-in cannot be loaded: {type(error).__name__}: {error}",
            where=f"{package.replace('.', '/')}/{name}",
            next_step="repair or remove the file; no plug-in is ever skipped silently",
        ) from error


def _plugins(package: str, attribute: str) -> Iterator[tuple[str, Any]]:
    for module_name in module_names(package):
        module = load_module(package, module_name)
        where = f"{package.replace('.', '/')}/{module_name}"
        plugin = getattr(module, attribute, None)
        if plugin is None:
            raise PluginError(
                f"this plug-in defines no {attribute}",
                where=where,
                next_step=f"define {attribute}, or start the file's name with '_' if it is a helper",
            )
        name = getattr(plugin, "name", None)
        if not isinstance(name, str) or not name:
            raise PluginError(f"{attribute} has no name", where=where, next_step="give it one")
        yield name, plugin


@cache
def registry(package: str, attribute: str) -> dict[str, Any]:
    """All plug-ins of ``package`` by name, sorted. Raises PluginError for a broken or doubled one."""
    found: dict[str, Any] = {}
    for name, plugin in _plugins(package, attribute):
        if name in found:
            raise PluginError(f"two plug-ins of {package} are called '{name}'", next_step="rename one of them")
        found[name] = plugin
    return dict(sorted(found.items()))
