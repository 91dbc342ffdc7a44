"""Sign in and sign out. HR makes accounts and resets them: what else the account package offers is closed."""

from allauth.account import views as account_views
from django.urls import path

from . import views

urlpatterns = [
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("", views.closed),
    path("<path:rest>/", views.closed),
]
