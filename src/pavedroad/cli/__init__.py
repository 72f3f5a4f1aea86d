"""The command line: one file per verb in ``commands/``, thin; parses, calls a room, prints, chooses the exit code."""
