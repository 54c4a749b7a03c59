"""Questions about posts and their adverts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import ChoiceField, DayField, NumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Post
from schemes.rules.posts import BANDS, MOST_HOURS, MOST_PLACES

# The list of work that is not one status: the tile of the home page opens it.
NOT_FILLED = "NOT_FILLED"
NO_POST = "NONE"


class PostFilter(FilterForm):
    """The list of posts by status and wing."""

    status = ChoiceField(label="Status", select=True, choices=[(NOT_FILLED, "Not filled"), *Post.Status.choices])
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Sequence[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])


class PoolFilter(FilterForm):
    """The approved pool of one wing."""

    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Sequence[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])


class PostForm(GovukForm):
    """What a post says of itself."""

    submit_label = "Save the post"

    wing = ChoiceField(label="Wing", select=True, missing="Select the wing")
    title = WordsField(label="Title", hint="For example, Wing buddy", max_length=60, missing="Enter the title")
    title_cy = WordsField(label="Title in Welsh", max_length=60, required=False)
    places = NumberField(label="How many places?", least=1, most=MOST_PLACES)
    weekly_hours = NumberField(label="Paid hours a week", hint="For each buddy", unit="hours", least=1, most=MOST_HOURS)
    pay_band = NumberField(label="Pay band", hint="A number from 1 to 10", least=1, most=BANDS)
    pay_band_name = WordsField(
        label="What the prison calls this band", hint="For example, Enhanced worker", max_length=40, required=False
    )

    def __init__(self, *args: Any, wings: Sequence[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.token, wing.name) for wing in wings])


class ChangePostForm(PostForm):
    """The same questions once the post is there."""

    versioned = True


class AdvertForm(GovukForm):
    """When the advert goes up and when it closes."""

    submit_label = "Advertise"

    advertised_on = DayField(label="Date of the advert")
    closes_on = DayField(label="Closing date")


class BuddyPostForm(GovukForm):
    """Which post an application answers, or a buddy fills."""

    submit_label = "Save"

    post = ChoiceField(label="Which post?", select=True, missing="Select a post, or “No post”")

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].offer([*posts, (NO_POST, "No post")])
