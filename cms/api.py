"""The API under /api/v1/: the routers of all apps in one, described at openapi.json."""

from ninja import NinjaAPI
from ninja.security import SessionAuth

from training.authorisations.api import router as authorisations

# For signed-in people: session cookie, CSRF token for writes. No documentation page: it loads scripts from elsewhere.
api = NinjaAPI(
    title="Career teacher",
    version="1",
    urls_namespace="cms:api",
    openapi_url="/openapi.json",
    docs_url=None,
    auth=SessionAuth(csrf=True),
)
api.add_router("/authorisations", authorisations)
