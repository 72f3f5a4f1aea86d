"""One file per CI platform, each defining ``PLATFORM`` (see ``cli/init/model.py``). Nothing is edited to add one.

Every job fetches the whole history, because a pull request is compared with its merge base; asks for the least
permissions the platform can express; installs Pavedroad outside the work tree, so that it is not scanned; and keeps the
reports even when the verdict is not ``pass``.
"""
