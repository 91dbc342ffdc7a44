"""A file that comes in for lessons."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LessonFileForm(forms.Form):
    """A file and the title under which writers of lessons find it."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("Writers of lessons find the file by it."))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Picture (PNG, JPEG, WebP), video (MP4, up to 200 MB), captions (VTT, SRT), recording (MP3, OGG, WAV) or "
            "PDF. Where and with what it was taken is removed."
        ),
        widget=forms.FileInput(
            attrs={
                "class": "form-control",
                "accept": ".png,.jpg,.jpeg,.webp,.mp4,.vtt,.srt,.mp3,.ogg,.oga,.opus,.wav,.pdf",
            }
        ),
        allow_empty_file=True,
        max_length=1000,
    )
