# shellcheck shell=bash
# What a fresh host is told once, and never again: where its settings lie, and to bring itself to them at each boot.
# Whatever may change (versions, options, scripts, jars) lies in the artifact bucket and changes no host by itself:
# aws/roll brings them to it one after another. A try that fails is repeated every half minute, for ever.
set -euo pipefail

: "${ARTIFACTS:?}" "${AWS_REGION:?}" "${HOST:?}" "${ROLE:?}"
ROOT=${ROOT:-}
mkdir -p "$ROOT/etc/quotelake" "$ROOT/etc/systemd/system" "$ROOT/opt/quotelake"

cat >"$ROOT/etc/quotelake/host.env" <<ENVIRONMENT
ARTIFACTS=$ARTIFACTS
AWS_REGION=$AWS_REGION
HOST=$HOST
QUOTELAKE=$ROOT/opt/quotelake
ROLE=$ROLE
ENVIRONMENT

cat >"$ROOT/opt/quotelake/setup" <<'SETUP'
#!/usr/bin/env bash
set -euo pipefail
aws s3 cp --only-show-errors --recursive "$ARTIFACTS/host" "$QUOTELAKE/host"
set -a
# shellcheck source=/dev/null
. "$QUOTELAKE/host/$HOST.env"
set +a
exec bash "$QUOTELAKE/host/$ROLE.sh"
SETUP
chmod 755 "$ROOT/opt/quotelake/setup"

cat >"$ROOT/etc/systemd/system/quotelake-setup.service" <<UNIT
[Unit]
Description=Brings this host to what lies in the artifact bucket
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=$ROOT/etc/quotelake/host.env
ExecStart=$ROOT/opt/quotelake/setup
Restart=on-failure
RestartSec=30
TimeoutStartSec=1800

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now --no-block quotelake-setup.service
