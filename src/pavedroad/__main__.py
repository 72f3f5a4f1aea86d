"""The entry point of ``paved`` and ``python -m pavedroad``."""

import sys


def main() -> int:
    """Answer ``--version`` without loading anything; hand everything else to the command line."""
    if sys.argv[1:] == ["--version"]:
        from pavedroad import __version__

        sys.stdout.write(f"paved {__version__}\n")
        return 0
    from pavedroad.cli.app import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
