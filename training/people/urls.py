"""Addresses of people."""

from django.urls import path, register_converter

from . import rules, views


class StaffNumberConverter:
    """A staff number; words that stand for other pages are none."""

    regex = rules.STAFF_NUMBER

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PartKindConverter:
    """A kind of part of the centre, as its addresses call it."""

    regex = "departments|halls|sections|windows|positions"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StaffNumberConverter, "staff_number")
register_converter(PartKindConverter, "part_kind")

app_name = "people"
urlpatterns = [
    path("", views.staff, name="staff"),
    path("codes/", views.codes, name="codes"),
    path("codes/make/", views.make_codes, name="make_codes"),
    path("codes/slips/", views.slips_file, name="slips"),
    path("export/", views.export, name="export"),
    path("import/", views.imports.overview, name="import"),
    path("import/past/", views.imports.past, name="import_past"),
    path("import/runs/<uuid:pk>/", views.imports.run, name="import_run"),
    path("import/runs/<uuid:pk>/columns/", views.imports.columns, name="import_columns"),
    path("import/runs/<uuid:pk>/apply/", views.imports.apply, name="import_apply"),
    path("import/runs/<uuid:pk>/discard/", views.imports.discard, name="import_discard"),
    path("import/runs/<uuid:pk>/refused/", views.imports.rejects, name="import_rejects"),
    path("import/<slug:kind>/", views.imports.upload, name="import_kind"),
    path("import/<slug:kind>/template/", views.imports.template, name="import_template"),
    path("import/<slug:kind>/export/", views.imports.export, name="import_export"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
    path("me/sign-in/", views.security, name="security"),
    path("me/sign-in/end/", views.end_own_sessions, name="end_own_sessions"),
    path("me/password/", views.password, name="password"),
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/departments/", views.departments, name="departments"),
    path("organisation/windows/", views.windows, name="windows"),
    path("organisation/<part_kind:kind>/add/", views.add_part, name="add_part"),
    path("organisation/<part_kind:kind>/<slug:code>/", views.part, name="part"),
    path("organisation/<part_kind:kind>/<slug:code>/change/", views.change_part, name="change_part"),
    path("organisation/calendar/", views.calendar, name="calendar"),
    path("organisation/calendar/add/", views.add_holiday, name="add_holiday"),
    path("organisation/calendar/clear/", views.clear_days, name="clear_days"),
    path("organisation/calendar/week/", views.working_days, name="working_days"),
    path("organisation/leave/", views.leaves, name="leave"),
    path("organisation/leave/enter/", views.enter_leave, name="enter_leave"),
    path("organisation/leave/<int:pk>/", views.change_leave, name="change_leave"),
    path("organisation/leave/<int:pk>/withdraw/", views.withdraw_leave, name="withdraw_leave"),
    path("organisation/undo/", views.undo, name="undo"),
    path("views/", views.saved_views, name="saved_views"),
    path("views/save/", views.save_view, name="save_view"),
    path("views/<int:pk>/rename/", views.rename_view, name="rename_view"),
    path("views/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path("hire/", views.hire, name="hire"),
    # The person's own page and leaving are told by every app: cms has them.
    path("<staff_number:staff_number>/change/", views.change, name="change"),
    path("<staff_number:staff_number>/move/", views.move, name="move"),
    path("<staff_number:staff_number>/move/take-back/", views.take_back_move, name="take_back_move"),
    path("<staff_number:staff_number>/lend/", views.lend, name="lend"),
    path("<staff_number:staff_number>/loans/<int:pk>/end/", views.end_loan, name="end_loan"),
    path("<staff_number:staff_number>/return/", views.come_back, name="come_back"),
    path("<staff_number:staff_number>/roles/", views.role_list, name="roles"),
    path("<staff_number:staff_number>/roles/give/", views.give_role, name="give_role"),
    path("<staff_number:staff_number>/roles/<int:pk>/end/", views.end_role, name="end_role"),
    path("<staff_number:staff_number>/sign-in/", views.person_sign_in, name="person_sign_in"),
    path("<staff_number:staff_number>/sign-in/end/", views.end_their_sessions, name="end_their_sessions"),
    path("<staff_number:staff_number>/sign-in/factors/", views.remove_their_factors, name="remove_their_factors"),
]
