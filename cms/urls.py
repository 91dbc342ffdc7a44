"""Addresses of cms. Some stand before Wagtail's own, which come later in the project's list."""

from django.urls import path

from . import views
from .api import api

app_name = "cms"
urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("search/", views.search, name="search"),
    path("setup/", views.setup, name="setup"),
    path("setup/<slug:step>/", views.setup_step, name="setup_step"),
    # Beside the staff list, whose addresses come first.
    path("people/<staff_number:staff_number>/", views.person, name="person"),
    path("people/<staff_number:staff_number>/leave/", views.leave, name="leave"),
    path("policies/<slug:slug>/clauses/<uuid:uid>/dependents/", views.dependents, name="dependents"),
    path("citations/", views.stale_citations, name="stale_citations"),
    path("policy-imports/", views.policy_imports, name="policy_imports"),
    path("policy-imports/<int:pk>/", views.policy_import, name="policy_import"),
    path("policy-imports/<int:pk>/clauses/<int:place>/", views.policy_import_row, name="policy_import_row"),
    path("policy-imports/<int:pk>/take/", views.take_policy_import, name="take_policy_import"),
    path("policy-imports/<int:pk>/discard/", views.discard_policy_import, name="discard_policy_import"),
    path("lesson-files/", views.lesson_files, name="lesson_files"),
    path("lesson-files/<uuid:ref>/delete/", views.delete_lesson_file, name="delete_lesson_file"),
    path("api/v1/", api.urls),
    path("cms/clause-links/", views.choose_clause, name="choose_clause"),
    path("cms/login/", views.to_login, name="login"),
    path("cms/logout/", views.to_logout, name="logout"),
    path("cms/account/", views.to_profile, name="account"),
    path("_util/login/", views.to_login, name="page_login"),
]
