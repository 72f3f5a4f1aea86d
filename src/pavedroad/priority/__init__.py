"""What must be done by when: decision tables, deadlines, ranking, back-test. Called by ``gate`` with findings and
facts; never scans, never asks the network, never decides a verdict."""

from pavedroad.priority.engine import prioritise, rank_run, urgency
from pavedroad.priority.errors import PriorityError, SnapshotError, TableError, VectorError
from pavedroad.priority.tables import DEFAULT, Table, check_tiers, load, load_for, table_names
from pavedroad.priority.upgrades import UpgradePlan, plan

__all__ = [
    "DEFAULT",
    "PriorityError",
    "SnapshotError",
    "Table",
    "TableError",
    "UpgradePlan",
    "VectorError",
    "check_tiers",
    "load",
    "load_for",
    "plan",
    "prioritise",
    "rank_run",
    "table_names",
    "urgency",
]
