"""One file per format of bills of materials, each defining ``FORMAT``. No other file is edited to add one."""
