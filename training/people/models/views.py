"""Views of the staff list that people keep for themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .staff import User


class SavedView(models.Model):
    """A filter of the staff list under a name its owner gave it; `query` is what stands in the address."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="a_persons_views_have_names_of_their_own")
        ]
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name
