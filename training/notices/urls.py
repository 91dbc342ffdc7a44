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
    path("address/", views.address, name="address"),
    path("address/give-up/", views.give_up_link, name="give_up_link"),
    path("address/remove/", views.remove_address, name="remove_address"),
    path("address/<str:token>/", views.confirm_address, name="confirm_address"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("channels/", views.channels, name="channels"),
    path("channels/<slug:channel>/test/", views.test, name="test"),
    path("<int:pk>/read/", views.read, name="read"),
]
