"""Many machines: the same reports, made by the workers of a Dask cluster that is there already."""
