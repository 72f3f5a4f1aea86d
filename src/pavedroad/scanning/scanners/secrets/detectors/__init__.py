"""Detectors of secrets in known file formats: one file each, found by folder."""
