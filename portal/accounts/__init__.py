"""Users, roles, memberships, sign-in, second factor and login sessions."""
