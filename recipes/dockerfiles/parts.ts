/** Installs Debian packages by ARG SYSTEM_PACKAGES, names with a space between; none: nothing is run. */
export const SYSTEM_PACKAGES = `ARG SYSTEM_PACKAGES=""
RUN if [ -n "$SYSTEM_PACKAGES" ]; then apt-get update && apt-get install --yes --no-install-recommends $SYSTEM_PACKAGES && rm -rf /var/lib/apt/lists/*; fi`;
