"""Addresses of exams; all stand under /exams/."""

from django.urls import include, path

from .views import bank, entrance, invigilating, results, script, sessions, sitting

app_name = "assessments"

question_urls = [
    path("", sitting.question, name="question"),
    path("answer/", script.answer, name="answer"),
    path("flag/", script.flag, name="flag"),
    path("seen/", script.seen, name="seen"),
]

attempt_urls = [
    path("", sitting.resume, name="attempt"),
    path("<int:position>/", include(question_urls)),
    path("paper/", script.paper, name="paper"),
    path("clock/", script.clock, name="clock"),
    path("left/", script.left, name="left"),
    path("take-over/", sitting.take_over, name="take_over"),
    path("check/", sitting.check, name="check"),
    path("hand-in/", sitting.hand_in, name="hand_in"),
    path("time-up/", sitting.time_up, name="time_up"),
    path("receipt/", results.receipt, name="receipt"),
    path("result/", results.result, name="result"),
]

session_urls = [
    path("", invigilating.session, name="session"),
    path("board/", invigilating.board, name="board"),
    path("act/<slug:action>/", invigilating.act, name="act"),
    path("change/", sessions.change, name="change_session"),
    path("cancel/", sessions.cancel, name="cancel_session"),
    path("places/", sessions.places, name="places"),
    path("places/<int:place>/take-back/", sessions.take_back, name="take_place_back"),
]

urlpatterns = [
    path("", entrance.exam_list, name="list"),
    path("bank/", bank.items, name="bank"),
    path("bank/<slug:bank>/<slug:code>/", bank.item, name="item"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/plan/", sessions.plan, name="plan_session"),
    path("sessions/<int:pk>/", include(session_urls)),
    path("attempt/<int:pk>/", include(attempt_urls)),
    path("<slug:code>/", entrance.exam, name="exam"),
    path("<slug:code>/start/", entrance.start, name="start"),
]
