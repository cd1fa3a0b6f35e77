"""The API's router: /api/v1/ for the resources, /api/schema/ for OpenAPI, /api/docs/ to read and try it offline."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.api.calendars import CalendarResource
from accounts.api.house import RegionResource, SegmentResource
from accounts.api.people import AccountResource
from accounts.api.reps import RepResource
from accounts.api.teams import TeamResource
from accounts.api.tokens import TokenResource
from accounts.api.views import ViewResource
from config import openapi  # noqa: F401, importing it tells the schema about tokens
from leads.api.absences import AbsenceResource
from leads.api.agreements import AgreementResource
from leads.api.books import BookResource
from leads.api.cancellations import CancellationResource
from leads.api.cases import CaseResource
from leads.api.collisions import Collisions
from leads.api.complaints import ComplaintResource
from leads.api.consulting import ConsultationResource
from leads.api.counsel import CounselResource
from leads.api.deals import DealResource
from leads.api.disputes import DisputeResource
from leads.api.duplicates import DuplicateResource
from leads.api.guiding import CompanyNext, ContactWays, DealNext, LeadNext
from leads.api.handoffs import HandoffResource
from leads.api.handover import HandoverResource, QuestionResource, ReturnReasonResource
from leads.api.house import HouseResource
from leads.api.imports import ImportRejectResource, ImportResource
from leads.api.leads import LeadResource
from leads.api.live import LiveAudienceResource
from leads.api.merges import MergeResource
from leads.api.moments import MomentResource, MomentRuleResource
from leads.api.notices import NoticeResource, RobotResource
from leads.api.obstacles import ObstacleResource
from leads.api.people import PeopleResource
from leads.api.receipts import ReceiptResource
from leads.api.recipes import TemplateResource
from leads.api.registers import MappingResource
from leads.api.reorganisations import ReorganisationResource
from leads.api.routing import RoutingRuleResource
from leads.api.scoring import ScoreModelResource
from leads.api.search import Search
from leads.api.standing import Standing
from leads.api.stories import StoryResource
from leads.api.story import CompanyStory, ContactStory
from leads.api.structure import StructureResource
from leads.api.touches import TouchResource
from leads.api.usage import ReadingResource, UnitResource, UsageRuleResource, UsageSignResource
from leads.api.webforms import LinkResource, SubmissionResource, WebFormResource
from leads.api.winning import WinModelResource
from leads.api.work import NoteResource, StepResource
from pipeline.api.account_people import AccountPersonResource
from pipeline.api.campaigns import CampaignResource, SpendResource
from pipeline.api.companies import CompanyResource, ContactResource
from pipeline.api.products import ProductResource, RegistrationResource
from pipeline.api.registers import FieldResource, ReasonResource, StageResource
from pipeline.rates.api import RateResource
from pipeline.voice.api import StatementResource
from reports.api.brand import SearchResource, WaveResource
from reports.api.cost_files import CostFileResource
from reports.api.index import VersionResource
from reports.api.market import GoalResource
from reports.api.rounds import RoundResource
from reports.api.selling import CostResource

router = SimpleRouter()
for prefix, resource in {
    "campaigns": CampaignResource,
    "campaign-templates": TemplateResource,
    "spend": SpendResource,
    "rates": RateResource,
    "companies": CompanyResource,
    "account-people": AccountPersonResource,
    "contacts": ContactResource,
    "products": ProductResource,
    "registrations": RegistrationResource,
    "leads": LeadResource,
    "touches": TouchResource,
    "handoffs": HandoffResource,
    "handover": HandoverResource,
    "return-reasons": ReturnReasonResource,
    "questions": QuestionResource,
    "stages": StageResource,
    "outcome-reasons": ReasonResource,
    "fields": FieldResource,
    "mappings": MappingResource,
    "imports": ImportResource,
    "import-rejects": ImportRejectResource,
    "cases": CaseResource,
    "disputes": DisputeResource,
    "deals": DealResource,
    "receipts": ReceiptResource,
    "cancellations": CancellationResource,
    "books": BookResource,
    "people": PeopleResource,
    "tokens": TokenResource,
    "teams": TeamResource,
    "calendars": CalendarResource,
    "segments": SegmentResource,
    "regions": RegionResource,
    "views": ViewResource,
    "reps": RepResource,
    "absences": AbsenceResource,
    "notes": NoteResource,
    "steps": StepResource,
    "notices": NoticeResource,
    "moments": MomentResource,
    "moment-rules": MomentRuleResource,
    "units": UnitResource,
    "readings": ReadingResource,
    "usage-signs": UsageSignResource,
    "usage-rules": UsageRuleResource,
    "robots": RobotResource,
    "scorecards": ScoreModelResource,
    "routing-rules": RoutingRuleResource,
    "structure": StructureResource,
    "reorganisations": ReorganisationResource,
    "win-models": WinModelResource,
    "agreements": AgreementResource,
    "merges": MergeResource,
    "duplicates": DuplicateResource,
    "forms": WebFormResource,
    "submissions": SubmissionResource,
    "links": LinkResource,
    "audiences": LiveAudienceResource,
    "consultations": ConsultationResource,
    "counsel": CounselResource,
    "complaints": ComplaintResource,
    "obstacles": ObstacleResource,
    "stories": StoryResource,
    "statements": StatementResource,
    "brand-waves": WaveResource,
    "sales-costs": CostResource,
    "sales-cost-files": CostFileResource,
    "search-shares": SearchResource,
    "index-versions": VersionResource,
    "target-rounds": RoundResource,
    "market-goals": GoalResource,
}.items():
    router.register(prefix, resource, basename=prefix)

ONE = {"get": "retrieve", "patch": "partial_update"}
urlpatterns = [
    path("v1/account/", AccountResource.as_view(ONE), name="account"),
    path("v1/organisation/", HouseResource.as_view(ONE), name="organisation"),
    path("v1/organisation/preset/", HouseResource.as_view({"post": "preset"}), name="organisation-preset"),
    path("v1/organisation/live/", HouseResource.as_view({"post": "live"}), name="organisation-live"),
    path("v1/reports/", include(("reports.api", "reports"))),
    path("v1/search/", Search.as_view(), name="search"),
    path("v1/collisions/", Collisions.as_view(), name="collisions"),
    path("v1/companies/<int:pk>/story/", CompanyStory.as_view(), name="company-story"),
    path("v1/contacts/<int:pk>/story/", ContactStory.as_view(), name="contact-story"),
    path("v1/leads/<int:pk>/next/", LeadNext.as_view(), name="lead-next"),
    path("v1/deals/<int:pk>/next/", DealNext.as_view(), name="deal-next"),
    path("v1/companies/<int:pk>/next/", CompanyNext.as_view(), name="company-next"),
    path("v1/contacts/<int:pk>/ways/", ContactWays.as_view(), name="contact-ways"),
    path("v1/standing/", Standing.as_view(), name="standing"),
    path("v1/", include((router.urls, "v1"))),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
