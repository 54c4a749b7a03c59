"""When an entry of the register of informal help stopped being open. Of older ones that is when they were looked at."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from buddyscheme.lib.migrations import together


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_terminal_headset"),
        ("referrals", "0020_save_of_a_turn"),
        ("schemes", "0009_bank_holidays_and_causes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="informalhelp",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="informalhelp",
            name="update_update",
        ),
        migrations.AddField(
            model_name="informalhelp",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="informalhelp",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="informalhelpevent",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="informalhelpevent",
            name="closed_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="informalhelp",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "referrals_informalhelpevent" ("application_id", "closed_at", "closed_by_id", "concern_id", "created_at", "end_reason", "helper_id", "how_known", "id", "kinds", "looked_at", "looked_by_id", "noted_at", "noted_by_id", "person_id", "pgh_created_at", "pgh_label", "prison_id", "reference", "referral_id", "said_in_id", "since_on", "status", "token", "version") VALUES (NEW."application_id", NEW."closed_at", NEW."closed_by_id", NEW."concern_id", NEW."created_at", NEW."end_reason", NEW."helper_id", NEW."how_known", NEW."id", NEW."kinds", NEW."looked_at", NEW."looked_by_id", NEW."noted_at", NEW."noted_by_id", NEW."person_id", NOW(), \'insert\', NEW."prison_id", NEW."reference", NEW."referral_id", NEW."said_in_id", NEW."since_on", NEW."status", NEW."token", NEW."version"); RETURN NULL;',
                    hash="fa20a75ff4da790641b948b4167e88b2301d7a64",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9132d",
                    table="referrals_informalhelp",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="informalhelp",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "referrals_informalhelpevent" ("application_id", "closed_at", "closed_by_id", "concern_id", "created_at", "end_reason", "helper_id", "how_known", "id", "kinds", "looked_at", "looked_by_id", "noted_at", "noted_by_id", "person_id", "pgh_created_at", "pgh_label", "prison_id", "reference", "referral_id", "said_in_id", "since_on", "status", "token", "version") VALUES (NEW."application_id", NEW."closed_at", NEW."closed_by_id", NEW."concern_id", NEW."created_at", NEW."end_reason", NEW."helper_id", NEW."how_known", NEW."id", NEW."kinds", NEW."looked_at", NEW."looked_by_id", NEW."noted_at", NEW."noted_by_id", NEW."person_id", NOW(), \'update\', NEW."prison_id", NEW."reference", NEW."referral_id", NEW."said_in_id", NEW."since_on", NEW."status", NEW."token", NEW."version"); RETURN NULL;',
                    hash="05c4a3fdb9e49b3abd00fe2bfe2ace432665eb6f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_046c4",
                    table="referrals_informalhelp",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(
            sql=(
                # The new key is checked at once: nothing may wait while the table is changed further.
                "SET CONSTRAINTS ALL IMMEDIATE; UPDATE referrals_informalhelp SET closed_at = looked_at, closed_by_id = looked_by_id"
                " WHERE status <> 'OPEN'"
            ),
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="informalhelp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="informal_help_closed_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="informalhelp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("status", "OPEN")),
                    models.Q(models.Q(("status", "OPEN"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="informal_help_closed_dated",
            ),
        ),
    ]
    operations = together(operations)
