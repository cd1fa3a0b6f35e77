"""The form of a person of an account."""

from accounts.models import User
from pipeline.forms.base import SpineForm
from pipeline.models import AccountPerson


class AccountPersonForm(SpineForm):
    """Who, and which part."""

    class Meta:
        model = AccountPerson
        fields = ["user", "part", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = (
            User.objects.filter(is_active=True).exclude(role="service").order_by("full_name")
        )

    def _get_validation_exclusions(self):
        """The company is said by the address: nobody has the same part in it twice."""
        return super()._get_validation_exclusions() - {"company"}
