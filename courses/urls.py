"""Addresses of courses, and of an exam's result, which says what to read next."""

from django.urls import include, path

from .views import (
    checking_in,
    feeds,
    files,
    hours,
    learning,
    paths,
    reading,
    required,
    results,
    sessions,
    sheets,
    terms,
)

app_name = "courses"
of_courses = [
    path("", learning.catalogue, name="catalogue"),
    path("<slug:slug>/", learning.course, name="course"),
    path("<slug:slug>/enrol/", learning.enrol, name="enrol"),
    path("<slug:slug>/resume/", learning.resume, name="resume"),
    path("<slug:slug>/<slug:unit>/<int:number>/", learning.section, name="section"),
    path("<slug:slug>/<slug:unit>/<int:number>/done/", learning.finish_section, name="finish_section"),
    path("<slug:slug>/<slug:unit>/<int:number>/place/", reading.keep, name="keep_place"),
]
of_required = [
    path("", required.rules, name="rules"),
    path("new/", required.make_rule, name="make_rule"),
    path("<int:pk>/end/", required.end_rule, name="end_rule"),
    path("courses/", terms.courses, name="terms"),
    path("courses/<slug:slug>/", terms.course, name="course_terms"),
    path("people/", required.lines, name="required"),
    path("people/export/", required.export_lines, name="export_required"),
    path("people/<int:pk>/waive/", required.waive, name="waive"),
]
of_calendar = [
    path("", feeds.feed, name="feed"),
    path("make/", feeds.make_feed, name="make_feed"),
    path("end/", feeds.end_feed, name="end_feed"),
    path("<str:secret>.ics", feeds.calendar_file, name="calendar"),
]
of_hours = [
    path("", hours.people, name="hours"),
    path("export/", hours.export, name="export_hours"),
    path("targets/", hours.targets, name="targets"),
    path("targets/<int:pk>/remove/", hours.remove, name="remove_target"),
]
of_paths = [
    path("", paths.paths, name="paths"),
    path("new/", paths.make, name="make_path"),
    path("<slug:slug>/", paths.path, name="path"),
    path("<slug:slug>/edit/", paths.edit, name="edit_path"),
    path("<slug:slug>/ask/", paths.ask, name="ask_for_path"),
    path("<slug:slug>/end/", paths.end, name="end_path"),
    path("<slug:slug>/offer/", paths.offer, name="offer_path"),
]
of_sessions = [
    path("", sessions.sessions, name="sessions"),
    path("plan/", sessions.plan, name="plan_session"),
    path("here/", checking_in.here, name="here"),
    path("<int:pk>/", sessions.session, name="session"),
    path("<int:pk>/change/", sessions.change, name="change_session"),
    path("<int:pk>/cancel/", sessions.cancel, name="cancel_session"),
    path("<int:pk>/attendance/", sessions.mark, name="mark_attendance"),
    path("<int:pk>/close/", sessions.close, name="close_session"),
    path("<int:pk>/sheet/", sheets.sheet, name="attendance_sheet"),
    path("<int:pk>/sign-in-list/", sheets.sign_in_list, name="sign_in_list"),
    path("<int:pk>/code/", checking_in.screen, name="code_screen"),
    path("<int:pk>/here/<str:code>/", checking_in.check_in, name="check_in"),
]
urlpatterns = [
    path("classroom/", include(of_sessions)),
    path("hours/", include(of_hours)),
    path("calendar/", include(of_calendar)),
    path("required/", include(of_required)),
    path("courses/", include(of_courses)),
    path("lesson-clauses/<int:pk>/", reading.clause, name="clause_today"),
    path("paths/", include(of_paths)),
    path("lesson-files/<uuid:ref>/", files.lesson_file, name="lesson_file"),
    path("exams/attempt/<int:pk>/result/", results.result, name="result"),
]
