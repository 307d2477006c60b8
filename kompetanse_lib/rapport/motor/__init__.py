"""The engines that run a report notebook: the warm one, and Papermill's standard one."""
