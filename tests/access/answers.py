"""Who may open which address: written by hand, from what each role is for, never read off the code it checks."""

from tests.access.exam_answers import EXAMS
from tests.access.who import (
    ADMINISTRATORS,
    ANY,
    APPOINTERS,
    ASKERS,
    ASKERS_READ,
    AUDITORS,
    CITERS,
    DECIDERS,
    EDITING,
    EDITOR,
    EXAMINER,
    FORM,
    GET,
    KEEPERS,
    NONE,
    NOT_ASKED_ELSEWHERE,
    OPTIONS,
    OVER_OWNER,
    OVER_SECTION,
    OVERSEERS,
    OWNER,
    PAIRERS,
    PLANNERS,
    POST,
    READERS,
    READING,
    RECORD,
    REGISTER,
    RESETTERS,
    REVOKERS,
    SECTION_HEAD,
    SESSION_KEEPERS,
    STARTER,
    TEACHER,
    TEACHER_READERS,
    WHOLE_CENTRE,
    WRITERS,
    Answer,
)
from tests.access.world import CAST
from training.lib.access import ANYONE, SIGNED_IN, SIGNED_IN_OR_KEY, roles

ANSWERS = {
    # the frame
    "": Answer(ANYONE, plain=True),
    "healthz": Answer(ANYONE, ANY, plain=True),
    "readyz": Answer(ANYONE, plain=True),
    "operations/": Answer(ADMINISTRATORS),
    "operations/jobs/": Answer(ADMINISTRATORS),
    "operations/jobs/retry/": Answer(ADMINISTRATORS, POST),
    # background work; an administrator who takes somebody's result leaves a trace
    "jobs/": Answer(SIGNED_IN),
    "jobs/<uuid:pk>/": Answer(SIGNED_IN, about="running job", sees=STARTER),
    "jobs/<uuid:pk>/cancel/": Answer(SIGNED_IN, POST, about="running job", sees=STARTER),
    "jobs/<uuid:pk>/retry/": Answer(SIGNED_IN, POST, about="failed job", sees=STARTER),
    "jobs/<uuid:pk>/file/": Answer(SIGNED_IN, about="done job", sees=STARTER, keeps="operations_auditevent"),
    "styleguide/": Answer(SIGNED_IN, ANY, plain=True),
    "theme/": Answer(ANYONE, POST),
    "text-size/": Answer(ANYONE, POST),
    "desk/": Answer(SIGNED_IN),
    # an empty installation alone has a set-up assistant, and in this world there are people
    "setup/": Answer(ANYONE, FORM, sees=NONE),
    "setup/<slug:step>/": Answer(ANYONE, FORM, about="setup step", sees=NONE),
    # accounts
    "accounts/": Answer(ANYONE, ANY, sees=NONE),
    "accounts/<path:rest>/": Answer(ANYONE, ANY, about="closed door", sees=NONE),
    "accounts/login/": Answer(ANYONE, ANY),
    "accounts/logout/": Answer(ANYONE, ANY, plain=True),
    "accounts/reauthenticate/": Answer(SIGNED_IN, ANY),
    # second factors: allauth's own pages; whoever lately typed no password is led to do so first
    "accounts/factors/": Answer(SIGNED_IN, ANY, plain=True),
    "accounts/factors/sign-in/": Answer(ANYONE, ANY),
    "accounts/factors/reauthenticate/": Answer(SIGNED_IN, ANY),
    "accounts/factors/app/": Answer(SIGNED_IN, FORM),
    "accounts/factors/app/remove/": Answer(SIGNED_IN, FORM, sees=NONE),
    "accounts/factors/codes/": Answer(SIGNED_IN, sees=NONE),
    "accounts/factors/codes/new/": Answer(SIGNED_IN, FORM),
    "accounts/factors/passkeys/": Answer(SIGNED_IN, ANY, plain=True),
    "accounts/factors/passkeys/add/": Answer(SIGNED_IN, FORM),
    "accounts/factors/passkeys/reauthenticate/": Answer(SIGNED_IN, ANY),
    "accounts/factors/passkeys/<int:pk>/remove/": Answer(SIGNED_IN, FORM, about="passkey"),
    "cms/login/": Answer(ANYONE, ANY),
    "_util/login/": Answer(ANYONE, ANY),
    "cms/logout/": Answer(SIGNED_IN, ANY, plain=True),
    "cms/account/": Answer(SIGNED_IN, ANY, plain=True),
    # people
    "people/": Answer(OVERSEERS),
    "people/codes/": Answer(KEEPERS),
    "people/codes/make/": Answer(KEEPERS, POST),
    "people/codes/slips/": Answer(KEEPERS, ANY),
    "people/export/": Answer(OVERSEERS, POST),
    "people/views/": Answer(OVERSEERS),
    "people/views/save/": Answer(OVERSEERS, POST),
    "people/views/<int:pk>/rename/": Answer(OVERSEERS, POST, about="saved view", sees=frozenset({"head"})),
    "people/views/<int:pk>/delete/": Answer(OVERSEERS, POST, about="saved view", sees=frozenset({"head"})),
    "people/import/": Answer(KEEPERS),
    "people/import/past/": Answer(KEEPERS),
    "people/import/runs/<uuid:pk>/": Answer(KEEPERS, about="import", sees=frozenset({"hr", "administrator"})),
    "people/import/runs/<uuid:pk>/columns/": Answer(KEEPERS, ANY, about="import", sees=frozenset({"hr"})),
    "people/import/runs/<uuid:pk>/apply/": Answer(KEEPERS, POST, about="import", sees=frozenset({"hr"})),
    "people/import/runs/<uuid:pk>/discard/": Answer(KEEPERS, POST, about="import", sees=frozenset({"hr"})),
    "people/import/runs/<uuid:pk>/refused/": Answer(KEEPERS, about="import", sees=frozenset({"hr"})),
    "people/import/<slug:kind>/": Answer(KEEPERS, ANY, about="kind of list"),
    "people/import/<slug:kind>/template/": Answer(KEEPERS, about="kind of list"),
    "people/import/<slug:kind>/export/": Answer(KEEPERS, POST, about="kind of list"),
    "people/keys/": Answer(roles("administrator"), ANY, plain=True),
    "people/keys/<int:pk>/revoke/": Answer(roles("administrator"), POST, about="key"),
    "people/language/": Answer(ANYONE, POST),
    "people/me/": Answer(SIGNED_IN),
    "people/me/password/": Answer(SIGNED_IN, ANY),
    "people/me/sign-in/": Answer(SIGNED_IN),
    "people/me/sign-in/end/": Answer(SIGNED_IN, POST),
    "people/<staff_number:staff_number>/sign-in/": Answer(KEEPERS, about="person", sees=RESETTERS),
    "people/<staff_number:staff_number>/sign-in/end/": Answer(KEEPERS, POST, about="person", sees=RESETTERS),
    "people/<staff_number:staff_number>/sign-in/factors/": Answer(KEEPERS, POST, about="person", sees=RESETTERS),
    "people/hire/": Answer(KEEPERS, ANY),
    "people/<staff_number:staff_number>/": Answer(SIGNED_IN, about="person", sees=RECORD, keeps=READING),
    "people/<staff_number:staff_number>/change/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/move/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/move/take-back/": Answer(KEEPERS, POST, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/lend/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/loans/<int:pk>/end/": Answer(KEEPERS, ANY, about="loan", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/leave/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/return/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/roles/": Answer(KEEPERS, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/roles/give/": Answer(KEEPERS, ANY, about="person", sees=OVER_OWNER),
    "people/<staff_number:staff_number>/roles/<int:pk>/end/": Answer(KEEPERS, ANY, about="role", sees=OVER_OWNER),
    # the organisation: read by overseers, its structure and calendar changed by HR of the whole centre alone
    "people/organisation/": Answer(OVERSEERS),
    "people/organisation/departments/": Answer(OVERSEERS),
    "people/organisation/windows/": Answer(OVERSEERS),
    "people/organisation/<part_kind:kind>/add/": Answer(KEEPERS, ANY, about="department part", acts=WHOLE_CENTRE),
    "people/organisation/<part_kind:kind>/<slug:code>/": Answer(OVERSEERS, about="department part", sees=OVER_OWNER),
    "people/organisation/<part_kind:kind>/<slug:code>/change/": Answer(
        KEEPERS, POST, about="department part", sees=OVER_OWNER, acts=WHOLE_CENTRE
    ),
    "people/organisation/calendar/": Answer(SIGNED_IN),
    "people/organisation/calendar/add/": Answer(KEEPERS, POST, acts=WHOLE_CENTRE),
    "people/organisation/calendar/clear/": Answer(KEEPERS, POST, acts=WHOLE_CENTRE),
    "people/organisation/calendar/week/": Answer(KEEPERS, POST, acts=WHOLE_CENTRE),
    "people/organisation/leave/": Answer(OVERSEERS),
    "people/organisation/leave/enter/": Answer(KEEPERS, ANY),
    "people/organisation/leave/<int:pk>/": Answer(KEEPERS, ANY, about="leave", sees=OVER_OWNER),
    "people/organisation/leave/<int:pk>/withdraw/": Answer(KEEPERS, POST, about="leave", sees=OVER_OWNER),
    "people/organisation/undo/": Answer(KEEPERS, POST),
    "people/organisation/serves/": Answer(OVERSEERS),
    "people/organisation/serves/<int:number>/": Answer(OVERSEERS, about="window"),
    "people/organisation/serves/<int:number>/change/": Answer(KEEPERS, POST, about="window", acts=WHOLE_CENTRE),
    "people/organisation/positions/": Answer(OVERSEERS),
    "people/organisation/positions/<slug:code>/targets/": Answer(OVERSEERS, about="position"),
    "people/organisation/positions/<slug:code>/targets/change/": Answer(
        KEEPERS, POST, about="position", acts=WHOLE_CENTRE
    ),
    "people/organisation/roster/": Answer(OVERSEERS),
    "people/organisation/roster/copy/": Answer(KEEPERS, POST),
    "people/organisation/roster/clear/": Answer(KEEPERS, POST),
    "people/organisation/roster/<int:number>/<str:day>/<str:half>/": Answer(KEEPERS, ANY, about="roster cell"),
    # competencies
    "competencies/": Answer(SIGNED_IN),
    "competencies/how/": Answer(SIGNED_IN, plain=True),
    "people/matrix/": Answer(READERS),
    "people/matrix/export/": Answer(READERS, POST),
    "people/matrix/<slug:code>/": Answer(READERS, about="department", sees=OVER_OWNER),
    "people/matrix/<slug:code>/export/": Answer(READERS, POST, about="department", sees=OVER_OWNER),
    "people/matrix/sections/<slug:code>/": Answer(READERS, about="hall section", sees=OVER_SECTION),
    "people/matrix/sections/<slug:code>/export/": Answer(READERS, POST, about="hall section", sees=OVER_SECTION),
    "people/competencies/<str:staff_number>/": Answer(SIGNED_IN, about="person", sees=RECORD, keeps=READING),
    "people/competencies/<str:staff_number>/<slug:code>/": Answer(SIGNED_IN, about="cell", sees=RECORD, keeps=READING),
    # the audit trail
    "audit/": Answer(AUDITORS, keeps=READING),
    "audit/export/": Answer(AUDITORS, POST),
    # everything kept about a person
    "people/me/data/": Answer(SIGNED_IN),
    "people/me/data/ask/": Answer(SIGNED_IN, POST),
    "people/<str:staff_number>/data/": Answer(KEEPERS, about="person", sees=frozenset({"hr", "administrator"})),
    "people/<str:staff_number>/data/ask/": Answer(
        KEEPERS, POST, about="person", sees=frozenset({"hr", "administrator"})
    ),
    "people/data/<uuid:pk>/": Answer(SIGNED_IN, POST, about="copy", sees=OWNER),
    # making somebody anonymous, and how long things are kept
    "people/<str:staff_number>/erase/": Answer(KEEPERS, FORM, about="person", sees=frozenset({"hr", "administrator"})),
    "erasures/": Answer(KEEPERS),
    "erasures/<int:pk>/": Answer(KEEPERS, FORM, about="erasure", sees=frozenset({"hr", "administrator"})),
    "impact/": Answer(REGISTER),
    "impact/export/": Answer(REGISTER, POST),
    "impact/new/": Answer(KEEPERS, FORM, acts=WHOLE_CENTRE),
    "impact/<int:pk>/": Answer(REGISTER, about="impact assessment"),
    "impact/<int:pk>/change/": Answer(KEEPERS, FORM, about="impact assessment", acts=WHOLE_CENTRE),
    "impact/<int:pk>/act/": Answer(KEEPERS, POST, about="impact assessment", acts=WHOLE_CENTRE),
    "retention/": Answer(ADMINISTRATORS),
    "retention/<slug:kind>/": Answer(ADMINISTRATORS, FORM, about="kind of row"),
    # notices
    "notices/": Answer(SIGNED_IN),
    "notices/read/": Answer(SIGNED_IN, POST),
    "notices/undo/": Answer(SIGNED_IN, POST),
    "notices/settings/": Answer(SIGNED_IN, FORM),
    "notices/digest/": Answer(SIGNED_IN),
    "notices/address/": Answer(SIGNED_IN, FORM),
    "notices/address/give-up/": Answer(SIGNED_IN, POST),
    "notices/address/remove/": Answer(SIGNED_IN, POST),
    "notices/address/<str:token>/": Answer(SIGNED_IN, FORM, about="address link", sees=OWNER),
    # signed by the platform for one person, and without a channel in this world there is nothing to end
    "notices/unsubscribe/<str:token>/": Answer(ANYONE, FORM, about="unsubscribing", sees=NONE),
    "notices/channels/": Answer(ADMINISTRATORS),
    "notices/channels/<slug:channel>/test/": Answer(ADMINISTRATORS, POST, about="channel", sees=NONE),
    "notices/<int:pk>/read/": Answer(SIGNED_IN, POST, about="notice", sees=OWNER),
    # matters and pages
    "search/": Answer(SIGNED_IN, plain=True),
    "matters/": Answer(SIGNED_IN, plain=True),
    "matter-files/": Answer(EDITING, FORM),
    "matter-files/template/": Answer(EDITING),
    "matter-files/export/": Answer(EDITING, POST),
    "matter-files/<uuid:pk>/": Answer(EDITING, about="matter file", sees=EDITOR),
    "matter-files/<uuid:pk>/take/": Answer(EDITING, POST, about="matter file", sees=EDITOR),
    "matter-files/<uuid:pk>/discard/": Answer(EDITING, POST, about="matter file", sees=EDITOR),
    "matters/<slug:code>/": Answer(SIGNED_IN, about="matter", plain=True),
    "bundles/<slug:code>/": Answer(SIGNED_IN, about="bundle", plain=True),
    "^((?:[\\w\\-]+/)*)$": Answer(SIGNED_IN, ANY, about="standing page", plain=True),
    "documents/^(\\d+)/(.*)$": Answer(SIGNED_IN, ANY, about="document", plain=True),
    "documents/authenticate_with_password/<int:restriction_id>/": Answer(
        SIGNED_IN, ANY, about="restriction", sees=NONE
    ),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": Answer(
        SIGNED_IN, ANY, about="restriction", sees=NONE
    ),
    # certificates
    "certificates/": Answer(SIGNED_IN),
    "certificates/revocations/": Answer(REVOKERS),
    "certificates/revocations/<int:pk>/": Answer(REVOKERS, POST, about="revocation", sees=OVER_OWNER),
    "certificates/<str:number>/": Answer(SIGNED_IN, about="certificate", sees=RECORD),
    # drawn when first asked for, should the worker not have got to it: all then get the same bytes
    "certificates/<str:number>/pdf/": Answer(
        SIGNED_IN, about="certificate", sees=RECORD, keeps="certificates_certificate"
    ),
    "certificates/<str:number>/revoke/": Answer(REVOKERS, FORM, about="certificate", sees=OVER_OWNER),
    "verify/": Answer(ANYONE),
    "verify/<str:code>/": Answer(ANYONE, FORM, about="code"),
    # courses
    "courses/": Answer(SIGNED_IN),
    "courses/<slug:slug>/": Answer(SIGNED_IN, about="course"),
    "courses/<slug:slug>/enrol/": Answer(SIGNED_IN, POST, about="course"),
    "courses/<slug:slug>/resume/": Answer(SIGNED_IN, about="course"),
    "courses/<slug:slug>/<slug:unit>/<int:number>/": Answer(SIGNED_IN, about="section", sees=OWNER),
    "courses/<slug:slug>/<slug:unit>/<int:number>/done/": Answer(SIGNED_IN, POST, about="section", sees=OWNER),
    "courses/<slug:slug>/<slug:unit>/<int:number>/place/": Answer(SIGNED_IN, POST, about="section", sees=OWNER),
    # learning paths: everybody's to follow; editors write them, and HR of the whole centre
    "paths/": Answer(SIGNED_IN),
    "paths/<slug:slug>/": Answer(SIGNED_IN, about="path"),
    "paths/new/": Answer(roles("hr", "editor"), FORM, acts=EDITOR),
    "paths/<slug:slug>/edit/": Answer(roles("hr", "editor"), FORM, about="path", acts=EDITOR),
    "paths/<slug:slug>/ask/": Answer(ASKERS, FORM, about="path", acts=CAST - SECTION_HEAD),
    "paths/<slug:slug>/end/": Answer(roles("hr", "editor"), POST, about="path", acts=EDITOR),
    "paths/<slug:slug>/offer/": Answer(roles("hr", "editor"), POST, about="path", acts=EDITOR),
    # one's own calendar; its secret address is read without signing in
    "calendar/": Answer(SIGNED_IN),
    "calendar/make/": Answer(SIGNED_IN, POST),
    "calendar/end/": Answer(SIGNED_IN, POST),
    "calendar/<str:secret>.ics": Answer(ANYONE, about="calendar"),
    # training sessions: whoever is invited sees one; who gives it or asks training of all invited keeps it
    "classroom/": Answer(SIGNED_IN),
    "classroom/plan/": Answer(PLANNERS, FORM),
    "classroom/here/": Answer(SIGNED_IN, FORM),
    "classroom/<int:pk>/": Answer(SIGNED_IN, about="training session", sees=SESSION_KEEPERS | OWNER | {"director"}),
    "classroom/<int:pk>/change/": Answer(SIGNED_IN, FORM, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/cancel/": Answer(SIGNED_IN, FORM, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/close/": Answer(SIGNED_IN, FORM, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/attendance/": Answer(SIGNED_IN, POST, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/sheet/": Answer(SIGNED_IN, POST, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/sign-in-list/": Answer(SIGNED_IN, POST, about="training session", sees=SESSION_KEEPERS),
    "classroom/<int:pk>/code/": Answer(SIGNED_IN, about="training session", sees=SESSION_KEEPERS),
    # who has the code of the minute is in the room, invited or not
    "classroom/<int:pk>/here/<str:code>/": Answer(SIGNED_IN, FORM, about="room code"),
    # learning hours of the people one watches
    "hours/": Answer(ASKERS_READ),
    "hours/export/": Answer(ASKERS_READ, POST),
    "hours/targets/": Answer(roles("hr"), FORM),
    "hours/targets/<int:pk>/remove/": Answer(roles("hr"), POST, about="hours target", sees=frozenset({"hr"})),
    # required training: heads and HR; what stands in a rule of another department is not there for them
    "required/": Answer(ASKERS_READ),
    "required/new/": Answer(ASKERS, ANY, acts=CAST - SECTION_HEAD),
    "required/<int:pk>/end/": Answer(ASKERS, ANY, about="rule", sees=frozenset({"head", "hr"})),
    "required/courses/": Answer(roles("hr")),
    "required/courses/<slug:slug>/": Answer(roles("hr"), ANY, about="course", acts=NONE),
    "required/people/": Answer(ASKERS_READ),
    "required/people/export/": Answer(ASKERS_READ, POST),
    "required/people/<int:pk>/waive/": Answer(
        ASKERS, ANY, about="asked", sees=frozenset({"head", "hr"}) | SECTION_HEAD
    ),
    **EXAMS,
    # coaching
    "coaching/": Answer(SIGNED_IN),
    "coaching/<int:pk>/": Answer(SIGNED_IN, about="mentorship", sees=RECORD, keeps=READING),
    "coaching/<int:pk>/agree/": Answer(SIGNED_IN, POST, about="proposed", sees=TEACHER | OVER_OWNER, acts=TEACHER),
    "coaching/<int:pk>/decline/": Answer(SIGNED_IN, POST, about="proposed", sees=TEACHER | OVER_OWNER, acts=TEACHER),
    "coaching/<int:pk>/end/": Answer(
        SIGNED_IN, POST, about="mentorship", sees=RECORD, acts=frozenset({"hr", "director"})
    ),
    "coaching/<int:pk>/log/": Answer(SIGNED_IN, ANY, about="mentorship", sees=RECORD, acts=TEACHER),
    "coaching/<int:pk>/observe/": Answer(
        SIGNED_IN, ANY, about="mentorship", sees=RECORD, acts=TEACHER | {"panel"} | DECIDERS
    ),
    "coaching/<int:pk>/sign-off/": Answer(SIGNED_IN, ANY, about="mentorship", sees=RECORD, acts=TEACHER | DECIDERS),
    "coaching/sessions/<int:pk>/": Answer(SIGNED_IN, about="session", sees=RECORD, keeps=READING),
    "coaching/sessions/<int:pk>/countersign/": Answer(SIGNED_IN, POST, about="session", sees=RECORD, acts=OWNER),
    "coaching/sessions/<int:pk>/withdraw/": Answer(SIGNED_IN, POST, about="session", sees=RECORD, acts=TEACHER),
    "coaching/observations/<int:pk>/": Answer(SIGNED_IN, about="observation", sees=RECORD, keeps=READING),
    "coaching/cases/<int:pk>/": Answer(SIGNED_IN, about="case", sees=RECORD, keeps=READING),
    "coaching/cases/<int:pk>/decide/": Answer(
        SIGNED_IN, POST, about="case", sees=RECORD, acts=TEACHER | {"panel"} | DECIDERS
    ),
    # rubrics: everybody's to read; examiners write them, and HR of the whole centre
    "coaching/rubrics/": Answer(SIGNED_IN),
    "coaching/rubrics/new/": Answer(roles("hr", "examiner"), FORM, acts=EXAMINER),
    "coaching/rubrics/<slug:code>/": Answer(SIGNED_IN, about="rubric"),
    "coaching/rubrics/<slug:code>/change/": Answer(roles("hr", "examiner"), FORM, about="rubric", acts=EXAMINER),
    "coaching/rubrics/<slug:code>/criteria/new/": Answer(roles("hr", "examiner"), FORM, about="rubric", acts=EXAMINER),
    "coaching/rubrics/<slug:code>/criteria/<slug:criterion>/": Answer(
        roles("hr", "examiner"), FORM, about="criterion", acts=EXAMINER
    ),
    "coaching/teachers/": Answer(TEACHER_READERS),
    # over the whole centre, so HR of one department is refused
    "coaching/teachers/<staff_number:staff_number>/appoint/": Answer(
        KEEPERS, ANY, about="person", sees=OVER_OWNER, acts=APPOINTERS
    ),
    "coaching/teachers/<staff_number:staff_number>/change/": Answer(
        KEEPERS, ANY, about="career teacher", sees=frozenset({"administrator"})
    ),
    "coaching/teachers/<staff_number:staff_number>/end/": Answer(
        KEEPERS, ANY, about="career teacher", sees=frozenset({"administrator"})
    ),
    "coaching/rounds/": Answer(PAIRERS, ANY),
    "coaching/rounds/<int:pk>/": Answer(PAIRERS, about="round", sees=frozenset({"hr", "director"})),
    "coaching/rounds/<int:pk>/solve/": Answer(PAIRERS, POST, about="round", sees=frozenset({"hr", "director"})),
    "coaching/rounds/<int:pk>/publish/": Answer(PAIRERS, POST, about="round", sees=frozenset({"hr", "director"})),
    # what other systems ask; the two who oversee nobody here are told that there is no such person
    "api/v1/": Answer(SIGNED_IN, ANY, sees=NONE),
    "api/v1/openapi.json": Answer(SIGNED_IN, ANY, plain=True),
    "api/v1/authorisations/check": Answer(
        SIGNED_IN_OR_KEY, about="authorisation", sees=NOT_ASKED_ELSEWHERE, acts=OVER_OWNER | SECTION_HEAD, heads=False
    ),
    "matters/<slug:code>/notice/": Answer(SIGNED_IN, about="matter", plain=True),
    "matters/<slug:code>/versions/": Answer(SIGNED_IN, about="matter", plain=True),
    "bundles/<slug:code>/versions/": Answer(SIGNED_IN, about="bundle", plain=True),
    # clauses: their texts for everybody, what rests on them for offices
    "policies/<slug:slug>/clauses/<uuid:uid>/": Answer(SIGNED_IN, about="clause", plain=True),
    "policies/<slug:slug>/clauses/<uuid:uid>/dependents/": Answer(CITERS, about="clause"),
    "citations/": Answer(roles("editor", "reviewer", "examiner", "administrator")),
    # the text of a policy on its way in is its editor's alone
    "lesson-clauses/<int:pk>/": Answer(SIGNED_IN, about="cited clause", plain=True),
    # to learners only what their lessons show; to who writes lessons all
    "lesson-files/": Answer(WRITERS, FORM, plain=True),
    "lesson-files/<uuid:ref>/": Answer(
        SIGNED_IN, about="lesson file", sees=OWNER | {"editor", "reviewer", "administrator"}
    ),
    "lesson-files/<uuid:ref>/delete/": Answer(WRITERS, POST, about="lesson file"),
    "policy-imports/": Answer(WRITERS, FORM, plain=True),
    "policy-imports/<int:pk>/": Answer(WRITERS, about="policy import", sees=EDITOR),
    "policy-imports/<int:pk>/clauses/<int:place>/": Answer(WRITERS, FORM, about="policy import row", sees=EDITOR),
    "policy-imports/<int:pk>/take/": Answer(WRITERS, POST, about="policy import", sees=EDITOR),
    "policy-imports/<int:pk>/discard/": Answer(WRITERS, POST, about="policy import", sees=EDITOR),
    # choosing a clause while editing
    "cms/clause_chooser/": Answer(EDITING, GET + OPTIONS, plain=True),
    "cms/clause_chooser/results/": Answer(EDITING, GET + OPTIONS, plain=True),
    "cms/clause-links/": Answer(EDITING, plain=True),
    # who is editing at the moment, so that two do not write over one another
    "cms/snippets/matters/servicematter/edit/<int:pk>/": Answer(
        EDITING, ANY, about="matter snippet", plain=True, keeps="wagtailadmin_editingsession"
    ),
    "cms/snippets/matters/bundle/edit/<int:pk>/": Answer(
        EDITING, ANY, about="bundle snippet", plain=True, keeps="wagtailadmin_editingsession"
    ),
}
