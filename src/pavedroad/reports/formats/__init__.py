"""One file per output format, each defining ``FORMAT``. Nothing is edited to add one: ``paved dev new format NAME``."""
