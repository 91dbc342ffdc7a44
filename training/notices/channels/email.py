"""Notices by e-mail, to addresses that people have confirmed."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.people.models.staff import UserQuerySet

from .base import Channel, Message, NotSentError, UncertainError


class EmailChannel(Channel):
    """Plain text and HTML in one mail; the same delivery always has the same Message-ID."""

    key = "email"
    name = _("E-mail")

    def problem(self) -> str:
        if not settings.EMAIL_HOST:
            return gettext("No mail server is set: EMAIL_HOST is empty.")
        if settings.DEFAULT_FROM_EMAIL == "webmaster@localhost":
            return gettext("No sender is set: DEFAULT_FROM_EMAIL is missing.")
        return ""

    def reach(self, people: UserQuerySet) -> UserQuerySet:
        return people.exclude(email="").filter(email_confirmed_at__isnull=False)

    def send(self, message: Message) -> None:
        mail = self.mail_of(message)
        try:
            with get_connection(timeout=settings.NOTICE_TIMEOUT_SECONDS) as connection:
                connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            raise NotSentError(_("The mail server does not accept the address.")) from error
        except smtplib.SMTPServerDisconnected as error:
            raise UncertainError(_("The connection broke off while sending.")) from error
        except smtplib.SMTPResponseException as error:
            raise NotSentError(_("The mail server answered %(code)s.") % {"code": error.smtp_code}) from error
        except smtplib.SMTPException as error:
            raise NotSentError(type(error).__name__) from error
        except TimeoutError as error:
            raise UncertainError(_("The mail server did not answer in time.")) from error
        except OSError as error:
            raise NotSentError(_("The mail server cannot be reached.")) from error

    def mail_of(self, message: Message) -> EmailMultiAlternatives:
        """Return the mail: text first, HTML as the alternative."""
        context = {"message": message}
        unsubscribe = next((group.unsubscribe_url for group in message.groups if group.unsubscribe_url), "")
        headers = {"Message-ID": f"<{message.id}@notices>", "Auto-Submitted": "auto-generated"}
        if unsubscribe:
            headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail = EmailMultiAlternatives(
            # a subject is one line, whatever a fact was made of
            subject=" ".join(message.subject.split()),
            body=render_to_string("notices/mail/message.txt", context),
            to=[message.address or message.person.email],
            headers=headers,
        )
        mail.attach_alternative(render_to_string("notices/mail/message.html", context), "text/html")
        return mail
