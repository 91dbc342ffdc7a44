"""The screens of accountability."""

from .copies import ask_mine, ask_of, data_of, my_data, take
from .trail import trail, trail_export

__all__ = ["ask_mine", "ask_of", "data_of", "my_data", "take", "trail", "trail_export"]
