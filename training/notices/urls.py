"""Addresses of notices."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_many, name="read_many"),
    path("undo/", views.undo, name="undo"),
    path("settings/", views.settings, name="settings"),
    path("digest/", views.digest, name="digest"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("channels/", views.channels, name="channels"),
    path("channels/<slug:channel>/test/", views.test, name="test"),
    path("<int:pk>/read/", views.read, name="read"),
]
