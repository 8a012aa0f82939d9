# syntax=docker/dockerfile:1
# The cloud as one image: docker build -t ocfcloud . (docs/deployment.md says how to run it).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY src/ src/
# Analyzers are CI's: what comes here has passed them.
RUN dotnet publish src/OcfCloud.Host -c Release -o /app -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false

FROM ${RUNTIME_IMAGE}
# Numeric ids: an orchestrator can check them, and no base image need know the user. 1654 is "app" in Microsoft's images.
RUN mkdir -p /var/lib/ocfcloud && chown 1654:1654 /var/lib/ocfcloud && ln -s /app/OcfCloud.Host /usr/local/bin/ocfcloud
COPY --from=build /app /app
# OPENSSL_CONF adds the CCM cipher suites of constrained devices; it has to be set before the process starts.
ENV ASPNETCORE_ENVIRONMENT=Production \
    DOTNET_ENVIRONMENT=Production \
    OPENSSL_CONF=/app/openssl.cnf \
    OcfCloud__DataDirectory=/var/lib/ocfcloud \
    HOME=/var/lib/ocfcloud
USER 1654:1654
WORKDIR /var/lib/ocfcloud
VOLUME /var/lib/ocfcloud
EXPOSE 5684 8080 8443 8444
# The image has no HTTP client: bash asks the plain HTTP port, wherever the settings put it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["bash", "-c", \
  "port=${OcfCloud__Endpoints__Http:-8080}; exec 3<>/dev/tcp/127.0.0.1/${port##*:} && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ code _ <&3 && [ \"$code\" = 200 ]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["ocfcloud"]
