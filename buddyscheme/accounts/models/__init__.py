"""Users, prisons, wings, memberships and terminals."""

from buddyscheme.accounts.models.department import LocalDepartment
from buddyscheme.accounts.models.membership import Membership
from buddyscheme.accounts.models.owned import PrisonOwned, PrisonQuerySet
from buddyscheme.accounts.models.prison import Prison, Wing
from buddyscheme.accounts.models.terminal import Terminal
from buddyscheme.accounts.models.user import User

__all__ = ["LocalDepartment", "Membership", "Prison", "PrisonOwned", "PrisonQuerySet", "Terminal", "User", "Wing"]
