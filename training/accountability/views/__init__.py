"""The screens of accountability."""

from .trail import trail, trail_export

__all__ = ["trail", "trail_export"]
