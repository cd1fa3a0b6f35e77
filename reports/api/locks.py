"""The models that finance locked, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import checked
from reports import locks
from reports.api.reports import only
from reports.api.shapes import LockSerializer
from reports.models import ModelLock


class Locks(APIView):
    """The models that finance locked."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=LockSerializer(many=True), operation_id="reports_locks")
    def get(self, request):
        """Every fiscal year with a locked model, the newest first."""
        require(request, "reports.view_report")
        only(request)
        return Response(LockSerializer(ModelLock.objects.order_by("-starts_on"), many=True).data)

    @extend_schema(request=LockSerializer, responses=LockSerializer(many=True), operation_id="reports_lock")
    def put(self, request):
        """Lock a model for the fiscal year in which `starts_on` lies; null takes the lock away."""
        require(request, "reports.lock_model")
        only(request)
        wish = checked(LockSerializer(data=request.data))
        if wish["model"] is None:
            locks.unlock(wish["starts_on"])
        else:
            locks.lock(wish["model"], wish["starts_on"], request.user, timezone.now())
        return self.get(request)
