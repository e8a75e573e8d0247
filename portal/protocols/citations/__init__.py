"""Citations of versions and of the works they cite, from one shape: CSL-JSON. Pure: values in, text out."""
