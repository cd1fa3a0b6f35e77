"""The tables of accounts as the first eight migrations leave them."""

import accounts.models.calendars
import accounts.models.organisation
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from engine.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_half_life'),
        ('accounts', '0003_views_and_first_run'),
        ('accounts', '0004_weekly_digest'),
        ('accounts', '0005_renewals'),
        ('accounts', '0006_discount_rate'),
        ('accounts', '0007_sales_word'),
        ('accounts', '0008_numbers_are_numbers'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Segment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ],
                options={
                    'verbose_name': 'segment',
                    'verbose_name_plural': 'segments',
                    'ordering': ['position', 'name'],
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='WorkingCalendar',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                    ('zone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.organisation.valid_zone], verbose_name='time zone')),
                    ('hours', models.JSONField(default=accounts.models.calendars.office_hours, verbose_name='weekly hours')),
                    ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country of the holidays')),
                ],
                options={
                    'verbose_name': 'working calendar',
                    'verbose_name_plural': 'working calendars',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('full_name', models.CharField(max_length=200, verbose_name='full name')),
                    ('role', models.CharField(choices=[('marketing', 'Marketing'), ('sales', 'Sales'), ('manager', 'Manager'), ('admin', 'Administrator'), ('finance', 'Finance'), ('service', 'Service account')], default='sales', max_length=10, verbose_name='role')),
                    ('head_of', models.CharField(blank=True, choices=[('marketing', 'Marketing'), ('sales', 'Sales')], default='', max_length=10, verbose_name='head of track')),
                    ('language', models.CharField(blank=True, default='', max_length=10, verbose_name='language')),
                    ('zone', models.CharField(blank=True, default='', max_length=64, validators=[accounts.models.organisation.valid_zone], verbose_name='time zone')),
                    ('digest', models.BooleanField(db_default=True, default=True, verbose_name='weekly digest by mail')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may enter the back door')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left on')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('prefix', models.CharField(editable=False, max_length=12, verbose_name='begins with')),
                    ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('capture', 'Capture leads and touches only'), ('read', 'Read what the owner may read'), ('write', 'Do what the owner may do')], max_length=10), size=None, verbose_name='scopes')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                    ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires')),
                    ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                    ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ],
                options={
                    'verbose_name': 'access token',
                    'verbose_name_plural': 'access tokens',
                    'ordering': ['-id'],
                },
            ),
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('only', models.BooleanField(default=True, editable=False, unique=True)),
                    ('name', models.CharField(default='Tandem', max_length=200, verbose_name='name')),
                    ('currency', models.CharField(default='EUR', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency is three capital letters, such as EUR.')], verbose_name='report currency')),
                    ('zone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.organisation.valid_zone], verbose_name='time zone')),
                    ('fiscal_year_start', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month of the fiscal year')),
                    ('week_start', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(6)], verbose_name='first day of the week (0 is Monday)')),
                    ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                    ('level', models.PositiveSmallIntegerField(choices=[(1, 'Start'), (2, 'Team'), (3, 'Full')], default=2, verbose_name='level')),
                    ('site_url', models.URLField(blank=True, verbose_name='site address')),
                    ('lookback_days', models.PositiveSmallIntegerField(default=365, verbose_name='attribution look-back in days')),
                    ('half_life_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1)], verbose_name='half-life of time decay in days')),
                    ('discount_percent', models.DecimalField(db_default=10, decimal_places=2, default=10, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(100)], verbose_name='discount rate a year in %')),
                    ('tax_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='sales tax in %')),
                    ('renewal_days', models.PositiveSmallIntegerField(db_default=90, default=90, validators=[django.core.validators.MaxValueValidator(730)], verbose_name="days before a contract's end when its renewal opens (0: never)")),
                    ('word_first', models.BooleanField(db_default=False, default=False, help_text='Otherwise its word is asked for, and nothing waits for it.', verbose_name='sales is heard before a campaign is launched')),
                    ('setup_step', models.PositiveSmallIntegerField(default=0, editable=False)),
                    ('shadow', models.BooleanField(default=False, verbose_name='shadow: offers are only suggested')),
                    ('live_on', models.DateField(blank=True, null=True, verbose_name='figures count from')),
                    ('demo', models.BooleanField(default=False, verbose_name='holds demo data')),
                ],
                options={
                    'verbose_name': 'organisation',
                    'constraints': [models.CheckConstraint(condition=models.Q(('only', True)), name='organisation_is_one_row'), models.CheckConstraint(condition=models.Q(('fiscal_year_start__range', (1, 12))), name='organisation_fiscal_month'), models.CheckConstraint(condition=models.Q(('half_life_days__gte', 1)), name='organisation_half_life'), models.CheckConstraint(condition=models.Q(('discount_percent__gt', 0), ('discount_percent__lte', 100)), name='organisation_discount'), models.CheckConstraint(condition=models.Q(('tax_percent__gte', 0), ('tax_percent__lte', 100)), name='organisation_tax')],
                },
            ),
            migrations.CreateModel(
                name='Region',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.region', verbose_name='part of')),
                ],
                options={
                    'verbose_name': 'region',
                    'verbose_name_plural': 'regions',
                    'ordering': ['position', 'name'],
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='RepProfile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('hunter', 'Hunter'), ('farmer', 'Farmer')], default='hunter', max_length=10, verbose_name='kind')),
                    ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=6, validators=[django.core.validators.MinValueValidator(0.01)], verbose_name='weight')),
                    ('capacity', models.PositiveIntegerField(default=60, verbose_name='open leads at most')),
                    ('cap_ceiling', models.PositiveIntegerField(default=60, editable=False)),
                    ('open_n', models.PositiveIntegerField(default=0, editable=False)),
                    ('turn', models.FloatField(default=0, editable=False)),
                    ('accepting', models.BooleanField(default=True, verbose_name='takes new leads')),
                    ('regions', models.ManyToManyField(blank=True, to='accounts.region', verbose_name='regions')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rep', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('segments', models.ManyToManyField(blank=True, to='accounts.segment', verbose_name='segments')),
                ],
                options={
                    'verbose_name': 'rep profile',
                    'verbose_name_plural': 'rep profiles',
                    'constraints': [models.CheckConstraint(condition=models.Q(('open_n__lte', models.F('cap_ceiling'))), name='rep_within_capacity'), models.CheckConstraint(condition=models.Q(('weight__gt', 0), ('weight__lt', 10000)), name='rep_weight_positive'), models.CheckConstraint(condition=models.Q(('turn__lt', float("inf"))), name='rep_turn_is_number')],
                },
            ),
            migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                    ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                    ('rep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='accounts.repprofile', verbose_name='rep')),
                ],
                options={
                    'verbose_name': 'absence',
                    'verbose_name_plural': 'absences',
                },
            ),
            migrations.CreateModel(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                    ('track', models.CharField(choices=[('marketing', 'Marketing'), ('sales', 'Sales')], max_length=10, verbose_name='track')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='heads', to=settings.AUTH_USER_MODEL, verbose_name='head')),
                    ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.region', verbose_name='region')),
                    ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.workingcalendar', verbose_name='working calendar')),
                ],
                options={
                    'verbose_name': 'team',
                    'verbose_name_plural': 'teams',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('page', models.SlugField(max_length=40, verbose_name='list')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('query', models.CharField(blank=True, default='', max_length=1000)),
                    ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                    ('is_default', models.BooleanField(default=False, verbose_name='opens first')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.team', verbose_name='shared with the team')),
                ],
                options={
                    'verbose_name': 'saved view',
                    'verbose_name_plural': 'saved views',
                    'ordering': ['name', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('owner', 'page', 'name'), name='saved_view_named_once'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('owner', 'page'), name='saved_view_one_default')],
                },
            ),
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(verbose_name='day')),
                    ('hours', models.JSONField(blank=True, default=list, verbose_name='hours')),
                    ('name', models.CharField(blank=True, default='', max_length=200, verbose_name='name')),
                    ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='accounts.workingcalendar')),
                ],
                options={
                    'verbose_name': 'special day',
                    'verbose_name_plural': 'special days',
                    'ordering': ['day'],
                    'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='calendar_day_once')],
                },
            ),
        ),
        migrations.AddField(
            model_name='user',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='accounts.team', verbose_name='team'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_any_case'),
        ),
    ]
