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
    path("<staff_number:staff_number>/", views.person, name="person"),
]
