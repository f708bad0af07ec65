"""Rejected records: what of them becomes a dead letter each, and what is only counted."""
