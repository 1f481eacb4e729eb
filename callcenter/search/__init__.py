"""Search over what a viewer may open: people, queues, KPIs, pages."""
