"""Addresses of accountability."""

from django.urls import path

from . import views

app_name = "accountability"
urlpatterns = [
    path("audit/", views.trail, name="trail"),
    path("people/me/data/", views.my_data, name="my_data"),
    path("people/me/data/ask/", views.ask_mine, name="ask_mine"),
    path("people/data/<uuid:pk>/", views.take, name="take"),
    path("people/<str:staff_number>/data/", views.data_of, name="data_of"),
    path("people/<str:staff_number>/data/ask/", views.ask_of, name="ask_of"),
    path("people/<str:staff_number>/erase/", views.erase, name="erase"),
    path("erasures/", views.erasures, name="erasures"),
    path("erasures/<int:pk>/", views.erasure, name="erasure"),
    path("retention/", views.retention, name="retention"),
    path("retention/<slug:kind>/", views.change_retention, name="change_retention"),
    path("impact/", views.assessments, name="assessments"),
    path("impact/export/", views.assessments_export, name="assessments_export"),
    path("impact/new/", views.new_assessment, name="new_assessment"),
    path("impact/<int:pk>/", views.assessment, name="assessment"),
    path("impact/<int:pk>/change/", views.change_assessment, name="change_assessment"),
    path("impact/<int:pk>/act/", views.act_on_assessment, name="act_on_assessment"),
    path("audit/export/", views.trail_export, name="trail_export"),
]
