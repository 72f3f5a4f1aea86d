"""One folder per scanner, each defining ``SCANNER``. Nothing is edited to add one: ``paved dev new scanner NAME``."""
