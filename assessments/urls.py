"""Addresses of exams; all stand under /exams/."""

from django.urls import include, path

from .views import (
    bank,
    calibration,
    changing,
    choosing,
    entrance,
    exchange,
    invigilating,
    item,
    judging,
    managing,
    media,
    observing,
    practising,
    regrading,
    releasing,
    results,
    script,
    sessions,
    sitting,
    voiding,
    writing,
)

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
    path("go-on/", sitting.go_on, name="go_on"),
    path("hand-in/", sitting.hand_in, name="hand_in"),
    path("time-up/", sitting.time_up, name="time_up"),
    path("receipt/", results.receipt, name="receipt"),
    path("void/", voiding.void, name="void"),
    path("mark-anew/", regrading.mark_anew, name="mark_anew"),
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

calibration_urls = [
    path("", calibration.calibration, name="calibration"),
    path("cancel/", calibration.cancel, name="calibration_cancel"),
    path("items/<slug:code>/", calibration.item, name="calibration_item"),
    path("people/", calibration.people, name="calibration_people"),
    path("accept/", calibration.accept, name="calibration_accept"),
    path("reject/", calibration.reject, name="calibration_reject"),
    path("reopen/", calibration.reopen, name="calibration_reopen"),
]

item_urls = [
    path("", item.item, name="item"),
    path("edit/", writing.edit, name="edit_item"),
    path("versions/", item.versions, name="versions"),
    path("request/", item.request_review, name="request_review"),
    path("review/", item.review, name="review_item"),
]

bank_urls = [
    path("", bank.items, name="bank"),
    path("banks/", bank.banks, name="banks"),
    path("write/", writing.write, name="write_item"),
    path("change/", changing.change, name="change_items"),
    path("undo/<int:pk>/", changing.undo, name="undo_change"),
    path("calibrations/", calibration.overview, name="calibrations"),
    path("calibrations/<int:pk>/", include(calibration_urls)),
    path("calibrations/start/<slug:bank>/", calibration.start, name="calibration_start"),
    path("import/", exchange.upload, name="import_items"),
    path("import/check/", exchange.check, name="import_check"),
    path("import/take/", exchange.take, name="import_take"),
    path("import/discard/", exchange.discard, name="import_discard"),
    path("template/", exchange.template, name="item_template"),
    path("export/", exchange.export, name="export_items"),
    path("<slug:code>/", bank.overview, name="bank_overview"),
    path("<slug:bank>/<slug:code>/", include(item_urls)),
]

regrade_urls = [
    path("", regrading.regrades, name="regrades"),
    path("ask/<int:version>/", regrading.ask, name="ask_regrade"),
    path("<int:pk>/", regrading.regrade, name="regrade"),
    path("<int:pk>/act/", regrading.act, name="act_on_regrade"),
    path("<int:pk>/undo/", regrading.undo, name="undo_regrade"),
    path("<int:pk>/export/", regrading.export, name="export_regrade"),
]

marking_urls = [
    path("", judging.queues, name="marking"),
    path("questions/<int:version>/take/", judging.take, name="take_answer"),
    path("answers/<slug:ref>/", judging.mark, name="mark"),
    path("answers/<slug:ref>/put-back/", judging.put_back, name="put_answer_back"),
    path("answers/<slug:ref>/take-back/", judging.take_back, name="take_mark_back"),
]

urlpatterns = [
    path("", entrance.exam_list, name="list"),
    path("manage/", managing.exams, name="manage"),
    path("manage/new/", managing.new, name="new_exam"),
    path("manage/<slug:code>/", managing.change, name="change_exam"),
    path("manage/<slug:code>/open/", managing.open_, name="open_exam"),
    path("manage/<slug:code>/close/", managing.close, name="close_exam"),
    path("manage/<slug:code>/copy/", managing.copy, name="copy_exam"),
    path("manage/<slug:code>/questions/", choosing.questions, name="exam_questions"),
    path("manage/<slug:code>/places/", managing.places, name="exam_places"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/plan/", sessions.plan, name="plan_session"),
    path("sessions/<int:pk>/", include(session_urls)),
    path("bank/", include(bank_urls)),
    path("marking/", include(marking_urls)),
    path("observing/", observing.cards, name="observing"),
    path("observing/<slug:ref>/", observing.card, name="card"),
    path("release/", releasing.exams, name="release_exams"),
    path("release/regrades/", include(regrade_urls)),
    path("release/<slug:code>/", releasing.exam, name="release"),
    path("release/<slug:code>/items/", releasing.items, name="item_report"),
    path("media/<uuid:ref>/", media.media, name="media"),
    path("practice/<int:pk>/", practising.run, name="practice_run"),
    path("practice/<int:pk>/<int:position>/", practising.question, name="practice_question"),
    path("practice/<int:pk>/end/", practising.end, name="end_practice"),
    path("practice/items/<slug:bank>/<slug:code>/", practising.alone, name="practise_item"),
    path("attempt/<int:pk>/", include(attempt_urls)),
    path("<slug:code>/", entrance.exam, name="exam"),
    path("<slug:code>/start/", entrance.start, name="start"),
]
