"""Addresses of moving on: care records and handovers."""

from __future__ import annotations

from django.urls import path

from referrals.views import care_records, handovers, plan_record

urlpatterns = [
    path("people/<str:token>/moves/", care_records.person_moves, name="person_moves"),
    path("people/<str:token>/care-record/", care_records.care_send, name="care_send"),
    path("people/<str:token>/handover/", handovers.handover_make, name="handover_make"),
    path("care-records/", care_records.care_records, name="care_records"),
    path("care-records/<str:token>/", care_records.care_record, name="care_record"),
    path("care-records/<str:token>/start/", care_records.care_start, name="care_start"),
    path("care-records/<str:token>/paper/", care_records.care_record_print, name="care_record_print"),
    path("care-records/<str:token>/record.json", care_records.care_record_file, name="care_record_file"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<str:token>/", handovers.handover, name="handover"),
    path("handovers/<str:token>/letter/<str:to>/", handovers.handover_letter, name="handover_letter"),
    path("handovers/<str:token>/record.json", handovers.handover_file, name="handover_file"),
    path("plans/<str:token>/from-record/", plan_record.plan_record, name="plan_record"),
]
