"""Bills of materials: read, write, merge and compare (CycloneDX, SPDX). Called by ``gate`` and the command line; never
looks for components itself, and knows nothing of flaws."""
