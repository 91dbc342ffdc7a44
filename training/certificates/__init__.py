"""Achievements, certificate designs, certificates, their PDF and their verification."""
