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


register_converter(StaffNumberConverter, "staff_number")

app_name = "people"
urlpatterns = [
    path("", views.staff, name="staff"),
    path("export/", views.export, name="export"),
    path("import/", views.upload, name="import"),
    path("import/confirm/", views.confirm, name="import_confirm"),
    path("import/template/", views.template, name="import_template"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
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
]
