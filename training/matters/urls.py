"""Addresses of matters."""

from django.urls import path

from .views import files, pages

app_name = "matters"
urlpatterns = [
    path("policies/<slug:slug>/clauses/<uuid:uid>/", pages.clause, name="clause"),
    path("matter-files/", files.files, name="files"),
    path("matter-files/template/", files.file_template, name="file_template"),
    path("matter-files/export/", files.export_file, name="export_file"),
    path("matter-files/<uuid:pk>/", files.file, name="file"),
    path("matter-files/<uuid:pk>/take/", files.take_file, name="take_file"),
    path("matter-files/<uuid:pk>/discard/", files.discard_file, name="discard_file"),
    path("matters/", pages.matters, name="list"),
    path("matters/<slug:code>/", pages.matter, name="matter"),
    path("matters/<slug:code>/notice/", pages.notice, name="notice"),
    path("matters/<slug:code>/versions/", pages.matter_versions, name="matter_versions"),
    path("bundles/<slug:code>/versions/", pages.bundle_versions, name="bundle_versions"),
    path("people/organisation/serves/", pages.windows, name="windows"),
    path("people/organisation/serves/<int:number>/", pages.window, name="window"),
    path("people/organisation/serves/<int:number>/change/", pages.change_window, name="change_window"),
    path("bundles/<slug:code>/", pages.bundle, name="bundle"),
]
