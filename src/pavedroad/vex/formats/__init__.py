"""One module per VEX format; each defines ``FORMAT``."""
