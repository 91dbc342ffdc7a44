"""Plain StreamField blocks: what a lesson is made of, knowing no app."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

# What running text may hold; everything else belongs in a block of its own.
TEXT_FEATURES = ["bold", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class CalloutBlock(blocks.StructBlock):
    """Something to keep in mind."""

    heading = blocks.CharBlock(label=_("Heading"))
    text = TextBlock(label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")


class CaseBlock(blocks.StructBlock):
    """A customer's story with a question; the answer opens when asked for."""

    title = blocks.CharBlock(label=_("Title"))
    story = blocks.TextBlock(label=_("Story"), rows=4)
    question = blocks.TextBlock(label=_("Question"), rows=2)
    answer = blocks.TextBlock(label=_("Answer"), rows=4)

    class Meta:
        icon = "help"
        label = _("Case")
