from django.db import migrations, models

from buddyscheme.lib.migrations import together


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_role_of_duty_governor"),
    ]

    operations = together(
        [
            # False for machines that are there: none says a name aloud before somebody has said that it has a headset.
            migrations.AddField(
                model_name="terminal",
                name="has_headset",
                field=models.BooleanField(db_default=False, default=False),
            ),
        ]
    )
