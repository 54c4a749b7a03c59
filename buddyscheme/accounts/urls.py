from allauth.account import views as account
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from buddyscheme.accounts import closed
from buddyscheme.accounts.views import session

# Only what staff need of allauth. Accounts are made by administrators, so its other pages lead nowhere here;
# their names stay, because allauth looks them up.
urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("stay/", session.stay, name="account_stay"),
    path("timed-out/", session.timed_out, name="account_timed_out"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("factors/", include("allauth.mfa.urls")),
    path("work-account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("work-account/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    # Whoever reads why the work account did not open is not signed in.
    path("work-account/error/", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("none/signup/", closed.no_such_page, name="account_signup"),
    path("none/email/", closed.no_such_page, name="account_email"),
    path("none/reset/", closed.no_such_page, name="account_reset_password"),
    path("none/password/", closed.no_such_page, name="account_set_password"),
    path("none/work-account/", closed.no_such_page, name="socialaccount_connections"),
    path("none/work-account/signup/", closed.no_such_page, name="socialaccount_signup"),
]
