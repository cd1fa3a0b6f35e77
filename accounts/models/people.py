"""Users, who sign in by e-mail, and the teams of the two tracks."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import valid_zone


class Track(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class Role(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Administrator")
    FINANCE = "finance", _("Finance")
    SERVICE = "service", _("Service account")


class Team(models.Model):
    """People of one track who share a head, a region and working hours."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    track = models.CharField(_("track"), max_length=10, choices=Track)
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    head = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="heads", verbose_name=_("head")
    )
    calendar = models.ForeignKey(
        "accounts.WorkingCalendar", models.PROTECT, null=True, blank=True, verbose_name=_("working calendar")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    told_by = ("name",)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self):
        return self.name


# Whose side somebody takes by their role; nobody's who is not named.
SIDES = {Role.MARKETING: Track.MARKETING, Role.SALES: Track.SALES, Role.MANAGER: Track.SALES}


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; an address is kept in lower case."""

    def create_user(self, email, password=None, **fields):
        """Create a user; without a password the account can only be entered through a link."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create an administrator who may also enter Django's admin."""
        fields = {"role": Role.ADMIN, "is_staff": True, "is_superuser": True, "full_name": email, **fields}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person (or service account) who signs in. `head_of` says which track's head they are, if any."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SALES)
    head_of = models.CharField(_("head of track"), max_length=10, choices=Track, blank=True, default="")
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    zone = models.CharField(_("time zone"), max_length=64, blank=True, default="", validators=[valid_zone])
    digest = models.BooleanField(_("weekly digest by mail"), default=True, db_default=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the back door"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    left_at = models.DateTimeField(_("left on"), null=True, blank=True)

    objects = UserManager()
    told_by = ("full_name", "email")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self):
        return self.full_name or self.email

    def get_full_name(self):
        return self.full_name

    @property
    def side(self) -> Track | None:
        """The track that the user argues for; None for those who belong to neither."""
        return Track(self.head_of) if self.head_of else SIDES.get(Role(self.role))

    @property
    def initials(self):
        """One or two letters for the avatar: AB for Anna Berg, 王 for 王芳."""
        words = (self.full_name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
