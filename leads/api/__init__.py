"""Leads, touches, handoffs and deals in the REST API: the functions that the pages call, under the same permissions."""
