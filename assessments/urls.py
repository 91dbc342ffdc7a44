"""Addresses of exams; all stand under /exams/."""

from django.urls import include, path

from .views import bank, entrance, results, sitting

app_name = "assessments"

question_urls = [
    path("", sitting.question, name="question"),
    path("answer/", sitting.answer, name="answer"),
    path("flag/", sitting.flag, name="flag"),
    path("seen/", sitting.seen, name="seen"),
]

attempt_urls = [
    path("", sitting.resume, name="attempt"),
    path("<int:position>/", include(question_urls)),
    path("paper/", sitting.paper, name="paper"),
    path("clock/", sitting.clock, name="clock"),
    path("check/", sitting.check, name="check"),
    path("hand-in/", sitting.hand_in, name="hand_in"),
    path("time-up/", sitting.time_up, name="time_up"),
    path("receipt/", results.receipt, name="receipt"),
    path("result/", results.result, name="result"),
]

urlpatterns = [
    path("", entrance.exam_list, name="list"),
    path("bank/", bank.items, name="bank"),
    path("bank/<slug:bank>/<slug:code>/", bank.item, name="item"),
    path("attempt/<int:pk>/", include(attempt_urls)),
    path("<slug:code>/", entrance.exam, name="exam"),
    path("<slug:code>/start/", entrance.start, name="start"),
]
