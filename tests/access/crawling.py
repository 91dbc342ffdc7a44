"""Reading everything a person can get to by links, as a robot with their session would."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponseBase
from django.test import Client

LINK = re.compile(r'\bhref="([^"#]+)')
# What differs between any two answers: nonces, tokens, and ids of elements made on the way.
BY_LOT = re.compile(r'(nonce|value|name="csrfmiddlewaretoken" value)="[^"]{16,}"')
ELSEWHERE = ("/static/", "/cms/", "/accounts/", "/documents/", "/styleguide/")
MOST_PAGES = 600
# A calendar leads from month to month without end: of one path that many queries are followed.
MOST_QUERIES = 4


def text_of(response: HttpResponseBase) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8", errors="replace")


def links(page: str, at: str) -> set[str]:
    """Return the addresses of this site that a page links to, without what is not about people."""
    found = {urlsplit(urljoin(at, unescape(link))) for link in LINK.findall(page)}
    paths = {f"{one.path}?{one.query}" if one.query else one.path for one in found if not one.netloc}
    return {path for path in paths if path.startswith("/") and not path.startswith(ELSEWHERE)}


def crawled(client: Client, *starts: str) -> dict[str, str]:
    """Return every page that can be reached from the starts by links, by address; what differs by lot is left out."""
    seen: dict[str, str] = {}
    queries: Counter[str] = Counter()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        if path in seen or queries[path.partition("?")[0]] >= MOST_QUERIES:
            continue
        queries[path.partition("?")[0]] += 1
        response = client.get(path)
        assert response.status_code < 500, path
        seen[path] = BY_LOT.sub("", text_of(response))
        assert len(seen) <= MOST_PAGES, "the links never end"
        if response.status_code in (301, 302):
            waiting.append(urljoin(path, response.headers["Location"]))
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(sorted(links(seen[path], path) - seen.keys()))
    return seen
