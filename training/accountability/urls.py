"""Addresses of accountability."""

from django.urls import path

from . import views

app_name = "accountability"
urlpatterns = [
    path("audit/", views.trail, name="trail"),
    path("audit/export/", views.trail_export, name="trail_export"),
]
