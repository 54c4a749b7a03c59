"""Addresses of pay; joined to those of `monitoring.urls`."""

from __future__ import annotations

from django.urls import path

from monitoring.views import pay, pay_amounts, pay_differences, pay_rates, staff_work

urlpatterns = [
    path("pay/", pay.pay, name="pay"),
    path("pay/rates/", pay_rates.rates, name="pay_rates"),
    path("pay/rates/add/", pay_rates.add, name="add_pay_rate"),
    path("pay/rates/notice/", pay_rates.notice, name="pay_notice"),
    path("pay/settings/", pay_rates.settings, name="pay_settings"),
    path("pay/bands/", pay_rates.bands, name="pay_bands"),
    path("pay/periods/add/", pay.add, name="add_pay_period"),
    path("pay/periods/<str:token>/", pay.period, name="pay_period"),
    path("pay/periods/<str:token>/count/", pay.count, name="count_pay_period"),
    path("pay/periods/<str:token>/amounts/", pay_amounts.amounts, name="pay_amounts"),
    path("pay/periods/<str:token>/file/", pay_amounts.file, name="pay_file"),
    path("pay/periods/<str:token>/file/pay.csv", pay_amounts.template, name="pay_template"),
    path("pay/files/<str:token>/", pay_amounts.check, name="check_pay_file"),
    path("pay/differences/", pay_differences.differences, name="pay_differences"),
    path("pay/differences/print/", pay_differences.differences_print, name="pay_differences_print"),
    path("pay/lines/<str:token>/", pay_differences.line, name="pay_line"),
    path("pay/lines/<str:token>/explanation/", pay_differences.explain, name="explain_pay"),
    path("pay/staff-work/", staff_work.staff_work, name="staff_work"),
]
