"""Policies and their clauses, service matters and bundles, which window serves what."""
