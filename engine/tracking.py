"""Parameters that mail tools, ad platforms and chats hang onto every link: they say nothing to a page of ours."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponseRedirect

from engine.outages import is_api

BEGINNINGS = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "_hs")
CLICKS = frozenset({
    "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "yclid", "ysclid", "ymclid", "_openstat",
    "ttclid", "twclid", "igshid", "li_fat_id", "epik", "bd_vid", "qhclickid", "qz_gdt", "gdt_vid", "_ga", "_gl", "srsltid",
    "mkt_tok", "vero_id", "isappinstalled", "nsukey",
})  # fmt: skip
CHAT = frozenset({"singlemessage", "groupmessage", "timeline"})  # how WeChat says where a link was opened


def is_tracking(name, value=""):
    """Whether a parameter is one of theirs, and none that a page could mean."""
    return name in CLICKS or name.startswith(BEGINNINGS) or (name == "from" and value in CHAT)


class TrackingMiddleware:
    """Opens a page at its own address, without what others hung onto it; what strangers open keeps it, to know where they came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """A redirect to the address without them, None where it has none."""
        query = request.META.get("QUERY_STRING", "")
        if (
            not query
            or request.method != "GET"
            or is_api(request)
            or not getattr(view, "login_required", True)
        ):
            return None
        asked = parse_qsl(query, keep_blank_values=True)
        left = [(name, value) for name, value in asked if not is_tracking(name, value)]
        if len(left) == len(asked):
            return None
        return HttpResponseRedirect(f"?{urlencode(left)}" if left else request.path)
