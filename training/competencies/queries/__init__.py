"""Reads of the matrix: departments by competency, people by competency, one cell with its evidence."""
