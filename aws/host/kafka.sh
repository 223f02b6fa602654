#!/usr/bin/env bash
# Makes a fresh host a Kafka broker and controller (KRaft, no ZooKeeper), run by systemd.
# Settings come from the environment: see the Terraform module, which sets each of them.
# ROOT is empty on a host; a test gives a scratch directory, and every path then lies below it.
set -euo pipefail

: "${NODE_ID:?}" "${QUORUM:?}" "${CLUSTER_ID:?}" "${INSIDE_ADDRESS:?}" "${OUTSIDE_ADDRESS:?}" "${HEAP_MIB:?}"
: "${REPLICATION:?}" "${MIN_ISR:?}" "${TOPIC:?}" "${PARTITIONS:?}" "${PARAMETERS:?}" "${ARCHIVE:?}" "${KAFKA_VERSION:?}"
ROOT=${ROOT:-}
INSIDE_PORT=${INSIDE_PORT:-9092}
OUTSIDE_PORT=${OUTSIDE_PORT:-9094}
DATA_VOLUME=${DATA_VOLUME:-}
USER_NAME=quotelake
KAFKA=$ROOT/opt/kafka
CONF=$ROOT/etc/quotelake/kafka
DATA=$ROOT/var/lib/quotelake
UNITS=$ROOT/etc/systemd/system

# The quorum lists this node as ID@HOST:PORT.
CONTROLLER=$(tr ',' '\n' <<<"$QUORUM" | sed -n "s/^$NODE_ID@//p")

install_packages() {
    dnf -y install java-17-amazon-corretto-headless openssl tar gzip
    id "$USER_NAME" >/dev/null 2>&1 || useradd --system --shell /sbin/nologin "$USER_NAME"
    JAVA=$(command -v java)
}

# The log and the key live on a volume of their own: they outlive the host.
mount_data() {
    mkdir -p "$DATA"
    [[ -n $DATA_VOLUME ]] || return 0
    local device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${DATA_VOLUME/-/}
    until [[ -e $device ]]; do sleep 2; done
    blkid "$device" >/dev/null || mkfs.xfs "$device"
    grep -q " $DATA " /etc/fstab || echo "$device $DATA xfs defaults,nofail 0 2" >>/etc/fstab
    mountpoint -q "$DATA" || mount "$DATA"
}

# An archive and the checksum beside it, which comes as "HASH  NAME" or as "NAME: HA SH …" over several lines.
install_kafka() {
    local name=kafka_2.13-$KAFKA_VERSION work
    work=$(mktemp -d)
    curl -fsS --retry 5 -o "$work/$name.tgz" "$ARCHIVE/kafka/$KAFKA_VERSION/$name.tgz"
    curl -fsS --retry 5 -o "$work/$name.tgz.sha512" "$ARCHIVE/kafka/$KAFKA_VERSION/$name.tgz.sha512"
    local sum
    sum=$(tr -d ' \n' <"$work/$name.tgz.sha512" | sed 's/^.*://' | cut -c 1-128 | tr 'A-F' 'a-f')
    echo "$sum  $work/$name.tgz" | sha512sum --check --quiet
    mkdir -p "$KAFKA"
    tar -xzf "$work/$name.tgz" -C "$KAFKA" --strip-components=1
    rm -r "$work"
}

# A key of this broker's own, signed by itself; clients trust the certificates that the brokers publish.
make_certificate() {
    local directory=$DATA/tls
    mkdir -p "$directory"
    if [[ ! -e $directory/broker.pem ]]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
            -subj "/CN=quotelake-kafka-$NODE_ID" -addext "subjectAltName=$(san "$OUTSIDE_ADDRESS"),$(san "$INSIDE_ADDRESS")" \
            -keyout "$directory/key.pem" -out "$directory/certificate.pem" 2>/dev/null
        cat "$directory/key.pem" "$directory/certificate.pem" >"$directory/broker.pem"
        rm "$directory/key.pem"
        chmod 600 "$directory/broker.pem"
    fi
    aws ssm put-parameter --name "$PARAMETERS/certificates/$NODE_ID" --type String --overwrite \
        --value "$(cat "$directory/certificate.pem")" >/dev/null
}

san() {
    if [[ $1 =~ ^[0-9.]+$ ]]; then echo "IP:$1"; else echo "DNS:$1"; fi
}

# The first broker that comes makes the password; put-parameter refuses to make it twice. Terraform never sees it.
read_password() {
    aws ssm put-parameter --name "$PARAMETERS/password" --type SecureString --value "$(openssl rand -hex 32)" \
        >/dev/null 2>&1 || true
    aws ssm get-parameter --name "$PARAMETERS/password" --with-decryption --query Parameter.Value --output text
}

write_configuration() {
    mkdir -p "$CONF"
    cat >"$CONF/server.properties" <<CONFIGURATION
process.roles=broker,controller
node.id=$NODE_ID
controller.quorum.voters=$QUORUM
log.dirs=$DATA/log

# INSIDE is for brokers and Flink in this network only; OUTSIDE is for clients, who prove who they are, over TLS:
# its public address is translated to the inside one.
listeners=INSIDE://$INSIDE_ADDRESS:$INSIDE_PORT,CONTROLLER://$CONTROLLER,OUTSIDE://$INSIDE_ADDRESS:$OUTSIDE_PORT
advertised.listeners=INSIDE://$INSIDE_ADDRESS:$INSIDE_PORT,OUTSIDE://$OUTSIDE_ADDRESS:$OUTSIDE_PORT
listener.security.protocol.map=INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTSIDE:SASL_SSL
inter.broker.listener.name=INSIDE
controller.listener.names=CONTROLLER
sasl.enabled.mechanisms=SCRAM-SHA-512
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
CONFIGURATION
    cat >"$CONF/log4j2.properties" <<'LOGGING'
appender.journal.type = Console
appender.journal.name = journal
appender.journal.layout.type = PatternLayout
appender.journal.layout.pattern = %p %m (%c{1})%n
rootLogger.level = INFO
rootLogger.appenderRef.journal.ref = journal
LOGGING
}

format_storage() {
    "$JAVA" -cp "$KAFKA/libs/*" kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" \
        --config "$CONF/server.properties" \
        --add-scram "SCRAM-SHA-512=[name=$USER_NAME,password=$(read_password)]"
    chown -R "$USER_NAME:" "$DATA"
}

write_units() {
    mkdir -p "$UNITS"
    cat >"$UNITS/quotelake-kafka.service" <<UNIT
[Unit]
Description=Kafka broker of Quotelake
Wants=network-online.target
After=network-online.target
RequiresMountsFor=$DATA

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
    # One broker creates the topic, and tries again until the quorum stands. The job makes that of its dead letters.
    [[ $NODE_ID == 1 ]] || return 0
    cat >"$UNITS/quotelake-topic.service" <<UNIT
[Unit]
Description=Topic of Quotelake
After=quotelake-kafka.service

[Service]
Type=oneshot
RemainAfterExit=yes
User=$USER_NAME
ExecStart=$JAVA -Xmx128m -cp $KAFKA/libs/* org.apache.kafka.tools.TopicCommand --bootstrap-server $INSIDE_ADDRESS:$INSIDE_PORT --create --if-not-exists --topic $TOPIC --partitions $PARTITIONS --replication-factor $REPLICATION
Restart=on-failure
RestartSec=10

[Install]
WantedBy=multi-user.target
UNIT
}

install_packages
mount_data
install_kafka
make_certificate
write_configuration
format_storage
write_units
systemctl daemon-reload
for unit in "$UNITS"/quotelake-*.service; do
    systemctl enable --now --no-block "$(basename "$unit")"
done
