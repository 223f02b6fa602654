#!/usr/bin/env bash
# Makes a fresh host a standalone Flink cluster that runs the job, all of it run by systemd.
# Settings come from the environment: see the Terraform module, which sets each of them.
# ROOT is empty on a host; a test gives a scratch directory, and every path then lies below it.
set -euo pipefail

: "${ARTIFACTS:?}" "${ARCHIVE:?}" "${FLINK_VERSION:?}" "${AWS_REGION:?}" "${AWS_S3_BUCKET:?}"
: "${KAFKA_BOOTSTRAP_SERVERS:?}" "${KAFKA_TOPIC:?}" "${DATE_GRANULARITY:?}"
ROOT=${ROOT:-}
USER_NAME=quotelake
FLINK=$ROOT/opt/flink
PLUGIN=$FLINK/plugins/s3-fs-hadoop
QUOTELAKE=$ROOT/opt/quotelake
CONF=$ROOT/etc/quotelake/flink
WORK=$ROOT/var/lib/quotelake/flink
UNITS=$ROOT/etc/systemd/system

install_packages() {
    dnf -y install java-17-amazon-corretto-headless tar gzip
    id "$USER_NAME" >/dev/null 2>&1 || useradd --system --shell /sbin/nologin "$USER_NAME"
    JAVA=$(command -v java)
}

# An archive and the checksum beside it, which comes as "HASH  NAME" or as "NAME: HA SH …" over several lines.
install_flink() {
    local name=flink-$FLINK_VERSION-bin-scala_2.12 work
    work=$(mktemp -d)
    curl -fsS --retry 5 -o "$work/$name.tgz" "$ARCHIVE/flink/flink-$FLINK_VERSION/$name.tgz"
    curl -fsS --retry 5 -o "$work/$name.tgz.sha512" "$ARCHIVE/flink/flink-$FLINK_VERSION/$name.tgz.sha512"
    local sum
    sum=$(tr -d ' \n' <"$work/$name.tgz.sha512" | sed 's/^.*://' | cut -c 1-128 | tr 'A-F' 'a-f')
    echo "$sum  $work/$name.tgz" | sha512sum --check --quiet
    mkdir -p "$FLINK"
    tar -xzf "$work/$name.tgz" -C "$FLINK" --strip-components=1
    rm -r "$work"
}

install_quotelake() {
    mkdir -p "$PLUGIN" "$QUOTELAKE" "$CONF" "$WORK/tmp"
    aws s3 cp --no-progress "$ARTIFACTS/quotelake-flink-job.jar" "$QUOTELAKE/quotelake-flink-job.jar"
    # For checkpoints and savepoints; the job writes the table itself.
    cp "$FLINK"/opt/flink-s3-fs-hadoop-*.jar "$PLUGIN/"
    aws s3 cp --no-progress --recursive "$ARTIFACTS/flink-conf" "$CONF"
    aws s3 cp --no-progress --recursive "$ARTIFACTS/bin" "$QUOTELAKE/bin"
    chmod 755 "$QUOTELAKE"/bin/*
    chown -R "$USER_NAME:" "$WORK"
}

# The repository's flink-conf/ with the few keys that this host knows better.
write_configuration() {
    configure execution.checkpointing.dir "s3://$AWS_S3_BUCKET/checkpoints"
    configure execution.checkpointing.savepoint-dir "s3://$AWS_S3_BUCKET/savepoints"
    configure io.tmp.dirs "$WORK/tmp"
    configure s3.endpoint.region "$AWS_REGION"
    cat >"$ROOT/etc/quotelake/flink.env" <<ENVIRONMENT
AWS_REGION=$AWS_REGION
AWS_S3_BUCKET=$AWS_S3_BUCKET
DATE_GRANULARITY=$DATE_GRANULARITY
FLINK_CONF_DIR=$CONF
FLINK_LIB_DIR=$FLINK/lib
FLINK_PLUGINS_DIR=$FLINK/plugins
JAVA=$JAVA
JOB_OPTIONS=${JOB_OPTIONS:-}
KAFKA_BOOTSTRAP_SERVERS=$KAFKA_BOOTSTRAP_SERVERS
KAFKA_TOPIC=$KAFKA_TOPIC
METRICS_NAMESPACE=${METRICS_NAMESPACE:-}
QUOTELAKE=$QUOTELAKE
ENVIRONMENT
}

configure() {
    sed -i "/^$1:/d" "$CONF/config.yaml"
    echo "$1: $2" >>"$CONF/config.yaml"
}

write_units() {
    mkdir -p "$UNITS"
    local process
    for process in jobmanager taskmanager job; do
        write_unit "$process"
    done
}

# The cluster's processes always come back. A job that can't stay up is given up after five times in an hour: then a
# person has to read why (journalctl -u quotelake-job).
write_unit() {
    cat >"$UNITS/quotelake-$1.service" <<UNIT
[Unit]
Description=Flink $1 of Quotelake
Wants=network-online.target
After=network-online.target quotelake-jobmanager.service
StartLimitIntervalSec=$([[ $1 == job ]] && echo 3600 || echo 0)
StartLimitBurst=5

[Service]
User=$USER_NAME
EnvironmentFile=$ROOT/etc/quotelake/flink.env
WorkingDirectory=$WORK
ExecStart=$QUOTELAKE/bin/$([[ $1 == job ]] && echo run-job || echo "run-flink $1")
Restart=$([[ $1 == job ]] && echo on-failure || echo always)
RestartSec=$([[ $1 == job ]] && echo 30 || echo 5)
SuccessExitStatus=143
LimitNOFILE=100000

[Install]
WantedBy=multi-user.target
UNIT
}

write_figures_timer() {
    cat >"$UNITS/quotelake-figures.service" <<UNIT
[Unit]
Description=Figures of the job for CloudWatch

[Service]
Type=oneshot
User=$USER_NAME
EnvironmentFile=$ROOT/etc/quotelake/flink.env
ExecStart=$QUOTELAKE/bin/publish-figures
UNIT
    cat >"$UNITS/quotelake-figures.timer" <<UNIT
[Unit]
Description=Figures of the job for CloudWatch, every minute

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min

[Install]
WantedBy=timers.target
UNIT
}

install_packages
install_flink
install_quotelake
write_configuration
write_units
units=(quotelake-{jobmanager,taskmanager,job}.service)
if [[ -n ${METRICS_NAMESPACE:-} ]]; then
    write_figures_timer
    units+=(quotelake-figures.timer)
fi
systemctl daemon-reload
for unit in "${units[@]}"; do
    systemctl enable --now --no-block "$unit"
done
