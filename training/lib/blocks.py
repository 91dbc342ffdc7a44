"""Plain StreamField blocks: what a lesson is made of, knowing no app."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

# What running text may hold; everything else belongs in a block of its own. The app of pages says what a clause is.
TEXT_FEATURES = ["bold", "ol", "ul", "link", "clause"]


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


class FoldBlock(blocks.StructBlock):
    """One line of an accordion and what it opens."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=200)
    text = TextBlock(label=_("Text"))


class AccordionBlock(blocks.StructBlock):
    """Headings that open one by one, for what not everybody has to read."""

    rows = blocks.ListBlock(FoldBlock(), label=_("Headings and texts"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Accordion")


class TableBlock(TypedTableBlock):
    """A plain table: a heading for each column, and the first cell of a row names the row."""

    text = blocks.CharBlock(label=_("Text"), required=False)

    class Meta:
        icon = "table"
        label = _("Table")
        help_text = _(
            "Give it a caption and each column a heading; the first cell of a row says what the row is about."
        )


class ChoiceOfCaseBlock(blocks.StructBlock):
    """What somebody may do at a step of a case, and what happens then."""

    text = blocks.CharBlock(label=_("What one may do"), max_length=300)
    outcome = blocks.TextBlock(label=_("What happens then"), rows=2)
    next = blocks.IntegerBlock(
        label=_("Goes on with step"),
        required=False,
        min_value=1,
        help_text=_("The number of the step; empty where the story ends."),
    )


class StepOfCaseBlock(blocks.StructBlock):
    """A moment of a case where somebody has to decide."""

    text = blocks.TextBlock(label=_("Situation and question"), rows=3)
    choices = blocks.ListBlock(ChoiceOfCaseBlock(), label=_("Choices"), min_num=2, max_num=6)


class BranchingBlock(blocks.StructBlock):
    """A worked case in which each choice leads somewhere else."""

    title = blocks.CharBlock(label=_("Title"))
    story = blocks.TextBlock(label=_("Story"), rows=4)
    steps = blocks.ListBlock(StepOfCaseBlock(), label=_("Steps of the case"), min_num=1, max_num=12)

    class Meta:
        icon = "decisiontree"
        label = _("Case with choices")

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse a choice that leads to a step there is not, or back to its own."""
        cleaned = super().clean(value)
        last = len(cleaned["steps"])
        for number, step in enumerate(cleaned["steps"], start=1):
            for choice in step["choices"]:
                if choice["next"] and (choice["next"] > last or choice["next"] == number):
                    raise StructBlockValidationError(non_block_errors=[
                        ValidationError(
                            _("Step %(step)s leads to step %(next)s. Name another step from 1 to %(last)s."),
                            params={"step": number, "next": choice["next"], "last": last},
                        )
                    ])  # fmt: skip
        return cleaned


class EntryBlock(blocks.StructBlock):
    """Something that stands on a document, right or wrong."""

    name = blocks.CharBlock(label=_("What the form asks"), max_length=200)
    value = blocks.CharBlock(label=_("What stands there"), required=False, max_length=300)
    right = blocks.BooleanBlock(label=_("It is right"), required=False)
    why = blocks.TextBlock(label=_("Why"), rows=2)


class DocumentBlock(blocks.StructBlock):
    """A document as somebody hands it in, with faults to find."""

    title = blocks.CharBlock(label=_("Title"), help_text=_("What the document is, such as Application form."))
    story = blocks.TextBlock(label=_("What to look for"), rows=2)
    fields = blocks.ListBlock(EntryBlock(), label=_("Entries"), min_num=1)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Document to check")
