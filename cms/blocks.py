"""StreamField blocks that show a clause or a matter: they hold its key and find its words when the page is frozen."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from assessments.queries import practice_choices
from courses.models import LessonFile
from courses.queries.files import file_choices
from training.competencies.queries.columns import competency_choices
from training.lib.blocks import (
    AccordionBlock,
    BranchingBlock,
    CalloutBlock,
    CaseBlock,
    DocumentBlock,
    TableBlock,
    TextBlock,
)
from training.matters.models import Grade
from training.matters.queries import clause_choices, matter_choices


class KeyBlock(blocks.ChoiceBlock):
    """A choice among rows, kept by their key. The keys are words, so reading one asks the database nothing.

    Wagtail's block looks every stored value up among the choices, to give numbers back as numbers.
    """

    is_same_in_translations = True

    def to_python(self, value: str) -> str:
        return value

    def normalize(self, value: str) -> str:
        return value


class CitedClauseBlock(KeyBlock):
    """A clause to be read beside the text, as "policy/clause": the address of the policy and the id of the clause."""

    choices = staticmethod(clause_choices)

    class Meta:
        icon = "link"
        label = _("Cited clause")


class ClauseBlock(blocks.StructBlock):
    """A clause of a policy as it is written; its block id is the clause's identity in every version and language."""

    label = blocks.CharBlock(label=_("Label"), help_text=_("Such as Article 3."), max_length=60)
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=200)
    text = blocks.TextBlock(label=_("Text"), rows=4)
    grade = blocks.ChoiceBlock(
        label=_("What the change asks of those who work by it"), choices=Grade.choices, default=Grade.NOTICE
    )
    chapter = blocks.CharBlock(
        label=_("Chapter that begins here"),
        required=False,
        default="",
        max_length=200,
        help_text=_("The heading that stands before this clause; empty inside a chapter."),
    )
    derived_from = blocks.ListBlock(
        CitedClauseBlock(label=pgettext_lazy("policy", "Clause")),
        default=[],
        label=_("Also comes from"),
        help_text=_("Clauses it was split from or that were merged into it, of this policy or another."),
    )

    class Meta:
        icon = "clipboard-list"
        label = _("Clause")


class CitedMatterBlock(KeyBlock):
    """A service matter the lesson is about, by its code."""

    choices = staticmethod(matter_choices)

    class Meta:
        icon = "tasks"
        label = _("Service matter")


class StepsBlock(KeyBlock):
    """The steps of a service matter, with who takes each and what is looked at."""

    choices = staticmethod(matter_choices)

    class Meta:
        icon = "list-ol"
        label = _("Steps of a matter")


class ChecklistBlock(KeyBlock):
    """The materials of a service matter as a list to tick."""

    choices = staticmethod(matter_choices)

    class Meta:
        icon = "tick"
        label = _("Checklist of a matter")


class ChangedClauseBlock(blocks.StructBlock):
    """A clause as it read before and as it reads now."""

    clause = CitedClauseBlock(label=pgettext_lazy("policy", "Clause"))
    note = blocks.TextBlock(label=_("What it means at the window"), required=False, rows=2)

    class Meta:
        icon = "history"
        label = _("What changed")


WHERE_FILES_ARE = _("Files come in under Files of lessons.")


class FileBlock(KeyBlock):
    """A file of lessons of one kind, by its ref; each language may show its own."""

    is_same_in_translations = False

    def __init__(self, kind: str, **kwargs: object) -> None:
        kwargs.setdefault("help_text", WHERE_FILES_ARE)
        super().__init__(choices=partial(file_choices, kind), **kwargs)


class FigureBlock(blocks.StructBlock):
    """A picture with what it shows."""

    file = FileBlock(LessonFile.Kind.PICTURE, label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=300,
        help_text=_("For those who cannot see it: what one has to know of it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")


class VideoBlock(blocks.StructBlock):
    """A video, always with captions."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = FileBlock(LessonFile.Kind.VIDEO, label=_("Video"))
    captions = FileBlock(LessonFile.Kind.CAPTIONS, label=_("Captions"))
    transcript = blocks.TextBlock(
        label=_("What is said and shown"), required=False, rows=4, help_text=_("To be read instead, and on paper.")
    )

    class Meta:
        icon = "media"
        label = _("Video")


class SoundBlock(blocks.StructBlock):
    """A recording, always with its words."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = FileBlock(LessonFile.Kind.SOUND, label=pgettext_lazy("of an item", "Recording"))
    transcript = blocks.TextBlock(label=_("What is said"), rows=4)

    class Meta:
        icon = "volume-up"
        label = pgettext_lazy("of an item", "Recording")


class PaperBlock(blocks.StructBlock):
    """A PDF to keep."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = FileBlock(LessonFile.Kind.PAPER, label="PDF")
    note = blocks.CharBlock(label=_("What it is for"), required=False, max_length=300)

    class Meta:
        icon = "doc-full"
        label = "PDF"


class PractisedItemBlock(KeyBlock):
    """An item of a practice bank, as "bank/code"."""

    choices = staticmethod(practice_choices)


class CompetencyBlock(KeyBlock):
    """A competency of the current framework, by its code."""

    choices = staticmethod(competency_choices)


class PracticeBlock(blocks.StructBlock):
    """Questions to practise, explained at once: named ones, or some about a competency."""

    items = blocks.ListBlock(
        PractisedItemBlock(label=_("Question")), default=[], max_num=10, label=_("Questions"),
        help_text=_("Of banks for practice alone. Leave it empty to have some drawn."),
    )  # fmt: skip
    competency = CompetencyBlock(label=_("Drawn about"), required=False, default="")
    number = blocks.IntegerBlock(label=_("How many are drawn"), min_value=1, max_value=10, default=3)

    class Meta:
        icon = "help"
        label = _("Practice")

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse a block that asks nothing."""
        cleaned = super().clean(value)
        if not cleaned["items"] and not cleaned["competency"]:
            refusal = ValidationError(_("Name questions, or what they are drawn about."))
            raise StructBlockValidationError(non_block_errors=[refusal])
        return cleaned


class SectionBlock(blocks.StructBlock):
    """A part of a lesson: the reader counts these, and remembers in which one somebody stopped."""

    title = blocks.CharBlock(label=_("Title"))
    content = blocks.StreamBlock(
        [
            ("text", TextBlock()),
            ("callout", CalloutBlock()),
            ("accordion", AccordionBlock()),
            ("table", TableBlock()),
            ("figure", FigureBlock()),
            ("video", VideoBlock()),
            ("sound", SoundBlock()),
            ("pdf", PaperBlock()),
            ("case", CaseBlock()),
            ("branching", BranchingBlock()),
            ("document", DocumentBlock()),
            ("practice", PracticeBlock()),
            ("clause", CitedClauseBlock()),
            ("change", ChangedClauseBlock()),
            ("matter", CitedMatterBlock()),
            ("steps", StepsBlock()),
            ("checklist", ChecklistBlock()),
        ],
        label=_("Content"),
        min_num=1,
    )

    class Meta:
        icon = "doc-full"
        label = _("Section")
