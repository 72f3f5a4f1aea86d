"""What must be done by when: decision tables, deadlines, ranking, back-test. Called by ``gate`` with findings and
facts; never scans, never asks the network, never decides a verdict."""
