"""Addresses of the roster, which is read against the ledger."""

from django.urls import path

from . import views

app_name = "authorisations"
urlpatterns = [
    path("people/organisation/roster/", views.roster, name="roster"),
    path("people/organisation/roster/copy/", views.copy, name="roster_copy"),
    path("people/organisation/roster/clear/", views.clear, name="roster_clear"),
    path("people/organisation/roster/<int:number>/<str:day>/<str:half>/", views.cell, name="roster_cell"),
]
