"""Addresses of courses."""

from django.urls import path

from . import views

app_name = "courses"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/enrol/", views.enrol, name="enrol"),
    path("<slug:slug>/resume/", views.resume, name="resume"),
    path("<slug:slug>/<slug:unit>/<int:number>/", views.section, name="section"),
    path("<slug:slug>/<slug:unit>/<int:number>/done/", views.finish_section, name="finish_section"),
]
