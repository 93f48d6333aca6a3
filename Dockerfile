# The version that package.json pins as "node"; test/deploy/containers.test.ts holds them together.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /opt/sheaf
COPY package.json package-lock.json .npmrc ./
# No script of a dependency runs: the only ones would fetch another Node.js and build what there is in JavaScript as well.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE_VERSION}-bookworm-slim
LABEL org.opencontainers.image.title="Sheaf" \
      org.opencontainers.image.description="Literature reviews in which every statement stands on a quotation that anyone can check." \
      org.opencontainers.image.licenses="MIT"
WORKDIR /opt/sheaf
COPY --from=dependencies /opt/sheaf/node_modules ./node_modules
COPY package.json LICENSE ./
COPY docs/notes/pdf ./docs/notes/pdf
COPY deploy/docker/health.mjs ./deploy/docker/health.mjs
COPY src ./src
# The program belongs to root; whoever runs it writes to /data and /tmp alone.
RUN install -d -o node -g node -m 0700 /data
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/node-compile-cache \
    SHEAF_HOME=/data \
    SHEAF_REVIEWS=/data/reviews \
    SHEAF_METRICS=0.0.0.0:9464 \
    SHEAF_REQUIRE_LOGIN=true
USER node
VOLUME /data
EXPOSE 4320 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "deploy/docker/health.mjs"]
# The program answers SIGTERM itself and waits for the processes that it starts: it needs no init before it.
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/opt/sheaf/src/cli/main.ts"]
CMD ["serve", "--host", "0.0.0.0", "--port", "4320", "--workers", "0"]
