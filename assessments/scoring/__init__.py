"""Psychometrics from a marked answer to an ability with its error: numpy and scipy only, no Django, no clock."""
