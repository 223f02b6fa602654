#!/usr/bin/env bash
# Makes a host a Kafka broker and controller (KRaft, no ZooKeeper), run by systemd, or brings one to other settings:
# the broker is restarted only when something that it reads has changed.
# Settings come from the environment: see the Terraform module, which sets each of them.
# ROOT is empty on a host; a test gives a scratch directory, and every path then lies below it.
set -euo pipefail

: "${NODE_ID:?}" "${QUORUM:?}" "${CLUSTER_ID:?}" "${INSIDE_ADDRESS:?}" "${OUTSIDE_ADDRESS:?}" "${HEAP_MIB:?}"
: "${REPLICATION:?}" "${MIN_ISR:?}" "${TOPIC:?}" "${PARTITIONS:?}" "${PARAMETERS:?}" "${ARCHIVE:?}" "${KAFKA_VERSION:?}" "${KAFKA_SHA512:?}"
: "${ARTIFACTS:?}" "${AWS_REGION:?}" "${DISK_GIB:?}"
ROOT=${ROOT:-}
INSIDE_PORT=${INSIDE_PORT:-9092}
OUTSIDE_PORT=${OUTSIDE_PORT:-9094}
DATA_VOLUME=${DATA_VOLUME:-}
USER_NAME=quotelake
KAFKA=$ROOT/opt/kafka-$KAFKA_VERSION
QUOTELAKE=$ROOT/opt/quotelake
CONF=$ROOT/etc/quotelake/kafka
DATA=$ROOT/var/lib/quotelake
LOGS=$ROOT/var/log/quotelake
UNITS=$ROOT/etc/systemd/system
HERE=$(dirname "$0")

# The quorum lists this node as ID@HOST:PORT.
CONTROLLER=$(tr ',' '\n' <<<"$QUORUM" | sed -n "s/^$NODE_ID@//p")

install_packages() {
    dnf -y install java-17-amazon-corretto-headless openssl tar gzip
    id "$USER_NAME" >/dev/null 2>&1 || useradd --system --shell /sbin/nologin "$USER_NAME"
    JAVA=$(command -v java)
}

# The log and the key live on a volume of their own: they outlive the host. A volume that has grown is used whole.
mount_data() {
    mkdir -p "$DATA" "$CONF" "$LOGS" "$UNITS" "$QUOTELAKE/bin"
    [[ -n $DATA_VOLUME ]] || return 0
    local device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${DATA_VOLUME/-/}
    until [[ -e $device ]]; do sleep 2; done
    blkid "$device" >/dev/null || mkfs.xfs "$device"
    grep -q " $DATA " /etc/fstab || echo "$device $DATA xfs defaults,nofail 0 2" >>/etc/fstab
    mountpoint -q "$DATA" || mount "$DATA"
    xfs_growfs "$DATA" >/dev/null
}

parameter() {
    aws ssm get-parameter --region "$AWS_REGION" --name "$PARAMETERS/$1" --with-decryption \
        --query Parameter.Value --output text
}

# Makes a secret parameter of what standard input gives, unless it is there: of several brokers that come at once the
# first makes it, and all read the same. No secret stands in an argument; Terraform never sees one.
make_parameter() {
    local file answer
    file=$(mktemp)
    cat >"$file"
    if ! answer=$(aws ssm put-parameter --region "$AWS_REGION" --name "$PARAMETERS/$1" --type SecureString \
        --value "file://$file" 2>&1) && [[ $answer != *ParameterAlreadyExists* ]]; then
        rm "$file"
        echo "The parameter $PARAMETERS/$1 can't be made: $answer" >&2
        return 1
    fi
    rm "$file"
}

make_passwords() {
    local user
    for user in broker quotelake quotelake-job quotelake-operator; do
        openssl rand -hex 32 | make_parameter "passwords/$user"
    done
}

# The brokers' own authority: clients trust it, and so every broker, also one whose key is new.
make_authority() {
    local work
    work=$(mktemp -d)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -subj "/CN=quotelake-kafka" \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" \
        -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
    cat "$work/key.pem" "$work/certificate.pem" | make_parameter authority
    rm -r "$work"
    parameter authority >"$DATA/tls/authority.pem"
    openssl x509 -in "$DATA/tls/authority.pem" -out "$DATA/tls/authority-certificate.pem"
    aws ssm put-parameter --region "$AWS_REGION" --name "$PARAMETERS/certificates/authority" --type String --overwrite \
        --value "$(cat "$DATA/tls/authority-certificate.pem")" >/dev/null
}

# A key of this broker's own; a new one when the certificate has less than 200 of its 397 days left, or names other
# addresses, or is another authority's.
make_certificate() {
    local tls=$DATA/tls names
    names="$(san "$OUTSIDE_ADDRESS"),$(san "$INSIDE_ADDRESS")"
    if [[ ! -e $tls/broker.pem || $(cat "$tls/names" 2>/dev/null) != "$names" ]] ||
        ! openssl verify -CAfile "$tls/authority-certificate.pem" "$tls/certificate.pem" >/dev/null 2>&1 ||
        ! openssl x509 -in "$tls/certificate.pem" -noout -checkend $((200 * 86400)) >/dev/null; then
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=quotelake-kafka-$NODE_ID" \
            -keyout "$tls/key.pem" -out "$tls/request.pem" 2>/dev/null
        openssl x509 -req -in "$tls/request.pem" -CA "$tls/authority-certificate.pem" -CAkey "$tls/authority.pem" \
            -set_serial "0x$(openssl rand -hex 16)" -days 397 -extfile <(echo "subjectAltName=$names") \
            -out "$tls/certificate.pem" 2>/dev/null
        cat "$tls/key.pem" "$tls/certificate.pem" >"$tls/broker.pem"
        echo "$names" >"$tls/names"
        rm "$tls/key.pem" "$tls/request.pem"
    fi
    rm "$tls/authority.pem"
}

san() {
    if [[ $1 =~ ^[0-9.]+$ ]]; then echo "IP:$1"; else echo "DNS:$1"; fi
}

# Bytes that a partition may take, in segments of at most a sixteenth of that: quotes have half of the disk, dead letters
# an eighth. The rest is for what retention has not deleted yet, for Kafka's own topics and for the compacted ones.
bound_topics() {
    local disk=$((DISK_GIB * 1024 * 1024 * 1024))
    QUOTES_BYTES=$((disk / 2 / PARTITIONS))
    DEAD_LETTERS_BYTES=$((disk / 8 / PARTITIONS))
    SEGMENT_BYTES=$((DEAD_LETTERS_BYTES / 4))
    ((SEGMENT_BYTES <= 1073741824)) || SEGMENT_BYTES=1073741824
    ((SEGMENT_BYTES >= 1048576)) || SEGMENT_BYTES=1048576
}

# Passwords stand in here: only the broker's user may read it.
write_configuration() {
    local password
    password=$(parameter passwords/broker)
    cat >"$CONF/server.properties" <<CONFIGURATION
process.roles=broker,controller
node.id=$NODE_ID
controller.quorum.voters=$QUORUM
log.dirs=$DATA/log

# INSIDE is for the brokers and for Flink in this network only; OUTSIDE is for clients over TLS: its public address is
# translated to the inside one. Whoever comes proves who he is, and may do what bin/kafka-topic grants him.
listeners=INSIDE://$INSIDE_ADDRESS:$INSIDE_PORT,CONTROLLER://$CONTROLLER,OUTSIDE://$INSIDE_ADDRESS:$OUTSIDE_PORT
advertised.listeners=INSIDE://$INSIDE_ADDRESS:$INSIDE_PORT,OUTSIDE://$OUTSIDE_ADDRESS:$OUTSIDE_PORT
listener.security.protocol.map=INSIDE:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT,OUTSIDE:SASL_SSL
inter.broker.listener.name=INSIDE
controller.listener.names=CONTROLLER
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:broker

sasl.mechanism.inter.broker.protocol=PLAIN
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="$password" user_broker="$password";
listener.name.inside.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.inside.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="$password" user_broker="$password";
listener.name.inside.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.outside.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.outside.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.outside.ssl.keystore.type=PEM
listener.name.outside.ssl.keystore.location=$DATA/tls/broker.pem

default.replication.factor=$REPLICATION
min.insync.replicas=$MIN_ISR
offsets.topic.replication.factor=$REPLICATION
transaction.state.log.replication.factor=$REPLICATION
transaction.state.log.min.isr=$MIN_ISR
share.coordinator.state.topic.replication.factor=$REPLICATION
share.coordinator.state.topic.min.isr=$MIN_ISR
auto.create.topics.enable=false

# The disk bounds the log, and seven days do. bin/kafka-topic gives the topic of the quotes more.
log.retention.hours=168
log.retention.bytes=$DEAD_LETTERS_BYTES
log.segment.bytes=$SEGMENT_BYTES
CONFIGURATION
    cat >"$CONF/admin.properties" <<CONFIGURATION
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="$password";
CONFIGURATION
    cat >"$CONF/log4j2.properties" <<LOGGING
appender.journal.type = Console
appender.journal.name = journal
appender.journal.layout.type = PatternLayout
appender.journal.layout.pattern = %p %m (%c{1})%n
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = $LOGS/kafka.log
appender.file.filePattern = $LOGS/kafka.log.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSX}{UTC} %p %m (%c{1})%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 5
rootLogger.level = INFO
rootLogger.appenderRef.journal.ref = journal
rootLogger.appenderRef.file.ref = file
LOGGING
    cat >"$QUOTELAKE/kafka.env" <<ENVIRONMENT
AWS_REGION=$AWS_REGION
BROKERS=$(tr ',' '\n' <<<"$QUORUM" | wc -l)
BOOTSTRAP=$INSIDE_ADDRESS:$INSIDE_PORT
CONF=$CONF
DATA=$DATA
HOST=${HOST:-kafka-$NODE_ID}
JAVA=$JAVA
KAFKA=$KAFKA
METRICS_NAMESPACE=${METRICS_NAMESPACE:-}
PARAMETERS=$PARAMETERS
PARTITIONS=$PARTITIONS
QUOTES_BYTES=$QUOTES_BYTES
REPLICATION=$REPLICATION
TABLES=${TABLES:-}
TOPIC=$TOPIC
ENVIRONMENT
}

format_storage() {
    [[ -e $DATA/log/meta.properties ]] ||
        "$JAVA" -cp "$KAFKA/libs/*" kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" \
            --config "$CONF/server.properties"
    chown -R "$USER_NAME:" "$DATA" "$CONF" "$LOGS"
    chmod 700 "$CONF" "$DATA/tls"
}

install_programs() {
    local program
    for program in kafka-in-sync kafka-topic publish-kafka-figures; do
        install -m 755 "$HERE/$program" "$QUOTELAKE/bin/$program"
    done
}

write_units() {
    cat >"$UNITS/quotelake-kafka.service" <<UNIT
[Unit]
Description=Kafka broker of Quotelake
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$DATA
StartLimitIntervalSec=0

[Service]
User=$USER_NAME
ExecStart=$JAVA -Xmx${HEAP_MIB}m -Xms${HEAP_MIB}m -XX:+ExitOnOutOfMemoryError -Dlog4j2.configurationFile=$CONF/log4j2.properties -cp $KAFKA/libs/* kafka.Kafka $CONF/server.properties
Restart=on-failure
RestartSec=5
SuccessExitStatus=143
LimitNOFILE=100000
TimeoutStopSec=180

[Install]
WantedBy=multi-user.target
UNIT
    # One broker makes the topic, the users and what they may, and tries again until the quorum stands. The job makes the
    # topic of its dead letters.
    [[ $NODE_ID == 1 ]] || return 0
    cat >"$UNITS/quotelake-topic.service" <<UNIT
[Unit]
Description=Topic, users and permissions of Quotelake
After=quotelake-kafka.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
User=$USER_NAME
EnvironmentFile=$QUOTELAKE/kafka.env
ExecStart=$QUOTELAKE/bin/kafka-topic
Restart=on-failure
RestartSec=10

[Install]
WantedBy=multi-user.target
UNIT
}

write_figures_timer() {
    [[ -n ${METRICS_NAMESPACE:-} ]] || return 0
    cat >"$UNITS/quotelake-figures.service" <<UNIT
[Unit]
Description=Figures of the broker for CloudWatch

[Service]
Type=oneshot
User=$USER_NAME
EnvironmentFile=$QUOTELAKE/kafka.env
ExecStart=$QUOTELAKE/bin/publish-kafka-figures
UNIT
    cat >"$UNITS/quotelake-figures.timer" <<UNIT
[Unit]
Description=Figures of the broker for CloudWatch, every minute

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min

[Install]
WantedBy=timers.target
UNIT
}

# What the broker reads when it starts.
fingerprint() {
    cat "$CONF/server.properties" "$CONF/log4j2.properties" "$DATA/tls/broker.pem" "$UNITS/quotelake-kafka.service" |
        sha256sum
}

start_units() {
    systemctl daemon-reload
    systemctl enable --no-block quotelake-kafka.service
    if [[ $(fingerprint) == "$(cat "$CONF/started" 2>/dev/null)" ]]; then
        systemctl start --no-block quotelake-kafka.service
    else
        # Waits until the broker has handed over what it leads.
        systemctl restart quotelake-kafka.service
        fingerprint >"$CONF/started"
    fi
    if [[ $NODE_ID == 1 ]]; then
        systemctl enable --no-block quotelake-topic.service
        systemctl restart --no-block quotelake-topic.service
    fi
    [[ -z ${METRICS_NAMESPACE:-} ]] || systemctl enable --now --no-block quotelake-figures.timer
}

install_packages
mount_data
"$HERE/fetch-archive" "kafka/$KAFKA_VERSION/kafka_2.13-$KAFKA_VERSION.tgz" "$KAFKA_SHA512" "$KAFKA"
umask 077
mkdir -p "$DATA/tls"
make_passwords
make_authority
make_certificate
bound_topics
write_configuration
format_storage
umask 022
install_programs
write_units
write_figures_timer
# shellcheck source=logs.sh
. "$HERE/logs.sh"
ship_logs "$LOGS/kafka.log"
start_units
