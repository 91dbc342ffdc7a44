"""What an audit event says: one sentence per action, made of names when it is read.

An action without a sentence is shown by its name; `tests/operations/test_sentences.py` finds it in the code.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What may happen to a department, hall, section, window or position.
_OF_PARTS = {
    "added": _("{actor} added a part of the centre: {subject}."),
    "renamed": _("{actor} renamed a part of the centre: {subject}."),
    "moved": _("{actor} moved a part of the centre: {subject}."),
    "closed": _("{actor} closed a part of the centre: {subject}."),
    "reopened": _("{actor} reopened a part of the centre: {subject}."),
}
PARTS = ("department", "hall", "section", "window", "position")

SENTENCES: dict[str, Promise] = {
    # people
    "people.hired": _("{actor} entered {person} as a new member of staff."),
    "people.changed": _("{actor} changed the staff record of {person} by the staff list."),
    "people.moved": _("{actor} moved {person} to another posting."),
    "people.move_taken_back": _("{actor} took back the move of {person}."),
    "people.left": _("{actor} recorded that {person} leaves."),
    "people.lent": _("{actor} lent {person} to another section."),
    "people.loan_ended": _("{actor} ended the loan of {person}."),
    "people.returned": _("{actor} recorded that {person} is back."),
    "people.role_granted": _("{actor} gave {person} a role: {subject}."),
    "people.role_ended": _("{actor} ended a role of {person}: {subject}."),
    "people.access_given": _("{actor} let somebody see the record of {person}: {subject}."),
    "people.access_ended": _("{actor} ended that somebody sees the record of {person}: {subject}."),
    "people.language_chosen": _("{actor} chose another language for {person}."),
    "people.staff_exported": _("{actor} exported the staff list."),
    "people.record_read": _("{actor} read the staff record of {person}."),
    "people.login_code_made": _("{actor} made a sign-in code for {person}."),
    "people.password_chosen": _("{actor} chose a first password for {person}."),
    "people.password_changed": _("{actor} changed the password of {person}."),
    "people.sessions_ended": _("{actor} ended the sessions of {person}."),
    "people.second_factor_added": _("{person} added a second factor to their sign-in."),
    "people.second_factor_removed": _("{person} removed a second factor from their sign-in."),
    "people.second_factors_removed": _("{actor} took all second factors from {person}."),
    "people.leave_entered": _("{actor} entered leave of {person}."),
    "people.leave_changed": _("{actor} changed leave of {person}."),
    "people.leave_withdrawn": _("{actor} withdrew leave of {person}."),
    "people.roster_set": _("{actor} set the roster: {subject}."),
    "people.calendar_set": _("{actor} set the working calendar: {subject}."),
    "people.working_days_set": _("{actor} set the working days: {subject}."),
    **{f"people.{part}_{what}": sentence for part in PARTS for what, sentence in _OF_PARTS.items()},
    "people.centre_founded": _("{actor} set up the centre: {subject}."),
    "people.department_founded": _("{actor} set up a department: {subject}."),
    "people.account_founded": _("{actor} set up the first account: {person}."),
    "people.key_made": _("{actor} made a key for another system: {subject}."),
    "people.key_revoked": _("{actor} revoked a key of another system: {subject}."),
    "people.email_confirmed": _("{person} confirmed their e-mail address."),
    "people.email_removed": _("{person} removed their e-mail address."),
    "notices.address_asked": _("{person} asked for a link to confirm an e-mail address."),
    "notices.address_given_up": _("{person} gave up an e-mail address that waited to be confirmed."),
    "notices.chosen": _("{actor} chose how {person} is told."),
    "notices.channel_tested": _("{actor} tried out a way of sending notices: {subject}."),
    # learning
    "courses.course_published": _("{actor} published the course {subject}."),
    "courses.course_translated": _("{actor} published a translation of the course {subject}."),
    "courses.enrolled": _("{actor} enrolled {person} in a course: {subject}."),
    "courses.assigned": _("{actor} assigned a course to {person}: {subject}."),
    "courses.waived": _("{actor} waived a course for {person}: {subject}."),
    "courses.past_training_recorded": _("{actor} recorded past training of {person}: {subject}."),
    "courses.completed": _("{person} completed a course: {subject}."),
    # exams
    "assessments.exam_opened": _("{actor} opened the exam {subject}."),
    "assessments.calibration_started": _("{actor} started a calibration: {subject}."),
    "assessments.calibration_ready": _("{actor} worked out a calibration: {subject}."),
    "assessments.calibration_accepted": _("{actor} accepted a calibration for papers from now on: {subject}."),
    "assessments.calibration_rejected": _("{actor} rejected a calibration: {subject}."),
    "assessments.calibration_reopened": _("{actor} took back the decision on a calibration: {subject}."),
    "assessments.item_written": _("{actor} wrote an item: {subject}."),
    "assessments.item_edited": _("{actor} edited an item: {subject}."),
    "assessments.item_revised": _("{actor} wrote a new version of an item: {subject}."),
    "assessments.review_asked": _("{actor} asked for a review of an item: {subject}."),
    "assessments.review_withdrawn": _("{actor} took back the request to review an item: {subject}."),
    "assessments.item_approved": _("{actor} approved an item: {subject}."),
    "assessments.item_sent_back": _("{actor} sent an item back to its author: {subject}."),
    "assessments.review_taken_back": _("{actor} took back a review of an item: {subject}."),
    "assessments.item_state_changed": _("{actor} put an item to another use: {subject}."),
    "assessments.entitled": _("{actor} entitled {person} to an exam: {subject}."),
    "assessments.started": _("{person} started an exam: {subject}."),
    "assessments.finished": _("{actor} finished the exam of {person}: {subject}."),
    "assessments.result_read": _("{actor} read the exam result of {person}."),
    # competencies
    "competencies.evidence_recorded": _("{actor} recorded evidence of {person}: {subject}."),
    "competencies.evidence_voided": _("{actor} voided evidence of {person}: {subject}."),
    "competencies.targets_set": _("{actor} set what a position asks for: {subject}."),
    "competencies.exported": _("{actor} exported a competency matrix."),
    "competencies.profile_read": _("{actor} read the competencies of {person}."),
    # coaching
    "mentors.teacher_appointed": _("{actor} appointed {person} as a career teacher."),
    "mentors.teacher_changed": _("{actor} changed the appointment of {person} as a career teacher."),
    "mentors.teacher_ended": _("{actor} ended the appointment of {person} as a career teacher."),
    "mentors.round_opened": _("{actor} opened the pairing round {subject}."),
    "mentors.round_solved": _("{actor} solved the pairing round {subject}."),
    "mentors.round_published": _("{actor} published the pairing round {subject}."),
    "mentors.pairing_pin": _("{actor} fixed a teacher for {person} in the round {subject}."),
    "mentors.pairing_forbid": _("{actor} ruled out a teacher for {person} in the round {subject}."),
    "mentors.pairing_clear": _("{actor} took back a choice for {person} in the round {subject}."),
    "mentors.proposed": _("{actor} proposed a teacher for {person}: {subject}."),
    "mentors.agreed": _("{actor} agreed to the coaching of {person}: {subject}."),
    "mentors.declined": _("{actor} declined the coaching of {person}: {subject}."),
    "mentors.broken_off": _("{actor} ended the coaching of {person} early: {subject}."),
    "mentors.completed": _("{actor} completed the coaching of {person}: {subject}."),
    "mentors.phase_advanced": _("{actor} opened the next phase of coaching for {person}."),
    "mentors.session_logged": _("{actor} logged a coaching session with {person}."),
    "mentors.session_withdrawn": _("{actor} took back a coaching session with {person}."),
    "mentors.session_countersigned": _("{actor} answered a coaching session of {person}."),
    "mentors.observed": _("{actor} observed {person}: {subject}."),
    "mentors.case_opened": _("{actor} proposed to sign off {person}: {subject}."),
    "mentors.case_decided": _("{actor} decided on the sign-off of {person}: {subject}."),
    "mentors.case_granted": _("The sign-off of {person} was granted by the decision of {actor}: {subject}."),
    "mentors.case_refused": _("The sign-off of {person} was refused by the decision of {actor}: {subject}."),
    "mentors.notes_read": _("{actor} read the notes of a coaching session of {person}."),
    "mentors.observation_read": _("{actor} read an observation of {person}."),
    "mentors.case_read": _("{actor} read the evidence for the sign-off of {person}."),
    # authorisations and certificates
    "authorisations.granted": _("{actor} authorised {person}: {subject}."),
    "authorisations.suspended": _("{actor} suspended an authorisation of {person}: {subject}."),
    "certificates.issued": _("{actor} issued a certificate to {person}: {subject}."),
    "certificates.revocation_asked": _("{actor} asked to revoke a certificate of {person}: {subject}."),
    "certificates.revocation_refused": _("{actor} refused to revoke a certificate of {person}: {subject}."),
    "certificates.revoked": _("{actor} revoked a certificate of {person}: {subject}."),
    # content
    "matters.policy_published": _("{actor} published the policy {subject}."),
    "matters.policy_translated": _("{actor} published a translation of the policy {subject}."),
    "matters.matter_published": _("{actor} published the service matter {subject}."),
    "matters.matter_translated": _("{actor} published a translation of the service matter {subject}."),
    "matters.bundle_published": _("{actor} published the bundle {subject}."),
    "matters.window_serves": _("{actor} set what a window serves: {subject}."),
    "matters.bundle_translated": _("{actor} published a translation of the bundle {subject}."),
    # lists taken in, and work in the background
    "imports.applied": _("{actor} imported a list: {subject}."),
    "imports.refused": _("{actor} had a list refused: {subject}."),
    "imports.failed": _("The import of a list by {actor} broke off: {subject}."),
    "imports.discarded": _("{actor} called off the import of a list: {subject}."),
    "imports.exported": _("{actor} exported a list: {subject}."),
    "jobs.cancelled": _("{actor} cancelled a job: {subject}."),
    "jobs.retried": _("{actor} tried a job again: {subject}."),
    "jobs.file_taken": _("{actor} took the file of a job: {subject}."),
    # the trail itself
    "accountability.trail_read": _("{actor} read the audit trail."),
    "accountability.trail_exported": _("{actor} exported the audit trail."),
    "accountability.copy_asked": _("{actor} asked for a copy of everything kept about {person}."),
    "accountability.copy_taken": _("{actor} took a copy of everything kept about {person}."),
    "operations.audit_redacted": _("{actor} emptied audit events about {person}."),
}


def sentence_of(action: str, *, actor: str, person: str, subject: str) -> str:
    """Return what happened in the reader's language."""
    sentence = SENTENCES.get(action)
    if sentence is None:
        return f"{action}: {actor} → {person or subject}"
    return str(sentence).format(actor=actor, person=person, subject=subject)
