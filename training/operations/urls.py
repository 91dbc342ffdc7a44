"""Addresses of operations."""

from django.urls import path

from .views import health, jobs, overview

app_name = "operations"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("jobs/", jobs.mine, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", jobs.cancel, name="cancel"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="retry"),
    path("jobs/<uuid:pk>/file/", jobs.file, name="file"),
    path("operations/", overview.overview, name="overview"),
    path("operations/jobs/", overview.all_jobs, name="all_jobs"),
    path("operations/jobs/retry/", overview.retry_failed, name="retry_failed"),
]
