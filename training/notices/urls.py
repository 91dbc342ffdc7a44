"""Addresses of notices."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_many, name="read_many"),
    path("undo/", views.undo, name="undo"),
    path("<int:pk>/read/", views.read, name="read"),
]
