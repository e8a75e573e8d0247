"""Drawings of released results. The only package that knows Plotly."""
