"""What happens to a page: one pure stage a file, their order in ``order.py``. Only ``adapter.py`` knows Scrapy."""
