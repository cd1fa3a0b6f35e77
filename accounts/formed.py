"""Records that a page's form judges and keeps: the REST API lets the same form do both.

class StageSerializer(Formed, serializers.ModelSerializer):
    class Meta:
        model, form = DealStage, StageForm
        fields = ["id", "name", …]
"""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.settings import api_settings

from accounts.resources import Writable
from ui.conflicts import SEEN


class Formed(serializers.Serializer):
    """Mixed into a serializer whose Meta names the page's `form`: values that are well-formed are judged and kept by it.

    What a PATCH does not name stays as it is; what a POST does not name is as the page's form begins. Where the form
    has other names, `asked` turns values into them, and `ours` tells the field of the API by the form's.
    """

    Meta: Any

    def asked(self, values):
        """{field of the form: value} of what was sent."""
        return values

    def ours(self, name):
        """The field of the API that a field of the form stands for."""
        return name

    def begin(self, *data):
        """The page's form of the record, with the data sent or as it opens."""
        return self.Meta.form(*data, instance=self.instance)

    def validate(self, values):
        """Raises ValidationError with all that the form has against them, and for what this record's form does not ask."""
        said, opened = self.asked(super().validate(values)), self.begin()
        shut = [name for name in said if name not in opened.fields and self._differs(name, said[name])]
        if shut:
            raise serializers.ValidationError(
                {self.ours(name): _("This cannot be changed.") for name in shut}
            )
        data = {
            name: field.prepare_value(said.get(name, opened[name].initial))
            for name, field in opened.fields.items()
            if name != SEEN
        }
        self.form, wrong = self.begin(data), {}
        for name, told in self.form.errors.items():
            field = api_settings.NON_FIELD_ERRORS_KEY if name == "__all__" else self.ours(name)
            wrong.setdefault(field, []).extend(told)
        if wrong:
            raise serializers.ValidationError(wrong)
        return values

    def _differs(self, name, value):
        return getattr(self.instance, name, None) != value

    def save(self):  # type: ignore[override]  # nothing is kept beside what the form asks
        """Keep it, as the page does. Returns the record."""
        self.instance = self.form.save()
        return self.instance


class Shown(Writable):
    """Plain records, all of them for whoever has the permission `reads`, and none for anybody else."""

    reads = ""

    def check_permissions(self, request):
        """As everywhere, and only for whoever may read them."""
        super().check_permissions(request)
        if not request.user.has_perm(self.reads):
            raise PermissionDenied

    def get_queryset(self):
        """All of them."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()
