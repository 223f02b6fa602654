#!/usr/bin/env bash
# Makes a host a standalone Flink cluster that runs the job, all of it run by systemd, or brings one to other settings,
# another jar or other options: its processes are restarted only when something that they read has changed, and the job
# goes on from its newest checkpoint.
# Settings come from the environment: see the Terraform module, which sets each of them.
# ROOT is empty on a host; a test gives a scratch directory, and every path then lies below it.
set -euo pipefail

: "${ARTIFACTS:?}" "${ARCHIVE:?}" "${FLINK_VERSION:?}" "${FLINK_SHA512:?}" "${AWS_REGION:?}" "${AWS_S3_BUCKET:?}"
: "${KAFKA_BOOTSTRAP_SERVERS:?}" "${KAFKA_TOPIC:?}" "${DATE_GRANULARITY:?}" "${PARALLELISM:?}" "${SLOTS:?}" "${TASK_MANAGER_MIB:?}" "${TASK_MANAGERS:?}"
ROOT=${ROOT:-}
JOB_OPTIONS=${JOB_OPTIONS:-}
USER_NAME=quotelake
FLINK=$ROOT/opt/flink-$FLINK_VERSION
PLUGIN=$FLINK/plugins/s3-fs-hadoop
QUOTELAKE=$ROOT/opt/quotelake
CONF=$ROOT/etc/quotelake/flink
WORK=$ROOT/var/lib/quotelake/flink
LOGS=$ROOT/var/log/quotelake
UNITS=$ROOT/etc/systemd/system
HERE=$(dirname "$0")

install_packages() {
    dnf -y install java-17-amazon-corretto-headless tar gzip
    id "$USER_NAME" >/dev/null 2>&1 || useradd --system --shell /sbin/nologin "$USER_NAME"
    JAVA=$(command -v java)
}

# The configuration is written whole or not at all: a process that starts meanwhile finds the old one.
install_quotelake() {
    mkdir -p "$PLUGIN" "$QUOTELAKE/bin" "$WORK/tmp" "$LOGS" "$UNITS" "$(dirname "$CONF")"
    aws s3 cp --only-show-errors "$ARTIFACTS/quotelake-flink-job.jar" "$QUOTELAKE/quotelake-flink-job.jar.new"
    mv "$QUOTELAKE/quotelake-flink-job.jar.new" "$QUOTELAKE/quotelake-flink-job.jar"
    # For checkpoints and savepoints; the job writes the table itself.
    cp "$FLINK"/opt/flink-s3-fs-hadoop-*.jar "$PLUGIN/"
    NEW_CONF=$(mktemp -d "$CONF.XXXXXX")
    chmod 755 "$NEW_CONF"
    aws s3 cp --only-show-errors --recursive "$ARTIFACTS/flink-conf" "$NEW_CONF"
    local program
    for program in clean-checkpoints publish-figures run-flink run-job states.sh; do
        install -m 755 "$HERE/$program" "$QUOTELAKE/bin/$program"
    done
}

# The repository's flink-conf/ with the few keys that this host knows better. Jobs that somebody starts by hand keep their
# checkpoints apart from those of the host's own job, which run-job tells where. Flink takes the default place of savepoints
# from the cluster and not from the job: it is the host's own job's, so that run-job finds what `flink stop` leaves.
write_configuration() {
    local identity
    # shellcheck source=states.sh
    identity=$(. "$HERE/states.sh" && echo "$IDENTITY")
    configure execution.checkpointing.dir "s3://$AWS_S3_BUCKET/checkpoints/by-hand"
    configure execution.checkpointing.savepoint-dir "s3://$AWS_S3_BUCKET/savepoints/$identity"
    configure io.tmp.dirs "$WORK/tmp"
    configure parallelism.default "$PARALLELISM"
    configure taskmanager.numberOfTaskSlots "$SLOTS"
    configure taskmanager.memory.process.size "${TASK_MANAGER_MIB}m"
    configure s3.endpoint.region "$AWS_REGION"
    rm -rf "$CONF.old"
    [[ ! -e $CONF ]] || mv "$CONF" "$CONF.old"
    mv "$NEW_CONF" "$CONF"
    rm -rf "$CONF.old"
    cat >"$ROOT/etc/quotelake/flink.env" <<ENVIRONMENT
AWS_REGION=$AWS_REGION
AWS_S3_BUCKET=$AWS_S3_BUCKET
DATE_GRANULARITY=$DATE_GRANULARITY
FLINK_CONF_DIR=$CONF
FLINK_LIB_DIR=$FLINK/lib
FLINK_PLUGINS_DIR=$FLINK/plugins
JAVA=$JAVA
JOB_OPTIONS="$JOB_OPTIONS"
KAFKA_BOOTSTRAP_SERVERS=$KAFKA_BOOTSTRAP_SERVERS
KAFKA_CONFIG=$ROOT/etc/quotelake/kafka.properties
KAFKA_TOPIC=$KAFKA_TOPIC
LOGS=$LOGS
METRICS_NAMESPACE=${METRICS_NAMESPACE:-}
QUOTELAKE=$QUOTELAKE
ENVIRONMENT
}

configure() {
    sed -i "/^$1:/d" "$NEW_CONF/config.yaml"
    echo "$1: $2" >>"$NEW_CONF/config.yaml"
}

# How the job proves who it is to the brokers: as their user, whose password they have put into Parameter Store; or by a
# properties file from there or from the artifact bucket. Only the job may read the file.
write_kafka_properties() {
    local text='' file=$ROOT/etc/quotelake/kafka.properties
    if [[ -n ${PASSWORD_PARAMETER:-} ]]; then
        text="security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"quotelake-job\" password=\"$(secret "$PASSWORD_PARAMETER")\";"
    elif [[ -n ${KAFKA_PARAMETER:-} ]]; then
        text=$(secret "$KAFKA_PARAMETER")
    elif [[ -n ${KAFKA_PROPERTIES:-} ]]; then
        text=$(cat "$HERE/$KAFKA_PROPERTIES")
    fi
    if [[ -z $text ]]; then
        rm -f "$file"
        return
    fi
    (umask 077 && printf '%s\n' "$text" >"$file")
    chown "$USER_NAME:" "$file"
}

secret() {
    aws ssm get-parameter --region "$AWS_REGION" --name "$1" --with-decryption --query Parameter.Value --output text
}

# Nothing is ever given up: what needs a person rings an alarm, and heals by itself once he has mended it.
# write_unit NAME PROGRAM
write_unit() {
    cat >"$UNITS/quotelake-$1.service" <<UNIT
[Unit]
Description=Flink $1 of Quotelake
Wants=network-online.target
After=network-online.target quotelake-jobmanager.service
StartLimitIntervalSec=0

[Service]
User=$USER_NAME
EnvironmentFile=$ROOT/etc/quotelake/flink.env
WorkingDirectory=$WORK
ExecStart=$QUOTELAKE/bin/$2
Restart=$([[ $1 == job ]] && echo on-failure || echo always)
RestartSec=$([[ $1 == job ]] && echo 30 || echo 5)
SuccessExitStatus=143
LimitNOFILE=100000

[Install]
WantedBy=multi-user.target
UNIT
}

# write_timer NAME DESCRIPTION PROGRAM WHEN
write_timer() {
    cat >"$UNITS/quotelake-$1.service" <<UNIT
[Unit]
Description=$2

[Service]
Type=oneshot
User=$USER_NAME
EnvironmentFile=$ROOT/etc/quotelake/flink.env
WorkingDirectory=$WORK
ExecStart=$QUOTELAKE/bin/$3
UNIT
    cat >"$UNITS/quotelake-$1.timer" <<UNIT
[Unit]
Description=$2

[Timer]
OnBootSec=$4
OnUnitActiveSec=$4

[Install]
WantedBy=timers.target
UNIT
}

# What the processes read when they start.
fingerprint() {
    {
        find "$CONF" "$FLINK/plugins" "$QUOTELAKE/bin" -type f -print0 | sort -z | xargs -0 cat
        cat "$QUOTELAKE/quotelake-flink-job.jar" "$ROOT/etc/quotelake/flink.env" "${UNIT_NAMES[@]/#/$UNITS/}"
        [[ ! -e $ROOT/etc/quotelake/kafka.properties ]] || cat "$ROOT/etc/quotelake/kafka.properties"
    } | sha256sum
}

start_units() {
    local started=$ROOT/etc/quotelake/flink.started unit verb=start
    systemctl daemon-reload
    if [[ $(fingerprint) != "$(cat "$started" 2>/dev/null)" ]]; then
        verb=restart
        rm -f "$WORK/failures"
    fi
    for unit in "$UNITS"/quotelake-taskmanager-*.service; do
        [[ -e $unit && " ${UNIT_NAMES[*]} " != *" ${unit##*/} "* ]] || continue
        systemctl disable --now "${unit##*/}"
        rm "$unit"
    done
    for unit in "${UNIT_NAMES[@]}"; do
        systemctl enable --no-block "$unit"
        systemctl "$verb" --no-block "$unit"
    done
    fingerprint >"$started"
    systemctl enable --now --no-block quotelake-clean.timer
    [[ -z ${METRICS_NAMESPACE:-} ]] || systemctl enable --now --no-block quotelake-figures.timer
}

install_packages
"$HERE/fetch-archive" "flink/flink-$FLINK_VERSION/flink-$FLINK_VERSION-bin-scala_2.12.tgz" "$FLINK_SHA512" "$FLINK"
install_quotelake
write_configuration
write_kafka_properties
write_unit jobmanager "run-flink jobmanager"
write_unit taskmanager "run-flink taskmanager"
write_unit job run-job
UNIT_NAMES=(quotelake-{jobmanager,taskmanager,job}.service)
LOG_FILES=("$LOGS"/flink-{jobmanager,taskmanager}.log)
for ((number = 2; number <= TASK_MANAGERS; number++)); do
    write_unit "taskmanager-$number" "run-flink taskmanager $number"
    UNIT_NAMES+=("quotelake-taskmanager-$number.service")
    LOG_FILES+=("$LOGS/flink-taskmanager-$number.log")
done
write_timer clean "Old checkpoints of the job" clean-checkpoints 1d
[[ -z ${METRICS_NAMESPACE:-} ]] || write_timer figures "Figures of the job for CloudWatch" publish-figures 1min
chown -R "$USER_NAME:" "$WORK" "$LOGS"
# shellcheck source=logs.sh
. "$HERE/logs.sh"
ship_logs "${LOG_FILES[@]}"
start_units
