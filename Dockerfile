# Hookline's server and command line: `docker build -t hookline .`; docs/deployment.md says how to run it.
ARG NODE_IMAGE=node:24-bookworm-slim

# What npm has to see of the repository: as long as this is the same, what follows from it is not installed anew.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /build
COPY package.json package-lock.json ./
COPY packages/receiver/package.json packages/receiver/
COPY packages/client/package.json packages/client/
COPY dashboard/package.json dashboard/
COPY examples/cloudflare-worker/package.json examples/cloudflare-worker/
COPY examples/nextjs-planetscale/package.json examples/nextjs-planetscale/

# What runs, and no more: neither the dashboard's packages, which are built into it, nor those of the examples.
FROM manifests AS libraries
RUN npm ci --omit=dev --ignore-scripts --include-workspace-root --workspace packages/receiver --workspace packages/client

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="hookline" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 HOOKLINE_METRICS_PORT=9464
WORKDIR /opt/hookline
COPY --from=libraries /build/node_modules node_modules
COPY --from=build /build/packages/receiver/package.json /build/packages/receiver/LICENSE packages/receiver/
COPY --from=build /build/packages/receiver/dist packages/receiver/dist
COPY --from=build /build/packages/client/package.json /build/packages/client/LICENSE packages/client/
COPY --from=build /build/packages/client/dist packages/client/dist
COPY --from=build /build/package.json /build/LICENSE /build/CHANGELOG.md ./
COPY --from=build /build/bin bin
COPY --from=build /build/migrations migrations
COPY --from=build /build/dist dist
# The image's own user; as a number, so that Kubernetes sees that it is not root. Nothing here is writable for it, and nothing has to be.
USER 1000:1000
# The API; and for every process /metrics, /healthz and /readyz, without credentials: a port for the inside, not to be published.
EXPOSE 8080 9464
# For `docker run` and Compose. Kubernetes takes no notice: it has probes of its own.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5m \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HOOKLINE_METRICS_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm or a shell, is process 1 and gets the signals: SIGTERM ends it in good order, within 25 seconds.
ENTRYPOINT ["node", "/opt/hookline/bin/hookline.js"]
CMD ["start"]
