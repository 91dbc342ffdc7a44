"""What is told of a question on its way in or out, in words for whoever reads the report."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.exchange import Note, Told
from assessments.models import ItemVersion
from assessments.rules import Choice, ItemDraft, Problem, ProblemCode
from assessments.scoring.marking import ItemKind
from assessments.services.items import problem_sentence

SENTENCES: dict[Told, Promise] = {
    Told.FEEDBACK: _("Feedback to single answers is not kept: “%(text)s”."),
    Told.RESULT_FEEDBACK: _("Feedback to the result is not kept: “%(text)s”."),
    Told.HINT: _("A hint is not kept: “%(text)s”."),
    Told.MARKUP: _("Bold, lists and other layout become plain text."),
    Told.SCRIPT: _("A script or style was taken out."),
    Told.IMAGE: _("A picture is not kept: %(name)s."),
    Told.FILE: _("A file is not kept: %(name)s."),
    Told.TABLE: _("A table becomes lines of text."),
    Told.LINK: _("A link becomes plain text: %(target)s."),
    Told.CONTROL: _("%(number)s invisible characters were taken out."),
    Told.MARKDOWN: _("The signs of Markdown stay in the text."),
    Told.SHARES: _("“%(option)s” earned %(percent)s %% there; here an option is right or wrong."),
    Told.PENALTY: _("A wrong choice earned %(percent)s %% there; here it costs as much as a right one earns."),
    Told.GUIDE_SET: _("It has no marking guide: one criterion of %(points)s points was set."),
    Told.LAST_MARK: _("“%(mark)s” behind the answers was left out."),
    Told.TAG: _("“%(tag)s” is not kept."),
    Told.POINTS: _("It was worth %(points)s points there; here an exam weighs its questions alike."),
    Told.LITERAL_STAR: _("* in an answer stands for any characters here."),
    Told.OPEN_BOUND: _("The bound %(number)s did not belong to the range there; here it does."),
    Told.EMPTY_OPTION: _("An option without words was left out."),
    Told.EMPTY_LINE: _("A line without words was left out."),
    Told.KIND_TAKEN: _("It names no kind and was taken as: %(kind)s."),
    Told.FRAGMENT: _("This text is not kept: “%(text)s”."),
    Told.FIXED_ORDER: _("The options had a fixed order there; here everybody sees an order of their own."),
    Told.OWN_SCORING: _("It was scored otherwise there; here it is scored as its kind is."),
    Told.TITLE: _("Its title is not kept: “%(title)s”."),
    Told.SETTING: _("Settings of delivery, such as tries and numbering, are not kept."),
    Told.ASSOCIATION: _("Free pairs became lines and options."),
    Told.UNIT: _("Units that are typed with a number are not kept."),
    Told.LANGUAGE: _("Its text in %(language)s is not in the file."),
    Told.ONLY_LANGUAGE: _("It has a text in %(language)s only."),
    Told.KIND: _("This format has no questions of the kind: %(kind)s."),
    Told.GUIDE: _("Its marking guide is not in the file."),
    Told.MODEL_ANSWER: _("Its model answer is not in the file."),
    Told.WILDCARD: _("* in an answer is a plain sign in this format."),
    Told.MATCH_CASE: _("That capital letters count is not in the file."),
    Told.GAP_KIND: _("A gap of the type %(kind)s cannot be read."),
    Told.SCORING: _("Other systems will score it otherwise: all or nothing, or each line alike."),
    Told.LONG_CELL: _("A text is longer than the %(limit)s characters of a cell."),
    Told.SPACES: _("Empty lines and several blanks in a row become one."),
    Told.MEDIA: _("Its pictures and recordings are not in the file: %(number)s."),
    Told.MEDIA_UNFIT: _("“%(name)s” is not kept: %(reason)s"),
    Told.UNKNOWN_KIND: _("Questions of the kind “%(kind)s” cannot be read."),
    Told.NO_KIND: _("It names no kind, and the answer does not say it."),
    Told.NO_ANSWER: _("No right answer is given."),
    Told.NO_RIGHT: _("No option is right."),
    Told.SEVERAL_RIGHT: _("%(number)s answers are right where one is asked for."),
    Told.NO_FULL_CREDIT: _("No answer earns everything."),
    Told.ANSWER_UNREADABLE: _("The answer cannot be read: “%(answer)s”."),
    Told.NOT_AN_OPTION: _("“%(answer)s” is none of the options, or the options do not follow A, B, C."),
    Told.ANSWERED_TWICE: _("Two answers are given: “%(answer)s” and “%(other)s”."),
    Told.DESCRIPTION: _("A text that asks nothing."),
    Told.CATEGORY: _("The category is not kept: %(category)s."),
    Told.CALCULATED: _("Its numbers are drawn anew for everybody; the bank has no such questions."),
    Told.RANDOM: _("It stands for a random question; the bank has no such questions."),
    Told.UNCLOSED: _("Its answers begin with { and never end."),
    Told.GAPS: _("The gaps and the answers do not fit together."),
    Told.FEW_LINES: _("A matching needs two or more lines."),
    Told.BY_MEDIA: _("It is answered on a picture or with a file; the bank has no such questions."),
    Told.INTERACTIONS: _("It is answered in ways that do not fit together here."),
    Told.MISSING_PART: _("Something is missing: %(part)s."),
    Told.UNREADABLE: _("This part of the file cannot be read (%(reason)s)."),
    Told.CELL: _("“%(value)s” cannot stand in the column %(field)s."),
    Told.SAME_NAME: _("The same question stands in the file twice (%(item)s)."),
    Told.COMPETENCY_SET: _("Competency as chosen for the file: %(name)s."),
    Told.LEVEL_SET: _("Level as chosen for the file: %(level)s."),
    Told.JUDGED_SET: _("Judged chance as chosen for the file: %(percent)s %%."),
    Told.CODE_CHANGED: _("Its name “%(name)s” becomes the code %(item)s."),
    Told.CLAUSE_UNKNOWN: _("No clause is called “%(clause)s”: the citation is not kept."),
    Told.COMPETENCY_UNKNOWN: _("The framework has no competency to ask about with the code “%(item)s”."),
    Told.RETIRED: _("The item %(item)s of the bank is retired. Bring it back before you change it."),
    Told.LANGUAGE_MISSING: _("The item in the bank has a text in %(language)s that the file does not have."),
    Told.EMPTY: _("The file is empty."),
    Told.TOO_LARGE: _("The file is larger than %(limit)s MB."),
    Told.NOT_TEXT: _("The file is no text in UTF-8, UTF-16 or GBK. Save it anew as text in UTF-8."),
    Told.XML_BROKEN: _("The XML is broken in line %(line)s, column %(column)s."),
    Told.XML_HOSTILE: _("The XML has entities, or more structure than a file of questions has."),
    Told.ZIP_BROKEN: _("The file is damaged or has a password."),
    Told.ZIP_HOSTILE: _("The package has paths that lead out of it, or unpacks to more than a file of questions has."),
    Told.OLD_OFFICE: _(
        "A Word or Excel file of the old kind, or with a password. Save it as .docx or .xlsx without one."
    ),
    Told.TOO_MANY_LINES: _("The file has more than %(limit)s lines. Split it."),
    Told.LONG_LINE: _("Line %(line)s has more than %(limit)s characters."),
    Told.TOO_MANY_ITEMS: _("The file has more than %(limit)s questions. Split it."),
    Told.UNKNOWN_FORMAT: _("The file is in none of the formats that can be read. Choose its format if you know it."),
    Told.WRONG_FORMAT: _("The file is not in the format that was chosen."),
    Told.NOTHING_FOUND: _("There is no question in the file."),
    Told.NO_COLUMNS: _("The column %(heading)s is missing. Take the template."),
    Told.UNKNOWN_COLUMN: _("The column “%(heading)s” is not known and was left out."),
}


def sentence(note: Note) -> str:
    """Return what a note says, in the reader's language."""
    if note.code is Told.PROBLEM:
        return _problem(note)
    values = dict(note.values)
    if "kind" in values and values["kind"] in ItemVersion.Kind.values:
        values["kind"] = str(ItemVersion.Kind(values["kind"]).label)
    if "language" in values:
        names = {code: str(name) for code, name in settings.LANGUAGES}
        values["language"] = gettext(names.get(str(values["language"]), str(values["language"])))
    return str(SENTENCES[note.code]) % values


def _problem(note: Note) -> str:
    """Return a fault of an item in the words the editor of items has for it."""
    problem = Problem(ProblemCode(str(note.values["problem"])), str(note.values.get("where", "")))
    letters = tuple(Choice(chr(ord("a") + index), {}) for index in range(26))
    return problem_sentence(problem, ItemDraft(ItemKind(str(note.values.get("kind", "single"))), {}, [], letters))
