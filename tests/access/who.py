"""Who comes by, in groups as the product speaks of them, and what an address may say to each."""

from dataclasses import dataclass

from tests.access.world import CAST, ROLES
from training.lib.access import Rule, roles

NO_SESSION = frozenset({"anonymous", "suspended"})
STAFF = CAST - NO_SESSION
NONE: frozenset[str] = frozenset()

# The words of the trade, as the product speaks of them.
OVERSEERS = roles("head", "hr", "director", "auditor", "administrator")
READERS = roles("head", "hr", "director", "auditor")
KEEPERS = roles("hr", "administrator")
REVOKERS = roles("hr", "director", "administrator")
PAIRERS = roles("hr", "director")
TEACHER_READERS = roles("hr", "director", "administrator")
EXAMINERS = roles("examiner")
MARKERS = roles("marker")
OBSERVERS = roles("marker", "examiner", "teacher")
WATCHERS = roles("examiner", "invigilator")
REGISTER = roles("hr", "administrator", "auditor")
AUDITORS = roles("auditor", "administrator")
ADMINISTRATORS = roles("administrator")
ASKERS = roles("head", "hr")
ASKERS_READ = roles("head", "hr", "director")
PLANNERS = roles("head", "hr", "teacher")
EDITING = roles("editor", "reviewer", "administrator")
WRITERS = roles("editor", "administrator")
CITERS = roles("editor", "reviewer", "examiner", "hr", "head", "director", "auditor", "administrator")

# Who is admitted to the rows about the clerk at the counter.
OWNER = frozenset({"owner"})
EDITOR = frozenset({"editor"})
EXAMINER = frozenset({"examiner"})
LESSON_KEEPERS = frozenset({"editor", "reviewer", "administrator"})
TEACHER = frozenset({"teacher"})
PARTIES = OWNER | TEACHER
OVER_OWNER = frozenset({"head", "hr", "director", "auditor", "administrator"})
STARTER = OWNER | {"administrator"}
APPOINTERS = frozenset({"administrator"})
SECTION_HEAD = frozenset({"section head"})
OVER_SECTION = SECTION_HEAD | {"director", "auditor", "administrator"}
RECORD = PARTIES | {"panel"} | OVER_OWNER | SECTION_HEAD
DECIDERS = frozenset({"head", "hr", "director"}) | SECTION_HEAD
# Of those who come by, HR holds its role over one department; only the administrator keeps the whole centre.
WHOLE_CENTRE = frozenset({"administrator"})
RESETTERS = frozenset({"hr", "administrator"})
SESSION_KEEPERS = frozenset({"head", "hr", "teacher"}) | SECTION_HEAD
NOT_ASKED_ELSEWHERE = STAFF - {"head elsewhere", "hr elsewhere"}


@dataclass(frozen=True)
class Answer:
    """What an address says to everybody.

    `about` is the kind of row in the address. Those not in `sees` are told that there is none; those in `sees` but not
    in `acts` that they may not. What is `plain` tells nothing about a person; `keeps` is the one table that reading
    the address writes to, with the reason beside it; `heads` is false where only GET reads.
    """

    rule: Rule
    methods: tuple[str, ...] = ("GET",)
    about: str = ""
    sees: frozenset[str] = CAST
    acts: frozenset[str] = CAST
    plain: bool = False
    keeps: str = ""
    heads: bool = True

    @property
    def depends(self) -> bool:
        """Whether it depends on more than being signed in who is let in."""
        return self.rule.any_of is not None or self.sees != CAST or self.acts != CAST

    def says(self, who: str, method: str) -> str:
        """Return what `who` is told: "login", "forbidden", "no such method", "nothing" or "welcome"."""
        if who in NO_SESSION and not self.rule.public:
            return "login"
        if self.rule.any_of is not None and ROLES[who] not in self.rule.any_of:
            return "forbidden"
        if method not in self.methods and (method != "HEAD" or "GET" not in self.methods or not self.heads):
            return "no such method"
        if who not in self.sees:
            return "nothing"
        return "welcome" if who in self.acts else "forbidden"


GET, POST, OPTIONS = ("GET",), ("POST",), ("OPTIONS",)
FORM = GET + POST
ANY = FORM + OPTIONS

# that somebody else than the person reads the page is an event of the audit trail
READING = "operations_auditevent"
