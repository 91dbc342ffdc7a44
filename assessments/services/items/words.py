"""What is wrong with an item, in words for whoever writes it or reads the report of an import."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments import rules
from assessments.rules import Problem, ProblemCode
from assessments.scoring.marking import ItemKind

SENTENCES: dict[ProblemCode, Promise] = {
    ProblemCode.NO_STEM: _("The question has no text."),
    ProblemCode.TOO_LONG: _("A text is too long: at most 10,000 characters."),
    ProblemCode.TOO_MANY: _("There are more than 26 options or parts."),
    ProblemCode.EMPTY_OPTION: _("Option %(where)s has no text."),
    ProblemCode.SAME_OPTION: _("Option %(where)s says the same as another one."),
    ProblemCode.EMPTY_PART: _("Part %(where)s has no text."),
    ProblemCode.GAPS_DIFFER: _("The gaps in the %(where)s text are not those that have an answer."),
    ProblemCode.LANGUAGE_INCOMPLETE: _("The %(where)s text is not complete: translate every part of it, or none."),
    ProblemCode.TOO_MANY_MEDIA: _("There are more than 12 pictures and recordings."),
    ProblemCode.NO_ALT: _("Picture %(where)s has no description. Say what it shows, or that it only adorns."),
    ProblemCode.NO_TRANSCRIPT: _("Recording %(where)s has no transcript. Write down what is said."),
    ProblemCode.DATES_REVERSED: _("The last day of validity comes before the first."),
    ProblemCode.CHANCE: _("The judged chance lies between 2 and 98 percent."),
    ProblemCode.BAR: _("The share that counts as right lies above 0 and is at most 100 percent."),
}

# What a key must be, by kind: the rule behind says it in words for programmers.
KEYS: dict[ItemKind, Promise] = {
    ItemKind.SINGLE: _("Write two or more options and mark exactly one as right."),
    ItemKind.MULTIPLE: _("Write two or more options and mark one or more as right."),
    ItemKind.TRUE_FALSE: _("Say whether the statement is true or false."),
    ItemKind.ORDERING: _("Write two or more steps and give each a place of its own."),
    ItemKind.MATCHING: _("Write two or more lines and two or more options, and choose an option for each line."),
    ItemKind.DOCUMENTS: _(
        "Write two or more documents and one or more reasons, say of each document what is wrong with it, and let one "
        "or more be at fault."
    ),
    ItemKind.NUMERIC: _("Give a range of numbers that earns everything; its lower bound is not above its upper one."),
    ItemKind.SHORT_TEXT: _("Give an accepted answer that earns everything; * alone is none."),
    ItemKind.CLOZE: _("Write one or more gaps into the text, and give each what is right."),
    ItemKind.CASE: _("Write one or more questions, and give each what is right."),
    ItemKind.OPEN: _("Write one or more criteria with 1 to 100 points each."),
    ItemKind.SCENARIO: _("Write one or more criteria with 1 to 100 points each."),
}


def problem_sentence(problem: Problem, draft: rules.ItemDraft) -> str:
    """Return what is wrong and what to do, in the reader's language; options and parts are named by their place."""
    if problem.code is ProblemCode.BROKEN_KEY:
        return gettext("What is right is not complete.") + " " + str(KEYS[draft.kind])
    return str(SENTENCES[problem.code]).replace("%(where)s", _place(problem, draft))


def _place(problem: Problem, draft: rules.ItemDraft) -> str:
    names = {code: gettext(str(name)) for code, name in settings.LANGUAGES}
    if problem.where in names:
        return names[problem.where]
    media = [medium.ref for medium in draft.media or ()]
    for ids in ([row.id for row in draft.options], [row.id for row in draft.parts], media):
        if problem.where in ids:
            return str(ids.index(problem.where) + 1)
    for number, part in enumerate(draft.parts, start=1):
        for place, option in enumerate(part.options, start=1):
            if option.id == problem.where:
                return f"{number}.{place}"
    return problem.where
