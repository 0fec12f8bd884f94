# Pressmark in a container. The collection is a volume; the configuration is mounted; nothing else is written.
#
#   docker build -t pressmark .
#   docker run --rm -v news:/data pressmark archive https://example.org/story
#   docker run --rm -v news:/data -v "$PWD/config:/config:ro" pressmark crawl --due --quiet --config /config
#
# Let the host's scheduler start the last line: 'pressmark schedule' says how often.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/pressmark \
    && /opt/pressmark/bin/pip install --no-cache-dir --constraint requirements.lock ".[http2,parquet,fast]"

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home pressmark && install -d -o pressmark -g pressmark /data
COPY --from=build /opt/pressmark /opt/pressmark
ENV PATH=/opt/pressmark/bin:$PATH PRESSMARK_COLLECTION=/data PYTHONUNBUFFERED=1
USER pressmark
WORKDIR /data
VOLUME /data
# a first SIGTERM lets what is in flight finish: give it its ten seconds (docker stop --time 15)
STOPSIGNAL SIGTERM
ENTRYPOINT ["pressmark"]
CMD ["crawl", "--due", "--quiet"]
