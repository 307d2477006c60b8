"""Production: from what was asked for to released files, through Papermill, one report at a time and many at once."""
