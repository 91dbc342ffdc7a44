"""Addresses of mentors."""

from django.urls import path

from . import views

app_name = "mentors"
urlpatterns = [
    path("", views.mentorships, name="list"),
    path("<int:pk>/", views.mentorship, name="mentorship"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/log/", views.log, name="log"),
    path("<int:pk>/observe/", views.observe, name="observe"),
    path("<int:pk>/sign-off/", views.open_case, name="open_case"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/countersign/", views.countersign, name="countersign"),
    path("sessions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("observations/<int:pk>/", views.observation, name="observation"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/decide/", views.decide, name="decide"),
    path("teachers/", views.teachers, name="teachers"),
    path("teachers/<staff_number:staff_number>/appoint/", views.appoint, name="appoint"),
    path("teachers/<staff_number:staff_number>/change/", views.change_teaching, name="change_teaching"),
    path("teachers/<staff_number:staff_number>/end/", views.end_appointment, name="end_appointment"),
    path("rubrics/", views.rubrics, name="rubrics"),
    path("rubrics/new/", views.new_rubric, name="new_rubric"),
    path("rubrics/<slug:code>/", views.rubric, name="rubric"),
    path("rubrics/<slug:code>/change/", views.change_rubric, name="change_rubric"),
    path("rubrics/<slug:code>/criteria/new/", views.new_criterion, name="new_criterion"),
    path("rubrics/<slug:code>/criteria/<slug:criterion>/", views.change_criterion, name="change_criterion"),
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/<int:pk>/", views.round_page, name="round"),
    path("rounds/<int:pk>/solve/", views.solve, name="solve"),
    path("rounds/<int:pk>/publish/", views.publish, name="publish"),
]
