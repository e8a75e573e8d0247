"""Treatment Exchange: protocols and outcomes of addiction treatment, shared by two countries."""
