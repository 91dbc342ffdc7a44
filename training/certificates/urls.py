"""Addresses of certificates and of their public check."""

from django.urls import path

from . import views

app_name = "certificates"
urlpatterns = [
    path("certificates/", views.mine, name="mine"),
    path("certificates/revocations/", views.revocations, name="revocations"),
    path("certificates/revocations/<int:pk>/", views.decide, name="decide"),
    path("certificates/<str:number>/", views.detail, name="detail"),
    path("certificates/<str:number>/pdf/", views.pdf, name="pdf"),
    path("certificates/<str:number>/revoke/", views.revoke, name="revoke"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
]
