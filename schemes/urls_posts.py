"""Addresses of posts, the approved pool and refusals; joined to those of `schemes.urls`, before the buddies' own."""

from django.urls import path

from schemes.views import posts, refusals

urlpatterns = [
    path("posts/", posts.posts, name="posts"),
    path("posts/add/", posts.add, name="add_post"),
    path("posts/<str:token>/", posts.post, name="post"),
    path("posts/<str:token>/details/", posts.change, name="change_post"),
    path("posts/<str:token>/advert/", posts.advertise, name="advertise_post"),
    path("posts/<str:token>/closing/", posts.close, name="close_post"),
    path("posts/<str:token>/notice/", posts.advert, name="post_advert"),
    path("buddies/pool/", posts.pool, name="pool"),
    path("buddies/<str:token>/post/", posts.buddy_post, name="buddy_post"),
    path("refusals/", refusals.refusals, name="refusals"),
    path("buddies/<str:token>/refusal/told/", refusals.told, name="refusal_told"),
    path("buddies/<str:token>/refusal/letter/", refusals.letter, name="refusal_letter"),
    path("buddies/<str:token>/refusal/appeal/", refusals.appeal, name="appeal"),
    path("buddies/<str:token>/refusal/decision/", refusals.decide, name="decide_appeal"),
]
