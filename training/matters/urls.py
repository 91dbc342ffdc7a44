"""Addresses of matters."""

from django.urls import path

from . import views

app_name = "matters"
urlpatterns = [
    path("policies/<slug:slug>/clauses/<uuid:uid>/", views.clause, name="clause"),
    path("matters/", views.matters, name="list"),
    path("matters/<slug:code>/", views.matter, name="matter"),
    path("matters/<slug:code>/notice/", views.notice, name="notice"),
    path("matters/<slug:code>/versions/", views.matter_versions, name="matter_versions"),
    path("bundles/<slug:code>/versions/", views.bundle_versions, name="bundle_versions"),
    path("people/organisation/serves/", views.windows, name="windows"),
    path("people/organisation/serves/<int:number>/", views.window, name="window"),
    path("people/organisation/serves/<int:number>/change/", views.change_window, name="change_window"),
    path("bundles/<slug:code>/", views.bundle, name="bundle"),
]
