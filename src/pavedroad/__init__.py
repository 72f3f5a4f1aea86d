"""Pavedroad: security controls inside the delivery path.

The rooms of this package and the direction of imports between them are drawn in
``docs/explain/architecture.md``; import-linter checks them in the build.
"""

__version__ = "0.1.0"
