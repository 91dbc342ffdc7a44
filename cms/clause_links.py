"""Words of a lesson that lead to a clause: how rich text keeps them, and what an editor's form makes of them.

Rich text keeps ``<a linktype="clause" id="policy/clause">words</a>`` with the key that blocks cite clauses by.
"""

from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.translation import gettext as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineEntityElementHandler
from wagtail.rich_text import LinkHandler

from training.matters.queries import cited_clause, clause_anchor, policy_address

FEATURE, LINKTYPE, ENTITY = "clause", "clause", "CLAUSE"
# Where a link that was expanded says which clause it cites.
CITES = "data-cites"


def address_of(key: str) -> str:
    """Return where the clause of a key is read, whether or not it is published; "" for what is no key."""
    slug, _slash, uid = key.partition("/")
    try:
        return f"{policy_address(slug)}#{clause_anchor(UUID(uid))}" if slug.replace("-", "").isalnum() else ""
    except ValueError:
        return ""


class ClauseLink(LinkHandler):
    """Leads a link to its clause, on the page of the policy."""

    identifier = LINKTYPE

    @staticmethod
    def expand_db_attributes(attrs: dict[str, str]) -> str:
        key = attrs.get("id", "")
        return str(format_html('<a href="{}" {}="{}">', address_of(key), CITES, key))


class ClauseLinkReader(InlineEntityElementHandler):
    """Reads a link for the editor's form, with the clause's name as it is today."""

    mutability = "MUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        key = attrs.get("id", "")
        version = cited_clause(key)
        return {"id": key, "url": address_of(key), "label": str(version) if version else _("Not published")}


def written_link(props: dict[str, Any]) -> Any:
    """Write a link of the editor's form as rich text keeps it: nothing else of what the form sent."""
    return DOM.create_element("a", {"linktype": LINKTYPE, "id": str(props.get("id", ""))}, props["children"])
