"""Between accounts and the request: Flask-Security, passwords, login sessions, guards."""
