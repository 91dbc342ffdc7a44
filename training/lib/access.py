"""Who may open an address: every view of ours declares its rule, and a view without one stops the start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.module_loading import import_string

OUR_PACKAGES = frozenset({"training", "assessments", "courses", "mentors", "cms"})


@dataclass(frozen=True)
class Rule:
    """Who may open a view: everybody, everybody signed in, or the holders of some roles.

    Which *rows* a person may see is not decided here but by the scoped queryset the view fetches from. `by_key` lets
    through whoever brings a key instead of a session; the view must ask for the key itself and refuse a wrong one.
    """

    name: str
    public: bool = False
    any_of: frozenset[str] | None = None
    by_key: bool = False

    def admits(self, user: Any) -> bool:
        """Tell whether `user` (signed in or not) may open the view."""
        if self.public:
            return True
        if not user.is_authenticated:
            return False
        return self.any_of is None or bool(self.any_of & user.role_names)

    def leaves_to_view(self, request: HttpRequest) -> bool:
        """Tell whether the request brings a key that the view is to judge."""
        return self.by_key and request.headers.get("Authorization", "").startswith("Bearer ")


ANYONE = Rule("anyone", public=True)
SIGNED_IN = Rule("signed in")
SIGNED_IN_OR_KEY = Rule("signed in, or another system with its key", by_key=True)
API = "/api/"


def roles(*names: str) -> Rule:
    """Return the rule that admits the holders of any of the roles named."""
    return Rule(" or ".join(sorted(names)), any_of=frozenset(names))


def allow(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a view's rule; `AccessMiddleware` enforces it and the access check demands it."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        if rule.public:
            view = login_not_required(view)
        view.access_rule = rule  # type: ignore[attr-defined]  # functions take attributes; the type does not say so
        return view

    return declare


def rule_for(view: Any, route: str) -> Rule | None:
    """Return the rule of a view: its own, else the one urls.py gives the longest prefix of its route.

    Views of other packages cannot carry a declaration; `THIRD_PARTY_RULES` in the root urls names them by prefix.
    """
    own = getattr(view, "access_rule", None)
    if own is not None:
        return own
    if view.__module__.split(".")[0] in OUR_PACKAGES:
        return None
    prefixes: dict[str, Rule] = import_string(f"{settings.ROOT_URLCONF}.THIRD_PARTY_RULES")
    fitting = [prefix for prefix in prefixes if route.startswith(prefix)]
    return prefixes[max(fitting, key=len)] if fitting else None


class SignInMiddleware(LoginRequiredMiddleware):
    """Send whoever is not signed in to the login; tell programs so instead, and let a key through to its view."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_for(view, match.route if match else "")
        if rule is not None and rule.leaves_to_view(request):
            return None
        return super().process_view(request, view, args, kwargs)

    def handle_no_permission(self, request: HttpRequest, view: Any) -> HttpResponseBase:
        if request.path.startswith(API):
            refusal = {"detail": "Sign in, or send a key: Authorization: Bearer …"}
            return JsonResponse(refusal, status=401, headers={"WWW-Authenticate": "Bearer"})
        return super().handle_no_permission(request, view)


class AccessMiddleware:
    """Ask a view's rule before it runs; a view without one admits nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied when the rule does not admit the person."""
        match = request.resolver_match
        rule = rule_for(view, match.route if match else "")
        if rule is None or not (rule.leaves_to_view(request) or rule.admits(request.user)):
            raise PermissionDenied
