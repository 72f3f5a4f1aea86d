"""One file per kind of plug-in that ``paved dev new`` can start, each defining ``KIND``. No other file is edited."""
