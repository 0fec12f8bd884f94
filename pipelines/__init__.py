"""What happens to a page: one pure stage a file, their order in ``pipelines.order.STAGES``. Never imports Scrapy (but for adapter), spiders or the shell."""
