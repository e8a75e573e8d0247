"""Treatment programmes, the organisations that run them and the descriptors used for strata."""
