"""The charts of released results: for each kind its finding, drawing, legend and tables."""
