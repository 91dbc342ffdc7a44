"""Static files under names that change with their content."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_SCRIPTS = "js/*.js"
IMPORTED = (r"""(?P<matched>from "(?P<url>\.{1,2}/[\w./-]+\.js)";)""", """from "%(url)s";""")


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Our scripts import one another by those names too, so that an old page never gets half of a new script.

    Only ours: Django's own switch reads every script, and takes an import told in a comment of htmx's for one.
    """

    patterns = (*HashedFilesMixin.patterns, (OUR_SCRIPTS, (IMPORTED,)))
