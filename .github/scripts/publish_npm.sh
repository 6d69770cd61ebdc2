#!/usr/bin/env bash
# publish_npm.sh TARBALL DIST_TAG: publishes a tarball with provenance, unless its
# version is published already.
set -euo pipefail

package=$(tar -xzOf "$1" package/package.json | jq -r '.name + "@" + .version')
# npm prints nothing, or fails, for a version that it does not have
if [[ -n $(npm view "$package" version 2>/dev/null) ]]; then
  echo "Skipped: $package is already published"
else
  npm publish "$1" --provenance --access public --tag "$2"
fi
