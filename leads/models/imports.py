"""Imports: runs, the mappings they remember, the rows they touched and the rows they refused."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import ImportQuerySet


class ImportKind(models.TextChoices):
    COMPANIES = "companies", _("Companies")
    PRODUCTS = "products", _("Products")
    CAMPAIGNS = "campaigns", _("Campaigns")
    LEADS = "leads", _("Leads")
    TOUCHES = "touches", _("Touches")
    SPEND = "spend", _("Spend")
    DEALS = "deals", _("Deals")
    READINGS = "readings", _("Readings of use")


class ImportMode(models.TextChoices):
    HISTORY = "history", _("History: no offers, no clocks, no notices")
    LIVE = "live", _("Live: sets the machine going")


BY_AGE = _("By the age of the rows: older than 14 days is history")


class ImportState(models.TextChoices):
    DRAFT = "draft", _("Being mapped")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")
    PARTLY = "partly", _("Undone, but for what stays")


class Mapping(models.Model):
    """A mapping from a file's header to our fields, remembered by the header's fingerprint."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=ImportKind)
    header = models.CharField(max_length=64, db_index=True)
    spec = models.JSONField(_("mapping"), default=dict)
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints = [models.UniqueConstraint(fields=["kind", "header"], name="mapping_once_per_header")]

    def __str__(self):
        return self.name


def upload_path(run, filename):
    """Stored under a random name; the name of the file is only shown."""
    return f"imports/{uuid.uuid4().hex}"


class ImportRun(models.Model):
    """One run of one file. `counts` holds rows, created, updated, unchanged, rejected and warnings."""

    kind = models.CharField(_("kind"), max_length=10, choices=ImportKind)
    mode = models.CharField(_("mode"), max_length=10, choices=ImportMode, default=ImportMode.LIVE)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.DRAFT)
    file = models.FileField(_("file"), upload_to=upload_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True, default="")
    sheet = models.CharField(_("sheet"), max_length=100, blank=True, default="")
    spec = models.JSONField(_("mapping"), default=dict)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    counts = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.file_name} ({self.get_kind_display()})"

    @property
    def mode_told(self):
        """The mode that was chosen, in words: where nobody named one, the age of each row decides."""
        told = self.mode == ImportMode.HISTORY or self.counts.get("mode") or self.spec.get("mode")
        return self.get_mode_display() if told else BY_AGE


class ImportedRow(models.Model):
    """What a run wrote: the table and key of a row it created, or the row as it stood before it was updated."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="written", db_index=False)
    line = models.PositiveIntegerField()
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "table", "row_id"], name="imported_row")]

    def __str__(self):
        return f"{self.table} {self.row_id}"


class ImportReject(models.Model):
    """A row that was refused, kept as it stood, with where and why in plain words."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=200, blank=True, default="")
    value = models.TextField(_("value"), blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500)
    said = models.JSONField(default=list)  # the reason as [pattern, filling], to say it in another language
    cells = models.JSONField(default=list)
    warning = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["line", "id"]

    def __str__(self):
        return f"{self.line}: {self.reason}"
