"""The commands import_…: a thin face of the same functions that pages use, with the questions as refusals."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from leads.importing import mapping as mappings
from leads.importing import rejects
from leads.importing.dry import TOLD, asides, dry_run, words
from leads.importing.files import create, forget, header
from leads.importing.problems import FileRefused
from leads.importing.runs import Runner, take
from leads.models import ImportReject, ImportState
from leads.models.imports import ImportMode

SHOWN = 10


class ImportCommand(BaseCommand):
    """`manage.py import_KIND FILE --map NAME_OR_FILE.toml [--mode history|live] [--dry-run] …`."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", help="a CSV or Excel file")
        parser.add_argument("--map", required=True, help="a shipped mapping or a TOML file")
        parser.add_argument(
            "--mode",
            choices=ImportMode.values,
            default="",
            help="history: no offers, no clocks; untold, the age of each row decides",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing")
        parser.add_argument(
            "--encoding", default="", help="of a text that is not UTF-8, such as GBK or CP1251"
        )
        parser.add_argument("--sheet", default="", help="of a workbook that has several")
        parser.add_argument("--by", default="", metavar="E-MAIL", help="the user in whose name it is done")
        parser.add_argument(
            "--rejects", default="", metavar="FILE", help="write the rows that were refused, as .csv or .xlsx"
        )

    def handle(self, *, file, mode, dry_run, encoding, sheet, by, rejects, **options):
        if rejects:
            self._insist_on(rejects)
        try:
            known = mappings.load(options["map"])
            if known.kind != self.kind:
                raise CommandError(_("The mapping is for %(kind)s.") % {"kind": known.kind})
            run = self._open(file, known, by=self._user(by), mode=mode, sheet=sheet, encoding=encoding)
            if dry_run:
                self._forecast(run, rejects)
            else:
                self._import(run, rejects)
        except FileRefused as error:
            raise CommandError(str(error)) from None

    def _open(self, file, known, **how):
        """The draft of the run. What the file system says is told in a sentence."""
        try:
            return create(file, known, **how)
        except FileNotFoundError:
            raise CommandError(_("There is no file “%(name)s”.") % {"name": file}) from None
        except OSError as error:
            raise CommandError(
                _("“%(name)s” cannot be read: %(why)s") % {"name": file, "why": error.strerror}
            ) from None

    def _insist_on(self, target):
        """Before anything is imported: the refused rows can be written where they are wanted."""
        try:
            with open(target, "ab"):
                pass
        except OSError as error:
            raise CommandError(
                _("“%(name)s” cannot be written: %(why)s. Nothing was imported.")
                % {"name": target, "why": error.strerror}
            ) from None

    def _user(self, email):
        if not email:
            return None
        try:
            return User.objects.get(email__iexact=email)
        except User.DoesNotExist:
            raise CommandError(_("There is no user “%(email)s”.") % {"email": email}) from None

    def _forecast(self, run, target):
        try:
            written = []
            look = target and (lambda looked_at: written.append(self._write_rejects(looked_at, target)))
            forecast = dry_run(run, timezone.now(), look=look)
        finally:
            forget(run)
            run.delete()
        self.stdout.write(forecast.line)
        self.stdout.write(forecast.rest)
        for sentence in [*forecast.why(), *forecast.why(warning=True), *written]:
            self.stdout.write(sentence)
        if forecast.more:
            self.stdout.write(_("This is of the first %(rows)d rows.") % {"rows": forecast.looked_at})

    def _import(self, run, target):
        runner = Runner(take(run, timezone.now()))
        while runner.step(timezone.now()):
            self.stderr.write(f"{runner.run.rows_done} / {runner.run.rows} …", ending="\r")
        run = runner.run
        if run.state == ImportState.FAILED:
            raise CommandError(run.error)
        self._tell(run)
        if target:
            self.stdout.write(self._write_rejects(run, target))

    def _tell(self, run):
        made = [words(name, run.counts[name]) for name in TOLD[run.kind] if run.counts.get(name)]
        warned = run.counts.get("warnings", 0)
        self.stdout.write(
            _("Import %(pk)d: %(rows)s, created %(made)s; %(updated)d updated, %(unchanged)d unchanged, "
              "%(rejected)d refused, %(warnings)s.")
            % {"updated": 0, "unchanged": 0, "rejected": 0, **run.counts, "pk": run.pk,
               "rows": ngettext("%(count)d row", "%(count)d rows", run.rows_done) % {"count": run.rows_done},
               "warnings": ngettext("%(count)d warning", "%(count)d warnings", warned) % {"count": warned},
               "made": ", ".join(made) or _("nothing")}
        )  # fmt: skip
        for aside in asides(run.counts):
            self.stdout.write("  " + aside)
        for reject in ImportReject.objects.filter(run=run, warning=False)[:SHOWN]:
            self.stdout.write("  " + rejects.sentence(reject))
        for warning in ImportReject.objects.filter(run=run, warning=True)[:SHOWN]:
            self.stdout.write("  " + _("warning: %(what)s") % {"what": rejects.sentence(warning)})
        if unknown := run.counts.get("unknown"):
            people = ", ".join(f"{name} ({count})" for name, count in list(unknown.items())[:SHOWN])
            self.stdout.write(_("Nobody here is called: %(people)s") % {"people": people})

    def _write_rejects(self, run, target):
        """Write them; returns how many are where."""
        if target.lower().endswith(".xlsx"):
            with open(target, "wb") as file:
                file.writelines(rejects.workbook(run, header(run)))
        else:
            with open(target, "w", encoding="utf-8-sig", newline="") as file:
                file.writelines(rejects.written(run, header(run)))
        count = rejects.count(run)
        words = ngettext(
            "%(count)d refused row is in %(file)s", "%(count)d refused rows are in %(file)s", count
        )
        return words % {"count": count, "file": target}
