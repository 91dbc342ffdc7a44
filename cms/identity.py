"""Identities that are the same in every installation: pages we make ourselves, and the demo's content."""

from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "career-teacher/content")


def stable_uid(*words: str) -> UUID:
    """Return the identity of the thing named by the words, such as ("policy", "one-time-notice-rules")."""
    return uuid5(NAMESPACE, "/".join(words))
