"""Addresses of matters."""

from django.urls import path

from . import views

app_name = "matters"
urlpatterns = [
    path("matters/", views.matters, name="list"),
    path("matters/<slug:code>/", views.matter, name="matter"),
    path("bundles/<slug:code>/", views.bundle, name="bundle"),
]
