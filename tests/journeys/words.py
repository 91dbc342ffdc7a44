"""What stands on buttons and pages in a language, for journeys that are made in both."""

from django.utils import translation

from tests.journeys.visitor import Screen, Visitor


def said(language: str, text: str, context: str = "") -> str:
    """Return a text of the platform as its catalogue has it in that language."""
    with translation.override(language):
        return translation.pgettext(context, text) if context else translation.gettext(text)


def language_of(screen: Screen) -> str:
    """A phone reads Chinese, a desk English, where a journey is made once in each."""
    return "zh-hans" if screen.is_phone else "en"


def in_language(visitor: Visitor, language: str) -> None:
    """Choose the language on a page from before sign-in, which begins in English."""
    if language != visitor.language:
        visitor.language = language
        visitor.press("中文")


def sign_in(visitor: Visitor, number: str, secret: str, language: str) -> None:
    """Fill in the sign-in page and press its button; the page that comes is in `language`."""
    button = said(visitor.language, "Sign in")
    visitor.page.locator("#id_login").fill(number)
    visitor.page.locator("#id_password").fill(secret)
    visitor.language = language
    visitor.press(button, exact=True)
