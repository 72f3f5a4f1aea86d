"""The only doors to the outside: processes, git, files, documents, caches, tools, the network.

Called by every room above. Never decides anything about security findings; it only bounds, confines and reports.
Modules are imported one by one (``from pavedroad.infra import documents``), so that a command pays only for what it
uses.
"""
