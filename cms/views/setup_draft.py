"""What was typed into the set-up assistant so far, kept in the session of the browser that does it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

KEY = "setup"
# Never kept as typed: a password goes into the draft only as its hash, and a token is good for one page.
SECRETS = ("password", "csrfmiddlewaretoken")


class Draft(Mapping[str, Any]):
    """The answers by step. A step whose last input was wrong has none, but what was typed is there to be mended."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session
        self._kept: dict[str, Any] = session.get(KEY, {"answers": {}, "typed": {}, "unlocked": False})

    def __getitem__(self, step: str) -> Any:
        return self._kept["answers"][step]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept["answers"])

    def __len__(self) -> int:
        return len(self._kept["answers"])

    @property
    def is_unlocked(self) -> bool:
        """Whether this browser has given the set-up code."""
        return bool(self._kept["unlocked"])

    def unlock(self) -> None:
        self._kept["unlocked"] = True
        self._save()

    def keep(self, step: str, answers: Any) -> None:
        self._kept["answers"][step] = answers
        self._kept["typed"].pop(step, None)
        self._save()

    def has(self, step: str) -> bool:
        """Tell whether the step is done: an account whose department was taken out of the list must choose another."""
        if step not in self:
            return False
        listed = {row["code"] for row in self.get("departments", [])}
        return step != "accounts" or all(one["department"] in listed for one in self["accounts"].values())

    def keep_typed(self, step: str, data: QueryDict) -> None:
        """Keep what was typed though it is wrong, without its passwords; the step then counts as not done."""
        plain = data.copy()
        for name in list(plain):
            if any(secret in name for secret in SECRETS):
                del plain[name]
        self._kept["typed"][step] = plain.urlencode()
        self._kept["answers"].pop(step, None)
        self._save()

    def typed(self, step: str) -> QueryDict | None:
        """Return what was typed wrongly and left, None when there is no such thing."""
        kept = self._kept["typed"].get(step)
        return None if kept is None else QueryDict(kept)

    def _save(self) -> None:
        self._session[KEY] = self._kept
