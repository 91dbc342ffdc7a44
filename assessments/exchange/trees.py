"""XML files of questions: each element that is a question says on which line it began."""

from xml.etree.ElementTree import Element

from training.lib.office.trees import tree as bounded_tree

QUESTIONS = frozenset(["question", "item", "assessmentItem"])


def tree(data: bytes) -> Element:
    """Return the root of an XML file. Raises FileRefused for a hostile or broken one."""
    return bounded_tree(data, marked=QUESTIONS)
