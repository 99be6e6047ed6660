# Usher as a container. Two stages: the toolchain builds one binary, and a small Debian runs it.
#
#   docker build --tag usher .
#   docker run --rm usher help
#
# The Swift runtime is linked into the binary. What stays outside are C and C++ libraries of Debian 12, and both stages
# are of that release, because the binary asks for the very versions it was built with.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    librdkafka-dev libsimdjson-dev libyaml-dev libsqlite3-dev libpq-dev librocksdb-dev libssl-dev \
    libcurl4-openssl-dev libphonenumber-dev zlib1g-dev libzstd-dev pkg-config g++ libstdc++-12-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The package names its test and bench targets, so it cannot be read without them. They are not built.
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
COPY bench ./bench
RUN swift build -c release --static-swift-stdlib --product usher \
  && install -D --strip "$(swift build -c release --static-swift-stdlib --show-bin-path)/usher" /out/usher

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates librdkafka1 libsimdjson14 libyaml-0-2 libsqlite3-0 libpq5 librocksdb7.8 libssl3 libcurl4 \
    libphonenumber8 zlib1g libzstd1 libstdc++6 \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /shop --shell /usr/sbin/nologin usher \
  && install --directory --owner usher /data
COPY --from=build /out/usher /usr/local/bin/usher
# The sample shop. Mount your own project folder over /shop: the one that holds ops/ and topics/.
WORKDIR /shop
COPY ops ./ops
COPY topics ./topics
USER usher
VOLUME /data
ENTRYPOINT ["usher"]
CMD ["help"]
