"""Addresses of competencies and the matrix."""

from django.urls import path

from . import views

app_name = "competencies"
urlpatterns = [
    path("competencies/", views.mine, name="mine"),
    path("competencies/how/", views.how, name="how"),
    path("people/matrix/", views.matrix, name="matrix"),
    path("people/matrix/export/", views.matrix_export, name="matrix_export"),
    path("people/matrix/<slug:code>/", views.department, name="department"),
    path("people/matrix/<slug:code>/export/", views.department_export, name="department_export"),
    path("people/matrix/sections/<slug:code>/", views.section, name="section"),
    path("people/matrix/sections/<slug:code>/export/", views.section_export, name="section_export"),
    path("people/competencies/<str:staff_number>/", views.profile, name="profile"),
    path("people/competencies/<str:staff_number>/<slug:code>/", views.cell, name="cell"),
    path("people/organisation/positions/", views.positions, name="positions"),
    path("people/organisation/positions/<slug:code>/targets/", views.targets, name="targets"),
    path("people/organisation/positions/<slug:code>/targets/change/", views.change_targets, name="change_targets"),
]
