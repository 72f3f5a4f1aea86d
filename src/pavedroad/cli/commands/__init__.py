"""One file per command, each defining ``COMMAND`` (a click command). Nothing is edited to add one."""
